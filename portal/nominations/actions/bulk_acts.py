"""The acts that can be done to many files at once, as data: each through the action that does it to one.

A further act is one entry in `ACTS`: to which files it can be done (`rules.bulk`), do, undo, and its words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.db import db
from portal.core.i18n import ngettext
from portal.nominations.actions import consent, files
from portal.nominations.models import NomineeFile
from portal.nominations.rules import bulk as rules
from portal.nominations.rules.consent import SEND_LETTERS
from portal.nominations.rules.files import MANAGE_FILES
from portal.programs.models import Cycle, District

Files = Sequence[NomineeFile]


@dataclass(frozen=True)
class Task:
    """What an act needs beyond its files. `before`: by file, what stood there (when it is taken back)."""

    cycle: Cycle
    given: Mapping[str, Any]
    until: datetime | None = None  # letters wait until then
    facts: Mapping[str, Any] = field(default_factory=dict)  # for the record
    before: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """One act. `do` and `undo` tell which files they changed; whatever stands differently by then they leave alone."""

    name: str
    label: Any
    why_not: Callable[[rules.Seen], str]  # a key of `rules.bulk.WHY`, "" when it can be done
    do: Callable[[Any, Files, Task], list[NomineeFile]]
    undo: Callable[[Any, Files, Task], list[NomineeFile]]
    will: Callable[[int], str]
    did: Callable[[int], str]
    seen: tuple[str, ...]  # columns: a file in which one has changed since the preview is skipped
    left: tuple[str, ...]  # columns: a file in which one has changed since it was done is not taken back
    permission: str = MANAGE_FILES
    asks: str = ""  # what has to be said before: "reason" or "district"
    letters: bool = False
    kept: str = "changed"  # why it could not be taken back, when the file itself is as it was left
    before: Callable[[NomineeFile], dict[str, Any]] = lambda _file: {}


PERSON = ("name", "school_id", "school_name", "position_key", "email", "joined_into_id", "withdrawn_at")
ASKED = ("consent", "asked_at", "reminded_at", "email", "joined_into_id", "withdrawn_at")
SCREENED = ("screening", "screening_reason", "screened_at", "joined_into_id")


def _find(eligible: bool) -> Callable[[Any, Files, Task], list[NomineeFile]]:
    def do(by: Any, some: Files, task: Task) -> list[NomineeFile]:
        said = {"reason": task.given.get("reason", ""), "rules": task.given.get("rules", [])}
        return files.screen_all(by, some, eligible=eligible, **said, **task.facts)

    return do


def _unscreen(by: Any, some: Files, task: Task) -> list[NomineeFile]:
    return files.take_back_screenings(by, some, **task.facts)


def _decision(file: NomineeFile) -> dict[str, Any]:
    return {"screening": file.screening, "reason": file.screening_reason}


def _put_back(by: Any, some: Files, task: Task) -> list[NomineeFile]:
    for file in some:
        files.put_back_screening(by, file, task.before[file.id]["screening"], task.before[file.id]["reason"])
    return list(some)


def _ask(by: Any, some: Files, task: Task) -> list[NomineeFile]:
    return consent.ask_all(by, task.cycle, some, not_before=task.until, **task.facts)


def _unask(by: Any, some: Files, task: Task) -> list[NomineeFile]:
    return consent.call_back(by, task.cycle, some, **task.facts)


def _remind(by: Any, some: Files, task: Task) -> list[NomineeFile]:
    return consent.remind_all(by, task.cycle, some, not_before=task.until, **task.facts)


def _unremind(by: Any, some: Files, task: Task) -> list[NomineeFile]:
    return consent.call_back_reminders(by, task.cycle, some, **task.facts)


def _place(by: Any, some: Files, task: Task) -> list[NomineeFile]:
    return files.set_district(by, some, _district(task.given.get("district")), **task.facts)


def _put_districts_back(by: Any, some: Files, task: Task) -> list[NomineeFile]:
    changed = []
    for number in {task.before[file.id]["district"] for file in some}:
        theirs = [file for file in some if task.before[file.id]["district"] == number]
        changed += files.set_district(by, theirs, _district(number), **task.facts)
    return changed


def _district(number: int | None) -> District | None:
    return db.session.get_one(District, number) if number else None


_ALL = (
    Act(
        "ask",
        _l("Write to the nominees"),
        rules.why_not_ask,
        _ask,
        _unask,
        lambda n: ngettext("One nominee will be asked", "%(num)s nominees will be asked", n),
        lambda n: ngettext("One nominee was asked", "%(num)s nominees were asked", n),
        seen=(*PERSON, "consent", "screening"),
        left=ASKED,
        permission=SEND_LETTERS,
        letters=True,
        kept="left",
    ),
    Act(
        "remind",
        _l("Send the reminder"),
        rules.why_not_remind,
        _remind,
        _unremind,
        lambda n: ngettext("One nominee will be reminded", "%(num)s nominees will be reminded", n),
        lambda n: ngettext("One nominee was reminded", "%(num)s nominees were reminded", n),
        seen=ASKED,
        left=ASKED,
        permission=SEND_LETTERS,
        letters=True,
        kept="left",
    ),
    Act(
        "eligible",
        _l("Screen as eligible"),
        rules.why_not_find_eligible,
        _find(True),
        _unscreen,
        lambda n: ngettext("One nominee will be found eligible", "%(num)s nominees will be found eligible", n),
        lambda n: ngettext("One nominee was found eligible", "%(num)s nominees were found eligible", n),
        seen=(*PERSON, "consent", *SCREENED),
        left=SCREENED,
        kept="panel",
    ),
    Act(
        "ineligible",
        _l("Screen as not eligible"),
        rules.why_not_screen,
        _find(False),
        _unscreen,
        lambda n: ngettext("One nominee will be found not eligible", "%(num)s nominees will be found not eligible", n),
        lambda n: ngettext("One nominee was found not eligible", "%(num)s nominees were found not eligible", n),
        seen=(*PERSON, "consent", *SCREENED),
        left=SCREENED,
        asks="reason",
        kept="panel",
    ),
    Act(
        "unscreen",
        _l("Take the screening back"),
        rules.why_not_take_back,
        _unscreen,
        _put_back,
        lambda n: ngettext("One decision will be taken back", "%(num)s decisions will be taken back", n),
        lambda n: ngettext("One decision was taken back", "%(num)s decisions were taken back", n),
        seen=SCREENED,
        left=SCREENED,
        before=_decision,
    ),
    Act(
        "district",
        _l("Set the district"),
        rules.why_not_set_district,
        _place,
        _put_districts_back,
        lambda n: ngettext("One file will get the district", "%(num)s files will get the district", n),
        lambda n: ngettext("One file got the district", "%(num)s files got the district", n),
        seen=("school_id", "school_name", "district_id", "outside", "joined_into_id"),
        left=("school_id", "school_name", "district_id", "joined_into_id"),
        asks="district",
        before=lambda file: {"district": file.district_id},
    ),
)
ACTS: dict[str, Act] = {act.name: act for act in _ALL}
