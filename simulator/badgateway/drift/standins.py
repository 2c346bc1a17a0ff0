"""What a recorded request says to another account: its ids, its credential, cards for hidden ones."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from badgateway.drift.identifiers import is_identifier
from badgateway.drift.names import is_code, plain
from badgateway.drift.recording import Asked, Pairs
from badgateway.drift.veil import form_path
from badgateway.ground.message import Request
from badgateway.ground.redact import HIDDEN
from badgateway.providers.base import Dialect, Keeps

# Any provider's test account knows this number, and Adyen's simulator this code.
_NUMBER, _CODE = "4111111111111111", "737"
_CARD = re.compile(r"\[card [0-9a-f]+\]")
_WRONG = "not-the-key"


@dataclass(slots=True)
class StandIns:
    """What stands for what while a recording is played again; `settings` are those of our account."""

    dialect: Dialect
    settings: Mapping[str, str]
    ids: dict[str, str] = field(default_factory=dict)  # recorded -> ours
    owed: dict[str, int] = field(default_factory=dict)  # recorded, of an answer that we did not give -> its n

    def request(self, asked: Asked, *, is_refused: bool) -> Request:
        """Fill a request in; `is_refused` says that the sandbox did not take its credential."""
        path = "/".join(
            quote(self.ids.get(part, part), safe="%:~!$&'()*+,;=@") for part in asked.path.split("/")
        )
        query, body = urlencode(self._pairs(asked.query)), asked.body
        content = b""
        if body.kind == "json":
            content = json.dumps(self._json(body.value, "")).encode()
        elif body.kind == "form":
            content = urlencode(self._pairs(body.value)).encode()
        headers = tuple((name, self._header(name, value, is_refused)) for name, value in asked.headers)
        made = Request(asked.method, path, query, headers, content)
        return self.dialect.recalled(made, None) if isinstance(self.dialect, Keeps) else made

    def needs(self, asked: Asked) -> int | None:
        """Give the exchange of which only the sandbox's answer gave an id that this request names."""
        return next((self.owed[text] for text in _texts(asked) if text in self.owed), None)

    def learn(self, n: int, sandbox: Any, simulator: Any, name: str = "") -> None:
        """Note which ids of ours stand where the sandbox's stood."""
        match sandbox:
            case dict():
                others = simulator if isinstance(simulator, dict) else {}
                for key, one in sandbox.items():
                    self.learn(n, one, others.get(key), key)
            case list():
                members = simulator if isinstance(simulator, list) else []
                for at, one in enumerate(sandbox):
                    self.learn(n, one, members[at] if at < len(members) else None, name)
            case str() if is_identifier(name, sandbox) and sandbox not in self.ids:
                if isinstance(simulator, str) and simulator:
                    if simulator != sandbox:
                        self.ids[sandbox] = simulator
                    self.owed.pop(sandbox, None)
                else:
                    self.owed.setdefault(sandbox, n)

    def _pairs(self, pairs: Pairs) -> list[tuple[str, str]]:
        return [(name, self._text(value, (form_path(name) or ("",))[-1])) for name, value in pairs]

    def _json(self, value: Any, name: str) -> Any:
        match value:
            case dict():
                return {key: self._json(one, key) for key, one in value.items()}
            case list():
                return [self._json(one, name) for one in value]
            case str():
                return self._text(value, name)
        return value

    def _text(self, text: str, name: str) -> str:
        if text in self.ids:
            return self.ids[text]
        if text == HIDDEN and is_code(name):
            return _CODE
        for setting, value in self.settings.items():
            # Such as merchantAccount: only the account's own is taken.
            if setting not in {"url", "api_key", "user"} and plain(setting) == plain(name):
                return value
        return _CARD.sub(_NUMBER, text)

    def _header(self, name: str, value: str, is_refused: bool) -> str:
        if HIDDEN not in value:
            return self._text(value, name.replace("-", "_"))
        key = _WRONG if is_refused else self.settings["api_key"]
        if value.lower().startswith("basic "):
            pair = f"{self.settings['user']}:{key}" if "user" in self.settings else f"{key}:"
            key = base64.b64encode(pair.encode()).decode()
        return value.replace(HIDDEN, key)


def _texts(asked: Asked) -> Iterator[str]:
    yield from asked.path.split("/")
    yield from (value for _, value in (*asked.query, *asked.headers))
    if asked.body.kind == "form":
        yield from (value for _, value in asked.body.value)
    elif asked.body.kind == "json":
        yield from _inside(asked.body.value)


def _inside(value: Any) -> Iterator[str]:
    match value:
        case dict() | list():
            for one in value.values() if isinstance(value, dict) else value:
                yield from _inside(one)
        case str():
            yield value
