"""The program as an identity (name, colors, time zone) for packages that stand below `programs` and can't import it."""

from typing import Any

from sqlalchemy import select

from portal.core.db import db

_model: list[Any] = []


def provide(model: Any) -> None:
    """`portal.programs` names its Program model here."""
    _model[:] = [model]


def model() -> Any:
    """The table of programs, for a query that joins it."""
    return _model[0]


def by_id(program_id: int | None) -> Any:
    """The program of this number, or None."""
    return db.session.get(_model[0], program_id) if program_id else None


def by_slug(slug: str) -> Any:
    """The program at this address, or None."""
    return db.session.scalar(select(_model[0]).where(_model[0].slug == slug))
