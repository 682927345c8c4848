"""Inviting a panel, answering by link, conflicts found and declared, reminders, closing: through HTTP."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Person, Role
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import Round
from portal.review.forms import read_people
from portal.review.models import Conflict, Panel, Seat
from tests.cast import letters, links_in, run_jobs, text_of
from tests.review.stage import full
from tests.statements import statements

YES = {"answer": "accept", "name": "Pia Reader", "confidential": "y"}


def panel_url(cast):
    return f"/rounds/{cast.round}/panel"


@pytest.fixture
def panel(cast):
    """Sam's browser on a round whose panel has just been made; the panel's public id."""
    sam = cast.browser("sam")
    assert "Nobody reads for this round yet" in text_of(sam.get(panel_url(cast)))
    sam.post(panel_url(cast))
    with cast.app.app_context():
        return db.session.scalar(select(Panel.public_id))


def invite(cast, panel, name="Pia Reader", email="pia@example.org", place=1, **more):
    data = {"name": name, "email": email, "place": place, **more}
    return cast.browser("sam").post(f"/panels/{panel}/seats", data)


def link_of(app, nth=-1):
    return links_in(letters(app, "review/invitation")[nth].text)[0]


def state_of(app, email):
    with app.app_context():
        return db.session.scalar(select(Seat.state).where(Seat.email == email))


def test_a_panel_is_made_once_and_due_when_scoring_ends(app, cast, panel):
    cast.browser("sam").post(panel_url(cast))
    with app.app_context():
        (found,) = db.session.scalars(select(Panel)).all()
        assert found.due_at is not None
        assert found.state == "forming"


def test_an_invited_reviewer_reads_agrees_and_is_signed_in_with_the_role(app, cast, panel):
    invite(cast, panel, school="Cascade Elementary")
    letter = letters(app, "review/invitation")[-1]
    assert letter.to == "pia@example.org"
    assert "at most 12 files" in letter.text
    browser = cast.browser()
    page = browser.get(link_of(app))
    assert "confidential" in text_of(page)
    assert state_of(app, "pia@example.org") == "invited"  # looking changes nothing
    answer = browser.post(link_of(app), YES)
    assert answer.headers["Location"] == f"/panels/{panel}/conflicts"
    assert browser.get("/my-files").status_code == 200
    with app.app_context():
        person = db.session.scalar(select(Person).where(Person.email == "pia@example.org"))
        role = db.session.scalar(select(Role).where(Role.person_id == person.id))
        seat = db.session.scalar(select(Seat))
        assert (role.name, role.panel_id) == ("reviewer", seat.panel_id)
        assert (seat.state, seat.name, seat.person_id) == ("accepted", "Pia Reader", person.id)
        assert seat.confidentiality_agreed_at is not None
    assert cast.browser().get(link_of(app)).status_code == 410


def places(browser, url="/desk"):
    """What the header leads to."""
    header = browser.get(url).get_data(as_text=True).split('<nav aria-label="Main">')[1].split("</nav>")[0]
    return re.findall(r">([^<]+)</a>", header)


@pytest.mark.parametrize(("place", "reads"), [(1, True), (2, True), (3, False)])
def test_only_who_reads_is_led_to_files_to_read(app, cast, panel, place, reads):
    invite(cast, panel, place=place)
    browser = cast.browser()
    browser.post(link_of(app), YES)
    assert ("My files" in places(browser)) == reads
    with app.app_context():
        seat, person = db.session.execute(select(Seat.public_id, Seat.person_id)).one()
    for says in (not reads, reads):
        cast.browser("sam").post(f"/seats/{seat}", {"reads": "y" if says else ""})
        assert ("My files" in places(browser)) == says
    with app.app_context(), transaction() as s:  # who reads elsewhere too
        s.add(Role(person_id=person, name="reviewer", program_id=cast.program_id, cycle_id=cast.cycle_id))
    assert "My files" in places(browser)


def test_without_confidentiality_there_is_no_seat(app, cast, panel):
    invite(cast, panel)
    answer = cast.browser().post(
        link_of(app), {"answer": "accept", "name": "Pia Reader", "other_schools": "Maynard High"}
    )
    assert answer.status_code == 422
    assert "Please agree to keep what you read confidential" in text_of(answer)
    assert "Maynard High" in answer.get_data(as_text=True)
    assert state_of(app, "pia@example.org") == "invited"


def test_declining_and_being_asked_again(app, cast, panel):
    invite(cast, panel)
    old = link_of(app)
    assert "Thank you" in text_of(cast.browser().post(old, {"answer": "decline"}))
    assert state_of(app, "pia@example.org") == "declined"
    assert invite(cast, panel).status_code == 303
    assert cast.browser().get(old).status_code == 410
    assert cast.browser().post(link_of(app), YES).status_code == 303


def test_an_address_has_one_seat(app, cast, panel):
    invite(cast, panel)
    answer = invite(cast, panel, email="PIA at example.org")
    assert answer.status_code == 422
    assert "on the panel already" in text_of(answer)
    assert len(letters(app, "review/invitation")) == 1


def test_a_chair_is_granted_the_chair_role_for_this_panel_only(app, cast, panel):
    invite(cast, panel, name="Vera Chair", email="vera@example.org", place=3)
    vera = cast.browser()
    vera.post(link_of(app), {**YES, "name": "Vera Chair"})
    assert vera.get(panel_url(cast)).status_code == 200
    with app.app_context(), transaction() as s:
        mine = s.scalar(select(Panel))
        s.add(Panel(program_id=mine.program_id, cycle_id=mine.cycle_id, round_id=mine.round_id, name=mine.name))
        s.flush()
        other = s.scalar(select(Panel.public_id).where(Panel.id != mine.id))
    assert vera.get(f"/panels/{panel}/plan").status_code == 200
    assert vera.get(f"/panels/{other}/plan").status_code == 403


def test_a_list_invites_who_can_be_read_and_keeps_the_rest(app, cast, panel):
    invite(cast, panel)
    pasted = "\n".join(
        (
            "Name,E-mail,School",
            "Ada Lee,ada.lee at example.org,Maynard High School",
            "No Address,nowhere,Some School",
            "Pia Reader,pia@example.org",
        )
    )
    answer = cast.browser("sam").post(f"/panels/{panel}/seats/list", {"people": pasted})
    assert answer.status_code == 422
    said = text_of(answer)
    assert "We wrote to one person." in said
    assert "not written to again: pia@example.org" in said
    assert "Line 3: no readable name and address" in said
    assert "No Address,nowhere,Some School" in answer.get_data(as_text=True)
    assert [m.to for m in letters(app, "review/invitation")] == ["pia@example.org", "ada.lee@example.org"]
    with app.app_context():
        assert (
            db.session.scalar(select(Seat.school_id).where(Seat.name == "Ada Lee"))
            == cast.school_ids["Maynard High School"]
        )


@pytest.mark.parametrize(
    ("line", "name", "email", "school"),
    [
        ("Ada Lee,ada@example.org,Maynard", "Ada Lee", "ada@example.org", "Maynard"),
        ("ada@example.org,Ada Lee", "Ada Lee", "ada@example.org", ""),
        ("Ada Lee <Ada@Example.org>", "Ada Lee", "ada@example.org", ""),
        ("Ada\tLee\tada@example.org\tMaynard", "Ada Lee", "ada@example.org", "Maynard"),
        ("Ada Lee; ada@example.org; Maynard, Atlanta", "Ada Lee", "ada@example.org", "Maynard, Atlanta"),
        ('"Lee, Ada",ada@example.org', "Lee, Ada", "ada@example.org", ""),
    ],
)
def test_lines_are_read_as_people_paste_them(line, name, email, school):
    (found,), unreadable = read_people(line)
    assert (found.name, found.email, found.school) == (name, email, school)
    assert unreadable == []


def test_a_repeated_address_is_one_person_and_a_heading_is_nobody():
    people, unreadable = read_people("Nombre;Correo\nA B;a@example.org\n\nA B again;A@example.org\nonly a name\n")
    assert [p.name for p in people] == ["A B"]
    assert unreadable == [(5, "only a name")]


def found_reasons(stage):
    return set(stage.all(select(Conflict.file_id, Conflict.reason).where(Conflict.lifted_at.is_(None))))


def test_conflicts_are_found_on_accepting(app, cast, stage, panel):
    by_id = stage.file("Ann Cascade", "Cascade Elementary")
    by_name = stage.file("Ben Unlisted", "École Saint-Exupéry")
    by_past = stage.file("Cy Maynard", "Maynard High School")
    own = stage.file("Pia Reader", "Old Mill High School", email="pia@example.org")
    nominated = stage.file("Dee Nominated", "Old Mill High School")
    stage.file("Eve Free", "Powder Mill Middle School")
    with app.app_context(), transaction() as s:
        s.add(Nomination(program_id=cast.program_id, cycle_id=cast.cycle_id, file_id=nominated, state="confirmed",
                         confirmed_at=now(), nominator_email="pia@example.org"))  # fmt: skip
    invite(cast, panel)
    with app.app_context():
        from portal.programs.models import School

        cascade = db.session.scalar(select(School.public_id).where(School.name == "Cascade Elementary"))
    answer = {**YES, "school": cascade, "other_schools": "Maynard  HIGH school\necole saint exupery"}
    pia = cast.browser()
    listed = pia.post(link_of(app), answer, follow=True)
    assert found_reasons(stage) == {
        (by_id, "same_school"), (by_name, "same_school"), (by_past, "same_school"), (own, "is_nominee"),
        (nominated, "nominated"),
    }  # fmt: skip
    assert "Closed to you already: works at the same school" in text_of(listed)
    assert "Closed to you already: nominated this educator" in text_of(listed)


def second_round(cast, name):
    """Another round of the year with its panel; its public id."""
    with cast.app.app_context(), transaction() as s:
        values = {"program_id": cast.program_id, "cycle_id": cast.cycle_id, "name": {"en": name, "es": name}}
        second = Round(
            **values, position=2, key="essay", kind="essay", text={"en": "", "es": ""}, readers=3, max_load=12
        )
        s.add(second)
        s.flush()
        made = Panel(**values, round_id=second.id)
        s.add(made)
        s.flush()
        return made.public_id


def test_a_school_named_in_one_round_holds_in_the_whole_year(app, cast, stage, panel):
    lincoln = stage.file("Lin Lincoln", "Lincoln HS")
    invite(cast, panel)
    cast.browser().post(link_of(app), {**YES, "other_schools": "Lincoln HS"})
    assert found_reasons(stage) == {(lincoln, "same_school")}
    invite(cast, second_round(cast, "Round 2"))
    cast.browser().post(link_of(app), YES)
    assert found_reasons(stage) == {(lincoln, "same_school")}


def keys_of(app):
    with app.app_context():
        return dict(db.session.execute(select(NomineeFile.id, NomineeFile.public_id)).all())


def test_a_found_conflict_never_takes_ones_own_mark_back(app, cast, stage):
    stage.make_panel()
    stage.seat("priya", conflicts_declared_at=None)
    ann = stage.file("Ann Known")
    key = keys_of(app)[ann]
    priya, url = cast.browser("priya"), f"/panels/{stage.panel}/conflicts"
    priya.post(url, {"shown": [key], "known": [key]})
    with app.app_context(), transaction() as s:
        s.add(Conflict(program_id=cast.program_id, cycle_id=cast.cycle_id, person_id=cast.people["priya"], file_id=ann,
                       source="found", reason="same_school"))  # fmt: skip
    priya.post(url, {"shown": [key]})  # the box is checked and shut: a browser does not send it
    assert found_reasons(stage) == {(ann, "known"), (ann, "same_school")}


def test_a_mark_counts_though_the_list_has_moved_meanwhile(app, cast, stage):
    stage.make_panel()
    stage.seat("priya", conflicts_declared_at=None)
    files = [stage.file(f"Name {i:03}") for i in range(102)]
    keys = keys_of(app)
    priya, url = cast.browser("priya"), f"/panels/{stage.panel}/conflicts"
    first, second = files[:100], files[100:]
    page = priya.get(url).get_data(as_text=True)
    assert re.findall(r'name="shown" value="([^"]+)"', page) == [keys[f] for f in first]
    onward = priya.post(url, {"shown": [keys[f] for f in first]}).headers["Location"]
    assert onward == f"{url}?page=2"
    assert "Name 100" in text_of(priya.get(onward))
    set_withdrawn(app, files[3])
    done = priya.post(onward, {"shown": [keys[f] for f in second], "known": [keys[files[100]]]})
    assert done.headers["Location"] == "/my-files"
    assert found_reasons(stage) == {(files[100], "known")}


def test_no_name_is_skipped_when_the_list_moves_between_two_pages(app, cast, stage):
    stage.make_panel()
    stage.seat("priya", conflicts_declared_at=None)
    files = [stage.file(f"Name {i:03}") for i in range(101)]
    keys = keys_of(app)
    priya, url = cast.browser("priya"), f"/panels/{stage.panel}/conflicts"
    set_withdrawn(app, files[3])  # the last name comes up to the first page, which was already open
    onward = priya.post(url, {"shown": [keys[f] for f in files[:100]]}).headers["Location"]
    assert onward == f"{url}?page=1"
    assert "Name 100" in text_of(priya.get(onward))
    assert stage.all(select(Seat.conflicts_declared_at)) == [(None,)]


def set_withdrawn(app, file_id):
    with app.app_context(), transaction() as s:
        s.get_one(NomineeFile, file_id).withdrawn_at = now()


def test_ticks_are_declared_and_can_be_taken_back_before_the_release(app, cast, stage):
    stage.make_panel()
    stage.seat("priya", conflicts_declared_at=None)
    ann, ben = stage.file("Ann Known"), stage.file("Ben Stranger")
    key = keys_of(app)
    priya, url = cast.browser("priya"), f"/panels/{stage.panel}/conflicts"
    both = {"shown": [key[ann], key[ben], "nonsense"]}
    assert priya.post(url, {**both, "known": [key[ann], key[ben], "nonsense"]}).headers["Location"] == "/my-files"
    assert found_reasons(stage) == {(ann, "known"), (ben, "known")}
    priya.post(url, {**both, "known": [key[ann]]})
    assert found_reasons(stage) == {(ann, "known")}
    priya.post(url, {**both, "known": [key[ann], key[ben]]})
    assert found_reasons(stage) == {(ann, "known"), (ben, "known")}
    with app.app_context(), transaction() as s:
        panel = s.get_one(Panel, stage.panel_id)
        panel.state, panel.released_at = "scoring", now()
    priya.post(url, {**both, "known": []})
    assert found_reasons(stage) == {(ann, "known"), (ben, "known")}  # after the release only a second person undoes it


def test_a_file_opens_only_after_the_list_was_looked_through(app, cast, stage):
    stage.make_panel()
    stage.seat("priya", conflicts_declared_at=None)
    url = f"/assignments/{stage.assign('priya', stage.file('Ann Example'))}"
    priya = cast.browser("priya")
    assert priya.get(url).headers["Location"] == f"/panels/{stage.panel}/conflicts"
    assert priya.post(f"{url}/scores/learning", {"level-learning": "3"}).status_code == 403
    assert "First, whom do you know?" in text_of(priya.get("/my-files"))
    priya.post(f"/panels/{stage.panel}/conflicts")  # looked at nothing
    assert priya.get(url).status_code == 303
    priya.post(f"/panels/{stage.panel}/conflicts", {"shown": list(keys_of(app).values())})
    assert priya.get(url).status_code == 200


@pytest.mark.parametrize(("name", "status"), [("paul", 404), ("sam", 404), ("vera", 404)])
def test_only_who_sits_on_the_panel_sees_the_list_of_nominees(cast, stage, name, status):
    stage.make_panel("priya")
    assert cast.browser(name).get(f"/panels/{stage.panel}/conflicts").status_code == status


def test_one_reminder_a_day_to_who_is_not_done(app, cast, stage):
    stage.make_panel("priya", "paul")
    ann, ben = stage.file("Ann Example"), stage.file("Ben Example")
    done = stage.assign("paul", ann)
    stage.assign("priya", ann)
    stage.assign("priya", ben)
    cast.browser("paul").post(f"/assignments/{done}", {**full(), "act": "submit"})
    for _ in range(2):
        cast.browser("sam").post(f"/panels/{stage.panel}/remind")
        run_jobs(app)
    (letter,) = letters(app, "review/reminder")
    assert letter.to == "priya@example.org"
    assert "2 files still wait for your review" in letter.text
    assert "Please finish by" in letter.text


def test_nobody_is_reminded_of_a_nominee_who_withdrew(app, cast, stage):
    stage.make_panel("priya")
    ann = stage.file("Ann Example")
    stage.assign("priya", ann)
    set_withdrawn(app, ann)
    cast.browser("sam").post(f"/panels/{stage.panel}/remind")
    run_jobs(app)
    assert letters(app, "review/reminder") == []


def test_closing_and_opening_the_scoring(app, cast, stage):
    stage.make_panel("priya", chair="chen")
    stage.assign("priya", stage.file("Ann Example"))
    chen, url = cast.browser("chen"), f"/panels/{stage.panel}/scoring"
    chen.post(url, {"act": "close"})
    assert stage.state(Panel, stage.panel) == "closed"
    assert chen.post(url, {"act": "close"}).status_code == 409
    chen.post(url, {"act": "reopen"})
    assert stage.state(Panel, stage.panel) == "scoring"
    with app.app_context(), transaction() as s:
        from portal.programs.models import Cycle

        s.get_one(Cycle, cast.cycle_id).decisions_confirmed_at = now()
        s.get_one(Panel, stage.panel_id).state = "closed"
        s.get_one(Panel, stage.panel_id).closed_at = now()
    assert "Scoring stays closed" in text_of(chen.post(url, {"act": "reopen"}))


def test_the_due_date_is_read_in_the_programs_time(app, cast, stage):
    stage.make_panel()
    cast.browser("sam").post(f"/panels/{stage.panel}/due", {"due_at": "2031-02-19T17:00"})
    assert stage.state(Panel, stage.panel, "due_at").isoformat() == "2031-02-19T22:00:00+00:00"
    for nonsense in ("soon", "9999-12-31T23:59", "0001-01-01T00:00"):
        assert cast.browser("sam").post(f"/panels/{stage.panel}/due", {"due_at": nonsense}).status_code == 422


def test_removing_a_seat_takes_back_what_is_not_scored_and_ends_the_role(app, cast, stage):
    stage.make_panel()
    cast.browser("sam").post(
        f"/panels/{stage.panel}/seats", {"name": "Pia Reader", "email": "pia@example.org", "place": 1}
    )
    pia = cast.browser()
    pia.post(link_of(app), YES)
    pia.post(f"/panels/{stage.panel}/conflicts")
    with app.app_context():
        cast.people["pia"] = db.session.scalar(select(Person.id).where(Person.email == "pia@example.org"))
        seat = db.session.scalar(select(Seat.public_id))
    scored, open_ = stage.assign("pia", stage.file("Ann Example")), stage.assign("pia", stage.file("Ben Example"))
    pia.post(f"/assignments/{scored}", {**full(), "act": "submit"})
    assert cast.browser("chen").post(f"/seats/{seat}/remove").status_code == 403
    answer = cast.browser("sam").post(f"/seats/{seat}/remove", follow=True)
    assert "One file needs another reader" in text_of(answer)
    from portal.review.models import Assignment

    assert (stage.state(Assignment, scored), stage.state(Assignment, open_)) == ("scored", "declined")
    assert pia.get(f"/assignments/{scored}", follow_redirects=True).status_code == 404
    with app.app_context():
        from portal.review import queries

        assert len(queries.scores_of_round(cast.round_id)) == 1
        assert db.session.scalar(select(Role.ends_at).where(Role.person_id == cast.people["pia"])) is not None


def test_editing_a_seat(app, cast, stage):
    stage.make_panel("priya")
    with app.app_context():
        seat = db.session.scalar(select(Seat.public_id))
    sam = cast.browser("sam")
    assert "Priya Example" in text_of(sam.get(f"/seats/{seat}"))
    sam.post(f"/seats/{seat}", {"max_load": "4", "reads": "y"})
    assert stage.all(select(Seat.max_load, Seat.reads)) == [(4, True)]
    assert sam.post(f"/seats/{seat}", {"max_load": "0", "reads": "y"}).status_code == 422
    sam.post(f"/seats/{seat}", {"max_load": ""})
    assert stage.all(select(Seat.max_load, Seat.reads)) == [(None, False)]


def test_a_corrected_school_finds_and_lifts_conflicts(app, cast, stage):
    stage.make_panel("priya")
    ann, ben = stage.file("Ann Cascade", "Cascade Elementary"), stage.file("Ben Maynard", "Maynard High School")
    with app.app_context():
        seat = db.session.scalar(select(Seat.public_id))
    sam = cast.browser("sam")
    sam.post(f"/seats/{seat}", {"reads": "y", "school_name": "cascade elementary"})
    assert found_reasons(stage) == {(ann, "same_school")}
    sam.post(f"/seats/{seat}", {"reads": "y", "school_name": "Nowhere", "other_schools": "Maynard High School"})
    assert found_reasons(stage) == {(ben, "same_school")}
    sam.post(f"/seats/{seat}", {"reads": "y", "school_name": "Cascade Elementary"})
    assert found_reasons(stage) == {(ann, "same_school")}


def test_the_record_of_a_panel_in_words(app, cast, panel):
    invite(cast, panel)
    cast.browser().post(link_of(app), YES)
    said = text_of(cast.browser("ada").get(f"/panels/{panel}/history"))
    assert "The panel was made · Sam Example" in said
    assert "Accepted and agreed to confidentiality · Pia Reader" in said
    with app.app_context():
        seat = db.session.scalar(select(Seat.public_id))
    assert "Invited · Sam Example" in text_of(cast.browser("sam").get(f"/seats/{seat}"))


POSTS = (
    "panels/{p}/seats",
    "panels/{p}/seats/list",
    "panels/{p}/due",
    "panels/{p}/remind",
    "panels/{p}/scoring",
    "panels/{p}/plan",
    "rounds/{r}/panel",
    "seats/{s}",
    "seats/{s}/again",
    "seats/{s}/remove",
)
GETS = ("rounds/{r}/panel", "panels/{p}/plan", "panels/{p}/files", "panels/{p}/history", "seats/{s}")


@pytest.mark.parametrize(
    ("name", "sees", "acts"),
    [
        ("sam", 200, None),
        ("chen", 200, None),
        ("ada", 200, 403),
        ("priya", 403, 403),
        ("wanda", 403, 403),
        ("vera", 404, 404),
    ],
)
def test_who_may_see_and_lead_a_panel(app, cast, stage, name, sees, acts):
    stage.make_panel("priya")
    with app.app_context():
        seat = db.session.scalar(select(Seat.public_id))
    where = {"p": stage.panel, "r": cast.round, "s": seat}
    browser = cast.browser(name)
    assert {browser.get("/" + url.format(**where)).status_code for url in GETS} == {sees}
    if acts:
        assert {browser.post("/" + url.format(**where)).status_code for url in POSTS} == {acts}
    assert {cast.browser().post("/" + url.format(**where)).status_code for url in POSTS} == {303}  # to sign in


@pytest.mark.parametrize("rows", [1, 30])
def test_the_panels_pages_send_a_fixed_number_of_statements(cast, stage, rows):
    stage.make_panel()
    for i in range(rows):
        stage.seat(f"r{i}")
        stage.assign(f"r{i}", stage.file(f"File {i:02}"))
    sam = cast.browser("sam")
    for url in (f"/rounds/{cast.round}/panel", f"/panels/{stage.panel}/files", f"/panels/{stage.panel}/plan"):
        with statements(cast.app) as sent:
            assert sam.get(url).status_code == 200
        assert len(sent) <= 6, (url, sent)


def test_late_reviews_are_named_late(cast, stage):
    stage.make_panel("priya", due=-timedelta(days=1))
    stage.assign("priya", stage.file("Ann Example"))
    assert "One review is still missing" in text_of(cast.browser("sam").get(panel_url(cast)))
    assert "Late. You can still hand in" in text_of(cast.browser("priya").get("/my-files"))
