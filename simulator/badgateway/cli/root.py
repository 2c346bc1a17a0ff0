"""The command `badgateway`: finds the file of the command that was named, and loads no other."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from badgateway import __version__
from badgateway.cli.edge import guarded
from badgateway.errors import nearest

# One line each, so that --help need not load any of them; a test compares them with the commands' own help.
COMMANDS = {
    "demo": "Play the bundled scenarios against the embedded reference integration.",
    "run": "Play scenarios against an integration and judge its money.",
    "replay": "Play again what a journal records, and judge it again.",
    "report": "Tell a stored run again, judged by the laws of today.",
    "check": "Check scenario files and configuration without playing them.",
    "explain": "Say in words what a scenario will do, or what a word means.",
    "list": "List what scenarios may name: faults, invariants, providers and more.",
    "serve": "Serve simulated providers for work by hand.",
    "attach": "Run a program with its calls to the real provider led to a simulated one.",
    "trigger": "Make a served provider send an event, by doing what brings it about.",
    "settlement": "Print a settlement report of a served provider, as CSV or JSON.",
    "record": "Record what a real sandbox answers, for `badgateway drift`.",
    "drift": "Play a recording again, and tell where the simulated provider answers otherwise.",
    "verify": "Hold integration and simulated providers to their contracts.",
    "pacts": "Publish pacts to a broker, fetch and verify what it has, and ask it what may be deployed.",
    "doctor": "Check that badgateway.yaml describes the integration, and say what cannot be judged.",
    "init": "Write a commented badgateway.yaml and a first scenario.",
}
_EPILOG = """\b
Examples:
  badgateway demo
  badgateway demo --defect retry-new-key
  badgateway run scenarios/retries -k capture --seed 7

\b
Exit codes: 0 all held, 1 something broken, 2 bad input, 3 environment, 4 unknown or
nondeterministic, 5 nothing selected, 70 a bug of badgateway, 130 interrupted.
"""


class Root(click.Group):
    """The group of all commands; its `main` never shows a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the commands in the order in which they are met."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"badgateway.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was named, or name the nearest one."""
        word = args[0]
        if word not in COMMANDS and not word.startswith("-"):
            raise click.UsageError(f"unknown command {word!r}{nearest(word, COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and leave with its exit code."""
        extra["standalone_mode"] = False
        guarded(lambda: super(Root, self).main(*args, **extra))


@click.group(cls=Root, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="badgateway %(version)s")
def main() -> None:
    """Jepsen for payment integrations.

    badgateway plays every party that a payment integration talks to, misbehaves on cue, and then
    says, with evidence, whether the money and the integration's own books still agree.
    """
