"""A server that lies, for the test of the check: one in six of its commits keeps nothing, and is answered as ever."""

import random

from flask import Flask
from sqlalchemy.orm import Session

from portal import app

LIES = 1 / 6


def create_app() -> Flask:
    """The application, with a commit that can't be trusted."""
    made = app.create_app()
    commit = Session.commit

    def lie(self: Session) -> None:
        if self.info.get("writing") and random.random() < LIES:
            self.rollback()
        else:
            commit(self)

    Session.commit = lie  # type: ignore[method-assign]
    return made
