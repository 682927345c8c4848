"""What organizers choose about an import: the file, which column is what, what free words mean."""

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from portal.core.forms import Form
from portal.core.i18n import pick
from portal.nominations.rules.files import SHARING_WORDS
from portal.nominations.sheet import FIELD_NAMES, Reading, Table, Vocabulary, Word, missing, names_of, zone_named
from portal.programs.models import Program
from portal.questions.shape import Question

LARGEST = 10 * 1024 * 1024  # bytes of an import
MOST_WORDS = 40  # different words of one answer that a page asks about; the rest keep their usual meaning
MOST_CHOICES = 150  # of districts, say: with more of them words can't be asked about one by one
# Where the forms of US programs are made; the program's own zone is always among the choices.
ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
         "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "America/Mexico_City", "Europe/London",
         "UTC")  # fmt: skip


def _is_chosen(_form: Any, field: Any) -> None:
    if not field.data or not getattr(field.data, "filename", ""):
        raise ValidationError(_("Choose the file that your form exported."))


def _is_small(_form: Any, field: Any) -> None:
    stream = getattr(field.data, "stream", None)
    if stream is not None and stream.seek(0, 2) > LARGEST:
        raise ValidationError(_("The file is larger than 10 MB. Split it and import the parts one after the other."))


class UploadForm(Form):
    """An export of a web form."""

    sheet = FileField(_l("The exported file (CSV or XLSX)"), validators=[_is_chosen, _is_small])

    def content(self) -> tuple[bytes, str]:
        """The bytes and the name of the file."""
        upload = self.sheet.data
        upload.stream.seek(0)
        return upload.stream.read(), str(upload.filename or "nominations.csv")


class ColumnsForm(Form):
    """Which column is what (`column_0`, ... by `columns_form`), the zone of its times, the order of its dates."""

    names: Mapping[str, str]  # of everything that a column can be read as
    zone = SelectField(_l("Times in the file are in the zone"), choices=[])
    order = RadioField(
        _l("Dates such as 3/4/2027 mean"),
        choices=[
            SelectChoice(value="month", label=_l("March 4 (the month first)")),
            SelectChoice(value="day", label=_l("April 3 (the day first)")),
        ],
    )

    def columns(self) -> list[Any]:
        """The fields of the columns, in the file's order."""
        found = [field for name, field in self._fields.items() if name.startswith("column_")]
        return sorted(found, key=lambda field: int(field.name.removeprefix("column_")))

    def validate(self, extra_validators: Any = None) -> bool:
        """No answer twice, and those that every nomination needs."""
        if not super().validate(extra_validators):
            return False
        fields = self.columns()
        twice = [name for name, count in Counter(f.data for f in fields if f.data).items() if count > 1]
        for name in twice:
            last = [field for field in fields if field.data == name][-1]
            text = _("Two columns are read as “%(name)s”. Leave one of them out.", name=self.names[name])
            last.errors = [*last.errors, text]
        if lacking := missing([field.data for field in fields]):
            told = ", ".join(str(name) for name in lacking)
            self.form_errors.append(_("Say which column holds %(missing)s.", missing=told))
        return not twice and not lacking

    def reading(self, before: Reading) -> Reading:
        """What was chosen; words that were chosen before stay."""
        fields = tuple(field.data for field in self.columns())
        asked = tuple(key for key in self.names if key not in FIELD_NAMES)
        return Reading(fields, self.zone.data, self.order.data == "day", before.words, before.sheet, asked, before.line)


def columns_form(
    table: Table, reading: Reading, program: Program, questions: Sequence[Question], *, posted: bool
) -> ColumnsForm:
    """The form for this sheet, filled with the present reading; `questions` are the organizers' own."""
    names, parts = (
        names_of(questions),
        (_("Of every nomination"), _("Your own questions")) if questions else (None, None),
    )
    choices = [SelectChoice(value="", label=_("Leave out"))]
    choices += [
        SelectChoice(value=key, label=name, optgroup=parts[key not in FIELD_NAMES]) for key, name in names.items()
    ]
    made: dict[str, Any] = {
        f"column_{at}": SelectField(title.strip() or _("Column %(number)s", number=at + 1), choices=choices)
        for at, title in enumerate(table.header)
    }
    kind: type[ColumnsForm] = type("ColumnsOfSheet", (ColumnsForm,), {**made, "names": names})
    zone = reading.zone if zone_named(reading.zone) else program.time_zone
    known = {f"column_{at}": name for at, name in enumerate(reading.fields)}
    known |= {"zone": zone, "order": "day" if reading.day_first else "month"}
    form = kind() if posted else kind(data=known)
    zones = dict.fromkeys((program.time_zone, zone, *ZONES))
    form.zone.choices = [SelectChoice(value=name, label=name.replace("_", " ")) for name in zones]
    return form


class WordsForm(Form):
    """What people's own words mean: one choice for each word, by `words_form`."""


def word_name(what: str, word: Word) -> str:
    """The name of the choice for a word."""
    return f"{what}_{sha256(word.key.encode()).hexdigest()[:12]}"


def words_form(
    words: Mapping[str, Sequence[Word]], choices: Mapping[str, Sequence[tuple[str, str]]], reading: Reading, *,
    posted: bool,
) -> WordsForm:  # fmt: skip
    """The form for these words: {"relation": [...], ...} with {"relation": [(key, name), ...], ...} to choose from."""
    made: dict[str, Any] = {}
    known: dict[str, str] = {}
    for what, some in words.items():
        keys = {key for key, _name in choices[what]}
        for word in some:
            meant = reading.words.get(what, {}).get(word.key, "")
            known[word_name(what, word)] = meant if meant in keys else ""
            usual = dict(choices[what]).get(word.meant or "", _("Not known"))
            first = SelectChoice(value="", label=usual if word.meant else _("Leave it open"))
            made[word_name(what, word)] = SelectField(
                word.written,
                choices=[first, *(SelectChoice(value=k, label=n) for k, n in choices[what] if k != word.meant)],
            )
    kind: type[WordsForm] = type("WordsOfSheet", (WordsForm,), made)
    return kind() if posted else kind(data=known)


def chosen_words(form: WordsForm, words: Mapping[str, Sequence[Word]], reading: Reading) -> dict[str, dict[str, str]]:
    """The words of the reading with what was chosen now."""
    chosen = {what: dict(some) for what, some in reading.words.items()}
    for what, some in words.items():
        for word in some:
            if key := form[word_name(what, word)].data:
                chosen.setdefault(what, {})[word.key] = key
            else:
                chosen.get(what, {}).pop(word.key, None)
    return {what: some for what, some in chosen.items() if some}


def word_choices(vocabulary: Vocabulary) -> dict[str, list[tuple[str, str]]]:
    """What words can be read as: {"relation": [(key, name in the reader's language), ...], ...}."""
    return {
        "relation": [(str(each["key"]), pick(each["name"])) for each in vocabulary.relations],
        "position": [(str(each["key"]), pick(each["name"])) for each in vocabulary.positions],
        "district": [(names[0], names[1]) for names in vocabulary.districts.values()],
        "sharing": [(key, str(name)) for key, name in SHARING_WORDS.items()],
    }
