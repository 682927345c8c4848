"""What the two of the staff write to each other about nominees: one note waits to be opened."""

from sqlalchemy import select

from portal.core.db import db
from portal.core.names import person_key
from portal.demo.world import World
from portal.nominations.actions import notes
from portal.nominations.models import NomineeFile

CALLED = (
    "Called the school office. He reads his mail in the evening, and our letter may lie among the unwanted mail."
    "\n\n@{name}, could you call again on Thursday if there is no answer?"
)
REACHED = "I reached him. He has the letter and wants to talk with his family first. No reminder before Monday, please."
CHECKED = "The district still lists the school under its old name. I asked the registrar: it is the same school."


class Noting:
    """Notes about one nominee who has not answered, and about one who waits to be screened."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name

    def put_on_stage(self) -> None:
        """A question, its answer two days later, and a note that tells nobody."""
        world, stage = self.world, self.world.stage
        stage.at(world.this(35, 9.2), self.ask)
        stage.at(world.this(35, 13), self.open)
        stage.at(world.this(37, 16.6), self.answer)
        stage.at(world.this(38, 10), self.remark)

    def _file(self) -> NomineeFile:
        mine = NomineeFile.cycle_id == self.world.cycle_id, NomineeFile.name_key == person_key(self.name)
        return db.session.scalars(select(NomineeFile).where(*mine, NomineeFile.joined_into_id.is_(None))).one()

    def ask(self) -> None:
        """Sam asks Sofia, by her name in the text."""
        name = self.world.who("sofia").name.split()[0]
        notes.write(self.world.who("sam"), self._file(), CALLED.format(name=name))

    def open(self) -> None:
        """Sofia opens it."""
        notes.see(self.world.who("sofia"), self._file())

    def answer(self) -> None:
        """Sofia answers; it stands on Sam's desk."""
        sam = self.world.who("sam")
        notes.write(self.world.who("sofia"), self._file(), REACHED, [sam.public_id], answers=True)

    def remark(self) -> None:
        """About another file, for whoever screens it."""
        waits = (NomineeFile.consent == "accepted", NomineeFile.screening == "unscreened")
        query = select(NomineeFile).where(NomineeFile.cycle_id == self.world.cycle_id, *waits)
        file = db.session.scalars(query.order_by(NomineeFile.id).limit(1)).first()
        if file is not None:
            notes.write(self.world.who("sam"), file, CHECKED)
