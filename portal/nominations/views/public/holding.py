"""Which nominations this browser may open: a signed cookie of their public ids, apart from signing in and out.

A draft stays open to the browser it was begun in. What was sent stays open for an hour only, because school computers
are shared; later the link in the mail opens it again.
"""

from typing import Any

from flask import after_this_request, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.core import tokens
from portal.core.clock import now
from portal.nominations.rules.nominate import OPEN_HOURS

COOKIE = "nominations"
LASTS = 90 * 86400
MOST = 12  # the oldest is forgotten first; its mailed link still works
STARTING = "+"  # the key of the id that the next draft will have: a note of ours, no nomination


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["PORTAL"].secret_key, salt="own-nominations")


def _kept() -> dict[str, Any]:
    """What the cookie holds: the nominations of `held`, and the id of the next draft under STARTING."""
    if "own_nominations" not in g:
        try:
            found = _serializer().loads(request.cookies.get(COOKIE, ""), max_age=LASTS)
        except BadSignature:
            found = {}
        g.own_nominations = dict(found) if isinstance(found, dict) else {}
    return dict(g.own_nominations)


def held() -> dict[str, int]:
    """{public id: 0 for a draft, or the second at which it was sent}, oldest first."""
    return {k: v for k, v in _kept().items() if k != STARTING}


def may_open(public_id: str) -> bool:
    """Whether this browser may open the nomination now."""
    sent = held().get(public_id)
    return sent is not None and (sent == 0 or now().timestamp() - sent < OPEN_HOURS.total_seconds())


def hold(public_id: str, *, sent: bool = False) -> None:
    """Lets this browser open the nomination: a draft from now on, a sent one for its hour."""
    kept = {k: v for k, v in _kept().items() if k != public_id and v != public_id}
    _keep({**kept, public_id: int(now().timestamp()) if sent else 0})


def forget(public_id: str) -> None:
    """Closes the nomination to this browser."""
    _keep({k: v for k, v in _kept().items() if k != public_id})


def starting() -> str:
    """The id that the next draft begun in this browser gets: a form sent twice, or from two tabs, begins one."""
    kept = _kept().get(STARTING)
    if not isinstance(kept, str):
        kept = tokens.new_public_id()
        _keep({**_kept(), STARTING: kept})
    return kept


def to_begin(typed: str) -> str:
    """The id under which a draft begins: the one that came with the form when it is this browser's, else a new one."""
    return typed if typed in held() else starting()


def _keep(found: dict[str, Any]) -> None:
    own = {k: v for k, v in found.items() if k != STARTING}
    own = dict(list(own.items())[-MOST:])
    if STARTING in found:
        own[STARTING] = found[STARTING]
    g.own_nominations = own
    value = _serializer().dumps(own)

    @after_this_request
    def _write(response: Any) -> Any:
        secure = current_app.config["PORTAL"].base_url.startswith("https://")
        response.set_cookie(COOKIE, value, max_age=LASTS, httponly=True, samesite="Lax", secure=secure)
        return response
