"""The OpenAPI documents of the declared providers that ship, each made of its file: specs/providers/."""

from __future__ import annotations

from pathlib import Path

from badgateway.ground.artifacts import artifact_dir
from badgateway.providers.declared.openapi import text_of
from badgateway.providers.shipped import SHIPPED


def path_of(name: str) -> Path:
    """Give where the document of a shipped provider stands."""
    return artifact_dir("specs") / "providers" / f"{name}.openapi.yaml"


def write_documents() -> None:
    """Bring the documents under specs/ up to date."""
    for one in SHIPPED:
        path_of(one.name).write_text(text_of(one.spec), encoding="utf-8")


if __name__ == "__main__":
    write_documents()
