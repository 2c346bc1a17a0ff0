"""Where the authored artefacts lie: inside an installed package, or in the checkout of an editable one."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def artifact_dir(kind: str) -> Path:
    """Give the folder of `scenarios`, `specs` or `contracts`; the wheel's own copy comes first."""
    assert kind in {"scenarios", "specs", "contracts"}, kind
    bundled = _PACKAGE / "_artifacts" / kind
    return bundled if bundled.is_dir() else _PACKAGE.parent.parent / kind
