"""Letters that come back: the command that reads them, the list, the file, and what a person does about them."""

import mailbox
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from portal.core import bounces, outbox
from portal.core.audit import AuditEntry, verify
from portal.core.db import db, transaction
from portal.core.delivery import StoppedAddress
from portal.core.outbox import Message
from portal.desk import mending
from portal.nominations.models import Nomination
from portal.programs.models import Window
from tests.cast import Cast, letters, run_jobs, text_of
from tests.guards.estate import Estate
from tests.nominations.consenting import add_file, ask, days_ago, look, write_to_all
from tests.statements import statements

REPORT = """From: MAILER-DAEMON@mail.example.net
To: award@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.net

Final-Recipient: rfc822; somebody.else@example.net
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} The user is
    not here

--b
Content-Type: {quoted}

Message-ID: {message_id}
Subject: x

--b--
"""


def _sent(cast: Cast, name: str = "Tariq Bello", email: str = "tariq@example.org") -> tuple[str, str]:
    """A consent letter that was sent: the file, and the Message-ID under which it left."""
    file = add_file(cast, name, email=email)
    ask(cast, file)
    run_jobs(cast.app)
    with cast.app.app_context():
        message = db.session.scalars(select(Message).where(Message.to == email).order_by(Message.id.desc())).first()
        assert message is not None
        assert message.state == "sent"
        return file, str(outbox.as_email(message)["Message-ID"])


def _report(message_id: str, *, action: str = "failed", status: str = "5.1.1", quoted: str = "message/rfc822") -> bytes:
    return REPORT.format(message_id=message_id, action=action, status=status, quoted=quoted).encode()


def _read(cast: Cast, content: bytes) -> bounces.Count:
    with cast.app.app_context():
        return bounces.read(bounces.mails_of(content))


def _messages(cast: Cast) -> list[tuple[str, str, str]]:
    with cast.app.app_context():
        return [(m.to, m.state, m.kind) for m in db.session.scalars(select(Message).order_by(Message.id))]


@pytest.mark.parametrize("quoted", ["message/rfc822", "text/rfc822-headers"])
def test_a_letter_that_came_back_is_mended_in_place(cast: Cast, quoted: str) -> None:
    file, message_id = _sent(cast)
    assert _read(cast, _report(message_id, quoted=quoted)) == (1, 1, 0)
    assert _read(cast, _report(message_id)) == (1, 0, 0)  # the same report again changes nothing
    sam = cast.browser("sam")
    assert "One letter did not arrive" in text_of(sam.get("/desk"))
    listed = text_of(sam.get("/mail/undelivered"))
    for word in ("tariq@example.org", "Tariq Bello", "knows nobody by this address", "Look for a typing mistake"):
        assert word in listed, word
    assert "A letter came back" in text_of(sam.get(f"/cycles/{cast.cycle}/files?step=mend"))
    page = text_of(sam.get(f"/files/{file}"))
    assert "A letter to tariq@example.org came back. The other mail server knows nobody by this address." in page
    assert "550 5.1.1 The user is not here" in text_of(sam.get(_url(cast)))
    data = {"email": "tariq.bello@example.org", "next": "/mail/undelivered"}
    assert sam.post(f"/files/{file}/address", data).location == "/mail/undelivered"
    run_jobs(cast.app)
    assert _messages(cast) == [
        ("tariq@example.org", "canceled", "unknown"), ("tariq.bello@example.org", "sent", ""),
    ]  # fmt: skip
    assert "Every letter arrived" in text_of(sam.get("/mail/undelivered"))
    assert "came back" not in text_of(sam.get(f"/files/{file}")).replace("A letter came back", "")
    with cast.app.app_context():
        assert "message.bounce" in set(db.session.scalars(select(AuditEntry.verb)))
        assert not any("tariq@" in str(facts) for facts in db.session.scalars(select(AuditEntry.facts)))
        assert verify()[1] == []


def _url(cast: Cast) -> str:
    with cast.app.app_context():
        return f"/mail/{db.session.scalars(select(Message.public_id).order_by(Message.id)).first()}"


def test_nothing_more_goes_there_until_somebody_says_that_the_address_is_right(cast: Cast) -> None:
    file, message_id = _sent(cast)
    _read(cast, _report(message_id, status="5.2.2"))
    sam = cast.browser("sam")
    with cast.app.app_context(), transaction():
        outbox.put(outbox.Letter("core/blank", "tariq@example.org", "k", program_id=cast.program_id))
    run_jobs(cast.app)
    assert [m[1:] for m in _messages(cast)] == [("bounced", "full"), ("failed", "stopped")]
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Message).where(Message.key == "k").values(about=""))
    assert sam.post(f"/files/{file}/reminder").status_code == 303
    assert letters(cast.app, "nominations/consent_reminder") == []
    assert sam.post(f"/files/{file}/address/right").status_code == 303
    run_jobs(cast.app)
    assert [m[1:] for m in _messages(cast)] == [("sent", ""), ("sent", "")]
    assert sam.post(f"/files/{file}/address/right").status_code == 422
    assert look(cast, file).consent == "asked"


def test_sending_again_from_the_list_says_that_the_address_is_right(cast: Cast) -> None:
    _file, message_id = _sent(cast)
    _read(cast, _report(message_id))
    sam = cast.browser("sam")
    assert sam.post(f"{_url(cast)}/resend", {"next": "/mail/undelivered"}).location == "/mail/undelivered"
    run_jobs(cast.app)
    assert _messages(cast) == [("tariq@example.org", "sent", "")]
    _read(cast, _report(message_id))
    assert sam.post(f"{_url(cast)}/cancel", {"next": "//evil.example"}).location == _url(cast)
    assert "Every letter arrived" in text_of(sam.get("/mail/undelivered"))
    with cast.app.app_context():  # set aside is not confirmed: the address stays stopped
        assert db.session.scalars(select(StoppedAddress.email)).all() == ["tariq@example.org"]


def test_a_nominee_whose_address_is_stopped_is_not_asked(cast: Cast) -> None:
    file = add_file(cast)
    other = add_file(cast, "Ana Ruiz", email="ana@example.org")
    with cast.app.app_context(), transaction() as s:
        s.add(StoppedAddress(email="tariq@example.org", kind="unknown", since=look(cast, file).created_at))
    sam = cast.browser("sam")
    page = text_of(sam.get(f"/cycles/{cast.cycle}/letters"))
    assert "Ana Ruiz" in page
    assert "Tariq Bello" not in page
    for url in (f"/files/{file}/letter", f"/files/{other}/letter"):
        assert sam.post(url).status_code == 303
    write_to_all(cast)
    assert [letter.to for letter in letters(cast.app)] == ["ana@example.org"]
    assert "let mail go there again" in text_of(sam.get(f"/files/{file}"))


@pytest.mark.parametrize(
    ("change", "bounced"),
    [
        ({}, 1),
        ({"action": "delayed", "status": "4.4.1"}, 0),
        ({"action": "relayed", "status": "2.0.0"}, 0),
        ({"message_id": "<123.456.789.nobodyknowsthisone12345@example.org>"}, 0),
        ({"message_id": "no message id"}, 0),
    ],
)
def test_what_counts_as_come_back(cast: Cast, change: dict[str, str], bounced: int) -> None:
    _file, message_id = _sent(cast)
    assert _read(cast, _report(**{"message_id": message_id, **change})).bounced == bounced  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["queued", "held", "failed", "canceled"])
def test_a_letter_that_is_not_out_does_not_come_back(cast: Cast, state: str) -> None:
    _file, message_id = _sent(cast)
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Message).values(state=state))
    assert _read(cast, _report(message_id)).bounced == 0
    assert [m[1] for m in _messages(cast)] == [state]


def _vacation() -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "I am away", "tariq@example.org"
    mail.set_content("Back on Monday.")
    return bytes(mail)


@pytest.mark.parametrize("how", ["one", "stdin", "mbox", "maildir"])
def test_the_command_reads_every_kind_of_box(cast: Cast, tmp_path: Path, monkeypatch: Any, how: str) -> None:
    from portal.core.bounces_command import read

    _file, message_id = _sent(cast)
    reports = [_report(message_id), b"garbage", _vacation()]
    place, typed = tmp_path / "box", None
    if how == "maildir":
        box = mailbox.Maildir(place)
        for each in reports:
            box.add(each)
    elif how == "mbox":
        place.write_bytes(b"".join(b"From x@y Thu Jan  1 00:00:00 2026\n" + each + b"\n" for each in reports))
    elif how == "stdin":
        typed, place = reports[0], Path("-")
    else:
        place.write_bytes(reports[0])
    with cast.app.app_context():
        result = CliRunner().invoke(read, [str(place)], input=typed)
    assert result.exit_code == 0, result.output
    assert "1 letters marked as come back" in result.output
    assert ("2 were no delivery reports" in result.output) == (how in ("mbox", "maildir"))
    assert [m[1] for m in _messages(cast)] == ["bounced"]


@pytest.mark.parametrize(("who", "status"), [("sam", 200), ("ada", 403), ("priya", 403), ("vera", 404)])
def test_only_organizers_see_what_came_back(cast: Cast, who: str, status: int) -> None:
    file, message_id = _sent(cast)
    _read(cast, _report(message_id))
    browser = cast.browser(who)
    assert browser.get("/mail/undelivered").status_code == status
    assert browser.post(f"/files/{file}/address/right").status_code == (303 if status == 200 else status)


def test_the_list_costs_the_same_with_1_and_30_letters(cast: Cast) -> None:
    sam = cast.browser("sam")
    costs = []
    for i in range(30):
        add_file(cast, f"Person {i}", email=f"p{i}@example.org")
    write_to_all(cast)
    for n in (1, 30):
        with cast.app.app_context(), transaction() as s:
            s.execute(update(Message).where(Message.id.in_(select(Message.id).limit(n))).values(state="bounced"))
        with statements(cast.app) as seen:
            assert sam.get("/mail/undelivered").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 6


@pytest.mark.parametrize("phase", ["scoring", "announced"])
def test_each_kind_of_letter_says_what_to_do_about_its_address(make_app: Any, phase: str) -> None:
    """Whatever the product writes about: it has a form in the list, or its own sentence (and mostly a page)."""
    estate = Estate(make_app(), phase)
    cast = estate.cast
    with cast.app.app_context(), transaction() as s:
        for kind in mending.ELSEWHERE:  # what the estate has no letter about
            s.add(Message(key=f"k:{kind}", template="core/blank", to="x@example.org", locale="en", context={},
                          program_id=cast.program_id, about=f"{kind}:AAAAAAAAAAAAAAAAAAAAAA"))  # fmt: skip
        s.execute(update(Message).values(state="bounced", kind="unknown", program_id=cast.program_id))
        kinds = {about.partition(":")[0] for about in s.scalars(select(Message.about)) if about}
    assert kinds <= {*mending.ELSEWHERE, "file", "nomination"}
    sam = cast.browser("sam")
    shown = " ".join(text_of(sam.get(f"/mail/undelivered?page={page}")) for page in (1, 2, 3))
    for kind, (todo, label, _place) in mending.ELSEWHERE.items():
        assert str(todo) in shown, kind
        assert str(label) in shown, kind


def test_what_is_no_fault_of_the_address_asks_for_no_other_one(cast: Cast) -> None:
    with cast.app.app_context(), transaction() as s:
        s.add(Message(key="k", template="core/blank", to="x@example.org", locale="en", context={}, state="failed",
                      kind="account", program_id=cast.program_id, about="seat:AAAAAAAAAAAAAAAAAAAAAA"))  # fmt: skip
    shown = text_of(cast.browser("sam").get("/mail/undelivered"))
    assert "Our own mail server does not let us send." in shown
    assert "To use another address" not in shown


def test_a_letter_that_nobody_needs_says_so(cast: Cast) -> None:
    file = add_file(cast, consent="declined", nominations=({"state": "withdrawn", "nominator_email": "n@example.org"},))
    with cast.app.app_context(), transaction() as s:
        nomination = s.scalars(select(Nomination.public_id)).one()
        for about, to in ((f"file:{file}", "tariq@example.org"), (f"nomination:{nomination}", "n@example.org")):
            s.add(Message(key=about, template="core/blank", to=to, locale="en", context={}, state="bounced",
                          kind="unknown", program_id=cast.program_id, about=about))  # fmt: skip
    shown = text_of(cast.browser("sam").get("/mail/undelivered"))
    assert "The nominee has answered or the file was joined" in shown
    assert "This nomination does not stand any more, so nobody needs this letter." in shown
    assert "Correct it" not in shown


def test_no_address_is_corrected_after_the_time_to_say_yes(cast: Cast) -> None:
    file, message_id = _sent(cast)
    _read(cast, _report(message_id))
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Window).values(opens_at=days_ago(9), closes_at=days_ago(8)))
    sam = cast.browser("sam")
    for url in (f"/files/{file}", "/mail/undelivered"):
        page = text_of(sam.get(url))
        assert "The time for nominees to say yes is over, so" in page, url
        assert "Correct it" not in page, url
