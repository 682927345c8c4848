"""Who wrote about an educator: for the file's page all of it, for scorers one story a relation group and no names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.orm import joinedload, undefer

from portal.core.db import db
from portal.core.forms import words
from portal.core.outbox import Message
from portal.nominations.models import FileJoin, Nomination, NomineeFile
from portal.nominations.queries.told import Replies, answered_own
from portal.nominations.rules import GROUPS
from portal.nominations.rules.files import LIVE, Told, suggested_story, terms_of
from portal.programs.models import Cycle
from portal.questions.answers import Answer


@dataclass(frozen=True)
class PanelVoice:
    """What a scorer reads of one group: no name, no address, no count of the others."""

    nomination_id: int
    group: str
    relation: str  # a key of the program's relations, or ""
    story: str
    with_others: str
    chosen: bool  # by staff; else the rule below chose
    more: tuple[Answer, ...] = ()  # to the organizers' own questions that scorers may read


def voices_for_panel(
    file_ids: Sequence[int], most_words: int | None = None, program: Any = None
) -> dict[int, dict[str, PanelVoice]]:
    """For each file and each relation group that has a confirmed nomination: the one story that scorers see.

    The story that staff chose (`Nomination.shown`). Where they chose none: the longest confirmed story up to the
    program's word limit, else the shortest beyond it; never the earliest or the latest. Groups come in the order of
    `rules.GROUPS`. One query, and one more for the word limit when it is not given. With the `program` the answers to
    its own questions come along, at the cost of a query or two when there are any.
    """
    if not file_ids:
        return {}
    query = select(Nomination).where(Nomination.file_id.in_(file_ids), Nomination.state == "confirmed")
    by_group: dict[tuple[int, str], list[Nomination]] = {}
    for nomination in db.session.scalars(query.order_by(Nomination.id)):
        by_group.setdefault((nomination.file_id or 0, nomination.relation_group), []).append(nomination)
    if most_words is None and by_group:
        most_words = _word_limit(file_ids[0])
    found: dict[int, dict[str, PanelVoice]] = {file_id: {} for file_id in file_ids}
    heard = [n for stories in by_group.values() for n in stories]
    told = Replies(program, "scorers") if program is not None and answered_own(heard) else None
    for file_id in file_ids:
        for group in GROUPS:
            if stories := by_group.get((file_id, group)):
                found[file_id][group] = _panel_voice(stories, most_words or 0, told)
    return found


def _word_limit(file_id: int) -> int:
    query = select(Cycle).join(NomineeFile, NomineeFile.cycle_id == Cycle.id).where(NomineeFile.id == file_id)
    cycle = db.session.scalars(query.options(joinedload(Cycle.program))).one()
    return terms_of(cycle.program.settings).story_words[1]


def _panel_voice(stories: Sequence[Nomination], most_words: int, told: Replies | None) -> PanelVoice:
    chosen = next((n for n in stories if n.shown), None)
    if chosen is None:
        number = suggested_story([Told(n.id, words(n.story)) for n in stories], most_words)
        chosen = next(n for n in stories if n.id == number)
    more = tuple(told.own(chosen)) if told else ()
    return PanelVoice(
        chosen.id, chosen.relation_group, chosen.relation, chosen.story, chosen.with_others, chosen.shown, more
    )


@dataclass(frozen=True)
class GroupOfVoices:
    """The living nominations of one group, confirmed ones first; which is shown, or which is proposed to be."""

    key: str
    nominations: list[Nomination]
    shown: Nomination | None
    proposed: Nomination | None


@dataclass(frozen=True)
class Written:
    """Everything that was written about one educator."""

    groups: list[GroupOfVoices] = field(default_factory=list)
    aside: list[Nomination] = field(default_factory=list)  # spam, withdrawn, expired
    behind: list[Nomination] = field(default_factory=list)  # second ones by the same person, left in a joined file
    joined: list[NomineeFile] = field(default_factory=list)  # files joined into this one by somebody, newest first
    undelivered: dict[str, Message] = field(default_factory=dict)  # the newest by public id of file or nomination

    @property
    def living(self) -> list[Nomination]:
        return [n for group in self.groups for n in group.nominations]


def written_about(file: NomineeFile, most_words: int) -> Written:
    """The file's nominations by group, what was set aside, and the files joined into it: one query."""
    join = and_(FileJoin.gone_id == NomineeFile.id, FileJoin.kept_id == file.id, FileJoin.undone_at.is_(None))
    query = (
        select(NomineeFile, Nomination, Message)
        .outerjoin(FileJoin, join)
        .outerjoin(Nomination, Nomination.file_id == NomineeFile.id)
        .outerjoin(Message, _undelivered())
        .options(undefer(Nomination.returned))
        .where(or_(NomineeFile.id == file.id, FileJoin.id.is_not(None)))
        .order_by(FileJoin.id.desc(), Nomination.submitted_at, Nomination.id, Message.id)
    )
    rows = db.session.execute(query).all()
    joined = list(dict.fromkeys(each for each, _n, _m in rows if each.id != file.id))
    everything = list(dict.fromkeys(nomination for _file, nomination, _m in rows if nomination is not None))
    living = [n for n in everything if n.state in LIVE]
    mine = [n for n in living if n.file_id == file.id]
    return Written(
        groups=[_group(key, found, most_words) for key in GROUPS if (found := _of_group(mine, key))],
        aside=[n for n in everything if n.state not in (*LIVE, "draft")],
        behind=[n for n in living if n.file_id != file.id],
        joined=joined,
        undelivered={m.about.partition(":")[2]: m for _file, _n, m in rows if m is not None},
    )


def _undelivered() -> Any:
    """A letter about the file or the nomination that did not arrive and that nobody has dealt with."""
    about_file = literal("file:") + NomineeFile.public_id
    about_nomination = literal("nomination:") + Nomination.public_id
    about = or_(Message.about == about_file, Message.about == about_nomination)
    return and_(Message.state.in_(("failed", "bounced")), about)


def living_in(file_ids: Sequence[int]) -> dict[int, list[Nomination]]:
    """The living nominations of each file, in the order they were written: one query."""
    query = select(Nomination).where(Nomination.file_id.in_(file_ids), Nomination.state.in_(LIVE))
    found: dict[int, list[Nomination]] = {file_id: [] for file_id in file_ids}
    for nomination in db.session.scalars(query.order_by(Nomination.submitted_at, Nomination.id)):
        found[nomination.file_id or 0].append(nomination)
    return found


def _of_group(nominations: Sequence[Nomination], key: str) -> list[Nomination]:
    found = [n for n in nominations if n.relation_group == key]
    return sorted(found, key=lambda n: n.state != "confirmed")


def _group(key: str, nominations: list[Nomination], most_words: int) -> GroupOfVoices:
    proven = [n for n in nominations if n.state == "confirmed"]
    shown = next((n for n in proven if n.shown), None)
    number = suggested_story([Told(n.id, words(n.story)) for n in proven], most_words)
    return GroupOfVoices(key, nominations, shown, next((n for n in proven if n.id == number), None))


def nomination_by_public_id(public_id: str) -> Nomination | None:
    """A nomination with its file, cycle and program: one query."""
    cycle = joinedload(Nomination.cycle).joinedload(Cycle.program)
    query = select(Nomination).where(Nomination.public_id == public_id)
    return db.session.scalar(query.options(cycle, joinedload(Nomination.file), undefer(Nomination.returned)))


def group_of(file: NomineeFile, key: str, most_words: int) -> GroupOfVoices | None:
    """One group of a file's living nominations; None when it has none."""
    query = select(Nomination).where(
        Nomination.file_id == file.id, Nomination.relation_group == key, Nomination.state.in_(LIVE)
    )
    query = query.options(undefer(Nomination.returned))
    found = list(db.session.scalars(query.order_by(Nomination.submitted_at, Nomination.id)))
    return _group(key, _of_group(found, key), most_words) if found else None
