"""Plans of who reads what: worked out, shown, refused with the reason, released once, added to after a recusal."""

from collections import Counter

import pytest
from sqlalchemy import delete, select

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.programs.models import Round
from portal.review.models import Assignment, AssignmentPlan, Conflict, Panel, Seat
from portal.review.plan_input import FileIn, HeldIn, PlanInput, ReaderIn
from portal.review.planning import propose
from tests.cast import letters, run_jobs, text_of

READERS = ("priya", "paul", "pia", "ada", "vera", "wanda")


@pytest.fixture
def ready(stage):
    """Eight files, six readers, three readers a file, a chair."""
    stage.make_panel(*READERS, chair="chen")
    for i in range(8):
        stage.file(f"File {i}", "Maynard High School" if i % 2 else "Cascade Elementary")
    return stage


def set_round(stage, **values):
    with stage.app.app_context(), transaction() as s:
        for name, value in values.items():
            setattr(s.get_one(Round, stage.cast.round_id), name, value)


def plan(stage, by="chen"):
    """Asks for a plan, has it worked out; its page and its public id."""
    browser, url = stage.cast.browser(by), f"/panels/{stage.panel}/plan"
    browser.post(url)
    waiting = browser.get(url, hx=True)
    assert "being worked out" in text_of(waiting)
    assert 'hx-trigger="load delay' in waiting.get_data(as_text=True)
    run_jobs(stage.app)
    with stage.app.app_context():
        public_id = db.session.scalar(select(AssignmentPlan.public_id).order_by(AssignmentPlan.id.desc()).limit(1))
    return browser.get(url), public_id


def release(stage, public_id, by="chen"):
    answer = stage.cast.browser(by).post(f"/plans/{public_id}/release")
    run_jobs(stage.app)
    return answer


def pairs(stage, *states):
    query = select(Assignment.file_id, Assignment.person_id)
    return set(stage.all(query.where(Assignment.state.in_(states)) if states else query))


def conflict(stage, name, file_id, **values):
    with stage.app.app_context(), transaction() as s:
        s.add(
            Conflict(
                program_id=stage.cast.program_id,
                cycle_id=stage.cast.cycle_id,
                person_id=stage.cast.person(name),
                file_id=file_id,
                **{"source": "declared", "reason": "known", **values},
            )
        )


def test_a_plan_gives_each_file_its_readers_evenly_and_tells_nobody(ready):
    conflict(ready, "priya", ready.files[0])
    page, _id = plan(ready)
    said = text_of(page)
    assert "A plan is ready" in said
    assert "24 reviews to give out" in said
    assert "4 files a reader" in said
    made = pairs(ready, "proposed")
    assert set(Counter(f for f, _p in made).values()) == {3}
    assert set(Counter(p for _f, p in made).values()) == {4}
    assert (ready.files[0], ready.cast.person("priya")) not in made
    assert ready.cast.person("chen") not in {p for _f, p in made}
    assert letters(ready.app, "review/files_released") == []
    assert "No files yet" in text_of(ready.cast.browser("priya").get("/my-files"))


def test_releasing_tells_each_reviewer_once_with_the_due_date(ready):
    _page, public_id = plan(ready)
    assert release(ready, public_id).status_code == 303
    assert ready.state(Panel, ready.panel) == "scoring"
    told = letters(ready.app, "review/files_released")
    assert Counter(m.to for m in told) == Counter(f"{n}@example.org" for n in READERS)
    assert "4 files wait for you to read and score." in told[0].text
    assert "Please finish by" in told[0].text
    assert "/my-files" in told[0].text
    assert release(ready, public_id).status_code == 409
    assert len(letters(ready.app, "review/files_released")) == len(READERS)
    assert "Every file has its readers" in text_of(ready.cast.browser("chen").get(f"/panels/{ready.panel}/plan"))


def test_a_discarded_plan_leaves_nothing(ready):
    _page, public_id = plan(ready)
    ready.cast.browser("chen").post(f"/plans/{public_id}/discard")
    assert pairs(ready) == set()
    assert ready.state(AssignmentPlan, public_id) == "discarded"
    _page, again = plan(ready)
    assert again != public_id
    assert len(pairs(ready, "proposed")) == 24


def test_only_one_plan_lives(ready):
    plan(ready)
    assert ready.cast.browser("sam").post(f"/panels/{ready.panel}/plan").status_code == 409


def test_what_changed_since_the_plan_was_made_stops_its_release(ready):
    _page, public_id = plan(ready)
    file_id, person_id = min(pairs(ready, "proposed"))
    with ready.app.app_context(), transaction() as s:
        s.add(
            Conflict(
                program_id=ready.cast.program_id,
                cycle_id=ready.cast.cycle_id,
                person_id=person_id,
                file_id=file_id,
                source="declared",
                reason="known",
            )
        )
    answer = release(ready, public_id)
    assert answer.status_code == 422
    assert "Something changed since this plan was made" in text_of(answer)
    assert ready.state(AssignmentPlan, public_id) == "proposed"
    assert pairs(ready, "released") == set()


def test_without_a_due_date_nothing_is_released(ready):
    _page, public_id = plan(ready)
    with ready.app.app_context(), transaction() as s:
        s.get_one(Panel, ready.panel_id).due_at = None
    assert "Say first when reviews are due" in text_of(release(ready, public_id))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"max_load": 3},
            [
                "6 reviews would have no reader",
                "more readers with 3 files each would do",
                "let everybody read up to 4 files",
                "24 reviews to give out, and room for 18",
            ],
        ),
        (
            {"readers": 7},
            [
                "8 reviews would have no reader",
                "8 files have fewer people who may read them than they need",
                "File 0: 6 may read it",
            ],
        ),
    ],
)
def test_an_impossible_plan_says_what_stands_in_the_way(ready, change, words):
    set_round(ready, **change)
    page, public_id = plan(ready)
    for each in words:
        assert each in text_of(page)
    assert ready.state(AssignmentPlan, public_id) == "blocked"
    assert pairs(ready) == set()
    set_round(ready, max_load=12, readers=3)
    page, again = plan(ready)
    assert "A plan is ready" in text_of(page)
    assert ready.state(AssignmentPlan, public_id) == "discarded"
    assert ready.state(AssignmentPlan, again) == "proposed"


def test_nobody_or_nothing_to_plan_for(stage):
    stage.make_panel(chair="chen")
    url = f"/panels/{stage.panel}/plan"
    assert "Nobody who reads has accepted a seat yet" in text_of(stage.cast.browser("chen").post(url))
    stage.seat("priya")
    assert "No file is ready yet" in text_of(stage.cast.browser("chen").post(url))


def test_a_chair_in_conflict_does_not_learn_who_reads_the_file(ready):
    conflict(ready, "chen", ready.files[0])
    page, public_id = plan(ready)
    readers = {p for f, p in pairs(ready, "proposed") if f == ready.files[0]}
    body = page.get_data(as_text=True)
    row = body[body.index("File 0</span>") : body.index("File 1</span>")]
    assert "its readers are not shown to you" in row
    with ready.app.app_context():
        from portal.accounts.models import Person

        names = set(db.session.scalars(select(Person.name).where(Person.id.in_(readers))))
    assert len(names) == 3
    assert not any(name in row for name in names)
    release(ready, public_id)
    body = ready.cast.browser("chen").get(f"/panels/{ready.panel}/files").get_data(as_text=True)
    row = body[body.index("File 0</span>") : body.index("File 1</span>")]
    assert not any(name in row for name in names)


def test_after_a_recusal_only_what_is_missing_is_added(ready):
    release(ready, plan(ready)[1])
    before = pairs(ready, "released")
    with ready.app.app_context():
        one = db.session.scalar(select(Assignment.public_id).where(Assignment.person_id == ready.cast.person("priya")))
        file_id = db.session.scalar(select(Assignment.file_id).where(Assignment.public_id == one))
    ready.cast.browser("priya").post(f"/assignments/{one}/recuse", {"why": "close"})
    _page, public_id = plan(ready)
    assert len(pairs(ready, "proposed")) == 1
    release(ready, public_id)
    after = pairs(ready, "released")
    gone, new = before - after, after - before
    assert gone == {(file_id, ready.cast.person("priya"))}
    assert {f for f, _p in new} == {file_id}
    assert ready.cast.person("priya") not in {p for _f, p in new}


def test_one_button_finds_the_lightest_reader_for_a_file(ready):
    release(ready, plan(ready)[1])
    with ready.app.app_context():
        from portal.nominations.models import NomineeFile

        key = db.session.scalar(select(NomineeFile.public_id).where(NomineeFile.id == ready.files[0]))
    reading = {p for f, p in pairs(ready, "released") if f == ready.files[0]}
    free = [n for n in READERS if ready.cast.person(n) not in reading]
    conflict(ready, free[0], ready.files[0])
    with ready.app.app_context(), transaction() as s:  # the second has less to read than the third
        theirs = s.scalars(
            select(Assignment.id).where(Assignment.person_id == ready.cast.person(free[1])).limit(2)
        ).all()
        s.execute(delete(Assignment).where(Assignment.id.in_(theirs)))
    answer = ready.cast.browser("chen").post(f"/panels/{ready.panel}/files/{key}/reader", {"show": "short"})
    assert answer.headers["Location"].endswith("show=short")
    assert {p for f, p in pairs(ready, "released") if f == ready.files[0]} - reading == {ready.cast.person(free[1])}
    assert letters(ready.app, "review/files_released")[-1].to == f"{free[1]}@example.org"
    url = f"/panels/{ready.panel}/files/{key}/reader"
    ready.cast.browser("chen").post(url)
    assert "Nobody is free to read this file" in text_of(ready.cast.browser("chen").post(url))


def test_past_winners_are_spread_over_the_files(ready):
    ready.cast.grant("paul", "member")
    ready.cast.grant("wanda", "member")
    set_round(ready, past_winners=1)
    plan(ready)
    won = {ready.cast.person("paul"), ready.cast.person("wanda")}
    by_file = {f: {p for g, p in pairs(ready, "proposed") if g == f} for f in ready.files}
    assert all(by_file[f] & won for f in ready.files)
    assert {row[0] for row in ready.all(select(Assignment.why))} >= {"past_winner"}


# The pure part: what goes in, what comes out -------------------------------------------------------------------------


def given(files=6, readers=4, *, load=12, need=2, **more):
    return PlanInput(
        files=[FileIn(i) for i in range(files)],
        readers=[ReaderIn(100 + j, load) for j in range(readers)],
        need=need,
        usual_load=load,
        **more,
    )


def test_the_same_seed_gives_the_same_plan():
    assert propose(given(), 5).pairs == propose(given(), 5).pairs


def test_what_is_held_stays_and_a_reader_who_left_still_counts():
    held = [HeldIn(1, 0, 100, True), HeldIn(2, 0, 999, True), HeldIn(3, 1, 101, False)]
    found = propose(given(held=held), 1)
    counts = Counter(f for f, _p, _why in found.pairs)
    assert (counts[0], counts[1], counts[2]) == (0, 1, 2)
    assert found.moves == []


def test_a_file_moves_only_when_additions_cannot_do_it():
    """Two readers of one file each: file 1 may only go to reader 100, who holds file 0 unopened."""
    start = PlanInput(
        files=[FileIn(0), FileIn(1)],
        readers=[ReaderIn(100, 1), ReaderIn(101, 1)],
        need=1,
        barred=[(1, 101)],
        held=[HeldIn(7, 0, 100, False)],
    )
    found = propose(start, 1)
    assert found.moves == [7]
    assert {(f, p) for f, p, _why in found.pairs} == {(0, 101), (1, 100)}
    opened = PlanInput(**{**start.__dict__, "held": [HeldIn(7, 0, 100, True)]})
    assert propose(opened, 1).blocked


def test_an_anchor_is_read_by_everybody_who_may():
    start = PlanInput(
        files=[FileIn(0, anchor=True), FileIn(1)],
        readers=[ReaderIn(100 + j, 5) for j in range(5)],
        need=2,
        barred=[(0, 104)],
    )
    counts = Counter(f for f, _p, _why in propose(start, 1).pairs)
    assert counts == {0: 4, 1: 2}


def test_no_known_tie_is_preferred():
    start = PlanInput(
        files=[FileIn(0, district_id=1)], readers=[ReaderIn(100, 5, 1), ReaderIn(101, 5, 2), ReaderIn(102, 5)], need=2
    )
    assert {p for _f, p, _why in propose(start, 1).pairs} == {101, 102}


def test_digests_tell_changes_but_not_openings():
    one = given(held=[HeldIn(1, 0, 100, False)])
    assert one.digest() == given(held=[HeldIn(1, 0, 100, True)]).digest()
    assert one.digest() != given(held=[HeldIn(1, 0, 101, False)]).digest()
    assert one.digest() != given(held=[HeldIn(1, 0, 100, False)], barred=[(1, 1)]).digest()


def test_a_seat_that_declined_or_does_not_read_gets_nothing(stage):
    stage.make_panel("priya", "paul")
    stage.seat("pia", state="declined")
    stage.seat("ada", reads=False)
    stage.file("One File")
    set_round(stage, readers=2)
    stage.cast.grant("chen", "chair")
    plan(stage)
    assert {p for _f, p in pairs(stage)} == {stage.cast.person("priya"), stage.cast.person("paul")}
    with stage.app.app_context():
        assert db.session.scalar(select(Seat.id).where(Seat.invited_at > now())) is None
