"""Files given as answers: taken in with a step, kept with the nomination, shown and sent back to who gave them."""

from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.core import audit, files, web
from portal.core.errors import Mistaken, NotThere
from portal.nominations.forms.nomination import StepForm
from portal.nominations.models import Nomination
from portal.nominations.views.public.base import bp, find_own
from portal.questions import actions, queries, uploads
from portal.questions.models import Upload
from portal.questions.shape import Asked

REMOVE = "remove:"  # "remove:q_k3..." is the button that takes a file back


@dataclass
class Came:
    """The files that came with a step: good ones written to disk, the others with what is wrong."""

    good: dict[str, tuple[str, uploads.Clean]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    gone: str = ""
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def placeholders(self) -> dict[str, str]:
        """What stands for the files among the answers until they are kept."""
        return {**dict.fromkeys(self.good, "new"), **({self.gone: ""} if self.gone else {})}

    def mark(self, form: Any) -> bool:
        """Names what is wrong at its field; whether nothing is."""
        for key, reason in self.wrong.items():
            form[key].errors = [reason]
        return not self.wrong

    def keep(self, nomination: Nomination) -> dict[str, str]:
        """The answers that the files are; inside the transaction."""
        thing, program_id = audit.name_of(nomination), nomination.program_id
        for key, (place, clean) in self.good.items():
            try:
                self.kept[key] = actions.keep_file(thing, key, program_id, place, clean.name, clean.media_type)
            except Mistaken as refusal:
                self.wrong[key] = str(refusal.reason)
        return {**self.kept, **({self.gone: ""} if self.gone else {})}

    def put(self, form: Any) -> Any:
        """The form with the kept files in it."""
        for key, public_id in self.kept.items():
            form[key].data = public_id
        return form


def stays(go: str) -> bool:
    """Whether the button only brings a file or takes one back."""
    return go == "upload" or go.startswith(REMOVE)


def came(asked: Asked, step: str, go: str) -> Came:
    """Reads the files of a step; what can be kept is written to disk, before any transaction."""
    found, keys = Came(), [q.key for q in asked.own(step) if q.kind == "file"]
    if go.startswith(REMOVE) and go.removeprefix(REMOVE) in keys:
        found.gone = go.removeprefix(REMOVE)
    for key in keys:
        sent = request.files.get(key)
        if sent is None or not sent.filename or key == found.gone:
            continue
        try:
            content = sent.stream.read(uploads.LARGEST + 1)
            clean = uploads.clean(content, sent.filename)
        except Mistaken as refusal:
            found.wrong[key] = str(refusal.reason)
        else:
            found.good[key] = (files.write(clean.content), clean)
        finally:
            sent.close()
    return found


def kept(nomination: Nomination, form: StepForm) -> dict[str, Upload]:
    """The files among a step's answers, by the question's key: no query when it asks for none."""
    ids = {q.key: str(form[q.key].data or "") for q in form.questions if q.kind == "file" and not q.fixed}
    if not any(ids.values()):
        return {}
    mine = queries.uploads_of([audit.name_of(nomination)])
    return {key: mine[public_id] for key, public_id in ids.items() if public_id in mine}


@bp.get("/awards/<slug>/nominate/<public_id>/answer-files/<upload>")
@web.public(find_own)
def own_file(nomination: Nomination, upload: str) -> ResponseReturnValue:
    """A file of one's own, to look at again."""
    found = queries.upload(audit.name_of(nomination), upload)
    if found is None:
        raise NotThere()
    return files.send(found.stored_file)
