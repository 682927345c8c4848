"""What we write to nominators: the receipt that proves their address, a reminder of it, a link to finish later."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from portal.core import audit, clock, links, tokens
from portal.core.i18n import pick
from portal.core.outbox import Letter
from portal.nominations.models import Nomination
from portal.nominations.rules.nominate import family_is_not_enough, form_settings, nominations_window, relation_of

OPEN = "nominations_public.open_link"
CONFIRM = "nominations_public.confirm_link"
SECOND = "nominations_public.second"
SEND_AGAIN = timedelta(minutes=10)  # asked for twice within this time, a letter goes out once


def _letter(template: str, nomination: Nomination, to: str, key: str, **context: Any) -> Letter:
    program = nomination.cycle.program
    window = nominations_window(nomination.cycle)
    with force_locale(nomination.locale):
        closes = clock.when(window.closes_at, ZoneInfo(program.time_zone)) if window else ""
    name = nomination.answers.get("educator") or nomination.educator_name
    shared = {"program_name": pick(program.name, nomination.locale), "educator": name[:120], "closes": closes}
    return Letter(
        template=f"nominations/{template}",
        to=to,
        key=f"{key}:{nomination.public_id}",
        locale=nomination.locale,
        context={**shared, **context},
        program_id=nomination.program_id,
        about=audit.name_of(nomination),
    )


def _round_key(address: str) -> str:
    """Tells a second letter to another address, or after a while, from one sent twice by accident."""
    slot = int(clock.now().timestamp() // SEND_AGAIN.total_seconds())
    return f"{tokens.digest(address)[:12]}:{slot}"


def finish_later(draft: Nomination, address: str, link: links.Link) -> Letter:
    """The link to go on with a draft on any device."""
    key = f"nomination-later:{_round_key(address)}"
    return _letter("finish_later", draft, address, key, link=links.reference(OPEN, link))


def receipt(
    nomination: Nomination, proof: links.Link, own: links.Link, second: links.Link | None = None, *, again: bool = False
) -> Letter:
    """Thanks, the link that proves the address, and the one to change or withdraw. `second`: to pass on to a seconder;
    `again`: asked for once more.
    """
    to = nomination.nominator_email
    settings = form_settings(nomination.cycle.program)
    relation = relation_of(nomination.cycle.program, nomination.relation)
    key = f"nomination-receipt:{_round_key(to)}" if again else f"nomination-receipt:{tokens.digest(to)[:12]}"
    return _letter(
        "receipt",
        nomination,
        to,
        key,
        name=nomination.nominator_name[:120],
        child=nomination.child_name,
        code=nomination.receipt,
        seconders=settings.self_needs_seconders if nomination.relation_group == "self" else 0,
        second=links.reference(SECOND, second) if second else "",
        family_alone=family_is_not_enough(nomination.cycle.program, relation),
        days=settings.confirm_within_days,
        confirm=links.reference(CONFIRM, proof),
        link=links.reference(OPEN, own),
    )


def nominated_before(draft: Nomination, first: Nomination, own: links.Link | None, *, again: bool = False) -> Letter:
    """To somebody whose address nominated the same educator already: the link to what they sent first, if it may be."""
    key = "nomination-before" + (f":{_round_key(first.nominator_email)}" if again else f":{first.public_id}")
    link = links.reference(OPEN, own) if own else ""
    return _letter("nominated_before", draft, first.nominator_email, key, code=draft.receipt, link=link)


def proof_reminder(nomination: Nomination, proof: links.Link, own: links.Link) -> Letter:
    """The one reminder to prove the address."""
    references = {"confirm": links.reference(CONFIRM, proof), "link": links.reference(OPEN, own)}
    return _letter(
        "proof_reminder",
        nomination,
        nomination.nominator_email,
        "nomination-reminder",
        name=nomination.nominator_name[:120],
        code=nomination.receipt,
        **references,
    )


def withdrawn(nomination: Nomination) -> Letter:
    """That a nomination was withdrawn, to a proven address."""
    return _letter("withdrawn", nomination, nomination.nominator_email, "nomination-withdrawn", code=nomination.receipt)


def address_corrected(nomination: Nomination) -> Letter:
    """To an address that staff wrote in the place of one that letters came back from. It holds no link: nobody opens by
    it what somebody else has proven.
    """
    return _letter(
        "address_corrected",
        nomination,
        nomination.nominator_email,
        f"nomination-address:{tokens.new_public_id()}",
        name=nomination.nominator_name[:120],
        code=nomination.receipt,
    )
