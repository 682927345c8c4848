"""Starts `portal demo` in this folder's environment, fetches the first page and a sign-in link, stops it."""

import re
import signal
import subprocess
import sys
import time
import urllib.request

PORT = 8917
ADDRESS = f"http://127.0.0.1:{PORT}"
PATIENCE = 180  # seconds; the promise is 20 on two idle cores, and this machine may be busy


def fetch(url: str) -> str:
    """The page, or an empty text while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def main() -> int:
    """Runs the demo once."""
    log = open("demo.log", "w+")  # noqa: SIM115 (it lives as long as the server)
    began = time.monotonic()
    server = subprocess.Popen([".venv/bin/portal", "demo", "--port", str(PORT)], stdout=log, stderr=subprocess.STDOUT)
    page = ""
    try:
        while not page and time.monotonic() - began < PATIENCE and server.poll() is None:
            page = fetch(f"{ADDRESS}/awards/teach-on/")
            time.sleep(0.2)
        print(f"first page after {time.monotonic() - began:.1f} s")
        log.seek(0)
        link = re.search(rf"{ADDRESS}/\S*sign-in/\S+", log.read())
        well = "/nominate" in page and bool(link) and "csrf_token" in fetch(link[0])  # type: ignore[index]
    finally:
        server.send_signal(signal.SIGINT)
        code = server.wait(30)
    log.seek(0)
    if not well or code != 0:
        print(log.read())
    print(f"the demo {'answered' if well else 'did NOT answer'} and ended with {code}")
    return 0 if well and code == 0 else 1


sys.exit(main())
