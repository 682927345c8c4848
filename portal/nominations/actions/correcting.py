"""Staff put a nominator's mistyped address right; what follows stands in `rules.nominate.CORRECTIONS`."""

from typing import Any

from flask_babel import gettext as _

from portal.core import audit, links, outbox
from portal.core.access import demand
from portal.core.clock import now
from portal.core.errors import Mistaken
from portal.core.forms import is_address
from portal.nominations.actions import matching, nominate
from portal.nominations.actions.drafts import OPEN_LINK
from portal.nominations.fairplay import the_same_box
from portal.nominations.mail import nominator as mail
from portal.nominations.models import Nomination
from portal.nominations.queries import nomination as reads
from portal.nominations.rules.nominate import CORRECT_NOMINATOR


def correct_nominator(by: Any, sent: Nomination, address: str) -> None:
    """Writes the right address of who nominated; `sent` is locked by the caller (`drafts.locked`).

    Every link that was mailed to the old one dies. Whoever typed the new one says that letters may go there.
    """
    demand(by, CORRECT_NOMINATOR, sent)
    if not is_address(address):
        raise Mistaken(_("Write the whole address, such as name@example.org."))
    before = sent.nominator_email
    if address == before:
        raise Mistaken(_("This address stands there already. Is it right? Then send the letter again."))
    if the_same_box(address) == the_same_box(by.email):  # it would open the nomination to whoever typed it
        raise Mistaken(
            _(
                "This is your own address, and staff never write in somebody’s name. Is the nomination yours? Then a"
                " colleague corrects it."
            )
        )
    matching.lock(sent.cycle)
    _demand_single(sent, address)
    links.revoke((nominate.PROOF_LINK, OPEN_LINK), sent.id)
    outbox.follow(audit.name_of(sent), before, address)
    outbox.let_through(address)
    sent.nominator_email, sent.looked_at = address, None  # fair play looks at it as it is now
    if "email" in sent.answers:
        sent.answers = {**sent.answers, "email": address}
    facts = {"address": audit.seal(address), "before": audit.seal(before)}
    audit.record(by, "nomination.address_corrected", sent, None, **facts)
    if sent.state == "submitted":
        sent.reminded_at = now()  # this letter takes the place of the reminder
        nominate.prove_anew(sent)
    else:
        sent.address_by_staff = True
        outbox.put(mail.address_corrected(sent))


def _demand_single(sent: Nomination, address: str) -> None:
    """One person counts once for an educator, by whatever way the address came."""
    twin = reads.first_of(sent.file_id, address, sent) if sent.file_id is not None else None
    if twin is not None:
        raise Mistaken(
            _(
                "This address has nominated %(name)s already, and one person counts once. If both are by the same"
                " person, set this one aside; else ask for their own address.",
                name=twin.educator_name,
            )
        )
