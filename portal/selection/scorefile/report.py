"""The analysis as a text that can be read in a terminal."""

from __future__ import annotations

from portal.selection.ranking import METHOD_VERSION, FileResult, ReviewerResult
from portal.selection.scorefile.analysis import Analysis
from portal.selection.scorefile.wording import agreement_sentences, banner_sentence, tie_sentences

NAME = 34  # characters of a name before it is shortened


def report(analysis: Analysis) -> str:
    """The whole report: banners, files with raw beside adjusted, agreement, readers, the tie. Ends with a newline."""
    ranking = analysis.ranking
    source = analysis.source
    parts = [
        f"{len(source.files)} files, {len(source.reviewers)} readers, {len(source.rows)} reviews, "
        f"{ranking.winners} place{'s' if ranking.winners > 1 else ''}. "
        f"Method {METHOD_VERSION}, seed {ranking.seed}, {ranking.draws} draws."
    ]
    if ranking.banners:
        parts.append("\n".join(f"! {banner_sentence(banner)}" for banner in ranking.banners))
    parts.append(_files(analysis))
    parts.append(_section("Agreement", agreement_sentences(analysis)))
    if len(ranking.reviewers) > 1:
        parts.append(_section("Readers, strictest first (points added to a score)", _reviewers(ranking.reviewers)))
    if len(source.criteria) > 1:
        parts.append(_section("Where readers part (standard deviation, in points)", _criteria(analysis)))
    ties = tie_sentences(analysis)
    if ties:
        parts.append(_section("The tie across the cut", ties))
    return "\n\n".join(parts) + "\n"


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([title, "-" * len(title), *lines])


def _table(header: list[str], rows: list[list[str]], names: tuple[int, ...] = (0,)) -> list[str]:
    """Aligned columns: those in `names` to the left, figures to the right."""
    widths = [max(len(row[at]) for row in [header, *rows]) for at in range(len(header))]

    def line(cells: list[str]) -> str:
        aligned = [
            cell.ljust(width) if at in names else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "  ".join(aligned).rstrip()

    return [line(header), *(line(row) for row in rows)]


def _short(name: object) -> str:
    text = " ".join(str(name).split())
    return text if len(text) <= NAME else text[: NAME - 3] + "..."


def _files(analysis: Analysis) -> str:
    header = ["", "file", "reviews", "raw", "adjusted", "change", "90 % interval", "chance", "ranks", "one more review"]
    rows = [_file_row(result) for result in analysis.ranking.files]
    lines = _table(header, rows, names=(1,))
    in_place = [r for r in analysis.ranking.files if r.adjusted_place and r.adjusted_place <= analysis.ranking.winners]
    if len(in_place) < len(rows):
        tied = "" if len(in_place) == analysis.ranking.winners else " (tied across the line)"
        lines.insert(1 + len(in_place), "-" * (max(map(len, lines)) - len(tied)) + tied)
    note = (
        "chance: of a place among the winners. one more review: chance that it carries the file across the line.\n"
        "The figures advise; people decide."
    )
    return "\n".join([*lines, note])


def _file_row(result: FileResult) -> list[str]:
    if result.adjusted is None or result.raw is None:
        return ["", _short(result.file), "0", *[""] * 7]
    interval = f"{result.low90:.2f} to {result.high90:.2f}"
    return [
        str(result.adjusted_place),
        _short(result.file),
        str(result.reviews),
        f"{result.raw:.2f}",
        f"{result.adjusted:.2f}",
        f"{result.change or 0.0:+.2f}",
        interval,
        chance_text(result.chance or 0.0),
        f"{result.rank_low} to {result.rank_high}",
        chance_text(result.flip or 0.0),
    ]


def chance_text(chance: float) -> str:
    """A chance in whole hundredths; never 0 or 100, which no draw can promise."""
    return "<1%" if chance < 0.01 else ">99%" if chance > 0.99 else f"{chance:.0%}"


def _reviewers(reviewers: list[ReviewerResult]) -> list[str]:
    rows = [
        [
            _short(each.reviewer),
            str(each.reviews),
            f"{each.mean:.2f}",
            f"{each.severity:+.2f}",
            f"{each.low90:+.2f} to {each.high90:+.2f}",
        ]
        for each in reviewers
    ]
    return _table(["reader", "reviews", "mean", "severity", "90 % interval"], rows)


def _criteria(analysis: Analysis) -> list[str]:
    values = analysis.spread.criteria.tolist()
    rows = [[_short(name), f"{value:.2f}"] for name, value in zip(analysis.source.criteria, values, strict=True)]
    return _table(["criterion", "spread"], rows)
