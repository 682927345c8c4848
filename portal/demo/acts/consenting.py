"""Organizers find addresses, write to nominees, remind them; nominees answer; staff screen."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from portal.core.clock import now
from portal.core.db import db
from portal.demo.stage import Stage, deliver
from portal.demo.words.evidence import SCREENING
from portal.demo.world import World, living_link
from portal.nominations.actions import consent, erasing, files
from portal.nominations.models import NomineeFile
from portal.nominations.queries import consent as queries
from portal.programs.models import Cycle
from portal.review.models import Assignment
from portal.review.queries import count_to_read

ATTESTED = ["worked_last_year", "stays_until_summer", "two_years"]


class Consenting:
    """One cycle's letters and answers. `emails` is what the school offices know: name key -> address."""

    def __init__(self, world: World, cycle_id: int, emails: dict[str, str], seed: int) -> None:
        self.world, self.cycle_id, self.emails = world, cycle_id, emails
        self.rng = Random(seed)
        self.stage: Stage = world.stage
        self.keep_waiting: set[str] = set()  # name keys of nominees who shall not have answered yet
        self.say_yes: set[str] = set()  # and of those who certainly said yes
        self.most_ready = 10_000  # so many files get ready for the panel at most; the rest waits to be screened

    @property
    def cycle(self) -> Cycle:
        return db.session.get_one(Cycle, self.cycle_id)

    def letters(self, share: float, most: int) -> None:
        """A round of letters: addresses that the offices know for a share of the files, then everybody who is ready."""
        sam, cycle = self.world.who("sam"), self.cycle
        waiting = list(db.session.scalars(queries.needing_address(cycle)))
        found = [(f, self.emails[f.name_key]) for f in waiting if f.name_key in self.emails]
        consent.set_addresses(sam, cycle, [pair for pair in found if self.rng.random() < share])
        db.session.flush()
        db.session.expire_all()
        ready = list(db.session.scalars(queries.ready_to_ask(cycle)))
        self.rng.shuffle(ready)
        ready.sort(key=lambda f: f.name_key not in self.say_yes)
        asked = ready[:most]
        consent.send_letters(sam, cycle, asked)
        for file in asked:
            self._stage_answer(file)

    def _stage_answer(self, file: NomineeFile) -> None:
        after = self.moment_after(1, 7)
        roll = 0.0 if file.name_key in self.say_yes else self.rng.random()
        if file.name_key in self.keep_waiting or roll > 0.88:
            return
        answer = self.accept if roll < 0.72 else self.decline if roll < 0.80 else self.erase
        self.stage.at(after, answer, file.id)

    def moment_after(self, first: int, last: int) -> datetime:
        """Some days after the present act, at a waking hour."""
        day = now() + timedelta(days=self.rng.randint(first, last))
        return day.astimezone(self.stage.zone).replace(hour=self.rng.randint(7, 21), minute=self.rng.randint(0, 59))

    def accept(self, file_id: int) -> None:
        """The nominee says yes, and most let those who wrote know."""
        file = db.session.get_one(NomineeFile, file_id)
        if file.consent == "asked":
            told = [key for key in ATTESTED if self.rng.random() < 0.97]
            consent.accept(file, living_link(consent.LINK, file.id), attested=told, tell=self.rng.random() < 0.6)
            self.stage.at(self.moment_after(1, 3), self.screen, file.id)

    def decline(self, file_id: int) -> None:
        """The nominee says no."""
        file = db.session.get_one(NomineeFile, file_id)
        if file.consent == "asked":
            consent.decline(file, tell=self.rng.random() < 0.5)

    def erase(self, file_id: int) -> None:
        """The nominee says no and has everything erased."""
        file = db.session.get_one(NomineeFile, file_id)
        if file.consent == "asked":
            deliver()
            erasing.erase(consent.NOMINEE, file)

    def screen(self, file_id: int) -> None:
        """An organizer looks whether the nominee is eligible; a few find out otherwise, a few wait a little longer."""
        file = db.session.get_one(NomineeFile, file_id)
        if file.screening != "unscreened" or file.consent != "accepted" or file.joined_into_id:
            return
        sam = self.world.who("sam")
        if file.name_key not in self.say_yes and self.rng.random() < 0.05:
            files.screen(sam, file, eligible=False, reason=SCREENING["moved"], rules=["worked_last_year"])
        elif not files.needs_reason(file, eligible=True) and count_to_read(self.cycle_id) < self.most_ready:
            files.screen(sam, file, eligible=True)

    def remind(self) -> None:
        """The one reminder, to whoever it is due for."""
        consent.remind(self.world.who("sam"), self.cycle, list(db.session.scalars(queries.reminder_due(self.cycle))))

    def withdraw_one(self) -> None:
        """Somebody who had said yes leaves, before anybody has read the file."""
        read = select(Assignment.id).where(Assignment.file_id == NomineeFile.id)
        query = select(NomineeFile).where(NomineeFile.cycle_id == self.cycle_id, NomineeFile.consent == "accepted")
        file = db.session.scalar(query.where(~read.exists()).order_by(NomineeFile.id).limit(1))
        if file is not None:
            consent.withdraw(file)
