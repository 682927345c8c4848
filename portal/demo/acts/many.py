"""Organizers act on many files at once: the button of the list, pressed."""

from typing import Any

from sqlalchemy import ColumnElement, select

from portal.core.db import db, transaction
from portal.demo.stage import work
from portal.demo.words.evidence import SCREENING
from portal.demo.world import World
from portal.nominations.actions import bulk
from portal.nominations.actions.bulk_acts import ACTS
from portal.nominations.models import NomineeFile
from portal.nominations.rules.files import terms_of
from portal.programs.models import District


class Many:
    """One cycle's acts on many files; each opens its own transactions, as the page does."""

    def __init__(self, world: World, cycle_id: int) -> None:
        self.world, self.cycle_id = world, cycle_id

    def screen_closed(self, most: int) -> None:
        """Some of those whose position is not one of the award's are told apart before anybody writes to them."""
        closed = terms_of(self.world.program.settings).closed_positions
        given = {"reason": SCREENING["position"], "rules": ["position"]}
        self._do("sam", "ineligible", self._files(NomineeFile.position_key.in_(closed), most=most), given)

    def place_some(self, most: int) -> None:
        """Schools that nobody knows yet, but the district is plain."""
        first = select(District.id).where(District.program_id == self.world.program_id).order_by(District.id).limit(1)
        unknown = NomineeFile.school_id.is_(None), NomineeFile.district_id.is_(None), ~NomineeFile.outside
        self._do("sofia", "district", self._files(*unknown, most=most), {"district": db.session.scalar(first)})

    def _files(self, *wanted: ColumnElement[bool], most: int) -> list[int]:
        mine = NomineeFile.cycle_id == self.cycle_id, NomineeFile.joined_into_id.is_(None)
        query = select(NomineeFile.id).where(*mine, NomineeFile.consent != "erased", *wanted)
        return list(db.session.scalars(query.order_by(NomineeFile.id).limit(most)))

    def _do(self, who: str, name: str, file_ids: list[int], given: dict[str, Any]) -> None:
        act, cycle = ACTS[name], self.world.cycle
        planned = bulk.plan(cycle, act, file_ids)
        if not planned:
            return
        with transaction():
            kept = bulk.keep(self.world.who(who), cycle, act, planned).id
        with transaction():
            bulk.start(self.world.who(who), kept, given)
        work(bulk.JOB)
