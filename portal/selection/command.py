"""`portal rank`: rank a file of scores without a database, for panels that score on paper and whoever checks."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from portal.selection.scorefile import Analysis


class _Refused(click.ClickException):
    """A sentence on standard error; exit code 2, as for any wrong call."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the sentences without a prefix."""
        click.echo(self.message, err=True)


@click.command("rank")
@click.argument("scores", type=click.Path(path_type=Path, allow_dash=True), metavar="SCORES.csv")
@click.option("--winners", type=int, required=True, metavar="K", help="How many places there are.")
@click.option("--weights", metavar="criterion=25,...", help="Weight of each criterion; equal when not given.")
@click.option("--scale", metavar="1-4", help="Lowest and highest level; scores off it are refused.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Same seed, same chances.")
@click.option(
    "--out",
    "outs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE.csv|.json|.svg",
    help="Also write the analysis here; may be given more than once.",
)
def rank(
    scores: Path, winners: int, weights: str | None, scale: str | None, seed: int, outs: tuple[Path, ...]
) -> None:
    """Rank nominee files from a CSV with columns file, reviewer, and one column a criterion (or one "score").

    An optional column "panel" names separate panels. An empty cell means "cannot judge". Prints raw beside adjusted
    scores with their certainty, how far readers agree, and a tie at the cut as far as the declared order settles it:
    the two columns whose names begin with "student" (if there are two), then the median.
    """
    share = _weights(weights)
    bounds = _scale(scale)
    for out in outs:
        if out.suffix.lower() not in (".csv", ".json", ".svg"):
            raise _Refused(f"{out} must end in .csv, .json or .svg.")
    content = _read(scores)
    from portal.selection import scorefile

    try:
        source = scorefile.parse_scores(content, weights=share, scale=bounds)
        analysis = scorefile.analyze(source, winners, seed=seed)
    except scorefile.ScoreFileError as problem:
        raise _Refused(str(problem)) from problem
    click.echo(scorefile.report(analysis), nl=False)
    writers: dict[str, Callable[[Analysis], str]] = {
        ".csv": scorefile.to_csv,
        ".json": scorefile.to_json,
        ".svg": scorefile.to_svg,
    }
    for out in outs:
        _write(out, writers[out.suffix.lower()](analysis))


def _read(scores: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(scores) == "-" else scores.read_bytes()
    except OSError as problem:
        raise _Refused(f"{scores} cannot be read: {problem.strerror or problem}.") from problem


def _write(out: Path, text: str) -> None:
    try:
        out.write_bytes(text.encode("utf-8-sig" if out.suffix.lower() == ".csv" else "utf-8"))
    except OSError as problem:
        raise _Refused(f"{out} cannot be written: {problem.strerror or problem}.") from problem
    click.echo(f"Wrote {out}.", err=True)


def _weights(text: str | None) -> dict[str, float] | None:
    """criterion=25,... as a table."""
    if text is None:
        return None
    found: dict[str, float] = {}
    for part in text.split(","):
        name, mark, number = part.rpartition("=")
        name = name.strip()
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not mark or not name or not math.isfinite(value):
            raise _Refused(f"--weights: {part.strip()!r} is not of the form criterion=25.")
        if name in found:
            raise _Refused(f"--weights names {name!r} twice.")
        found[name] = value
    return found


def _scale(text: str | None) -> tuple[float, float] | None:
    """1-4 as two numbers; the lowest may be negative."""
    if text is None:
        return None
    at = text.find("-", 1)
    try:
        low, high = float(text[:at]), float(text[at + 1 :])
    except ValueError:
        low, high = math.nan, math.nan
    if at < 1 or not low < high or not math.isfinite(high - low):
        raise _Refused(f"--scale: {text!r} is not of the form 1-4, lowest first.")
    return low, high
