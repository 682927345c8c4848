"""Compares the database with what was acknowledged: nothing lost or doubled, the record fits, the file is sound."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import func, select, text

from portal.core import audit, triggers
from portal.core.db import db
from portal.core.outbox import Message
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries.tally import miscounted
from portal.programs.models import Criterion
from portal.review.models import Assignment, Review, Score
from tests.endurance.ledger import Ledger
from tests.endurance.load import evidence_of, level_of

SENT = ("submitted", "confirmed")
HANDED_IN = ("submitted", "superseded")


@dataclass
class Report:
    """What does not fit, sentence by sentence; all empty when all is well."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    chain: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether all is well."""
        return not (self.lost or self.doubled or self.chain or self.damaged)

    def sentences(self) -> list[str]:
        return [f"{name}: {each}" for name, found in vars(self).items() for each in found]


def check(app: Flask, ledger: Ledger, *, settled: bool = False) -> Report:
    """Looks at the database now. With `settled` no request is under way, so that every count must be exact."""
    report = Report()
    with app.app_context(), ledger.lock:
        report.damaged += _damage()
        report.chain += [f"{f.chain} {f.seq}: {f.problem}" for f in audit.verify()[1]]
        report.damaged += [f"the voices of file {each} are miscounted" for each in miscounted()]
        report.damaged += [f"the trigger {each} is gone" for each in triggers.missing()]
        report.lost += [*_lost_nominations(ledger), *_lost_scores(ledger, settled)]
        report.doubled += [*_doubled_nominations(ledger), *_doubled_rows()]
        for sentence, is_loss in _reviews(ledger, settled):
            (report.lost if is_loss else report.doubled).append(sentence)
        db.session.remove()
        db.engine.dispose()  # whoever opens the database next finds it as the kill has left it
    return report


def _damage() -> list[str]:
    if db.engine.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in db.session.execute(text("PRAGMA integrity_check"))]
    orphans = db.session.execute(text("PRAGMA foreign_key_check")).all()
    return [each for each in found if each != "ok"] + [f"a row of {row[0]} leads nowhere" for row in orphans]


def _lost_nominations(ledger: Ledger) -> Iterator[str]:
    query = select(Nomination.public_id, Nomination.state, Nomination.receipt, Nomination.answers)
    rows = {row.public_id: row for row in db.session.execute(query)}
    for sent in ledger.nominations:
        row = rows.get(sent.public_id)
        if not sent.public_id:
            continue
        if row is None:
            yield f"the draft of {sent.address} is gone"
            continue
        missing = [name for name, value in sent.kept.items() if row.answers.get(name) != value]
        if missing:
            yield f"{sent.address} had typed {', '.join(missing)}"
        if sent.receipt and (row.state not in SENT or row.receipt != sent.receipt):
            yield f"{sent.address} holds the receipt {sent.receipt}, the row is {row.state}"


def _doubled_nominations(ledger: Ledger) -> Iterator[str]:
    query = select(Nomination.nominator_email, Nomination.state).where(Nomination.source == "form")
    rows = list(db.session.execute(query))
    ours = {sent.address for sent in ledger.nominations}
    counts = Counter(row.nominator_email for row in rows if row.state in SENT and row.nominator_email in ours)
    yield from (f"{address} is there {n} times" for address, n in counts.items() if n > 1)
    drafts = sum(not row.nominator_email for row in rows)
    if sum(counts.values()) + drafts > len(ledger.nominations):
        yield f"{len(ledger.nominations)} were begun, {sum(counts.values()) + drafts} are there"


def _doubled_rows() -> Iterator[str]:
    """One file an educator, one receipt's letter and one entry in the record a nomination."""
    file, letter, entry = NomineeFile, Message, audit.AuditEntry
    is_receipt = letter.template.like("%/receipt")
    questions = (
        ("nominee files", select(file.name_key, func.count()).group_by(file.cycle_id, file.name_key, file.school_key)),
        ("receipts", select(letter.about, func.count()).where(is_receipt).group_by(letter.about)),
        ("entries", select(entry.thing, func.count()).where(entry.verb == "nomination.submit").group_by(entry.thing)),
        ("entries", select(entry.thing, func.count()).where(entry.verb == "review.submit").group_by(entry.thing)),
    )
    for what, query in questions:
        yield from (f"{name} has {n} {what}" for name, n in db.session.execute(query) if n > 1)


def _lost_scores(ledger: Ledger, settled: bool) -> Iterator[str]:
    """Every score is the newest acknowledged one, or the one being saved when the server died; level and line agree."""
    query = (
        select(Assignment.public_id, Criterion.key, Score.level, Score.evidence)
        .join(Review, Review.id == Score.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(Review.state.in_(("draft", "submitted")))
        .order_by(Review.version)  # the newest version comes last and stays
    )
    found = {(row[0], row[1]): (row[2], row[3]) for row in db.session.execute(query)}
    for (assignment, key), serial in ledger.scores.items():
        low = serial.asked if settled else serial.answered
        possible = [(level_of(n), evidence_of(n)) for n in range(max(low, 1), serial.asked + 1)]
        now = found.get((assignment, key))
        if now not in possible and (now or low):
            yield f"{key} of {assignment}: {serial.answered} was saved, {now[1] if now else 'nothing'} is there"


def _reviews(ledger: Ledger, settled: bool) -> Iterator[tuple[str, bool]]:
    """Each handing in made exactly one version: (sentence, whether it is a loss)."""
    query = (
        select(Assignment.public_id, func.count(Review.id))
        .join(Review, Review.assignment_id == Assignment.id)
        .where(Review.state.in_(HANDED_IN))
        .group_by(Assignment.public_id)
    )
    found = {row[0]: row[1] for row in db.session.execute(query)}
    for assignment, whole in ledger.handed_in.items():
        there, least = found.get(assignment, 0), whole.asked if settled else whole.answered
        if there < least:
            yield f"{assignment} was handed in {least} times, {there} are there", True
        elif there > whole.asked:
            yield f"{assignment} was handed in {whole.asked} times, {there} are there", False
