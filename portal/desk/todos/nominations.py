"""What nominations ask of organizers."""

from flask_babel import gettext as _

from portal.core.i18n import ngettext
from portal.desk.nav import known
from portal.desk.todos.base import Todo
from portal.programs.models import Cycle


def organizer_todos(cycle: Cycle, counts: dict[str, int]) -> list[Todo]:
    """What the nominations of a cycle ask of its organizers; `counts` as `queries.cycle.counts` gives them."""
    makers = {
        "notes": _notes,
        "to_screen": _to_screen,
        "failed": _failed,
        "pairs": _pairs,
        "odd": _odd,
        "ready": _ready,
        "need_address": _addresses,
        "due": _reminders,
        "unlisted": _unlisted,
        "late": _unproven,
    }
    return [make(cycle, counts[name]) for name, make in makers.items() if counts.get(name)]


def _notes(cycle: Cycle, n: int) -> Todo:
    return Todo(
        ngettext("One note of a colleague is for you", "%(num)s notes of colleagues are for you", n),
        known("nominations_organizer.notes_page", public_id=cycle.public_id),
        ngettext("Read it", "Read them", n),
        _("It stands here until you open it."),
        rank=9,
    )


def _to_screen(cycle: Cycle, n: int) -> Todo:
    return Todo(
        ngettext("One nominee waits for screening", "%(num)s nominees wait for screening", n),
        known("nominations_organizer.files", public_id=cycle.public_id, step="screen"),
        ngettext("Screen the file", "Screen %(num)s files", n),
        _("The rules are checked; a person has to say so."),
        rank=10,
    )


def _failed(cycle: Cycle, n: int) -> Todo:
    return Todo(
        ngettext("One letter did not arrive", "%(num)s letters did not arrive", n),
        known("mail.undelivered", program=cycle.program.slug),
        _("See why"),
        _("The address may be wrong. Correct it, or send the letter again."),
        rank=12,
    )


def _pairs(cycle: Cycle, n: int) -> Todo:
    return Todo(
        ngettext("Two files may be one educator", "%(num)s pairs of files may be one educator each", n),
        known("nominations_organizer.likely", public_id=cycle.public_id),
        ngettext("Look at the pair", "Look at %(num)s pairs", n),
        _("Join them before you write to the nominee, so that nobody is asked twice."),
        rank=15,
    )


def _odd(cycle: Cycle, n: int) -> Todo:
    return Todo(
        ngettext("One nomination looks odd", "%(num)s nominations look odd", n),
        known("nominations_organizer.fair_play", public_id=cycle.public_id),
        _("Look and judge"),
        _("They share their words, come from one mailbox, or were sent faster than people write."),
        rank=14,
    )


def _ready(cycle: Cycle, n: int) -> Todo:
    return Todo(
        ngettext("One nominee can be asked", "%(num)s nominees can be asked", n),
        known("nominations_letters.letters", public_id=cycle.public_id),
        ngettext("Read the letter", "Read %(num)s letters", n),
        _("They learn that somebody nominated them, and say yes or no. Nothing goes out until you send it."),
        rank=20,
    )


def _addresses(cycle: Cycle, n: int) -> Todo:
    return Todo(
        ngettext("One nominee has no address", "%(num)s nominees have no address", n),
        known("nominations_letters.addresses", public_id=cycle.public_id),
        ngettext("Find the address", "Find %(num)s addresses", n),
        _("School offices and district directories usually know."),
        rank=22,
    )


def _reminders(cycle: Cycle, n: int) -> Todo:
    return Todo(
        ngettext("One nominee has not answered", "%(num)s nominees have not answered", n),
        known("nominations_letters.letters", public_id=cycle.public_id, list="due"),
        ngettext("Send the reminder", "Send %(num)s reminders", n),
        _("Each address gets only one reminder."),
        rank=24,
    )


def _unlisted(cycle: Cycle, n: int) -> Todo:
    return Todo(
        ngettext("One file names a school we do not know", "%(num)s files name a school we do not know", n),
        known("nominations_organizer.unlisted", public_id=cycle.public_id),
        _("Say which school it is"),
        _("The nearest schools are suggested. One answer settles every file that names the school alike."),
        rank=26,
    )


def _unproven(cycle: Cycle, n: int) -> Todo:
    return Todo(
        ngettext("One nomination still waits for a click", "%(num)s nominations still wait for a click", n),
        known("nominations_organizer.files", public_id=cycle.public_id),
        _("See the files"),
        _("The nominator has not proven their address. If you know them, you can confirm it."),
        rank=40,
    )


def quiet_todo(cycle: Cycle, district: str, heard: int, total: int) -> Todo:
    """A district that is much quieter than the others, while nominations are open."""
    return Todo(
        _("%(district)s is quiet", district=district),
        known("silent.schools", public_id=cycle.public_id),
        _("List the silent schools"),
        ngettext(
            "%(heard)s of one school has been heard from.",
            "%(heard)s of %(num)s schools have been heard from.",
            total,
            heard=heard,
        ),
        rank=60,
    )
