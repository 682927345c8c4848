"""`portal mail bounces FILE`: reads the mail that came back."""

import sys
from pathlib import Path

import click

from portal.core import bounces


@click.command("bounces")
@click.argument("source", metavar="FILE", type=click.Path(exists=True, allow_dash=True, path_type=Path))
def read(source: Path) -> None:
    """Mark letters that came back, from delivery reports.

    FILE is one mail, an mbox, a maildir, or - for what a mail server pipes in. Reading the same mail twice changes
    nothing. Organizers then see who was not reached and what to do.
    """
    stdin = str(source) == "-"
    count = bounces.read(bounces.mails_of(sys.stdin.buffer.read()) if stdin else bounces.mails_in(source))
    click.echo(
        f"{count.read} read: {count.bounced} letters marked as come back, {count.others} were no delivery reports."
    )
