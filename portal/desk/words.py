"""The record and the mail in words: states with their tags, verbs as people say them."""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core import delivery
from portal.core.audit import AuditEntry
from portal.core.clock import clock_time, day, now
from portal.desk.rules import UNDELIVERED

# (kind of tag, word) of a message's state.
MAIL_STATES = {
    "queued": ("half", _l("On its way")),
    "held": ("wait", _l("Held back")),
    "sent": ("ok", _l("Sent")),
    "failed": ("bad", _l("Failed")),
    "bounced": ("bad", _l("Came back")),
    "canceled": ("no", _l("Canceled")),
}
MAIL_VERBS = {
    "hold": _l("Hold it back"),
    "release": _l("Send it now"),
    "resend": _l("Send it again"),
    "cancel": _l("Cancel it"),
}
# Of a letter that did not arrive, the same verbs in other words.
ADDRESS_IS_RIGHT = _l("The address is right: send it again")
SET_ASIDE = _l("Set it aside")


def mail_state(message: Any) -> tuple[str, Any]:
    """The tag of a message: its state, or until when it waits."""
    waits = message.state == "queued" and message.not_before is not None and message.not_before > now()
    if not waits:
        return MAIL_STATES[message.state]
    return "wait", _("Waits until %(when)s", when=f"{day(message.not_before)}, {clock_time(message.not_before)}")


def verb_words(message: Any) -> dict[str, Any]:
    """What the buttons of a message say."""
    if message.state not in UNDELIVERED:
        return MAIL_VERBS
    doubted = message.kind in (*delivery.OF_THE_ADDRESS, "stopped")
    return {**MAIL_VERBS, "cancel": SET_ASIDE, **({"resend": ADDRESS_IS_RIGHT} if doubted else {})}


def problem_words(message: Any) -> delivery.Words | None:
    """Why a letter did not arrive and what to do about it; None when nothing is wrong with it."""
    if not message.kind and not message.problem:
        return None
    return delivery.KINDS.get(message.kind, delivery.KINDS["other"])


# (kind of tag, word) of how a silent school stands to a letter to its contact; see `queries.silent`.
STANDINGS = {
    "ready": ("open", _l("Not written to yet")),
    "written": ("ok", _l("Written to")),
    "no_contact": ("wait", _l("No contact")),
    "asked_not": ("no", _l("Asked not to be written to")),
    "came_back": ("bad", _l("Mail came back")),
}

# What happened, by the record's verb; a verb that is not here is shown as it is written.
VERBS: dict[str, Any] = {
    "announcement.announce": _l("The winners were announced"),
    "announcement.letters_held": _l("The letters of the announcement were held back"),
    "announcement.letters_released": _l("The letters of the announcement were let go"),
    "assignment.decline": _l("A file was handed back"),
    "assignment.recuse": _l("A reviewer stepped back from a file"),
    "assignment.reinstate": _l("A reviewer may read a file again"),
    "assignment.reinstate_scored": _l("A reviewer’s scores of a file count again"),
    "assignment.reinstatement_asked": _l("A reviewer asked to read a file again"),
    "assignment.release": _l("A file was given to a reviewer"),
    "assignment.released": _l("Files were given to reviewers"),
    "assignment.score": _l("A file was scored"),
    "assignment.take_back": _l("A file was taken back from a reviewer"),
    "assignment.taken_back": _l("A file was taken back from a reviewer"),
    "assignment_plan.asked": _l("A plan of assignments was asked for"),
    "assignment_plan.block": _l("No plan of assignments could be made"),
    "assignment_plan.discard": _l("A plan of assignments was put away"),
    "assignment_plan.propose": _l("A plan of assignments is ready"),
    "assignment_plan.release": _l("A plan of assignments was released"),
    "block.removed": _l("A block of the agenda was removed"),
    "block.written": _l("A block of the agenda was written"),
    "bulk.finish": _l("An act on many files was done"),
    "bulk.start": _l("An act on many files was begun"),
    "bulk.take_back": _l("Somebody began to take an act on many files back"),
    "bulk.taken_back": _l("An act on many files was taken back"),
    "collective_invitation.accept": _l("A winner joined the Collective"),
    "collective_invitation.decline": _l("A winner did not join the Collective"),
    "collective_invitation.expire": _l("An invitation to the Collective expired"),
    "collective_invitation.made": _l("A winner was invited to the Collective"),
    "collective_invitation.revoke": _l("An invitation to the Collective was taken back"),
    "collective_invitation.send_again": _l("An invitation to the Collective was sent again"),
    "conflict.declared": _l("A conflict of interest was declared"),
    "conflict.found": _l("A conflict of interest was found"),
    "consent.accept": _l("The nominee accepted"),
    "consent.ask": _l("The nominee was asked"),
    "consent.call_back": _l("The letter to a nominee was called back before it left"),
    "consent.decline": _l("The nominee declined"),
    "consent.erase": _l("The nominee was erased"),
    "consent.remind": _l("The nominee was reminded"),
    "consent.reminder_called_back": _l("A reminder was called back before it left"),
    "consent.told_nominators": _l("Those who wrote were told the answer"),
    "convening.agenda_released": _l("The agenda was released"),
    "convening.changed": _l("The convening was changed"),
    "convening.made": _l("A convening was made"),
    "convening.published": _l("The convening was published"),
    "correction.confirm": _l("A correction was confirmed"),
    "correction.proposed": _l("A correction was proposed"),
    "correction.withdraw": _l("A correction was taken back"),
    "cycle.announced": _l("The awards were announced"),
    "cycle.schools_written_to": _l("The contacts of silent schools were written to"),
    "cycle.publish": _l("The year was published"),
    "cycle.window_moved": _l("A date of the cycle was moved"),
    "decision.announce": _l("A decision was announced"),
    "decision.by_hand": _l("A file was decided by hand, with a reason"),
    "decision.confirm": _l("A decision was confirmed"),
    "decision.corrected": _l("A decision was corrected"),
    "decision.propose_again": _l("A decision was proposed again"),
    "decision.reasons_erased": _l("The reasons of decisions about an erased nominee were erased"),
    "decision.reopen": _l("A decision was opened again"),
    "decision.withdraw": _l("A proposed decision was taken back"),
    "decisions.confirmed": _l("The decisions were confirmed"),
    "decisions.proposed": _l("The decisions were proposed"),
    "decisions.reopened": _l("The decisions were opened again"),
    "district.made": _l("A district was made"),
    "file.address_confirmed": _l("The nominee’s address was found right"),
    "file.address_set": _l("The nominee’s address was written"),
    "file.corrected": _l("Name, school or position was corrected"),
    "file.join_undone": _l("A join of files was undone"),
    "file.joined": _l("Two nominee files were joined"),
    "file.joined_into": _l("A file was joined into another"),
    "file.made_by_split": _l("A file was split off from another"),
    "file.school_chosen": _l("A school that was not listed was found in the directory"),
    "file.school_open_again": _l("A school is no longer marked as outside our districts"),
    "file.school_outside": _l("A school was marked as outside our districts"),
    "file.split": _l("A nominee file was split"),
    "file.stands_alone": _l("A nomination got a file of its own"),
    "file.story_chosen": _l("A story was chosen for the readers"),
    "file.story_cleared": _l("A story is no longer chosen for the readers"),
    "file.withdrawn": _l("The nominee withdrew"),
    "import.changed": _l("How an import is read was changed"),
    "import.finished": _l("An import was finished"),
    "import.reported": _l("The dry run of an import was finished"),
    "import.started": _l("An import was started"),
    "import.tried": _l("The dry run of an import was started"),
    "letter.edited": _l("A letter was edited"),
    "member.become_emeritus": _l("A member of the Collective became emeritus"),
    "member.come_back": _l("A member of the Collective came back from leave"),
    "member.go_on_leave": _l("A member of the Collective went on leave"),
    "member.joined": _l("A member joined the Collective"),
    "member.reinstate": _l("A member was taken into the Collective again"),
    "member.remove": _l("A member was removed from the Collective"),
    "member.visibility_changed": _l("A member changed who sees the profile"),
    "message.bounce": _l("A letter came back"),
    "message.cancel": _l("A letter was canceled"),
    "message.fail": _l("A letter could not be sent"),
    "message.hold": _l("A letter was held back"),
    "message.release": _l("A letter was let go"),
    "message.resend": _l("A letter was sent again"),
    "message.send": _l("A letter went out"),
    "nomination.address_corrected": _l("A nominator’s address was corrected"),
    "nomination.changed": _l("A nomination was changed"),
    "nomination.confirm": _l("A nominator’s address was proven"),
    "nomination.expire": _l("A nomination expired"),
    "nomination.found_aside": _l("A nomination was judged not to be honest"),
    "nomination.found_honest": _l("A nomination was found honest"),
    "nomination.imported": _l("A nomination was imported"),
    "nomination.longer_row": _l("A longer story replaced a shorter one in an import"),
    "nomination.mark_spam": _l("A nomination was marked as spam"),
    "nomination.repeated": _l("A nomination was sent twice"),
    "nomination.resume": _l("A nominator went on with an expired draft"),
    "nomination.submit": _l("A nomination was sent"),
    "nomination.unmark_spam": _l("A nomination is no longer marked as spam"),
    "nomination.withdraw": _l("A nomination was withdrawn"),
    "note.deleted": _l("A note about a nominee was deleted"),
    "note.edited": _l("A note about a nominee was changed"),
    "note.opened": _l("A note was opened by somebody it tells"),
    "note.written": _l("A note about a nominee was written"),
    "pair.keep_apart": _l("Two files were kept apart"),
    "pair.reopen": _l("The decision about two files was taken back"),
    "panel.close": _l("The panel was closed"),
    "panel.due_set": _l("The panel’s due date was set"),
    "panel.made": _l("A panel was made"),
    "panel.open": _l("The panel began to score"),
    "panel.reminded": _l("Reviewers were reminded"),
    "panel.reopen": _l("The panel was opened again"),
    "person.sign_in_link_made": _l("A sign-in link was made"),
    "person.signed_in": _l("Somebody signed in"),
    "person.signed_out_elsewhere": _l("Somebody was signed out of other browsers"),
    "presenter.accept": _l("A presenter agreed to present"),
    "presenter.confirmed": _l("A presenter confirmed"),
    "presenter.decline": _l("A presenter said no"),
    "presenter.invite_again": _l("A presenter was asked again"),
    "presenter.named": _l("A presenter was named"),
    "presenter.remove": _l("A presenter was taken off a session"),
    "program.changed": _l("The program was changed"),
    "program.loaded": _l("The program’s file was loaded"),
    "program.logo_set": _l("The program’s logo was set"),
    "program.logo_taken_away": _l("The program’s logo was taken away"),
    "proposal.accept": _l("A session proposal was accepted"),
    "proposal.confirm": _l("A session was confirmed by its presenters"),
    "proposal.decline": _l("A session proposal was declined"),
    "proposal.presenters_reminded": _l("The presenters of a session were reminded"),
    "proposal.put_on_standby": _l("A session proposal was put on standby"),
    "proposal.send_back": _l("A session proposal was sent back for a change"),
    "proposal.started": _l("A session proposal was started"),
    "proposal.submit": _l("A session proposal was sent"),
    "proposal.take_up": _l("A session proposal was taken up"),
    "proposal.withdraw": _l("A session proposal was withdrawn"),
    "questions.added": _l("A question was added to a form"),
    "questions.changed": _l("A question of a form was changed"),
    "questions.ordered": _l("The questions of a form were put in another order"),
    "questions.removed": _l("A question was taken out of a form"),
    "questions.restored": _l("A question of a form is asked again"),
    "questions.retired": _l("A question of a form is asked no more"),
    "ranking.asked": _l("A ranking was asked for"),
    "ranking.computed": _l("A ranking was computed"),
    "review.evidence_erased": _l("What readers wrote about an erased nominee was erased"),
    "review.recused": _l("A reviewer stepped back"),
    "review.submit": _l("A review was handed in"),
    "review.supersede": _l("A review was replaced by a newer one"),
    "role.ended": _l("A role ended"),
    "role.granted": _l("A role was given"),
    "role_invitation.accept": _l("An invitation to a role was accepted"),
    "role_invitation.decline": _l("An invitation to a role was declined"),
    "role_invitation.expire": _l("An invitation to a role expired"),
    "role_invitation.revoke": _l("An invitation to a role was taken back"),
    "role_invitation.send_again": _l("An invitation to a role was sent again"),
    "role_invitation.sent": _l("Somebody was invited to a role"),
    "room.removed": _l("A room was removed"),
    "room.written": _l("A room was written down"),
    "rubric.frozen": _l("The rubric was frozen"),
    "school.added": _l("A school was added to the directory"),
    "school.closed": _l("A school was closed in the directory"),
    "school.edited": _l("A school was corrected in the directory"),
    "school.reopened": _l("A school was opened again in the directory"),
    "school_contact.asked_not": _l("A school’s contact is not written to any more"),
    "school_contact.may_be_written_to": _l("A school’s contact may be written to again"),
    "school_import.apply": _l("A file of schools was taken over"),
    "school_import.discard": _l("A file of schools was put away"),
    "school_import.fail": _l("A file of schools could not be read"),
    "school_import.finish": _l("The schools of a file are in the directory"),
    "school_import.plan": _l("A file of schools was compared with the directory"),
    "school_import.read": _l("A file of schools was read"),
    "screening.find_eligible": _l("The nominee was found eligible"),
    "screening.find_ineligible": _l("The nominee was found not eligible"),
    "screening.take_back": _l("The decision about a nominee was taken back"),
    "screening.reason": _l("The reason of a screening was changed"),
    "seat.accept": _l("A reviewer joined the panel"),
    "seat.decline": _l("A reviewer did not join the panel"),
    "seat.edited": _l("A seat of the panel was changed"),
    "seat.invite_again": _l("A reviewer was invited again"),
    "seat.invited": _l("A reviewer was invited"),
    "seat.remove": _l("A reviewer was taken off the panel"),
    "session.canceled": _l("A session was canceled"),
    "session.made": _l("A session was made"),
    "session.placed": _l("A session was placed on the agenda"),
    "session.taken_off": _l("A session was taken off the agenda"),
    "session.written": _l("A session was written down"),
    "tie.cancel": _l("A vote on a tie ended: a newer ranking has no such tie"),
    "tie.close": _l("A vote on a tie was counted"),
    "tie.decide": _l("A tie was decided"),
    "tie.open_again": _l("A vote on a tie was opened again"),
    "tie.opened": _l("A vote on a tie was opened"),
    "tie.voted": _l("A vote on a tie was cast"),
    "view.changed": _l("A shared view of the files was changed"),
    "view.deleted": _l("A shared view of the files was deleted"),
    "view.shared": _l("A view of the files was shared"),
    "view.unshared": _l("A view of the files is shared no longer"),
}
# Facts of these say who is ahead: the record keeps them, the page does not show them.
SILENT = ("decision", "correction.", "ranking.", "tie.", "review.", "score.")


class Row(NamedTuple):
    """An entry as the history page shows it."""

    entry: AuditEntry
    text: Any
    who: str
    facts: str


def verb(written: str) -> Any:
    """The verb in words."""
    return VERBS.get(written) or written.replace(".", ": ").replace("_", " ")


def actor(written: str, names: dict[str, str]) -> str:
    """Who acted: a name, or what kind of hand it was."""
    if written.startswith("person:"):
        return names.get(written) or _("Somebody who is no longer here")
    if written.startswith("link:"):
        return _("by a mailed link")
    hands = {
        "system": _("by itself"),
        "operator": _("the operator"),
        "nominator": _("a nominator"),
        "nominee": _("a nominee"),
    }
    return hands.get(written, written)


def entry(found: AuditEntry, names: dict[str, str]) -> Row:
    """One entry in words; facts as "word: value", without hashes and without what tells who is ahead."""
    shown = (
        ""
        if found.verb.startswith(SILENT)
        else "; ".join(_fact(k, v) for k, v in sorted(found.facts.items()) if _plain(v))
    )
    return Row(found, verb(found.verb), actor(found.actor, names), shown)


def _plain(value: Any) -> bool:
    return value not in (None, "", [], {}) and not (isinstance(value, str) and "$" in value and len(value) > 60)


def _fact(name: str, value: Any) -> str:
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{name.replace('_', ' ')}: {said}"
