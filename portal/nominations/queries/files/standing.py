"""Where files stand: the next step and the voices of one that is loaded; a cycle's files counted by how they stand.

Most of it is in the file's own row and told by one word (`models.standing`). The odd files are those of which something
outside of the row speaks as well: a past winner, somebody on the panel, an address that letters come back from.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, String, Text, cast, false, func, literal, null, or_, select, union, union_all

from portal.core.db import db
from portal.core.delivery import StoppedAddress
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries import eligibility
from portal.nominations.rules.eligibility import Known
from portal.nominations.rules.files import Standing, Terms, Voices, next_step


def step_of(file: NomineeFile, voices: Voices, terms: Terms, held: str) -> str:
    """The next step of one file, from what is loaded of it."""
    return next_step(
        Standing(
            consent=file.consent,
            screening=file.screening,
            withdrawn=file.withdrawn_at is not None,
            has_address=bool(file.email),
            stopped=file.stopped,
            held=held,
            voices=voices,
        ),
        terms,
    )


def voices_in(nominations: Sequence[Nomination], terms: Terms) -> Voices:
    """The voices of a file whose nominations are loaded."""
    proven = [n for n in nominations if n.state == "confirmed"]
    others = [n for n in proven if n.relation_group != "self"]
    unproven = sum(n.state == "submitted" for n in nominations)
    kin = only_kin("".join(f"|{n.relation}|" for n in others), terms)
    return Voices(len(proven), unproven, len(proven) - len(others), only_kin=kin)


def voices_by_file(file_ids: Sequence[int], terms: Terms) -> dict[int, Voices]:
    """The voices of each of these files: one query."""
    told = NomineeFile.id, NomineeFile.proven, NomineeFile.unproven, NomineeFile.from_self, NomineeFile.relations
    found = db.session.execute(select(*told).where(NomineeFile.id.in_(file_ids)))
    return {
        number: Voices(proven, unproven, own, only_kin=only_kin(relations, terms))
        for number, proven, unproven, own, relations in found
    }


def only_kin(relations: str, terms: Terms) -> bool:
    """Whether each of these relations, as they stand at a file, is a relative's; not when there is none."""
    return bool(relations) and set(relations[1:-1].split("||")) <= set(terms.weak_relations)


class Told(NamedTuple):
    """What a file's word tells; the last four only before somebody has screened it or the nominee has answered."""

    consent: str
    screening: str
    withdrawn: bool
    asked: bool
    has_address: bool
    proven: bool
    unproven: bool
    single: bool  # only one group has written
    erased_before: bool = False
    position: str = ""
    others: int | None = None  # besides the educator, when the educator has written as well
    relations: str = ""

    @property
    def stands(self) -> bool:
        """Whether the nominee may still be honored."""
        return not self.withdrawn and self.consent not in ("declined", "erased")


@lru_cache(8192)
def read(word: str) -> Told:
    """What the word tells."""
    consent, screening, flags, *doubts = word.split("/")
    withdrawn, asked, has_address, proven, unproven, single = (letter in flags for letter in "wqmpu1")
    told = Told(consent, screening, withdrawn, asked, has_address, proven, unproven, single)
    if not doubts:
        return told
    erased, position, others, relations = doubts
    return told._replace(
        erased_before=bool(erased), position=position, others=int(others) if others else None, relations=relations
    )


class Kind(NamedTuple):
    """Files that stand alike, whatever is looked at: how many, and whether a person has to look at them first."""

    told: Told
    held: bool
    stopped: bool
    files: int


class Odd(NamedTuple):
    """One file of which something outside of its row speaks."""

    id: int
    word: str
    clash: bool
    stopped: bool


@dataclass(frozen=True)
class Standings:
    """How the files of a cycle (or those that were searched for) stand: how many for each word, and the odd ones."""

    terms: Terms
    files: dict[str, int]  # with the odd ones
    odd: list[Odd]
    beside: dict[str, int]  # what else was counted at the same time

    def kinds(self) -> Iterator[Kind]:
        """The files by all that decides over them."""
        beside = Counter(each.word for each in self.odd)
        for word, files in self.files.items():
            if files > beside[word]:
                yield self._kind(word, clash=False, stopped=False, files=files - beside[word])
        for each in self.odd:
            yield self._kind(each.word, clash=each.clash, stopped=each.stopped, files=1)

    def _kind(self, word: str, *, clash: bool, stopped: bool, files: int) -> Kind:
        told = read(word)
        return Kind(told, clash or told.erased_before or told.position in self.terms.closed_positions, stopped, files)

    def step(self, kind: Kind) -> str:
        """The next step of files that stand so."""
        told = kind.told
        own = int(told.others is not None)
        voices = Voices(
            proven=own + (told.others or 0) if own else int(told.proven),
            unproven=int(told.unproven),
            own=own,
            only_kin=only_kin(told.relations, self.terms),
        )
        held = "held" if kind.held else ""
        standing = Standing(told.consent, told.screening, told.withdrawn, told.has_address, kind.stopped, held, voices)
        return next_step(standing, self.terms)

    @cached_property
    def steps(self) -> dict[str, str]:
        """The next step of each word, for files that are not odd."""
        return {word: self.step(self._kind(word, clash=False, stopped=False, files=1)) for word in self.files}

    @cached_property
    def odd_steps(self) -> dict[int, str]:
        """The next step of each odd file."""
        return {o.id: self.step(self._kind(o.word, clash=o.clash, stopped=o.stopped, files=1)) for o in self.odd}


def standings(
    cycle_id: int, wanted: list[Any], terms: Terms, known: list[Known], beside: Mapping[str, Select[Any]] | None = None
) -> Standings:
    """How the files of the cycle that meet these conditions stand, and the number that each select `beside` counts: one
    query, once along an index.
    """
    alike = select(*_part("alike"), NomineeFile.standing.label("word"), func.count().label("n")).where(*wanted)
    clash, stopped = eligibility.clash(known), NomineeFile.email.in_(select(StoppedAddress.email))
    odd = select(*_part("odd", NomineeFile.id, clash, stopped), NomineeFile.standing, literal(1)).where(
        *wanted, NomineeFile.id.in_(_maybe_odd(cycle_id, known)), or_(clash, stopped)
    )
    numbers = [
        select(*_part("beside"), cast(literal(name), Text), query.scalar_subquery())
        for name, query in (beside or {}).items()
    ]
    found = Standings(terms, {}, [], {})
    for part, file_id, is_clash, is_stopped, word, n in db.session.execute(
        union_all(alike.group_by(NomineeFile.standing), odd, *numbers)
    ):
        if part == "odd":
            found.odd.append(Odd(file_id, word, bool(is_clash), bool(is_stopped)))
        else:
            (found.files if part == "alike" else found.beside)[word] = int(n or 0)
    return found


def _part(name: str, file_id: Any = None, clash: Any = None, stopped: Any = None) -> list[Any]:
    number = cast(null(), Integer) if file_id is None else file_id
    return [
        cast(literal(name), String(10)).label("part"),
        number.label("id"),
        (false() if clash is None else clash).label("clash"),
        (false() if stopped is None else stopped).label("stopped"),
    ]


def _maybe_odd(cycle_id: int, known: list[Known]) -> Any:
    """The numbers of the few files among which the odd ones are, each part by an index of its own."""
    mine = select(NomineeFile.id).where(NomineeFile.cycle_id == cycle_id)
    return union(
        mine.where(NomineeFile.email.in_(select(StoppedAddress.email))),
        mine.where(NomineeFile.email.in_(sorted({k.email for k in known if k.email}))),
        mine.where(NomineeFile.name_key.in_(sorted({k.name for k in known if k.name}))),
    )
