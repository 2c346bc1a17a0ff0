"""The files that declare a provider each: how they are named, and those that ship."""

from __future__ import annotations

from pathlib import Path

SUFFIX = ".provider.yaml"
SHIPPED_FILES = tuple(sorted((Path(__file__).parent / "shipped").glob(f"*{SUFFIX}")))


def name_of(path: Path) -> str:
    """Give the name that a provider has by its file."""
    return path.name.removesuffix(SUFFIX)
