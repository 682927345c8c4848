"""What only the whole file can show: keys that are twice there or nowhere, sums, and the order of the windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from portal.programs.definition.reader import Book
from portal.programs.definition.shape import Offset, ProgramDefinition
from portal.programs.definition.source import Path


def check_whole(program: ProgramDefinition, book: Book) -> None:
    """Add to the book whatever does not fit together."""
    _keys_once(program, book)
    _positions(program, book)
    _award(program, book)
    _rubrics(program, book)
    _ties(program, book)
    _round_order(program, book)


def _keys_once(program: ProgramDefinition, book: Book) -> None:
    lists: list[tuple[Path, Sequence[Any]]] = [
        (("criteria",), program.criteria), (("award", "parts"), program.award), (("eligibility",), program.eligibility),
        (("districts",), program.districts), (("positions",), program.positions), (("relations",), program.relations),
        (("categories",), program.categories), (("rounds",), program.rounds), (("rubrics",), program.rubrics),
        (("letters",), program.letters),
        *((("rubrics", number, "criteria"), rubric.criteria) for number, rubric in enumerate(program.rubrics)),
    ]  # fmt: skip
    for path, things in lists:
        seen: set[str] = set()
        for number, thing in enumerate(things):
            if thing.key and thing.key in seen:
                book.complain(
                    (*path, number, "key"), _("“%(key)s” is already used above. Each key is used once.", key=thing.key)
                )
            seen.add(thing.key)


def _known(book: Book, path: Path, value: str, known: Iterable[str], what: str) -> None:
    known = list(known)
    if value and value not in known:
        there = ", ".join(known)
        sentence = _(
            "there is no %(what)s with the key “%(key)s”. There are: %(there)s.", what=what, key=value, there=there
        )
        book.complain(path, sentence)


def _positions(program: ProgramDefinition, book: Book) -> None:
    keys = [each.key for each in program.positions]
    belongs: dict[str, str] = {}
    for number, category in enumerate(program.categories):
        for place, position in enumerate(category.positions):
            path = ("categories", number, "positions", place)
            _known(book, path, position, keys, _("position"))
            if position in belongs:
                book.complain(
                    path,
                    _(
                        "“%(position)s” already belongs to the category “%(category)s”.",
                        position=position,
                        category=belongs[position],
                    ),
                )
            belongs[position] = category.key
    for number, each in enumerate(program.positions):
        if each.eligible and each.key not in belongs and program.categories:
            book.complain(
                ("positions", number, "eligible"), _("“%(key)s” is eligible but is in no category.", key=each.key)
            )


def _award(program: ProgramDefinition, book: Book) -> None:
    total = sum(part.amount for part in program.award)
    if program.award and total != program.award_total:
        book.complain(
            ("award", "total"),
            _(
                "this is %(total)s, but the parts add up to %(sum)s.",
                total=f"{program.award_total:,}",
                sum=f"{total:,}",
            ),
        )


def _rubrics(program: ProgramDefinition, book: Book) -> None:
    keys = [each.key for each in program.rubrics]
    for number, each in enumerate(program.rounds):
        _known(book, ("rounds", number, "rubric"), each.rubric, keys, _("rubric"))
    used = {each.rubric for each in program.rounds}
    for number, rubric in enumerate(program.rubrics):
        if rubric.key and rubric.key not in used and program.rounds:
            book.complain(("rubrics", number, "key"), _("no round scores on the rubric “%(key)s”.", key=rubric.key))
        _criteria(program, book, number)
    shares = sum(each.final_weight for each in program.rubrics)
    if program.rubrics and shares != 100:
        book.complain(("rubrics", 0, "final_weight"), _("the final weights add up to %(sum)s, not to 100.", sum=shares))


def _criteria(program: ProgramDefinition, book: Book, number: int) -> None:
    levels = len(program.level_names)
    rubric = program.rubrics[number]
    weights = sum(criterion.weight for criterion in rubric.criteria)
    if rubric.criteria and weights != 100:
        first = ("rubrics", number, "criteria", 0, "weight")
        book.complain(
            first, _("the weights of the rubric “%(key)s” add up to %(sum)s, not to 100.", key=rubric.key, sum=weights)
        )
    for place, criterion in enumerate(rubric.criteria):
        path = ("rubrics", number, "criteria", place)
        if criterion.levels and len(criterion.levels) != levels:
            sentence = _(
                "there are %(here)s descriptors here, but %(levels)s levels in [levels].",
                here=len(criterion.levels),
                levels=levels,
            )
            book.complain((*path, "levels"), sentence)
        if criterion.from_round is not None:
            _known(book, (*path, "from_round"), criterion.from_round, program.round_keys, _("round"))
    asked_later = [each.from_round for each in rubric.criteria]
    if rubric.criteria and None not in asked_later:
        first = ("rubrics", number, "criteria", 0, "from_round")
        book.complain(first, _("at least one criterion must be asked from the first round on."))


def _ties(program: ProgramDefinition, book: Book) -> None:
    first = program.rounds[0].rubric if program.rounds else ""
    criteria = [each.key for rubric in program.rubrics if rubric.key == first for each in rubric.criteria]
    for number, key in enumerate(program.tie_criteria if criteria else ()):
        _known(book, ("ties", "criteria", number), key, criteria, _("criterion of the first round"))
        if key in program.tie_criteria[:number]:
            book.complain(("ties", "criteria", number), _("“%(key)s” is already named.", key=key))
    if program.level_names and program.level_reference > len(program.level_names):
        book.complain(("levels", "reference"), _("there are only %(count)s levels.", count=len(program.level_names)))


def _round_order(program: ProgramDefinition, book: Book) -> None:
    windows = {each.key: each for each in program.windows}
    nominations, notices, ceremony = windows["nominations"], windows["notices"], windows["ceremony"]
    if nominations.opens.day != 0:
        book.complain(
            ("windows", "nominations", "opens"), _("nominations open on day 0, the day all others count from.")
        )
    before, what = nominations.opens, _("nominations open")
    for number, each in enumerate(program.rounds):
        path: Path = ("rounds", number)
        _not_before(book, (*path, "window", "opens"), each.window.opens, before, what)
        written = each.kind in ("application", "essay")
        start = each.window.closes if written else each.window.opens
        closes, opens = _("the %(key)s window closes", key=each.key), _("the %(key)s window opens", key=each.key)
        why = closes if written else opens
        _not_before(book, (*path, "scoring", "opens"), each.scoring.opens, start, why)
        _not_before(book, (*path, "scoring", "closes"), each.scoring.closes, each.window.closes, _("the round ends"))
        before, what = each.window.closes, _("the %(key)s round ends", key=each.key)
    if program.rounds:
        last = program.rounds[-1].scoring.closes
        _not_before(book, ("windows", "notices", "opens"), notices.opens, last, _("the last scoring closes"))
    _not_before(book, ("windows", "ceremony", "opens"), ceremony.opens, notices.opens, _("the notices"))
    consent = windows["consent"]
    _not_before(book, ("windows", "consent", "closes"), consent.closes, nominations.closes, _("nominations close"))


def _not_before(book: Book, path: Path, moment: Offset, earliest: Offset, what: str) -> None:
    if moment < earliest:
        book.complain(
            path,
            _(
                "this is %(moment)s, before %(what)s (%(earliest)s). Windows come in order.",
                moment=moment,
                what=what,
                earliest=earliest,
            ),
        )
