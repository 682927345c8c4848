"""Forms as they stand, earlier wordings, and files given as answers."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, bindparam, select

from portal.core import identity
from portal.core.db import db
from portal.questions.models import QuestionForm, QuestionVersion, Upload
from portal.questions.purposes import Purpose
from portal.questions.shape import Asked, Question, assemble, with_content

_FORM = select(QuestionForm.id, QuestionForm.public_id, QuestionForm.version, QuestionForm.questions).where(
    QuestionForm.program_id == bindparam("program_id"), QuestionForm.purpose == bindparam("purpose")
)


def form_of(program: Any, purpose: Purpose) -> Asked:
    """The form of a program as it stands: one query."""
    row = db.session.execute(_FORM, {"program_id": program.id, "purpose": purpose.key}).one_or_none()
    return asked_in(program, purpose, row)


def form_at(slug: str, purpose: Purpose) -> Asked | None:
    """The form of the program at that address, with the program: one query."""
    program = identity.model()
    mine = and_(QuestionForm.program_id == program.id, QuestionForm.purpose == purpose.key)
    found = db.session.execute(select(program, QuestionForm).outerjoin(QuestionForm, mine).where(program.slug == slug))
    row = found.one_or_none()
    return asked_in(row[0], purpose, row[1]) if row else None


def asked_in(program: Any, purpose: Purpose, row: Any) -> Asked:
    """The form that a row keeps; without one it is as the product words it."""
    plain = purpose.plain(program)
    questions = assemble(plain, row.questions) if row else plain
    held = {"id": row.id, "public_id": row.public_id, "version": row.version} if row else {}
    by_key = {q.key: q for q in questions}
    return Asked(program, purpose.key, questions, program_id=program.id, by_key=by_key, **held)


def holds(condition: Any) -> bool:
    """Whether a condition of the database holds, such as `Purpose.is_open`."""
    return bool(db.session.scalar(select(condition)))


class Wordings:
    """Questions as they were asked: the present version from the form, earlier ones read once when one is wanted."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._earlier: dict[tuple[str, int], dict[str, Any]] | None = None

    def of(self, key: str, version: int) -> Question | None:
        """The question in that version; None when nothing is known of it any more."""
        now = self.asked.get(key)
        if now is None or now.version == version:
            return now
        content = self._read().get((key, version))
        return with_content(now, content) if content else now

    def _read(self) -> dict[tuple[str, int], dict[str, Any]]:
        if self._earlier is None:
            query = select(QuestionVersion).where(QuestionVersion.form_id == self.asked.id)
            self._earlier = {(v.key, v.number): v.content for v in db.session.scalars(query)}
        return self._earlier


def uploads_of(things: Iterable[str]) -> dict[str, Upload]:
    """The files given as answers about these things, by public id."""
    query = select(Upload).where(Upload.thing.in_(list(things)))
    return {upload.public_id: upload for upload in db.session.scalars(query)}


def upload(thing: str, public_id: str) -> Upload | None:
    """One file given as an answer about this thing."""
    return db.session.scalar(select(Upload).where(Upload.thing == thing, Upload.public_id == public_id))


def uploads(public_ids: Iterable[str]) -> list[Upload]:
    """The files of these public ids, for a caller who knows that the reader may see them."""
    return list(db.session.scalars(select(Upload).where(Upload.public_id.in_(list(public_ids)))))
