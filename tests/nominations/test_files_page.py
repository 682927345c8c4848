"""One nominee file: who wrote, stories for the panel, screening with reasons, correction, spam, the record."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.core import audit
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries.voices import voices_for_panel
from portal.programs.models import EligibilityRule, Program
from tests.cast import Cast, letters, text_of
from tests.nominations.consenting import add_file, look
from tests.statements import statements


def nominations(cast: Cast, file: str) -> list[Nomination]:
    with cast.app.app_context():
        query = select(Nomination).join(NomineeFile, NomineeFile.id == Nomination.file_id)
        return list(db.session.scalars(query.where(NomineeFile.public_id == file).order_by(Nomination.id)))


def page(cast: Cast, file: str, who: str = "sam") -> str:
    return text_of(cast.browser(who).get(f"/files/{file}"))


def panel_reads(cast: Cast, file: str) -> dict[str, tuple[str, bool]]:
    """What scorers get: the story of each group, and whether staff chose it."""
    with cast.app.app_context():
        file_id = db.session.scalars(select(NomineeFile.id).where(NomineeFile.public_id == file)).one()
        return {group: (voice.story, voice.chosen) for group, voice in voices_for_panel([file_id])[file_id].items()}


def verbs(cast: Cast) -> list[str]:
    with cast.app.app_context():
        assert audit.verify()[1] == []
        return list(db.session.scalars(select(audit.AuditEntry.verb).order_by(audit.AuditEntry.id)))


STUDENT = {"relation": "current_student", "relation_group": "student"}


def test_the_page_tells_who_wrote_and_what_they_allow(cast: Cast) -> None:
    unproven = STUDENT | {"state": "submitted", "confirmed_at": None, "story": "Not proven."}
    named = {"sharing": "yes", "tie": "We share a shop"}
    file = add_file(cast, nominations=(named, STUDENT | {"sharing": "relation"}, unproven))
    seen = page(cast, file)
    for words in ("Nora 0 Example", "nora0@example.org", "The educator may learn their name", "We share a shop",
                  "The educator may learn only their relation", "Not proven.", "Address not proven", "Families",
                  "Students"):  # fmt: skip
        assert words in seen, words


def test_an_auditor_reads_and_changes_nothing(cast: Cast) -> None:
    file = add_file(cast, nominations=({}, {}))
    body = cast.browser("ada").get(f"/files/{file}").get_data(as_text=True)
    assert "Nora 0 Example" in body
    main = body.split("<main", 1)[1].split("</main>")[0]
    assert "<form" not in main
    one = nominations(cast, file)[0].public_id
    posts = [f"/files/{file}/{verb}" for verb in ("screen", "correct", "apart")]
    posts += [f"/nominations/{one}/{verb}" for verb in ("confirm", "spam", "not-spam", "show", "show/undo", "split")]
    assert {url: cast.browser("ada").post(url).status_code for url in posts} == dict.fromkeys(posts, 403)
    assert {cast.browser("priya").post(url).status_code for url in posts} == {404}
    assert {cast.browser().post(url).status_code for url in posts} == {303}


def test_staff_confirm_a_nomination(cast: Cast) -> None:
    file = add_file(cast, nominations=({"state": "submitted", "confirmed_at": None},))
    one = nominations(cast, file)[0]
    assert panel_reads(cast, file) == {}
    assert "Not proven yet" in page(cast, file)
    assert cast.browser("sam").post(f"/nominations/{one.public_id}/confirm").status_code == 303
    assert nominations(cast, file)[0].state == "confirmed"
    assert panel_reads(cast, file) == {"family": ("A good story.", False)}
    assert "A nominator's address was confirmed." in page(cast, file)
    assert cast.browser("sam").post(f"/nominations/{one.public_id}/confirm").status_code == 403


def test_spam_is_set_aside_and_taken_back(cast: Cast) -> None:
    file = add_file(cast, nominations=({}, {"state": "submitted", "confirmed_at": None}))
    browser = cast.browser("sam")
    for one in nominations(cast, file):
        browser.post(f"/nominations/{one.public_id}/spam")
    assert [n.state for n in nominations(cast, file)] == ["spam", "spam"]
    assert "Nobody has written" in page(cast, file)
    assert panel_reads(cast, file) == {}
    for one in nominations(cast, file):
        browser.post(f"/nominations/{one.public_id}/not-spam")
    assert [n.state for n in nominations(cast, file)] == ["confirmed", "submitted"]


def test_spam_stays_when_the_person_wrote_again(cast: Cast) -> None:
    file = add_file(cast, nominations=({"state": "spam"}, {"nominator_email": "nora0@example.org"}))
    answer = cast.browser("sam").post(f"/nominations/{nominations(cast, file)[0].public_id}/not-spam")
    assert answer.status_code == 422
    assert "written about this educator again" in text_of(answer)


def test_one_story_a_group_for_the_panel(cast: Cast) -> None:
    short, long, too_long = "Short one.", "A longer story here.", "word " * 300
    stories = ({"story": short}, {"story": long}, {"story": too_long}, STUDENT | {"story": "Only."})
    file = add_file(cast, nominations=stories)
    assert panel_reads(cast, file) == {"student": ("Only.", False), "family": (long, False)}
    seen = page(cast, file)
    assert "Choose a story" in seen
    assert "The panel reads this one until you choose" in seen
    browser, first = cast.browser("sam"), nominations(cast, file)
    browser.post(f"/nominations/{first[0].public_id}/show")
    assert panel_reads(cast, file)["family"] == (short, True)
    browser.post(f"/nominations/{first[2].public_id}/show")
    assert panel_reads(cast, file)["family"] == (too_long, True)
    assert [n.shown for n in nominations(cast, file)] == [False, False, True, False]
    assert "Story chosen" in page(cast, file)
    browser.post(f"/nominations/{first[2].public_id}/show/undo")
    assert panel_reads(cast, file)["family"] == (long, False)
    assert verbs(cast) == ["file.story_chosen", "file.story_chosen", "file.story_cleared"]


def test_choosing_by_htmx_answers_with_the_group_alone(cast: Cast) -> None:
    file = add_file(cast, nominations=({}, {}, STUDENT))
    answer = cast.browser("sam").post(f"/nominations/{nominations(cast, file)[0].public_id}/show", hx=True)
    body = answer.get_data(as_text=True)
    assert body.strip().startswith('<section class="voice" id="voices-family"')
    assert body.count("<section") == 1
    assert "Story chosen" in body


def test_an_unproven_story_is_never_the_panels(cast: Cast) -> None:
    file = add_file(cast, nominations=({"state": "submitted", "confirmed_at": None},))
    answer = cast.browser("sam").post(f"/nominations/{nominations(cast, file)[0].public_id}/show")
    assert answer.status_code == 422
    assert panel_reads(cast, file) == {}


def test_panel_voices_hold_no_names(cast: Cast) -> None:
    file = add_file(cast, nominations=({}, {}))
    with cast.app.app_context():
        file_id = db.session.scalars(select(NomineeFile.id).where(NomineeFile.public_id == file)).one()
        voice = voices_for_panel([file_id], 250)[file_id]["family"]
    assert "Nora" not in repr(voice)
    assert "@" not in repr(voice)


def test_screening(cast: Cast) -> None:
    add_rules(cast)
    file = add_file(cast, consent="accepted", asked_at=now())
    browser = cast.browser("sam")
    seen = text_of(browser.get(f"/files/{file}/screen"))
    found = ("is one of the award’s positions", "No past winner has this")
    for words in ("A teacher or principal", "Has not won before", *found):
        assert words in seen
    assert browser.post(f"/files/{file}/screen", {"decision": "eligible"}).status_code == 303
    assert (look(cast, file).screening, look(cast, file).screened_at is not None) == ("eligible", True)
    assert "Goes to the panel" in text_of(browser.get(f"/cycles/{cast.cycle}/files"))
    assert "Found eligible." in page(cast, file)


def add_rules(cast: Cast) -> None:
    with cast.app.app_context(), transaction() as s:
        texts = (("position", "A **teacher** or principal", "position"), ("won", "Has not won before", "not_winner"))
        for i, (key, said, check) in enumerate(texts):
            s.add(EligibilityRule(cycle_id=cast.cycle_id, position=i, key=key, text={"en": said}, checked_by=check))


@pytest.mark.parametrize(
    ("before", "given", "status"),
    [
        ({}, {"decision": "eligible"}, 303),
        ({}, {}, 422),
        ({}, {"decision": "nonsense"}, 422),
        ({}, {"decision": "ineligible"}, 422),
        ({}, {"decision": "ineligible", "rules": "nonsense"}, 422),
        ({}, {"decision": "ineligible", "rules": "position"}, 303),
        ({}, {"decision": "ineligible", "reason": "Left the district."}, 303),
        ({"screening": "ineligible"}, {"decision": "eligible"}, 422),
        ({"screening": "ineligible"}, {"decision": "eligible", "reason": "We were wrong."}, 303),
        ({"screening": "eligible"}, {"decision": "ineligible", "rules": "won"}, 303),
        ({"nominations": ()}, {"decision": "eligible"}, 422),
        ({"nominations": ({"relation": "self", "relation_group": "self"},)}, {"decision": "eligible"}, 422),
        ({"nominations": ({"relation": "family_member"},)}, {"decision": "eligible"}, 422),
        ({"nominations": ({"relation": "family_member"},)}, {"decision": "eligible", "reason": "An aunt."}, 303),
    ],
)
def test_a_decision_and_its_reason(cast: Cast, before: dict[str, Any], given: dict[str, Any], status: int) -> None:
    add_rules(cast)
    file = add_file(cast, **before, screened_at=now())
    answer = cast.browser("sam").post(f"/files/{file}/screen", given)
    assert answer.status_code == status
    state = look(cast, file).screening
    assert state == (given["decision"] if status == 303 else before.get("screening", "unscreened"))
    if status == 303:
        assert look(cast, file).screening_reason == given.get("reason", "")


def test_the_record_keeps_the_rule_and_no_personal_text(cast: Cast) -> None:
    add_rules(cast)
    file = add_file(cast)
    given = {"decision": "ineligible", "rules": "position", "reason": "Tariq coaches."}
    cast.browser("sam").post(f"/files/{file}/screen", given)
    assert "Found not eligible. Not met: A teacher or principal." in page(cast, file)
    assert "Tariq coaches." in page(cast, file)
    with cast.app.app_context():
        facts = db.session.scalars(select(audit.AuditEntry.facts)).one()
    assert facts["rules"] == ["position"]
    assert "Tariq" not in str(facts)


def test_correcting_the_file_leaves_what_was_written(cast: Cast) -> None:
    file = add_file(cast, "Bello, Tariq", school="Old Mill", nominations=({"educator_name": "Bello, Tariq"},))
    browser = cast.browser("sam")
    form = browser.get(f"/files/{file}/correct").get_data(as_text=True)
    assert 'value="Bello, Tariq"' in form
    school = form.split(">Old Mill High School (Cobb County)<")[0].rsplit('value="', 1)[1].rstrip('"')
    given = {"name": " Tariq  Béllo", "school": school, "position_key": "principal", "position": "Principal"}
    given |= {"school_name": "", "district": ""}
    assert browser.post(f"/files/{file}/correct", given).status_code == 303
    now_is = look(cast, file)
    assert (now_is.name, now_is.name_key, now_is.school_name) == ("Tariq Béllo", "tariq bello", "Old Mill High School")
    assert (now_is.position_key, now_is.district_id is not None) == ("principal", True)
    assert nominations(cast, file)[0].educator_name == "Bello, Tariq"
    assert "Corrected: district, name, position, school." in page(cast, file)
    assert "Wrote the name as Bello, Tariq" in page(cast, file)
    assert "Tariq Béllo" in text_of(browser.get(f"/cycles/{cast.cycle}/files?q=bello+cobb"))
    assert browser.post(f"/files/{file}/correct", {"name": ""}).status_code == 422


@pytest.mark.parametrize(
    ("written", "warning"),
    [
        (({"relation": "self", "relation_group": "self"},), "The educator wrote about themself."),
        (({"relation": "family_member"},), "Only the educator's own family has written."),
        (({"relation": "self", "relation_group": "self"}, {}), None),
        (({"relation": "family_member"}, {}), None),
    ],
)
def test_voices_that_do_not_qualify_yet(cast: Cast, written: Any, warning: str | None) -> None:
    seen = page(cast, add_file(cast, nominations=written))
    assert ("Needs another voice" in seen) == (warning is not None)
    assert warning is None or warning in seen


def test_the_settings_decide_what_qualifies(cast: Cast) -> None:
    with cast.app.app_context(), transaction() as s:
        program = s.get_one(Program, cast.program_id)
        asked = {**program.settings["nomination"], "self_needs_seconders": 0, "family_alone_qualifies": True}
        program.settings = {**program.settings, "nomination": asked}
    for relation, group in (("self", "self"), ("family_member", "family")):
        file = add_file(cast, nominations=({"relation": relation, "relation_group": group},))
        assert "Needs another voice" not in page(cast, file)


def test_the_address_is_typed_on_the_page(cast: Cast) -> None:
    file = add_file(cast, email="")
    browser = cast.browser("sam")
    assert "Keep the address" in page(cast, file)
    given = {"email": "tariq at example.org", "next": f"/files/{file}"}
    assert browser.post(f"/files/{file}/address", given).location == f"/files/{file}"
    assert "Read the letter" in page(cast, file)
    assert letters(cast.app) == []


def test_a_file_costs_the_same_with_1_and_30_nominations(cast: Cast) -> None:
    few, many = add_file(cast), add_file(cast, nominations=({}, STUDENT) * 15)
    browser = cast.browser("sam")
    costs = []
    for path in (few, many, f"{few}/screen", f"{many}/screen", f"{few}/join", f"{many}/join", f"{few}/join/{many}"):
        with statements(cast.app) as seen:
            assert browser.get(f"/files/{path}").status_code == 200
        costs.append(len([s for s in seen if s.startswith("SELECT")]))
    assert costs[0::2][:3] == costs[1::2][:3]
    assert max(costs) <= 6


def test_a_write_costs_the_same_with_1_and_30_nominations(cast: Cast) -> None:
    browser = cast.browser("sam")
    cast.browser("sam").post(f"/files/{add_file(cast)}/screen", {"decision": "eligible"})  # the record has begun
    costs = []
    for written in (({},), ({}, STUDENT) * 15):
        file = add_file(cast, nominations=written)
        one = nominations(cast, file)[0].public_id
        data = {"csrf_token": browser.token(), "decision": "eligible"}
        for url in (f"/nominations/{one}/show", f"/files/{file}/screen"):
            with statements(cast.app) as seen:
                assert browser.client.post(url, data=data).status_code == 303
            costs.append(len(seen))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 11
