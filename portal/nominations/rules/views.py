"""Who may keep and change saved views of a list. Pure.

Whoever may see a list keeps views of it. A private view is its owner's alone; a shared one is the staff's: every
organizer may change, unshare or delete it. Only organizers share.
"""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_auditor, is_organizer
from portal.core.access import permission, predicate
from portal.core.names import fold

FILES = "files"  # the list of nominee files, among the lists that have views
MOST_VIEWS = 30  # of one person, for one list of a program
LONGEST_NAME = 60


@predicate(_l("This view is somebody else’s."))
def owns_view(person: Any, view: Any) -> bool:
    return person is not None and view.owner_id == person.id


@predicate(_l("This view is not shared."))
def view_is_shared(_person: Any, view: Any) -> bool:
    return bool(view.shared)


KEEP_VIEWS = permission("nominations.keep_views", is_organizer | is_auditor)
SHARE_VIEWS = permission("nominations.share_views", is_organizer)
CHANGE_VIEW = permission(
    "nominations.change_view", ((is_organizer | is_auditor) & owns_view) | (is_organizer & view_is_shared)
)


def means(text: str, names: Collection[str], found_by: Sequence[str], address: str, *, search: bool) -> list[str]:
    """The words by which a text means somebody of these folded names and address: one of them whole, or only words of
    what they are found by, one of which is of a name (in a `search`, parts of words too). [] when it does not.
    """
    words = fold(text).split()
    for whole in (*names, address):
        if whole and set(whole.split()) <= set(words):
            return whole.split()

    def within(word: str, told: str) -> bool:
        return word in (told if search else told.split())

    named = any(within(word, each) for word in words for each in (*names, address))
    return words if named and any(all(within(word, each) for word in words) for each in (*found_by, address)) else []
