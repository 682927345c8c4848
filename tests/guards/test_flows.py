"""Every flow, every state, every verb: the door lets through what the flow says, and nothing else."""

import importlib
import pkgutil
from datetime import UTC, date, datetime
from itertools import count

import pytest
import sqlalchemy as sa

import portal
from portal.core.audit import AuditEntry
from portal.core.db import Base, Document, Moment, db, transaction
from portal.core.errors import Overtaken
from portal.core.flow import Flow
from portal.core.moves import move

NUMBERS = count(1)


def flows() -> dict[str, Flow]:
    """Every Flow that a module of the product declares, by its name."""
    found: dict[str, Flow] = {}
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if any(part in module.name.split(".") for part in ("rules", "outbox")):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, Flow):
                    found[value.name] = value
    return found


def holder(flow: Flow) -> tuple[type, str] | None:
    """The model and the column whose CHECK lists this flow's states."""
    for mapper in Base.registry.mappers:
        for constraint in mapper.local_table.constraints:
            if isinstance(constraint, sa.CheckConstraint):
                for column in mapper.local_table.columns:
                    if str(constraint.sqltext) == flow.check(column.name):
                        return mapper.class_, column.name
    return None


def a_row(model: type, n: int) -> dict[str, object]:
    """Values for every column that must have one (foreign keys point nowhere: they are off in this test)."""
    values: dict[str, object] = {}
    for column in model.__table__.columns:  # type: ignore[attr-defined]
        if column.nullable or column.default is not None or (column.primary_key and column.name == "id"):
            continue
        kind = column.type
        values[column.name] = (
            datetime.now(UTC)
            if isinstance(kind, Moment)
            else date.today()
            if isinstance(kind, sa.Date)
            else {}
            if isinstance(kind, Document)
            else False
            if isinstance(kind, sa.Boolean)
            else n
            if isinstance(kind, (sa.Integer, sa.Float))
            else f"x{n}"
        )
    return values


@pytest.fixture(scope="module")
def lawless(make_app):
    """An application on SQLite whose checks and foreign keys are off, so that any row in any state can be made."""
    app = make_app(database_url="")
    with app.app_context():
        sa.event.listen(
            db.engine,
            "connect",
            lambda c, _r: c.executescript("PRAGMA ignore_check_constraints=ON; PRAGMA foreign_keys=OFF;"),
        )
        db.engine.dispose()
    return app


@pytest.mark.parametrize("name", sorted(flows()))
def test_state_by_verb(lawless, name):
    flow = flows()[name]
    held = holder(flow)
    assert held, f"no table has a CHECK for the states of {name}"
    model, column = held
    with lawless.app_context():
        for state in flow.states:
            for verb, (_origins, target) in flow.verbs.items():
                n = next(NUMBERS)
                with transaction() as s:
                    thing = model(**{**a_row(model, n), column: state})
                    s.add(thing)
                allowed = flow.may(state, verb)
                try:
                    with transaction():
                        move(flow, verb, thing, "system", column=column)
                    assert allowed, f"{verb} went through from {state}"
                except Overtaken:
                    assert not allowed, f"{verb} was refused from {state}"
                now_in = db.session.scalar(sa.select(getattr(model, column)).where(model.id == thing.id))
                entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == f"{name}.{verb}")).all()
                assert now_in == (target if allowed else state)
                assert bool([e for e in entries if e.thing.endswith(thing.public_id)]) == allowed


def test_every_state_can_be_reached():
    stuck = []
    for flow in flows().values():
        reached, waiting = {flow.initial}, [flow.initial]
        while waiting:
            state = waiting.pop()
            for verb in flow.from_state(state):
                target = flow[verb][1]
                if target not in reached:
                    reached.add(target)
                    waiting.append(target)
        stuck += [f"{flow.name}: {s}" for s in set(flow.states) - reached]
    assert stuck == []
