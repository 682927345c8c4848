"""Sentences of the command: banners, agreement, ties. Plain English; the product's pages write their own."""

from __future__ import annotations

from portal.selection.agreement import AgreementWord, agreement_word
from portal.selection.ranking import Banner, BannerCode
from portal.selection.scorefile.analysis import Analysis
from portal.selection.ties import Step, TieStep

AGREE = {
    AgreementWord.UNKNOWN: "Agreement cannot be computed.",
    AgreementWord.HARDLY: "Readers hardly agree.",
    AgreementWord.LITTLE: "Readers agree a little.",
    AgreementWord.MODERATELY: "Readers agree moderately.",
    AgreementWord.WELL: "Readers agree well.",
    AgreementWord.VERY_WELL: "Readers agree very well.",
}
STEPS = {
    TieStep.STUDENT_CRITERIA: "The two student criteria",
    TieStep.MEDIAN: "The median",
    TieStep.PANEL_VOTE: "The panel's vote",
    TieStep.CHAIR: "The chair's decision",
}


def banner_sentence(banner: Banner) -> str:
    """One warning as a sentence or two."""
    facts = banner.facts
    match banner.code:
        case BannerCode.NO_SCORES:
            return "Nobody has scored yet."
        case BannerCode.ALL_EQUAL:
            return "All scores are equal: the scores do not separate the files."
        case BannerCode.NOT_SEPARATING:
            return f"The scores hardly separate the files (reliability {facts['reliability']:.2f})."
        case BannerCode.ONE_REVIEWER:
            return f"Only {facts['reviewer']} read: the order is the raw one, and severity cannot be told from quality."
        case BannerCode.ONE_REVIEW_EACH:
            return "Each file was read once: a strict reader cannot be told from a weak file."
        case BannerCode.THIN_DATA:
            return f"Thin data: {facts['reviews']} reviews of {facts['files']} files. Trust the raw order first."
        case BannerCode.DISCONNECTED:
            parts = "; ".join(f"{p['files']} files with {p['reviewers']} readers" for p in facts["components"])
            groups = len(facts["components"])
            return f"{groups} groups share no reader ({parts}): between them, scores are not comparable."
        case BannerCode.COMPLETE_DESIGN:
            return "Everybody read everything: adjusting cannot change the order, so raw scores are shown."
        case BannerCode.K_OVER_FILES:
            return f"{facts['winners']} places for {facts['files']} files: every file has a place."
        case BannerCode.FILES_WITHOUT_REVIEWS:
            return f"Nobody read: {', '.join(map(str, facts['files']))}."
        case BannerCode.CONSTANT_REVIEWERS:
            return f"One and the same score for every file from: {', '.join(map(str, facts['reviewers']))}."
        case BannerCode.MIXED_RUBRICS:
            return "Reviews under more than one version of the rubric are mixed here."
        case BannerCode.ADJUSTMENT_OFF:
            return "The adjustment for severity is switched off."


def agreement_sentences(analysis: Analysis) -> list[str]:
    """How far readers agree, with the figures it rests on."""
    alpha, found = analysis.alpha, analysis.icc
    if alpha.value is None:
        lines = [AGREE[AgreementWord.UNKNOWN]]
    else:
        between = "" if alpha.low is None else f", between {alpha.low:.2f} and {alpha.high:.2f}"
        basis = f"{alpha.values} reviews, {alpha.units} files"
        lines = [f"{AGREE[agreement_word(alpha.value)]} Krippendorff's alpha {alpha.value:.2f}{between} ({basis})."]
    if found is not None and found.single is not None and found.mean is not None and found.adjusted is not None:
        lines.append(
            f"Intraclass correlation: one review {found.single:.2f}, the mean of {found.readers:.1f} {found.mean:.2f}, "
            f"after correction for severity {found.adjusted:.2f}."
        )
    for pair in analysis.kappas:
        if pair.value is not None:
            lines.append(f"Weighted kappa of {pair.first} and {pair.second}: {pair.value:.2f} ({pair.files} files).")
    return lines


def tie_sentences(analysis: Analysis) -> list[str]:
    """The tie across the cut and each step that applied; empty without one."""
    state = analysis.tie
    if state is None:
        return []
    tie = state.tie
    places = "1 place was" if tie.places == 1 else f"{tie.places} places were"
    lines = [f"{len(tie.files)} files share the raw score {tie.score:.3f} and {places} left: {_list(tie.files)}."]
    lines += [_step_sentence(step) for step in state.steps]
    if not state.settled:
        left = f"{state.places_left} place{'s' if state.places_left > 1 else ''}"
        lines.append(f"Still tied for {left}: {_list(state.remaining)}.")
        lines.append("Next: a ranked vote of the panel members without a conflict, then the chair's recorded decision.")
    return lines


def _list(files: tuple[object, ...]) -> str:
    return ", ".join(map(str, files))


def _step_sentence(step: Step) -> str:
    figures = ", ".join(
        f"{file} {value:.3f}" if value is not None else f"{file} not judged" for file, value in step.figures.items()
    )
    if step.advanced:
        outcome = f"{_list(step.advanced)} {'takes' if len(step.advanced) == 1 else 'take'} a place"
    else:
        outcome = "nobody is ahead"
    return f"{STEPS[step.step]}: {figures}; {outcome}."
