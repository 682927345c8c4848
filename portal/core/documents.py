"""A letter shown as its reader gets it: an own HTML document, shut in by a policy of its own, for a sandboxed frame.

The page's strict policy would block the letter's styles, so it is never put into the page itself.
"""

from flask import Response, make_response

SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"  # of the <iframe>, too
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'none'; frame-ancestors 'self'; "
    f"sandbox {SANDBOX}"
)


def letter_document(html: str) -> Response:
    """The letter's HTML as a document; its links open in the whole window."""
    head, found, rest = html.partition("<head>")
    body = f'{head}<head><base target="_top">{rest}' if found else html
    response = make_response(body)
    response.headers["Content-Security-Policy"] = POLICY
    return response
