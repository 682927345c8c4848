"""Acts on many files: chosen, previewed, done once, told by name, taken back; what each act is and is not done to."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from portal.core import audit
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.nominations.actions.bulk_acts import ACTS
from portal.nominations.models import BulkAct, NomineeFile
from portal.nominations.queries import bulk as queries
from portal.nominations.rules.bulk import WHY
from portal.programs.models import Cycle, District, EligibilityRule
from tests.cast import Cast, letters, run_jobs, text_of
from tests.nominations.consenting import add_file, ask, days_ago, look, path_of
from tests.nominations.many import became, choose, do, preview, recorded, undo


def test_the_way_of_an_act(cast: Cast) -> None:
    one, two = add_file(cast, "Ann Yes"), add_file(cast, "Bea Yes", email="bea@example.org")
    three = add_file(cast, "Cy Done", screening="eligible", screened_at=now())
    url = preview(cast, "eligible", one, two, three)
    page = text_of(cast.browser("sam").get(url))
    for words in ("2 nominees will be found eligible", "Nothing has happened yet", "One other file is left out",
                  "Found eligible already", "No letter goes out", "Screen as eligible (2)"):  # fmt: skip
        assert words in page, words
    assert look(cast, one).screening == "unscreened"
    assert "2 nominees were found eligible" in text_of(do(cast, url))
    assert [look(cast, f).screening for f in (one, two, three)] == ["eligible"] * 3
    assert recorded(cast, "screening") == ["screening.find_eligible"] * 2
    listed = text_of(cast.browser("sofia").get(f"/cycles/{cast.cycle}/bulk"))
    assert "2 nominees were found eligible Sam Example" in listed
    told = text_of(undo(cast, url, "sofia"))
    assert "Taken back from 2 files" in told
    assert "Taken back by Sofia Example" in told
    assert [look(cast, f).screening for f in (one, two, three)] == ["unscreened", "unscreened", "eligible"]
    assert recorded(cast, "bulk") == ["bulk.start", "bulk.finish", "bulk.take_back", "bulk.taken_back"]
    with cast.app.app_context():
        assert audit.verify()[1] == []


def test_letters_wait_and_can_be_called_back(cast: Cast) -> None:
    file = add_file(cast, "Ann Ask")
    url = preview(cast, "ask", file)
    browser = cast.browser("sam")
    assert "One letter goes out, 10 minutes after you press the button." in text_of(browser.get(url))
    assert "Ann Ask" in browser.get(f"{url}/letter/body").get_data(as_text=True)
    do(cast, url)
    assert look(cast, file).consent == "asked"
    run_jobs(cast.app)
    assert [letter.state for letter in letters(cast.app)] == ["queued"]
    undo(cast, url)
    assert (look(cast, file).consent, look(cast, file).asked_at) == ("open", None)
    assert [letter.state for letter in letters(cast.app)] == ["canceled"]
    assert became(cast, url) == {"Ann Ask": "undone"}
    with time_machine.travel(now() + timedelta(minutes=11)):
        run_jobs(cast.app)
    assert [letter.state for letter in letters(cast.app)] == ["canceled"]
    link = ask(cast, file)  # by itself, later: another letter, another link
    assert [letter.state for letter in letters(cast.app)] == ["canceled", "queued"]
    assert cast.browser().get(path_of(link)).status_code == 200


def test_letters_leave_when_their_time_comes_and_stay_gone(cast: Cast) -> None:
    file = add_file(cast, "Ann Ask")
    url = preview(cast, "ask", file)
    do(cast, url)
    with time_machine.travel(now() + timedelta(minutes=10, seconds=1)):
        run_jobs(cast.app)
        assert [letter.state for letter in letters(cast.app)] == ["sent"]
        answer = undo(cast, url)
        assert answer.status_code == 422
        assert "The time to take this back is over." in text_of(answer)
        assert "The letters have left" in text_of(cast.browser("sam").get(url))
    assert look(cast, file).consent == "asked"


def test_one_letter_that_somebody_let_go_by_hand_is_not_called_back(cast: Cast) -> None:
    one, two = add_file(cast, "Ann Ask"), add_file(cast, "Bea Ask", email="bea@example.org")
    url = preview(cast, "ask", one, two)
    do(cast, url)
    from portal.core.outbox import Message

    with cast.app.app_context():
        message = db.session.scalars(select(Message.public_id).where(Message.to == "bea@example.org")).one()
    sam = cast.browser("sam")
    for verb in ("hold", "release"):
        assert sam.post(f"/mail/{message}/{verb}").status_code == 303
    run_jobs(cast.app)
    page = text_of(undo(cast, url))
    assert became(cast, url) == {"Ann Ask": "undone", "Bea Ask": "kept: left"}
    assert "Not taken back" in page
    assert "The letter has left" in page
    assert (look(cast, one).consent, look(cast, two).consent) == ("open", "asked")


def test_a_reminder_that_was_called_back_can_be_sent_again(cast: Cast) -> None:
    file = add_file(cast, "Ann Late", consent="asked", asked_at=days_ago(9))
    for expected in (["queued"], ["canceled", "queued"]):
        url = preview(cast, "remind", file)
        do(cast, url)
        assert look(cast, file).reminded_at is not None
        assert [letter.state for letter in letters(cast.app, "nominations/consent_reminder")] == expected
        undo(cast, url)
        assert look(cast, file).reminded_at is None
    assert recorded(cast, "consent.remind") == ["consent.remind", "consent.reminder_called_back"] * 2


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_who_answers_while_the_reminder_waits_gets_none(cast: Cast, answer: str) -> None:
    file = add_file(cast, "Ann Late")
    link = path_of(ask(cast, file))
    with cast.app.app_context(), transaction() as s:
        s.execute(update(NomineeFile).values(asked_at=days_ago(9)))
    do(cast, preview(cast, "remind", file))
    assert cast.browser().post(f"{link}/{answer}").status_code == 303
    with time_machine.travel(now() + timedelta(minutes=11)):
        run_jobs(cast.app)
    assert [letter.state for letter in letters(cast.app, "nominations/consent_reminder")] == ["canceled"]


def test_nothing_urgent_waits_with_the_letters_that_wait(cast: Cast) -> None:
    file, other = add_file(cast, "Ann Ask"), add_file(cast, "Bea Ask", email="bea@example.org")
    do(cast, preview(cast, "ask", file))
    cast.browser("sam").post(f"/files/{other}/letter")
    run_jobs(cast.app)
    assert [letter.state for letter in letters(cast.app)] == ["queued", "sent"]


def test_one_reason_for_all_of_them(cast: Cast) -> None:
    with cast.app.app_context(), transaction() as s:
        rule = {"en": "Works in a public school", "es": "Trabaja en una escuela pública"}
        s.add(EligibilityRule(cycle_id=cast.cycle_id, position=1, key="public", text=rule))
    one, two = add_file(cast, "Ann No"), add_file(cast, "Bea No", email="bea@example.org")
    url = preview(cast, "ineligible", one, two)
    answer = do(cast, url)
    assert answer.status_code == 422
    assert "Write the reason in a sentence, or choose the rule that is not met." in text_of(answer)
    assert look(cast, one).screening == "unscreened"
    page = text_of(do(cast, url, reason="A private school.", rules=["public"]))
    assert "2 nominees were found not eligible" in page
    assert "Works in a public school" in page
    assert {look(cast, f).screening_reason for f in (one, two)} == {"A private school."}
    undo(cast, url)
    assert [(look(cast, f).screening, look(cast, f).screening_reason) for f in (one, two)] == [("unscreened", "")] * 2


def test_a_screening_taken_back_stands_again_with_its_reason(cast: Cast) -> None:
    one = add_file(cast, "Ann No", screening="ineligible", screened_at=now(), screening_reason="A private school.")
    two = add_file(cast, "Bea Yes", email="bea@example.org", screening="eligible", screened_at=now())
    url = preview(cast, "unscreen", one, two)
    do(cast, url)
    assert {look(cast, f).screening for f in (one, two)} == {"unscreened"}
    undo(cast, url)
    assert (look(cast, one).screening, look(cast, one).screening_reason) == ("ineligible", "A private school.")
    assert look(cast, two).screening == "eligible"


def test_the_district_of_schools_that_nobody_knows(cast: Cast) -> None:
    with cast.app.app_context():
        cobb = db.session.scalars(select(District.id).where(District.key == "cobb")).one()
    one = add_file(cast, "Ann", school="Nowhere School")
    two = add_file(cast, "Bea", school="Elsewhere", district_id=cobb)
    three = add_file(cast, "Cy", school="Cascade Elementary")
    url = preview(cast, "district", one, two, three)
    assert "Choose the district." in text_of(do(cast, url))
    assert "Cobb County" in text_of(do(cast, url, district=str(cobb)))
    assert became(cast, url) == {"Ann": "done", "Bea": "skipped: same", "Cy": "left: school"}
    assert look(cast, one).district_id == cobb
    assert "cobb county" in look(cast, one).search
    undo(cast, url)
    assert (look(cast, one).district_id, look(cast, two).district_id) == (None, cobb)


@pytest.mark.parametrize(
    ("which", "query", "expected"),
    [("ticked", "", {"Ann"}), ("page", "", {"Ann", "Bea"}), ("all", "", {"Ann", "Bea", "Cy", "Dee"}),
     ("all", "?q=ee", {"Dee"}), ("all", "?district=0&screening=unscreened", {"Ann", "Bea", "Dee"})],
)  # fmt: skip
def test_which_files(cast: Cast, which: str, query: str, expected: set[str]) -> None:
    ids = [add_file(cast, name, email=f"{name}@example.org") for name in ("Ann", "Bea")]
    add_file(cast, "Cy", screening="eligible", screened_at=now())
    add_file(cast, "Dee")
    url = preview(cast, "eligible", *(ids if which == "page" else ids[:1]), which=which, query=query)
    assert set(became(cast, url)) == expected


def test_an_empty_choice_is_said_in_the_list(cast: Cast) -> None:
    file = add_file(cast, "Ann")
    page = choose(cast, "eligible", query="?q=ann")
    assert page.location.endswith("/files?q=ann")
    sam = cast.browser("sam")
    data = {"act": "eligible", "which": "ticked"}
    said = text_of(sam.post(f"/cycles/{cast.cycle}/files/bulk", data, follow=True))
    assert "Tick at least one file in the list" in said
    said = text_of(sam.post(f"/cycles/{cast.cycle}/files/bulk", {**data, "act": "", "file": file}, follow=True))
    assert "Choose first what should be done." in said
    assert choose(cast, "nonsense", file).location.endswith("/files")
    assert choose(cast, "eligible", "no-such-file").location.endswith("/files")


def test_what_was_previewed_is_what_is_done(cast: Cast) -> None:
    one, two = add_file(cast, "Ann"), add_file(cast, "Bea", email="bea@example.org")
    url = preview(cast, "eligible", which="all")
    add_file(cast, "Cy Late")  # matches too, but came afterward
    cast.browser("sofia").post(f"/files/{one}/address", {"email": "ann.new@example.org"})
    page = text_of(do(cast, url))
    assert became(cast, url) == {"Ann": "skipped: changed", "Bea": "done"}
    assert "Changed since, by somebody else" in page
    assert (look(cast, one).screening, look(cast, two).screening) == ("unscreened", "eligible")


def test_only_what_nobody_has_changed_since_is_taken_back(cast: Cast) -> None:
    one, two = add_file(cast, "Ann"), add_file(cast, "Bea", email="bea@example.org")
    url = preview(cast, "eligible", one, two)
    do(cast, url)
    cast.browser("sofia").post(f"/files/{one}/screen", {"decision": "ineligible", "reason": "A private school."})
    page = text_of(undo(cast, url))
    assert became(cast, url) == {"Ann": "kept: changed", "Bea": "undone"}
    assert "Not taken back" in page
    assert (look(cast, one).screening, look(cast, two).screening) == ("ineligible", "unscreened")


# What a file is (added to "open, unscreened, an address, one proven voice"), and what each act says to it.
SAID_NO = {"consent": "declined", "asked_at": True}
STANDINGS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("fresh", {}, {"unscreen": "unscreened", "remind": "unasked", "district": "school"}),
    ("no address", {"email": ""}, {"ask": "address", "unscreen": "unscreened", "remind": "unasked",
                                   "district": "school"}),
    ("asked lately", {"consent": "asked", "asked_at": 1}, {"ask": "asked", "remind": "early", "unscreen": "unscreened",
                                                           "district": "school"}),
    ("asked", {"consent": "asked", "asked_at": 9}, {"ask": "asked", "unscreen": "unscreened", "district": "school"}),
    ("reminded", {"consent": "asked", "asked_at": 9, "reminded_at": 2},
     {"ask": "asked", "remind": "reminded", "unscreen": "unscreened", "district": "school"}),
    ("said yes", {"consent": "accepted", "asked_at": 9},
     {"ask": "accepted", "remind": "accepted", "unscreen": "unscreened", "district": "school"}),
    ("said no", {"consent": "declined", "asked_at": 9}, dict.fromkeys(ACTS, "over")),
    ("erased", {"consent": "erased", "asked_at": 9}, dict.fromkeys(ACTS, "over")),
    ("withdrew", {"consent": "accepted", "asked_at": 9, "withdrawn_at": 1}, dict.fromkeys(ACTS, "over")),
    ("eligible", {"screening": "eligible", "screened_at": 1},
     {"eligible": "eligible", "ineligible": "eligible", "remind": "unasked", "district": "school"}),
    ("not eligible", {"screening": "ineligible", "screened_at": 1},
     {"ask": "ineligible", "eligible": "ineligible", "ineligible": "ineligible", "remind": "unasked",
      "district": "school"}),
    ("erased before", {"erased_before": True},
     {"ask": "erased", "eligible": "erased", "unscreen": "unscreened", "remind": "unasked", "district": "school"}),
    ("school not listed", {"school": "Nowhere"}, {"unscreen": "unscreened", "remind": "unasked"}),
    ("outside", {"school": "Nowhere", "outside": True},
     {"unscreen": "unscreened", "remind": "unasked", "district": "outside"}),
    ("nobody proven", {"nominations": ({"state": "submitted", "confirmed_at": None},)},
     {"ask": "unheard", "eligible": "doubt", "unscreen": "unscreened", "remind": "unasked", "district": "school"}),
    ("only themself", {"nominations": ({"relation": "self", "relation_group": "self"},)},
     {"eligible": "doubt", "unscreen": "unscreened", "remind": "unasked", "district": "school"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "values", "refused"), STANDINGS, ids=[each[0] for each in STANDINGS])
def test_acts_by_states(cast: Cast, what: str, values: dict[str, Any], refused: dict[str, str]) -> None:
    """Every act on every kind of file: it is done, or left out with this reason; and then done exactly so."""
    dated = {name: days_ago(n) for name, n in values.items() if name.endswith("_at")}
    file = add_file(cast, "Ann", **{**values, **dated})
    with cast.app.app_context():
        district = db.session.scalars(select(District.id).where(District.key == "aps")).one()
    assert refused.keys() <= ACTS.keys()
    for name in ACTS:
        with cast.app.app_context():
            seen = queries.seen_of(
                db.session.get_one(Cycle, cast.cycle_id),
                queries.loaded([db.session.scalars(select(NomineeFile.id).where(NomineeFile.public_id == file)).one()]),
            )
            assert ACTS[name].why_not(seen[0]) == refused.get(name, ""), name
        url = preview(cast, name, file)
        shown = text_of(cast.browser("sam").get(url))
        if name in refused:
            assert str(WHY[refused[name]]) in shown, name
            assert "Nothing would be done" in shown
            continue
        before = {column: getattr(look(cast, file), column) for column in ACTS[name].left}
        do(cast, url, reason="So it is.", district=str(district))
        assert became(cast, url) == {"Ann": "done"}, name
        undo(cast, url)
        assert became(cast, url) == {"Ann": "undone"}, name
        after = look(cast, file)
        kept = {column: getattr(after, column) for column in before}
        assert {**kept, "screened_at": None} == {**before, "screened_at": None}, name


def test_when_nominees_can_no_longer_say_yes_nobody_is_written_to(cast: Cast) -> None:
    from portal.programs.models import Window

    file = add_file(cast, "Ann")
    url = preview(cast, "ask", file)
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Window).where(Window.key == "application").values(opens_at=days_ago(1)))
    do(cast, url)
    assert became(cast, url) == {"Ann": "skipped: closed"}
    assert became(cast, preview(cast, "ask", file)) == {"Ann": "left: closed"}
    assert letters(cast.app) == []


def test_a_single_decision_is_taken_back_in_the_file(cast: Cast) -> None:
    file = add_file(cast, "Ann", screening="eligible", screened_at=now())
    sam = cast.browser("sam")
    assert "Take the decision back" in text_of(sam.get(f"/files/{file}/screen"))
    for _press in range(2):
        assert "Taken back." in text_of(sam.post(f"/files/{file}/screen/take-back", follow=True))
    assert look(cast, file).screening == "unscreened"
    assert "Take the decision back" not in text_of(sam.get(f"/files/{file}/screen"))


def test_every_group_can_be_read_to_its_end(cast: Cast) -> None:
    for i in range(40):
        add_file(cast, f"Person {i:02}", email=f"p{i}@example.org")
    url = preview(cast, "eligible", which="all", query="?order=name")
    sam = cast.browser("sam")
    page = text_of(sam.get(url))
    assert "and 28 more" in page
    assert "Person 11" in page
    assert "Person 12" not in page
    last = text_of(sam.get(f"{url}/files?state=will&page=2"))
    assert "Person 39" in last
    assert "40 files" in last
    assert sam.get(f"{url}/files?state=nonsense").status_code == 404
    assert sam.get(f"{url}/files?state=left&why=nonsense").status_code == 404


def test_old_previews_go_and_what_was_kept_for_undo_goes(cast: Cast) -> None:
    file = add_file(cast, "Ann No", screening="ineligible", screened_at=now(), screening_reason="Canary reason.")
    left = preview(cast, "unscreen", file)
    url = preview(cast, "unscreen", file)
    do(cast, url)
    from portal.nominations.jobs import bulk as work

    def kept() -> list[Any]:
        from portal.nominations.models import BulkItem

        with cast.app.app_context():
            work.forget()
            return [item.before for item in db.session.scalars(select(BulkItem).order_by(BulkItem.id))]

    assert [bool(before) for before in kept()] == [False, True]
    with time_machine.travel(now() + timedelta(days=2)):
        assert [bool(before) for before in kept()] == [True]
        assert cast.browser("sam").get(left).status_code == 404
    with time_machine.travel(now() + timedelta(days=8)):
        assert kept() == [{}]
        assert undo(cast, url).status_code == 422
    with cast.app.app_context():
        assert [act.given for act in db.session.scalars(select(BulkAct))] == [{}]
