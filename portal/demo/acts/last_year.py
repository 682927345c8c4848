"""Last year, from the first nomination to the convening that its members held."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.jobs import REGISTRY
from portal.core.names import person_key
from portal.demo.acts import founding
from portal.demo.acts.belonging import Belonging
from portal.demo.acts.consenting import Consenting
from portal.demo.acts.convening import Gathering, saturday
from portal.demo.acts.deciding import Deciding
from portal.demo.acts.importing import bring_in, export_of
from portal.demo.acts.judging import Judging, Reader
from portal.demo.acts.writing import Writing
from portal.demo.script import Educator
from portal.demo.stage import deliver, work
from portal.demo.words.talks import TALKS
from portal.demo.world import World, year_name

EDUCATORS = 52
READY = 38  # so many files go to the panel: three readers each, twelve files a reader
WANDA = "Wanda Baptiste"
CHEN = Reader("chen", "Chen Mei-Lin", "chen@example.org", 0.0, kind="chair", done=0.0)
# (name, how strict): people of the community who read beside past winners
NEIGHBORS = (
    ("Gerald Fontaine", -0.55), ("Ruth Abernathy", 0.1), ("Ibrahim Sesay", 0.5), ("Lucille Odom", -0.1),
)  # fmt: skip


def members_as_readers(world: World, which: range, biases: tuple[float, ...], done: tuple[float, ...]) -> list[Reader]:
    """Past winners with a seat on a panel."""
    found = []
    for at, number in enumerate(which):
        person = db.session.get_one(Person, world.people[f"member{number}"])
        found.append(Reader(f"member{number}", person.name, person.email, biases[at], done[at]))
    return found


class LastYear:
    """Puts last year on the stage."""

    def __init__(self, world: World) -> None:
        self.world, self.stage = world, world.stage
        self.educators = self._educators()
        quality = {person_key(e.name): e.quality for e in self.educators}
        known = {person_key(e.name): e.email for e in self.educators}
        self.consenting = Consenting(world, world.last_cycle_id, known, seed=4)
        self.consenting.most_ready = READY
        self.consenting.say_yes = {person_key(WANDA)}
        self.judging = Judging(world, world.last_cycle_id, [], quality, Random(8), together=True)

    def _educators(self) -> list[Educator]:
        """Last year's educators; Wanda, who won, among them."""
        script = self.world.script(21)
        drawn = script.educators(EDUCATORS, awkward=False)
        wanda = replace(drawn[0], name=WANDA, pronoun="f", email="wanda@example.org", quality=3.75, position="teacher")
        voices = tuple(
            replace(script.voice(wanda, relation), proven=True)
            for relation in ("family_current", "former_student", "colleague_school", "mentored")
        )
        return [replace(wanda, voices=voices), *drawn[1:]]

    def put_on_stage(self) -> None:
        """The whole year, day by day."""
        world, stage = self.world, self.stage
        founding.earlier_members(world)
        span = (world.last(0, 9), world.last(62, 22))
        writing = Writing(stage, world.last_cycle, world.places, span)
        content = export_of(world, writing, self.educators)
        stage.alone(world.last(63, 10), bring_in, world, content, f"nominations {year_name(world.last_opening)}.csv")
        stage.at(world.last(64, 11), self.consenting.letters, 1.0, 999)
        stage.at(world.last(70, 9), self.consenting.remind)
        self._panel()
        self._decisions()
        stage.at(world.last(196, 2.9), deliver)
        stage.alone(world.last(196, 3), REGISTRY["nominations.erase_in_time"])
        self._convening()

    def _panel(self) -> None:
        world, stage, judging = self.world, self.stage, self.judging
        stage.at(world.last(80, 10), self._form)
        stage.at(world.last(98, 19), judging.declare)
        stage.at(world.last(100, 10), judging.ask_for_plan)
        stage.alone(world.last(100, 10.1), judging.work_out_plan)
        stage.at(world.last(101, 8), self._release)
        stage.alone(world.last(101, 8.1), work, "review.tell_released")
        stage.at(world.last(103, 20), judging.step_back, "member4", "close")
        stage.at(world.last(109, 9), judging.remind)
        stage.alone(world.last(109, 9.1), work, "review.remind")
        stage.at(world.last(114, 9), judging.close)

    def _form(self) -> None:
        members = members_as_readers(self.world, range(6), (-0.4, 0.3, 0.0, 0.15, -0.2, 0.35), (1.0,) * 6)
        others = [Reader(f"neighbor{at}", name, f"neighbor{at}@example.org", bias) for at, (name, bias) in
                  enumerate(NEIGHBORS)]  # fmt: skip
        self.judging.readers = [CHEN, *members, *others]
        self.judging.form()

    def _release(self) -> None:
        world = self.world
        self.judging.release(world.last(101, 17), world.last(112, 22))
        self.judging.tie(founding.LAST_PLACES)

    def _decisions(self) -> None:
        world, stage = self.world, self.stage
        deciding = Deciding(world, 0)

        def begin() -> None:
            deciding.round_id = self.judging.round_id
            deciding.ask()

        stage.at(world.last(115, 9), begin)
        stage.alone(world.last(115, 9.1), deciding.compute)
        stage.at(world.last(118, 18), deciding.vote)
        stage.at(world.last(119, 18), deciding.settle)
        stage.at(world.last(120, 18), deciding.propose)
        stage.at(world.last(122, 18), deciding.confirm)
        stage.at(world.last(206, 9.5), deciding.announce)
        belonging = Belonging(world, {person_key(WANDA): "wanda"})
        stage.at(world.last(206, 10), belonging.invite)
        stage.at(world.last(400, 10), belonging.ask_again)

    def _convening(self) -> None:
        """The Saturday that members held two months ago, its agenda as it was."""
        world, stage = self.world, self.stage
        gathering = Gathering(
            world,
            saturday(world.today - timedelta(days=66)),
            dict.fromkeys(("en", "es"), f"ECET2 Atlanta {(world.today - timedelta(days=66)).year}"),
            "Sycamore Crossing High School",
            [f"member{at}" for at in (1, 0, 3, 2, 5, 4, 7, 6, 9)],
            range(2, 11),
            ("placed",) * 7 + ("declined", "placed"),
        )
        assert gathering.talks.stop <= len(TALKS)
        day = (gathering.day - world.last_opening).days
        stage.at(world.last(234, 9), gathering.prepare, world.last(272, 23.9), gathering.day - timedelta(days=30))
        for at in range(len(gathering.authors)):
            stage.at(world.last(240 + 3 * at, 20), gathering.propose, at)
        stage.at(world.last(275, 9), gathering.answer)
        stage.at(world.last(280, 9), gathering.decide)
        stage.at(world.last(286, 19), gathering.confirm)
        stage.at(world.last(min(295, day - 20), 10), gathering.place_all)
        stage.at(world.last(min(300, day - 15), 10), gathering.release)
        stage.alone(world.last(min(300, day - 15), 10.1), work, "convenings.tell_presenters")
