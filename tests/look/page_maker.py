"""An application that also serves sample pages of the kit below /look/, with the product's own headers and globals."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, flash, make_response, render_template, render_template_string, request
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields import SelectChoice

from portal.core import web
from portal.core.forms import Form

SAMPLES = Path(__file__).parent / "samples"
MOMENT = datetime(2026, 11, 17, 19, 2, tzinfo=UTC)  # 14:02 in Atlanta
NAMES = ("Dr. Siobhán Quiñones-Abernathy", "Nguyễn Thị Ánh", "José Luis Arredondo", "Łucja Żółć-Mączyńska")


class SampleForm(Form):
    """One field of every kind."""

    story = TextAreaField("What happened?", description="One moment says more than a list.",
                          validators=[validators.DataRequired("Write the story")])
    rel = RadioField("You are or were", description="Choose the one that fits best.",
                     choices=[SelectChoice("a", "A student"), SelectChoice("c", "Her school leader")],
                     validators=[validators.InputRequired("Choose how you know Ms. Rivera")])
    long = StringField("How long have you known her?", description="A number and a word.",
                       validators=[validators.Length(min=6, message="Write how long, for example “2 years”")])
    more = SelectMultipleField("Which areas", choices=[SelectChoice("1", "Leadership"), SelectChoice("2", "Equity")])
    ok = BooleanField("I keep what I read to myself", validators=[validators.InputRequired("Please agree to go on")])
    dist = SelectField("District", choices=[SelectChoice("", "Choose one"), SelectChoice("1", "Atlanta")])
    on = DateField("Date", validators=[validators.Optional()])
    f = FileField("A list of names")


def board_rows() -> list[dict[str, Any]]:
    """Twelve made-up rows of a results board."""
    rows = []
    for i in range(12):
        middle = 3.7 - i * 0.1
        rows.append({
            "place": i + 1, "name": NAMES[i % 4], "url": "#", "sub": "Maynard High, Atlanta",
            "adjusted": middle, "raw": middle + 0.08 * (-1) ** i,
            "lo50": middle - 0.1, "hi50": middle + 0.1, "lo90": middle - 0.25, "hi90": middle + 0.25,
            "chance": 1 - i / 11, "reviews": 5, "contested": 3 < i < 8,
            "flags": [("flag", "Readers disagree")] if i == 2 else [],
        })
    return rows


def sample_form(bad: bool) -> SampleForm:
    """The form filled in well, or checked with its errors."""
    if not bad:
        return SampleForm(data={"story": "word " * 120, "rel": "a", "long": "2 years", "more": ["2"]})
    form = SampleForm(formdata=MultiDict({"long": "since", "more": "2", "dist": "1"}))
    form.validate()
    return form


def _page(name: str) -> ResponseReturnValue:
    if name == "save":
        return render_template_string('{% from "_kit/forms.html" import saved %}{{ saved(moment) }}', moment=MOMENT)
    if name == "sheet" and request.method == "POST":
        return make_response(f"<title>Sent</title><p id=sent>{'|'.join(request.form.getlist('then'))}</p>")
    if "bad" in request.args:
        flash("Saved for good.")
        flash("The letter came back.", "error")
    scale = {"low": 2, "high": 4, "ticks": [(2, "2 Emerging"), (3, "3 Strong"), (4, "4")]}
    return render_template(
        f"samples/{name}.html", form=sample_form("bad" in request.args), now=MOMENT, rows=board_rows(), scale=scale
    )


def with_samples(make_app: Callable[..., Flask]) -> Flask:
    """A new application with the sample pages."""
    app = make_app(demo=True)
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, FileSystemLoader(SAMPLES.parent)])  # type: ignore[list-item]
    app.add_url_rule("/look/<name>", "look_sample", web.public()(_page), methods=["GET", "POST"])
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    return app
