"""What the tests of consent share: nominee files with nominations, and a nominee's link."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.names import fold, person_key, school_key
from portal.nominations.models import Nomination, NomineeFile
from tests.cast import Cast, letters, links_in

SHARINGS = ("yes", "relation", "no")


def add_file(
    cast: Cast,
    name: str = "Tariq Bello",
    *,
    email: str = "tariq@example.org",
    school: str = "Cascade Elementary",
    nominations: tuple[dict[str, Any], ...] = ({},),
    **values: Any,
) -> str:
    """A nominee file with confirmed nominations (a dictionary of what differs for each); the file's public id."""
    with cast.app.app_context(), transaction() as s:
        file = NomineeFile(
            program_id=cast.program_id,
            cycle_id=cast.cycle_id,
            name=name,
            name_key=person_key(name),
            school_name=school,
            school_id=cast.school_ids.get(school),
            school_key=school_key(school),
            email=email,
            position="Teacher",
            position_key="teacher",
            search=f"{fold(name)} {fold(school)}",
            **values,
        )
        s.add(file)
        s.flush()
        for i, different in enumerate(nominations):
            add_nomination(cast, s, file, i, **different)
        return file.public_id


def add_nomination(cast: Cast, s: Any, file: NomineeFile, i: int, **different: Any) -> Nomination:
    """One nomination of the file, confirmed unless told otherwise."""
    values: dict[str, Any] = {
        "program_id": cast.program_id,
        "cycle_id": cast.cycle_id,
        "file_id": file.id,
        "state": "confirmed",
        "educator_name": file.name,
        "relation": "family_current",
        "relation_group": "family",
        "story": "A good story.",
        "nominator_name": f"Nora {i} Example",
        "nominator_email": f"nora{i}@example.org",
        "sharing": "no",
        "submitted_at": now(),
        "confirmed_at": now(),
        "answers": {"educator": file.name},
        **different,
    }
    nomination = Nomination(**values)
    s.add(nomination)
    s.flush()
    return nomination


def ask(cast: Cast, public_id: str) -> str:
    """Sam sends the letter; the path of the nominee's link in it."""
    answer = cast.browser("sam").post(f"/files/{public_id}/letter")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return links_in(letters(cast.app, "nominations/consent_request")[-1].text)[0]


def write_to_all(cast: Cast, which: str = "ready", act: str = "ask") -> None:
    """Sam presses the one button of the letters' page, and then the preview's; nothing when nobody is in the list."""
    sam = cast.browser("sam")
    chosen = sam.post(f"/cycles/{cast.cycle}/files/bulk", {"which": which, "act": act})
    assert chosen.status_code == 303, chosen.get_data(as_text=True)
    if "/bulk/" in chosen.location:
        assert sam.post(f"{chosen.location}/do").status_code == 303


def path_of(link: str) -> str:
    """The link without its question mark."""
    return link.partition("?")[0]


def look(cast: Cast, public_id: str) -> NomineeFile:
    """The file as the database holds it now."""
    with cast.app.app_context():
        return db.session.scalars(select(NomineeFile).where(NomineeFile.public_id == public_id)).one()


def days_ago(days: int) -> Any:
    """A moment so many days before now."""
    return now() - timedelta(days=days)

