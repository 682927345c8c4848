"""A nominator's mistyped address put right by staff: who may, when, what follows; and no voice is forged by it."""

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.core import outbox
from portal.core.audit import AuditEntry, verify
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.delivery import StoppedAddress
from portal.core.links import Link
from portal.core.outbox import Letter, Message
from portal.nominations.models import Nomination
from tests.cast import Cast, letters, run_jobs, text_of
from tests.core.test_races import at_once, poster
from tests.nominations.consenting import add_file
from tests.nominations.test_files_together import shown_on
from tests.nominations.walking import Walker, confirm, last_letter, link_of, nominate, row
from tests.statements import statements

WRONG, RIGHT = "nroa@example.org", "nora@example.org"


def bounced(cast: Cast, to: str = WRONG, kind: str = "unknown") -> None:
    """Every letter to the address came back; as a bounce does, it stops the address."""
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Message).where(Message.to == to).values(state="bounced", kind=kind))
        s.add(StoppedAddress(email=to, kind=kind, since=now()))


def correct(cast: Cast, walker: Any, email: str = RIGHT, who: str = "sam", **more: str) -> Any:
    return cast.browser(who).post(f"/nominations/{walker.public_id}/address", {"email": email, **more})


def to_whom(cast: Cast) -> list[tuple[str, str]]:
    with cast.app.app_context():
        return [(m.to, m.state) for m in db.session.scalars(select(Message).order_by(Message.id))]


def test_an_address_that_fails_its_check_comes_back_as_it_was_typed(cast: Cast) -> None:
    walker = nominate(cast, name={"email": WRONG})
    answer = correct(cast, walker, "nora", next="/mail/undelivered")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'value="nora"' in page
    assert 'aria-invalid="true" aria-describedby="email-e"' in page
    assert 'id="email-e"' in page
    assert 'name="next" value="/mail/undelivered"' in page
    assert walker.row().nominator_email == WRONG


def test_an_unproven_address_is_corrected_and_the_new_one_proves_itself(cast: Cast) -> None:
    walker = nominate(cast, name={"email": WRONG})
    old = last_letter(cast.app, "receipt")
    bounced(cast)
    listed = text_of(cast.browser("sam").get("/mail/undelivered"))
    assert "E-mail of Nora Example" in listed
    assert "The new one gets a letter with a link that confirms it" in listed
    assert correct(cast, walker, next="/mail/undelivered").location == "/mail/undelivered"
    kept = walker.row()
    assert (kept.nominator_email, kept.answers["email"], kept.state) == (RIGHT, RIGHT, "submitted")
    for kind in ("confirm", "open"):
        assert cast.browser().post(link_of(old, kind)).status_code == 410, kind
    new = last_letter(cast.app, "receipt")
    assert new.to == RIGHT
    assert to_whom(cast) == [(WRONG, "canceled"), (RIGHT, "queued")]
    assert "Every letter arrived" in text_of(cast.browser("sam").get("/mail/undelivered"))
    assert cast.browser().post(link_of(new, "confirm")).status_code == 303
    assert walker.row().state == "confirmed"
    with cast.app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "nomination.address_corrected")).one()
        assert entry.actor.startswith("person:")
        assert not any(word in str(entry.facts) for word in ("nora", "nroa", "example.org"))
        assert verify()[1] == []
    page = text_of(cast.browser("sam").get(f"/files/{walker.row().file.public_id}"))
    assert "A nominator's address was corrected. · Sam Example" in page


def test_a_proven_voice_keeps_counting_and_the_new_address_opens_nothing(cast: Cast) -> None:
    walker = nominate(cast, name={"email": WRONG})
    own = link_of(last_letter(cast.app, "receipt"), "open")
    confirm(cast, walker)
    refused = correct(cast, walker)
    assert (refused.status_code, "letters to it arrive" in text_of(refused)) == (403, True)
    with cast.app.app_context(), transaction():
        outbox.put(
            Letter("core/blank", WRONG, "told", program_id=cast.program_id, about=f"nomination:{walker.public_id}")
        )
    bounced(cast)
    assert correct(cast, walker).status_code == 303
    kept = walker.row()
    assert (kept.nominator_email, kept.state, kept.confirmed_at is not None) == (RIGHT, "confirmed", True)
    assert cast.browser().post(own).status_code == 410
    letter = last_letter(cast.app, "address_corrected")
    assert letter.to == RIGHT
    assert kept.receipt in letter.text
    assert not [url for url in re.findall(r"https?://\S+", letter.text) if "/nominations/" in url]
    with cast.app.app_context():
        living = select(Link).where(
            Link.subject_id == kept.id, Link.purpose.like("nomination%"), Link.revoked_at.is_(None)
        )
        assert [link for link in db.session.scalars(living) if link.used_at is None] == []
    # What had not arrived and holds no key follows; the letter with links to the old address does not.
    assert to_whom(cast) == [(WRONG, "canceled"), (RIGHT, "queued"), (RIGHT, "queued")]


def test_who_nominates_again_from_the_new_address_gets_no_key_to_what_was_proven(cast: Cast) -> None:
    """Else staff, or a stranger to whom the address leads, would rewrite by a second nomination what counts already."""
    walker = nominate(cast, name={"email": WRONG})
    confirm(cast, walker)
    bounced(cast)
    correct(cast, walker)
    nominate(cast, name={"email": RIGHT})
    told = last_letter(cast.app, "nominated_before")
    assert told.to == RIGHT
    assert not [url for url in re.findall(r"https?://\S+", told.text + told.html) if "/nominations/" in url]
    assert "Answer this letter and name the receipt" in told.text
    # An address that has proven itself after the correction opens what it has proven.
    other = nominate(cast, educator={"educator": "Ann Other"}, name={"email": "wrnog@example.org"})
    correct(cast, other, "vera@example.org")
    confirm(cast, other)
    nominate(cast, educator={"educator": "Ann Other"}, name={"email": "vera@example.org"})
    assert link_of(last_letter(cast.app, "nominated_before"), "open")


@pytest.mark.parametrize(
    ("state", "came_back", "status"),
    [
        ("submitted", False, 303),
        ("submitted", True, 303),
        ("confirmed", False, 403),
        ("confirmed", True, 303),
        ("withdrawn", True, 403),
        ("spam", True, 403),
        ("expired", True, 403),
    ],
)
def test_when_it_may_be_corrected(cast: Cast, state: str, came_back: bool, status: int) -> None:
    file = add_file(cast, nominations=({"state": state, "nominator_email": WRONG},))
    with cast.app.app_context():
        public_id = db.session.scalars(select(Nomination.public_id)).one()
    if came_back:
        bounced(cast)
    url = f"/nominations/{public_id}/address"
    assert (url in cast.browser("sam").get(f"/files/{file}").get_data(as_text=True)) == (status == 303)
    assert cast.browser("sam").post(url, {"email": RIGHT}).status_code == status
    assert row(cast.app, public_id).nominator_email == (RIGHT if status == 303 else WRONG)
    assert row(cast.app, public_id).state == state


@pytest.mark.parametrize(
    ("kind", "status"), [("unknown", 303), ("full", 303), ("stopped", 303), ("connect", 403), ("account", 403)]
)
def test_a_letter_that_failed_speaks_against_the_address_only_by_its_reason(cast: Cast, kind: str, status: int) -> None:
    add_file(cast, nominations=({"nominator_email": WRONG},))
    with cast.app.app_context(), transaction() as s:
        public_id = s.scalars(select(Nomination.public_id)).one()
        outbox.put(Letter("core/blank", WRONG, "k", program_id=cast.program_id, about=f"nomination:{public_id}"))
        s.execute(update(Message).values(state="failed", kind=kind))
    assert cast.browser("sam").post(f"/nominations/{public_id}/address", {"email": RIGHT}).status_code == status


@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("priya", 404), ("chen", 404), ("vera", 404), (None, 303)])
def test_only_organizers_correct(cast: Cast, who: str | None, status: int) -> None:
    walker = nominate(cast, name={"email": WRONG})
    assert cast.browser(who).post(f"/nominations/{walker.public_id}/address", {"email": RIGHT}).status_code == status
    assert walker.row().nominator_email == WRONG


def test_an_address_that_has_nominated_this_educator_counts_once(cast: Cast) -> None:
    first = nominate(cast)
    confirm(cast, first)
    second = nominate(cast, name={"email": WRONG})
    assert first.row().file_id == second.row().file_id
    refused = correct(cast, second)
    assert refused.status_code == 422
    assert "This address has nominated Marisol Rivera already, and one person counts once." in text_of(refused)
    assert second.row().nominator_email == WRONG
    assert len(letters(cast.app)) == 2


@pytest.mark.parametrize("typed", ["sam@example.org", " Sam+award@Example.org"])
def test_whoever_corrects_never_makes_a_nomination_their_own(cast: Cast, typed: str) -> None:
    walker = nominate(cast, name={"email": WRONG})
    refused = correct(cast, walker, typed)
    assert refused.status_code == 422
    assert "This is your own address" in text_of(refused)
    assert walker.row().nominator_email == WRONG
    assert correct(cast, walker, typed, who="sofia").status_code == 303, "a colleague may: staff nominate too"


@pytest.mark.parametrize("typed", ["", "nora", "nora@", WRONG])
def test_what_is_no_other_address_changes_nothing(cast: Cast, typed: str) -> None:
    walker = nominate(cast, name={"email": WRONG})
    answer = correct(cast, walker, typed)
    assert answer.status_code in (303, 422)
    assert walker.row().nominator_email == WRONG
    assert [m.to for m in letters(cast.app)] == [WRONG]


def test_a_stopped_address_that_a_person_writes_is_written_to_again(cast: Cast) -> None:
    walker = nominate(cast, name={"email": WRONG})
    with cast.app.app_context(), transaction() as s:
        s.add(StoppedAddress(email=RIGHT, kind="full", since=now()))
    assert correct(cast, walker).status_code == 303
    run_jobs(cast.app)
    assert to_whom(cast) == [(WRONG, "canceled"), (RIGHT, "sent")]


def test_there_and_back_within_a_minute_each_address_gets_a_living_link(cast: Cast) -> None:
    walker = nominate(cast, name={"email": WRONG})
    for address in (RIGHT, "vera@example.org", RIGHT):
        assert correct(cast, walker, address).status_code == 303
    assert cast.browser().post(link_of(last_letter(cast.app, "receipt"), "confirm")).status_code == 303
    assert (walker.row().state, walker.row().nominator_email) == ("confirmed", RIGHT)


def test_the_letter_is_the_reminder(cast: Cast) -> None:
    walker = nominate(cast, name={"email": WRONG})
    correct(cast, walker)
    assert walker.row().reminded_at is not None


def test_two_who_correct_do_not_overwrite_each_other_or_the_proof(cast: Cast) -> None:
    walker = nominate(cast, name={"email": WRONG})
    sam, sofia = cast.browser("sam"), cast.browser("sofia")
    page = sam.get(f"/files/{walker.row().file.public_id}").get_data(as_text=True)
    mark = shown_on(page.partition(f'id="nominator-{walker.public_id}"')[2])
    url = f"/nominations/{walker.public_id}/address"
    assert sofia.post(url, {"email": RIGHT, "shown": mark}).status_code == 303
    late = sam.post(url, {"email": "other@example.org", "shown": mark})
    assert late.status_code == 409
    assert f"The address is now: {RIGHT}. You typed other@example.org" in text_of(late)
    assert walker.row().nominator_email == RIGHT


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("round_", range(4))
def test_the_nominator_confirms_while_staff_correct(cast: Cast, mark: bool, round_: int) -> None:
    """Either the old address is proven and stays, or the link is dead and the new one has to prove itself."""
    walker = nominate(cast, name={"email": WRONG})
    link = link_of(last_letter(cast.app, "receipt"), "confirm")
    sam = cast.browser("sam")
    page = sam.get(f"/files/{walker.row().file.public_id}").get_data(as_text=True)
    shown = {"shown": shown_on(page.partition(f'id="nominator-{walker.public_id}"')[2])} if mark else {}
    calls = [
        poster(cast.browser(), link),
        poster(sam, f"/nominations/{walker.public_id}/address", {"email": RIGHT, **shown}),
    ]
    proven, corrected = (answer.status_code for answer in at_once(calls if round_ % 2 else calls[::-1]))
    if not round_ % 2:
        proven, corrected = corrected, proven
    kept = walker.row()
    assert (kept.state, kept.nominator_email) in (("confirmed", WRONG), ("submitted", RIGHT))
    if kept.state == "confirmed":
        assert (proven, corrected in (403, 409)) == (303, True)
    else:
        assert (proven, corrected) == (410, 303)


@pytest.mark.parametrize("round_", range(3))
def test_the_same_address_sends_while_staff_correct_to_it(cast: Cast, round_: int) -> None:
    """One voice a person: whoever comes second is refused or led to the first, and nobody meets an error."""
    first = nominate(cast, name={"email": WRONG})
    second = Walker(cast).begin().fill(name={"email": RIGHT})
    calls = [
        poster(second.browser, f"{second.url}/send"),
        poster(cast.browser("sam"), f"/nominations/{first.public_id}/address", {"email": RIGHT}),
    ]
    sent, corrected = (answer.status_code for answer in at_once(calls))
    assert (sent, corrected) in ((303, 303), (303, 422))
    addresses = [each.row().nominator_email for each in (first, second) if each.row().state == "submitted"]
    assert len(addresses) == len(set(addresses)) == (1 if corrected == 303 else 2)


def test_it_costs_the_same_with_1_and_30_letters_and_nominations(cast: Cast) -> None:
    sam, costs = cast.browser("sam"), []
    walker = nominate(cast, name={"email": WRONG})
    bounced(cast)
    for many in (0, 30):
        if many:
            file = walker.row().file
            with cast.app.app_context(), transaction() as s:
                for at in range(many):
                    n = Nomination(program_id=cast.program_id, cycle_id=cast.cycle_id, file_id=file.id,
                                   state="submitted", nominator_email=f"n{at}@example.org")  # fmt: skip
                    s.add(n)
                    s.flush()
                    outbox.put(Letter("core/blank", n.nominator_email, f"k{at}", program_id=cast.program_id,
                                      about=f"nomination:{n.public_id}"))  # fmt: skip
                s.execute(update(Message).where(Message.key.like("k%")).values(state="bounced", kind="unknown"))
        seen_of = []
        for url in ("/mail/undelivered", f"/files/{walker.row().file.public_id}"):
            sam.get(url)
            with statements(cast.app) as seen:
                assert sam.get(url).status_code == 200
            seen_of.append(len(seen))
        data = {"csrf_token": sam.token(), "email": f"right{many}@example.org"}
        with statements(cast.app) as seen:
            assert sam.client.post(f"/nominations/{walker.public_id}/address", data=data).status_code == 303
        seen_of.append(len(seen))
        costs.append(seen_of)
    assert costs[0][:2] == costs[1][:2]
    assert max(costs[0][:2]) <= 6
    # One asks again whose act it is (never the nominator's own), and PostgreSQL locks the cycle by one more.
    assert max(each[2] for each in costs) <= 18
