"""What the simulator says, held against what the vendor documents: types, names, and whether all is there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.conformance.stripe import sdk_names
from tests.conformance.stripe.relay import Passed
from tests.conformance.stripe.sdk_names import Field, Hash
from tests.conformance.stripe.vendor import Breach, Schema, Vendor

ENVELOPES = {"list", "search_result"}
ERROR: Schema = {"$ref": "#/components/schemas/error"}
# Hashes with a place for each type, of which only those that matter are there.
OF_METHODS = ("payment_method", "payment_method_options")
BY_TYPE = ("payment_method_details", "destination_details", "next_action")


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that the vendor documents otherwise.

    `kind` is absent | unknown | undescribed | null | value | type | address, `name` that of the field.
    """

    kind: str
    name: str
    where: str
    detail: str = ""
    version: str = ""  # of the answer or event in which it was seen


@dataclass(slots=True)
class Holding:
    """Answers and events that were held, what was counted, and every deviation, once in each version."""

    vendor: Vendor
    counts: Counter[str] = field(default_factory=Counter)
    found: dict[tuple[str, str, str], Deviation] = field(default_factory=dict)

    kinds: set[str] = field(default_factory=set)  # of objects that were seen
    version: str = ""  # of what is being held

    def answer(self, method: str, path: str, status: int, body: Any, version: str) -> None:
        """Hold one answer against its address, method and status."""
        self.counts["answers"] += 1
        self.version = version
        pattern = self.vendor.operation(method, path)
        where = f"{method} {pattern or path}"
        if status >= 400:
            self.counts["refusals"] += 1
            self._hold(body, ERROR, "error", where)
        elif pattern is None:
            self._note(Deviation("address", f"{method} {_general(path)}", where, version=version))
            self._hold(body, {}, "answer", where)
        else:
            schema = self.vendor.answer(pattern, method, status)
            self._hold(body, schema, f"{method} {pattern}", where)

    def event(self, body: Mapping[str, Any]) -> None:
        """Hold one event, and the object in it by what it calls itself."""
        self.counts["events"] += 1
        self.version = str(body.get("api_version"))
        self._hold(body, {"$ref": "#/components/schemas/event"}, "event", f"event {body.get('type')}")

    def passed(self, seen: Passed) -> None:
        """Hold what the simulator answered, as it went over the wire; pages for shoppers are none of this."""
        if not seen.headers.get("content-type", "").startswith("application/json"):
            self.counts["pages"] += 1
            return
        path, version = seen.path.partition("?")[0], seen.headers.get("stripe-version", "")
        self.answer(seen.method, path, seen.status, json.loads(seen.answer), version)

    def webhook(self, body: bytes) -> None:
        """Hold one webhook."""
        told = json.loads(body)
        if told.get("object") == "event":
            self.event(told)
        else:
            self._note(Deviation("address", f"webhook {told.get('object')}", "webhook"))

    def _hold(self, value: Any, schema: Schema, key: str, where: str) -> None:
        walk = Walk(self.vendor, self.version)
        if schema is ERROR and isinstance(value, dict):
            inner = {"$ref": "#/components/schemas/api_errors"}
            walk.visit(value.get("error"), inner, sdk_names.of_object("error"), "error", ("error",))
        else:
            walk.visit(value, schema, None, "answer", ())
        self.counts.update(walk.counts)
        self.kinds |= walk.kinds
        for deviation in walk.deviations:
            self._note(replace(deviation, where=where))
        self._breaches(walk, key, schema, value, (), where)
        for path, inner, name in walk.islands:
            self._breaches(
                walk, name, {"$ref": f"#/components/schemas/{name}"}, inner, path, where, is_island=True
            )

    def _breaches(
        self,
        walk: Walk,
        key: str,
        schema: Schema,
        value: Any,
        at: tuple[Any, ...],
        where: str,
        *,
        is_island: bool = False,
    ) -> None:
        for breach in self.vendor.breaches(f"island {key}" if is_island else key, schema, value):
            if breach.rule == "required":
                continue  # what is not there was seen on the way
            name, known, version = walk.name_of((*at, *breach.path))
            if breach.rule == "enum" and known is not None and breach.value in known.values:
                self.counts["newer values"] += 1
                continue
            self._note(replace(_told(breach, name, where), version=version))

    def _note(self, deviation: Deviation) -> None:
        self.found.setdefault((deviation.kind, deviation.name, deviation.version), deviation)


class Walk:
    """One way through a value, beside its schema and the SDK's fields."""

    def __init__(self, vendor: Vendor, version: str) -> None:
        self.vendor = vendor
        self.version = version  # an event within an answer keeps its own
        self.counts: Counter[str] = Counter()
        self.kinds: set[str] = set()
        self.deviations: list[Deviation] = []
        of_methods = sdk_names.fields(Hash("payment_method"))["type"].values
        self.types = {*of_methods, *vendor.schemas["payment_method"]["properties"]["type"]["enum"]}
        self.names: dict[tuple[Any, ...], tuple[str, Field | None, str]] = {}
        # Objects where a schema lets anything stand; they are held against their own.
        self.islands: list[tuple[tuple[Any, ...], Mapping[str, Any], str]] = []

    def name_of(self, path: tuple[Any, ...]) -> tuple[str, Field | None, str]:
        """Give the name of a place; in a map, whose names are free, from the map on."""
        if path in self.names or not path:
            return self.names.get(path, ("answer", None, self.version))
        name, _, version = self.name_of(path[:-1])
        return f"{name}.{path[-1]}", None, version

    def visit(
        self, value: Any, schema: Schema, known: Hash | None, name: str, path: tuple[Any, ...], *, part=False
    ) -> None:
        """Go through a value; a `part` of an object need not have all fields."""
        schema = self.vendor.chosen(schema, value)
        before = self.version
        if isinstance(value, dict) and value.get("object") == "event":
            self.version = str(value.get("api_version"))
        if isinstance(value, list):
            for n, one in enumerate(value):
                self.names[(*path, n)] = self.names.get(path, (name, None, self.version))
                self.visit(one, schema.get("items", {}), known, name, (*path, n))
        elif isinstance(value, dict):
            self._hash(value, schema, known, name, path, part=part)
        self.version = before

    def _hash(
        self,
        value: dict[str, Any],
        schema: Schema,
        known: Hash | None,
        name: str,
        path: tuple[Any, ...],
        *,
        part: bool,
    ) -> None:
        kind = value.get("object")
        if isinstance(kind, str):
            self.counts["objects"] += kind not in ENVELOPES
            is_gone = "deleted" in value
            known = sdk_names.of_object(kind) if not is_gone else None
            name = f"deleted_{kind}" if is_gone else kind
            self.kinds.add(name)
            own = self.vendor.of_object(value)
            if own is not None and "properties" not in schema:
                schema = self.vendor.schemas[own]
                self.islands.append((path, value, own))
        documented = schema.get("properties", {})
        newer = sdk_names.fields(known) if known is not None else {}
        if not documented and not newer:
            if "additionalProperties" not in schema and value and not self._is_map(path):
                self._note("undescribed", name)
            return
        self._names(value, {*documented, *newer}, name, part=part or name == "error")
        for field_name, inner in value.items():
            told = newer.get(field_name)
            self.names[(*path, field_name)] = (f"{name}.{field_name}", told, self.version)
            self.counts["fields"] += 1
            if field_name not in documented and told is not None:
                self._plain_type(inner, told, f"{name}.{field_name}")
            is_before = name == "event.data" and field_name == "previous_attributes"
            if is_before and isinstance(inner, dict):
                self._before(inner, value.get("object"), (*path, field_name))
                continue
            self.visit(
                inner,
                documented.get(field_name, {}),
                told.hash if told is not None else None,
                f"{name}.{field_name}",
                (*path, field_name),
                part=part,
            )

    def _names(self, value: dict[str, Any], known: set[str], name: str, *, part: bool) -> None:
        for one in value.keys() - known:
            self._note("unknown", f"{name}.{one}")
        if not part:
            due = known - self._of_others(value, known, name)
            self.counts["names"] += len(due)
            for one in due - value.keys():
                self._note("absent", f"{name}.{one}")

    def _of_others(self, value: Mapping[str, Any], known: set[str], name: str) -> set[str]:
        """Give the hashes that are there for another type only: of payment methods, and of next actions."""
        last = name.rpartition(".")[2]
        if last in OF_METHODS:
            return (known & self.types) - {value.get("type")}
        return known - {"type", value.get("type")} if last in BY_TYPE else set()

    def _before(self, before: dict[str, Any], whole: Any, path: tuple[Any, ...]) -> None:
        """Visit what an event says was different: some fields of its object."""
        kind = whole.get("object") if isinstance(whole, dict) else None
        own = self.vendor.of_object(whole) if isinstance(whole, dict) else None
        schema = self.vendor.schemas[own] if own is not None else {}
        known = sdk_names.of_object(kind) if isinstance(kind, str) else None
        self._hash(before, schema, known, str(kind), path, part=True)

    def _is_map(self, path: tuple[Any, ...]) -> bool:
        """Say whether the SDK calls it a map of free names, such as metadata."""
        return self.names.get(path, ("", None, ""))[0].endswith(".metadata")

    def _plain_type(self, value: Any, told: Field, name: str) -> None:
        """Hold what only the newer list knows against its plain type and its values."""
        self.counts["newer fields"] += 1
        if value is None:
            return
        if told.values and isinstance(value, str) and value not in told.values:
            self._note("value", f"{name}={value}")
        if told.type is not None and type(value) is not told.type:
            self._note("type", name, f"it is {type(value).__name__}")

    def _note(self, kind: str, name: str, detail: str = "") -> None:
        self.deviations.append(Deviation(kind, name, "", detail, self.version))


def _told(breach: Breach, name: str, where: str) -> Deviation:
    if breach.value is None:
        return Deviation("null", name, where, breach.message)
    if breach.rule == "enum":
        return Deviation("value", f"{name}={breach.value}", where, breach.message)
    return Deviation("type", name, where, f"{breach.rule}: {breach.message}"[:200])


def _general(path: str) -> str:
    """Give an address with a place for the id in it."""
    parts = path.strip("/").split("/")
    return "/" + "/".join("{id}" if any(letter.isdigit() for letter in one[2:]) else one for one in parts)
