"""The record of what happened: append-only, hash-chained a program, written in the same transaction as the change.

Entries name people and things by public id and hold no personal text: what must be provable but may be erased goes in
as a salted hash (`seal`). The chain's head is sealed with the installation's key, so that cutting off the newest
entries, or recomputing the whole chain, is found too.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask import current_app
from sqlalchemy import Connection, String, UniqueConstraint, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import tokens
from portal.core.clock import now
from portal.core.db import Base, before_commit, db, pending
from portal.core.once import insert_once

GENESIS = "0" * 64
SYSTEM = "system"
OPERATOR = "operator"


class AuditEntry(Base):
    """One thing that happened: who, verb, thing, facts, when, and the hash that ties it to the one before."""

    __tablename__ = "audit_entries"
    __table_args__ = (UniqueConstraint("chain", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64), index=True)
    verb: Mapped[str] = mapped_column(String(64))
    thing: Mapped[str] = mapped_column(String(64), index=True)
    facts: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The newest entry of a chain; locked last in every write."""

    __tablename__ = "audit_heads"

    chain: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Finding:
    """What `verify` found wrong in a chain, at which entry (0: the head)."""

    chain: str
    seq: int
    problem: str


def name_of(thing: Any) -> str:
    """ "nomination:AbC...": the table's singular name and the public id; a plain string names itself."""
    if isinstance(thing, str):
        return thing
    return f"{getattr(thing, 'audit_kind', type(thing).__name__.lower())}:{thing.public_id}"


def actor_name(by: Any) -> str:
    """A person's public id, or the word given ("system", "operator", "link:consent")."""
    return by if isinstance(by, str) else f"person:{by.public_id}"


def seal(text: str) -> str:
    """A salted hash of personal text: proves it later to who holds it, tells nothing to who does not."""
    salt = tokens.new_public_id()
    return f"{salt}${tokens.digest(salt + text)}"


def record(by: Any, verb: str, thing: Any, /, program_id: int | None = None, **facts: Any) -> None:
    """Adds an entry to the open transaction; `verb` is "review.recused". Facts are JSON scalars or lists of them."""
    if program_id is None and not isinstance(thing, str):
        program_id = getattr(thing, "program_id", None)
    chain = f"program:{program_id}" if program_id else "site"
    pending("audit").append((chain, now(), actor_name(by), verb, thing, facts))
    before_commit(_write_pending)


_HEADS: Any = AuditHead.__table__
_HEAD = select(_HEADS).where(_HEADS.c.chain == bindparam("one")).with_for_update()
_ADVANCE = (
    update(_HEADS)
    .where(_HEADS.c.chain == bindparam("one"))
    .values({name: bindparam(name) for name in ("seq", "hash", "seal")})
)
_ENTRIES: Any = AuditEntry.__table__
_ENTRY = insert(_ENTRIES)


def _write_pending(session: Session) -> None:
    """Chains what happened: three statements a chain, however many things moved."""
    entries, connection = pending("audit"), session.connection()
    for chain in sorted({e[0] for e in entries}):
        head = connection.execute(_HEAD, {"one": chain}).one_or_none() or _start(connection, chain)
        seq, last = head.seq, head.hash
        rows: list[dict[str, Any]] = []
        for _, at, actor, verb, thing, facts in (e for e in entries if e[0] == chain):
            seq += 1
            row = {"chain": chain, "seq": seq, "at": at, "actor": actor, "verb": verb, "facts": facts}
            row["thing"] = name_of(thing)
            row["hash"] = last = entry_hash(last, SimpleNamespace(**row))
            rows.append(row)
        connection.execute(_ADVANCE, {"one": chain, "seq": seq, "hash": last, "seal": head_seal(chain, seq, last)})
        connection.execute(_ENTRY, rows)


def _start(connection: Connection, chain: str) -> Any:
    insert_once(AuditHead, ["chain"], chain=chain, seq=0, hash=GENESIS, seal="")
    return connection.execute(_HEAD, {"one": chain}).one()


def entry_hash(previous: str, entry: Any) -> str:
    """SHA-256 over the previous hash and the entry in canonical JSON."""
    body = json.dumps(
        [previous, entry.chain, entry.seq, entry.at.isoformat(), entry.actor, entry.verb, entry.thing, entry.facts],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


def head_seal(chain: str, seq: int, newest: str) -> str:
    """The head under the installation's key: who can write the database alone can't make it."""
    key = current_app.config["PORTAL"].secret_key
    return tokens.keyed(key, "audit-head", chain, str(seq), newest).hex()


def verify(chain: str | None = None) -> tuple[int, list[Finding]]:
    """Recomputes the chains (all, or one): how many entries were read, and what does not fit.

    What is committed counts, as it stood at one moment: people may go on writing meanwhile.
    """
    level = {"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}
    with db.engine.connect().execution_options(**level) as connection, Session(connection) as session:
        return _verify(session, chain)


def _verify(session: Session, chain: str | None) -> tuple[int, list[Finding]]:
    findings: list[Finding] = []
    count = 0
    heads = {h.chain: h for h in session.scalars(select(AuditHead)) if chain in (None, h.chain)}
    chains = set(heads) | set(session.scalars(select(AuditEntry.chain).distinct()))
    for name in sorted(c for c in chains if chain in (None, c)):
        previous, expected = GENESIS, 0
        query = select(AuditEntry).where(AuditEntry.chain == name).order_by(AuditEntry.seq)
        for entry in session.scalars(query.execution_options(yield_per=1000)):
            count += 1
            expected += 1
            if entry.seq != expected:
                findings.append(Finding(name, expected, "an entry is missing"))
                expected = entry.seq
            if entry.hash != entry_hash(previous, entry):
                findings.append(Finding(name, entry.seq, "the entry was changed, or the one before it"))
            previous = entry.hash
        head = heads.get(name)
        if head is None or (head.seq, head.hash) != (expected, previous):
            findings.append(Finding(name, 0, "the head does not match the newest entry"))
        elif expected and not tokens.same(head.seal, head_seal(name, head.seq, head.hash)):
            findings.append(Finding(name, 0, "the head was not sealed with this installation's key"))
    return count, findings


def history(thing: Any, limit: int = 200) -> list[AuditEntry]:
    """What happened to a thing, newest first."""
    query = select(AuditEntry).where(AuditEntry.thing == name_of(thing)).order_by(AuditEntry.id.desc()).limit(limit)
    return list(db.session.scalars(query))
