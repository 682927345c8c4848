"""The computed board in the shapes that the charts draw: words for codes, rows, the zone, the strip."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.i18n import ngettext, pick
from portal.nominations import positions
from portal.selection.queries import Board, Row
from portal.selection.ties import Step

DISAGREE = 0.9  # standard deviation of a criterion's levels from which a file is flagged
CONTESTED = (0.03, 0.97)  # chances between which a file is worth talking about
WORTH_A_REVIEW = 0.1  # chance that one more review changes the outcome, from which it is named
STEP_NAMES = {
    "student_criteria": _l("The two student criteria"),
    "median": _l("The median of the reviews"),
    "panel_vote": _l("The ranked vote of the panel"),
    "chair": _l("The chair's decision"),
}


def scale(result: Mapping[str, Any], levels: Sequence[Any]) -> dict[str, Any]:
    """The plot's axis: the rubric's levels with their names; the lowest level without a word is left to the edge."""
    low, high = result["scale"]
    shown = min((f["low90"] for f in result["files"] if f["low90"] is not None), default=low)
    start = max(low, float(int(min(shown, high - 1))))
    ticks = [(v, f"{v} {pick(levels[v - 1])}") for v in range(int(start), int(high) + 1)]
    return {"low": start, "high": high, "ticks": ticks}


def places(ordered: Sequence[Row], order: str) -> list[str]:
    """Each row's place as it is read: equal scores share one ("2="), unread files have none."""
    scores = [None if (score := r.figures[order]) is None else round(score, 9) for r in ordered]
    same = Counter(score for score in scores if score is not None)
    first, above = {}, 0
    for score in sorted(same, reverse=True):
        first[score] = above + 1
        above += same[score]
    return ["–" if s is None else f"{first[s]}=" if same[s] > 1 else str(first[s]) for s in scores]


def rows(board: Board, readers: int) -> list[dict[str, Any]]:
    """The board's rows for `interval_board`; places, chances and contested marks only where the line is shown."""
    shown = places(board.rows, board.order) if board.line else ["" for _row in board.rows]
    tied = {int(str(f)) for f in board.line.tie.tie.files} if board.line and board.line.tie else set()
    words = flag_words(readers)
    position = cache(lambda key, written: positions.said(board.program, key, written))
    return [
        {
            "place": place,
            "name": row.file.name,
            "url": None,
            "sub": ", ".join(filter(None, (position(row.file.position_key, row.file.position), row.file.school_name))),
            "adjusted": (figures := row.figures)["adjusted"],
            "raw": figures["raw"],
            "lo50": figures["low50"],
            "hi50": figures["high50"],
            "lo90": figures["low90"],
            "hi90": figures["high90"],
            "chance": figures["chance"] if board.line else None,
            "reviews": figures["reviews"],
            "flags": flags(row, tied, words),
            "contested": board.line is not None and is_contested(row),
        }
        for row, place in zip(board.rows, shown, strict=True)
    ]


def is_contested(row: Row) -> bool:
    """Whether the scores leave it open if this file is among the winners."""
    chance = row.figures["chance"]
    return chance is not None and CONTESTED[0] < chance < CONTESTED[1]


Flag = tuple[str, str]


def flag_words(readers: int) -> dict[Any, Flag]:
    """What flags say, each translated once a board; by a number: that many reviews of those due."""
    few = {n: ("half", _("%(done)s of %(all)s reviews", done=n, all=readers)) for n in range(readers)}
    return {
        **few,
        "disagree": ("flag", _("Readers disagree")),
        "open": ("bad", _("Tied at the line")),
        "has a place": ("ok", _("Tie: has a place")),
        "below": ("ok", _("Tie: below the line")),
        "by hand": ("wait", _("Decided by hand")),
    }


def flags(row: Row, tied: Set[int], words: Mapping[Any, Flag]) -> list[Flag]:
    """What to look at: too few reviews, readers who disagree, a tie at the line, a decision made by hand.

    `tied`: the files that were tied at the line, before anything settled it.
    """
    found: list[Any] = [row.figures["reviews"]] if row.figures["reviews"] in words else []
    if any(s is not None and s >= DISAGREE for s in row.figures["spread"].values()):
        found.append("disagree")
    if row.open:
        found.append("open")
    elif row.file.id in tied:
        found.append("has a place" if row.above else "below")
    if row.by_hand:
        found.append("by hand")
    return [words[each] for each in found]


def cut_and_zone(board: Board) -> tuple[float | None, tuple[float, float] | None]:
    """Where the cut line stands on the axis (halfway between the files beside it), and the zone that is contested."""
    if board.line is None:
        return None, None
    scores = [r.figures[board.order] for r in board.rows if r.figures[board.order] is not None]
    k = int(board.result["places"])
    cut = (scores[k - 1] + scores[k]) / 2 if 0 < k < len(scores) else None
    contested = [r.figures[board.order] for r in board.rows if is_contested(r) and r.figures[board.order] is not None]
    return cut, (min(contested), max(contested)) if len(contested) > 1 and cut is not None else None


def headline(board: Board) -> str:
    """The result in one sentence: how many are clear, how many compete for how many places."""
    if board.line is None:
        return _("Results of this round")
    k = int(board.result["places"])
    chances = [r.figures["chance"] for r in board.rows if r.figures["chance"] is not None]
    clear = sum(1 for c in chances if c >= CONTESTED[1])
    contested = sum(1 for r in board.rows if is_contested(r))
    if not chances:
        return _("No review is in yet.")
    if not contested:
        return ngettext("One place, and it is clear.", "%(num)s places, and all are clear.", k)
    left = max(0, k - clear)
    first = ngettext("One is clear.", "%(num)s are clear.", clear) if clear else _("Nobody is clear yet.")
    second = _(
        "%(files)s files compete for %(places)s.", files=contested, places=ngettext("one place", "%(num)s places", left)
    )
    return f"{first} {second}"


def banner(code: str, facts: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """The sentence of a warning."""
    who = ", ".join(names.get(int(i), "?") for i in facts["reviewers"]) if code == "constant_reviewers" else ""
    unread = len(facts["files"]) if code == "files_without_reviews" else 0
    sentences = {
        "no_scores": _("No review is in yet."),
        "all_equal": _("Every score is the same: the scores do not separate the files. Each has the same chance."),
        "not_separating": _("The scores hardly separate the files: most of what differs between them is chance."),
        "one_reviewer": _(
            "One person read everything. Strictness can't be told from quality, so the raw order stands."
        ),
        "one_review_each": _("No file was read twice. Strictness can't be told from quality with one review a file."),
        "thin_data": _("There are too few reviews to correct for strict and lenient readers with confidence."),
        "disconnected": _(
            "Some groups of files share no reader, so their scores can't be compared fairly. A few reviews "
            "across the groups would join them."
        ),
        "complete_design": _(
            "Everybody read everything: correcting for strictness can't change the order, and does not."
        ),
        "k_over_files": _("There are as many places as files, or more."),
        "files_without_reviews": ngettext(
            "One file has no review yet. It stands at the end, without a score.",
            "%(num)s files have no review yet. They stand at the end, without a score.",
            unread,
        ),
        "constant_reviewers": _("Gave one and the same score to all their files: %(who)s.", who=who),
        "mixed_rubrics": _("The rubric changed midway: reviews under both versions are counted together."),
        "adjustment_off": _("The correction for strict and lenient readers is switched off."),
    }
    return sentences.get(code, code)


def agreement(figures: Mapping[str, Any]) -> str:
    """How far readers agree, in words a panel uses."""
    words = {
        "hardly": _("Readers hardly agree. One review alone says little; talk about the files near the line."),
        "little": _("Readers agree a little. One review alone says little."),
        "moderately": _(
            "Readers agree moderately. One review alone says little; the mean of several says a good deal."
        ),
        "well": _("Readers agree well."),
        "very_well": _("Readers agree very well."),
    }
    return words.get(str(figures.get("word") or ""), _("There are too few reviews to say how far readers agree."))


def strip(board: Board, criteria: Mapping[str, str]) -> tuple[list[str], list[tuple[str, list[Any]]]]:
    """The heat strip: for the five files that readers disagree on most, the spread of levels of each criterion."""

    def most(row: Row) -> float:
        return max((s for s in row.figures["spread"].values() if s is not None), default=0.0)

    chosen = sorted((r for r in board.rows if r.figures["spread"]), key=most, reverse=True)[:5]
    keys = [k for k in board.result["criteria"] if k in criteria]
    table = []
    for row in chosen:
        cells = [row.figures["spread"].get(k) for k in keys]
        shown = [None if c is None else (f"{c:.1f}", min(5, int(c / 0.35))) for c in cells]
        table.append((row.file.name, shown))
    return [criteria[k] for k in keys], table


def worth(board: Board) -> list[tuple[Row, str]]:
    """The files for which one more review is worth most, with the chance in words; at most three."""
    if board.line is None:
        return []
    ranked = sorted(
        (r for r in board.rows if (r.figures["flip"] or 0) >= WORTH_A_REVIEW), key=lambda r: -r.figures["flip"]
    )
    return [(row, _("about 1 in %(n)s", n=round(1 / row.figures["flip"]))) for row in ranked[:3]]


def severity(board: Board) -> list[dict[str, Any]]:
    """The reviewers from strict to lenient, for the dots."""
    found = sorted(board.result["reviewers"], key=lambda r: r["severity"])
    return [
        {"name": board.people.get(int(r["reviewer"]), "?"), "value": r["severity"], "lo": r["low90"], "hi": r["high90"]}
        for r in found
    ]


def tie_told(board: Board) -> str:
    """How the tie at the line was settled, in two sentences; "" while it is open, or without one."""
    if board.line is None or board.line.tie is None or not board.line.tie.settled:
        return ""
    tie = board.line.tie
    names = {r.file.id: r.file.name for r in board.rows}
    kept = [names.get(int(str(f)), "?") for f in tie.advanced]
    same = ngettext(
        "%(files)s files have the same score at the line, for one place.",
        "%(files)s files have the same score at the line, for %(num)s places.",
        tie.tie.places,
        files=len(tie.tie.files),
    )
    return f"{same} " + _(
        "Settled by: %(step)s. With a place: %(names)s.",
        step=STEP_NAMES[str(tie.steps[-1].step)],
        names=", ".join(kept),
    )


def tie_steps(board: Board) -> list[dict[str, str]]:
    """The declared order as it applied to the tie at the line, as a timeline."""
    if board.line is None or board.line.tie is None:
        return []
    names = {r.file.id: r.file.name for r in board.rows}
    told = []
    for step in board.line.tie.steps:
        text = _compared(step, names)
        kept = ", ".join(names.get(int(str(f)), "?") for f in step.advanced)
        level = ", ".join(names.get(int(str(f)), "?") for f in step.remaining)
        result = (
            _("Takes the place: %(names)s.", names=kept)
            if kept
            else _("Still level: %(names)s.", names=level)
            if step.out
            else _("It does not separate them.")
        )
        told.append(
            {
                "title": STEP_NAMES[str(step.step)],
                "text": f"{text.rstrip('.')}. {result}",
                "state": "done",
                "when": "",
                "label": "",
            }
        )
    return told


def _compared(step: Step, names: Mapping[int, str]) -> str:
    """What a step compared, best first: scores with two decimals, points of a vote as they are; the chair's reason."""
    if step.step == "chair":
        return f"{step.by}: {(step.reason or '').rstrip('.')}"
    form = "{:g}" if step.step == "panel_vote" else "{:.2f}"
    ordered = sorted(step.figures.items(), key=lambda item: -(item[1] or 0))
    told = "; ".join(f"{names.get(int(str(f)), '?')} {'–' if v is None else form.format(v)}" for f, v in ordered)
    if step.step != "panel_vote":
        return told
    counted = ngettext("One ballot (Borda count)", "%(num)s ballots (Borda count)", step.ballots or 0)
    return f"{counted}: {told}"
