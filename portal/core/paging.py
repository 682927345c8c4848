"""One page of a list: 25 rows, how many there are in all, and the addresses of the pages beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, select

from portal.core.db import db

PAGE_SIZE = 25
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page; `number` counts from 1. What the template's `pager` macro reads."""

    items: list[Row]
    number: int
    total: int
    size: int = PAGE_SIZE

    @classmethod
    def of(cls, rows: Sequence[Row], number: int, size: int = PAGE_SIZE) -> "Page[Row]":
        """One page of rows that are at hand; a number past the end shows the last page."""
        number = min(number, max(1, -(-len(rows) // size)))
        return cls(list(rows[(number - 1) * size : number * size]), number, len(rows), size)

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def prev_url(self) -> str | None:
        """The address of the page before, None on the first."""
        return _address(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """The address of the page after, None on the last."""
        return _address(self.number + 1) if self.number < self.pages else None


def _address(number: int) -> str:
    """The present page's own address with another page number; search and filters stay.

    Only they: words that `url_for` takes as its own, or that name another thing than this page's, lead nowhere else.
    """
    asked = {name: said for name, said in request.args.lists() if name != "endpoint" and not name.startswith("_")}
    values: dict[str, Any] = {**asked, "page": number, **(request.view_args or {})}
    return url_for(request.endpoint or "", **values)


def asked_page() -> int:
    """The page number in the address, 1 when it says nothing readable."""
    return max(1, min(request.args.get("page", 1, type=int), 1_000_000))


def page_of(query: Select[Row], number: int, size: int = PAGE_SIZE, *, total: int | None = None) -> Page[Row]:
    """Loads one page of the query's rows: one query, two when the total is not known yet and has to be counted.

    A number past the end shows the last page.
    """
    if total is None:
        total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(number, max(1, -(-total // size)))
    rows = db.session.scalars(query.limit(size).offset((number - 1) * size)).unique()
    return Page(list(rows), number, total, size)
