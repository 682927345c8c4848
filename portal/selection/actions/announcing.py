"""The announcement: letters drafted, edited and previewed, then everything told in one act."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from portal.core import audit, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.db import db, sweep
from portal.core.errors import Mistaken, Overtaken
from portal.core.i18n import LANGUAGES
from portal.core.moves import move
from portal.core.once import insert_once
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
    sent = outbox.put_all(letters(announcement), hold=announcement.hold_letters)
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


def letters(announcement: Announcement, *, first: int = 0, most: int | None = None) -> Iterable[Letter]:
    """The letters of the announcement as they would be sent now, nominees' before nominators': all, or at most so many
    from `first` on (counted from 0). Also the rehearsal's list of who gets what.
    """
    nominees = _part(queries.to_nominees(announcement.cycle_id), first, most)
    yield from (_to_nominee(announcement, *row) for row in nominees)
    if most is not None and len(nominees) == most:
        return
    before = queries.count_letters(announcement.cycle_id)[0] if first else 0
    most = None if most is None else most - len(nominees)
    nominators = _part(queries.to_nominators(announcement.cycle_id), max(0, first - before), most)
    yield from (_to_nominator(announcement, *row) for row in nominators)


def first_letter(announcement: Announcement, text: LetterText) -> Letter | None:
    """The first letter in these words, None when nobody gets one."""
    if text.kind == "nominator":
        row = _part(queries.to_nominators(announcement.cycle_id, text.locale), 0, 1)
        return _to_nominator(announcement, *row[0]) if row else None
    row = _part(queries.to_nominees(announcement.cycle_id, text.locale, wins=text.kind == "winner"), 0, 1)
    return _to_nominee(announcement, *row[0]) if row else None


def _part(query: Any, first: int, most: int | None) -> Sequence[Any]:
    return db.session.execute(query.offset(first or None).limit(most)).all()


def _to_nominee(announcement: Announcement, decision: Decision) -> Letter:
    kind = "winner" if decision.outcome == "winner" else "rest"
    text, cycle = _words(announcement, kind, decision.file.locale), announcement.cycle
    return mail.nominee_letter(text, decision, cycle, cycle.program)


def _to_nominator(announcement: Announcement, decision: Decision, nomination: Nomination) -> Letter:
    text, cycle = _words(announcement, "nominator", nomination.locale), announcement.cycle
    return mail.nominator_letter(text, decision, nomination, cycle, cycle.program)


def _words(announcement: Announcement, kind: str, locale: str) -> LetterText:
    locale = locale if locale in LANGUAGES else "en"
    return next(t for t in announcement.texts if (t.kind, t.locale) == (kind, locale))


__all__ = ["announce", "draft", "edit_text", "first_letter", "hold", "letters", "release_letters"]
