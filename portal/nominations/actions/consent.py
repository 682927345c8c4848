"""Asking nominees, and what they answer: accept, correct, decline, withdraw. Who bears the link has no account."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from portal.core import audit, links, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import Mistaken
from portal.core.forms import is_address
from portal.core.moves import move, move_all
from portal.nominations.actions import marking
from portal.nominations.actions.matching import compare_soon, search_text, show_anew
from portal.nominations.mail import nominee as mail
from portal.nominations.models import NomineeFile
from portal.nominations.queries import consent as queries
from portal.nominations.rules import CONSENT
from portal.nominations.rules import consent as rules
from portal.nominations.rules.bulk import HOLD
from portal.programs.models import Cycle, District, School

LINK = "consent"  # the purpose of a nominee's link; its subject is the file
NOMINEE = "link:consent"


def set_address(by: Any, file: NomineeFile, address: str) -> bool:
    """Writes or corrects where the consent letter goes; whether a new letter went out.

    Correcting the address of somebody who was asked ends the old link at once and sends a new letter there.
    """
    demand(by, rules.SEND_LETTERS, file)
    if not is_address(address):
        raise Mistaken(_("Write the whole address, such as name@example.org."))
    if file.consent not in ("open", "asked", "accepted") or file.joined_into_id is not None or file.withdrawn_at:
        raise Mistaken(_("This nominee has answered; the address can't be changed here."))
    if file.email == address:
        return False
    if not rules.address_can_change(file):
        raise Mistaken(str(rules.OVER))
    outbox.set_aside(audit.name_of(file), file.email)
    file.email = address
    compare_soon(file.cycle_id)
    marking.look_at([file])
    audit.record(by, "file.address_set", file, address=audit.seal(address))
    if file.erased_before and file.screening == "unscreened" and file.consent == "asked":
        raise Mistaken(_("Whoever has this address asked us to erase everything about them. Screen the file first."))
    if file.consent == "open":
        return False
    links.revoke(LINK, file.id)
    link = links.issue(LINK, file.id)
    if file.consent == "accepted":
        outbox.put(mail.consent_accepted(file, link))
        return True
    move(CONSENT, "ask", file, by, column="consent", changes={"asked_at": now(), "reminded_at": None}, again=True)
    outbox.put(mail.consent_request(file, queries.voices_of([file.id])[file.id], link))
    return True


def confirm_address(by: Any, file: NomineeFile) -> None:
    """A person says that the address is right although mail came back: letters go there again, those first that did
    not arrive.
    """
    demand(by, rules.SEND_LETTERS, file)
    if not outbox.let_through(file.email, audit.name_of(file)):
        raise Mistaken(_("Mail goes to this address already."))
    audit.record(by, "file.address_confirmed", file)


def set_addresses(by: Any, cycle: Cycle, pairs: Iterable[tuple[NomineeFile, str]]) -> int:
    """Writes the addresses of files that have none, from a list; how many. Addresses that are there stay."""
    demand(by, rules.SEND_LETTERS, cycle)
    new = {
        file: address for file, address in pairs if file.cycle_id == cycle.id and not file.email and is_address(address)
    }
    for file, address in new.items():
        set_committed_value(file, "email", address)
        audit.record(by, "file.address_set", file, address=audit.seal(address))
    if new:
        values = [{"id": file.id, "email": address, "compared": False} for file, address in new.items()]
        db.session.execute(update(NomineeFile), values)
        compare_soon(cycle.id)
        marking.look_at(list(new))
    return len(new)


def send_letters(by: Any, cycle: Cycle, files: Sequence[NomineeFile]) -> int:
    """Asks these nominees, each once however often the button is pressed; how many letters went out.

    A constant number of statements, however many letters. Whoever can't be asked (no address, no proven nomination,
    asked already) is left out.
    """
    return len(ask_all(by, cycle, files))


def ask_all(
    by: Any, cycle: Cycle, files: Sequence[NomineeFile], *, not_before: datetime | None = None, **facts: Any
) -> list[NomineeFile]:
    """`send_letters`, telling whom it asked. With `not_before` the letters wait until then, and can be called back."""
    demand(by, rules.SEND_LETTERS, cycle)
    if not files:
        return []
    _demand_open(cycle)
    heard = queries.heard_of([f.id for f in files])
    askable = [f for f in queries.reachable(files) if f.id in heard and _can_be_asked(f, cycle)]
    askable = marking.hold_back(askable)
    changed: dict[str, Any] = {"column": "consent", "only": ("open",), "changes": {"asked_at": now()}}
    asked = move_all(CONSENT, "ask", askable, by, **changed, **facts)
    _write(asked, mail.consent_request, not_before)
    return asked


def _demand_open(cycle: Cycle) -> None:
    if not rules.may_still_ask(cycle):
        raise Mistaken(str(rules.OVER))


def call_back(by: Any, cycle: Cycle, files: Sequence[NomineeFile], **facts: Any) -> list[NomineeFile]:
    """Takes back that these nominees were asked, while the letter has not left: its link dies; who was not asked."""
    demand(by, rules.SEND_LETTERS, cycle)
    mine = [f for f in files if f.cycle_id == cycle.id and f.consent == "asked"]
    called = outbox.call_back(by, [audit.name_of(f) for f in mine], mail.REQUEST)
    changed: dict[str, Any] = {"column": "consent", "changes": {"asked_at": None}}
    open_again = move_all(CONSENT, "call_back", [f for f in mine if audit.name_of(f) in called], by, **changed, **facts)
    if open_again:
        links.revoke(LINK, *(f.id for f in open_again))
    return open_again


def _can_be_asked(file: NomineeFile, cycle: Cycle) -> bool:
    here = file.cycle_id == cycle.id and file.withdrawn_at is None and file.joined_into_id is None
    return bool(here and file.email and file.consent == "open" and file.screening != "ineligible")


def remind(by: Any, cycle: Cycle, files: Sequence[NomineeFile]) -> int:
    """Reminds those who were asked and have not answered: once at each address. How many letters went out."""
    return len(remind_all(by, cycle, files))


def remind_all(
    by: Any, cycle: Cycle, files: Sequence[NomineeFile], *, not_before: datetime | None = None, **facts: Any
) -> list[NomineeFile]:
    """`remind`, telling whom it reminded. With `not_before` the letters wait until then, and can be called back."""
    demand(by, rules.SEND_LETTERS, cycle)
    waiting = [f for f in files if f.cycle_id == cycle.id and f.consent == "asked" and f.reminded_at is None]
    if waiting:
        _demand_open(cycle)
    waiting = queries.reachable(waiting) if waiting else []
    reminded = _claim(waiting, NomineeFile.reminded_at.is_(None), now()) if waiting else []
    for file in reminded:
        audit.record(by, "consent.remind", file, **facts)
    _write(reminded, mail.consent_reminder, not_before)
    return reminded


def call_back_reminders(by: Any, cycle: Cycle, files: Sequence[NomineeFile], **facts: Any) -> list[NomineeFile]:
    """Takes reminders back that have not left; whose. They may be reminded again."""
    demand(by, rules.SEND_LETTERS, cycle)
    mine = [f for f in files if f.cycle_id == cycle.id and f.consent == "asked" and f.reminded_at is not None]
    called = outbox.call_back(by, [audit.name_of(f) for f in mine], mail.REMINDER)
    mine = [f for f in mine if audit.name_of(f) in called]
    again = _claim(mine, NomineeFile.reminded_at.is_not(None), None) if mine else []
    for file in again:
        audit.record(by, "consent.reminder_called_back", file, **facts)
    return again


def _claim(files: list[NomineeFile], standing: Any, moment: datetime | None) -> list[NomineeFile]:
    """Writes the moment of the reminder where it stands so; of two who do it at once each file is one's."""
    claimed = set(
        db.session.scalars(
            update(NomineeFile)
            .where(NomineeFile.id.in_([f.id for f in files]), NomineeFile.consent == "asked", standing)
            .values(reminded_at=moment)
            .returning(NomineeFile.id)
            .execution_options(synchronize_session="fetch")
        )
    )
    return [f for f in files if f.id in claimed]


def _write(files: list[NomineeFile], letter: Any, not_before: datetime | None = None) -> None:
    if not files:
        return
    issued = links.issue_all(LINK, [f.id for f in files])
    voices = queries.voices_of([f.id for f in files])
    outbox.put_all([letter(f, voices[f.id], issued[f.id]) for f in files], not_before=not_before)


def accept(file: NomineeFile, link: links.Link, *, attested: Sequence[str] = (), tell: bool = False) -> None:
    """The nominee says yes, and which eligibility rules are true of them; with `tell`, those who wrote learn of it."""
    demand(None, rules.ACCEPT, file)
    move(CONSENT, "accept", file, NOMINEE, column="consent", changes={"answered_at": now()}, attested=list(attested))
    _stop_reminder(file)
    if file.email:
        outbox.put(mail.consent_accepted(file, link))
    if tell:
        _tell(file, "accepted")


def decline(file: NomineeFile, *, tell: bool = False) -> None:
    """The nominee says no; with `tell`, those who wrote learn of it."""
    demand(None, rules.DECLINE, file)
    move(CONSENT, "decline", file, NOMINEE, column="consent", changes={"answered_at": now()})
    _stop_reminder(file)
    if tell:
        _tell(file, "declined")


def _stop_reminder(file: NomineeFile) -> None:
    """A reminder that still waits for its time is not for somebody who has answered."""
    if file.reminded_at is not None and now() < file.reminded_at + HOLD:
        outbox.call_back(NOMINEE, [audit.name_of(file)], mail.REMINDER)


def _tell(file: NomineeFile, answer: str) -> None:
    told: dict[str, Any] = {}
    for nomination in queries.confirmed_nominations(file):
        if nomination.nominator_email and nomination.relation_group != "self":
            told.setdefault(nomination.nominator_email, nomination)
    told.pop(file.email, None)
    outbox.put_all([mail.told_nominator(nomination, file, answer) for nomination in told.values()])
    audit.record(NOMINEE, "consent.told_nominators", file, answer=answer)


def correct(
    file: NomineeFile,
    *,
    name: str,
    school: School | None,
    school_name: str,
    position_key: str,
    position: str,
    public: bool,
) -> None:
    """The nominee's own name, school and position as they should be written, and whether public pages may name them.

    What nominations are matched by (`name_key`, `school_key`) stays: others go on writing the name as they know it.
    """
    demand(None, rules.CORRECT, file)
    changed = []
    new = {
        "name": name or file.name,
        "school_id": school.id if school else (file.school_id if school_name == file.school_name else None),
        "school_name": school.name if school else school_name,
        "position_key": position_key,
        "position": position,
        "public_name_ok": public,
    }
    if school:
        new |= {"district_id": school.district_id, "outside": False}
    elif new["school_id"] != file.school_id:
        new["district_id"] = None  # it was the district of the school that they left
    for column, value in new.items():
        if getattr(file, column) != value:
            setattr(file, column, value)
            changed.append(column)
    if not changed:
        return
    district = db.session.get(District, file.district_id) if file.district_id else None
    file.search = search_text(file, district.name if district else "")
    compare_soon(file.cycle_id)
    show_anew(file.cycle)
    audit.record(NOMINEE, "file.corrected", file, changed=sorted(changed), public_name_ok=file.public_name_ok)


def withdraw(file: NomineeFile) -> None:
    """A nominee who had said yes leaves the award, also after the panel began; scores stay sealed in the record."""
    demand(None, rules.WITHDRAW, file)
    file.withdrawn_at = now()
    audit.record(NOMINEE, "file.withdrawn", file)
