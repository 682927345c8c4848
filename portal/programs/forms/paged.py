"""A section whose one list may be as long as a state has districts: a page of it is shown and changed at a time."""

from copy import deepcopy
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from portal.core.names import fold
from portal.core.paging import Page
from portal.programs.forms.kinds import Items
from portal.programs.forms.section import Data, Path, Section, dig, put


class Paged(Section):
    """Shows those things of a list that have the words asked for, 25 a page; the others stay as they are.

    `many` names the list's field. Its things are known by their keys, and their order says nothing.
    """

    many: str
    words: str
    page: Page[str]  # the keys of what this page shows now

    shown = HiddenField()  # the keys of what it showed when it was opened, with spaces between them

    @classmethod
    def of(cls, cycle: Any, data: Data, formdata: Any = None, *, words: str = "", number: int = 1) -> "Paged":
        path = cls.places[cls.many]
        held, sought = dig(data, path), fold(words)
        page = Page.of([each["key"] for each in held if sought in fold(_all_words(each))], number)
        part = deepcopy(data)
        put(part, path, [each for each in held if each["key"] in page.items])
        form = cast(Paged, super().of(cycle, part, formdata))
        form.words, form.page = words, page
        form.address = {"q": words or None, "page": page.number if page.number > 1 else None}
        items = form[cls.many]
        assert isinstance(items, Items)
        shown = form.keys_shown()
        items.least = max(0, items.least - sum(each["key"] not in shown for each in held))  # other pages' count too
        if words:
            items.none = _l("Nothing here has these words.")
        return form

    @classmethod
    def read(cls, data: Data, cycle: Any) -> Data:
        keys = [each["key"] for each in dig(data, cls.places[cls.many])]
        return {**super().read(data, cycle), "shown": " ".join(keys)}

    def keys_shown(self) -> set[str]:
        """The keys of what was shown. While the page is open a colleague may have moved the things to other pages."""
        return set((self.shown.data or "").split())

    def typed(self, data: Data) -> Data:
        new = super().typed(data)
        path = self.places[self.many]
        held, here, shown = dig(data, path), dig(new, path), self.keys_shown()
        changed = shown & {each["key"] for each in held}
        places = {each["key"]: place for place, each in enumerate(here) if each.get("key") in changed}
        found = []
        for each in held:
            if each["key"] not in shown:
                found.append(each)
            elif each["key"] in places:  # else it was removed
                found.append(here[places[each["key"]]])
        # A key that was not shown is no key: what stood on another page is not changed from here.
        found += [{**each, "key": ""} for place, each in enumerate(here) if place not in places.values()]
        put(new, path, found)
        return new

    def at(self, path: Path) -> Any:
        # Places in the whole list are not places on this page; the boxes' own checks have said what is wrong here.
        place = self.places[self.many]
        return super().at(place if path[: len(place)] == place else path)


def _all_words(thing: Data) -> str:
    """Every word of a thing, to look for."""
    return " ".join(" ".join(value) if isinstance(value, list) else str(value) for value in thing.values())
