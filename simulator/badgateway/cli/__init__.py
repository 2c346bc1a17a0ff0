"""The command line: one command, one file, loaded only when it is called."""

from badgateway.cli.root import main

__all__ = ["main"]
