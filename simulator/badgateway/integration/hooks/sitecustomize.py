"""Python imports this by itself when it starts: it sends stripe-python to a simulated provider.

Its folder stands first in PYTHONPATH, and BADGATEWAY_ATTACHED maps real hosts to simulated base URLs.
Whatever address a program has written down, the SDK asks for it in one place: the base class of its clients.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

_HERE = Path(__file__).resolve().parent
_BASES: dict[str, str] = json.loads(os.environ.get("BADGATEWAY_ATTACHED", "{}"))
_CLIENTS = ("stripe._http_client", "stripe.http_client")  # the first since stripe-python 7
_METHODS = (
    "request_with_retries",
    "request_stream_with_retries",
    "request_with_retries_async",
    "request_stream_with_retries_async",
)


def _moved(url: str) -> str:
    parts = urlsplit(url)
    base = _BASES.get(parts.hostname or "")
    return url if base is None else base + url.split(parts.netloc, 1)[1]


def _redirected(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def request(client: Any, verb: str, url: str, *arguments: Any, **named: Any) -> Any:
        return method(client, verb, _moved(url), *arguments, **named)

    return request


class _Loader(Loader):
    """Loads a module as its own loader does, and then changes its HTTP clients."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        client = module.HTTPClient
        for name in _METHODS:
            if name in vars(client):
                setattr(client, name, _redirected(vars(client)[name]))


class _Finder(MetaPathFinder):
    """Finds the SDK's HTTP clients where Python would, and has them changed while they are loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _CLIENTS:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


def _load_the_next() -> None:
    """Load the sitecustomize that this one stands before, where there is one."""
    elsewhere = [folder for folder in sys.path if Path(folder).resolve() != _HERE]
    spec = PathFinder.find_spec("sitecustomize", elsewhere)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(module_from_spec(spec))


if _BASES:
    sys.meta_path.insert(0, _Finder())
_load_the_next()
