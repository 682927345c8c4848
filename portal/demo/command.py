"""`portal demo`: makes a living example once, serves it, and says how to get in."""

import shutil
import signal
import socket
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask

from portal.core import serving, settings
from portal.core.serving import Supervisor
from portal.core.settings import Settings
from portal.core.tokens import new_secret

SECRET = "demo-secret"  # marks a folder as a demo's, and keeps its links working from one start to the next
OURS = ("portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm", "queue.sqlite3", "queue.sqlite3-wal",
        "queue.sqlite3-shm", "files", "demo-complete", "demo-go")  # fmt: skip
GO = "demo-go"  # its presence lets the servers answer
MOST_PORTS = 20
# (part, how the line calls it); the address is the part's, see `acts`
ROLES = (("organizer", "Organizer"), ("organizer", "Second organizer"), ("chair", "Chair of the panel"),
         ("reviewer", "Reviewer"), ("member", "Member, past winner"), ("auditor", "Auditor"))  # fmt: skip
FIRST_CHOICE = {"Organizer": "sam@", "Second organizer": "sofia@", "Reviewer": "priya@",
                "Member, past winner": "wanda@"}  # fmt: skip


@click.command("demo")
@click.option("--fresh", is_flag=True, help="Throw the demo in the folder away and make it anew, around today.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=Path("demo-data"),
              show_default=True, help="Folder of the demo's database.")  # fmt: skip
def demo(fresh: bool, port: int, data: Path) -> None:
    """Make a living example (once), serve it, and print a way in for each role."""
    began = time.monotonic()
    prepare_folder(data, fresh=fresh)
    port = free_port(port)
    config = demo_settings(data, port)
    supervisor = held_servers(config)
    try:
        app = ready_app(config)
        for line in ways_in(app):
            click.echo(line)
    except BaseException:
        supervisor.end()
        raise
    click.echo(f"\nReady after {time.monotonic() - began:.0f} seconds. Ctrl+C stops it.")
    sys.stdout.flush()
    (config.data / GO).touch()
    sys.exit(supervisor.run())


def held_servers(config: Settings) -> Supervisor:
    """The servers of `portal serve`, loading already while the demo is made (see `held`)."""
    go = config.data / GO
    go.unlink(missing_ok=True)
    commands = {
        name: [python, flag, "portal.demo.held", str(go), *module_and_arguments]
        for name, (python, flag, *module_and_arguments) in serving.commands(
            config, host="127.0.0.1", port=config.port
        ).items()
    }
    supervisor = Supervisor(commands, serving.environment(config))
    supervisor.start_all()
    # Until it serves, Ctrl+C stops the making at once: what is half made is made anew the next time.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return supervisor


def prepare_folder(data: Path, *, fresh: bool) -> None:
    """Makes the folder, and empties it of a demo that is unwanted or was left half made. Refuses a folder of others.

    Raises SettingsError when the environment is wrong.
    """
    from portal.demo.making import is_complete

    if data.exists() and any(data.iterdir()) and not (data / SECRET).is_file():
        raise click.ClickException(f"The folder {data} holds something else than a demo. Name another one with --data.")
    settings.load(data=data.resolve(), **_fixed(0, new_secret()))  # what is wrong is said before anything is lost
    data.mkdir(parents=True, exist_ok=True)
    if fresh or not is_complete(data):
        for each in (data / name for name in OURS):
            if each.is_dir():
                shutil.rmtree(each)
            else:
                each.unlink(missing_ok=True)


def free_port(wanted: int) -> int:
    """The port, or the next free one, said in a sentence."""
    for port in range(wanted, min(wanted + MOST_PORTS, 65536)):
        if is_free(port):
            if port != wanted:
                click.echo(f"Port {wanted} is in use by another program; the demo takes {port}.")
            return port
    raise click.ClickException(f"Ports {wanted} to {wanted + MOST_PORTS - 1} are in use. Name another with --port.")


def is_free(port: int) -> bool:
    """Whether this machine lets us listen there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def demo_settings(data: Path, port: int) -> Settings:
    """The settings of a demo: whatever the environment says, its own database, and no mail leaves."""
    secret = data / SECRET
    if not secret.is_file():
        secret.touch(mode=0o600)
        secret.write_text(new_secret() + "\n")
    return settings.load(data=data.resolve(), **_fixed(port, secret.read_text().strip()))


def _fixed(port: int, secret: str) -> dict[str, Any]:
    return {
        "database_url": "", "smtp_host": "", "testing": False, "demo": True, "trusted_proxies": 0,
        "secret_key": secret, "base_url": f"http://127.0.0.1:{port}",
        "host": "127.0.0.1", "port": port,
        "web_workers": 1,  # one process is up sooner, and its threads are plenty for one visitor
        "sqlite_synchronous": "NORMAL",  # nobody's only copy
    }  # fmt: skip


def ready_app(config: Settings) -> Flask:
    """The application on a complete demo, made now if need be."""
    from portal.app import create_app
    from portal.core import migrating
    from portal.demo import making

    made = making.is_complete(config.data)
    app = create_app(config)
    with app.app_context():
        migrating.upgrade()
    if made:
        click.echo(f"The demo of {made_on(config.data)} is served as it is; --fresh makes a new one around today.")
    else:
        making.make(app, click.echo)
    return app


def made_on(data: Path) -> str:
    """The day on which the demo was made: its dates are around that day."""
    from portal.demo.making import MARKER

    day = datetime.fromtimestamp((data / MARKER).stat().st_mtime)
    return f"{day:%B} {day.day}, {day.year}"


def ways_in(app: Flask) -> list[str]:
    """The addresses to print: the public page, everybody, one sign-in link a role, and the doors without an account."""
    from portal.core import links, outbox
    from portal.core.db import transaction
    from portal.demo import actions, queries

    base = app.config["PORTAL"].base_url
    with app.app_context():
        found = queries.cast()
        slug = found.program.slug if found.program else ""
        lines = ["", f"The program's page    {base}/awards/{slug}/", f"Everybody to be       {base}/demo",
                 f"The demo's mailbox    {base}/mailbox", "", "Sign in by a link (each works once):"]  # fmt: skip
        taken: set[int] = set()
        with transaction():
            for role, label in ROLES:
                chosen = _choose(found.roles.get(role, []), FIRST_CHOICE.get(label, ""), taken)
                if chosen is not None:
                    taken.add(chosen.id)
                    link = links.token(actions.lasting_link(chosen))
                    address = outbox.address("accounts.sign_in_link", token=link)
                    lines.append(f"  {label + ', ' + chosen.name:<36} {address}")
        for part, label in (("nominee", "A nominee's letter"), ("nominator", "A nominator's own page")):
            if part in found.doors:
                name, address = found.doors[part]
                lines.append(f"  {label + ', ' + name:<36} {address}")
    return lines


def _choose(players: list[Any], address: str, taken: set[int]) -> Any:
    """The person of that address, else the first of the role who was not named yet."""
    left = [player.person for player in players if player.person.id not in taken]
    return next((p for p in left if address and p.email.startswith(address)), left[0] if left else None)
