"""Which integration is put to the test: the user's own, or the embedded reference."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

import badgateway
from badgateway.cli.catalogues import defects, need_reference
from badgateway.errors import InputError, UnknownWord

if TYPE_CHECKING:
    from badgateway.integration.model import Description

REFERENCE = "reference"  # the word for --config that means the embedded one
CONFIG = Path("badgateway.yaml")


@dataclass(frozen=True, slots=True)
class Target:
    """The integration under test, and the words that name it on a command line."""

    description: Description
    is_embedded: bool
    extra_arguments: tuple[str, ...] = ()  # for its start command
    words: tuple[str, ...] = ()  # what a Reproduce line must repeat

    def serving(self, merchant: str | None) -> Target:
        """Give the same with another merchant for the stories that name none; None: the first.

        Raises UnknownWord for one that badgateway.yaml does not name.
        """
        if merchant is None:
            return self
        known = [one.name for one in self.description.merchants]
        if merchant not in known:
            raise UnknownWord("merchant", merchant, known)
        described = replace(self.description, usual=merchant)
        return replace(self, description=described, words=(*self.words, "--merchant", merchant))

    @property
    def is_routed(self) -> bool:
        """Say whether its merchants choose the provider where neither story nor command line names one."""
        return any(one.providers or one.routing for one in self.description.merchants)

    def workers(self, asked: int | None) -> int:
        """Give how many copies run side by side: as asked; else one of the user's, several of ours."""
        return asked or (min(4, os.cpu_count() or 1) if self.is_embedded else 1)


def embedded(defect: str | None = None, *, is_named: bool = False) -> Target:
    """Give the reference integration, with one defect planted where one is named.

    Raises UnknownWord for a defect that is in no catalogue, EnvironmentProblem where the extra is missing.
    """
    need_reference()
    if defect is not None and defect not in (known := [row.name for row in defects()]):
        raise UnknownWord("defect", defect, known)
    folder = Path(badgateway.__file__).parent / "reference"
    named = ("--config", REFERENCE) if is_named or (defect is None and CONFIG.is_file()) else ()
    planted = ("--defect", defect) if defect else ()
    return Target(_read(folder / "badgateway.yaml"), True, planted, (*named, *planted))


def find(config: str | None, defect: str | None, *, is_quiet: bool = False) -> Target:
    """Give what --config names, else the badgateway.yaml of this folder, else the embedded reference."""
    if defect is not None and config not in {None, REFERENCE}:
        raise InputError(
            f"--defect plants a bug in the embedded reference and does not go with --config {config}"
        )
    if config == REFERENCE:
        return embedded(defect, is_named=True)
    if defect is not None:
        return embedded(defect)
    if config is None and not CONFIG.is_file():
        if not is_quiet:
            click.echo(
                "no badgateway.yaml here: the embedded reference integration is put to the test", err=True
            )
        return embedded()
    words = ("--config", config) if config is not None else ()
    return Target(_read(Path(config or CONFIG)), False, (), words)


def _read(path: Path) -> Description:
    from badgateway.cli.own_providers import declare_all
    from badgateway.integration.read import read_description

    return declare_all(read_description(path))
