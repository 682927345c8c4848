"""Acts on many files as their pages need them: what is known of each file, how many came to what, and whose names."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from portal.core.db import batches, db
from portal.core.paging import Page, page_of
from portal.nominations.models import BulkAct, BulkItem, NomineeFile
from portal.nominations.queries import consent
from portal.nominations.queries.eligibility import known_of
from portal.nominations.queries.files import voices_by_file
from portal.nominations.queries.holds import with_panel
from portal.nominations.rules.bulk import Seen
from portal.nominations.rules.consent import may_still_ask
from portal.nominations.rules.eligibility import held_by
from portal.nominations.rules.files import doubt, terms_of
from portal.programs.models import Cycle

NAMED = 12  # names a group tells; of the others only how many


@dataclass(frozen=True)
class Group:
    """Files that came to the same: their state, why, how many, and the first of them."""

    state: str
    why: str
    count: int
    files: list[NomineeFile]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.files)


def act_by_public_id(public_id: str) -> BulkAct | None:
    """An act with its cycle, that one's program and rules of eligibility, and who did it."""
    query = select(BulkAct).where(BulkAct.public_id == public_id)
    cycle = joinedload(BulkAct.cycle)
    query = query.options(cycle.joinedload(Cycle.program), cycle.joinedload(Cycle.eligibility))
    query = query.options(joinedload(BulkAct.by), joinedload(BulkAct.undone_by))
    return db.session.scalars(query).unique().one_or_none()


def chosen(cycle: Cycle, public_ids: Sequence[str]) -> list[int]:
    """The numbers of these files of the cycle, by name; what is not one of them is left out."""
    found = []
    for some in batches(dict.fromkeys(public_ids)):
        mine = NomineeFile.cycle_id == cycle.id, NomineeFile.joined_into_id.is_(None)
        query = select(NomineeFile.name_key, NomineeFile.id).where(*mine, NomineeFile.public_id.in_(some))
        found += [(name, number) for name, number in db.session.execute(query)]
    return [number for _name, number in sorted(found)]


def loaded(file_ids: Sequence[int], *, lock: bool = False) -> list[NomineeFile]:
    """These files as they stand now, in one order for everybody who locks them."""
    query = select(NomineeFile).where(NomineeFile.id.in_(file_ids)).order_by(NomineeFile.id)
    query = query.options(undefer(NomineeFile.stopped)).execution_options(populate_existing=True)
    return list(db.session.scalars(query.with_for_update(of=NomineeFile) if lock else query))


def seen_of(cycle: Cycle, files: Sequence[NomineeFile]) -> list[Seen]:
    """What is known of these files of the cycle: a few queries, however many files."""
    numbers = [file.id for file in files]
    terms, known = terms_of(cycle.program.settings), known_of(cycle)
    voices, panel = voices_by_file(numbers, terms), with_panel(numbers)
    is_open, due_before = may_still_ask(cycle), consent.due_before(cycle)
    return [
        Seen(
            file,
            held=held_by(file, terms.closed_positions, known),
            doubtful=doubt(voices[file.id], terms) is not None,
            heard=voices[file.id].proven > 0,
            with_panel=file.id in panel,
            due=file.asked_at is not None and file.asked_at <= due_before,
            is_open=is_open,
        )
        for file in files
    ]


def counts_of(bulk_id: int) -> dict[str, int]:
    """How many files of the act came to what."""
    query = select(BulkItem.state, func.count()).where(BulkItem.bulk_id == bulk_id).group_by(BulkItem.state)
    return dict(iter(db.session.execute(query)))


def has_erased(bulk_id: int) -> bool:
    """Whether somebody to whom the act was to be done is erased since."""
    query = select(BulkItem.id).join(NomineeFile, NomineeFile.id == BulkItem.file_id).limit(1)
    mine = BulkItem.bulk_id == bulk_id, BulkItem.state != "left", NomineeFile.consent == "erased"
    return db.session.scalar(query.where(*mine)) is not None


def groups_of(bulk_id: int) -> list[Group]:
    """The act's files grouped by what became of them and why, the largest group of a state first: two queries."""
    mine = BulkItem.bulk_id == bulk_id
    place = func.row_number().over(partition_by=(BulkItem.state, BulkItem.why), order_by=BulkItem.id)
    ranked = select(BulkItem.id, place.label("place")).where(mine).subquery()
    first = select(BulkItem.state, BulkItem.why, NomineeFile).join(ranked, ranked.c.id == BulkItem.id)
    first = first.join(NomineeFile, NomineeFile.id == BulkItem.file_id).where(ranked.c.place <= NAMED)
    named: dict[tuple[str, str], list[NomineeFile]] = defaultdict(list)
    for state, why, file in db.session.execute(first.order_by(BulkItem.id)):
        named[state, why].append(file)
    counted = select(BulkItem.state, BulkItem.why, func.count()).where(mine).group_by(BulkItem.state, BulkItem.why)
    groups = [Group(state, why, n, named[state, why]) for state, why, n in db.session.execute(counted)]
    return sorted(groups, key=lambda group: (group.state, -group.count, group.why))


def first_to_do(bulk_id: int) -> NomineeFile | None:
    """The first file to which a previewed act will be done."""
    query = select(NomineeFile).join(BulkItem, BulkItem.file_id == NomineeFile.id)
    query = query.where(BulkItem.bulk_id == bulk_id, BulkItem.state == "will").order_by(BulkItem.id).limit(1)
    return db.session.scalar(query.options(joinedload(NomineeFile.cycle).joinedload(Cycle.program)))


def acts_of(cycle_id: int, number: int) -> Page[BulkAct]:
    """One page of the acts that were begun in a cycle, newest first."""
    query = select(BulkAct).where(BulkAct.cycle_id == cycle_id, BulkAct.started_at.is_not(None))
    query = query.order_by(BulkAct.started_at.desc(), BulkAct.id.desc()).options(joinedload(BulkAct.by))
    return page_of(query, number)


def one_page(bulk_id: int, state: str, why: str, number: int) -> Page[NomineeFile]:
    """One page of the files of one group."""
    query = select(NomineeFile).join(BulkItem, BulkItem.file_id == NomineeFile.id)
    query = query.where(BulkItem.bulk_id == bulk_id, BulkItem.state == state, BulkItem.why == why)
    return page_of(query.order_by(BulkItem.id), number)
