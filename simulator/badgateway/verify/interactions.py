"""Interactions of a recorded pact: what is asked alike is one of them, with matchers for what differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from badgateway.contract.pact import HTTP, MESSAGE
from badgateway.verify import generalised
from badgateway.verify.generalised import EACH, Leaf, Node, Path, combined, merged
from badgateway.verify.observations import ACCOUNT, FORM, SENT, Call, Webhook, plain
from badgateway.verify.stand_ins import MOMENT_S

WORDS_MAX = 5  # different ones at one place; more than that is free text
# Runs of a signature: hexadecimal, a moment, base64.
_RUN = re.compile(r"[0-9a-f]{32,}|(?<![0-9A-Za-z])[0-9]{9,}(?![0-9A-Za-z])|[A-Za-z0-9+/_\-]{20,}={0,2}")


@dataclass(frozen=True, slots=True)
class Group:
    """Samples that become one interaction."""

    description: str
    samples: Sequence[Call] | Sequence[Webhook]

    @property
    def name(self) -> str:
        """Give the operation, or the webhook's type."""
        first = self.samples[0]
        return first.name if isinstance(first, Call) else f"webhook {first.name}"

    @property
    def statuses(self) -> frozenset[str | None]:
        """Give how the payment stood, in neutral words, once each of them was answered or told."""
        return frozenset(one.stands for one in self.samples)

    @property
    def is_call(self) -> bool:
        """Say whether it is a request with its answer."""
        return isinstance(self.samples[0], Call)


@dataclass(slots=True)
class Interaction:
    """One interaction while it is cut down to what is promised; `node`: what is asked of the answer."""

    group: Group
    data: dict[str, Any]
    node: Node | None

    def keep(self, paths: frozenset[Path]) -> None:
        """Ask for these fields alone, with all that is in them."""
        self.ask_for(
            generalised.only(self.node, lambda path: any(_is_within(_named(path), one) for one in paths))
        )

    def drop(self, paths: Sequence[Path]) -> None:
        """Ask no more for these, nor for what is in them."""
        self.ask_for(
            generalised.only(self.node, lambda path: not any(_is_within(path, one) for one in paths))
        )

    def loosen(self, paths: Sequence[Path]) -> None:
        """Ask for no more than the type of these."""
        self.ask_for(generalised.loosened(self.node, paths))

    def sign(self, headers: Iterable[tuple[str, str]]) -> None:
        """Ask for the headers of a webhook by their form; what was signed with no real secret is left out."""
        rules = {}
        for name, value in headers:
            self.data["metadata"][name], pattern = _unsigned(value)
            rules[name] = combined({"match": "regex", "regex": pattern})
        if rules:
            self.data["matchingRules"]["metadata"] = rules

    def place(self, pointer: str) -> Path | None:
        """Give the path of what stands at a JSON pointer, where that is part of the answer's body."""
        parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
        head = ["response", "body", "content"] if self.group.is_call else ["contents", "content"]
        if parts[: len(head)] != head or len(parts) == len(head):
            return None
        return tuple(EACH if part.isdigit() else part for part in parts[len(head) :])

    def ask_for(self, node: Node | None) -> None:
        """Ask for all of a node, and for nothing else of the answer's body."""
        self.node = node
        rules = generalised.rules(node)
        if self.group.is_call:
            response = self.data["response"]
            response.pop("body", None)
            response["matchingRules"] = {"body": rules} if rules else {}
            if node is not None:
                response["body"] = _body(generalised.example(node), "application/json")
            return
        self.data["contents"] = _body(
            generalised.example(node) if node is not None else {}, "application/json"
        )
        self.data["matchingRules"] = {**self.data["matchingRules"], "body": rules}


def groups_of(calls: Iterable[Sequence[Call]], webhooks: Iterable[Sequence[Webhook]]) -> Iterator[Group]:
    """Give the groups of calls and webhooks, each with a description that no other has."""
    taken: set[str] = set()
    for samples, words in _parted(calls):
        yield Group(_untaken(_description(samples[0], words), taken), samples)
    for told in webhooks:
        yield Group(_untaken(_description(told[0], ()), taken), told)


def draft(group: Group, first: int) -> Interaction:
    """Give the interaction of a group, with one of its samples as the example."""
    samples = [group.samples[first], *group.samples[:first], *group.samples[first + 1 :]]
    one = samples[0]
    data: dict[str, Any] = {
        "type": HTTP if isinstance(one, Call) else MESSAGE,
        "description": group.description,
        "pending": False,
        "providerStates": plain(one.states),
    }
    calls = [sample for sample in samples if isinstance(sample, Call)]
    if calls:
        data["request"] = _request(calls)
        data["response"] = {"status": calls[0].status}
        node = merged([sample.answer for sample in calls])
    else:
        data["metadata"], data["matchingRules"] = {"contentType": "application/json"}, {}
        node = merged([sample.body for sample in samples if isinstance(sample, Webhook)])
    made = Interaction(group, data, node)
    made.ask_for(node)
    return made


def _parted(buckets: Iterable[Sequence[Call]]) -> Iterator[tuple[Sequence[Call], tuple[str, ...]]]:
    """Part calls of one shape by the words in them on which the answer may depend."""
    for bucket in buckets:
        rows = [dict(_words(call)) for call in bucket]
        told = [
            name
            for name in rows[0]
            if all(name in row and generalised.is_word(row[name]) for row in rows)
            and 1 < len({row[name] for row in rows}) <= WORDS_MAX
        ]
        parts: dict[tuple[str, ...], list[Call]] = {}
        for call, row in zip(bucket, rows, strict=True):
            parts.setdefault(tuple(f"{name}={row[name]}" for name in told), []).append(call)
        yield from ((samples, words) for words, samples in parts.items())


def _words(call: Call) -> Iterator[tuple[str, Any]]:
    yield from call.query
    node = merged([call.asked]) if call.asked is not None else None
    for path, leaf in generalised.leaves(node) if node is not None else ():
        yield ".".join(path), leaf.values[0]


def _untaken(description: str, taken: set[str]) -> str:
    """Give a description that no other interaction has."""
    name, n = description, 1
    while name in taken:
        n += 1
        name = f"{description} ({n})"
    taken.add(name)
    return name


def _description(one: Call | Webhook, words: tuple[str, ...]) -> str:
    known = [state.name for state in one.states if state.name not in (ACCOUNT, SENT)]
    when = f" when {', and '.join(known)}" if known else ""
    if isinstance(one, Webhook):
        return f"webhook {one.name}{when}"
    told = f" with {', '.join(words)}" if words else ""
    return f"{one.name}{told} is answered {one.status}{when}"


def _request(calls: Sequence[Call]) -> dict[str, Any]:
    """Give the request of the first call, with rules for what was otherwise in others."""
    one = calls[0]
    rules: dict[str, Any] = {}
    if (path := _of_path(calls)) is not None:
        rules["path"] = combined(path)
    made: dict[str, Any] = {"method": one.method, "path": one.path}
    if one.query:
        made["query"] = {name: [text for other, text in one.query if other == name] for name, _ in one.query}
        rules["query"] = _rules_of([dict(call.query) for call in calls])
    made["headers"] = {name: [value] for name, value in one.headers}
    rules["header"] = _rules_of([dict(call.headers) for call in calls], but=("Content-Type",))
    if one.media:
        asked = [call.asked for call in calls]
        body = merged(asked) if all(value is not None for value in asked) else None
        made["body"] = _body(one.body if one.media == FORM else one.asked, one.media)
        rules["body"] = generalised.rules(body)
    made["matchingRules"] = {part: rule for part, rule in rules.items() if rule}
    return made


def _rules_of(rows: Sequence[dict[str, str]], but: tuple[str, ...] = ()) -> dict[str, Any]:
    found = {name: Leaf(tuple(row[name] for row in rows)).matcher for name in rows[0] if name not in but}
    return {name: combined(matcher) for name, matcher in found.items() if matcher is not None}


def _of_path(calls: Sequence[Call]) -> dict[str, Any] | None:
    """Give a pattern for an address: each part is itself, an id of its form, or anything; None: it is one."""
    patterns, is_one = [], True
    for parts in zip(*(call.path.split("/") for call in calls), strict=True):
        matcher = Leaf(parts).matcher if parts[0] else None
        is_one = is_one and matcher is None
        if matcher is None:
            patterns.append(re.escape(parts[0]))
        else:
            patterns.append(matcher.get("regex", "[^/]+").removeprefix("^").removesuffix("$"))
    return None if is_one else {"match": "regex", "regex": f"^{'/'.join(patterns)}$"}


def _body(content: Any, media: str) -> dict[str, Any]:
    return {"content": content, "contentType": media, "encoded": False}


def _is_within(path: Path, place: Path) -> bool:
    return path[: len(place)] == place


def _named(path: Path) -> Path:
    """Give a path by the names in it alone."""
    return tuple(part for part in path if part != EACH)


def _unsigned(value: str) -> tuple[str, str]:
    """Give a header without what was signed, and the pattern of its form."""
    example, pattern, at = [], [], 0
    for found in _RUN.finditer(value):
        run = found.group()
        before = value[at : found.start()]
        if run.isdigit():
            mask, form = str(MOMENT_S), "[0-9]+"
        elif re.fullmatch("[0-9a-f]+", run):
            mask, form = "0" * len(run), f"[0-9a-f]{{{len(run)}}}"
        else:
            mask, form = "A" * len(run), r"[A-Za-z0-9+/=_-]+"
        example += [before, mask]
        pattern += [re.escape(before), form]
        at = found.end()
    return "".join([*example, value[at:]]), f"^{''.join([*pattern, re.escape(value[at:])])}$"
