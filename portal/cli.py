"""The `portal` command: sets up, serves, imports, ranks, verifies. Errors are sentences."""

import sys
from collections.abc import Callable
from copy import copy
from datetime import date, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import click

from portal.core import settings


def _with_app(function: Callable[..., Any]) -> Callable[..., Any]:
    """Runs the command inside the application."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        from portal.app import create_app

        with create_app().app_context():
            return function(*args, **kwargs)

    return run


class Later(click.Group):
    """A group whose subcommands live in the features and are imported only when they are asked for."""

    def __init__(self, *args: Any, places: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.places:
            return super().get_command(ctx, name)
        from importlib import import_module

        module, _, attribute = self.places[name].partition(":")
        command: click.Command = copy(getattr(import_module(module), attribute))
        if module not in WITHOUT_APP and command.callback:
            command.callback = _with_app(command.callback)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Every command runs through here: refusals and broken settings end as sentences."""
        from portal.core.errors import Refusal

        try:
            return super().invoke(ctx)
        except settings.SettingsError as error:
            settings.complain(error)
            sys.exit(2)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None


WITHOUT_APP = ("portal.selection.command", "portal.demo.command", "portal.demo.rehearsal")


@click.group(
    cls=Later,
    places={
        "rank": "portal.selection.command:rank",
        "demo": "portal.demo.command:demo",
        "rehearse": "portal.demo.rehearsal:rehearse",
    },
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="laurel", message="Laurel %(version)s")
def main() -> None:
    """Laurel honors educators: nomination, consent, panels, ranking, announcement, Collective and convening."""


PROGRAM_COMMANDS = {name: f"portal.programs.command:{name}" for name in ("load", "write", "founder")}


@main.group("program", cls=Later, places=PROGRAM_COMMANDS)
def program_group() -> None:
    """Programs as files."""


@main.group("import", cls=Later, places={
        "nominations": "portal.nominations.command:nominations",
        "schools": "portal.programs.schools_command:schools",
    },
)
def import_group() -> None:
    """Bring data in."""


@main.group("mail", cls=Later, places={"bounces": "portal.core.bounces_command:read"})
def mail_group() -> None:
    """Mail that comes back."""


@main.group("audit")
def audit_group() -> None:
    """The record of what happened."""


@audit_group.command("verify")
@_with_app
def verify() -> None:
    """Recompute the chains and count every file's voices anew; exit 1 when anything does not fit or is missing."""
    from portal.core import audit, triggers
    from portal.nominations.queries.tally import miscounted

    count, findings = audit.verify()
    for finding in findings:
        where = f"entry {finding.seq}" if finding.seq else "head"
        click.echo(f"{finding.chain}, {where}: {finding.problem}", err=True)
    click.echo(f"{count} entries read, {len(findings)} do not fit.")
    wrong = miscounted()
    for file in wrong:
        click.echo(f"file:{file}: other voices were written than stand at it; `portal migrate` counts them", err=True)
    lost = triggers.missing()
    for name in lost:
        click.echo(f"trigger {name}: it is not there, so voices go uncounted; `portal migrate` makes it", err=True)
    sys.exit(1 if findings or wrong or lost else 0)


@main.command()
@_with_app
def migrate() -> None:
    """Bring the database to this version's tables."""
    from portal.core import migrating

    click.echo(migrating.upgrade())


@main.command("sign-in-link")
@click.argument("address")
@_with_app
def sign_in_link(address: str) -> None:
    """Print a sign-in link for ADDRESS, for when mail does not arrive."""
    from portal.accounts import actions, queries
    from portal.core import links, outbox
    from portal.core.db import transaction

    if queries.person_by_email(address) is None:
        raise click.ClickException(f"Nobody has an account with the address {address}.")
    with transaction():
        link = actions.operator_link(address.strip().lower())
    click.echo(outbox.address("accounts.sign_in_link", token=links.token(link)))


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=None, help="Folder of the database and uploads.")
@click.option("--organizer", "address", prompt="E-mail address of the first organizer", help="The first organizer.")
@click.option("--name", prompt="Their name", help="The first organizer's name.")
@click.option("--opens", prompt="Opening day of nominations (YYYY-MM-DD)", help="When nominations open.")
@click.option("--cycle", default=None, help="How people call this year's award; by default the year of its end.")
@click.option(
    "--program", "file", default="teach-on", show_default=True, help="A program's TOML file, or a shipped name."
)
@click.option("--base-url", default="http://127.0.0.1:8000", show_default=True, help="How people reach the server.")
def init(data: Path | None, address: str, name: str, opens: str, cycle: str | None, file: str, base_url: str) -> None:
    """Set up: settings, database, the program with its windows, and the first organizer."""
    from portal.app import create_app
    from portal.core import migrating
    from portal.core.forms import is_address, read_address
    from portal.programs.command import Day, cycle_named, program_in

    # Whatever may be wrong is said before anything is made.
    day = Day().convert(opens, None, None)
    cycle = cycle_named(cycle or str((day + timedelta(days=183)).year))
    slug = program_in(file).definition.slug
    address = read_address(address)
    if not is_address(address):
        raise click.ClickException(f"{address!r} is no e-mail address.")
    settings.load(check=False, data=data)
    click.echo(settings.write_file(data, base_url=base_url))
    app = create_app(settings.load(check=False, data=data))
    with app.app_context():
        click.echo(migrating.upgrade())
        _first_program(file, slug, day, cycle, name, address)


def _first_program(file: str, slug: str, day: date, cycle: str, name: str, address: str) -> None:
    """Loads the program and makes the organizer of it."""
    from portal.accounts import actions
    from portal.core import audit
    from portal.core.db import transaction
    from portal.programs.command import load
    from portal.programs.queries import program_by_slug

    load.main([file, "--opens", day.isoformat(), "--cycle", cycle], standalone_mode=False)
    program = program_by_slug(slug)
    assert program is not None  # just loaded
    with transaction():
        person = actions.find_or_make_person(name, address)
        actions.grant(audit.OPERATOR, person, "organizer", program.id)
    click.echo(f"{name} is organizer. Start with `portal serve`, and sign in with `portal sign-in-link {address}`.")


@main.command()
@click.option("--host", default=None, help="Address to listen on.")
@click.option("--port", type=int, default=None, help="Port to listen on.")
def serve(host: str | None, port: int | None) -> None:
    """Run the web server and exactly one worker, and keep both running."""
    from portal.core import serving

    config = settings.load()
    sys.exit(serving.serve(config, host=host or config.host, port=port or config.port))


@main.command()
@_with_app
def worker() -> None:
    """Run the worker alone (where web processes run apart)."""
    from flask import current_app

    from portal.core import queue

    queue.work(current_app._get_current_object())  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
