"""The ranking is computed, the tie at the line settled, winners proposed, confirmed by a second person, announced."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.db import db
from portal.demo.stage import work
from portal.demo.words.evidence import BY_HAND, TIE_REASON
from portal.demo.world import World
from portal.nominations.models import NomineeFile
from portal.programs.models import Round
from portal.selection import actions, queries
from portal.selection.line import Line
from portal.selection.models import RankingRun
from portal.selection.queries import voting
from portal.selection.rules import Room


@dataclass
class Deciding:
    """One round's results, by the order of the plain means (`raw`) or the adjusted ones."""

    world: World
    round_id: int
    order: str = "raw"

    def room(self, person: Person) -> Room:
        found = queries.room_of(person, db.session.get_one(Round, self.round_id))
        assert found is not None
        return found

    def ask(self) -> None:
        sam = self.world.who("sam")
        actions.ask_for_ranking(sam, self.room(sam))

    def compute(self) -> None:
        """The job that computes it."""
        work("selection.rank")

    def run(self) -> RankingRun:
        found = queries.latest_run(self.round_id)
        assert found is not None
        return found

    def line(self) -> Line:
        return queries.line_of(self.run(), self.order)

    def vote(self) -> None:
        """The chair opens the panel's vote on the tied files; all but two readers rank them, and do not agree; then it
        is closed."""
        if not self.line().open_files:
            return
        chen = self.world.who("chen")
        vote = actions.open_vote(chen, self.room(chen), self.order)
        if vote.state != "open":
            return
        held = voting.ballots(vote)
        for at, one in enumerate(held[: max(1, 2 * ((len(held) - 2) // 2))]):
            booth = queries.booth(one.person, vote.public_id)
            assert booth is not None
            actions.cast_ballot(one.person, booth, sorted(vote.file_ids, reverse=bool(at % 2)))
        if vote.state == "open":
            actions.close_vote(chen, self.room(chen), vote)

    def settle(self) -> None:
        """What the vote left tied, the chair decides, with a reason that can be read aloud."""
        line = self.line()
        if line.open_files and line.tie is not None:
            chen = self.world.who("chen")
            chosen = sorted(line.open_files)[: line.tie.places_left]
            actions.decide_tie(chen, self.room(chen), self.order, chosen, TIE_REASON)

    def propose(self) -> None:
        """The line's winners, and two honorable mentions by hand."""
        sam = self.world.who("sam")
        room = self.room(sam)
        actions.propose_at_line(sam, room, self.order, self.run().public_id)
        line = self.line()
        below = [file_id for file_id in line.ordered if file_id not in line.above]
        for file_id, reason in zip(below[1:3], BY_HAND, strict=True):
            file = db.session.get_one(NomineeFile, file_id)
            actions.decide_by_hand(sam, room, file, "honorable_mention", reason)

    def confirm(self) -> None:
        sofia = self.world.who("sofia")
        actions.confirm(sofia, self.room(sofia))

    def announce(self) -> None:
        """The letters are drafted and everything is told at once."""
        sam = self.world.who("sam")
        round_ = db.session.scalars(select(Round).where(Round.id == self.round_id)).one()
        actions.announce(sam, actions.draft(sam, round_.cycle))
