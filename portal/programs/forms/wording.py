"""A program's own words in one letter: subject and opening in each language, with a closed list of placeholders."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core import dress
from portal.programs.forms.kinds import languages, pair
from portal.programs.forms.section import Data, Section
from portal.programs.letters import LETTERS, EditableLetter, sample

PARTS = ("subject", "opening")


class Wording(Section):
    """One letter; where it says what Laurel says anyway, nothing is stored."""

    title = _l("Letters")
    key: str = ""

    subject = pair(_l("Subject"), longest=200)
    opening = pair(_l("First words"), rows=8, longest=4000, hint=_l("An empty line begins a new paragraph."))

    @property
    def letter(self) -> EditableLetter:
        """Which letter it is."""
        return LETTERS[self.key]

    @classmethod
    def read(cls, data: Data, _cycle: Any) -> Data:
        usual, own = usual_words(cls.key), cls._own(data)
        return {part: own.get(part) or usual[part] for part in PARTS}

    @classmethod
    def _own(cls, data: Data) -> Data:
        return next((each for each in data["letters"] if each["key"] == cls.key), {})

    @classmethod
    def mark(cls, data: Data) -> str:
        return super().mark({"letters": cls._own(data)})

    def words(self) -> dict[str, dict[str, str]]:
        """What is typed, by part and language; a part that says what Laurel says is left out."""
        usual = usual_words(self.key)
        typed: dict[str, dict[str, str]] = {part: dict(self[part].data) for part in PARTS}
        return {part: text for part, text in typed.items() if text != usual[part] and all(text.values())}

    def typed(self, data: Data) -> Data:
        words = self.words()
        others = {each["key"]: each for each in data["letters"] if each["key"] != self.key}
        wanted = {**others, **({self.key: {"key": self.key, **words}} if words else {})}
        return {**data, "letters": [wanted[key] for key in LETTERS if key in wanted]}

    def at(self, path: Any) -> Any:
        """Mistakes of this letter stand at their box: ("letters", 0, "opening.es")."""
        part, _dot, language = str(path[-1]).partition(".")
        if path[:1] != ("letters",) or part not in PARTS:
            return None
        return next((box for box in self[part].form if box.short_name == language), None)


def usual_words(key: str) -> dict[str, dict[str, str]]:
    """Laurel's own words of a letter by part and language, placeholders in braces."""
    letter = LETTERS[key]
    braces = {dress.OTHER_NAMES.get(name, name): f"{{{name}}}" for name in letter.placeholders}
    context = {**sample(key), **braces}
    found = {language: dress.default_words(letter.template, language, context) for language in languages()}
    return {part: {language: words[part] for language, words in found.items()} for part in PARTS}


def form_for(key: str) -> type[Wording]:
    """The form of a letter."""
    return type("OneLetter", (Wording,), {"key": key, "name": f"letter-{key}", "places": {"letters": ("letters",)}})
