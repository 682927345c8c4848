"""The header's links: for visitors, and for each role somebody holds. No queries: it is built on every page."""

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from portal.core import shell
from portal.core.access import may
from portal.programs.models import Cycle, Program
from portal.programs.rules import FOUND

Link = tuple[str, str, tuple[str, ...]]  # label, address, the endpoints (or blueprints) it stands for

# Which pages a link of the header stands for, by blueprint.
AREAS = {
    "desk": ("desk.desk", "silent", "picture", "programs", "questions", "schools", "school_imports"),
    "files": ("nominations_organizer", "nominations_letters", "nominations_imports", "nominations_import_steps"),
    "panel": ("review.panel", "review.plan", "review.panel_files", "review.seat"),
    "my_files": ("review.my_files", "review.score_sheet", "review.recuse_page", "review.look_through"),
    "results": ("selection",),
    "convening": ("convenings",),
    "collective": ("collective",),
    "people": ("people",),
    "mail": ("mail",),
    "history": ("history",),
    "programs": ("desk.programs_page",),
}


def known(endpoint: str, **values: Any) -> str:
    """The address of an endpoint, or "" while no package offers it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def public_links(program: Program) -> list[Link]:
    """Winners, convening, questions."""
    slug = program.slug
    return [
        (_("Winners"), known("winners.winners", slug=slug), ("winners",)),
        (_("Convening"), known("convenings.current", slug=slug), ("convenings",)),
        (_("Questions"), f"{home}#questions" if (home := known("site.program", slug=slug)) else "", ()),
    ]


def role_links(person: Any, program: Program) -> list[Link]:
    """The desk, then each role's places once."""
    slug = program.slug

    def holds(*names: str) -> bool:
        return bool(
            person.holds(names, program)
            or any(r.name in names and r.program_id == program.id for r in person.roles if r.holds_now())
        )

    several = len({r.program_id for r in person.roles if r.holds_now() and r.program_id}) > 1
    staff, leads = holds("organizer"), holds("chair")
    reads = (leads or holds("reviewer")) and any(r.reads for r in person.roles if r.holds_now())
    wanted = (
        (True, _("Desk"), known("desk.desk", program=slug), "desk"),
        (staff or holds("auditor"), _("Files"), known("desk.go", slug=slug, place="files"), "files"),
        (reads, _("My files"), known("review.my_files"), "my_files"),
        (staff or leads, _("Panel"), known("desk.go", slug=slug, place="panel"), "panel"),
        (staff or leads, _("Results"), known("desk.go", slug=slug, place="results"), "results"),
        (holds("member") and not staff, _("Collective"), known("collective.directory", slug=slug), "collective"),
        (staff or holds("member"), _("Convening"), known("desk.go", slug=slug, place="convening"), "convening"),
        (staff, _("People"), known("people.people", slug=slug), "people"),
        (staff, _("Mail"), known("mail.outbox", program=slug), "mail"),
        (holds("auditor") and not staff, _("History"), known("history.history", program=slug), "history"),
        (several, _("My programs"), known("desk.programs_page"), "programs"),
    )
    return [(label, url, AREAS[area]) for shown, label, url, area in wanted if shown]


def more_links(person: Any, program: Program, cycle: Cycle | None) -> list[tuple[str, str]]:
    """What an organizer finds at the foot of the desk: places that are not needed every day.

    `cycle` is the one that runs, else the newest draft.
    """
    slug = program.slug
    if not person.holds("organizer", program):
        return []
    running = cycle if cycle is not None and cycle.state == "published" else None
    places = [
        (_("The program and its year"), known("programs.year", public_id=cycle.public_id) if cycle else ""),
        (_("Questions of the form"), known("questions.form_page", slug=slug, purpose="nomination")),
        (
            _("Notes of the staff"),
            known("nominations_organizer.notes_page", public_id=cycle.public_id) if cycle else "",
        ),
        (_("Import nominations"), known("nominations_imports.imports", public_id=running.public_id) if running else ""),
        (_("Schools and districts"), known("schools.directory", slug=slug)),
        (_("The Collective"), known("collective.directory", slug=slug)),
        (_("History"), known("history.history", program=slug)),
        (_("The public page"), known("site.program", slug=slug)),
        (_("Another program"), known("programs.new") if may(person, FOUND) else ""),
    ]
    return [(label, url) for label, url in places if url]


@shell.navigation
def build(person: Any, program: Any) -> list[dict[str, Any]]:
    """The links of this page: a role's places for who has one here, else what visitors look for."""
    if program is None:
        links = [(_("Desk"), known("desk.desk"), AREAS["desk"])] if person is not None else []
    elif person is not None and any(r.program_id == program.id and r.holds_now() for r in person.roles):
        links = role_links(person, program)
    else:
        links = public_links(program)
    return [{"label": label, "url": url, "current": _is_here(url, areas)} for label, url, areas in links if url]


def _is_here(url: str, areas: tuple[str, ...]) -> bool:
    endpoint = request.endpoint or ""
    return request.path == url or endpoint in areas or endpoint.partition(".")[0] in areas
