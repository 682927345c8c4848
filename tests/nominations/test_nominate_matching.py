"""Nominations of one educator form one file: which names and schools are the same, changes, joins, and many at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from portal.core.db import db, transaction
from portal.nominations.actions import matching
from portal.nominations.actions.matching import Educator
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import Cycle, District
from tests.cast import text_of
from tests.nominations.walking import STEPS, Walker, confirm, count, nominate


@pytest.mark.parametrize(("name", "school", "same"), [
    ("Marisol Rivera", "Cascade Elementary", True),
    ("ms.  marisol RIVERA", "cascade elementary", True),
    ("Marisol Rivéra", "Cascade Elementary", True),
    ("Marisol Rivera", "Maynard High School", False),
    ("Marisol Rivero", "Cascade Elementary", False),
    ("Rivera", "Cascade Elementary", False),
])
def test_same_name_and_school_is_the_same_file(cast, name, school, same):
    first = nominate(cast)
    second = nominate(cast, educator={"educator": name, "school": school}, name={"email": "vera@example.org"})
    assert (first.row().file_id == second.row().file_id) == same


def file_for(cast, *educators: Educator) -> list[int]:
    """The files' numbers, each found or made, and its gaps filled, in a transaction of its own."""
    found = []
    for educator in educators:
        with cast.app.app_context(), transaction():
            cycle = db.session.get(Cycle, cast.cycle_id)
            file = matching.find(cycle, educator) or matching.make(cycle, educator)
            matching.fill_gaps(file, educator)
            found.append(file.id)
    return found


def test_without_a_school_nothing_matches(cast):
    files = file_for(cast, Educator("Ann Lee"), Educator("Ann Lee"), Educator("Ann Lee", "Hill Academy"),
                     Educator("Ann Lee", "HILL  academy"))
    assert len(set(files)) == 3
    assert files[2] == files[3]


def test_schools_of_one_name_in_two_districts_are_two(cast):
    with cast.app.app_context():
        one, two = db.session.scalars(select(District.id).order_by(District.id))
    first, other, unknown, same = file_for(
        cast, Educator("Ann Lee", "Oak School", district_id=one), Educator("Ann Lee", "Oak School", district_id=two),
        Educator("Ann Lee", "Oak School"), Educator("Ann Lee", "Oak School", district_id=two))
    assert first != other
    assert unknown == first
    assert same == other


def test_a_file_that_was_joined_away_leads_on(cast):
    a, b, c = file_for(cast, Educator("Ann Lee", "Hill Academy"), Educator("Anne Lee", "Hill Academy"),
                       Educator("A. Lee", "Hill Academy"))
    with cast.app.app_context(), transaction() as s:
        s.get(NomineeFile, a).joined_into_id = b
        s.get(NomineeFile, b).joined_into_id = c
    assert file_for(cast, Educator("Ann Lee", "Hill Academy")) == [c]


def test_gaps_are_filled_and_nothing_known_is_changed(cast):
    (file,) = file_for(cast, Educator("Ann Lee", "Hill Academy"))
    teacher = {"position": "Teacher", "position_key": "teacher"}
    principal = {"position": "Principal", "position_key": "principal"}
    file_for(cast, Educator("Ms. Ann Lee", "Hill Academy", email="ann@example.org", **teacher),
             Educator("Ann Lee", "Hill Academy", email="other@example.org", **principal))
    with cast.app.app_context():
        found = db.session.get(NomineeFile, file)
        assert (found.name, found.email, found.position_key) == ("Ann Lee", "ann@example.org", "teacher")
        assert found.search == "ann lee hill academy teacher"


def test_a_file_is_found_by_its_district_whatever_fills_its_gaps(cast):
    unlisted = {"school": "Brand New Academy", "school_choice": "none"}
    first = nominate(cast, educator={**unlisted, "district": "cobb"})
    with cast.app.app_context():
        file = db.session.get(NomineeFile, first.row().file_id)
        url, district = f"/files/{file.public_id}/correct", str(file.district_id)
    given = {"name": "Marisol Rivera", "school": "", "school_name": "Brand New Academy", "district": district}
    given |= {"position_key": "", "position": ""}
    assert cast.browser("sam").post(url, given).status_code == 303
    assert first.row().file.position_key == ""
    second = nominate(cast, educator={**unlisted, "district": "unknown"}, name={"email": "vera@example.org"})
    assert (second.row().file_id, second.row().file.position_key) == (first.row().file_id, "teacher")
    found = text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/files?q=cobb"))
    assert "Marisol Rivera" in found


def change(walker: Walker, **educator: str) -> None:
    assert walker.post("educator", {**STEPS["educator"], **educator}).status_code == 303
    walker.send()


def test_correcting_the_name_renames_a_file_nobody_else_is_in(app, cast):
    walker = nominate(cast)
    change(walker, educator="Marisol Rivera-Soto")
    kept = walker.row()
    assert count(app, NomineeFile) == 1
    assert (kept.file.name, kept.file.name_key) == ("Marisol Rivera-Soto", "marisol rivera soto")


def test_correcting_the_name_joins_the_file_that_is_there(app, cast):
    there = nominate(cast)
    walker = nominate(cast, educator={"educator": "Marisol Riviera"}, name={"email": "vera@example.org"})
    left = walker.row().file_id
    change(walker)
    assert walker.row().file_id == there.row().file_id
    with app.app_context():
        assert db.session.get(NomineeFile, left).joined_into_id == there.row().file_id


def test_leaving_a_file_with_other_voices_leaves_it_as_it_is(app, cast):
    stays, leaves = nominate(cast), nominate(cast, name={"email": "vera@example.org"})
    change(leaves, educator="Somebody Else")
    assert stays.row().file.name == "Marisol Rivera"
    assert leaves.row().file.name == "Somebody Else"
    assert count(app, NomineeFile) == 2


def test_a_file_that_staff_have_asked_is_not_renamed(app, cast):
    walker = nominate(cast)
    confirm(cast, walker)
    asked = walker.row().file_id
    with app.app_context(), transaction() as s:
        file = s.get(NomineeFile, asked)
        file.consent, file.asked_at = "asked", file.created_at
    change(walker, educator="Somebody Else")
    assert walker.row().file_id != asked
    with app.app_context():
        assert db.session.get(NomineeFile, asked).name == "Marisol Rivera"


@pytest.mark.parametrize("proven", [True, False])
@pytest.mark.parametrize("there", ["nobody", "a file"])
def test_the_address_in_a_file_is_never_of_somebody_else(app, cast, there, proven):
    if there == "a file":
        nominate(cast, educator={"educator": "Ben Other"}, name={"email": "vera@example.org"})
    walker = nominate(cast, educator={"educator_email": "marisol@example.org"})
    if proven:
        confirm(cast, walker)
    assert walker.row().file.email == ("marisol@example.org" if proven else "")
    change(walker, educator="Ben Other", educator_email="ben@example.org")
    assert (walker.row().file.name, walker.row().file.email) == ("Ben Other", "ben@example.org" if proven else "")
    change(walker, educator="Cleo Third", educator_email="")
    assert (walker.row().file.name, walker.row().file.email) == ("Cleo Third", "")


@pytest.mark.parametrize(("before", "by_staff", "kept"), [
    ("", "", "right@example.org"),
    ("wrong@example.org", "", "right@example.org"),
    ("", "staff@example.org", "staff@example.org"),
    ("wrong@example.org", "staff@example.org", "staff@example.org"),
])
def test_an_address_that_is_told_later_fills_the_gap_and_what_staff_wrote_stays(cast, before, by_staff, kept):
    walker = nominate(cast, educator={"educator_email": before})
    confirm(cast, walker)
    if by_staff:
        with cast.app.app_context():
            file = db.session.get(NomineeFile, walker.row().file_id).public_id
        assert cast.browser("sam").post(f"/files/{file}/address", {"email": by_staff}).status_code == 303
    change(walker, educator_email="right@example.org")
    assert walker.row().file.email == kept
    if by_staff:  # and it never becomes the address of somebody else
        left = walker.row().file_id
        change(walker, educator="Ben Other")
        assert (walker.row().file.name, walker.row().file.email) == ("Ben Other", "right@example.org")
        with cast.app.app_context():
            file = db.session.get(NomineeFile, left)
            assert (file.name, file.email, file.joined_into_id) == ("Marisol Rivera", "staff@example.org", None)


@pytest.mark.parametrize("others", ["a nominator", "staff", "a join"])
@pytest.mark.parametrize("changed", [
    {"educator_email": ""}, {"educator_email": "wrong@example.org"}, {"educator": "Ben Other", "educator_email": ""},
])
def test_an_address_that_others_vouch_for_stays_when_one_nominator_changes_theirs(cast, others, changed):
    walker = nominate(cast, educator={"educator_email": "right@example.org" if others != "staff" else ""})
    sam = cast.browser("sam")
    if others == "a nominator":
        confirm(cast, walker)
        told = {"educator": {"educator_email": "right@example.org"}, "name": {"email": "vera@example.org"}}
        confirm(cast, nominate(cast, **told))
    elif others == "staff":
        url = f"/files/{public_id_of(cast, walker)}/address"
        assert sam.post(url, {"email": "right@example.org"}).status_code == 303
        confirm(cast, walker)
        change(walker, educator_email="right@example.org")
    else:
        told = {"educator": "Marisol Riviera", "educator_email": "right@example.org"}
        gone = nominate(cast, educator=told, name={"email": "vera@example.org"})
        confirm(cast, gone)
        join = f"/files/{public_id_of(cast, walker)}/join/{public_id_of(cast, gone)}"
        assert sam.post(join).status_code == 303
        assert sam.post(f"/nominations/{walker.public_id}/confirm").status_code == 303
        assert sam.post(f"/nominations/{gone.public_id}/spam").status_code == 303
    left = walker.row().file_id
    assert walker.row().file.email == "right@example.org"
    change(walker, **changed)
    with cast.app.app_context():
        file = db.session.get(NomineeFile, left)
        assert (file.name, file.email, file.joined_into_id) == ("Marisol Rivera", "right@example.org", None)
    if "educator" in changed:
        assert (walker.row().file.name, walker.row().file.email) == ("Ben Other", "")


def public_id_of(cast, walker: Walker) -> str:
    """The public id of the file that the nomination is in."""
    with cast.app.app_context():
        return db.session.get(NomineeFile, walker.row().file_id).public_id


@pytest.mark.parametrize(("changed", "shown"), [
    ({"story": "Another one of the same morning."}, True),
    ({"relation": "colleague_school"}, False),
    ({"educator": "Somebody Else"}, False),
])
@pytest.mark.parametrize("voices", [1, 2])
def test_a_story_that_staff_chose_is_no_choice_elsewhere(cast, changed, shown, voices):
    walker = nominate(cast)
    confirm(cast, walker)
    if voices == 2:
        nominate(cast, name={"email": "vera@example.org"})
    assert cast.browser("sam").post(f"/nominations/{walker.public_id}/show").status_code == 303
    assert walker.row().shown
    for step in ("educator", "you", "story"):
        walker.post(step, {**STEPS[step], **{k: v for k, v in changed.items() if k in STEPS[step]}})
    walker.send()
    assert walker.row().shown is shown


def test_a_joined_nomination_stays_when_other_answers_change(app, cast):
    walker = nominate(cast)
    into = nominate(cast, educator={"educator": "M. Rivera"}, name={"email": "vera@example.org"})
    with app.app_context(), transaction() as s:
        s.query(Nomination).filter_by(public_id=walker.public_id).update({"file_id": into.row().file_id})
    walker.post("story", {"story": "A better story of the same morning"})
    walker.send()
    assert walker.row().file_id == into.row().file_id


def test_ten_at_once_form_one_file_and_one_each(app, cast):
    walkers = [Walker(cast).begin().fill(name={"email": f"n{n}@example.org"}) for n in range(10)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda w: w.post("send").status_code, [w for w in walkers for _ in range(2)]))
    assert answers == [303] * 20
    assert (count(app, NomineeFile), count(app, Nomination, Nomination.state == "submitted")) == (1, 10)


def test_one_address_at_once_in_many_browsers_counts_once(app, cast):
    walkers = [Walker(cast).begin().fill() for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda w: w.post("send").status_code, walkers)) == [303] * 6
    with app.app_context():
        states = sorted(db.session.scalars(select(Nomination.state)))
    assert states == ["draft"] * 5 + ["submitted"]
