"""Hostile input over every form: fuzzed fields, scripts, bad files and spreadsheet formulas; what breaks, what runs.

    python -m tests.endurance.hostile [--forms 10000] [--seed 1]

Forms are posted inside this process, as the people who may use them. Exits 1 when any answer is a server error, or any
text has an effect: an element in a page, a letter or a drawing that somebody's text has made, a formula in a sheet.
"""

import argparse
import io
import logging
import random
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from tests.cast import letters, run_jobs
from tests.endurance.effects import in_answer, in_page
from tests.endurance.forms import Form, Site
from tests.endurance.nasty import FORMULAS, PAYLOADS, VALUES, files, odd_name

FRESH = 1000  # so many fuzzed forms on one installation: then a new one, since by then they have changed much


@dataclass
class Report:
    """How much was sent, and what went wrong."""

    forms: int = 0
    payloads: int = 0
    files: int = 0
    formulas: int = 0
    pages: int = 0
    rules: set[str] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    effects: Counter[str] = field(default_factory=Counter)
    last: Any = None  # the attack that came last

    def sentences(self) -> list[str]:
        return [
            f"{self.forms:,} fuzzed forms over {len(self.rules)} routes, {self.payloads} script payloads, "
            f"{self.files} bad files, {self.formulas} spreadsheet formulas; {self.pages:,} pages read afterward",
            "answers: " + ", ".join(f"{status} x {n:,}" for status, n in sorted(self.answers.items())),
            f"{sum(self.errors.values())} server errors, {sum(self.effects.values())} effects",
            *(f"server error ({n} times): {what}" for what, n in self.errors.most_common(60)),
            *(f"effect ({n} times): {what}" for what, n in self.effects.most_common(60)),
        ]


class Attack:
    """One installation under fire."""

    def __init__(self, app: Flask, phase: str, report: Report, rng: random.Random) -> None:
        self.site, self.report, self.rng = Site(app, phase), report, rng
        self.app, report.last = app, self
        self.forms = self.site.forms()
        self.ids = [str(v) for v in self.site.estate.ids.values()] + [f.url.split("/")[-1] for f in self.forms[:200]]
        self.tokens: dict[int, str] = {}

    def send(self, form: Form, data: Any, *, token: bool = True, hx: bool = False, url: str = "") -> None:
        """Posts; an answer of 500 or more and an exception are errors, and what runs in the answer is an effect."""
        given = dict(data)
        if token:
            if id(form.browser) not in self.tokens:
                self.tokens[id(form.browser)] = form.browser.token()
            given["csrf_token"] = self.tokens[id(form.browser)]
        else:
            given.pop("csrf_token", None)
        self.report.rules.add(form.rule)
        where = url or form.url
        try:
            answer = form.browser.client.post(where, data=given, headers={"HX-Request": "true"} if hx else {})
            content = answer.get_data()
            answer.close()
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)
            ours = [f for f in last if "/portal/" in f.filename or "/templates/" in f.filename] or last
            at = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
            self.report.errors[f"{form.rule}: {type(error).__name__} at {at}: {str(error)[:120]!r}"] += 1
            return
        self.report.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            self.report.errors[f"{form.rule}: {answer.status_code}"] += 1
        self.note(form.rule, answer.mimetype, content)

    def note(self, where: str, mimetype: str, content: bytes) -> None:
        for effect in in_answer(mimetype, content):
            self.report.effects[f"{where}: {effect}"] += 1

    def fuzz(self, number: int) -> None:
        """So many forms, each wrong in its own way."""
        for i in range(number):
            form = self.forms[i % len(self.forms)] if i < len(self.forms) else self.rng.choice(self.forms)
            data: dict[str, Any] = form.honest()
            for name in list(form.fields):
                turn = self.rng.random()
                if turn < 0.4:
                    data[name] = self.value()
                elif turn < 0.5:
                    data[name] = [self.value() for _n in range(3)]
                elif turn < 0.6:
                    data.pop(name, None)
                elif turn < 0.75 and form.fields[name].values:
                    data[name] = self.rng.choice(form.fields[name].values)
            if self.rng.random() < 0.2:
                data[odd_name(self.rng)] = self.value()
            parts = form.url.split("/")
            if self.rng.random() < 0.15 and len(parts) > 2:  # somebody else's thing, or nothing
                at = self.rng.randrange(1, len(parts))
                parts[at] = self.rng.choice([*self.ids, "x" * 300, "%00", "%ff", "0", "99999999999999999999", "é"])
            hx = self.rng.random() < 0.3
            self.send(form, data, token=self.rng.random() < 0.95, hx=hx, url="/".join(parts))
            self.report.forms += 1

    def value(self) -> str:
        return self.rng.choice(self.ids) if self.rng.random() < 0.15 else self.rng.choice(VALUES)

    def fill(self, texts: Sequence[str], everywhere: bool) -> int:
        """Each text into some text field (or some text into each) of a form that is right otherwise; how many texts."""
        places = [(form, name) for form in self.forms for name in form.typed()]
        self.rng.shuffle(places)
        for i in range(max(len(texts), len(places) if everywhere else 0)):
            form, name = places[i % len(places)]
            self.send(form, {**form.honest(), name: texts[i % len(texts)]})
        return len(texts)

    def upload(self, given: Sequence[tuple[str, bytes]]) -> int:
        """Each file to each form that takes one."""
        places = [(form, name) for form in self.forms for name in form.takes_files()]
        assert places, "no form takes a file"
        for name, content in given:
            for form, key in places:
                self.send(form, {**form.honest(), key: (io.BytesIO(content), name)})
            self.jobs()
        return len(given)

    def jobs(self) -> None:
        try:
            run_jobs(self.app)
        except Exception as error:
            self.report.errors[f"a job: {type(error).__name__}: {str(error)[:200]}"] += 1

    def look(self) -> None:
        """Reads every page, every sheet and every letter again."""
        self.jobs()
        for browser, url in self.site.pages:
            try:
                answer = browser.client.get(url)
                content = answer.get_data()
                answer.close()
            except Exception as error:
                self.report.errors[f"GET {url}: {type(error).__name__}: {str(error)[:200]}"] += 1
                continue
            if answer.status_code >= 500:
                self.report.errors[f"GET {url}: {answer.status_code}"] += 1
            self.report.pages += 1
            self.note(f"GET {url}", answer.mimetype, content)
        for letter in letters(self.app):
            if "\n" in letter.subject or "\r" in letter.subject:
                self.report.effects[f"a letter's subject of two lines: {letter.template}"] += 1
            for effect in in_page(letter.html or ""):
                self.report.effects[f"letter {letter.template}: {effect}"] += 1


def run(make: Callable[[], Flask], forms: int, payloads: int, bad: int, formulas: int, seed: int) -> Report:
    """The whole of it; `make` gives an empty installation."""
    report, rng = Report(), random.Random(seed)
    attack = Attack(make(), "scoring", report, rng)
    report.payloads = attack.fill(PAYLOADS[:: max(1, len(PAYLOADS) // payloads)][:payloads], forms > FRESH)
    report.formulas = attack.fill(FORMULAS[:formulas], forms > FRESH)
    report.files = attack.upload(list(files())[:: max(1, 60 // bad)][:bad])
    attack.look()
    left, phases = forms, ("announced", "scoring", "decided")
    for turn in range((forms + FRESH - 1) // FRESH):
        if turn or forms > FRESH:
            attack = Attack(make(), phases[turn % 3], report, rng)
        attack.fuzz(min(FRESH, left))
        attack.look()
        left -= FRESH
    return report


def main() -> int:
    from portal.app import create_app
    from portal.core import settings
    from portal.core.db import Base, db

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", type=int, default=10_000)
    parser.add_argument("--payloads", type=int, default=len(PAYLOADS))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        made = 0

        def make() -> Flask:
            nonlocal made
            made += 1
            place = Path(folder, str(made))
            place.mkdir()
            app = create_app(settings.load(data=place, secret_key="t" * 40, testing=True, base_url="http://localhost"))
            with app.app_context():
                Base.metadata.create_all(db.engine)
            return app

        report = run(make, given.forms, given.payloads, 60, len(FORMULAS), given.seed)
    print("\n".join(report.sentences()))
    return 1 if report.errors or report.effects else 0


if __name__ == "__main__":
    sys.exit(main())
