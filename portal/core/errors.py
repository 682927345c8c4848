"""The refusals a person may meet, each a sentence and an HTTP status; `core.web` turns them into pages."""


class Refusal(Exception):
    """Something can't be done now; `str()` is the sentence that the person reads."""

    status = 400
    template = "errors/422.html"

    def __init__(self, reason: str = "", **context: object) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.context = context


class Refused(Refusal):
    """The person may not: the reason says why."""

    status = 403
    template = "errors/403.html"


class NotThere(Refusal):
    """No such thing for this person."""

    status = 404
    template = "errors/404.html"


class Overtaken(Refusal):
    """Somebody was faster: the thing is no longer in the state that the verb starts from."""

    status = 409
    template = "errors/409.html"


class Gone(Refusal):
    """A mailed link that was used, has expired, was replaced or never was: all answer alike."""

    status = 410
    template = "errors/410.html"


class Mistaken(Refusal):
    """What was asked makes no sense as it stands (nothing chosen, a place already taken): says what to do."""

    status = 422
    template = "errors/422.html"
