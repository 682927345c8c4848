"""What becomes of each row of an import, told before anything is written: a dry run reads it, an import carries it out.

Rows are told in the order of the file, and each sees those before it as if they were in already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from portal.core.db import batches, db
from portal.nominations.actions import matching
from portal.nominations.actions.matching import Educator
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.remarks import Remark
from portal.nominations.rules.files import LIVE
from portal.nominations.sheet import CleanRow
from portal.programs.models import Cycle, District, School


@dataclass(eq=False)
class Voice:
    """A living nomination, there before or entering now: what a second row by the same person is compared with."""

    source: str
    length: int  # characters of its story
    number: int | None = None  # its id, when it was there before
    nomination: Nomination | None = None  # when it is made or loaded

    @property
    def id(self) -> int | None:
        """The nomination's, when it is in the database."""
        return self.number or (self.nomination.id if self.nomination else None)


@dataclass(eq=False)
class Verdict:
    """What becomes of a row. `file` is its educator's, perhaps new; `second`: why a second voice is none."""

    row: CleanRow
    outcome: str
    extra: tuple[Remark, ...] = ()
    file: NomineeFile | None = None
    educator: Educator | None = None
    voice: Voice | None = None
    number: int | None = None  # the id of the nomination that is the very same row
    second: str = ""

    @property
    def nomination_id(self) -> int | None:
        """The nomination that the row became, or that was in already."""
        return self.number or (self.voice.id if self.voice else None)

    @property
    def remarks(self) -> list[list[Any]]:
        """What the report says. What is remarked about a row matters when it enters; else only why it did not."""
        own = self.row.remarks if self.outcome == "entered" else ()
        return [[code, facts] for code, facts in (*self.row.refusals, *self.extra, *own)]


def decide(cycle: Cycle, rows: Sequence[CleanRow]) -> list[Verdict]:
    """One verdict a row, in a fixed number of queries for a few hundred of them."""
    judge = _Judge(cycle, rows)
    return [judge.verdict(row) for row in rows]


@dataclass
class _Known:
    """What is there already of the people and rows in question, kept up as rows are told."""

    keys: dict[str, int | Voice] = field(default_factory=dict)  # import key -> nomination
    written: dict[tuple[Any, str], Voice] = field(default_factory=dict)  # (file, nominator) -> their voice
    schoolless: dict[tuple[str, str], Any] = field(default_factory=dict)  # (nominator, educator) -> file or its id
    files: dict[tuple[str, str], list[NomineeFile]] = field(default_factory=dict)
    schools: dict[int, str] = field(default_factory=dict)
    districts: dict[int, str] = field(default_factory=dict)


class _Judge:
    def __init__(self, cycle: Cycle, rows: Sequence[CleanRow]) -> None:
        self.cycle, self.known = cycle, _Known()
        self.locale = str((cycle.program.settings.get("languages") or ["en"])[0])
        entering = [row for row in rows if not row.refusals]
        self._look_up_voices({row.key for row in entering}, {row.email for row in entering})
        self._look_up_places({row.school_id for row in entering if row.school_id})
        self.educators = {row.line: self._educator(row) for row in entering}
        if self.educators:
            self.known.files = matching.candidates(cycle, self.educators.values())

    def _look_up_voices(self, keys: Iterable[str], emails: Iterable[str]) -> None:
        mine = Nomination.cycle_id == self.cycle.id
        for some in batches(keys):
            query = select(Nomination.import_key, Nomination.id).where(mine, Nomination.import_key.in_(some))
            self.known.keys |= {str(key): number for key, number in db.session.execute(query)}
        told = (Nomination.id, Nomination.file_id, Nomination.nominator_email, Nomination.source,
                func.length(Nomination.story), Nomination.educator_name, Nomination.school_name)  # fmt: skip
        for some in batches(emails):
            living = mine, Nomination.nominator_email.in_(some), Nomination.state.in_(LIVE)
            for number, file_id, email, source, length, name, school in db.session.execute(
                select(*told).where(*living)
            ):
                self.known.written[file_id, email] = Voice(source, length, number)
                if not school:
                    self.known.schoolless[email, name] = file_id

    def _look_up_places(self, schools: Iterable[int]) -> None:
        for some in batches(schools):
            named = select(School.id, School.name).where(School.id.in_(some))
            self.known.schools |= dict(iter(db.session.execute(named)))
        districts = select(District.id, District.name).where(District.program_id == self.cycle.program_id)
        self.known.districts = dict(iter(db.session.execute(districts)))

    def _educator(self, row: CleanRow) -> Educator:
        return Educator(
            row.educator,
            school_name=self.known.schools.get(row.school_id or 0) or row.school,
            school_id=row.school_id,
            district_id=row.district_id,
            district_name=self.known.districts.get(row.district_id or 0, ""),
            position=row.position,
            position_key=row.position_key,
            email=row.educator_email,
            locale=self.locale,
        )

    def verdict(self, row: CleanRow) -> Verdict:
        """What becomes of this row, after all that were told before."""
        if row.refusals:
            return Verdict(row, "refused")
        same = self.known.keys.get(row.key)
        if isinstance(same, int):
            return Verdict(row, "already in", (("repeat", {}),), number=same)
        if same is not None:
            return Verdict(row, "already in", (("repeat", {}),), voice=same)
        educator = self.educators[row.line]
        file = self._file_of(row, educator)
        voice = self.known.written.get((file.id or file, row.email))
        if voice is not None:
            second = self._second(row, voice)
            return Verdict(row, "already in", ((second, {}),), file, educator, voice, second=second)
        voice = Voice("import", len(row.story))
        self.known.keys[row.key] = self.known.written[file.id or file, row.email] = voice
        if not all(matching.match_keys(educator)):
            self.known.schoolless[row.email, row.educator] = file
        return Verdict(row, "entered", (), file, educator, voice)

    def _file_of(self, row: CleanRow, educator: Educator) -> NomineeFile:
        """The educator's nominee file by the one rule for all nominations (`matching.choose`), new when missing.

        Without a school nothing matches, but the same person's second row about a name is known.
        """
        if not all(matching.match_keys(educator)):
            own = self.known.schoolless.get((row.email, row.educator))
            own = db.session.get(NomineeFile, own) if isinstance(own, int) else own
            return own or matching.build(self.cycle, educator)
        there = self.known.files.setdefault(matching.match_keys(educator), [])
        file = matching.choose(there, educator)
        if file is None:
            file = matching.build(self.cycle, educator)
            there.append(file)
        return file

    @staticmethod
    def _second(row: CleanRow, voice: Voice) -> str:
        """A second, different row by the same person: the longer story stands."""
        if voice.source != "import":
            return "own_form"
        if len(row.story) <= voice.length:
            return "same_person"
        voice.length = len(row.story)
        return "longer_kept"
