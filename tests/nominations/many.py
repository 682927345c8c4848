"""What the tests of acts on many files share: choosing in the list, pressing the button, looking at what became."""

from typing import Any

from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.nominations.models import BulkAct, BulkItem, NomineeFile
from tests.cast import Cast


def choose(cast: Cast, act: str, *files: str, who: str = "sam", which: str = "ticked", query: str = "") -> Any:
    """Chooses these files in the list; the answer."""
    data = {"act": act, "which": which, "file" if which == "ticked" else "here": list(files)}
    return cast.browser(who).post(f"/cycles/{cast.cycle}/files/bulk{query}", data)


def preview(cast: Cast, act: str, *files: str, **more: str) -> str:
    """The address of the preview of what was chosen."""
    answer = choose(cast, act, *files, **more)
    assert answer.status_code == 303
    assert "/bulk/" in answer.location
    return str(answer.location)


def do(cast: Cast, url: str, who: str = "sam", **given: Any) -> Any:
    """Presses the preview's button; the report."""
    browser = cast.browser(who)
    answer = browser.post(f"{url}/do", given)
    return browser.get(answer.location) if answer.status_code == 303 else answer


def undo(cast: Cast, url: str, who: str = "sam") -> Any:
    """Presses "Undo"; the report."""
    browser = cast.browser(who)
    answer = browser.post(f"{url}/undo")
    return browser.get(answer.location) if answer.status_code == 303 else answer


def became(cast: Cast, url: str) -> dict[str, str]:
    """By name: the state of each file of the act, and why when there is a reason ("skipped: changed")."""
    named = select(NomineeFile.name, BulkItem.state, BulkItem.why).join(BulkItem, BulkItem.file_id == NomineeFile.id)
    mine = BulkAct.public_id == url.rsplit("/", 1)[1]
    with cast.app.app_context():
        found = db.session.execute(named.join(BulkAct, BulkAct.id == BulkItem.bulk_id).where(mine))
        return {name: f"{state}: {why}" if why else state for name, state, why in found}


def recorded(cast: Cast, *prefixes: str) -> list[str]:
    """The verbs of the record that begin so, in order."""
    with cast.app.app_context():
        verbs = db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id))
        return [verb for verb in verbs if verb.startswith(prefixes)]
