"""`portal rehearse EXPORT.csv`: an empty program, a real export, the whole way through the pages; then it serves."""

import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask

from portal.demo.command import demo_settings, free_port, prepare_folder
from portal.demo.walk.way import Way
from portal.demo.world import PROGRAM, year_name

OPEN_SINCE = 63  # days: nominations closed yesterday by the program's file, and nominees still have time to answer
ORGANIZER = ("First Organizer", "first.organizer@example.org")


@click.command("rehearse")
@click.argument("export", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), required=True,
              help="Folder of its database.")  # fmt: skip
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--no-serve", is_flag=True, help="End after the last step instead of serving what came of it.")
def rehearse(export: Path, data: Path, port: int, no_serve: bool) -> None:
    """Walk the whole way with a form's EXPORT: import, consent, panel, winners, a session on the agenda.

    Everything is done through the pages, as people would; mailed links are read from the outbox, and no mail leaves.
    """
    from portal.app import create_app
    from portal.core import migrating, serving
    from portal.core.errors import Refusal
    from portal.demo.walk.browser import Unexpected

    prepare_folder(data, fresh=True)
    port = free_port(port)
    config = demo_settings(data, port)
    app = create_app(config)
    with app.app_context():
        click.echo(migrating.upgrade())
    began = time.monotonic()
    try:
        way = found(app, export)
        tell_all(way)
    except (Unexpected, Refusal) as problem:
        raise click.ClickException(f"The way ends here: {problem}") from None
    click.echo(f"The whole way took {time.monotonic() - began:.0f} seconds.")
    if no_serve:
        return
    for line in addresses(way, config.base_url):
        click.echo(line)
    sys.stdout.flush()
    sys.exit(serving.serve(config, host="127.0.0.1", port=port))


def tell_all(way: Way) -> None:
    """Walks, and prints each step with its figures."""
    from portal.demo.walk.steps import STEPS
    from portal.demo.walk.way import walk

    for number, (step, _figures, sentence) in enumerate(walk(way, STEPS), 1):
        click.echo(f"{number:>2}. {step.name + ':':<14} {sentence}")


def found(app: Flask, export: Path, *, most_yes: int | None = None) -> Way:
    """The empty program with its first organizer, who is signed in by an operator's link."""
    from portal.accounts import actions as accounts
    from portal.core import audit, clock, links, outbox
    from portal.core.db import db, transaction
    from portal.programs import command
    from portal.programs.queries import program_by_slug

    name, address = ORGANIZER
    # The walk itself has the jobs done; a queue beside it would only be worked off a second time.
    app.extensions.pop("portal.enqueue", None)
    with app.app_context():
        opens = clock.today() - timedelta(days=OPEN_SINCE)
        cycle = year_name(opens)
        command.load.main([PROGRAM, "--opens", opens.isoformat(), "--cycle", cycle], standalone_mode=False)
        program = program_by_slug(PROGRAM)
        assert program is not None
        with transaction():
            person = accounts.find_or_make_person(name, address)
            accounts.grant(audit.OPERATOR, person, "organizer", program.id)
        with transaction():
            link: Any = accounts.operator_link(address)
        way_in = outbox.address("accounts.sign_in_link", token=links.token(link))
        slug = program.slug
        db.session.remove()
    way = Way(app, export, slug, cycle, address, most_yes=most_yes)
    way.browser("organizer").press(way_in, "/sign-in/")
    return way


def addresses(way: Way, base: str) -> list[str]:
    """Where to look at what came of it."""
    return [
        "",
        f"The public page       {base}/awards/{way.slug}/",
        f"The winners           {base}/awards/{way.slug}/winners",
        f"The agenda            {base}/awards/{way.slug}/convening",
        f"Everybody to be       {base}/demo",
        f"Every letter          {base}/mailbox",
        "",
        "Ctrl+C stops it.",
    ]
