"""Browsers by the names people know."""

import pytest

from portal.accounts.devices import browser_name

MOZILLA = "Mozilla/5.0 "


@pytest.mark.parametrize(("agent", "name"), [
    (MOZILLA + "(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
     " Edg/131.0.0.0", "Edge on Windows"),
    (MOZILLA + "(Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
     "Chrome on Android"),
    (MOZILLA + "(Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0"
     " Mobile Safari/537.36", "Samsung Internet on Android"),
    (MOZILLA + "(iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
     " Mobile/15E148 Safari/604.1", "Safari on iPhone"),
    (MOZILLA + "(iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73"
     " Mobile/15E148 Safari/604.1", "Chrome on iPad"),
    (MOZILLA + "(Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Mac"),
    (MOZILLA + "(X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
     "Chrome on Chromebook"),
    ("curl/8.5.0", "curl/8.5.0"),
    ("", ""),
])  # fmt: skip
def test_a_browser_is_called_what_people_call_it(app, agent, name):
    with app.test_request_context():
        assert browser_name(agent) == name
