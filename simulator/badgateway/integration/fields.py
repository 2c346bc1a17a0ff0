"""Every key that badgateway.yaml may hold, declared once; its JSON Schema derives from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from badgateway.ground import artifacts, duration
from badgateway.ground.money import currencies
from badgateway.integration.attaching import WAYS
from badgateway.integration.contracts import CONTRACTS_SHAPE, STATES_SHAPE
from badgateway.integration.model import EXCEPTIONS, OPERATIONS, VIEW_STATUSES

Shape = Mapping[str, Any]  # a piece of JSON Schema

SCHEMA_FILE = "badgateway.schema.json"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a mapping: its shape, and one sentence for people."""

    name: str
    shape: Shape
    help: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping with declared keys."""

    name: str
    keys: tuple[Key, ...]
    extra: Shape = field(default_factory=dict)  # further rules of JSON Schema

    def shape(self) -> dict[str, Any]:
        """Give the section as JSON Schema."""
        made: dict[str, Any] = {
            "type": "object",
            "properties": {key.name: {**key.shape, "description": key.help} for key in self.keys},
            "additionalProperties": False,
        }
        required = [key.name for key in self.keys if key.is_required]
        return made | ({"required": required} if required else {}) | dict(self.extra)


def _text(expected: str | None = None, pattern: str | None = None) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "string", "minLength": 1}
    return shape | ({"pattern": pattern} if pattern else {}) | ({"x-expected": expected} if expected else {})


def _mapping(values: Shape, *, names: Shape | None = None) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "object", "additionalProperties": values}
    return shape | ({"propertyNames": names} if names else {})


def _list(members: Shape, least: int = 0) -> Shape:
    return {"type": "array", "items": members} | ({"minItems": least} if least else {})


_DURATION = _text(duration.EXPECTED, duration.PATTERN)
_CURRENCY: Shape = {"enum": list(currencies()), "x-expected": "an ISO 4217 code such as EUR"}
_HTTP_STATUS: Shape = {"type": "integer", "minimum": 100, "maximum": 599}
_HTTP_STATUSES = _list(_HTTP_STATUS, 1)
_WORD = _text("a word of a-z, 0-9 and _", r"^[a-z][a-z0-9_]*$")
_TEMPLATE = _text()
_JSON_PATH = _text("a JSONPath such as $.status", r"^\s*\$")
_PLACE = _text("a path such as /health, or a whole URL", r"^(/|https?://)\S*$")
_WAY: Shape = {"enum": list(WAYS), "x-expected": f"one or a list of {', '.join(WAYS)}"}
_SCALAR: Shape = {"type": ["string", "integer", "boolean", "number"], "x-expected": "text or a number"}

READY = Section(
    "ready",
    (
        Key("path", _PLACE, "Asked until it answers as below; default /health."),
        Key("status", _HTTP_STATUS, "The HTTP status that means ready; default 200."),
        Key("within", _DURATION, "After this time it counts as not started; default 15s."),
    ),
)
NEXT = Section(
    "next",
    (
        Key("command", _list(_TEMPLATE, 1), "Program and arguments of the next version; default: the same."),
        Key("env", _mapping(_SCALAR), "What its environment has beside or instead of the other's."),
    ),
)
START = Section(
    "start",
    (
        Key("command", _list(_TEMPLATE, 1), "Program and arguments, each on its own; no shell.", True),
        Key("env", _mapping(_SCALAR), "Its environment; of yours it inherits only PATH and the like."),
        Key("cwd", _text(), "Working folder, from the folder of badgateway.yaml; default is that folder."),
        Key("ready", READY.shape(), "How it shows that it is up."),
        Key(
            "next",
            NEXT.shape(),
            "The next version, for stories that deploy it: same folder and workdir, a port of its own.",
        ),
        Key(
            "attach",
            {"anyOf": [_WAY, _list(_WAY, 1)], "x-expected": _WAY["x-expected"]},
            "Leads it to the simulated provider although the real address is written down in it.",
        ),
    ),
)
OUTCOMES = Section(
    "outcomes",
    (
        Key("ok", _HTTP_STATUSES, "HTTP statuses that mean: it was done."),
        Key("fail", _HTTP_STATUSES, "HTTP statuses that mean: it was not done, for certain."),
        Key("info", _HTTP_STATUSES, "HTTP statuses that mean: not known yet."),
    ),
)
OPERATION = Section(
    "operation",
    (
        Key(
            "request",
            _text(
                "a method and a path such as POST /orders",
                r"^(GET|POST|PUT|PATCH|DELETE) (/|https?://)\S*$",
            ),
            "HTTP method and path, or whole URL.",
            True,
        ),
        Key("headers", _mapping(_SCALAR), "Further HTTP headers."),
        Key("json", {}, "Body as JSON; a text that is nothing but {order.amount_minor} keeps its type."),
        Key("form", _mapping(_SCALAR), "Body as a form, instead of json."),
        Key("outcomes", OUTCOMES.shape(), "What HTTP statuses mean, where it is not the usual."),
        Key(
            "capture",
            _mapping(_JSON_PATH, names=_WORD),
            "Name to JSONPath in the answer, for {captured.name} later; id is {order.id}.",
        ),
    ),
    {"not": {"required": ["json", "form"]}, "x-expected": "json or form, not both"},
)
VIEW = Section(
    "view",
    (
        Key("status", _JSON_PATH, "JSONPath of the order's status word.", True),
        Key("paid", _JSON_PATH, "JSONPath of what was paid: captured money, before refunds."),
        Key("refunded", _JSON_PATH, "JSONPath of what was refunded."),
        Key(
            "amounts",
            {"enum": ["minor", "decimal"]},
            "How amounts are written: 4999 (minor, the default) or 49.99.",
        ),
        Key("currency", _JSON_PATH, "JSONPath of the ISO 4217 code."),
        Key("refs", _JSON_PATH, "JSONPath of the provider's payment ids."),
        Key(
            "effects",
            _mapping(_JSON_PATH, names=_WORD),
            "Name to JSONPath of a counter or a list: goods shipped, mails sent.",
        ),
    ),
)
SETTLEMENT = Section(
    "settlement",
    (
        Key("payouts", _JSON_PATH, "JSONPath that finds the rows of the report.", True),
        Key("paid", _JSON_PATH, "Within a row: what was paid out.", True),
        Key("currency", _JSON_PATH, "Within a row: its ISO 4217 code.", True),
        Key("id", _JSON_PATH, "Within a row: the provider's id of the payout.", True),
        Key("captured", _JSON_PATH, "Within a row: captured money, reversed captures taken off."),
        Key("refunded", _JSON_PATH, "Within a row: what was given back."),
        Key("lost", _JSON_PATH, "Within a row: what disputes took."),
        Key("won", _JSON_PATH, "Within a row: what won disputes brought back."),
        Key("fees", _JSON_PATH, "Within a row: what the provider kept."),
        Key("adjusted", _JSON_PATH, "Within a row: reserves and corrections; negative: taken."),
        Key("exceptions", _JSON_PATH, "Within a row: each thing that does not add up."),
        Key("amounts", {"enum": ["minor", "decimal"]}, "How amounts are written, as in view."),
    ),
)
_KINDS = _mapping({"enum": list(EXCEPTIONS)}) | {"minProperties": 1}
RECONCILIATION = Section(
    "reconciliation",
    (
        Key("exceptions", _JSON_PATH, "JSONPath of the exceptions: whatever does not agree.", True),
        Key("kind", _JSON_PATH, "Within one: its own word for what is wrong.", True),
        Key("kinds", _KINDS, "Its own words, and which of ours each one is.", True),
        Key(
            "reference", _JSON_PATH, "Within one: order, payment, refund, payout, report; one or more.", True
        ),
        Key("amount", _JSON_PATH, "Within one: how much is in question; the sign does not matter.", True),
        Key("currency", _JSON_PATH, "Within one: the ISO 4217 code.", True),
        Key("owner", _JSON_PATH, "Within one: who has to see to it."),
        Key("remedy", _JSON_PATH, "Within one: what is to be done."),
        Key("amounts", {"enum": ["minor", "decimal"]}, "How amounts are written, as in view."),
    ),
)
WEBHOOK = Section(
    "webhook",
    (Key("path", _PLACE, "Where this provider's webhooks go.", True),),
)
MERCHANT = Section(
    "merchant",
    (
        Key("mode", {"enum": ["test", "live"]}, "Whether its account is a test account; default test."),
        Key("through", _WORD, "The merchant whose account acts on its behalf, as a platform's does."),
        Key("providers", _list(_WORD, 1), "Where it has an account; left out: at every provider."),
        Key("routing", _list(_WORD, 1), "In which order they are asked; left out: as a story says."),
        Key("currencies", _list(_CURRENCY, 1), "ISO 4217 codes that it takes; left out: all."),
        Key(
            "capture", {"enum": ["automatic", "manual"]}, "How all its money is taken; left out: as ordered."
        ),
    ),
)
EFFECT = Section(
    "effect",
    (
        Key(
            "at",
            _text("a method and a path such as POST /mail", r"^(POST|PUT|PATCH) /\S*$"),
            "HTTP method and path below {sink.url} to which it is sent.",
            True,
        ),
        Key("order", _JSON_PATH, "JSONPath of the order reference in its body; left out: it is searched."),
        Key(
            "key",
            _text(),
            "Header, or JSONPath in the body, that stays the same when it is sent again; default "
            "Idempotency-Key.",
        ),
        Key(
            "due_on",
            {"enum": ["AUTHORIZED", "PAID"]},
            "Status with which it is owed, and must have arrived when all is quiet.",
        ),
    ),
)
_SERIES = _text('a series such as payments_total{result="succeeded"}', r"^[a-zA-Z_:]\S*")
COUNTERS = Section(
    "counters",
    (
        Key("succeeded", _SERIES, "Payments for which the provider holds or took money, each once."),
        Key("declined", _SERIES, "Payments that an issuer declined, or a shopper failed to authenticate."),
        Key("retries", _SERIES, "Calls that were sent again with the key of an earlier one."),
        Key("webhook_lag_count", _SERIES, "Webhooks that were worked off."),
        Key("webhook_lag_seconds", _SERIES, "What they took together, from arrival to the end of the work."),
        Key("reconciliation_delta", _SERIES, "By how much books and provider differ; 0: they agree."),
    ),
)
TRANSITIONS = Section(
    "transitions",
    (
        Key("list", _JSON_PATH, "JSONPath of the records, oldest first.", True),
        Key("correlation", _JSON_PATH, "JSONPath, in a record, of what joins it to its cause.", True),
        Key("actor", _JSON_PATH, "JSONPath, in a record, of who or what caused it.", True),
        Key("to", _JSON_PATH, "JSONPath, in a record, of the status word that it led to."),
    ),
)
DECLARES = Section(
    "declares",
    (
        Key("deadline", _DURATION, "No operation takes longer; default 10s."),
        Key("retry_base", _DURATION, "First pause before it tries a provider again."),
        Key("poll_interval", _DURATION, "It asks the provider by itself, this often."),
        Key("recovery", _DURATION, "Time it needs after a failure before it is well again; default 0ms."),
        Key(
            "signature_tolerance",
            _DURATION,
            "A webhook's signature may be so much older or newer than its own clock says; default 5m.",
        ),
        Key("background", _DURATION, "The longest thing that it does by itself; 0ms: nothing."),
        Key(
            "expiry",
            _DURATION,
            "An order that its shopper left is given up after this time; an operation must name {clock.now}.",
        ),
        Key(
            "retries_max",
            {"type": "integer", "minimum": 1, "maximum": 1000},
            "Attempts of one request without a new reason, the first included.",
        ),
        Key("retry_cap", _DURATION, "Its pauses between attempts grow up to this."),
        Key(
            "breaker",
            Section(
                "breaker",
                (
                    Key(
                        "failures",
                        {"type": "integer", "minimum": 1, "maximum": 1000},
                        "So many calls to a provider fail in a row, and it stops asking.",
                        True,
                    ),
                    Key("pause", _DURATION, "Then it asks no more than once in this time.", True),
                ),
            ).shape(),
            "When it stops asking a provider that is down.",
        ),
        Key(
            "ship_on",
            {"enum": ["captured", "authorized", "pending"]},
            "When goods may leave: on money taken (the default), on a hold too, or on a payment under way.",
        ),
        Key(
            "failed_checks",
            {"enum": ["review", "accept"]},
            "Whether a card that was approved with a wrong security or postal code waits for a human.",
        ),
        Key(
            "pending_refunds_count",
            {"type": "boolean"},
            "Its refunded amount includes refunds that are not final; default true.",
        ),
        Key("webhook_lag", _DURATION, "No genuine webhook takes longer, where nothing goes wrong."),
        Key("refund_time", _DURATION, "No refund takes longer to be answered, where nothing goes wrong."),
        Key("once", _list(_WORD), "Effects, of the view or sent to the sink, that happen at most once."),
    ),
)
TOP = Section(
    "badgateway.yaml",
    (
        Key("name", _text(), "What reports call it.", True),
        Key("start", START.shape(), "How to start it; left out: it runs already."),
        Key(
            "base_url",
            _text("an http URL", r"^https?://\S+$"),
            "Where it listens; {port} is a free port of each copy.",
            True,
        ),
        Key(
            "operations",
            Section(
                "operations",
                tuple(
                    Key(name, OPERATION.shape(), f"How to ask for: {name}.", name in ("pay", "view"))
                    for name in OPERATIONS
                ),
            ).shape(),
            "How a shopper or merchant asks for things.",
            True,
        ),
        Key("view", VIEW.shape(), "Where the answer of the view operation shows what.", True),
        Key("settlement", SETTLEMENT.shape(), "Where the answer of the settlement operation shows what."),
        Key("reconciliation", RECONCILIATION.shape(), "Where its answer shows what does not agree."),
        Key(
            "statuses",
            _mapping({"enum": list(VIEW_STATUSES)}) | {"minProperties": 1},
            "Its own status words, and which of ours each one is.",
            True,
        ),
        Key(
            "webhooks",
            _mapping(WEBHOOK.shape(), names=_WORD),
            "Provider to the place that takes its webhooks; {merchant} is one of merchants.",
        ),
        Key(
            "providers",
            _mapping(_text("a file such as ./acme.provider.yaml", r"\.yaml$"), names=_WORD),
            "Providers of your own: name to the file that declares it, from the folder of badgateway.yaml.",
        ),
        Key(
            "merchants",
            _mapping(MERCHANT.shape(), names=_WORD) | {"minProperties": 1},
            "What it calls its merchants: {order.merchant}, {stripe.NAME.api_key}; the first is the usual.",
        ),
        Key(
            "effects",
            _mapping(EFFECT.shape(), names=_WORD),
            "What it sends to {sink.url} instead of the real mail, fulfilment and stock services.",
        ),
        Key("logs", _list(_text()), "Log files to look into; {workdir} may be used."),
        Key("metrics", _PLACE, "Path of its Prometheus metrics."),
        Key("counters", COUNTERS.shape(), "What it counts, and which series of its metrics that is."),
        Key("transitions", TRANSITIONS.shape(), "Where the view's answer lists what happened to an order."),
        Key("declares", DECLARES.shape(), "What it says about itself; what it does not say is not judged."),
        Key("contracts", CONTRACTS_SHAPE, "What it promises its merchants, for `badgateway verify`."),
        Key("states", STATES_SHAPE, "What a pact's provider states mean: text to the steps of a story."),
        Key("allow_hosts", _list(_text()), "Hosts beside this machine that may be sent requests."),
    ),
)
SECTIONS = (
    TOP, START, READY, OPERATION, OUTCOMES, VIEW, SETTLEMENT, WEBHOOK, MERCHANT, EFFECT, COUNTERS,
    TRANSITIONS, DECLARES,
)  # fmt: skip


def make_schema() -> dict[str, Any]:
    """Give the JSON Schema (Draft 2020-12) of badgateway.yaml."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "badgateway.yaml: an integration under test",
        **TOP.shape(),
    }


def schema_text() -> str:
    """Give the schema as the file under specs/ holds it."""
    return artifacts.schema_text(make_schema())


def write_schema() -> Path:
    """Bring specs/badgateway.schema.json up to date."""
    return artifacts.write_schema(SCHEMA_FILE, make_schema())
