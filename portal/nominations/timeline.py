"""What happened to a nominee file, told from its audit entries in sentences for organizers."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.audit import AuditEntry
from portal.core.i18n import pick
from portal.nominations.rules.files import GROUP_NAMES

VERBS: dict[str, Any] = {
    "nomination.submit": _l("A nomination was sent."),
    "nomination.imported": _l("A nomination was imported."),
    "nomination.longer_row": _l("A longer story by the same person took the place of an imported one."),
    "nomination.changed": _l("A nominator changed what they wrote."),
    "nomination.confirm": _l("A nominator's address was confirmed."),
    "nomination.address_corrected": _l("A nominator's address was corrected."),
    "nomination.withdraw": _l("A nomination was taken back."),
    "nomination.mark_spam": _l("A nomination was set aside as spam."),
    "nomination.unmark_spam": _l("A nomination is no longer spam."),
    "nomination.found_honest": _l("A nomination that looked odd was found honest."),
    "nomination.found_aside": _l("A nomination that looked odd was judged not to be honest."),
    "nomination.expire": _l("A nomination ran out without proof of its address."),
    "nomination.resume": _l("A nominator went on with an expired draft."),
    "nomination.repeated": _l("The same person sent a second nomination. The first one stands."),
    "file.address_set": _l("The nominee's address was written down."),
    "file.address_confirmed": _l("The nominee's address was found right; mail goes there again."),
    "consent.ask": _l("The letter to the nominee was sent."),
    "consent.remind": _l("The nominee was reminded."),
    "consent.call_back": _l("The letter was called back before it left."),
    "consent.reminder_called_back": _l("The reminder was called back before it left."),
    "consent.accept": _l("The nominee said yes."),
    "consent.decline": _l("The nominee said no."),
    "consent.erase": _l("The nominee said no and was erased."),
    "consent.told_nominators": _l("The nominators were told the answer."),
    "file.withdrawn": _l("The nominee withdrew."),
    "screening.find_eligible": _l("Found eligible."),
    "screening.find_ineligible": _l("Found not eligible."),
    "screening.take_back": _l("The decision was taken back: to be screened again."),
    "screening.reason": _l("The reason of the screening was changed."),
    "file.corrected": _l("Corrected."),
    "file.school_chosen": _l("The school was found in the directory."),
    "file.school_outside": _l("The school was found to be outside our districts."),
    "file.school_open_again": _l("The school is no longer marked as outside our districts."),
    "file.story_chosen": _l("The story for the panel was chosen."),
    "file.story_cleared": _l("The choice of the story was taken back."),
    "file.joined": _l("Joined with another file."),
    "file.joined_into": _l("Joined into another file."),
    "file.join_undone": _l("The other file stands alone again."),
    "file.stands_alone": _l("Stands alone again."),
    "file.kept_apart": _l("Kept apart from another file with a name like it."),
    "file.apart_undone": _l("No longer kept apart from another file."),
    "file.split": _l("One nomination got a file of its own."),
    "file.made_by_split": _l("Made from one nomination of another file."),
    "note.written": _l("A note was written."),
    "note.edited": _l("A note was changed."),
    "note.deleted": _l("A note was deleted."),
    "note.opened": _l("A note was opened by somebody it tells."),
}

PARTS = {"name": _l("name"), "school": _l("school"), "district": _l("district"), "position": _l("position")}
ACTORS = {
    "system": _l("by itself"),
    "operator": _l("by the operator, on the command line"),
    "nominator": _l("by the nominator"),
    "nominee": _l("by the nominee"),
}


def told(entries: Iterable[tuple[AuditEntry, str]], rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries as `_kit/ui.html`'s `history` reads them; `rules` are the eligibility texts by key.

    The same thing done several times in a row by the same person in one minute is one line that says how often.
    """
    lines: list[dict[str, Any]] = []
    line: dict[str, Any]
    for entry, name in entries:
        line = {"at": entry.at, "text": sentence(entry.verb, entry.facts, rules), "who": name or hand(entry.actor)}
        if lines and _same(lines[-1], line):
            lines[-1]["times"] += 1
        else:
            lines.append({**line, "times": 1})
    for line in lines:
        if line["times"] > 1:
            line["note"] = _("%(num)s times", num=line["times"])
    return lines


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    near = one["at"] - other["at"] < timedelta(minutes=1)
    return bool(near and one["text"] == other["text"] and one["who"] == other["who"])


def sentence(verb: str, facts: Mapping[str, Any], rules: Mapping[str, Any]) -> str:
    """One entry in words. A verb that has no sentence yet is shown as it is, so that nothing is left out."""
    said = str(VERBS.get(verb, verb))
    if verb == "file.corrected" and facts.get("changed"):
        parts = ", ".join(str(PARTS.get(part, part)) for part in facts["changed"])
        return _("Corrected: %(parts)s.", parts=parts)
    if verb == "screening.find_ineligible" and facts.get("rules"):
        unmet = "; ".join(pick(rules.get(key, key)).replace("**", "") for key in facts["rules"])
        return _("Found not eligible. Not met: %(rules)s.", rules=unmet)
    if verb in ("file.story_chosen", "file.story_cleared") and facts.get("group") in GROUP_NAMES:
        return f"{said} ({GROUP_NAMES[facts['group']]})"
    return said


def hand(actor: str) -> str:
    """Who acted when it was no person with an account; "" for those."""
    if actor.startswith("link:"):
        return _("by a mailed link")
    return str(ACTORS.get(actor, ""))
