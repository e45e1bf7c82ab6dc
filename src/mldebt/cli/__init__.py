"""`mldebt`: arguments in, exit code out."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from mldebt import __version__
from mldebt.cli import changing, scanning, showing
from mldebt.door import OK, USAGE, exit_code


class _DefaultToScan(click.Group):
    """`mldebt` and `mldebt PATH` are `mldebt scan`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = next((a for a in args if not a.startswith("-")), None)
        if not set(args) & {"--help", "-h", "--version"} and first not in self.commands:
            args = ["scan", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_DefaultToScan, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mldebt")
def app() -> None:
    """Find, prove and price the technical debt of a machine-learning repository."""


for command in (*scanning.COMMANDS, *changing.COMMANDS, *showing.COMMANDS):
    app.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exit codes as in the contract."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(exit_code(lambda: _invoke(given), given))


def _invoke(arguments: list[str]) -> int:
    try:
        with app.make_context("mldebt", arguments) as context:  # its `main` would end with 1 if nobody reads its output
            code = app.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE
    return code if isinstance(code, int) else OK
