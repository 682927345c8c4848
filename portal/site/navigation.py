"""What the frame of every page leads to: the program's theme and the footer's links. (The header's are the desk's.)"""

from typing import Any

from flask import url_for
from flask_babel import gettext as _


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
