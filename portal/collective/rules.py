"""What may happen to an invitation and to a membership, and who may see and change the Collective."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.rules import is_auditor, is_member, is_organizer, is_self
from portal.core.access import permission, predicate
from portal.core.flow import Flow

INVITATION = Flow(
    "collective_invitation",
    initial="sent",
    accept=({"sent"}, "accepted"),
    decline=({"sent"}, "declined"),
    expire=({"sent"}, "expired"),
    revoke=({"sent"}, "revoked"),
    send_again=({"sent", "declined", "expired", "revoked"}, "sent"),
)
MEMBER = Flow(
    "member",
    initial="active",
    go_on_leave=({"active"}, "on leave"),
    come_back=({"on leave"}, "active"),
    become_emeritus=({"active", "on leave"}, "emeritus"),
    remove=({"active", "on leave", "emeritus"}, "removed"),
    reinstate=({"removed"}, "active"),
)
VISIBILITY = ("members", "public")  # who may read a member's profile; the member decides, the cautious one first
STAYING = ("active", "on leave", "emeritus")  # still in the Collective

INVITATION_NAMES = {
    "sent": _l("Invited, no answer yet"),
    "accepted": _l("Joined"),
    "declined": _l("Said no"),
    "expired": _l("Expired"),
    "revoked": _l("Taken back"),
}
MEMBER_NAMES = {
    "active": _l("Active"),
    "on leave": _l("On leave"),
    "emeritus": _l("Emeritus"),
    "removed": _l("Removed"),
}
MEMBER_VERBS = {
    "go_on_leave": _l("Put on leave"),
    "come_back": _l("Make active again"),
    "become_emeritus": _l("Make emeritus"),
    "remove": _l("Remove"),
    "reinstate": _l("Take back in"),
}


@predicate(_l("You are no longer a member of the Teacher Leader Collective."))
def still_belongs(_person: Any, member: Any) -> bool:
    return member is not None and member.state in STAYING


SEE = permission("collective.see", is_member | is_organizer | is_auditor)
EDIT_OWN = permission("collective.edit_own", is_self & still_belongs)
MANAGE = permission("collective.manage", is_organizer)
