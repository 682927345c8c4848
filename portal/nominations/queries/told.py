"""What nominators answered to the organizers' own questions, for each reader, under the wording it was asked with."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from portal.core.i18n import pick
from portal.nominations.asking import form_for
from portal.nominations.models import Nomination
from portal.questions import answers
from portal.questions.answers import Answer
from portal.questions.queries import Wordings
from portal.questions.shape import named


class Replies:
    """The answers of some nominations as one reader ("staff", "scorers", "nominee") may see them.

    One query for the form, one more when somebody answered under an earlier wording.
    """

    def __init__(self, program: Any, reader: str, name: str = "") -> None:
        self.asked, self.reader, self.name = form_for(program), reader, name or _("this educator")
        self.wordings = Wordings(self.asked)

    def own(self, nomination: Nomination) -> list[Answer]:
        """The answers to the organizers' own questions."""
        return answers.told(self.wordings, nomination.said, self.reader, self.name)

    def question(self, nomination: Nomination, key: str) -> str:
        """How one of the product's questions was worded when it was asked; "" while it has had one wording only."""
        now = self.asked.get(key)
        if now is None or now.version == 1:
            return ""
        was = self.wordings.of(key, nomination.said.get(key, {}).get("v", 1)) or now
        return named(pick(was.label), self.name)


def answered_own(nominations: Sequence[Nomination]) -> bool:
    """Whether any of them has an answer to a question of the organizers' own: no query."""
    return any("a" in given for n in nominations for given in (n.said or {}).values())


def for_nominee(program: Any, nominations: Sequence[Nomination], name: str) -> list[Answer]:
    """What the nominee may read of it once they have accepted: nothing of somebody who asked to be left out, each text
    once, and in an order that tells nothing of who wrote first.
    """
    willing = [n for n in nominations if n.sharing != "no"]
    if not answered_own(willing):
        return []
    told = Replies(program, "nominee", name)
    order = list(told.asked.by_key)
    found = {(a.question.key, a.upload or a.text): a for n in willing for a in told.own(n)}
    return sorted(found.values(), key=lambda a: (order.index(a.question.key), a.text))
