"""Two write at once what only both together make wrong: the second waits, and goes by what the first has done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import actions as accounts
from portal.accounts.models import Person, Role
from portal.core.db import db, transaction
from portal.core.errors import Mistaken, Refused
from portal.nominations.actions import files
from portal.nominations.models import Nomination
from tests.cast import Cast
from tests.nominations.consenting import add_file

Act = Callable[[Any], object]  # is given the session


def overlapping(app: Flask, first: Act, second: Act) -> BaseException | None:
    """Does the first, and the second before that is committed; what the second raised."""
    written = Event()

    def run(act: Act, *, stays: bool) -> None:
        with app.app_context(), transaction() as s:
            act(s)
            s.flush()
            if stays:
                written.set()
                sleep(0.5)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(run, first, stays=True)
        assert written.wait(10)
        other = pool.submit(run, second, stays=False)
        one.result(20)
        return other.exception(20)


def test_two_who_choose_a_group_s_story_at_once_leave_one(app: Flask, cast: Cast) -> None:
    add_file(cast, nominations=({}, {}))
    person = cast.person("sam")
    with app.app_context():
        numbers = list(db.session.scalars(select(Nomination.id).order_by(Nomination.id)))

    def choose(number: int) -> Act:
        return lambda s: files.choose_story(s.get_one(Person, person), s.get_one(Nomination, number))

    assert overlapping(app, choose(numbers[1]), choose(numbers[0])) is None
    with app.app_context():
        assert list(db.session.scalars(select(Nomination.shown).order_by(Nomination.id))) == [True, False]


@pytest.mark.parametrize(("each_other", "told"), [(True, Refused), (False, Mistaken)])
def test_two_organizers_who_end_a_role_at_once_leave_one(
    app: Flask, cast: Cast, each_other: bool, told: type[Exception]
) -> None:
    """Each the other's: the second is no organizer by then. Each their own: the second is the last one."""
    people = [cast.person("sam"), cast.person("sofia")]
    with app.app_context():
        roles = dict(iter(db.session.execute(select(Role.person_id, Role.id))))

    def end(by: int, whose: int) -> Act:
        return lambda s: accounts.end_role(s.get_one(Person, by), s.get_one(Role, roles[whose]))

    acts = [end(by, whose) for by, whose in zip(people, people[::-1] if each_other else people, strict=True)]
    assert isinstance(overlapping(app, *acts), told)
    with app.app_context():
        assert sum(role.holds_now() for role in db.session.scalars(select(Role))) == 1
