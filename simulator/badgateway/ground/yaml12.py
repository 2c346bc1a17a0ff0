"""The one YAML door: YAML 1.2 core values with their positions, bounded in size, and all problems at once."""

from __future__ import annotations

import itertools
import pathlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

import yaml

from badgateway.errors import InputError, Problem

SIZE_MAX = 1 << 20  # bytes of UTF-8
DEPTH_MAX = 64
NODES_MAX = 50_000  # after aliases are expanded
PROBLEMS_MAX = 100
_DIGITS_MAX = 40

Path = tuple[str | int, ...]
Mark = tuple[int, int]

# Integers and decimals are resolved by hand below, so that a trap can say how to mend it.
_BOOLEANS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_NULLS = {"", "~", "null", "Null", "NULL"}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+|[-+]?(0|[1-9][0-9]*)\.")
_TRAPS = (
    (re.compile(r"[-+]?0[0-9][0-9.]*"), "a number has no leading zeros", "drop them"),
    (re.compile(r"0[xob][0-9a-fA-F_]+"), "a number is written with decimal digits", "write it out"),
    (re.compile(r"[-+]?[0-9]+(:[0-5]?[0-9])+"), "this reads as a time or as base 60", "write a plain number"),
    (
        re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+"),
        "a number has no exponent here",
        "write it out",
    ),
    (re.compile(r"[-+]?[0-9]+(_[0-9]+)+"), "a number has no underscores", "drop them"),
    (re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), "a number is finite", "write a plain number"),
)
# YAML 1.2, section 5.1: the characters that may not stand in a stream as they are.
_FORBIDDEN = re.compile("[^\\t\\n\\r\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # in C where PyYAML was built so
    """PyYAML's parser without its YAML 1.1 guesses: every plain scalar stays text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own type


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: its value (no float in it), and where each part of it stands in the file."""

    file: str
    value: Any
    marks: dict[Path, Mark] = field(default_factory=dict)
    key_marks: dict[Path, Mark] = field(default_factory=dict)

    def mark(self, path: Path) -> Mark:
        """Give line and column (1-based) of a value, or of its nearest part that is in the file."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, (1, 1))

    def key_mark(self, path: Path) -> Mark:
        """Give line and column of the key of a mapping's entry; of a list's member, its own place."""
        return self.key_marks[path] if path in self.key_marks else self.mark(path)

    def problem(self, path: Path, what: str, mend: str = "", *, at_key: bool = False) -> Problem:
        """Make the problem of one place of this document."""
        line, column = self.key_mark(path) if at_key else self.mark(path)
        return Problem(self.file, line, column, f"{path_text(path)}: {what}" if path else what, mend)


def path_text(path: Path) -> str:
    """Give a path as people write it: steps[0].pay.order."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_yaml(text: str, file: str) -> Document:
    """Read one YAML document; raises InputError with every problem that was found."""
    _check_characters(text, file)
    tags = _prescan(text, file)
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
    except yaml.YAMLError as error:
        raise InputError([_parser_problem(error, text, file), *tags]) from None
    finally:
        loader.dispose()
    builder = _Builder(file)
    value = builder.build(root, ()) if root is not None else None
    if tags or builder.problems:
        raise InputError([*tags, *builder.problems])
    return Document(file, value, builder.marks, builder.key_marks)


def text_of(file: pathlib.Path, mend: str = "") -> str:
    """Give the text of a file; raises InputError. `mend` says what helps where it cannot be opened."""
    name = file.as_posix()
    try:
        with file.open("rb") as stream:
            raw = stream.read(SIZE_MAX + 1)
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        problem = Problem(name, line, column, "this is not UTF-8", "save the file as UTF-8")
        raise InputError([problem]) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError([Problem(name, 0, 0, f"cannot be read: {reason}", mend)]) from None


def number_trap(text: str) -> tuple[str, str] | None:
    """Say why a text that looks like a number is none, and how to mend it; None where it does not look so."""
    found = next((trap for trap in _TRAPS if trap[0].fullmatch(text)), None)
    return (found[1], found[2]) if found else None


def _check_characters(text: str, file: str) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > SIZE_MAX:
        raise InputError([Problem(file, 1, 1, f"the file has {size} bytes, at most {SIZE_MAX} are read")])
    problems = []
    for found in itertools.islice(_FORBIDDEN.finditer(text), PROBLEMS_MAX):
        line_start = text.rfind("\n", 0, found.start()) + 1
        place = (text.count("\n", 0, found.start()) + 1, found.start() - line_start + 1)
        what = f"character U+{ord(found.group()):04X} is not allowed"
        problems.append(Problem(file, *place, what, "remove it, or write it as an escape in double quotes"))
    if problems:
        raise InputError(problems)


def _prescan(text: str, file: str) -> list[Problem]:
    """Bound depth, count and alias expansion before the C composer recurses and overflows its stack.

    Gives the problems that do not stop the reading: explicit tags.
    """
    bounds = _Bounds(file)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            bounds.see(event)
    except yaml.YAMLError as error:
        raise InputError([_parser_problem(error, text, file), *bounds.tags]) from None
    return bounds.tags


class _Bounds:
    """Counts depth and values along the parser's events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.nodes = 0
        self.tags: list[Problem] = []
        self.sizes: dict[str, int] = {}
        self.open: list[
            tuple[str | None, int]
        ] = []  # anchor of each open collection, and the count before it

    def see(self, event: Any) -> None:
        """Count one event; raises InputError where a bound is reached."""
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, before = self.open.pop()
            if anchor is not None:
                self.sizes[anchor] = self.nodes - before
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in self.open):
                self._stop(event, f"alias *{event.anchor} stands inside its own anchor")
            self.nodes += self.sizes.get(str(event.anchor), 1)
        elif isinstance(event, yaml.NodeEvent):
            self._open_node(event)
        if self.nodes > NODES_MAX:
            self._stop(event, f"more than {NODES_MAX} values", "an alias counts as often as it is used")

    def _open_node(self, event: Any) -> None:
        if event.tag is not None and len(self.tags) < PROBLEMS_MAX:
            what = f"tag {event.tag!r} is not allowed"
            self.tags.append(Problem(self.file, *_place(event), what, "write the plain value"))
        if isinstance(event, yaml.CollectionStartEvent):
            self.open.append((event.anchor, self.nodes))
            if len(self.open) > DEPTH_MAX:
                self._stop(event, f"nested deeper than {DEPTH_MAX} levels")
        elif event.anchor is not None:
            self.sizes[event.anchor] = 1
        self.nodes += 1

    def _stop(self, event: Any, what: str, mend: str = "") -> NoReturn:
        raise InputError([Problem(self.file, *_place(event), what, mend), *self.tags])


def _parser_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    what = str(getattr(error, "problem", None) or error)
    context, start = getattr(error, "context", None), getattr(error, "context_mark", None)
    if context and start and start.line + 1 != line:
        context += f" that starts on line {start.line + 1}"
    source = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    indent = source[: len(source) - len(source.lstrip())]
    mend = "indent with spaces, never with tabs" if "\t" in indent else ""
    return Problem(file, line, column, f"{context}: {what}" if context else what, mend)


class _Builder:
    """Makes plain values of nodes, and collects what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.marks: dict[Path, Mark] = {}
        self.key_marks: dict[Path, Mark] = {}

    def build(self, node: Any, path: Path) -> Any:
        """Give the value of a node; recursion is bounded by the depth that the pre-scan let through."""
        self.marks[path] = _place(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(member, (*path, index)) for index, member in enumerate(node.value)]
        # Quoted and block scalars have a style; the C parser gives plain ones an empty one, the other none.
        return node.value if node.style else _plain(node.value)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        value: dict[str, Any] = {}
        first: dict[str, Mark] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            if key in value:
                what = f"duplicate key, first on line {first[key][0]}"
                self._refuse(key_node, (*path, key), what, "keep one of the two")
                continue
            first[key] = self.key_marks[*path, key] = _place(key_node)
            value[key] = self.build(value_node, (*path, key))
        return value

    def _key(self, node: yaml.Node, path: Path) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self._refuse(node, path, "a key is a word, not a list or a mapping", "quote it")
            return None
        text = str(node.value)
        if not node.style:
            if text == "<<":
                self._refuse(node, path, "merge keys (<<) are not read", "write the entries out")
                return None
            if not isinstance(_plain(text), str):
                self._refuse(node, path, f"key {text!r} is not text", "quote it")
                return None
        return text

    def _refuse(self, node: yaml.Node, path: Path, what: str, mend: str = "") -> None:
        if len(self.problems) < PROBLEMS_MAX:
            where = f"{path_text(path)}: " if path else ""
            self.problems.append(Problem(self.file, *_place(node), where + what, mend))


def _plain(text: str) -> Any:
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if len(text) <= _DIGITS_MAX:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
    return text


def _place(node: Any) -> Mark:
    return node.start_mark.line + 1, node.start_mark.column + 1
