"""Fair play through the job and the page: what is found, who sees it, what a person's judgment does and undoes."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import jobs
from portal.core.clock import now
from portal.core.db import db, in_transaction, transaction
from portal.nominations.actions import erasing
from portal.nominations.actions import fairplay as actions
from portal.nominations.jobs.fairplay import forget_traces, look_at_new
from portal.nominations.models import FairPlayFlag, Nomination, NomineeFile, Print
from portal.nominations.queries import fairplay as queries
from tests.cast import text_of
from tests.nominations.consenting import add_file
from tests.nominations.walking import nominate

STORY = (
    "She gave him one question a day, written at home and asked in class, and in March he read the whole page aloud."
)
OTHER = (
    "He opened the gym at seven on Wednesdays for whoever needed breakfast, and the ninth grade stopped coming late."
)


def wrote(number, story=STORY, minutes=60, **more):
    """One nomination of a file: sent some minutes after it was begun."""
    at = now() - timedelta(days=2, minutes=number)
    return {
        "nominator_name": f"Writer {number}", "nominator_email": f"writer{'abcdefgh'[number]}@example.org",
        "story": story, "submitted_at": at, "confirmed_at": at, "created_at": at - timedelta(minutes=minutes), **more,
    }  # fmt: skip


@pytest.fixture
def stuffed(cast):
    """Three with the same words about one educator, one honest about another."""
    add_file(cast, "Tariq Bello", nominations=tuple(wrote(n) for n in range(3)))
    add_file(cast, "Ana Uno", nominations=(wrote(5, OTHER),))
    look(cast.app)
    return cast


def look(app):
    with app.app_context():
        look_at_new()


def flags(app, *what):
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(*what).order_by(FairPlayFlag.nomination_id))]


def page_of(cast, name="sam", show=""):
    return cast.browser(name).get(f"/cycles/{cast.cycle}/fair-play{show}")


def ids(app):
    return [i for (i,) in flags(app, FairPlayFlag.nomination_id)]


def test_the_same_words_are_found_shown_together_and_stand_meanwhile(stuffed):
    assert flags(stuffed.app, FairPlayFlag.state, FairPlayFlag.points) == [("open", 2)] * 3
    shown = text_of(page_of(stuffed))
    assert "3 nominations of Tariq Bello" in shown
    assert "Nearly the same words as 2 other people’s (up to 100% alike)." in shown
    assert "Ana Uno" not in shown
    desk = text_of(stuffed.browser("sam").get("/desk"))
    assert "3 nominations look odd" in desk
    with stuffed.app.app_context():
        assert set(db.session.scalars(select(Nomination.state))) == {"confirmed"}


def test_looking_again_changes_nothing(stuffed):
    with stuffed.app.app_context(), transaction() as s:
        s.execute(Nomination.__table__.update().values(looked_at=None))
    before = flags(stuffed.app, FairPlayFlag.nomination_id, FairPlayFlag.points, FairPlayFlag.found_at)
    look(stuffed.app)
    assert flags(stuffed.app, FairPlayFlag.nomination_id, FairPlayFlag.points, FairPlayFlag.found_at) == before


def test_set_aside_counts_for_nothing_and_can_be_taken_back(stuffed):
    sam, wrong = stuffed.browser("sam"), ids(stuffed.app)
    done = sam.post(f"/cycles/{stuffed.cycle}/fair-play", {"nomination": wrong[:2], "verdict": "aside"}, follow=True)
    assert "2 nominations are set aside" in text_of(done)
    assert flags(stuffed.app, FairPlayFlag.state) == [("aside",), ("aside",), ("open",)]
    with stuffed.app.app_context():
        assert db.session.get(Nomination, wrong[0]).state == "spam"
        public_id = db.session.get(Nomination, wrong[0]).public_id
    assert "Writer 0" in text_of(page_of(stuffed, show="?show=aside"))
    sam.post(f"/nominations/{public_id}/not-spam")
    with stuffed.app.app_context():
        assert db.session.get(Nomination, wrong[0]).state == "confirmed"
    again = sam.post(f"/cycles/{stuffed.cycle}/fair-play", {"nomination": wrong[:2], "verdict": "honest"}, follow=True)
    assert "judged already" in text_of(again)


def test_what_was_found_honest_stays_so_until_something_new_speaks(stuffed):
    sam, app = stuffed.browser("sam"), stuffed.app
    sam.post(f"/cycles/{stuffed.cycle}/fair-play", {"nomination": ids(app), "verdict": "honest"})
    assert "Nothing looks odd" in text_of(page_of(stuffed))
    with app.app_context(), transaction() as s:
        s.execute(Nomination.__table__.update().values(looked_at=None))
    look(app)
    assert {state for (state,) in flags(app, FairPlayFlag.state)} == {"honest"}
    with app.app_context(), transaction() as s:
        one = s.get(Nomination, ids(app)[0])
        one.looked_at, one.answers = None, {"website": "buy"}
    look(app)
    assert [state for (state,) in flags(app, FairPlayFlag.state)] == ["open", "honest", "honest"]


def test_a_later_copy_brings_up_the_earlier_ones(cast):
    add_file(cast, "Tariq Bello", nominations=tuple(wrote(n) for n in range(2)))
    look(cast.app)
    assert flags(cast.app, FairPlayFlag.state) == []  # a couple may share a text
    add_file(cast, "Tariq B.", nominations=(wrote(4),))
    look(cast.app)
    assert len(flags(cast.app, FairPlayFlag.state)) == 3


def test_what_was_set_aside_stays_in_that_list_whatever_comes_later(cast):
    trapped = {"answers": {"website": "https://casino.example"}}
    add_file(cast, "Tariq Bello", nominations=(wrote(0, **trapped),))
    look(cast.app)
    sam = cast.browser("sam")
    sam.post(f"/cycles/{cast.cycle}/fair-play", {"nomination": ids(cast.app), "verdict": "aside"})
    assert "Writer 0" in text_of(page_of(cast, show="?show=aside"))
    add_file(cast, "Tariq B.", nominations=(wrote(4),))
    look(cast.app)
    assert "Writer 0" in text_of(page_of(cast, show="?show=aside"))


def test_nothing_ticked_is_said(stuffed):
    answer = stuffed.browser("sam").post(f"/cycles/{stuffed.cycle}/fair-play", {"verdict": "aside"})
    assert answer.status_code == 422
    assert "Nothing is ticked" in text_of(answer)


def test_an_auditor_reads_and_judges_nothing(stuffed):
    shown = page_of(stuffed, "ada")
    assert "Set the ticked ones aside" not in text_of(shown)
    assert '<label class="tick"' not in shown.get_data(as_text=True)  # a label without its box
    answer = stuffed.browser("ada").post(
        f"/cycles/{stuffed.cycle}/fair-play", {"nomination": ids(stuffed.app), "verdict": "aside"}
    )
    assert answer.status_code == 403
    assert page_of(stuffed, "priya").status_code == 404


def test_the_form_leaves_a_trace_that_is_forgotten_in_time(cast):
    nominate(cast)
    with cast.app.app_context():
        network, seconds = db.session.execute(select(Nomination.network, Nomination.submitted_at)).one()
    assert len(network) == 24
    assert "127.0.0" not in network
    look(cast.app)
    with cast.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Print)) > 0
        with transaction() as s:
            s.execute(Nomination.__table__.update().values(submitted_at=seconds - timedelta(days=91)))
        forget_traces()
        assert db.session.scalar(select(Nomination.network)) == ""
        assert db.session.scalar(select(func.count()).select_from(Print)) == 0


def test_a_hidden_field_filled_in_flags_and_drops_nothing(cast):
    nominate(
        cast, name={"name": "Nora", "email": "nora@example.org", "sharing": "no", "website": "https://casino.example"}
    )
    look(cast.app)
    shown = text_of(page_of(cast))
    assert "A field that people cannot see was filled in." in shown
    with cast.app.app_context():
        assert db.session.scalar(select(Nomination.state)) == "submitted"


def test_a_change_is_looked_at_anew(cast):
    walker = nominate(cast)
    look(cast.app)
    assert walker.row().looked_at is not None
    walker.post("story", {"story": OTHER, "go": "next"})
    walker.send()
    assert walker.row().looked_at is None


def test_erasing_takes_flags_and_sketches_along(stuffed):
    with stuffed.app.app_context():
        file = db.session.scalars(select(NomineeFile).where(NomineeFile.name == "Tariq Bello")).one()
        with transaction():
            file.consent, file.asked_at = "declined", now()
            erasing.erase("system", file)
        assert db.session.scalar(select(func.count()).select_from(FairPlayFlag)) == 0
        left = select(func.count()).select_from(Print).join(Nomination, Nomination.id == Print.nomination_id)
        assert db.session.scalar(left.where(Nomination.file_id == file.id)) == 0


def test_the_jobs_are_periodic():
    assert {"nominations.fair_play", "nominations.forget_traces"} <= set(jobs.PERIODIC)


def test_nobody_waits_to_write_while_a_stuffed_box_is_weighed(cast, monkeypatch):
    """Each is compared with each: under the write lock, a box stuffed with one story would hold everybody up."""
    add_file(cast, "Tariq Bello", nominations=tuple(wrote(n) for n in range(5)))
    weighed = []
    judge = actions.judge

    def watched(*given, **more):
        weighed.append(in_transaction())
        return judge(*given, **more)

    monkeypatch.setattr(actions, "judge", watched)
    look(cast.app)
    assert weighed == [False] * 5
    assert len(ids(cast.app)) == 5


def test_what_changes_while_it_is_weighed_is_looked_at_again(cast, monkeypatch):
    add_file(cast, "Tariq Bello", nominations=tuple(wrote(n) for n in range(3)))
    changed, weigh = [], actions.weigh

    def while_weighing(numbers):
        found = weigh(numbers)
        if not changed:
            changed.append(numbers[0])
            with transaction() as s:
                s.get_one(Nomination, numbers[0]).story = OTHER
        return found

    monkeypatch.setattr(actions, "weigh", while_weighing)
    look(cast.app)
    with cast.app.app_context():
        assert queries.unlooked(9) == []
    assert changed[0] not in ids(cast.app)
