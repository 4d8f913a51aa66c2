"""The ``nameplate`` command: subcommands are imported only when called, so start-up is quick."""

from __future__ import annotations

import importlib
import sys
from typing import Final

import click

from nameplate import __version__
from nameplate.model.errors import NameplateError

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "backup": ("nameplate.cli.backup", "Copy the register to one archive, while in use."),
    "restore": ("nameplate.cli.restore", "Restore a backup into an empty workspace."),
    "audit": ("nameplate.cli.audit", "Verify the audit trail, sign its heads, export it."),
    "load": ("nameplate.cli.load", "Bring into the register what a trace wrote."),
    "estate": ("nameplate.cli.estate", "Devices: who made each, and what is wrong with it."),
    "demo": ("nameplate.cli.demo", "Trace the bundled example, constructed from a press report."),
    "trace": ("nameplate.cli.trace", "Trace whose equipment published records name."),
    "fetch": ("nameplate.cli.fetch", "Get notices from Contracts Finder or Find a Tender."),
    "explain": ("nameplate.cli.explain", "Show why an attribution is held, line by line."),
    "serve": ("nameplate.cli.serve", "Open the web application."),
    "worker": ("nameplate.cli.worker", "Carry out the imports that wait in the web application."),
    "screen": ("nameplate.cli.screen", "Look up names on watchlists as of a day"),
    "catalogue": ("nameplate.cli.catalogue", "Prove and show the facts that all tracing rests on"),
    "bodies": ("nameplate.cli.bodies", "Say which public body a name means, and who followed it."),
    "parties": (
        "nameplate.cli.parties",
        "Cluster suppliers' names and judge uncertain pairs.",
    ),
    "infer": ("nameplate.cli.infer", "How likely each maker is for a purchase, line by line."),
    "contradictions": (
        "nameplate.cli.contradictions",
        "Statements that cannot both hold, side by side.",
    ),
    "questions": ("nameplate.cli.questions", "Whom to ask about makers, what, and by when."),
    "rounds": ("nameplate.cli.rounds", "Survey rounds: draw bodies, state shares with bounds."),
    "statements": ("nameplate.cli.statements", "What documents state of makers, with the role."),
    "publish": ("nameplate.cli.publish", "Publish a trace as a site with open data."),
    "match": ("nameplate.cli.match", "Score pairs of names, with the reasons."),
}
"""Command name → (module with a click command of the name ``command``, one line of help)."""


class LazyGroup(click.Group):
    """A group that knows its subcommands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the named command, or None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nameplate")
def cli() -> None:
    """Trace who really made the equipment that public bodies buy."""


def main() -> None:
    """Run the command; a NameplateError is one sentence on standard error and its exit code."""
    try:
        cli()
    except NameplateError as error:
        click.echo(f"nameplate: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
