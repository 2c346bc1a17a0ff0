"""What a provider file must mean beyond its shape: names, states, routes and signatures that can work."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

from badgateway.errors import Problem, nearest
from badgateway.ground.yaml12 import Document, Path
from badgateway.payments.decisions import CARDS
from badgateway.providers.declared.challenge_checks import challenge_problems
from badgateway.providers.declared.fields import MOVES
from badgateway.providers.declared.names import EACH, NEARER, STATES, known_names
from badgateway.providers.declared.rsa import read_key
from badgateway.providers.declared.signing import HEADER_NAMES, OVER_NAMES, VALUE_NAMES
from badgateway.providers.declared.templates import (
    SHAPE,
    TemplateError,
    is_each,
    is_when,
    mappings,
    names_in,
    texts,
)

_NEEDS = {"hmac": ("header",), "rsa": ("header", "private_key")}
_NAMED_BY = ("capture", "void", "refund", "fetch")  # operations on what there is already


def check_meaning(document: Document) -> list[Problem]:
    """Give every problem beyond the shape, in the order of the file."""
    checker = _Checker(document)
    for look in (
        checker.cards, checker.ids, checker.words, checker.templates, checker.shapes, checker.routes,
        checker.errors, checker.keys, checker.events, checker.signature, checker.further,
    ):  # fmt: skip
        look()
    return sorted({*checker.problems, *challenge_problems(document)})


class _Checker:
    """Collects the problems of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.value: Mapping[str, Any] = document.value
        self.problems: list[Problem] = []
        self.known = known_names(self.value)

    def cards(self) -> None:
        """Every card word is neutral, approved is among them, and no token stands for two."""
        cards: Mapping[str, str] = self.value["cards"]
        for word in cards:
            if word not in CARDS:
                self._tell(("cards", word), f"unknown card {word!r}{nearest(word, CARDS)}", at_key=True)
        if "approved" not in cards:
            self._tell(("cards",), "no token is approved", "add `approved: ...`", at_key=True)
        first: dict[str, str] = {}
        for word, token in cards.items():
            if first.setdefault(token, word) != word:
                self._tell(("cards", word), f"the token stands for {first[token]!r} already")

    def ids(self) -> None:
        """Payments and refunds have ids, and so has everything that a path names."""
        for kind in ("payment", "refund"):
            if kind not in self.value["ids"]:
                self._tell(("ids",), f"{kind!r} is missing", f"add `{kind}: ...`", at_key=True)

    def words(self) -> None:
        """Every table knows every state that there is, or has a word for the rest."""
        for name, table in (self.value.get("words") or {}).items():
            path: Path = ("words", name, "is")
            states = STATES[table["of"]]
            allowed = (*states, *NEARER.get(table["of"], ()), "else")
            for state in table["is"]:
                if state not in allowed:
                    what = f"unknown state {state!r} of a {table['of']}{nearest(state, allowed)}"
                    self._tell((*path, state), what, at_key=True)
            missing = [state for state in states if state not in table["is"]]
            if missing and "else" not in table["is"]:
                what = f"no word for {', '.join(missing[:4])}"
                self._tell(path, what, "add them, or `else: ...`", at_key=True)

    def templates(self) -> None:
        """Every name in a template is a declared one."""
        for path, template in self._templates():
            self._template(path, template)
        for index, route in enumerate(self.value["routes"]):
            if route["does"] in {"fetch", "list"}:
                for path, text in texts(route["replies"]["body"], ("routes", index, "replies", "body")):
                    if "{new_id}" in text:
                        self._tell(path, "a look makes no new id: two looks would never agree")

    def shapes(self) -> None:
        """No shape contains itself."""
        shapes: Mapping[str, Any] = self.value.get("shapes") or {}
        graph = {
            name: {
                found.removeprefix(SHAPE)
                for _, text in texts(template)
                for found in _readable_names(text)
                if found.startswith(SHAPE)
            }
            for name, template in shapes.items()
        }
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = error.args[1]
            self._tell(("shapes", circle[0]), f"contains itself: {' in '.join(circle)}", at_key=True)

    def routes(self) -> None:
        """Every route says what its operation needs, and no address is written twice."""
        seen: dict[tuple[str, ...], int] = {}
        for index, route in enumerate(self.value["routes"]):
            path: Path = ("routes", index)
            method, _, address = route["on"].partition(" ")
            steps = address.strip("/").split("/")
            pattern = (method, *("{}" if step.startswith("{") else step for step in steps))
            if seen.setdefault(pattern, index) != index:
                self._tell((*path, "on"), f"the address of routes[{seen[pattern]}] once more")
            kinds = [step[1:-1] for step in steps if step.startswith("{")]
            for kind in kinds:
                if kind not in self.value["ids"]:
                    near = nearest(kind, self.value["ids"])
                    self._tell((*path, "on"), f"unknown kind of id {{{kind}}}{near}")
            self._route(path, route, kinds)

    def errors(self) -> None:
        """Demand a word for what is not worded on its own."""
        if "else" not in self.value["errors"]:
            mend = "add `else: {...}`, for what is not listed"
            self._tell(("errors",), "'else' is missing", mend, at_key=True)

    def keys(self) -> None:
        """Demand one place for a key."""
        places: list[tuple[Path, Any]] = [
            (("routes", n, "key"), route["key"])
            for n, route in enumerate(self.value["routes"])
            if route.get("key")
        ]
        if "idempotency" in self.value:
            places.append((("idempotency", "key"), self.value["idempotency"]["key"]))
        for path, place in places:
            if ("header" in place) == ("body" in place):
                self._tell(path, "a key has either a header or a place in the body", at_key=True)

    def events(self) -> None:
        """Of several events of one happening, one is meant by the neutral name, and always made."""
        for name, given in self.value["webhooks"]["events"].items():
            path: Path = ("webhooks", "events", name)
            several = given if isinstance(given, list) else [given]
            primary = [one for one in several if one.get("primary", len(several) == 1)]
            # Those before the last stand for it where their `when` is true.
            always = [one for one in primary if "when" not in one or one is primary[-1]]
            if len(always) != 1:
                what = f"{len(always)} of these events are primary"
                self._tell(path, what, "say `primary: true` at one of them", at_key=True)
            elif "when" in always[0] or any({"with", "without"} & one.keys() for one in primary):
                self._tell(path, "the primary event is always made", "take its condition away", at_key=True)
            for index, one in enumerate(several):
                place: Path = (*path, index) if isinstance(given, list) else path
                for word in {"with", "without"} & one.keys():
                    if one[word] not in MOVES:
                        near = nearest(one[word], MOVES)
                        self._tell((*place, word), f"unknown movement {one[word]!r}{near}")
                if "when" in one and one["when"] not in self.known:
                    near = nearest(one["when"], self.known)
                    self._tell((*place, "when"), f"unknown name {one['when']!r}{near}")

    def signature(self) -> None:
        """Demand what a scheme needs, and only names that there are at their place."""
        path: Path = ("webhooks", "signature")
        given = self.value["webhooks"]["signature"]
        scheme = given["scheme"]
        for key in _NEEDS.get(scheme, ()):
            if key not in given:
                self._tell(path, f"{key!r} is missing for {scheme}", f"add `{key}: ...`", at_key=True)
        for key, names in (
            ("over", OVER_NAMES),
            ("each", ("signature", *VALUE_NAMES)),
            ("value", VALUE_NAMES),
        ):
            self._known((*path, key), given.get(key, ""), names)
        for name, text in (self.value["webhooks"].get("headers") or {}).items():
            self._known(("webhooks", "headers", name), text, HEADER_NAMES)
        if scheme == "rsa":
            if "{secret}" not in given.get("over", ""):
                what = (
                    "what is signed must name {secret}: all accounts share the key, and it tells them apart"
                )
                self._tell((*path, "over"), what)
            try:
                read_key(given.get("private_key", ""))
            except ValueError as error:
                self._tell((*path, "private_key"), str(error))

    def further(self) -> None:
        """Look at what is left: headers of keys, and settings."""
        for index, one in enumerate(self.value["authentication"]):
            if one["scheme"] == "header" and "header" not in one:
                self._tell(("authentication", index), "'header' is missing", "add `header: ...`")
        for name, text in (self.value.get("settings") or {}).items():
            self._known(("settings", name), text, ("url", "api_key", "webhook_secret", "user"))

    def _route(self, path: Path, route: Mapping[str, Any], kinds: Collection[str]) -> None:
        does, reads = route["does"], route.get("reads") or {}
        is_naming = bool(kinds) or "payment" in reads
        if does in _NAMED_BY and not is_naming:
            self._tell(
                (*path, "on"), f"nothing says which payment to {does}", "name it in the path, or in `reads`"
            )
        if does == "create" or (does == "charge" and not kinds):
            for name in ("amount", "currency"):
                if name not in reads:
                    mend = f"add `{name}: ...` to its `reads`"
                    self._tell((*path, "does"), f"a new payment has {_a(name)}", mend)
        for name, read in reads.items():
            if isinstance(read, Mapping):
                self._read((*path, "reads", name), name, read)
            elif name in {"capture", "challenge", "final"}:
                due = "{at: ..., manual: ..., automatic: ...}" if name == "capture" else "{at: ..., no: ...}"
                self._tell((*path, "reads", name), f"expected {due}: its values must be told apart")
        self._misfits(path, route, does, reads)

    def _misfits(self, path: Path, route: Mapping[str, Any], does: str, reads: Collection[str]) -> None:
        if "amount" in reads and does in {"fetch", "list", "void"}:
            self._tell((*path, "reads", "amount"), f"{does} takes no amount", at_key=True)
        if route.get("open") and does != "answer":
            self._tell((*path, "open"), f"nobody may {does} without an API key", at_key=True)
        if route.get("asynchronous") and does not in {"capture", "void", "refund"}:
            self._tell((*path, "asynchronous"), f"{does} is answered at once", at_key=True)

    def _read(self, path: Path, name: str, read: Mapping[str, Any]) -> None:
        own = {"capture": ("manual", "automatic"), "challenge": ("no",), "final": ("no",)}.get(name, ())
        for word in ("manual", "automatic", "no"):
            if word in read and word not in own:
                self._tell((*path, word), f"{word!r} does not belong to {name!r}", at_key=True)
            elif word not in read and word in own:
                self._tell(path, f"{word!r} is missing", f"add `{word}: ...`", at_key=True)
        if "at" not in read and "default" not in read:
            self._tell(path, "neither a place nor a default", "add `at: ...`", at_key=True)

    def _templates(self) -> Iterator[tuple[Path, Any]]:
        value = self.value
        yield from ((("shapes", name), one) for name, one in (value.get("shapes") or {}).items())
        for n, route in enumerate(value["routes"]):
            yield ("routes", n, "replies", "body"), route["replies"]["body"]
            yield ("routes", n, "replies", "headers"), route["replies"].get("headers")
        yield ("errors", "body"), value["errors"]["body"]
        for word, error in value["errors"].items():
            if word != "body":
                yield ("errors", word, "body"), error.get("body")
        for end in ("passed", "failed"):
            yield ("challenge", end), value.get("challenge", {}).get(end)
        yield ("webhooks", "body"), value["webhooks"]["body"]
        for name, given in value["webhooks"]["events"].items():
            for n, one in enumerate(given if isinstance(given, list) else [given]):
                inner: Path = (n,) if isinstance(given, list) else ()
                yield ("webhooks", "events", name, *inner, "shows"), one["shows"]

    def _template(self, path: Path, template: Any) -> None:
        for place, text in texts(template, path):
            self._known(place, text, self.known)
        for place, part in mappings(template, path):
            if is_each(part) and part["each"] not in EACH:
                near = nearest(str(part["each"]), EACH)
                self._tell((*place, "each"), f"unknown list {part['each']!r}{near}")
            if is_when(part) and part["when"] not in self.known:
                near = nearest(str(part["when"]), self.known)
                self._tell((*place, "when"), f"unknown name {part['when']!r}{near}")
            for key, inner in part.items():
                if isinstance(inner, Decimal):
                    self._tell((*place, key), "a template holds no decimal number", "quote it")

    def _known(self, path: Path, text: str, known: Collection[str]) -> None:
        try:
            found = names_in(text)
        except TemplateError as error:
            self._tell(path, str(error))
            return
        for name in found:
            if name not in known:
                self._tell(path, f"unknown name {{{name}}}{nearest(name, known)}")

    def _tell(self, path: Path, what: str, mend: str = "", *, at_key: bool = False) -> None:
        self.problems.append(self.document.problem(path, what, mend, at_key=at_key))


def _readable_names(text: str) -> list[str]:
    try:
        return names_in(text)
    except TemplateError:
        return []  # told where names are looked up


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
