"""Reads an OpenAPI document from a file, and says what of it cannot be used before anything is compiled."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from badgateway.errors import InputError, Problem
from badgateway.ground.yaml12 import Document, read_yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_VERSION = re.compile(r"3\.1(\.\d+)?")
_DATA = frozenset({"const", "enum", "default", "example", "examples", "value"})
_NAMED = frozenset({"properties", "responses"})
_BUNDLE = "put all of it into one file, as `redocly bundle` does: nothing is fetched"
_CONVERT = "convert it to OpenAPI 3.1"


def read_document(path: Path) -> dict[str, Any]:
    """Read a document of YAML or JSON; raises InputError with every problem, and where it stands."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError([Problem(str(path), 0, 0, error.strerror or str(error), "check the path")]) from None
    except UnicodeDecodeError:
        raise InputError([Problem(str(path), 0, 0, "this is no UTF-8 text", _CONVERT)]) from None
    document = _read_json(text, str(path)) if path.suffix == ".json" else read_yaml(text, str(path))
    if problems := list(_problems(document)):
        raise InputError(problems)
    found: dict[str, Any] = document.value
    return found


def _read_json(text: str, name: str) -> Document:
    try:
        return Document(name, json.loads(text))
    except ValueError as error:
        line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (0, 0)
        raise InputError([Problem(name, line, column, f"this is no JSON: {error}", "mend it")]) from None


def _problems(document: Document) -> Iterator[Problem]:
    root = document.value
    version = root.get("openapi") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or not ({"openapi", "swagger"} & set(root)):
        yield document.problem(
            (), "this is no OpenAPI document: it has no `openapi`", "give one of version 3.1"
        )
    elif not _VERSION.fullmatch(str(version)):
        found = version or f"swagger {root.get('swagger')}"
        yield document.problem(("openapi",), f"OpenAPI 3.1 is read, this is {found}", _CONVERT)
    elif not isinstance(root.get("paths", {}), Mapping) or not isinstance(root.get("webhooks", {}), Mapping):
        yield document.problem((), "`paths` and `webhooks` are mappings", "compare with OpenAPI 3.1")
    elif not root.get("paths") and not root.get("webhooks"):
        yield document.problem((), "it has neither paths nor webhooks, so it promises nothing", "add them")
    else:
        yield from (_reference_problem(document, *one) for one in _broken_references(root, root, ()))


def _reference_problem(document: Document, path: tuple[str | int, ...], reference: str) -> Problem:
    if reference.startswith("#"):
        what, mend = f"{reference} is nowhere in this document", "mend the reference"
    else:
        what, mend = f"{reference} is outside of this document", _BUNDLE
    return document.problem(path, what, mend)


def _broken_references(
    root: Any, node: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(node, Mapping):
        reference = node.get("$ref")
        if isinstance(reference, str) and not _is_there(root, reference):
            yield (*path, "$ref"), reference
        for word, one in node.items():
            # Below these words a key is a name, and what stands there is no data.
            if word not in _DATA or (path and path[-1] in _NAMED):
                yield from _broken_references(root, one, (*path, word))
    elif isinstance(node, list):
        for n, one in enumerate(node):
            yield from _broken_references(root, one, (*path, n))


def _is_there(root: Any, reference: str) -> bool:
    if reference == "#":
        return True
    if not reference.startswith("#/"):
        return False
    node = root
    for part in unquote(reference[2:]).split("/"):
        word = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, Mapping) and word in node:
            node = node[word]
        elif isinstance(node, list) and word.isdecimal() and int(word) < len(node):
            node = node[int(word)]
        else:
            return False
    return True
