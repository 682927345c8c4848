"""Sending a nomination, changing and withdrawing what was sent, and proving the nominator's address."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, or_, select

from portal.core import access, audit, links, outbox
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.core.moves import move
from portal.core.names import person_key
from portal.core.outbox import Letter
from portal.nominations.actions import marking, matching, seconding
from portal.nominations.actions.drafts import HOUR, OPEN_LINK, locked
from portal.nominations.actions.matching import Educator
from portal.nominations.mail import nominator as mail
from portal.nominations.models import FileNote, Nomination, NomineeFile
from portal.nominations.queries import nomination as reads
from portal.nominations.queries.seconding import SECOND_LINK
from portal.nominations.rules import NOMINATION
from portal.nominations.rules.nominate import SENT, form_settings, nominations_are_open, receipt_code, was_sent
from portal.questions.actions import forget_files

PROOF_LINK = "nomination-proof"
NOMINATOR = "nominator"  # how the record names somebody without an account
MOST_LETTERS = 20  # letters an hour to one address; more wait for staff to look at


def send(nomination: Nomination, values: dict[str, Any], educator: Educator) -> None:
    """Sends the draft, or the changes to what was sent; sent twice it stays as it is.

    `values` are the columns from the checked answers, `educator` the same person for matching. A second nomination of
    the same educator by the same address stays a draft: its pages look as ever, and a letter leads to the first one.
    Raises Mistaken when nominations are closed, or when a proven nomination would double another one of its address.
    """
    sent = locked(nomination)
    if sent.state not in ("draft", "submitted", "confirmed") or (was_sent(sent) and sent.step == SENT):
        return
    if not nominations_are_open(sent.cycle, now()):
        raise Mistaken(_("Nominations are closed. What you wrote is kept."))
    if sent.state == "draft":
        _submit(sent, values, educator)
    else:
        _change(sent, values, educator)


def _filled(nomination: Nomination, values: dict[str, Any]) -> dict[str, Any]:
    """The columns of a nomination that is sent with these values; files that no answer names any more are forgotten."""
    said = values.get("said", nomination.said)
    if any("n" in given for given in said.values()):
        forget_files([audit.name_of(nomination)], keep=[given["a"] for given in said.values() if "n" in given])
    child = {"child_name": nomination.answers.get("child", "")} if nomination.for_child else {}
    return {**values, **child, "step": SENT, "looked_at": None}  # fair play looks at it as it is now


def _fill(nomination: Nomination, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(nomination, name, value)


def _submit(draft: Nomination, values: dict[str, Any], educator: Educator) -> None:
    matching.lock(draft.cycle)
    file = matching.seconded(draft, educator) or matching.find(draft.cycle, educator)
    first = reads.first_of(file.id, values["nominator_email"], draft) if file else None
    columns = {**_filled(draft, values), "receipt": receipt_code(draft.public_id)}
    if first is not None:
        _fill(draft, columns)
        audit.record(NOMINATOR, "nomination.repeated", draft, first=first.public_id)
        _tell_of_first(draft, first)
        return
    file = file or matching.make(draft.cycle, educator)
    matching.fill_gaps(file, educator)
    facts = {"file": file.public_id, "group": columns["relation_group"], "story": audit.seal(columns["story"])}
    changes = {**columns, "file_id": file.id, "submitted_at": now()}  # one statement writes and moves
    move(NOMINATION, "submit", draft, NOMINATOR, changes=changes, **facts)
    _send_receipt(draft)


def _put(letter: Any) -> None:
    """Queues the letter; a flood to one address waits until staff have looked at it."""
    outbox.put(letter, hold=reads.letters_lately(letter.to, now() - HOUR) >= MOST_LETTERS)


def _send_receipt(nomination: Nomination, *, again: bool = False) -> None:
    _put(_receipt(nomination, again=again)[0])


def _receipt(nomination: Nomination, *, again: bool) -> tuple[Letter, links.Link]:
    proof, own = links.write([_proof(nomination), _own(nomination, nomination.nominator_email)])
    return mail.receipt(nomination, proof, own, seconding.offer(nomination), again=again), proof


def prove_anew(nomination: Nomination) -> None:
    """The receipt with new links, after the old ones were revoked: never taken for one that is on its way already."""
    letter, proof = _receipt(nomination, again=True)
    _put(replace(letter, key=f"nomination-receipt:{proof.public_id}"))


def _tell_of_first(draft: Nomination, first: Nomination, *, again: bool = False) -> None:
    """A link to the first one goes only to an address that has proven itself, or still has to."""
    (own,) = (None,) if first.address_by_staff else links.write([_own(first, first.nominator_email)])
    _put(mail.nominated_before(draft, first, own, again=again))


def _proof(nomination: Nomination) -> links.Link:
    lasts = timedelta(days=form_settings(nomination.cycle.program).confirm_within_days)
    return links.draft(PROOF_LINK, nomination.id, email=nomination.nominator_email, lasts=lasts)


def _own(nomination: Nomination, address: str) -> links.Link:
    return links.draft(OPEN_LINK, nomination.id, email=address)


def _change(sent: Nomination, values: dict[str, Any], educator: Educator) -> None:
    """Puts the changed answers in the place of the sent ones. An unproven address may change too, and is proven anew.

    Whoever changes an unproven nomination into one that its address has sent already must not learn of it: the row
    stays as it was sent, the pages look as ever, and a letter leads the address's owner to the first one.
    """
    matching.lock(sent.cycle)
    before = sent.nominator_email
    if sent.state == "confirmed":
        values = {**values, "nominator_email": before}
    target = _target(sent, educator)
    first = reads.first_of(target.id, values["nominator_email"], sent) if target else None
    if first is not None and sent.state == "confirmed":
        raise Mistaken(_("You have nominated this educator already. The link to it is in the mail we sent you then."))
    if first is None:
        facts = _apply(sent, values, educator, target)
        seconding.offer(sent)
        audit.record(NOMINATOR, "nomination.changed", sent, **facts)
    else:
        sent.step = SENT
        audit.record(NOMINATOR, "nomination.repeated", sent, first=first.public_id)
        _tell_of_first(sent, first, again=True)
    if values["nominator_email"] != before:
        links.revoke(PROOF_LINK, sent.id)
        links.revoke(OPEN_LINK, sent.id)
        if first is None:
            prove_anew(sent)


def _apply(sent: Nomination, values: dict[str, Any], educator: Educator, target: NomineeFile | None) -> dict[str, Any]:
    """Writes the values, and the file they lead to (made when there is none); the facts for the record."""
    file = db.session.get_one(NomineeFile, sent.file_id)
    story, group, own = sent.story, sent.relation_group, _own_address(file, sent)
    into = file if target is file else _leave(file, sent, educator, target, own)
    _fill(sent, _filled(sent, values))
    sent.file_id = into.id
    if target is not file or sent.relation_group != group:
        sent.shown = False  # staff chose it among the stories of another group, or about somebody else
    _tell_address(sent, into, before=own if into is file else "")
    facts: dict[str, Any] = {"story": audit.seal(sent.story)} if story != sent.story else {}
    return facts if into is file else {**facts, "file": into.public_id}


def _own_address(file: NomineeFile, nomination: Nomination) -> str:
    """The file's address while nobody but this proven nomination vouches for it, else ""."""
    if nomination.state != "confirmed" or file.email != nomination.educator_email or not file.email:
        return ""
    return "" if reads.others_vouch(file, nomination) else file.email


def _tell_address(nomination: Nomination, file: NomineeFile, before: str = "") -> None:
    """Writes the educator's address, as a proven nomination names it, into a file that has none, or only the one that
    this nomination alone named `before`: what staff or somebody else wrote there stays.
    """
    if nomination.state != "confirmed" or file.consent != "open" or file.email not in ("", before):
        return
    if file.email == nomination.educator_email:
        return
    file.email = nomination.educator_email
    matching.compare_soon(file.cycle_id)
    marking.look_at([file])


def _target(sent: Nomination, educator: Educator) -> NomineeFile | None:
    """The file the changed answers belong to: the present one while they name the same educator; None: a new one."""
    file = db.session.get_one(NomineeFile, sent.file_id)
    written = person_key(educator.name), educator.school_key
    before = Educator(sent.educator_name, sent.school_name)
    if written in ((file.name_key, file.school_key), (person_key(before.name), before.school_key)):
        return file
    return matching.find(sent.cycle, educator)


def _leave(
    file: NomineeFile, sent: Nomination, educator: Educator, target: NomineeFile | None, own: str
) -> NomineeFile:
    """Where the nomination goes from a file that it no longer fits. A file nobody else is in and nobody has looked at
    goes along: it is renamed, or leads on to the one that was there. `own`: the address that it alone vouches for.
    """
    if not _is_its_own(file, sent, own):
        return matching.make(sent.cycle, educator) if target is None else target
    if target is None:
        matching.rename(file, educator)
        return file
    file.joined_into_id = target.id
    return target


def _is_its_own(file: NomineeFile, sent: Nomination, own: str) -> bool:
    """Whether the file holds nothing but this nomination: no other one, decision, note or address by somebody else."""
    db.session.refresh(file, with_for_update={"key_share": True})  # a note or a decision that is on its way counts too
    if file.consent != "open" or file.screening != "unscreened" or file.joined_into_id or file.email not in ("", own):
        return False
    others = exists().where(Nomination.file_id == file.id, Nomination.id != sent.id)
    notes = exists().where(FileNote.file_id == file.id)
    return not db.session.scalar(select(or_(others, notes)))


def send_letter_again(nomination: Nomination) -> None:
    """Sends once more what followed the sending: the receipt, or the letter that leads to the first nomination."""
    sent = locked(nomination)
    if sent.state == "submitted":
        _send_receipt(sent, again=True)
    elif sent.state == "draft" and was_sent(sent):
        address = sent.nominator_email
        query = select(Nomination).where(
            Nomination.cycle_id == sent.cycle_id,
            Nomination.nominator_email == address,
            Nomination.state.in_(("submitted", "confirmed")),
        )
        for first in db.session.scalars(query):
            if person_key(first.educator_name) == person_key(sent.educator_name):
                _tell_of_first(sent, first, again=True)


def confirm(nomination: Nomination, link: links.Link) -> None:
    """The nominator proves the address by the mailed link, which is used up with all its like."""
    sent = locked(nomination)  # first: whoever corrects the address meanwhile locks it and revokes the link
    links.use(link)
    links.revoke(PROOF_LINK, sent.id)
    if sent.state == "submitted":
        _confirm(sent, f"link:{PROOF_LINK}")


def confirm_by_staff(nomination: Nomination, by: Any) -> None:
    """An organizer vouches for the nominator's address."""
    access.demand(by, "nominations.confirm_by_staff", nomination)
    _confirm(locked(nomination), by)


def _confirm(nomination: Nomination, by: Any) -> None:
    move(NOMINATION, "confirm", nomination, by, changes={"confirmed_at": now()})
    if nomination.file is not None:
        _tell_address(nomination, nomination.file)


def withdraw(nomination: Nomination) -> None:
    """The nominator takes the nomination back; its links prove nothing any more, and its page says what happened."""
    sent = locked(nomination)
    if not nominations_are_open(sent.cycle, now()):
        raise Mistaken(_("Nominations are closed. To withdraw yours, please write to us."))
    proven = sent.state == "confirmed"
    move(NOMINATION, "withdraw", sent, NOMINATOR)
    links.revoke(PROOF_LINK, sent.id)
    if sent.relation_group == "self":
        links.revoke(SECOND_LINK, sent.id)
    if proven:
        _put(mail.withdrawn(sent))


def remind(nomination: Nomination) -> None:
    """Reminds the nominator, once, to prove the address."""
    sent = locked(nomination)
    if sent.state != "submitted" or sent.reminded_at is not None:
        return
    sent.reminded_at = now()
    proof, own = links.write([_proof(sent), _own(sent, sent.nominator_email)])
    _put(mail.proof_reminder(sent, proof, own))
