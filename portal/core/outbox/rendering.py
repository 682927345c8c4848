"""A letter as it is read: its words in its reader's language, its addresses, and the whole in MIME."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.core import links
from portal.core.outbox.messages import Message


@dataclass(frozen=True)
class Rendered:
    """A letter as it is read."""

    subject: str
    text: str
    html: str


def render(template: str, locale: str, context: Mapping[str, Any]) -> Rendered:
    """Renders a letter in its language: subject, plain text and HTML with its styles put inline."""
    import css_inline

    with force_locale(locale):
        values = {**_resolved(context), "locale": locale}
        subject = _subject(template, values)
        text = render_template(f"mail/{template}.txt", **values).strip() + "\n"
        text = re.sub(r"\n{3,}", "\n\n", text)  # what is left out leaves no hole
        html = render_template(f"mail/{template}.html", **values, subject=subject)
    return Rendered(subject, text, css_inline.inline(html, load_remote_stylesheets=False))


def _subject(template: str, values: Mapping[str, Any]) -> str:
    subject = " ".join(render_template(f"mail/{template}.subject.txt", **values).split())
    return _("Test: %(subject)s", subject=subject) if values.get("test") else subject


def subject_of(message: Message) -> str:
    """The message's subject; nothing else is rendered."""
    with force_locale(message.locale):
        return _subject(message.template, {**message.context, "locale": message.locale})


def read(message: Message) -> Rendered:
    """The message as its reader gets it."""
    return render(message.template, message.locale, message.context)


def as_email(message: Message) -> EmailMessage:
    """The message in MIME: text first, HTML as the alternative."""
    rendered = read(message)
    settings = current_app.config["PORTAL"]
    email = EmailMessage()
    email["Subject"] = rendered.subject
    worn = message.context.get("dress", {})
    sender = worn.get("sender") or message.context.get("program_name", "Laurel")
    email["From"] = formataddr((sender, settings.mail_from))
    if worn.get("reply_to"):
        email["Reply-To"] = worn["reply_to"]
    email["To"] = message.to
    email["Message-ID"] = make_msgid(message.public_id, domain=settings.mail_from.rpartition("@")[2] or None)
    email["Content-Language"] = message.locale
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(rendered.text)
    email.add_alternative(rendered.html, subtype="html")
    return email


def address(endpoint: str, **args: Any) -> str:
    """An absolute address from the settings' base, with or without a request."""
    base = urlsplit(current_app.config["PORTAL"].base_url)
    adapter = current_app.url_map.bind(base.netloc, script_name=base.path.rstrip("/") + "/", url_scheme=base.scheme)
    return adapter.build(endpoint, args, force_external=True)


def _resolved(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "$link" in value:
            return address(value["endpoint"], token=links.token(value["$link"]), **value.get("args", {}))
        return {k: _resolved(v) for k, v in value.items()}
    return [_resolved(v) for v in value] if isinstance(value, list) else value
