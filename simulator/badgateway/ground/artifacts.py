"""Where the authored artefacts lie: inside an installed package, or in the checkout of an editable one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent


def artifact_dir(kind: str) -> Path:
    """Give the folder of `scenarios`, `specs` or `contracts`; the wheel's own copy comes first."""
    assert kind in {"scenarios", "specs", "contracts"}, kind
    bundled = _PACKAGE / "_artifacts" / kind
    return bundled if bundled.is_dir() else _PACKAGE.parent.parent / kind


def schema_text(schema: Mapping[str, Any]) -> str:
    """Give a JSON Schema as its file under specs/ holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schema(file: str, schema: Mapping[str, Any]) -> Path:
    """Bring a schema's file under specs/ up to date."""
    path = artifact_dir("specs") / file
    path.write_text(schema_text(schema), encoding="utf-8")
    return path
