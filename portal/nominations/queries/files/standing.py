"""Where a file stands: its next step and its voices, of one file in Python, of all of them in SQL."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, literal, or_

from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.rules import GROUPS
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
    kin = bool(others) and all(n.relation in terms.weak_relations for n in others)
    return Voices(len(proven), unproven, len(proven) - len(others), only_kin=kin)


def only_kin(terms: Terms) -> ColumnElement[bool]:
    """Whether of all who wrote, but the educator, each is a relative: no other relation is left."""
    left: ColumnElement[str] = NomineeFile.relations  # type: ignore[assignment]
    for relation in terms.weak_relations:
        left = func.replace(left, f"|{relation}|", "")
    return and_(NomineeFile.proven > NomineeFile.from_self, left == "")


def heard(group: str) -> ColumnElement[bool]:
    """Whether somebody of this group has written."""
    return getattr(NomineeFile, f"from_{group}") > 0  # type: ignore[no-any-return]


def single() -> ColumnElement[bool]:
    """Whether only one group has written."""
    groups: ColumnElement[int] = literal(0, Integer)
    for group in GROUPS:
        groups = groups + cast(heard(group), Integer)
    return groups == 1


def step(terms: Terms, held: ColumnElement[bool]) -> ColumnElement[str]:
    """`rules.files.next_step` in SQL: the key of each file's next step."""
    proven, own = NomineeFile.proven, NomineeFile.from_self
    doubtful = and_(own > 0, proven - own < terms.seconders)
    if not terms.family_alone:
        doubtful = or_(doubtful, only_kin(terms))
    unscreened = NomineeFile.screening == "unscreened"
    return case(
        (or_(NomineeFile.withdrawn_at.is_not(None), NomineeFile.consent.in_(("declined", "erased"))), "over"),
        (NomineeFile.screening == "ineligible", "ineligible"),
        (and_(proven == 0, NomineeFile.unproven > 0), "prove"),
        (proven == 0, "empty"),
        (and_(unscreened, or_(held, NomineeFile.consent == "accepted")), "screen"),
        (and_(unscreened, doubtful), "second"),
        (NomineeFile.stopped, "mend"),
        (and_(NomineeFile.consent == "open", NomineeFile.email == ""), "address"),
        (NomineeFile.consent == "open", "ask"),
        (NomineeFile.consent == "asked", "wait"),
        else_="ready",
    )
