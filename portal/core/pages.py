"""Lists page by page: which rows, how many there are, and the addresses of the pages beside this one."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import Select, func, select

from portal.core.db import db

PER_PAGE = 25


@dataclass(frozen=True)
class Page:
    """One page of a list, as `_kit/ui.html`'s `pager` reads it."""

    items: list[Any]
    number: int
    total: int
    per: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per))

    @property
    def prev_url(self) -> str | None:
        """The address of the page before, the present filters kept; None on the first."""
        return _address(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """The address of the page after; None on the last."""
        return _address(self.number + 1) if self.number < self.pages else None


def _address(number: int) -> str:
    kept = {**request.args.to_dict(), **(request.view_args or {}), "page": number}
    return url_for(request.endpoint or "", **kept)


def asked_page() -> int:
    """The page number in the address; 1 when there is none or it makes no sense."""
    return max(1, min(request.args.get("page", 1, type=int) or 1, 100_000))


def page_of(query: Select[Any], total: int | None = None, *, per: int = PER_PAGE, unique: bool = False) -> Page:
    """The asked page of the query's first column: one query, two when the total is not known yet."""
    if total is None:
        total = count(query)
    number = min(asked_page(), max(1, -(-total // per)))
    found = db.session.scalars(query.limit(per).offset((number - 1) * per))
    return Page(list(found.unique() if unique else found), number, total, per)


def count(query: Select[Any]) -> int:
    """How many rows the query has."""
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
