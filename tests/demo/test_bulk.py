"""What the demo writes many at once looks like what people send one by one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import audit
from portal.core.db import db
from portal.core.links import Link
from portal.core.outbox import Message, read
from portal.demo.acts.founding import HEARD
from portal.demo.acts.this_year import BULK_UNTIL
from portal.nominations.asking import form_for
from portal.nominations.models import Nomination
from portal.programs.queries import cycles_of, program_by_slug
from portal.questions.answers import stored
from portal.review.models import Review, Score


@pytest.fixture
def here(demo):
    with demo.app_context():
        yield
        db.session.remove()


def plain(*where):
    """An ordinary proven nomination of this year."""
    this = cycles_of(program_by_slug("teach-on"))[0]
    edge = datetime.combine(this.opening_day, datetime.min.time(), UTC) + timedelta(days=BULK_UNTIL, hours=12)
    query = select(Nomination).where(
        Nomination.cycle_id == this.id, Nomination.state == "confirmed", ~Nomination.for_child,
        Nomination.relation_group != "self", Nomination.locale == "en", Nomination.reminded_at.is_(None),
    )  # fmt: skip
    return query, edge


def traces(nomination):
    """All that a nomination leaves behind, without what is its own."""
    entries = reversed(audit.history(nomination))
    mine = select(Link).where(Link.subject_id == nomination.id, Link.purpose.startswith("nomination"))
    links = db.session.scalars(mine.order_by(Link.purpose))
    letters = db.session.scalars(select(Message).where(Message.about == audit.name_of(nomination)).order_by(Message.id))
    filled = {c.key for c in Nomination.__table__.columns if getattr(nomination, c.key) not in (None, "", False)}
    optional = {"with_others", "tie", "subject", "educator_email", "shown", "school_id", "district_id", "said"}
    return {
        "columns": filled - optional,
        "answers": set(nomination.answers) - {HEARD.key},
        "step": nomination.step,
        "record": [(entry.verb, entry.actor, sorted(entry.facts)) for entry in entries],
        "links": [(link.purpose, link.used_at is not None, link.revoked_at is not None) for link in links],
        "letters": [(m.template, m.state, sorted(m.context), m.key.partition(":")[0]) for m in letters
                    if "told" not in m.template],
    }  # fmt: skip


def test_a_nomination_written_in_bulk_leaves_what_a_sent_one_leaves(here):
    query, edge = plain()
    early = db.session.scalars(query.where(Nomination.submitted_at < edge - timedelta(days=9)).limit(1)).one()
    late = db.session.scalars(query.where(Nomination.submitted_at > edge).limit(1)).one()
    assert traces(early) == traces(late)


def test_the_programs_own_question_is_answered_as_the_form_keeps_it(here):
    asked = form_for(program_by_slug("teach-on"))
    sent = list(db.session.scalars(select(Nomination).where(Nomination.state == "confirmed")))
    assert all(one.said == stored(asked, one.answers, {}, {}) for one in sent)
    given = {one.answers.get(HEARD.key, "") for one in sent}
    assert given == {"", *(option.key for option in HEARD.options)}


def test_its_letter_reads_as_any_other(here):
    query, edge = plain()
    early = db.session.scalars(query.where(Nomination.submitted_at < edge - timedelta(days=9)).limit(1)).one()
    letter = db.session.scalars(select(Message).where(Message.about == audit.name_of(early)).limit(1)).one()
    assert letter.created_at == early.submitted_at
    assert early.receipt in read(letter).text


def test_last_years_reviews_look_like_this_years(here):
    this, last = cycles_of(program_by_slug("teach-on"))
    found = []
    for cycle in (this, last):
        query = select(Review).where(Review.cycle_id == cycle.id, Review.state == "submitted")
        review = db.session.scalars(query.order_by(Review.id.desc()).limit(1)).one()
        scores = list(db.session.scalars(select(Score).where(Score.review_id == review.id)))
        entries = audit.history(review)
        found.append((
            review.version, review.judged > 0.6, 1 <= review.score <= 4, len(scores), {s.revision for s in scores},
            [(entry.verb, sorted(entry.facts)) for entry in entries],
            review.assignment.state, review.assignment.judged,
        ))  # fmt: skip
    assert found[0] == found[1]
