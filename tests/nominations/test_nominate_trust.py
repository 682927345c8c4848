"""What a nominator may rely on: one row however often it is sent, links that prove, nothing told about others."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.audit import AuditEntry
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.errors import Overtaken, Refused
from portal.core.links import Link
from portal.nominations.actions import nominate as actions
from portal.nominations.models import Nomination, NomineeFile
from tests.cast import letters, links_in, text_of
from tests.nominations.test_nominate_way import move_window
from tests.nominations.walking import BASE, STEPS, STORY, Walker, confirm, count, last_letter, link_of, nominate
from tests.statements import how_many


def pages_of(walker: Walker) -> list[tuple[int, str]]:
    """Every page after sending, without what is random: ids, tokens, receipt codes."""
    found = []
    for page in ("sent", "", "check", "educator", "name"):
        answer = walker.get(page)
        body = answer.get_data(as_text=True).replace(walker.public_id, "ID").replace(walker.row().receipt, "CODE")
        body = re.sub(r'(csrf_token" type="hidden" value="|value="|X-CSRFToken": ")[\w.-]{60,}', "TOKEN", body)
        found.append((answer.status_code, body))
    return found


def test_sending_twice_gives_one_row_and_the_same_receipt(app, cast):
    walker = Walker(cast).begin().fill()
    answers = [walker.send() for _ in range(3)]
    assert {a.location for a in answers} == {f"{walker.url}/sent"}
    assert len({text_of(walker.get("sent")) for _ in answers}) == 1
    assert count(app, Nomination) == count(app, NomineeFile) == 1
    assert len(letters(app)) == 1


def test_the_first_page_sent_twice_or_from_two_tabs_begins_one_draft(app, cast):
    browser = cast.browser()
    tabs = [re.search(r'name="start"[^>]*value="([^"]+)"', browser.get(BASE).get_data(as_text=True)) for _ in range(2)]
    answers = [browser.post(BASE, {"age": "adult", "start": tab.group(1)}) for tab in tabs for _ in range(2) if tab]
    assert len({a.location for a in answers}) == 1
    assert count(app, Nomination) == 1


def test_a_draft_cannot_be_begun_under_somebody_elses_id(app, cast):
    mine = Walker(cast).begin()
    other = cast.browser()
    other.get(BASE)
    answer = other.post(BASE, {"age": "adult", "start": mine.public_id})
    assert mine.public_id not in answer.location
    assert count(app, Nomination) == 2
    assert other.get(mine.url).status_code == other.get(f"{BASE}/{'A' * 22}").status_code == 404


def test_what_the_browser_notes_for_itself_is_no_nomination(app, cast):
    nominate(cast, you={"relation": "self"})
    second = next(path for path in links_in(last_letter(app, "receipt").text) if "/second/" in path)
    for first_page in (BASE, second):
        browser = cast.browser()
        assert browser.get(first_page).status_code == 200
        assert browser.get(f"{BASE}/+").status_code == 404
        answer = browser.post(first_page, {"age": "adult", "start": "+"})
        assert answer.status_code == 303
        assert browser.get(answer.location).status_code == 200
        stranger = cast.browser()
        for _again in range(2):  # the first look makes the note
            assert "You began here before" not in text_of(stranger.get(BASE))
    assert count(app, Nomination, Nomination.public_id == "+") == 0
    assert count(app, Nomination) == 3


def test_two_tabs_send_the_same_receipt_and_back_sends_changes_only(app, cast):
    walker = Walker(cast).begin().fill()
    walker.send()
    answer = walker.post("story", {"story": "Changed after going back", "go": "next"})
    assert answer.status_code == 303
    assert "changed something since" in text_of(walker.get("sent"))
    assert walker.row().story == STORY.strip()
    assert "Send the changes" in text_of(walker.get("check"))
    walker.send()
    kept = walker.row()
    assert (kept.story, kept.state) == ("Changed after going back", "submitted")
    assert count(app, Nomination) == 1
    with app.app_context():
        assert "nomination.changed" in set(db.session.scalars(select(AuditEntry.verb)))


def test_a_look_at_the_proof_link_changes_nothing_and_a_press_confirms(app, cast):
    walker = nominate(cast, educator={"educator_email": "m.rivera@school.example"})
    link = link_of(last_letter(app, "receipt"), "confirm")
    for method in ("get", "head"):
        assert getattr(cast.browser().client, method)(link).status_code == 200
    assert walker.row().state == "submitted"
    assert walker.row().file.email == ""
    other = cast.browser()
    answer = other.post(link, follow=True)
    assert "Your nomination is complete" in text_of(answer)
    kept = walker.row()
    assert kept.state == "confirmed"
    assert kept.confirmed_at
    assert kept.file.email == "m.rivera@school.example"


def test_dead_links_answer_alike(app, cast):
    walker = nominate(cast)
    letter = last_letter(app, "receipt")
    used, own = link_of(letter, "confirm"), link_of(letter, "open")
    expired = nominate(cast, name={"email": "vera@example.org"})
    late = link_of(last_letter(app, "receipt"), "confirm")
    confirm_first = walker.browser.post(used)
    assert confirm_first.status_code == 303
    with app.app_context(), transaction() as s:
        s.query(Link).filter_by(email="vera@example.org").update({"expires_at": now() - timedelta(days=1)})
    invented = "/nominations/confirm/" + "A" * 22 + "." + "B" * 24
    crossed = own.replace("/open/", "/confirm/")
    stranger = cast.browser()
    answers = {(a.status_code, text_of(a)) for a in (stranger.get(u) for u in (used, late, invented, crossed))}
    assert len(answers) == 1
    assert answers.pop()[0] == 410
    posts = [stranger.post(u).status_code for u in (used, late, invented, crossed)]
    assert posts == [410] * 4
    assert expired.row().state == "submitted"


def test_only_hashes_of_nothing_are_stored_of_a_link(app, cast):
    nominate(cast)
    token = link_of(last_letter(app, "receipt"), "confirm").rsplit("/", 1)[1]
    with app.app_context():
        assert token not in str([vars(link) for link in db.session.scalars(select(Link))])


def test_a_second_nominator_cannot_tell(cast):
    first = nominate(cast)
    second = nominate(cast, name={"email": "vera@example.org", "name": "Nora Example"})
    seen = [str(pages_of(w)).replace(address, "ADDRESS").replace(address[:1] + "•••@", "MASKED")
            for w, address in ((first, "nora@example.org"), (second, "vera@example.org"))]
    assert seen[0] == seen[1]
    assert first.row().file_id == second.row().file_id


def test_a_second_nomination_of_the_same_educator_by_the_same_address_is_told_by_mail_only(app, cast):
    first = nominate(cast)
    confirm(cast, first)
    story = {"story": "Another story, of another day"}
    stranger = nominate(cast, educator={"educator": "MS. MARISOL  RIVÉRA"}, story=story)
    fresh = nominate(cast, educator={"educator": "Ms. Marisol Riverb"}, story=story)
    seen = [str(pages_of(w)).replace("MS. MARISOL  RIVÉRA", "X").replace("MS. MARISOL RIVÉRA", "X")
            .replace("Ms. Marisol Riverb", "X") for w in (stranger, fresh)]
    assert seen[0] == seen[1], "the pages tell that the address has nominated this educator"
    assert (stranger.row().state, fresh.row().state) == ("draft", "submitted")
    letter = last_letter(app, "nominated_before")
    assert letter.to == "nora@example.org"
    assert "already" in letter.subject
    opened = cast.browser().post(link_of(letter, "open"), follow=True)
    assert STORY.strip() in text_of(opened)
    assert "Another story" not in text_of(opened)
    stranger.send()
    assert len(letters(app, "nominations/nominated_before")) == 1
    assert count(app, Nomination, Nomination.state.in_(("submitted", "confirmed"))) == 2


def test_a_stranger_who_changes_into_somebody_elses_nomination_learns_nothing(app, cast):
    nominate(cast)
    walker = nominate(cast, name={"email": "vera@example.org"})
    control = nominate(cast, name={"email": "paul@example.org"})
    pages = []
    for nominator, address in ((walker, "nora@example.org"), (control, "newone@example.org")):
        assert nominator.post("name", {**STEPS["name"], "email": address}).status_code == 303
        assert nominator.send().location.endswith("/sent")
        pages.append(str(pages_of(nominator)).replace(address, "ADDRESS"))
    assert pages[0] == pages[1]
    assert (walker.row().nominator_email, control.row().nominator_email) == ("vera@example.org", "newone@example.org")
    assert last_letter(app, "nominated_before").to == "nora@example.org"


def test_a_mistyped_address_can_be_corrected_and_the_old_links_die(app, cast):
    walker = nominate(cast, name={"email": "nroa@example.org"})
    old = link_of(last_letter(app, "receipt"), "confirm")
    walker.post("name", STEPS["name"])
    walker.send()
    assert cast.browser().get(old).status_code == 410
    new = last_letter(app, "receipt")
    assert new.to == "nora@example.org"
    assert cast.browser().get(link_of(new, "confirm")).status_code == 200


def test_an_address_changed_there_and_back_within_minutes_gets_a_living_link(app, cast):
    walker = nominate(cast)
    walker.post("again")
    for address in ("nroa@example.org", "nora@example.org"):
        walker.post("name", {**STEPS["name"], "email": address})
        walker.send()
    newest = last_letter(app, "receipt")
    assert newest.to == "nora@example.org"
    assert cast.browser().post(link_of(newest, "confirm")).status_code == 303
    assert walker.row().state == "confirmed"


def test_a_proven_address_stays(app, cast):
    walker = nominate(cast)
    confirm(cast, walker)
    walker.post("name", {**STEPS["name"], "email": "other@example.org", "sharing": "no"})
    walker.send()
    kept = walker.row()
    assert (kept.state, kept.nominator_email, kept.sharing) == ("confirmed", "nora@example.org", "no")
    assert [m.to for m in letters(app)] == ["nora@example.org"]


def test_withdrawing_ends_it_and_the_closed_window_says_so(app, cast):
    walker, kept = nominate(cast), nominate(cast, name={"email": "vera@example.org"})
    confirm_link = link_of(letters(app, "nominations/receipt")[0], "confirm")
    walker.post("withdraw")
    assert walker.row().state == "withdrawn"
    assert "Nobody reads it any more" in text_of(walker.get())
    assert cast.browser().post(confirm_link).status_code == 410
    assert walker.post("story/save", {"story": "x"}, hx=True).status_code == 422
    assert walker.post("withdraw").status_code == 409
    again = nominate(cast)
    assert again.row().state == "submitted", "a withdrawn nomination stands in the way of a new one"
    move_window(cast, -30, -1)
    page = text_of(kept.get())
    assert "closed on" in page
    assert "can’t be changed any more" in page
    assert "Withdraw it" not in page
    assert kept.post("withdraw").status_code == 422
    assert kept.row().state == "submitted"


def test_what_was_sent_closes_to_the_browser_after_an_hour(cast, monkeypatch):
    walker = nominate(cast)
    assert walker.get("sent").status_code == 200
    from portal.nominations.views.public import holding

    monkeypatch.setattr(holding, "now", lambda: now() + timedelta(minutes=61))
    assert walker.get("sent").status_code == walker.get().status_code == walker.get("story").status_code == 404


def test_the_letter_comes_again_on_demand_but_not_twice_at_once(app, cast):
    walker = nominate(cast)
    for _ in range(3):
        assert walker.post("again").location.endswith("/sent")
    assert len(letters(app, "nominations/receipt")) == 2


def test_a_flood_of_letters_to_one_address_waits_for_staff(app, cast):
    for n in range(22):
        nominate(cast, educator={"educator": f"Marisol Rivera {n}"}, story={"story": "Short."})
    states = [m.state for m in letters(app, "nominations/receipt")]
    assert states.count("held") == 2
    assert states[:20] == ["queued"] * 20


@pytest.mark.parametrize(("relation", "said"), [("self", "You nominated yourself"), ("family_current", "")])
def test_who_nominates_themself_learns_that_others_must_too(app, cast, relation, said):
    walker = nominate(cast, you={"relation": relation})
    assert ("One more person must nominate you too" in text_of(walker.get("sent"))) == bool(said)
    assert ("one more person must nominate you too" in last_letter(app, "receipt").text) == bool(said)
    assert walker.row().relation_group == ("self" if said else "family")


def test_staff_may_confirm_and_nobody_else(app, cast):
    walker = nominate(cast)
    people = {name: cast.person(name) for name in ("sam", "priya", "ada", "vera", "chen")}

    def vouch(name: str) -> None:
        with app.app_context(), transaction():
            found = db.session.scalar(select(Nomination).where(Nomination.public_id == walker.public_id))
            actions.confirm_by_staff(found, db.session.get(Person, people[name]))

    for name in ("priya", "ada", "vera", "chen"):
        with pytest.raises(Refused):
            vouch(name)
    vouch("sam")
    assert walker.row().state == "confirmed"
    with pytest.raises((Refused, Overtaken)):
        vouch("sam")
    assert cast.browser().post(link_of(last_letter(app, "receipt"), "confirm")).status_code == 303


def test_signing_in_does_not_lose_the_draft(cast):
    walker = Walker(cast).begin()
    with walker.browser.client.session_transaction() as session:
        session.clear()
    assert walker.get("educator").status_code == 200



def test_queries_stay_within_the_budget_for_1_and_for_30(app, cast):
    walker = nominate(cast)
    draft = Walker(cast).begin().fill()

    def reading() -> dict[str, int]:
        urls = {page: (draft, f"{draft.url}/{page}") for page in ("educator", "you", "story", "name", "check")}
        urls |= {"start": (draft, BASE), "schools": (draft, f"{BASE}/schools?school=mill")}
        urls |= {"sent": (walker, f"{walker.url}/sent"), "own": (walker, walker.url)}
        return {name: how_many(app, lambda w=w, u=u: w.browser.get(u)) for name, (w, u) in urls.items()}

    def writing() -> dict[str, int]:
        token = draft.browser.token()
        post = draft.browser.client.post
        return {step: how_many(app, lambda s=step: post(f"{draft.url}/{s}", data={**STEPS[s], "csrf_token": token}))
                for step in ("educator", "you", "story", "name")}

    def sending(address: str) -> int:
        one = Walker(cast).begin().fill(name={"email": address})
        token = one.browser.token()
        return how_many(app, lambda: one.browser.client.post(f"{one.url}/send", data={"csrf_token": token}))

    few, few_writes, few_sent = reading(), writing(), sending("first@example.org")
    for n in range(29):
        nominate(cast, name={"email": f"n{n}@example.org"})
    assert (reading(), writing()) == (few, few_writes)
    assert max(few.values()) <= 6, few
    assert max(few_writes.values()) <= 8, few_writes
    # Seven of them write: the draft, both links, letter, job, the record's two. PostgreSQL locks the cycle by one more.
    assert sending("last@example.org") == few_sent <= 15
