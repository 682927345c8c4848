"""The way of a nomination through its pages: begun, saved as typed, checked, sent, resumed on another device."""

from datetime import timedelta
from functools import partial

import pytest

from portal.core.audit import history, verify
from portal.core.clock import now
from portal.core.db import transaction
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import Program, Window
from tests.cast import Cast, letters, run_jobs, text_of
from tests.nominations.consenting import add_file
from tests.nominations.walking import BASE, STEPS, STORY, Walker, count, last_letter, link_of, nominate


def move_window(cast, opens: int, closes: int) -> None:
    """Opens and closes nominations so many days from now."""
    with cast.app.app_context(), transaction() as s:
        window = s.query(Window).filter_by(cycle_id=cast.cycle_id, key="nominations").one()
        window.opens_at, window.closes_at = now() + timedelta(days=opens), now() + timedelta(days=closes)


def test_the_whole_way_without_scripts(app, cast):
    walker = Walker(cast).begin()
    assert walker.get("educator").status_code == 200
    for step, following in (("educator", "you"), ("you", "story"), ("story", "name"), ("name", "check")):
        answer = walker.post(step, {**STEPS[step], "go": "next"})
        assert (answer.status_code, answer.location.rsplit("/", 1)[1]) == (303, following)
        assert walker.get(following).status_code == 200
    checked = text_of(walker.get("check"))
    for said in ("Marisol Rivera", "Cascade Elementary, Atlanta Public Schools", "Teacher", "2 years", STORY.strip()):
        assert said in checked
    assert walker.send().location.endswith("/sent")
    receipt = text_of(walker.get("sent"))
    kept = walker.row()
    assert kept.receipt in receipt
    assert "n•••@example.org" in receipt
    assert "nora@example.org" not in receipt
    assert (kept.state, kept.relation_group) == ("submitted", "family")
    assert (kept.position, kept.sharing) == ("Teacher", "relation")
    assert kept.school_id == cast.school_ids["Cascade Elementary"]
    assert (kept.file.name_key, kept.file.position_key) == ("marisol rivera", "teacher")
    assert kept.file.search == "marisol rivera cascade elementary teacher atlanta public schools"
    letter = last_letter(app, "receipt")
    assert letter.to == "nora@example.org"
    assert kept.receipt in letter.text
    assert STORY[:40] not in letter.text
    with app.app_context():
        assert [e.verb for e in history(f"nomination:{walker.public_id}")] == ["nomination.submit"]
        assert verify()[1] == []


def test_each_step_saves_as_it_is_typed(app, cast):
    walker = Walker(cast).begin()
    saved = walker.post("educator/save", {"educator": "Mar"}, hx=True)
    assert saved.status_code == 200
    assert "Saved" in text_of(saved)
    assert "<html" not in saved.get_data(as_text=True)
    walker.post("story/save", {"story": "Half a"}, hx=True)
    assert {k: walker.row().answers[k] for k in ("educator", "story")} == {"educator": "Mar", "story": "Half a"}
    assert 'value="Mar"' in walker.get("educator").get_data(as_text=True)
    assert "Half a" in text_of(walker.get("story"))
    assert count(app, NomineeFile) == 0


def test_going_back_keeps_what_is_wrong_too(app, cast):
    walker = Walker(cast).begin()
    answer = walker.post("story", {"story": "Only a", "go": "back"})
    assert answer.location.endswith("/you")
    assert walker.row().answers["story"] == "Only a"


@pytest.mark.parametrize(("step", "wrong", "said"), [
    ("educator", {"educator": ""}, "Write the educator’s name"),
    ("educator", {"educator": "See www.win.example"}, "without a web or e-mail address"),
    ("educator", {"school": "Cascad"}, "Choose the school, or say that it is not in the list"),
    ("educator", {"school": "Hogwarts"}, "Choose the district"),
    ("educator", {"position": ""}, "Choose the educator’s position"),
    ("educator", {"educator_email": "nowhere"}, "Write the whole address"),
    ("you", {"relation": "boss"}, "Not a valid choice"),
    ("you", {"relation": ""}, "Choose how you know this educator"),
    ("you", {"known_for": "since"}, "for example “2 years”"),
    ("you", {"tie": "yes"}, "Say in a few words"),
    ("story", {"story": " "}, "Write what happened"),
    ("story", {"story": "x" * 8001}, "8000 characters at most"),
    ("name", {"email": "nora"}, "Write the whole address"),
    ("name", {"sharing": "maybe"}, "Not a valid choice"),
    ("name", {"name": ""}, "Write your name"),
])
def test_a_mistake_shows_the_same_step_filled_in(app, cast, step, wrong, said):
    walker = Walker(cast).begin()
    typed = {**STEPS[step], **wrong}
    answer = walker.post(step, {**typed, "go": "next"})
    assert answer.status_code == 422
    assert said in text_of(answer)
    kept = walker.row().answers
    assert {k: v for k, v in kept.items() if k not in ("age", "school_choice")} == typed
    page = walker.get(step).get_data(as_text=True)
    plain = [v for k, v in typed.items() if k in ("educator", "school", "known_for", "story", "email")]
    assert all(v.strip()[:80] in page for v in plain)


@pytest.mark.parametrize("words", [1, 39, 250, 900])
def test_a_story_is_never_refused_for_its_length(cast, words):
    walker = Walker(cast).begin().fill(story={"story": "word " * words})
    checked = text_of(walker.get("check"))
    assert ("you may send it as it is" in checked) == (words < 40 or words > 250)
    assert "Send the nomination" in checked


def test_what_is_missing_is_named_on_the_check_page_and_not_sent(app, cast):
    walker = Walker(cast).begin()
    walker.post("story", {"story": STORY})
    page = text_of(walker.get("check"))
    assert "Something is still needed" in page
    assert "Send the nomination" not in page
    assert walker.post("send").location.endswith("/check")
    assert walker.row().state == "draft"


def test_change_on_the_check_page_leads_there_and_back(cast):
    walker = Walker(cast).begin().fill()
    assert "Save and check" in text_of(walker.get("you?then=check"))
    answer = walker.post("you", {**STEPS["you"], "known_for": "3 years", "then": "check"})
    assert answer.location.endswith("/check")
    assert "3 years" in text_of(walker.get("check"))


@pytest.mark.parametrize(("typed", "offered"), [
    ("casc", ["Cascade Elementary"]),
    ("mill", ["Old Mill High School", "Powder Mill Middle School"]),
    ("Cascade Elementary School", ["Cascade Elementary"]),
    ("Nowhere Academy", []),
    ("", []),
])
def test_the_school_search_offers_what_fits(cast, typed, offered):
    answer = cast.browser().get(f"{BASE}/schools?school={typed}", hx=True)
    page = text_of(answer)
    names = ["Cascade Elementary", "Maynard High School", "Old Mill High School", "Powder Mill Middle School"]
    assert [n for n in names if n in page] == offered
    assert ("It is not in this list" in page) == bool(offered)
    assert ("Choose" in page.replace("Schools to choose", "")) == (not offered and bool(typed))


def test_a_school_that_is_not_listed_is_kept_as_typed_with_its_district(cast):
    walker = Walker(cast).begin().fill(educator={"school": "Old mill", "school_choice": "none", "district": "cobb"})
    walker.send()
    kept = walker.row()
    assert (kept.school_id, kept.school_name) == (None, "Old mill")
    assert kept.file.school_key == "old mill"
    assert kept.file.district_id == kept.district_id is not None


def test_the_link_to_finish_later_opens_the_draft_on_another_device(app, cast):
    walker = Walker(cast).begin()
    wrong = walker.post("story", {"story": "Half a story", "later": "nora at", "go": "mail"})
    assert wrong.status_code == 422
    assert "Half a story" in text_of(wrong)
    missing = walker.post("story", {"story": "Half a story", "later": "", "go": "mail"})
    assert missing.status_code == 422
    assert "Write the address" in text_of(missing)
    sent = walker.post("story", {"story": "Half a story", "later": "Nora AT example.org", "go": "mail"})
    assert sent.status_code == 303
    assert "We sent a link to nora@example.org" in text_of(walker.get("story"))
    link = link_of(last_letter(app, "finish_later"), "open")
    other = cast.browser()
    assert other.get(walker.url).status_code == 404
    assert "Go on with my nomination" in text_of(other.get(link))
    assert other.get(walker.url).status_code == 404, "looking at the link opened the nomination"
    opened = other.post(link, follow=True)
    assert "Half a story" in text_of(opened)
    assert 'value="nora@example.org"' in other.get(f"{walker.url}/name").get_data(as_text=True)


def test_letters_to_one_address_are_limited(app, cast):
    answers = [Walker(cast).begin().post("story", {"later": "vera@example.org", "go": "mail"}) for _ in range(7)]
    assert [a.status_code for a in answers] == [303] * 6 + [422]
    assert len(letters(app, "nominations/finish_later")) == 6


def test_under_13_an_adult_helps_and_only_the_first_name_is_kept(app, cast):
    walker = Walker(cast).begin("under")
    page = text_of(walker.get("helper"))
    assert "An adult helps" in page
    for step in ("educator", "you", "story", "name", "check"):
        assert walker.get(step).location.endswith("/helper"), step
    assert walker.post("helper", {"child": "Inés"}).status_code == 422
    answer = walker.post("helper", {"child": "Inés Morales", "name": "Rosa Morales", "email": "rosa@example.org"})
    assert answer.location.endswith("/educator")
    walker.fill(name={"name": "Rosa Morales", "email": "rosa@example.org", "sharing": "yes"})
    asked, checked = text_of(walker.get("name")), text_of(walker.get("check"))
    assert "Yes, tell them the child’s first name" in asked, "the letter to the educator names the child"
    assert "the child’s first name" in checked
    assert "my name" not in asked + checked
    walker.send()
    kept = walker.row()
    assert (kept.for_child, kept.child_name, kept.nominator_name) == (True, "Inés", "Rosa Morales")
    assert "Morales" not in kept.answers["child"]
    assert "Inés" in last_letter(app, "receipt").text


def test_whoever_is_under_18_is_asked_about_the_first_name_alone_and_staff_read_the_same(cast):
    walker = Walker(cast).begin("between").fill(name={"name": "Ana Vega", "email": "ana@example.org", "sharing": "yes"})
    assert "Yes, tell them my first name" in text_of(walker.get("name"))
    walker.send()
    page = cast.browser("sam").get(f"/files/{walker.row().file.public_id}")
    assert "The educator may learn their first name" in text_of(page)


def test_age_is_asked_first_and_neutrally(cast):
    page = text_of(cast.browser().get(BASE))
    assert "How old are you?" in page
    for given in ("adult", "parent", "guardian", "under 13"):
        assert given not in page.lower().split("nominations are open")[0]
    browser = cast.browser()
    answer = browser.post(BASE, {"start": ""})
    assert answer.status_code == 422
    assert "Choose how old you are" in text_of(answer)


def test_drafts_of_this_browser_are_offered_again_and_can_be_forgotten(cast):
    walker = Walker(cast).begin()
    walker.post("educator/save", {"educator": "Marisol Rivera"}, hx=True)
    assert "Go on with it" in text_of(walker.browser.get(BASE))
    assert "Go on with it" not in text_of(cast.browser().get(BASE))
    assert walker.get().location.endswith("/educator")
    walker.post("forget")
    assert "Go on with it" not in text_of(walker.browser.get(BASE))
    assert walker.get().status_code == 404
    assert walker.row().state == "draft"


@pytest.mark.parametrize(("opens", "closes", "said"), [
    (2, 30, "Nominations open soon"), (-30, -1, "Nominations are closed"),
])
def test_outside_the_window_the_page_says_when(cast, opens, closes, said):
    move_window(cast, opens, closes)
    page = cast.browser().get(BASE)
    assert page.status_code == 200
    assert said in text_of(page)
    assert "Eastern time" in text_of(page)
    assert cast.browser().post(BASE, {"age": "adult"}).status_code == 409
    assert count(cast.app, Nomination) == 0


def test_an_unknown_program_is_not_there(cast):
    assert cast.browser().get("/awards/nowhere/nominate").status_code == 404
    assert cast.browser().get("/awards/nowhere/nominate/schools").status_code == 404


def test_a_window_that_closes_meanwhile_keeps_what_was_typed(cast):
    walker = Walker(cast).begin().fill()
    move_window(cast, -30, -1)
    saved = walker.post("story/save", {"story": "Written at midnight"}, hx=True)
    assert saved.status_code == 200
    assert "Nominations have closed" in text_of(saved)
    assert walker.post("story", {"story": "Written after midnight", "go": "next"}).location == walker.url
    assert walker.post("send").location == walker.url
    page = text_of(walker.get())
    assert "Written after midnight" in page
    assert "Nominations closed on" in page
    assert "If the date is moved before then, you can go on" in page
    assert walker.row().state == "draft"
    move_window(cast, -30, 5)
    walker.send()
    assert walker.row().story == "Written after midnight"


def test_the_reminder_comes_once_and_staff_may_vouch(app, cast):
    walker = nominate(cast)
    run_jobs(app)
    _run_reminders(app)
    assert letters(app, "nominations/proof_reminder") == []
    with app.app_context(), transaction() as s:
        s.query(Nomination).update({"submitted_at": now() - timedelta(days=4)})
    for _ in range(3):
        _run_reminders(app)
    assert len(letters(app, "nominations/proof_reminder")) == 1
    walker.browser.post(link_of(last_letter(app, "proof_reminder"), "confirm"))
    assert walker.row().state == "confirmed"


def _run_reminders(app) -> None:
    from portal.nominations.jobs.nominate import remind_unproven

    with app.app_context():
        remind_unproven()


def test_who_is_not_due_yet_holds_up_nobody_who_is(app, cast, monkeypatch):
    """The one sent first belongs to a program that waits longer."""
    from portal.nominations.queries import nomination as queries

    monkeypatch.setattr(queries, "unproven_since", partial(queries.unproven_since, limit=1))
    patient = Cast(app, slug="patient")
    for each in (patient, cast):
        with app.app_context(), transaction() as s:
            program = s.get_one(Program, each.program_id)
            waits = {**program.settings["nomination"], "remind_after_days": 30 if each is patient else 2}
            program.settings = {**program.settings, "nomination": waits}
        for at in range(2):
            sent = {"state": "submitted", "confirmed_at": None, "source": "form", "submitted_at": now() - timedelta(3)}
            address = f"n{at}@{each.slug}.example.org"
            add_file(each, f"Tariq {at}", nominations=({**sent, "nominator_email": address},))
    _run_reminders(app)
    sent_to = [letter.to for letter in letters(app, "nominations/proof_reminder")]
    assert sent_to == ["n0@teach-on.example.org", "n1@teach-on.example.org"]


def test_spanish_from_the_first_page_to_the_letter(app, cast):
    browser = cast.browser()
    page = browser.get(f"{BASE}?lang=es").get_data(as_text=True)
    assert '<html lang="es">' in page
    assert "ES The Teach On Project" in page
    walker = Walker(cast, browser).begin().fill()
    walker.send()
    kept = walker.row()
    assert (kept.locale, kept.file.locale, kept.position) == ("es", "es", "ES Teacher")
    assert "hora del este" in last_letter(app, "receipt").text
    other = cast.browser()
    opened = other.post(link_of(last_letter(app, "receipt"), "open"), follow=True)
    assert '<html lang="es">' in opened.get_data(as_text=True)
