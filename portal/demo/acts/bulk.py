"""Plain nominations and reviews written many at once, as the actions would have left them.

One by one they take most of the demo's making: some thirty statements each for three hundred nominations, and twenty
for each review. So the plain ones of earlier weeks (proven, not withdrawn, not doubled) and last year's reviews are
put into the rows directly, with the same links, letters and entries of the record; the rest goes through the actions.
`tests/demo` compares a nomination written here with one that was sent.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from portal.accounts.models import Person
from portal.core import audit, outbox
from portal.core.clock import pretend
from portal.core.db import db
from portal.core.links import Link
from portal.core.names import person_key
from portal.core.outbox import Message
from portal.core.tokens import new_public_id
from portal.demo.acts.writing import Writing, answers_of, columns_of, named
from portal.demo.script import Educator, Voice
from portal.nominations.actions import matching
from portal.nominations.actions.drafts import OPEN_LINK
from portal.nominations.actions.nominate import NOMINATOR, PROOF_LINK
from portal.nominations.mail import nominator as mail
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.rules.nominate import SENT, receipt_code
from portal.programs.models import Cycle, Rubric
from portal.review import scoring
from portal.review.actions.scoring import Given
from portal.review.models import Assignment, Review, Score

Written = tuple[datetime, Educator, Voice]
Places = dict[tuple[str, str, int | None], NomineeFile]


def is_plain(voice: Voice) -> bool:
    """Whether nothing special becomes of this nomination."""
    return voice.proven and not voice.withdrawn and not voice.child and voice.group != "self"


def write_many(writing: Writing, batch: Sequence[Written]) -> None:
    """Sends and proves these nominations, each at its own moment."""
    cycle = db.session.get_one(Cycle, writing.cycle_id)
    files = _files_of(cycle)
    wanted: list[tuple[Nomination, NomineeFile, datetime]] = []
    for moment, educator, voice in sorted(batch, key=lambda each: (each[0], each[2].email)):
        with pretend(moment):
            nomination, file = _nomination(writing, cycle, files, educator, voice, moment)
        wanted.append((nomination, file, moment))
    db.session.flush()  # the files
    for nomination, file, _moment in wanted:
        nomination.file_id = file.id
        db.session.add(nomination)
    db.session.flush()
    _links_and_letters(wanted)
    acts = [(moment, True, nomination, file) for nomination, file, moment in wanted]
    acts += [(n.confirmed_at or moment, False, n, file) for n, file, moment in wanted]
    for moment, is_sent, nomination, file in sorted(acts, key=lambda act: (act[0], act[2].id)):
        with pretend(moment):
            if is_sent:
                sealed = audit.seal(nomination.story)
                facts = {"file": file.public_id, "group": nomination.relation_group, "story": sealed}
                audit.record(NOMINATOR, "nomination.submit", nomination, None, **facts)
            else:
                audit.record(f"link:{PROOF_LINK}", "nomination.confirm", nomination)


def _files_of(cycle: Cycle) -> Places:
    query = select(NomineeFile).where(NomineeFile.cycle_id == cycle.id, NomineeFile.joined_into_id.is_(None))
    found = db.session.scalars(query.order_by(NomineeFile.id.desc()))
    return {(file.name_key, file.school_key, file.school_id): file for file in found if file.name_key}


def _nomination(
    writing: Writing, cycle: Cycle, files: Places, educator: Educator, voice: Voice, moment: datetime
) -> tuple[Nomination, NomineeFile]:
    place, program = writing.place_of(educator, voice), cycle.program
    who = named(program, educator, voice, place)
    key = (person_key(who.name), who.school_key, who.school_id)
    file = files.get(key) if who.school_key else None
    if file is None:
        file = NomineeFile(program_id=cycle.program_id, cycle_id=cycle.id, locale=who.locale, email="")
        file.consent, file.screening, file.created_at = "open", "unscreened", moment
        matching.rename(file, who)
        file.public_id = new_public_id()
        db.session.add(file)
        if who.school_key:
            files[key] = file
    matching.fill_gaps(file, who)
    public_id = new_public_id()
    columns = columns_of(program, educator, voice, place)
    if not file.email and file.consent == "open" and columns["educator_email"]:
        file.email = columns["educator_email"]
    nomination = Nomination(
        public_id=public_id, program_id=cycle.program_id, cycle_id=cycle.id, state="confirmed", created_at=moment,
        answers={"age": "adult", **answers_of(program, educator, voice, place)}, step=SENT, locale=voice.locale,
        receipt=receipt_code(public_id), submitted_at=moment, confirmed_at=moment + writing.proof_after(voice),
        **columns,
    )  # fmt: skip
    nomination.for_child, nomination.child_name = False, ""
    return nomination, file


def _links_and_letters(wanted: Iterable[tuple[Nomination, NomineeFile, datetime]]) -> None:
    links: list[dict[str, Any]] = []
    letters: list[dict[str, Any]] = []
    for nomination, _file, moment in wanted:
        own = {"public_id": new_public_id(), "created_at": moment, "purpose": OPEN_LINK,
               "used_at": None, "revoked_at": None}  # fmt: skip
        used = nomination.confirmed_at  # proving uses the link up and ends all like it
        proof = {**own, "public_id": new_public_id(), "purpose": PROOF_LINK, "used_at": used, "revoked_at": used}
        for each in (proof, own):
            links.append({**each, "subject_id": nomination.id, "email": nomination.nominator_email})
        with pretend(moment):
            letter = mail.receipt(nomination, Link(**proof), Link(**own))
        done = {"state": "sent", "sent_at": moment, "tries": 1}
        letters.append(outbox.row(letter, public_id=new_public_id(), created_at=moment, **done))
    if links:
        db.session.execute(insert(Link), links)
        db.session.execute(insert(Message), letters)


def hand_in_many(rubric: Rubric, batch: Sequence[tuple[datetime, Assignment, dict[str, Given]]]) -> None:
    """Hands these reviews in, each at its own moment, by its own reader."""
    criteria = {criterion.key: criterion for criterion in rubric.criteria}
    reviews, scores, done = [], [], []
    for moment, assignment, given in batch:
        judged = [
            scoring.Judged(key, criteria[key].weight, one.level, one.cannot_judge, one.evidence)
            for key, one in given.items()
        ]
        total = scoring.total(judged)
        reviews.append(Review(
            public_id=new_public_id(), created_at=moment, program_id=assignment.program_id,
            cycle_id=assignment.cycle_id, round_id=assignment.round_id, panel_id=assignment.panel_id,
            assignment_id=assignment.id, rubric_id=rubric.id, version=1, state="submitted", score=total.score,
            judged=total.judged, saved_at=moment, submitted_at=moment,
        ))  # fmt: skip
        done.append({"id": assignment.id, "state": "scored", "opened_at": moment, "saved_at": moment,
                     "scored_at": moment, "judged": 1.0})  # fmt: skip
    db.session.add_all(reviews)
    db.session.flush()
    for review, (moment, assignment, given) in zip(reviews, batch, strict=True):
        scores += [
            {"review_id": review.id, "criterion_id": criteria[key].id, "level": one.level, "saved_at": moment,
             "cannot_judge": one.cannot_judge, "evidence": one.evidence}
            for key, one in given.items()
        ]  # fmt: skip
        reader = db.session.get_one(Person, assignment.person_id)
        sealed = audit.seal("\n".join(f"{k}|{g.level}|{g.cannot_judge}|{g.evidence}" for k, g in given.items()))
        with pretend(moment):
            audit.record(reader, "review.submit", review, version=1, digest=sealed)
            audit.record(reader, "assignment.score", assignment)
    if scores:
        db.session.execute(insert(Score), scores)
        db.session.execute(update(Assignment), done)
