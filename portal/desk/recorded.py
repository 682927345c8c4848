"""An entry of the record in words: who did what to which thing, by its name where the record's readers know it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.accounts.rules import ROLE_NAMES
from portal.core import delivery
from portal.core.audit import AuditEntry
from portal.desk.words import VERBS
from portal.nominations import timeline
from portal.nominations.actions.bulk_acts import ACTS
from portal.nominations.rules.files import GROUP_NAMES

# What a thing of the record is, by the word before its id.
THINGS: dict[str, Any] = {
    "announcement": _l("Announcement"),
    "assignment": _l("Assignment"),
    "assignment_plan": _l("Plan of assignments"),
    "block": _l("Block of the agenda"),
    "bulk": _l("Act on many files"),
    "collective_invitation": _l("Invitation to the Collective"),
    "conflict": _l("Conflict of interest"),
    "convening": _l("Convening"),
    "correction": _l("Correction"),
    "cycle": _l("Year"),
    "decision": _l("Decision"),
    "file": _l("Nominee file"),
    "form": _l("Form"),
    "importrun": _l("Import"),
    "lettertext": _l("Letter of the announcement"),
    "member": _l("Member"),
    "message": _l("Letter"),
    "nomination": _l("Nomination"),
    "note": _l("Note"),
    "pair": _l("Two files"),
    "panel": _l("Panel"),
    "person": _l("Person"),
    "presenter": _l("Presenter"),
    "program": _l("Program"),
    "proposal": _l("Session proposal"),
    "ranking": _l("Ranking"),
    "review": _l("Review"),
    "role_invitation": _l("Invitation to a role"),
    "room": _l("Room"),
    "round": _l("Round"),
    "rubric": _l("Rubric"),
    "school": _l("School"),
    "schoolimport": _l("Import of schools"),
    "seat": _l("Seat of the panel"),
    "session": _l("Session"),
    "tie": _l("Tie"),
    "view": _l("View of the files"),
}
# Facts that name a thing, and of which kind it is.
THINGS_IN_FACTS = {
    "file": "file",
    "other": "file",
    "nomination": "nomination",
    "first": "nomination",
    "school": "school",
}
# What else is said beside an entry. A fact that is not here is for whoever verifies the record, not for its readers.
FACTS: dict[str, Any] = {
    "act": _l("Act"),
    "answer": _l("Answer"),
    "changed": _l("Changed"),
    "cycle": _l("Year"),
    "done": _l("Done"),
    "entered": _l("Entered"),
    "files": _l("Files"),
    "group": _l("Group"),
    "kind": _l("Kind"),
    "left_out": _l("Left out"),
    "letters": _l("Letters"),
    "line": _l("Row"),
    "new": _l("New"),
    "nominations": _l("Nominations"),
    "places": _l("Places"),
    "refused": _l("Refused"),
    "reviews": _l("Reviews"),
    "role": _l("Role"),
    "rows": _l("Rows"),
    "skipped": _l("Skipped"),
    "taken_back": _l("Taken back"),
    "told": _l("Told"),
    "version": _l("Version"),
    "visibility": _l("Seen by"),
    "winners": _l("Winners"),
}
# Words of facts, by the fact.
VALUES: dict[str, Mapping[str, Any]] = {
    "act": {name: act.label for name, act in ACTS.items()},
    "answer": {"accepted": _l("Said yes"), "declined": _l("Said no"), "erased": _l("Erased")},
    "changed": timeline.PARTS,
    "group": GROUP_NAMES,
    "kind": {
        **{kind: words.what for kind, words in delivery.KINDS.items()},
        "chair": _l("Chair"),
        "reviewer": _l("Reviewer"),
    },
    "role": ROLE_NAMES,
    "visibility": {"private": _l("Nobody"), "members": _l("Members"), "public": _l("Everybody")},
}
# Facts of these say who is ahead: the record keeps them, the page does not show them.
SILENT = ("decision", "correction.", "ranking.", "tie.", "review.", "score.")


class Row(NamedTuple):
    """An entry as the history page shows it. `name`: the thing's own, "" where it has none or it is not told here."""

    entry: AuditEntry
    text: Any
    who: str
    facts: str
    kind: Any
    name: str


def verb(written: str) -> Any:
    """The verb in words."""
    return VERBS.get(written) or written.replace(".", ": ").replace("_", " ")


def kind(thing: str) -> Any:
    """What the thing is."""
    word = thing.partition(":")[0]
    return THINGS.get(word) or word.replace("_", " ")


def actor(written: str, names: Mapping[str, str]) -> str:
    """Who acted: a name, or what kind of hand it was."""
    if written.startswith("person:"):
        return names.get(written) or _("Somebody who is no longer here")
    return timeline.hand(written) or written


def things_in(found: AuditEntry) -> list[str]:
    """Everything in an entry that may have a name: who, what, and what its facts refer to."""
    facts = [f"{THINGS_IN_FACTS[key]}:{value}" for key, value in found.facts.items() if key in THINGS_IN_FACTS]
    return [found.actor, found.thing, *([] if found.verb.startswith(SILENT) else facts)]


def entry(found: AuditEntry, names: Mapping[str, str]) -> Row:
    """One entry in words; facts as "word: value", without hashes, ids and what tells who is ahead."""
    name = names.get(found.thing, "")
    facts = {} if found.verb.startswith(SILENT) else found.facts
    told = [_fact(key, value, names, name) for key, value in sorted(facts.items()) if value]
    shown = "; ".join(each for each in told if each)
    return Row(found, verb(found.verb), actor(found.actor, names), shown, kind(found.thing), name)


def _fact(key: str, value: Any, names: Mapping[str, str], told: str) -> str:
    """ "Files: 3"; "" for what is no reader's, and for a name that stands in the line already."""
    if key in THINGS_IN_FACTS:
        thing = f"{THINGS_IN_FACTS[key]}:{value}"
        name = names.get(thing, "")
        return f"{kind(thing)}: {name}" if name and name != told else ""
    if key not in FACTS:
        return ""
    words = VALUES.get(key, {})
    said = [str(words.get(each, each)) for each in (value if isinstance(value, list) else [value])]
    return f"{FACTS[key]}: {', '.join(said)}"
