"""Sending a letter to oneself, to see how it arrives."""

from typing import Any

from portal.core import outbox
from portal.programs import mail
from portal.programs.actions.cycles import ask_to_edit
from portal.programs.models import Cycle


def send_test(cycle: Cycle, key: str, words: mail.Words, by: Any) -> None:
    """One letter in each language of the program to the person's own address, marked as a test. Raises Refused."""
    ask_to_edit(by, cycle)
    for language in cycle.program.settings.get("languages", ("en", "es")):
        outbox.put(mail.example(cycle.program, key, language, words, to=by.email))
