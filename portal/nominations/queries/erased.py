"""Who asked us to erase everything, as fingerprints: enough to notice that they are nominated again, and nothing else.

A fingerprint is a digest under the installation's secret and the program: nobody reads a name or an address back from
it. Of one person we keep several: the address, each name with its school, and the name alone (which is asked for only
when somebody is nominated without a school).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from portal.core import settings, tokens
from portal.core.db import db
from portal.nominations.models import ErasedMark, NomineeFile

_KEPT = select(ErasedMark.digest).where(ErasedMark.digest.in_(bindparam("digests", expanding=True)))


def fingerprint(program_id: int, *parts: str) -> str:
    """The digest of what a person is known by."""
    return tokens.keyed(settings.current().secret_key, "erased", str(program_id), *parts).hex()


def kept_of(program_id: int, address: str, names: Iterable[tuple[str, str]]) -> set[str]:
    """What is kept of one erased person; `names` are pairs of folded name and folded school."""
    known = [(name, school) for name, school in names if name]
    found = {fingerprint(program_id, "name and school", name, school) for name, school in known if school}
    found |= {fingerprint(program_id, "name", name) for name, _school in known}
    return found | ({fingerprint(program_id, "address", address.lower())} if address else set())


def asked_of(file: Any) -> set[str]:
    """What to look for when somebody is nominated."""
    pid = file.program_id
    found = {fingerprint(pid, "address", file.email.lower())} if file.email else set()
    if file.name_key and file.school_key:
        found.add(fingerprint(pid, "name and school", file.name_key, file.school_key))
    elif file.name_key:
        found.add(fingerprint(pid, "name", file.name_key))
    return found


def erased_before(files: Sequence[NomineeFile]) -> list[NomineeFile]:
    """Those of the files whose person asked to be erased before, in any year of the program: one query."""
    asked = {file.id: asked_of(file) for file in files}
    every = set().union(*asked.values()) if asked else set()
    if not every:
        return []
    there = set(db.session.scalars(_KEPT, {"digests": sorted(every)}))
    return [file for file in files if asked[file.id] & there]
