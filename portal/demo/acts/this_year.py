"""This year so far: nominations are open, nominees answer, a first panel is in the middle of its reading."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import Mistaken
from portal.core.jobs import REGISTRY
from portal.core.names import person_key
from portal.demo.acts import contacting
from portal.demo.acts.bulk import Written, is_plain, write_many
from portal.demo.acts.consenting import Consenting
from portal.demo.acts.convening import FATES, Gathering, saturday
from portal.demo.acts.deciding import Deciding
from portal.demo.acts.judging import Judging, Reader
from portal.demo.acts.last_year import CHEN, members_as_readers
from portal.demo.acts.many import Many
from portal.demo.acts.noting import Noting
from portal.demo.acts.writing import Writing
from portal.demo.awkward import with_awkward_cases
from portal.demo.script import Educator, Voice
from portal.demo.stage import work
from portal.demo.world import LAST_MINUTE, OPEN_FOR, World
from portal.nominations.actions import files, joining, nominate, views
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries.voices import living_in
from portal.nominations.rules.files import Told, suggested_story
from portal.nominations.rules.views import FILES
from portal.review.queries.files import STANDS

EDUCATORS = 92
UNFINISHED = 8
# Views of the list of files that the two organizers keep: whose, name, filters, columns, shared.
VIEWS = (
    ("sam", "To screen", {"step": "screen"}, ("name", "position", "school", "answered", "state", "next"), True),
    ("sofia", "Ask this week", {"step": "ask"}, ("name", "school", "email", "voices", "since", "next"), True),
    ("sam", "Only one voice", {"step": "one", "order": "name"}, ("name", "school", "voices", "proven"), False),
)
LETTERS = (5, 9, 13, 17, 21, 25, 31, 36)  # days on which a round of consent letters goes out
BULK_UNTIL = 37  # from this day on every nomination goes through the form's actions (see `bulk`)
DUE = 56  # the day on which reviews are due: past today
READY = 36  # files that are ready when the panel gets its plan
TARIQ = "Tariq Haddad"
PRIYA = Reader("priya", "Priya Raman", "priya@example.org", 0.05, done=0.5)
OTHERS = (
    Reader("severe", "Eleanor Voss", "eleanor.voss@example.org", -0.9, done=0.85),
    Reader("lenient", "Andre Lafayette", "andre.lafayette@example.org", 0.8, done=0.75),
    Reader("late", "Solomon Haile", "solomon.haile@example.org", 0.0, done=0.0, declares=False),
    Reader("silent", "Margit Sørensen", "margit.sorensen@example.org", 0.0, answers=False),
)


class ThisYear:
    """Puts this year on the stage, up to the present hour."""

    def __init__(self, world: World) -> None:
        self.world, self.stage = world, world.stage
        script = world.script(22)
        drawn = self._with_parts(script.educators(EDUCATORS, awkward=True))
        self.educators = with_awkward_cases(script, drawn)
        self.unfinished = script.educators(UNFINISHED, awkward=False)
        quality = {person_key(e.name): e.quality for e in self.educators}
        office = Random(3)
        known = {person_key(e.name): e.email for e in self.educators if office.random() < 0.82}
        self.consenting = Consenting(world, world.cycle_id, known, seed=6)
        self.consenting.keep_waiting = {person_key(TARIQ)}
        self.consenting.most_ready = READY
        self.judging = Judging(world, world.cycle_id, [], quality, Random(9), due_at=world.ahead(DUE, LAST_MINUTE))
        self.writing = Writing(self.stage, world.cycle, world.places, (world.this(0, 8.3), world.this(OPEN_FOR, 24)))

    def _with_parts(self, drawn: list[Educator]) -> list[Educator]:
        """Tariq is nominated, by Nora among others."""
        script = self.world.script(23)
        tariq = replace(drawn[-1], name=TARIQ, pronoun="m", email="tariq@example.org", told_email=True,
                        position="teacher", locale="en")  # fmt: skip
        voices = [replace(script.voice(tariq, "colleague_school"), at=0.2, proven=True),
                  replace(script.voice(tariq, "current_student"), at=0.3, proven=True, child="", sharing="relation"),
                  replace(script.voice(tariq, "family_current"), at=0.42, name="Nora Bell", email="nora@example.org",
                          locale="en", proven=True, withdrawn=False, sharing="yes")]  # fmt: skip
        return [*drawn[:-1], replace(tariq, voices=tuple(voices))]

    def put_on_stage(self) -> None:
        """Day by day."""
        world, stage, consenting = self.world, self.stage, self.consenting
        self.writing.stage_all(self._special_and_recent())
        self._stage_plain()
        for at, educator in enumerate(self.unfinished):
            stage.at(world.this(6 + 4 * at, 21), self.writing.begin_only, educator, educator.voices[0])
        for day in LETTERS:
            stage.at(world.this(day, 10), consenting.letters, 0.75, 14)
            stage.at(world.this(day + 1, 9), consenting.remind)
        for day in (10, 20, 30, 38):
            stage.alone(world.this(day, 6), REGISTRY["nominations.remind_unproven"])
        many = Many(world, world.cycle_id)
        stage.alone(world.this(27, 15), many.screen_closed, 3)
        stage.alone(stage.ends - timedelta(minutes=50), many.place_some, 3)
        stage.at(world.this(29, 8), self.choose_stories)
        stage.at(world.this(31, 9), self.save_views)
        stage.at(world.this(32, 11), self.open_screening)
        stage.at(world.this(33, 11), self.join_some)
        stage.at(world.this(34, 11), self.vouch_for_some)
        stage.at(world.this(35, 20), consenting.withdraw_one)
        Noting(world, TARIQ).put_on_stage()
        stage.at(world.this(2, 15), contacting.note_contacts, world)
        stage.at(world.this(39, 19.5), contacting.one_wants_none, world)
        self._panel()
        self._convening()

    def _special_and_recent(self) -> list[Educator]:
        """What goes through the form's own actions."""
        return [replace(e, voices=tuple(v for v in e.voices if not self._in_bulk(e, v))) for e in self.educators]

    def _in_bulk(self, educator: Educator, voice: Voice) -> bool:
        doubled = sum(v.email == voice.email for v in educator.voices) > 1
        return is_plain(voice) and not doubled and self.writing.moment(voice) < self.world.this(BULK_UNTIL, 6)

    def _stage_plain(self) -> None:
        """The plain nominations of the earlier weeks, a day's at once when the day is over."""
        batches: dict[date, list[Written]] = {}
        for educator in self.educators:
            for voice in educator.voices:
                if self._in_bulk(educator, voice):
                    moment = self.writing.moment(voice)
                    proven = (moment + self.writing.proof_after(voice)).astimezone(self.stage.zone)
                    batches.setdefault(proven.date(), []).append((moment, educator, voice))
        for day, batch in batches.items():
            self.stage.at(self.stage.moment(day, 23.98), write_many, self.writing, batch)

    def _panel(self) -> None:
        world, stage, judging = self.world, self.stage, self.judging
        stage.at(world.this(18, 10), self._form)
        stage.at(world.this(28, 20), judging.declare)
        stage.at(world.this(29, 12), judging.ask_for_plan)
        stage.alone(world.this(29, 12.1), judging.work_out_plan)
        last = stage.ends - timedelta(hours=2)
        stage.at(world.this(30, 8.2), judging.release, world.this(30, 17), last)
        stage.alone(world.this(30, 8.3), work, "review.tell_released")
        stage.at(world.this(30, 9), judging.step_back, "member4", "close")
        stage.at(world.this(38, 9), judging.remind)
        stage.alone(world.this(38, 9.1), work, "review.remind")
        deciding = Deciding(world, 0, "adjusted")

        def ask() -> None:
            deciding.round_id = judging.round_id
            deciding.ask()

        stage.at(last + timedelta(minutes=30), ask)
        stage.alone(last + timedelta(minutes=31), deciding.compute)

    def _form(self) -> None:
        members = members_as_readers(
            self.world, range(2, 9), (0.1, -0.15, 0.0, 0.3, -0.35, 0.2, 0.0), (1.0, 0.6, 0.75, 0.4, 0.9, 0.25, 0.65)
        )
        self.judging.readers = [CHEN, PRIYA, *OTHERS, *members]
        self.judging.form()

    def choose_stories(self) -> None:
        """Staff choose, for some of the files, which story of each group the panel reads."""
        query = select(NomineeFile.id).where(NomineeFile.cycle_id == self.world.cycle_id, *STANDS)
        for nominations in living_in(list(db.session.scalars(query.limit(12)))).values():
            groups: dict[str, list[Nomination]] = {}
            for nomination in nominations:
                if nomination.state == "confirmed":
                    groups.setdefault(nomination.relation_group, []).append(nomination)
            for told in groups.values():
                number = suggested_story([Told(n.id, len(n.story.split())) for n in told], 250)
                files.choose_story(self.world.who("sam"), next(n for n in told if n.id == number))

    def save_views(self) -> None:
        """The organizers keep the lists that they look at often."""
        for who, name, words, columns, shared in VIEWS:
            person, cycle = self.world.who(who), self.world.cycle
            views.save(person, cycle, FILES, name, shared=shared, words=words, columns=columns)

    def open_screening(self) -> None:
        """After the panel has its files, more are found eligible: they wait for a reader. A few wait to be screened."""
        self.consenting.most_ready = READY + 3

    def join_some(self) -> None:
        """Two pairs of files are one educator each, written in two ways; the other pairs are left to be found."""
        mine = (NomineeFile.cycle_id == self.world.cycle_id, NomineeFile.joined_into_id.is_(None))
        twice = (
            select(NomineeFile.name_key)
            .where(*mine, NomineeFile.name_key != "")
            .group_by(NomineeFile.name_key)
            .having(func.count() == 2)
        )
        for key in list(db.session.scalars(twice.order_by(NomineeFile.name_key)))[:2]:
            one, other = db.session.scalars(select(NomineeFile).where(*mine, NomineeFile.name_key == key))
            for kept, gone in ((one, other), (other, one)):
                try:
                    joining.join(self.world.who("sam"), kept, gone)
                except Mistaken:
                    continue
                break

    def vouch_for_some(self) -> None:
        """Staff know two of the nominators whose proof never came."""
        query = select(Nomination).where(Nomination.cycle_id == self.world.cycle_id, Nomination.state == "submitted")
        for nomination in list(db.session.scalars(query.order_by(Nomination.submitted_at).limit(2))):
            nominate.confirm_by_staff(nomination, self.world.who("sam"))

    def _convening(self) -> None:
        """A Saturday in some weeks: the call is open, the first sessions have their place."""
        world, stage = self.world, self.stage
        day = saturday(world.today + timedelta(days=70))
        gathering = Gathering(
            world,
            day,
            dict.fromkeys(("en", "es"), f"ECET2 Atlanta {day.year}"),
            "Town Square High School, Marietta",
            ["wanda", *(f"member{at}" for at in (10, 11, 12, 0, 13, 14, 15, 1, 16, 17, 2, 3)), "wanda"],
            range(len(FATES)),
            FATES,
        )
        closes = world.ahead(OPEN_FOR + 24, LAST_MINUTE)
        stage.at(world.this(15, 9), gathering.prepare, closes, world.today + timedelta(days=45))
        for at in range(len(FATES)):
            stage.at(world.this(17 + at, 20 + at / 20), gathering.propose, at)
        stage.at(world.this(36, 9), gathering.answer)
        stage.at(world.this(37, 9), gathering.decide)
        stage.at(world.this(38, 19), gathering.confirm)
        stage.at(world.this(39, 10), gathering.place_all)
        stage.at(world.this(39, 11), gathering.release)
        stage.alone(world.this(39, 11.1), work, "convenings.tell_presenters")
