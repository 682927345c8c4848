"""A program's own words in letters: the list, one letter in both languages, its preview, a test to oneself."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, outbox, web
from portal.core.db import transaction
from portal.core.errors import NotThere
from portal.core.i18n import LANGUAGES
from portal.programs import actions, mail, rules, stored
from portal.programs.definition import DefinitionErrors, read_definition
from portal.programs.forms.kinds import languages
from portal.programs.forms.section import set_box
from portal.programs.forms.wording import Wording, form_for, usual_words
from portal.programs.letters import GROUPS, LETTERS
from portal.programs.models import Cycle
from portal.programs.views.base import bp, find_cycle, tell
from portal.programs.views.editing import save_typed


@bp.get("/cycles/<public_id>/words")
@web.requires(rules.EDIT, find_cycle)
def mail_texts(cycle: Cycle) -> ResponseReturnValue:
    """The letters in which the program may use words of its own."""
    own = cycle.program.settings.get("letters", {})
    groups = [
        (group, name, [(key, letter) for key, letter in LETTERS.items() if letter.to == group])
        for group, name in GROUPS.items()
    ]
    return hx.page("programs/letters.html", cycle=cycle, groups=groups, own=own)


def opened(cycle: Cycle, letter: str, formdata: Any = None) -> tuple[Wording, dict[str, Any]]:
    """The form of a letter, and the file's values as held."""
    if letter not in LETTERS:
        raise NotThere()
    data = stored.data_of(cycle)
    form = form_for(letter).of(cycle, data, formdata)
    assert isinstance(form, Wording)
    return form, data


def show(cycle: Cycle, form: Wording, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The letter's page with what is typed, and how it reads."""
    shown = {
        language: outbox.render(wanted.template, wanted.locale, wanted.context)
        for language in languages()
        for wanted in (mail.example(cycle.program, form.key, language, form.words()),)
    }
    return hx.page("programs/letter.html", status=status, cycle=cycle, form=form, shown=shown, names=LANGUAGES, **more)


@bp.get("/cycles/<public_id>/words/<letter>")
@web.requires(rules.EDIT, find_cycle)
def wording(cycle: Cycle, letter: str) -> ResponseReturnValue:
    """One letter as it is."""
    form, _data = opened(cycle, letter)
    return show(cycle, form)


@bp.post("/cycles/<public_id>/words/<letter>")
@web.requires(rules.EDIT, find_cycle)
def save_wording(cycle: Cycle, letter: str) -> ResponseReturnValue:
    """Saves the words, shows them, sends them to oneself, or takes Laurel's again."""
    form, data = opened(cycle, letter, request.form)
    verb = request.form.get("do", "")
    if verb == "usual":
        for part, text in usual_words(letter).items():
            for language, words in text.items():
                set_box(form[part].form[language], words)
    elif not form.validate():
        return show(cycle, form, 422)
    try:
        definition = read_definition(form.typed(data))
    except DefinitionErrors as errors:
        return show(cycle, form, 422, elsewhere=form.take(errors.problems))
    if verb in ("preview", "test"):
        if verb == "test":
            with transaction():
                actions.send_test(cycle, letter, form.words(), web.current_person())
            flash(_("A test is on its way to %(address)s. Nothing was saved.", address=web.current_person().email))
        return show(cycle, form, unsaved=True)
    if form.held.data != form.now:
        form.held.data = form.now
        return show(cycle, form, 409, overtaken=True)
    tell(save_typed(cycle, form, definition, form.typed(data), data))
    return hx.go(url_for("programs.mail_texts", public_id=cycle.public_id))
