"""What organizers do with a nominee file: screen it, correct it, choose the stories scorers see, set spam aside."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.core.moves import move
from portal.nominations.actions import matching
from portal.nominations.actions.matching import Educator
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries.eligibility import known_of
from portal.nominations.queries.files import voices_in
from portal.nominations.rules import NOMINATION, SCREENING
from portal.nominations.rules.eligibility import SURE, matches
from portal.nominations.rules.files import LIVE, MANAGE_FILES, doubt, terms_of


def screen(by: Any, file: NomineeFile, *, eligible: bool, reason: str = "", rules: Sequence[str] = ()) -> None:
    """Finds the nominee eligible or not; `rules` are the keys of the eligibility rules that are not met.

    A reason is asked for whenever somebody may wonder later: not eligible, a decision changed, or eligible although a
    rule is not met, the person was erased before, or the voices do not qualify the file yet. Else it raises Mistaken.
    """
    demand(by, MANAGE_FILES, file)
    if file.joined_into_id:
        raise Mistaken(_("This file was joined into another one. Screen that one."))
    if not reason and not (rules and not eligible) and needs_reason(file, eligible=eligible):
        raise Mistaken(_("Write the reason in a sentence. The record keeps it for whoever asks later."))
    verb = "find_eligible" if eligible else "find_ineligible"
    changes = {"screened_at": now(), "screening_reason": reason}
    facts: dict[str, Any] = {"rules": list(rules)} if rules and not eligible else {}
    if reason:
        facts["reason"] = audit.seal(reason)
    if SCREENING[verb][1] == file.screening:  # the same decision again: only its reason changes
        file.screening_reason = reason
        audit.record(by, "screening.reason", file, **facts)
        return
    move(SCREENING, verb, file, by, column="screening", changes=changes, **facts)


def needs_reason(file: NomineeFile, *, eligible: bool) -> bool:
    """Whether this decision has to be explained."""
    if not eligible or file.screening != "unscreened":
        return True
    terms = terms_of(file.cycle.program.settings)
    if file.position_key in terms.closed_positions or file.erased_before:
        return True
    if any(match.how in SURE for match in matches(file, known_of(file.cycle)).values()):
        return True
    query = select(Nomination).where(Nomination.file_id == file.id, Nomination.state.in_(LIVE))
    return doubt(voices_in(list(db.session.scalars(query)), terms), terms) is not None


def correct(by: Any, file: NomineeFile, educator: Educator) -> None:
    """Puts the right name, school and position into the file; what nominators wrote stays as it is."""
    demand(by, MANAGE_FILES, file)
    matching.lock(file.cycle)
    before = {name: getattr(file, name) for name in ("name", "school_key", "district_id", "position", "position_key")}
    was = audit.seal(f"{file.name}\n{file.school_name}\n{file.position}")
    matching.rename(file, educator)
    changed = sorted({name.partition("_")[0] for name, value in before.items() if getattr(file, name) != value})
    if changed:
        audit.record(by, "file.corrected", file, changed=changed, before=was)


def choose_story(by: Any, nomination: Nomination) -> None:
    """Makes this the one story of its group that scorers see; another one chosen before steps back."""
    demand(by, MANAGE_FILES, nomination)
    if nomination.state != "confirmed" or nomination.file_id is None:
        raise Mistaken(_("Only a nomination whose address is proven can be shown to the panel."))
    # One statement turns the one on and any other off, so that two people who choose at once leave one story.
    statement = update(Nomination).where(
        Nomination.file_id == nomination.file_id,
        Nomination.relation_group == nomination.relation_group,
        or_(Nomination.shown, Nomination.id == nomination.id),
    )
    chosen = statement.values(shown=Nomination.id == nomination.id)
    db.session.execute(chosen.execution_options(synchronize_session=False))
    db.session.expire(nomination, ["shown"])
    facts = {"group": nomination.relation_group, "nomination": nomination.public_id}
    audit.record(by, "file.story_chosen", nomination.file, None, **facts)


def clear_story(by: Any, nomination: Nomination) -> None:
    """Takes the choice back: the group's story is again the one that the rule proposes."""
    demand(by, MANAGE_FILES, nomination)
    if not nomination.shown or nomination.file_id is None:
        return
    nomination.shown = False
    facts = {"group": nomination.relation_group, "nomination": nomination.public_id}
    audit.record(by, "file.story_cleared", nomination.file, None, **facts)


def mark_spam(by: Any, nomination: Nomination) -> None:
    """Sets a nomination aside: it counts for nothing and nobody sees it, until somebody takes that back."""
    demand(by, MANAGE_FILES, nomination)
    move(NOMINATION, "mark_spam", nomination, by, changes={"shown": False})


def unmark_spam(by: Any, nomination: Nomination) -> None:
    """Takes it back: the nomination stands where it stood, proven or not."""
    demand(by, MANAGE_FILES, nomination)
    if living_twin(nomination):
        raise Mistaken(_("The same person has written about this educator again since. That nomination stands."))
    move(NOMINATION, "unmark_spam", nomination, by)
    if nomination.confirmed_at is not None:
        move(NOMINATION, "confirm", nomination, by)


def living_twin(nomination: Nomination) -> Nomination | None:
    """Another living nomination of the same file by the same person."""
    query = select(Nomination).where(
        Nomination.file_id == nomination.file_id,
        Nomination.nominator_email == nomination.nominator_email,
        Nomination.state.in_(LIVE),
        Nomination.id != nomination.id,
    )
    return db.session.scalar(query.limit(1))
