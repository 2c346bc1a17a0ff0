"""Providers of the user's own: declared in a file that a command line or badgateway.yaml names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from badgateway.errors import InputError

if TYPE_CHECKING:
    import click

    from badgateway.integration.model import Description

FILE_SUFFIX, PROVIDER_SUFFIX = ".yaml", ".provider.yaml"
HERE = Path("badgateway.yaml")


def named(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001 - as click calls it
    """Give the name of a provider; where a file is given instead, it is declared first. Raises InputError."""
    if value is None or not value.endswith(FILE_SUFFIX):
        declare_here()
        return value
    from badgateway.providers import declare

    return declare(Path(value)).name


def declare_here() -> None:
    """Declare what the badgateway.yaml of this folder names; other problems of it are told where it is read.

    Raises InputError with the problems of a provider's file.
    """
    try:
        text = HERE.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return
    from badgateway.ground.yaml12 import read_yaml
    from badgateway.providers import declare

    try:
        value = read_yaml(text, HERE.as_posix()).value
    except InputError:
        return
    named_here = value.get("providers") if isinstance(value, dict) else None
    for name, file in (named_here if isinstance(named_here, dict) else {}).items():
        if isinstance(file, str):
            declare(Path(file), name)


def declare_all(description: Description) -> Description:
    """Declare the providers that badgateway.yaml names; raises InputError with the problems of a file."""
    if description.providers:
        from badgateway.providers import declare

        for name, file in description.providers.items():
            declare(Path(description.folder) / file, name)
    return description


def word_for(provider: str) -> str:
    """Give what a command line needs to name a provider: its name, or the user's file."""
    from badgateway.providers import DIALECTS
    from badgateway.providers.declared.dialect import Declared
    from badgateway.providers.declared.files import SHIPPED_FILES

    dialect = DIALECTS[provider]
    if isinstance(dialect, Declared) and dialect.path not in SHIPPED_FILES:
        return dialect.path.as_posix()
    return provider
