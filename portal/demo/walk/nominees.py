"""From the export of a web form to files that a panel can read: import, addresses, letters, answers, screening."""

import contextlib
import io
from typing import Any

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.names import fold
from portal.demo.walk.browser import Unexpected
from portal.demo.walk.way import Figures, Mailed, Way
from portal.nominations import command
from portal.nominations.models import ImportRow, Nomination, NomineeFile
from portal.nominations.queries import consent as consent_queries
from portal.programs.models import Cycle, Program


def cycle_of(way: Way) -> Cycle:
    """The cycle that is walked through (in an application context)."""
    query = select(Cycle).join(Cycle.program).where(Program.slug == way.slug, Cycle.name == way.cycle_name)
    return db.session.scalars(query).one()


def import_export(way: Way) -> Figures:
    """`portal import nominations FILE`, twice: the second time adds nothing."""
    first, second = _import(way), _import(way)
    with way.app.app_context():
        cycle = cycle_of(way)
        way.known["cycle"] = cycle.public_id
        count = select(func.count()).select_from(NomineeFile).where(NomineeFile.cycle_id == cycle.id)
        files = db.session.scalar(count)
        written = db.session.scalar(
            select(func.count()).select_from(Nomination).where(Nomination.cycle_id == cycle.id)
        )
    return {**first, "again": second["entered"], "nominations": written, "files": files}


def _import(way: Way) -> Figures:
    with way.app.app_context(), contextlib.redirect_stdout(io.StringIO()):
        arguments = [str(way.export), "--cycle", way.cycle_name, "--program", way.slug]
        command.nominations.main(arguments, standalone_mode=False)
        run = select(func.max(ImportRow.run_id)).scalar_subquery()
        counted = select(ImportRow.outcome, func.count()).where(ImportRow.run_id == run).group_by(ImportRow.outcome)
        counts = {outcome.replace(" ", "_"): number for outcome, number in db.session.execute(counted)}
        db.session.remove()
    return {"entered": 0, "already_in": 0, "refused": 0, **counts, "rows": sum(counts.values())}


def find_addresses(way: Way) -> Figures:
    """The organizer pastes a list of names, schools and addresses; what fits two files is typed singly."""
    sam = way.browser("organizer")
    queue = f"/cycles/{way.known['cycle']}/addresses"
    wanted = _without_address(way)
    lines = [f"{name}\t{school}\t{address_of(name, number)}" for _id, name, school, number in wanted]
    checked = sam.send(sam.open(queue).form("/addresses/list"), {"list": "\n".join(lines)})
    sam.send(checked.form("/addresses/apply"))
    left = _without_address(way)
    for public_id, name, _school, number in left:
        sam.send(_form_on_queue(way, public_id), {"email": address_of(name, number)})
    return {"pasted": len(wanted) - len(left), "typed": len(left), "missing": len(_without_address(way))}


def _form_on_queue(way: Way, public_id: str) -> Any:
    """The address form of one file, on whichever page of the queue it stands."""
    sam, page_number = way.browser("organizer"), 1
    while True:
        page = sam.open(f"/cycles/{way.known['cycle']}/addresses?page={page_number}")
        found = next((f for f in page.forms if f"/files/{public_id}/address" in f.action), None)
        if found is not None:
            return found
        if f"page={page_number + 1}" not in page.html:
            raise Unexpected(f"the file {public_id} is not in the queue of addresses")
        page_number += 1


def _without_address(way: Way) -> list[tuple[str, str, str, int]]:
    with way.app.app_context():
        waiting = list(db.session.scalars(consent_queries.needing_address(cycle_of(way))))
        return [(f.public_id, f.name, f.school_name, f.id) for f in waiting]


def address_of(name: str, number: int) -> str:
    """An invented address for a nominee: the export's own people have none that is real."""
    plain = "".join(c for c in fold(name).replace(" ", ".") if c.isascii())
    return f"{plain[:40].strip('.') or 'educator'}.{number}@example.org"


def write_to_nominees(way: Way) -> Figures:
    """One button writes to everybody who is ready, after a look at who that is."""
    sam = way.browser("organizer")
    preview = sam.press(f"/cycles/{way.known['cycle']}/letters", "/files/bulk")
    sam.send(preview.form("/do"))
    way.work()
    return {"letters": len(way.letters("nominations/consent_request"))}


def nominees_answer(way: Way) -> Figures:
    """Each nominee opens the link in their letter: most say yes, some no, one is erased, a few are silent."""
    figures = {"accepted": 0, "declined": 0, "erased": 0, "silent": 0}
    for at, letter in enumerate(way.letters("nominations/consent_request")):
        answer = _answer_of(way, at, figures["accepted"])
        if answer == "silent":
            figures[answer] += 1
            continue
        _give(way, letter, answer)
        figures[{"accept": "accepted", "decline": "declined", "erase": "erased"}[answer]] += 1
    return figures


def _answer_of(way: Way, at: int, accepted: int) -> str:
    if at % 11 == 5:
        return "decline"
    if at == 7:
        return "erase"
    if at % 13 == 12 or (way.most_yes is not None and accepted >= way.most_yes):
        return "silent"
    return "accept"


def _give(way: Way, letter: Mailed, answer: str) -> None:
    nominee = way.browser(letter.to)
    page = nominee.open(letter.link("/nominee/"))
    given: dict[str, Any] = {}
    question = nominee.open(page.link(f"/{answer}"))
    if answer == "accept":
        given["true"] = ["worked_last_year", "stays_until_summer", "two_years"]
    nominee.send(question.form(f"/{answer}"), given)


def screen(way: Way) -> Figures:
    """The organizer looks at everybody who said yes: eligible, or not with the reason."""
    sam = way.browser("organizer")
    with way.app.app_context():
        said_yes = select(NomineeFile.public_id).where(
            NomineeFile.cycle_id == cycle_of(way).id, NomineeFile.consent == "accepted"
        )
        files = list(db.session.scalars(said_yes.order_by(NomineeFile.id)))
    figures = {"eligible": 0, "ineligible": 0}
    for public_id in files:
        form = sam.open(f"/files/{public_id}/screen").form("/screen")
        page = sam.send(form, {"decision": "eligible", "reason": ""}, expect=0)
        if page.status == 422:  # the page asks for a reason: nothing known speaks for this nominee
            given = {"decision": "ineligible", "reason": "Asked at the school: not one of this award’s positions."}
            sam.send(page.form("/screen"), given)
            figures["ineligible"] += 1
        else:
            figures["eligible"] += 1
    return figures
