"""What the system finds about each rule, whom it holds back until a person has looked, and that it decides nothing."""

import re
from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.nominations.models import NomineeFile
from portal.nominations.queries import eligibility
from portal.nominations.rules.eligibility import Known, Match, held_by, hint_for, likeness, matches
from portal.programs.models import Cycle, EligibilityRule
from portal.review.models import Panel, Seat
from portal.selection.models import Decision
from tests.cast import Cast, letters, text_of
from tests.nominations.consenting import add_file, ask, look, path_of, write_to_all
from tests.nominations.walking import confirm, nominate
from tests.statements import statements

WANDA = Known("not_winner", "wanda example", "old mill high school", "wanda@example.org", "2025")


@pytest.mark.parametrize(
    ("name", "school", "email", "how"),
    [
        ("somebody else", "", "wanda@example.org", "address"),
        ("somebody else", "", "WANDA@example.org", "address"),
        ("wanda example", "old mill high school", "", "name_school"),
        ("wanda example", "", "other@example.org", "name"),
        ("wanda example", "cascade elementary", "", "elsewhere"),
        ("wanda", "old mill high school", "", ""),
        ("", "old mill high school", "", ""),
        ("", "", "", ""),
    ],
)
def test_likeness(name: str, school: str, email: str, how: str) -> None:
    file = SimpleNamespace(name_key=name, school_key=school, email=email)
    assert likeness(file, WANDA) == how
    assert likeness(file, WANDA._replace(email="")) == ("" if how == "address" else how)


def test_the_surest_likeness_counts() -> None:
    file = SimpleNamespace(name_key="wanda example", school_key="cascade elementary", email="wanda@example.org")
    others = [WANDA._replace(email=""), WANDA._replace(email="", school=""), WANDA]
    assert matches(file, others)["not_winner"].how == "address"
    assert matches(file, others[:2])["not_winner"].how == "name"
    assert matches(file, [WANDA._replace(check="not_panel")]).keys() == {"not_panel"}


@pytest.mark.parametrize(
    ("checked_by", "facts", "kind", "evidence"),
    [
        ("position", {"position": (True, "Teacher")}, "ok", "“Teacher” is one of"),
        ("position", {"position": (False, "Coach")}, "bad", "“Coach” is not one of"),
        ("position", {}, "wait", "No position"),
        ("district", {"district": "Cobb County"}, "ok", "Cobb County"),
        ("district", {}, "wait", "not known"),
        ("district", {"outside": True}, "bad", "another district"),
        ("not_winner", {}, "ok", "No past winner"),
        ("not_winner", {"match": Match("address", WANDA)}, "bad", "Same address as a past winner (2025)"),
        ("not_winner", {"match": Match("name_school", WANDA)}, "bad", "Same name and school"),
        ("not_winner", {"match": Match("name", WANDA)}, "wait", "can’t compare the schools"),
        ("not_winner", {"match": Match("elsewhere", WANDA)}, "wait", "another school"),
        ("not_panel", {"match": Match("address", WANDA._replace(note="reviewer"))}, "bad", "staff (Reviewer)"),
        ("attest", {}, "wait", "when they accept"),
        ("attest", {"attested": True}, "ok", "says so"),
        ("attest", {"attested": False}, "wait", "did not say so"),
    ],
)
def test_what_is_found_about_a_rule(checked_by: str, facts: dict[str, Any], kind: str, evidence: str) -> None:
    found = hint_for(checked_by, **facts)
    assert found.kind == kind
    assert evidence in str(found.evidence)


def add_rules(cast: Cast) -> None:
    with cast.app.app_context(), transaction() as s:
        for i, check in enumerate(("position", "district", "attest", "not_winner", "not_panel")):
            s.add(EligibilityRule(cycle_id=cast.cycle_id, position=i, key=check, text={"en": f"Rule {check}"},
                                  checked_by=check))  # fmt: skip


def add_winner(cast: Cast, *, state: str = "announced", outcome: str = "winner", years: int = 1) -> None:
    """Wanda Gold of Old Mill High School, who won in an earlier (or, with negative years, a later) cycle."""
    first, second = cast.person("sam"), cast.person("sofia")
    with cast.app.app_context(), transaction() as s:
        day = s.get_one(Cycle, cast.cycle_id).opening_day - timedelta(days=365 * years)
        before = Cycle(program_id=cast.program_id, name=f"won {day.year}", opening_day=day)
        s.add(before)
        s.flush()
        file = NomineeFile(program_id=cast.program_id, cycle_id=before.id, name="Ms. Wanda Gold", name_key="wanda gold",
                           school_name="Old Mill High School", email="gold@example.org")  # fmt: skip
        s.add(file)
        s.flush()
        s.add(Decision(program_id=cast.program_id, cycle_id=before.id, file_id=file.id, outcome=outcome, state=state,
                       proposed_by_id=first, proposed_at=now(), confirmed_by_id=second, confirmed_at=now(),
                       announced_at=now()))  # fmt: skip


def test_what_the_nominee_said_is_true_is_known_however_much_has_happened_since(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_rules(cast)
    file = add_file(cast)
    cast.browser().post(f"{path_of(ask(cast, file))}/accept", {"true": "attest"})
    cast.browser("sam").post(f"/files/{file}/screen", {"decision": "eligible"})
    for newest in (200, 1):
        monkeypatch.setattr("portal.nominations.queries.notes.HISTORY", newest)
        assert "The nominee says so." in text_of(cast.browser("sam").get(f"/files/{file}"))


def test_a_past_winner_waits_for_a_person_and_an_organizer_may_override_with_a_reason(cast: Cast) -> None:
    add_rules(cast)
    add_winner(cast)
    file = add_file(cast, "Wanda GOLD", school="Old Mill High School", email="new@example.org")
    sam = cast.browser("sam")
    assert "To screen: past winner?" in text_of(sam.get(f"/cycles/{cast.cycle}/files?step=screen"))
    page = text_of(sam.get(f"/files/{file}"))
    assert "This may be a past winner. Screen this file" in page
    assert "Not met Same name and school as a past winner" in page
    assert "Met Nobody on this year’s panel or staff" in page
    assert "Not asked yet The nominee says so when they accept." in page
    assert "One nominee waits for screening" in text_of(sam.get("/desk"))
    assert "Wanda GOLD" not in text_of(sam.get(f"/cycles/{cast.cycle}/letters"))
    write_to_all(cast)
    assert letters(cast.app) == []
    assert look(cast, file).screening == "unscreened"  # the machine decides nothing
    assert sam.post(f"/files/{file}/screen", {"decision": "eligible"}).status_code == 422
    given = {"decision": "eligible", "reason": "Another person: we asked the school."}
    assert sam.post(f"/files/{file}/screen", given).status_code == 303
    assert "Wanda GOLD" in text_of(sam.get(f"/cycles/{cast.cycle}/letters"))


@pytest.mark.parametrize(
    ("change", "name", "school", "email", "held"),
    [
        ({}, "Wanda Gold", "Old Mill High School", "", True),
        ({}, "Somebody Else", "Cascade Elementary", "gold@example.org", True),
        ({}, "Wanda Gold", "", "", True),
        ({}, "Wanda Gold", "Cascade Elementary", "", False),
        ({}, "Wendy Gold", "Old Mill High School", "", False),
        ({"outcome": "finalist"}, "Wanda Gold", "Old Mill High School", "", False),
        ({"state": "confirmed"}, "Wanda Gold", "Old Mill High School", "", False),
        ({"years": -1}, "Wanda Gold", "Old Mill High School", "", False),
    ],
)
def test_who_counts_as_a_past_winner(
    cast: Cast, change: dict[str, Any], name: str, school: str, email: str, held: bool
) -> None:
    add_rules(cast)
    add_winner(cast, **change)
    add_file(cast, name, school=school, email=email)
    assert ("past winner?" in text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/files"))) == held


def test_panel_and_staff_of_this_cycle_wait_too_and_without_the_rule_nobody_does(cast: Cast) -> None:
    priya = cast.person("priya", cycle_id=cast.cycle_id + 99)  # last year's panel
    with cast.app.app_context(), transaction() as s:
        panel = Panel(program_id=cast.program_id, cycle_id=cast.cycle_id, round_id=cast.round_id, name={"en": "P"})
        s.add(panel)
        s.flush()
        s.add(Seat(program_id=cast.program_id, cycle_id=cast.cycle_id, panel_id=panel.id, name="Ravi Seat",
                   email="ravi@example.org", person_id=priya, school_name="Cascade Elementary", state="accepted",
                   confidentiality_agreed_at=now()))  # fmt: skip
    sam = cast.browser("sam")
    add_file(cast, "Sam Example", school="Cascade Elementary", email="")
    add_file(cast, "Ravi Seat", school="Cascade Elementary", email="")
    add_file(cast, "Ravi Seat", school="Old Mill High School", email="")
    add_file(cast, "Priya Example", school="Cascade Elementary", email="priya@example.org")
    assert "panel or staff?" not in text_of(sam.get(f"/cycles/{cast.cycle}/files"))
    add_rules(cast)
    assert text_of(sam.get(f"/cycles/{cast.cycle}/files")).count("To screen: panel or staff?") == 2


def test_the_nominator_learns_nothing(cast: Cast) -> None:
    """The pages and letters of a nomination are the same whether or not the educator has won before."""
    add_rules(cast)
    add_winner(cast)
    told = []
    for name in ("Wanda Gold", "Wendy Gild"):
        walker = nominate(
            cast, educator={"educator": name, "school": "Old Mill High School", "position": "teacher"},
            name={"name": "Nora Example", "email": f"{name.split()[0].lower()}@example.net", "sharing": "no"},
        )  # fmt: skip
        confirm(cast, walker)
        pages = [text_of(walker.get(page)) for page in ("sent", "")]
        told.append([p.replace(name, "NAME").replace(walker.row().receipt, "RECEIPT") for p in pages])
    addresses = re.compile(r"w(anda|endy)@example.net")
    assert [addresses.sub("m", p) for p in told[0]] == [addresses.sub("m", p) for p in told[1]]
    assert len(letters(cast.app)) == 2


def test_the_list_holds_back_whom_the_rule_does(cast: Cast) -> None:
    add_rules(cast)
    add_winner(cast)
    names = ("Wanda Gold", "Wanda Example", "Sam Example", "Ana Ruiz")
    schools = ("", "Old Mill High School", "Cascade Elementary")
    cast.person("wanda")
    for name, school, email in product(names, schools, ("", "gold@example.org", "sam@example.org", "x@example.org")):
        add_file(cast, name, school=school, email=email)
    with cast.app.app_context():
        cycle = db.session.get_one(Cycle, cast.cycle_id)
        known = eligibility.known_of(cycle)
        here = NomineeFile.cycle_id == cast.cycle_id
        in_sql = set(db.session.scalars(select(NomineeFile.id).where(here, eligibility.held(cycle, known))))
        in_python = {f.id for f in db.session.scalars(select(NomineeFile).where(here)) if held_by(f, (), known)}
    assert in_sql == in_python
    assert 0 < len(in_sql) < 48


@pytest.mark.parametrize(
    "page", ["files/{file}", "files/{file}/screen", "cycles/{cycle}/files", "cycles/{cycle}/letters", "desk"]
)
def test_pages_cost_the_same_with_1_and_30_of_them(cast: Cast, page: str) -> None:
    add_rules(cast)
    add_winner(cast)
    sam = cast.browser("sam")
    costs = []
    for n in (1, 30):
        file = ""
        for i in range(n):
            file = add_file(cast, f"Wanda Gold {n} {i}", school="Old Mill High School", email=f"w{n}.{i}@example.org")
        with statements(cast.app) as seen:
            assert sam.get("/" + page.format(file=file, cycle=cast.cycle)).status_code == 200
        costs.append(len([s for s in seen if s.startswith("SELECT")]))
    assert costs[0] == costs[1] <= 6
