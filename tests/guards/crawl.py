"""Reads every page as somebody, and what lies packed in sheets and archives; what two looks have in common."""

import io
import re
import zipfile
from typing import Any

from tests.cast import Browser
from tests.guards.estate import Estate

NOT_IN_THE_ESTATE = ("static", "core.kept_form", "review.plan")  # its plan was never worked out


def urls(estate: Estate) -> list[str]:
    """The address of every page, filled in with things of the estate."""
    found = []
    for rule in estate.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_IN_THE_ESTATE:
            continue
        given = {**estate.arguments(rule), **({"verb": "accept"} if rule.rule.startswith("/nominee/") else {})}
        with estate.app.test_request_context():
            found.append(estate.app.url_map.bind("localhost").build(rule.endpoint, given))
    return found


def everything(estate: Estate, browser: Browser, addresses: list[str] | None = None) -> dict[str, str]:
    """By address: what this browser gets, without what is random in it."""
    found = {}
    for url in addresses or urls(estate):
        answer = browser.get(url)
        found[url] = re.sub(r'(value="|X-CSRFToken": ")[\w.-]{60,}', "TOKEN", unpacked(answer))
        answer.close()
    return found


def unpacked(answer: Any) -> str:
    """The text of an answer: of a page, or of all that a workbook or an archive holds."""
    content = answer.get_data()
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    is_text = answer.mimetype.startswith(("text/", "application/json"))
    return str(content.decode("utf-8", "replace")) if is_text else ""


def still(body: str) -> str:
    """The page without what passes with time or is made anew for each look."""
    return re.sub(r'\d\d:\d\d(:\d\d)?|[0-9a-f]{32,}|[\w-]{20,}\.[\w-]{20,}|name="start"[^>]*value="[\w-]+"', "", body)


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The addresses at which two looks of one person differ."""
    return [url for url, body in after.items() if url in before and still(before[url]) != still(body)]
