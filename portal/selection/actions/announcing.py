"""The announcement: letters drafted, edited and previewed, then everything told in one act."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.core import audit, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, insert_once, sweep
from portal.core.errors import Mistaken, Overtaken
from portal.core.i18n import LANGUAGES
from portal.core.moves import move
from portal.core.outbox import MESSAGE, Letter, Message
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.actions.cycles import touch
from portal.programs.models import Cycle
from portal.review.queries.files import STANDS
from portal.selection import mail, queries
from portal.selection.models import Announcement, Decision, LetterText
from portal.selection.rules import ANNOUNCEMENT, DECISION, HONORED, LETTER_KINDS


def draft(by: Any, cycle: Cycle) -> Announcement:
    """The cycle's announcement with its texts, made on first need from the default words."""
    demand(by, "selection.see_announcement", cycle)
    found = queries.announcement(cycle.id)
    if found is not None:
        return found
    insert_once(Announcement, ["cycle_id"], program_id=cycle.program_id, cycle_id=cycle.id)
    made = db.session.scalars(select(Announcement).where(Announcement.cycle_id == cycle.id)).one()
    for kind in LETTER_KINDS:
        for locale in LANGUAGES:
            subject, body = mail.default_words(kind, locale)
            insert_once(
                LetterText,
                ["announcement_id", "kind", "locale"],
                announcement_id=made.id,
                kind=kind,
                locale=locale,
                subject=subject,
                body=body,
            )
    db.session.refresh(made)
    return made


def edit_text(by: Any, announcement: Announcement, text: LetterText, subject: str, body: str, revision: int) -> None:
    """Changes the words of one letter. An unknown placeholder is named; a change since the page was opened is told."""
    demand(by, "selection.edit_letters", announcement)
    unknown = mail.unknown_placeholders(text.kind, subject + body)
    if unknown:
        raise Mistaken(_("These placeholders are not known: %(names)s", names=", ".join(sorted(unknown))))
    if not subject.strip() or not body.strip():
        raise Mistaken(_("A letter needs a subject and a text."))
    statement = update(LetterText).where(LetterText.id == text.id, LetterText.revision == revision)
    result: Any = sweep(statement.values(subject=subject.strip(), body=body.strip(), revision=revision + 1))
    db.session.refresh(text)
    if result.rowcount != 1:
        if (text.subject, text.body) == (subject.strip(), body.strip()):
            return  # sent twice
        raise Overtaken(_("Somebody else changed this letter meanwhile. Load the page to see their words."))
    audit.record(by, "letter.edited", announcement, kind=text.kind, locale=text.locale)


def hold(by: Any, announcement: Announcement, held: bool) -> None:
    """Whether the letters wait for a release of their own after the announcement."""
    demand(by, "selection.edit_letters", announcement)
    announcement.hold_letters = held
    audit.record(by, "announcement.letters_held" if held else "announcement.letters_not_held", announcement)


def announce(by: Any, announcement: Announcement) -> int:
    """Announces: every decision becomes public at once and every letter is queued, in one transaction; how many.

    Of two who press at once only one announces; the other is told.
    """
    locked = select(Cycle).where(Cycle.id == announcement.cycle_id).with_for_update()
    cycle = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    demand(by, "selection.announce", announcement)
    _refuse_honors_for_who_left(cycle)
    moment = now()
    changes = {"announced_at": moment, "announced_by_id": by.id}
    move(ANNOUNCEMENT, "announce", announcement, by, changes=changes)
    sweep(
        update(Decision)
        .where(Decision.cycle_id == cycle.id, Decision.state == "confirmed", Decision.file_id.in_(_running(cycle.id)))
        .values(state=DECISION["announce"][1], announced_at=moment)
    )
    cycle.announced_at = moment
    db.session.flush()
    touch(cycle.program_id)  # the public page shows the new winners
    db.session.expire_all()
    sent = 0
    for letter in letters(announcement):
        sent += outbox.put(letter, hold=announcement.hold_letters) is not None
    audit.record(by, "cycle.announced", cycle, letters=sent)
    return sent


def _running(cycle_id: int) -> Any:
    """The files still in the running."""
    return select(NomineeFile.id).where(NomineeFile.cycle_id == cycle_id, *STANDS)


def _refuse_honors_for_who_left(cycle: Cycle) -> None:
    """Nobody is named who withdrew after the decisions were confirmed; who takes the place is decided anew."""
    query = select(Decision.id).where(
        Decision.cycle_id == cycle.id,
        Decision.state == "confirmed",
        Decision.outcome.in_(HONORED),
        Decision.file_id.not_in(_running(cycle.id)),
    )
    if db.session.scalar(query.limit(1)):
        raise Mistaken(
            _(
                "A nominee to be honored has withdrawn since the decisions were confirmed. Take the confirmation back "
                "and decide again."
            )
        )


def release_letters(by: Any, announcement: Announcement) -> int:
    """Lets the held letters of an announcement leave; how many. Pressing twice sends nothing twice."""
    demand(by, "selection.release_letters", announcement)
    statement = update(Message).where(queries.is_letter_of(announcement.cycle_id), Message.state == "held")
    result: Any = sweep(statement.values(state=MESSAGE["release"][1]))
    outbox.send_soon()
    audit.record(by, "announcement.letters_released", announcement, letters=result.rowcount)
    return int(result.rowcount)


def letters(announcement: Announcement) -> Iterable[Letter]:
    """Every letter of the announcement, as it would be sent now: also the rehearsal's list of who gets what."""
    words = {(t.kind, t.locale): t for t in announcement.texts}
    program = announcement.cycle.program
    for decision in _decided(announcement.cycle_id):
        kind = "winner" if decision.outcome == "winner" else "rest"
        file = decision.file
        if file.email:
            yield mail.nominee_letter(words[kind, _known(file.locale)], decision, announcement.cycle, program)
        for nomination in file.nominations:
            if nomination.state == "confirmed" and nomination.nominator_email:
                text = words["nominator", _known(nomination.locale)]
                yield mail.nominator_letter(text, decision, nomination, announcement.cycle, program)


def _known(locale: str) -> str:
    return locale if locale in LANGUAGES else "en"


def _decided(cycle_id: int) -> list[Decision]:
    query = (
        select(Decision)
        .join(NomineeFile, NomineeFile.id == Decision.file_id)
        .where(Decision.cycle_id == cycle_id, Decision.state.in_(("confirmed", "announced")), *STANDS)
        .options(
            joinedload(Decision.file).joinedload(NomineeFile.school),
            joinedload(Decision.file)
            .selectinload(NomineeFile.nominations)
            .load_only(
                Nomination.public_id,
                Nomination.state,
                Nomination.nominator_email,
                Nomination.nominator_name,
                Nomination.locale,
                Nomination.cycle_id,
                Nomination.file_id,
            ),
        )
        .order_by(Decision.outcome.desc(), NomineeFile.name_key)
    )
    return list(db.session.scalars(query))


__all__ = ["announce", "draft", "edit_text", "hold", "letters", "release_letters"]
