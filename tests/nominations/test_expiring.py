"""Drafts that nobody sent: they expire when nominations close, go on when the date is moved, and are erased in time."""

from datetime import timedelta

import time_machine
from sqlalchemy import select, update

from portal.core.audit import verify
from portal.core.clock import now
from portal.core.db import Base, db, transaction
from portal.nominations.jobs.drafts import expire_drafts
from portal.nominations.models import Nomination
from portal.programs.models import Program, Window
from tests.cast import Cast, letters, links_in, text_of
from tests.nominations.test_voices import begin, second_path, self_nominated
from tests.nominations.walking import BASE, STEPS, Walker, nominate

STORY = "Canarystory of one morning in the fourth grade."


def _everything(cast: Cast) -> str:
    with cast.app.app_context():
        return "\n".join(repr(r) for t in Base.metadata.sorted_tables for r in db.session.execute(t.select()))


def _draft(cast: Cast) -> tuple[Walker, str]:
    """A nomination begun and not sent, and the path of its mailed link."""
    walker = Walker(cast).begin()
    walker.post("educator", {**STEPS["educator"], "go": "next"})
    walker.post("story", {"story": STORY, "go": "mail", "later": "canary@example.org"})
    return walker, links_in(letters(cast.app, "nominations/finish_later")[-1].text)[0]


def _work(cast: Cast) -> None:
    with cast.app.app_context():
        expire_drafts()


def _close(cast: Cast, days: int) -> None:
    """Nominations close so many days from now (negative: they closed)."""
    with cast.app.app_context(), transaction() as s:
        moment = now()
        values = {"opens_at": moment - timedelta(days=200), "closes_at": moment + timedelta(days=days)}
        s.execute(update(Window).where(Window.key == "nominations").values(values))


def test_a_draft_expires_goes_on_when_the_date_is_moved_and_is_erased_in_time(cast: Cast) -> None:
    walker, link = _draft(cast)
    sent = nominate(cast, name={"name": "Nora Example", "email": "nora@example.org", "sharing": "no"})
    before = len(letters(cast.app))
    _work(cast)
    assert walker.row().state == "draft"  # nominations are open
    _close(cast, -1)
    _work(cast)
    _work(cast)
    assert (walker.row().state, sent.row().state) == ("expired", "submitted")
    assert len(letters(cast.app)) == before  # nobody is written to
    visitor = cast.browser()
    assert "This draft expired: nominations closed on" in text_of(visitor.get(link))
    assert "Read what I wrote" in text_of(visitor.get(link))
    page = text_of(visitor.post(link, follow=True))
    assert STORY in page
    assert "We erase what you wrote on" in page
    assert visitor.post(f"{walker.url}/resume").status_code == 422
    walker.post("story/save", {"story": STORY + " And more."})  # typed in a window that was left open
    _close(cast, 5)
    assert "so you can go on" in text_of(visitor.post(link, follow=True))
    for _twice in range(2):
        assert visitor.post(f"{walker.url}/resume").status_code == 303
    assert walker.row().state == "draft"
    assert walker.row().answers["story"].endswith("And more.")
    _close(cast, -31)
    _work(cast)
    row = walker.row()
    assert (row.state, row.answers) == ("expired", {})
    assert "canary" not in _everything(cast).lower()
    assert "Nora Example" in _everything(cast)
    assert "We have erased what you had written." in text_of(visitor.get(link))
    assert "We have erased what you had written." in text_of(visitor.post(link, follow=True))
    assert walker.post("story/save", {"story": "late"}).status_code == 422
    _close(cast, 5)
    assert "Begin a new nomination" in text_of(visitor.get(link))
    assert visitor.post(f"{walker.url}/resume").status_code == 422
    with cast.app.app_context():
        assert verify()[1] == []


def test_the_program_says_how_long_and_a_second_nomination_looks_as_ever(cast: Cast) -> None:
    with cast.app.app_context(), transaction() as s:
        program = s.get_one(Program, cast.program_id)
        asked = {**program.settings["nomination"], "drafts_kept_days": 90}
        program.settings = {**program.settings, "nomination": asked}
    walker, _link = _draft(cast)
    nominate(cast)
    again = nominate(cast)  # the same address and educator: stays a draft, and its pages look as ever
    assert (again.row().state, again.row().receipt != "") == ("draft", True)
    assert "erased 90 days after nominations close" in text_of(cast.browser().get(f"/awards/{cast.slug}/privacy"))
    _close(cast, -60)
    _work(cast)
    assert walker.row().answers["story"] == STORY
    assert again.row().state == "draft"
    with time_machine.travel(now() + timedelta(days=31)):
        _work(cast)
    assert walker.row().answers == {}
    assert again.row().answers != {}
    with cast.app.app_context():
        assert sorted(db.session.scalars(select(Nomination.state))) == ["draft", "expired", "submitted"]


def test_what_a_seconders_link_filled_in_is_erased_in_time_too(cast: Cast) -> None:
    self_nominated(cast)
    draft = begin(cast, second_path(cast))
    assert draft.row().answers["educator"] == "Marisol Rivera"
    _close(cast, -1)
    _work(cast)
    _close(cast, 5)
    assert "You began here before" in text_of(draft.browser.get(BASE))
    _close(cast, -31)
    _work(cast)
    assert (draft.row().state, draft.row().answers) == ("expired", {})
