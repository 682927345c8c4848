"""A browser as plain as can be: a connection that stays open, cookies, the form's token."""

import re
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from tests.endurance.server import HOST

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Interrupted(Exception):
    """The connection broke before the whole answer was there: nobody knows what the server did."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str
    size: int  # bytes of the body


class Visitor:
    """One browser. Redirects are not followed; cookies and the newest form's token are kept."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> None:
        self.port, self.cookies, self.headers = port, dict(cookies or {}), headers or {}
        self.token = ""
        self._connection: HTTPConnection | None = None

    def get(self, url: str) -> Answer:
        return self._ask("GET", url, None, {})

    def post(self, url: str, fields: dict[str, str], *, hx: bool = False) -> Answer:
        """Sends a form with the token of the page it came from."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if hx:
            headers["HX-Request"] = "true"
        return self._ask("POST", url, urlencode({"csrf_token": self.token, **fields}), headers)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, url: str, body: str | None, headers: dict[str, str]) -> Answer:
        if self._connection is None:
            self._connection = HTTPConnection(HOST, self.port, timeout=60)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**self.headers, **headers, **({"Cookie": cookie} if cookie else {})}
        try:
            self._connection.request(method, url, body, sent)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            self.close()
            raise Interrupted(str(error)) from None
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = content.decode(errors="replace")
        found = TOKEN.search(text)
        if found:
            self.token = found.group(1)
        return Answer(response.status, response.headers.get("Location", ""), text, len(content))
