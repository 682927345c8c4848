"""What organizers do with a nominee file: screen it, correct it, choose the stories scorers see, set spam aside."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from portal.core import audit
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Mistaken
from portal.core.moves import move, move_all
from portal.nominations.actions import matching
from portal.nominations.actions.matching import Educator
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries.eligibility import known_of
from portal.nominations.queries.files import voices_by_file
from portal.nominations.queries.holds import with_panel
from portal.nominations.queries.nomination import first_of
from portal.nominations.rules import NOMINATION, SCREENING
from portal.nominations.rules.eligibility import SURE, matches
from portal.nominations.rules.files import MANAGE_FILES, doubt, terms_of
from portal.programs.models import District


def screen(by: Any, file: NomineeFile, *, eligible: bool, reason: str = "", rules: Sequence[str] = ()) -> None:
    """Finds the nominee eligible or not; `rules` are the keys of the eligibility rules that are not met.

    A reason is asked for whenever somebody may wonder later: not eligible and no rule is named, a decision changed, or
    eligible although a rule is not met, the person was erased before, or the voices do not qualify the file yet.
    Raises Mistaken without it.
    """
    demand(by, MANAGE_FILES, file)
    if file.joined_into_id:
        raise Mistaken(_("This file was joined into another one. Screen that one."))
    if not reason and not (rules and not eligible) and needs_reason(file, eligible=eligible):
        raise Mistaken(_("Write the reason in a sentence. The record keeps it for whoever asks later."))
    verb, changes, facts = _decision(eligible, reason, rules)
    if SCREENING[verb][1] == file.screening:  # the same decision again: only its reason changes
        file.screening_reason = reason
        audit.record(by, "screening.reason", file, **facts)
        return
    move(SCREENING, verb, file, by, column="screening", changes=changes, **facts)


def screen_all(
    by: Any, files: Sequence[NomineeFile], *, eligible: bool, reason: str = "", rules: Sequence[str] = (), **facts: Any
) -> list[NomineeFile]:
    """`screen` for each of these files of one cycle that nobody has screened, in a fixed number of statements; which
    it screened. Whoever would need a reason that is not given is left as they are.
    """
    for file in files:
        demand(by, MANAGE_FILES, file)
    if not eligible and not reason and not rules:
        raise Mistaken(_("Write the reason in a sentence. The record keeps it for whoever asks later."))
    open_ones = [file for file in files if file.joined_into_id is None and file.screening == "unscreened"]
    if eligible and not reason:
        doubtful = to_explain(open_ones)
        open_ones = [file for file in open_ones if file.id not in doubtful]
    verb, changes, more = _decision(eligible, reason, rules)
    changed: dict[str, Any] = {"column": "screening", "changes": changes, "only": ("unscreened",)}
    return move_all(SCREENING, verb, open_ones, by, **changed, **more, **facts)


def _decision(eligible: bool, reason: str, rules: Sequence[str]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The verb, what it writes, and what the record keeps."""
    facts: dict[str, Any] = {"rules": list(rules)} if rules and not eligible else {}
    if reason:
        facts["reason"] = audit.seal(reason)
    verb = "find_eligible" if eligible else "find_ineligible"
    return verb, {"screened_at": now(), "screening_reason": reason}, facts


def take_back_screenings(by: Any, files: Sequence[NomineeFile], **facts: Any) -> list[NomineeFile]:
    """Nobody has decided about these files after all; which of them wait for screening again.

    Files that the panel has stay as they are: who should leave it is found not eligible, with the reason.
    """
    for file in files:
        demand(by, MANAGE_FILES, file)
    held = with_panel([file.id for file in files]) if files else set()
    free = [file for file in files if file.id not in held and file.joined_into_id is None]
    changes = {"screened_at": None, "screening_reason": ""}
    return move_all(SCREENING, "take_back", free, by, column="screening", changes=changes, **facts)


def put_back_screening(by: Any, file: NomineeFile, decision: str, reason: str) -> None:
    """The decision that was taken back stands again; it was explained when it was made."""
    demand(by, MANAGE_FILES, file)
    verb, changes, facts = _decision(decision == "eligible", reason, ())
    if file.screening != "unscreened":
        raise Mistaken(_("Somebody has screened this file since."))
    move(SCREENING, verb, file, by, column="screening", changes=changes, again=True, **facts)


def needs_reason(file: NomineeFile, *, eligible: bool) -> bool:
    """Whether this decision has to be explained."""
    return not eligible or file.screening != "unscreened" or bool(to_explain([file]))


def to_explain(files: Sequence[NomineeFile]) -> dict[int, str]:
    """Which of these files of one cycle nobody finds eligible without a reason, and why: a key of `HELD`, or "doubt"
    when the voices do not qualify the file. Two queries.
    """
    if not files:
        return {}
    cycle = files[0].cycle
    terms, known = terms_of(cycle.program.settings), known_of(cycle)
    voices = voices_by_file([file.id for file in files], terms)
    why: dict[int, str] = {}
    for file in files:
        sure = [check for check, match in matches(file, known).items() if match.how in SURE]
        if file.position_key in terms.closed_positions or file.erased_before:
            why[file.id] = "erased" if file.erased_before else "position"
        elif sure or doubt(voices[file.id], terms) is not None:
            why[file.id] = sure[0] if sure else "doubt"
    return why


def correct(by: Any, file: NomineeFile, educator: Educator) -> None:
    """Puts the right name, school and position into the file; what nominators wrote stays as it is."""
    demand(by, MANAGE_FILES, file)
    matching.lock(file.cycle)
    before = {name: getattr(file, name) for name in ("name", "school_key", "district_id", "position", "position_key")}
    was = audit.seal(f"{file.name}\n{file.school_name}\n{file.position}")
    matching.rename(file, educator)
    changed = sorted({name.partition("_")[0] for name, value in before.items() if getattr(file, name) != value})
    if changed:
        matching.show_anew(file.cycle)
        audit.record(by, "file.corrected", file, changed=changed, before=was)


def set_district(by: Any, files: Sequence[NomineeFile], district: District | None, **facts: Any) -> list[NomineeFile]:
    """Writes the district into those of the files whose school is not in the directory (else it is the school's);
    which of them have another one now.
    """
    number, name = (district.id, district.name) if district else (None, "")
    changed = []
    for file in files:
        demand(by, MANAGE_FILES, file)
        if file.school_id is None and file.joined_into_id is None and file.district_id != number:
            file.district_id = number
            file.search = matching.search_text(file, name)
            audit.record(by, "file.corrected", file, changed=["district"], **facts)
            changed.append(file)
    if changed:
        matching.compare_soon(changed[0].cycle_id)
        matching.show_anew(changed[0].cycle)
        db.session.flush()
        for file in changed:
            db.session.expire(file, ["district"])
    return changed


def choose_story(by: Any, nomination: Nomination) -> None:
    """Makes this the one story of its group that scorers see; another one chosen before steps back."""
    demand(by, MANAGE_FILES, nomination)
    if nomination.state != "confirmed" or nomination.file_id is None:
        raise Mistaken(_("Only a nomination whose address is proven can be shown to the panel."))
    group = Nomination.file_id == nomination.file_id, Nomination.relation_group == nomination.relation_group
    # Locked whole, in the order in which everybody locks nominations: of two people who choose at once, the second sees
    # what the first has turned on, and turns it off.
    db.session.execute(select(Nomination.id).where(*group).order_by(Nomination.id).with_for_update())
    chosen = update(Nomination).where(*group, or_(Nomination.shown, Nomination.id == nomination.id))
    sweep(chosen.values(shown=Nomination.id == nomination.id))
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
    if first_of(nomination.file_id, nomination.nominator_email, nomination):
        raise Mistaken(_("The same person has written about this educator again since. That nomination stands."))
    move(NOMINATION, "unmark_spam", nomination, by)
    if nomination.confirmed_at is not None:
        move(NOMINATION, "confirm", nomination, by)
