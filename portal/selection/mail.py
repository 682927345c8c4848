"""What we write to a panel that votes on a tie, and when the winners are announced: to winners, the rest, nominators.

The announcement's letters are in words that staff may edit.
Staff write plain paragraphs with placeholders in braces. Only those listed are known; nothing else is looked up.
"""

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.core import audit
from portal.core.i18n import pick
from portal.core.outbox import Letter, address
from portal.core.placeholders import fill, unknown_in
from portal.nominations.models import Nomination
from portal.programs.models import Cycle, Program
from portal.selection.models import Decision, LetterText, TieVote
from portal.selection.rules import LETTER_TEMPLATE

PLACEHOLDERS = {
    "winner": ("name", "program", "cycle", "school"),
    "rest": ("name", "program", "cycle", "school"),
    "nominator": ("nominator", "name", "program", "cycle", "winners_page"),
}


def default_words(kind: str, locale: str) -> tuple[str, str]:
    """Subject and body to begin with, in the language."""
    with force_locale(locale):
        words = {
            "winner": (
                _("You are honored: %(program)s", program="{program} {cycle}"),
                _("Dear {name},")
                + "\n\n"
                + _("It is a joy to tell you that you are one of the educators whom {program} honors in {cycle}.")
                + "\n\n"
                + _(
                    "People who know your work wrote about it, and a panel of educators read every word. We will write "
                    "again within a week about the award, the celebration and the Teacher Leader Collective."
                )
                + "\n\n"
                + _("Congratulations to you and to everybody at {school}."),
            ),
            "rest": (
                _("News from %(program)s", program="{program}"),
                _("Dear {name},")
                + "\n\n"
                + _("Thank you for letting a panel read about your work. This year the award goes to others.")
                + "\n\n"
                + _(
                    "That takes nothing from what people wrote about you. They wrote because you matter to them, and "
                    "we hope that this stays with you. You may be nominated again in any later year."
                ),
            ),
            "nominator": (
                _("Thank you for writing about {name}"),
                _("Dear {nominator},")
                + "\n\n"
                + _("The educators whom {program} honors in {cycle} are announced. You can read who they are here:")
                + "\n\n{winners_page}\n\n"
                + _("Whatever the outcome, {name} was seen because you took the time to write. Thank you."),
            ),
        }
    return words[kind]


def unknown_placeholders(kind: str, text: str) -> list[str]:
    """What stands in braces and this kind of letter does not know, as written."""
    return unknown_in(text, PLACEHOLDERS[kind])


def _letter(text: LetterText, to: str, key: str, values: dict[str, str], program: Program, about: Any) -> Letter:
    body = fill(text.body, values)
    return Letter(
        template=LETTER_TEMPLATE,
        to=to,
        key=key,
        locale=text.locale,
        program_id=program.id,
        about=audit.name_of(about),
        context={
            "program_name": pick(program.name, text.locale),
            "kind": text.kind,
            "subject_line": fill(text.subject, values),
            "paragraphs": [p.strip() for p in body.split("\n\n") if p.strip()],
        },
    )


def _common(program: Program, cycle: Cycle, locale: str, name: str) -> dict[str, str]:
    return {"program": pick(program.name, locale), "cycle": cycle.name, "name": name}


def nominee_letter(text: LetterText, decision: Decision, cycle: Cycle, program: Program) -> Letter:
    """To a nominee: honored, or not this year."""
    file = decision.file
    values = {**_common(program, cycle, text.locale, file.name), "school": file.school_name or _school(text.locale)}
    return _letter(text, file.email, f"announcement:{decision.public_id}", values, program, decision)


def nominator_letter(
    text: LetterText, decision: Decision, nomination: Nomination, cycle: Cycle, program: Program
) -> Letter:
    """To somebody who nominated: thanks, and where the winners stand. It does not say what became of their nominee."""
    values = {
        **_common(program, cycle, text.locale, decision.file.name),
        "nominator": nomination.nominator_name or _friend(text.locale),
        "winners_page": address("winners.winners", slug=program.slug),
    }
    key = f"announcement:{nomination.public_id}"
    return _letter(text, nomination.nominator_email, key, values, program, nomination)


def vote_opened(vote: TieVote, person: Person) -> Letter:
    """Asks a panelist to rank the tied files. It names no file: letters are read on shared screens."""
    program = vote.program
    return Letter(
        template="selection/vote_opened",
        to=person.email,
        key=f"tie-vote:{vote.public_id}:{person.public_id}:{int(vote.opened_at.timestamp())}",
        locale=person.locale,
        program_id=vote.program_id,
        about=audit.name_of(vote),
        context={
            "program_name": pick(program.name, person.locale),
            "name": person.name,
            "round": pick(vote.round.name, person.locale),
            "url": address("selection.ballot", public_id=vote.public_id),
        },
    )


def sample(text: LetterText, announcement: Any) -> Letter:
    """The letter with invented values, for a preview before anybody is decided."""
    program, cycle = announcement.program, announcement.cycle
    values = {
        **_common(program, cycle, text.locale, "Marisol Rivera"),
        "school": "Cascade Elementary",
        "nominator": "Inés Rivera",
        "winners_page": address("winners.winners", slug=program.slug),
    }
    return _letter(text, "", "", values, program, announcement)


def _school(locale: str) -> str:
    with force_locale(locale):
        return _("your school")


def _friend(locale: str) -> str:
    with force_locale(locale):
        return _("friend")
