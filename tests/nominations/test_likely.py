"""Likely duplicates: suggested as files come and change, decided one by one, taken back, never asked twice."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from portal.accounts.models import Person
from portal.core import audit
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.nominations.actions import consent, erasing, matching
from portal.nominations.actions.matching import Educator
from portal.nominations.jobs import likely as work
from portal.nominations.models import FileKey, FilePair, NomineeFile
from portal.programs.models import Cycle
from tests.bench import duplicates
from tests.cast import Cast, run_jobs, text_of
from tests.nominations.consenting import add_file, add_nomination, look
from tests.nominations.test_files_join import two, who_wrote
from tests.nominations.test_files_page import page
from tests.selection.judged import add_panel, add_review
from tests.statements import statements


def compare(cast: Cast) -> None:
    with cast.app.app_context():
        work.compare_rest()


def pairs(cast: Cast) -> list[tuple[str, str]]:
    """The names of each pair that is open and stands, as the page has them."""
    with cast.app.app_context():
        found = work.queries.standing(cast.cycle_id)
        return [(p.first.name, p.second.name) for p in (found.pair, *found.after) if p]


def pair_id(cast: Cast) -> str:
    with cast.app.app_context():
        return str(db.session.scalars(select(FilePair.public_id).order_by(FilePair.id)).first())


def shown(cast: Cast, **asked: str) -> str:
    return text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/likely", query_string=asked))


def act(cast: Cast, verb: str, data: dict[str, str] | None = None, who: str = "sam") -> Any:
    return cast.browser(who).post(f"/likely/{pair_id(cast)}/{verb}", data or {})


def test_the_export_finds_what_was_promised(cast: Cast, app: Flask) -> None:
    with app.app_context():
        cycle = db.session.get_one(Cycle, cast.cycle_id)
        duplicates.enter_export(cycle)
        for measured in duplicates.measure(cycle.id).values():
            assert measured.recall >= duplicates.LEAST_FOUND
            assert measured.precision >= duplicates.LEAST_TRUE
        before = db.session.scalar(select(func.count(FilePair.id)))
        with transaction() as s:
            s.execute(NomineeFile.__table__.update().values(compared=False))
        work.compare_rest()
        work.compare_rest()
        assert db.session.scalar(select(func.count(FilePair.id))) == before
        with transaction():
            spoiled = {pair.id: pair for pair in db.session.scalars(select(FilePair).limit(4))}
            for pair in spoiled.values():
                db.session.delete(pair)
        assert duplicates.measure(cycle.id)["files"].recall < duplicates.LEAST_FOUND


def test_joined_by_one_key_and_taken_back(cast: Cast) -> None:
    kept, gone = two(cast)
    add_file(cast, "Olga Other", email="o@x.org", nominations=({"nominator_email": "o1@x.org"},))
    assert "No likely duplicates" in shown(cast)
    compare(cast)
    assert pairs(cast) == [("Siobhán Sørensen", "Sørensen, Siobhan")]
    seen = shown(cast)
    assert "Pair 1 of 1" in seen
    assert "Names in another order" in seen
    assert "A school is missing" in seen
    assert "Two files may be one educator" in text_of(cast.browser("sam").get("/desk"))
    answer = act(cast, "join", {"keep": kept})
    assert answer.status_code == 303
    assert len(who_wrote(cast, kept)) == 6
    after = text_of(cast.browser("sam").get(answer.location))
    assert "Joined: Siobhán Sørensen and Sørensen, Siobhan." in after
    assert "No likely duplicates" in after
    assert act(cast, "join", {"keep": kept}).status_code == 422
    assert act(cast, "undo").location.endswith(f"?at={pair_id(cast)}")
    assert (len(who_wrote(cast, kept)), len(who_wrote(cast, gone))) == (3, 3)
    assert pairs(cast) == [("Siobhán Sørensen", "Sørensen, Siobhan")]
    assert "The other file stands alone again." in page(cast, kept)


def test_kept_apart_is_remembered_until_something_changes(cast: Cast) -> None:
    first, second = two(cast)
    compare(cast)
    assert act(cast, "apart").status_code == 303
    assert act(cast, "apart").status_code == 409
    assert act(cast, "join", {"keep": first}).status_code == 409
    for file in (first, second):
        assert "Kept apart from another file with a name like it." in page(cast, file)
    with cast.app.app_context(), transaction() as s:
        s.execute(NomineeFile.__table__.update().values(compared=False))
    compare(cast)
    assert pairs(cast) == []
    assert act(cast, "undo").status_code == 303
    assert len(pairs(cast)) == 1
    assert act(cast, "undo").status_code == 409
    act(cast, "apart")
    values = {"name": "Siobhan Sorensen", "school": "", "school_name": "Cascade Elem.", "position_key": "teacher"}
    values |= {"position": "Teacher", "district": ""}
    assert cast.browser("sam").post(f"/files/{second}/correct", values).status_code == 303
    run_jobs(cast.app)
    assert pairs(cast) == [("Siobhán Sørensen", "Siobhan Sorensen")]
    cast.browser("sam").post(f"/files/{second}/correct", {**values, "name": "Olga Other"})
    run_jobs(cast.app)
    assert pairs(cast) == []
    with cast.app.app_context():
        assert audit.verify()[1] == []


def test_skipped_pairs_wait_and_the_likeliest_comes_first(cast: Cast) -> None:
    for i, name in enumerate(("Zachary Núñez", "Zach Nunez", "Z. Núñez")):
        add_file(cast, name, email="", nominations=({"nominator_email": f"n{i}@x.org"},))
    compare(cast)
    assert pairs(cast)[0] == ("Zachary Núñez", "Zach Nunez")
    assert len(pairs(cast)) == 3
    browser = cast.browser("sam")
    first = shown(cast)
    assert "Pair 1 of 3" in first
    assert "After this one" in first
    with cast.app.app_context():
        ranked = list(db.session.scalars(select(FilePair.public_id).order_by(FilePair.score.desc(), FilePair.id)))
    assert "Pair 2 of 3" in shown(cast, after=ranked[0])
    assert "3 were skipped and still wait." in shown(cast, after=ranked[2])
    body = browser.get(f"/cycles/{cast.cycle}/likely", hx=True).get_data(as_text=True)
    assert body.strip().startswith('<div id="pairs"')
    answer = browser.post(f"/likely/{ranked[0]}/apart", hx=True)
    assert answer.status_code == 200
    assert "Kept apart: Zachary Núñez and Zach Nunez." in text_of(answer)
    assert "Undo" in text_of(answer)


def test_suggested_as_nominations_arrive_and_only_what_changed_is_compared(cast: Cast, app: Flask) -> None:
    with app.app_context(), transaction() as s:
        cycle = s.get_one(Cycle, cast.cycle_id)
        for name in ("William Tran", "Bill Tran", "Olga Other"):
            matching.make(cycle, Educator(name, school_name="Old Mill High"))
    run_jobs(app)
    assert pairs(cast) == [("William Tran", "Bill Tran")]
    with app.app_context(), transaction() as s:
        file = s.scalars(select(NomineeFile).where(NomineeFile.name == "Olga Other")).one()
        assert file.compared
        matching.rename(file, Educator("W. Tran", school_name="Old Mill High"))
    run_jobs(app)
    assert len(pairs(cast)) == 3


def test_how_much_work_does_not_grow_with_the_pairs(cast: Cast) -> None:
    counts = []
    for round_ in range(2):
        for i in range(2 + round_ * 8):
            add_file(cast, f"Siobhán {'Sørensen' if i % 2 else 'Sorensen'}", school=f"Place {round_}", email="",
                     nominations=({"nominator_email": f"n{round_}-{i}@x.org"},))  # fmt: skip
        with cast.app.app_context(), statements(cast.app) as compared:
            work.compare_rest()
        browser = cast.browser("sam")
        with statements(cast.app) as read:
            assert browser.get(f"/cycles/{cast.cycle}/likely").status_code == 200
        counts.append((len(compared), len(read)))
    assert counts[1][0] <= counts[0][0] + 1  # the files of the first round, to compare with
    assert counts[0][1] == counts[1][1] <= 6


def test_who_may(cast: Cast) -> None:
    two(cast)
    compare(cast)
    for who, status in (("ada", 403), ("priya", 404), ("vera", 404)):
        assert cast.browser(who).get(f"/cycles/{cast.cycle}/likely").status_code == status
        assert act(cast, "apart", who=who).status_code == status
    other = Cast(cast.app, slug="other")
    assert other.browser("sofia").post(f"/likely/{pair_id(cast)}/apart").status_code == 404
    assert "Pair 1 of 1" in shown(cast)
    assert "Pair" not in text_of(other.browser("sofia").get(f"/cycles/{other.cycle}/likely?at={pair_id(cast)}"))


def test_a_file_the_panel_has_stays(cast: Cast) -> None:
    first, second = two(cast, email="tariq@example.org", consent="accepted", asked_at=now(), screening="eligible",
                        screened_at=now())  # fmt: skip
    with cast.app.app_context():
        number = db.session.scalar(select(NomineeFile.id).where(NomineeFile.public_id == second))
    add_review(cast, add_panel(cast, ("priya",)), "priya", int(number or 0), 3)
    compare(cast)
    seen = shown(cast)
    assert seen.index("Sørensen, Siobhan") < seen.index("Siobhán Sørensen")  # stays, though it came later
    assert "The panel has the file that stays." in seen
    assert act(cast, "join", {"keep": first}).status_code == 422
    assert act(cast, "join", {"keep": second}).status_code == 303
    assert look(cast, first).joined_into_id is not None


def test_two_letters_to_two_addresses_are_not_mixed(cast: Cast) -> None:
    asked: dict[str, Any] = {"consent": "asked", "asked_at": now()}
    first = add_file(cast, "Siobhán Sørensen", email="a@x.org", **asked)
    second = add_file(cast, "Siobhan Sorensen", school="Cascade ES", email="b@x.org",
                      nominations=({"nominator_email": "g@x.org"},), **asked)  # fmt: skip
    compare(cast)
    assert "Letters about these two went to different addresses" in shown(cast)
    assert act(cast, "join", {"keep": first}).status_code == 422
    with cast.app.app_context(), transaction() as s:
        file = s.scalars(select(NomineeFile).where(NomineeFile.public_id == second)).one()
        consent.set_address(s.get_one(Person, cast.people["sam"]), file, "a@x.org")
    assert "now leads to the file that stays" in shown(cast)
    assert act(cast, "join", {"keep": first}).status_code == 303
    with cast.app.app_context():
        gone = db.session.scalars(select(NomineeFile).where(NomineeFile.public_id == second)).one()
        led = consent.queries.file_of_link(gone.id)
        assert led is not None
        assert led.public_id == first


def test_taking_back_gives_back_what_joining_changed(cast: Cast) -> None:
    chosen = {"shown": True, "nominator_email": "a@x.org"}
    kept = add_file(cast, "A. Bello", email="", nominations=(chosen,))
    gone = add_file(cast, "Ada Bello", email="ab@x.org", nominations=({**chosen, "nominator_email": "b@x.org"},))
    browser = cast.browser("sam")
    browser.post(f"/files/{kept}/join/{gone}")
    assert look(cast, kept).email == "ab@x.org"
    with cast.app.app_context(), transaction() as s:
        cycle = s.get_one(Cycle, cast.cycle_id)
        found = matching.find(cycle, Educator("Ada Bello", school_name="Cascade Elementary"))
        assert found is not None
        assert found.public_id == kept
        since = {"educator_name": "Ada Bello", "school_name": "Cascade Elementary", "nominator_email": "since@x.org"}
        add_nomination(cast, s, found, 1, **since)
    browser.post(f"/files/{gone}/apart")
    assert look(cast, kept).email == ""
    assert who_wrote(cast, gone) == ["b@x.org", "since@x.org"]
    with cast.app.app_context():
        file = db.session.scalars(select(NomineeFile).where(NomineeFile.public_id == gone)).one()
        assert [n.shown for n in file.nominations] == [True, False]


def test_split_is_not_suggested_again(cast: Cast) -> None:
    other = {"educator_name": "Siobhan Sorensen", "school_name": "Cascade Elementary"}
    file = add_file(cast, "Siobhán Sørensen", nominations=({}, other))
    with cast.app.app_context():
        whole = db.session.scalars(select(NomineeFile).where(NomineeFile.public_id == file)).one()
        split = whole.nominations[1].public_id
    own = cast.browser("sam").post(f"/nominations/{split}/split").location.rsplit("/", 1)[1]
    run_jobs(cast.app)
    assert pairs(cast) == []
    cast.browser("sam").post(f"/files/{file}/join/{own}")
    assert len(who_wrote(cast, file)) == 2


@pytest.mark.parametrize("decided", [False, True])
def test_confirmed_decisions_leave_files_alone(cast: Cast, decided: bool) -> None:
    kept, gone = two(cast)
    cast.browser("sam").post(f"/files/{kept}/join/{gone}")
    if decided:
        with cast.app.app_context(), transaction() as s:
            s.get_one(Cycle, cast.cycle_id).decisions_confirmed_at = now()
    answer = cast.browser("sam").post(f"/files/{gone}/apart")
    assert answer.status_code == (422 if decided else 303)


def test_erasing_takes_the_keys_along(cast: Cast, app: Flask) -> None:
    file = add_file(cast, "Siobhán Sørensen", consent="declined", asked_at=now())
    add_file(cast, "Siobhan Sorensen", school="", nominations=({"nominator_email": "g@x.org"},))
    compare(cast)
    with app.app_context(), transaction() as s:
        whole = s.scalars(select(NomineeFile).where(NomineeFile.public_id == file)).one()
        assert s.scalar(select(func.count()).where(FileKey.file_id == whole.id))
        erasing.erase("system", whole)
    with app.app_context():
        assert pairs(cast) == []
        assert db.session.scalar(select(func.count()).where(FileKey.file_id == whole.id)) == 0


@pytest.mark.parametrize(
    ("index", "asked"),
    [
        ("ix_nominee_files_to_compare", (~NomineeFile.compared, NomineeFile.cycle_id == 1)),
        ("ix_nominee_files_joined_into_id", (NomineeFile.joined_into_id == 1,)),
    ],
)
def test_an_index_of_some_files_is_known_again_by_the_words_of_its_query(
    app: Flask, cast: Cast, index: str, asked: tuple[Any, ...]
) -> None:
    """A database that does not see that a query wants these rows alone keeps the index for nothing."""
    with app.app_context(), db.engine.connect() as connection:
        postgresql = connection.dialect.name == "postgresql"
        if postgresql:
            connection.execute(text("SET enable_seqscan = off"))
            others = ("name", "match", "email", "running", "standing", "district", "to_remind")
            for other in others:  # on an empty table any would do
                connection.execute(text(f"DROP INDEX ix_nominee_files_{other}"))
        query = select(NomineeFile.id).where(*asked).compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.execute(text(f"EXPLAIN {'' if postgresql else 'QUERY PLAN'} {query}")).all()
    assert index in str(plan)
