"""What the frame of every page leads to: the program's theme, the header's links, the footer's links."""

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _


def known(endpoint: str, **values: Any) -> str | None:
    """The address of an endpoint; None while no package offers it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def theme_url(program: Any) -> str:
    """The program's own stylesheet, named by its version so that browsers may keep it forever."""
    return url_for("site.theme", slug=program.slug, v=program.version)


def foot_links(program: Any) -> list[dict[str, str]]:
    """Write to us, privacy, accessibility."""
    return [
        {"label": _("Write to us"), "url": f"mailto:{program.contact}"},
        {"label": _("Privacy in plain words"), "url": url_for("site.privacy", slug=program.slug)},
        {"label": _("Accessibility"), "url": url_for("site.accessibility", slug=program.slug)},
    ]


def frame(program: Any) -> dict[str, Any]:
    """What every page of a program gets besides the shell's own context."""
    if program is None:
        return {}
    return {"theme_url": theme_url(program), "foot_links": foot_links(program)}


def public_links(program: Any) -> list[dict[str, Any]]:
    """The header's links for a visitor: winners, convening, questions."""
    if program is None:
        return []
    home = url_for("site.program", slug=program.slug)
    wanted = (
        (_("Winners"), known("selection_public.winners", slug=program.slug)),
        (_("Convening"), known("convenings_public.current", slug=program.slug)),
        (_("Questions"), f"{home}#questions"),
    )
    return [{"label": label, "url": url, "current": request.path == url} for label, url in wanted if url]
