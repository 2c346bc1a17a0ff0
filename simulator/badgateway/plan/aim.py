"""Where a mutation strikes: its words become paths of the provider's own bodies when a plan is compiled."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.errors import nearest
from badgateway.ground.mutation import ELSE, PATH, REWRITES, Landmarks

_DEFAULTS = {
    "unknown_enum": "status",
    "unknown_type": "type",
    "null_field": "optional",
    "drop_field": "optional",
    "rename_field": "optional",
    "extra_field": "object",
    "thin": "thin",
}


def aim(values: Mapping[str, object], landmarks: Landmarks) -> dict[str, object]:
    """Give a mutation with its kind, its paths and its drift; raises ValueError for a field nobody knows."""
    kind = str(values.get("kind", "extra_field"))
    if kind in REWRITES:
        return {"kind": kind, "drift": "same", **values}
    field = str(values.get("field") or _DEFAULTS[kind])
    if field.startswith("$"):
        if not all(PATH.fullmatch(path) for path in field.split(ELSE)):
            raise ValueError(f"{field!r} is no path; write it like $.data.object.status")
    elif field not in landmarks.words:
        raise ValueError(f"unknown field {field!r}{nearest(field, landmarks.words)}")
    paths = landmarks.words.get(field, field)
    return {"kind": kind, "drift": _drift(kind, paths, landmarks), **values, "field": paths}


def _drift(kind: str, paths: str, landmarks: Landmarks) -> str:
    """Say whether what is left can still be understood without what the dialect calls required."""
    needed = [path for word in landmarks.required for path in landmarks.words[word].split(ELSE)]
    gone = [  # or no longer to be understood
        path for path in paths.split(ELSE) for need in needed if need == path or need.startswith(f"{path}.")
    ]
    if kind == "thin" or (kind in {"null_field", "drop_field", "rename_field"} and gone):
        return "breaking"
    return "unclear" if kind in {"unknown_enum", "unknown_type"} and gone else "compatible"
