"""Every key that a provider file may hold, declared once; its JSON Schema derives from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from badgateway.ground import artifacts
from badgateway.ground.money import currencies
from badgateway.providers.base import OPERATIONS
from badgateway.providers.declared.keys import (
    COUNT,
    DURATION,
    FLAG,
    HTTP_STATUS,
    SCALAR,
    TEMPLATE,
    WORD,
    Key,
    Shape,
    choice,
    either,
    listed,
    mapping,
    section,
    text,
    words,
)

SCHEMA_FILE = "declared-provider.schema.json"
# What a file may say that a route does; none of them raises a hold yet.
_DONE = tuple(op for op in OPERATIONS if op != "increment")
DOES = (*_DONE, "answer")
# What a request may say, in the order in which it is asked for.
READS = (
    "payment",
    "amount",
    "currency",
    "reference",
    "method",
    "capture",
    "challenge",
    "final",
    "reason",
    "limit",
    "after",
)
SUBJECTS = ("payment", "attempt", "refund", "dispute", "failure", "capture", "card")
EVENTS = (
    "payment.created", "payment.action_required", "payment.pending", "payment.authorized",
    "payment.succeeded", "payment.failed", "payment.voided", "payment.expired", "capture.failed",
    "refund.created", "refund.succeeded", "refund.failed", "dispute.opened", "dispute.won", "dispute.lost",
    "payout.paid",
)  # fmt: skip
# Movements of the ledger, as payments/model.py lists them.
MOVES = ("auth", "capture", "void", "expire", "refund", "refund_fail", "capture_fail", "dispute_open",
         "dispute_won", "dispute_lost")  # fmt: skip
# Refusals of the book and of the dialect, with the HTTP status that one has where a file gives it none.
ERRORS = {
    "unauthorized": 401, "unknown_route": 404, "unreadable": 400, "missing": 400, "invalid": 400,
    "unknown_object": 404, "unknown_method": 400, "wrong_state": 409, "amount_too_large": 400,
    "amount_too_small": 400, "already_refunded": 400, "nothing_to_refund": 400, "disputed": 400,
    "currency_mismatch": 400, "declined": 402, "authentication_required": 402, "key_missing": 400,
    "key_in_flight": 409, "key_reused": 409, "server_error": 500, "too_many_requests": 429, "else": 400,
}  # fmt: skip
STORES = ("success", "refusal", "decline", "server_error")

_PLACE = text(
    "a place such as amount.value, items[0].id, query:count or header:X-Name",
    r"^(query:|header:)?[A-Za-z0-9_\-]+((\.|\[)[A-Za-z0-9_\-]+\]?)*$",
)
_WORDS_OF = either("a scalar or a list of them", SCALAR, listed(SCALAR, 1))
READ = either(
    "a place such as amount.value, or {at: place, ...}",
    _PLACE,
    section(
        (
            Key("at", _PLACE, "Where it stands in the request."),
            Key("or", _PLACE, "Where else it may stand, where it is not there."),
            Key("required", FLAG, "Refused without it."),
            Key("default", SCALAR, "What counts where the request does not say it."),
            Key("manual", _WORDS_OF, "capture: the values that mean: hold it first."),
            Key("automatic", _WORDS_OF, "capture: the values that mean: take it at once."),
            Key("no", _WORDS_OF, "final: more captures follow; challenge: the shopper cannot be asked."),
        )
    ),
)
_ON = text("a method and a path such as POST /payments/{payment}", r"^(GET|POST|PUT|PATCH|DELETE) /\S*$")
REPLIES = section(
    (
        Key("status", HTTP_STATUS, "The HTTP status; default 200."),
        Key("body", TEMPLATE, "The answer, a template.", True),
        Key("headers", mapping(text()), "Further HTTP headers, templates."),
        Key("waiting", HTTP_STATUS, "The HTTP status where the payment waits for its shopper or its bank."),
    )
)
KEY_PLACE = section(
    (
        Key("header", text(), "The header that carries the key."),
        Key("body", _PLACE, "The place in the body that holds the key."),
        Key("required", FLAG, "Refused without a key."),
        Key("shortest", COUNT, "The fewest characters that a key has."),
        Key("longest", COUNT, "The most characters that a key has."),
    )
)
ROUTE = section(
    (
        Key(
            "on",
            _ON,
            "HTTP method and path; {payment}, {refund} and the like are ids of the kinds in `ids`.",
            True,
        ),
        Key("does", choice(*DOES), "Which operation it is; answer: it only answers.", True),
        Key("reads", section(tuple(Key(name, READ, f"Where the request says: {name}.") for name in READS)),
            "Where the request says what."),
        Key("open", FLAG, "It is answered without an API key; for `answer` alone."),
        Key("asynchronous", FLAG, "It is accepted only: the answer shows how things stood before."),
        Key("replies", REPLIES, "The answer where nothing is refused.", True),
        Key("key", either("a key's place, or false", {"const": False}, KEY_PLACE), "Its own place of it."),
    )
)  # fmt: skip
WORDS = section(
    (
        Key("of", choice(*SUBJECTS), "What it is a word for.", True),
        Key("is", mapping(SCALAR), "Neutral state to the provider's word; else stands for the rest.", True),
    )
)
ERROR = section(
    (
        Key("status", HTTP_STATUS, "The HTTP status."),
        Key("code", SCALAR, "What {error.code} gives."),
        Key("message", text(), "What {error.message} gives; left out: a plain sentence."),
        Key("body", TEMPLATE, "The answer, where it is not `body` of errors."),
    )
)
IDEMPOTENCY = section(
    (
        Key("key", KEY_PLACE, "Where the key stands.", True),
        Key("for", words(*_DONE), "Operations for which it counts; left out: all that change things."),
        Key("kept", DURATION, "For how long a key is remembered; default 24h."),
        Key("stores", words(*STORES), "Which answers are given again; default all of them."),
        Key("other_parameters", choice("refuse", "replay"), "What a key with other parameters meets."),
        Key("replays", section((
            Key("status", HTTP_STATUS, "The HTTP status of a replay, where it is another."),
            Key("headers", mapping(text()), "Headers that mark a replay."),
        )), "How a replay differs from the first answer."),
    )
)  # fmt: skip
SIGNATURE = section(
    (
        Key("scheme", choice("hmac", "standard", "basic", "rsa", "none"), "How webhooks are signed.", True),
        Key("header", text(), "The header that carries it."),
        Key("algorithm", choice("sha1", "sha256", "sha512"), "The hash; default sha256."),
        Key("encoding", choice("hex", "base64"), "How it is written; default hex (rsa: base64)."),
        Key("key", choice("text", "hex", "base64", "sha1"), "hmac: what the key is of the secret as told."),
        Key(
            "over",
            text(),
            "What is signed: {body}, {timestamp}, {created}, {id}, {url}, {crc32}, {secret}.",
        ),
        Key("each", text(), "hmac: how one signature is written; default {signature}."),
        Key("joined", text(), "hmac: what stands between two signatures while a secret is rotated."),
        Key("value", text(), "What the header holds; default {signatures}."),
        Key("prefix", text(), "standard: what its headers begin with; default webhook."),
        Key("user", text(), "basic: the user; the password is the secret."),
        Key("private_key", text(), "rsa: a PEM key made for tests."),
    )
)
EVENT = section(
    (
        Key("type", text(), "The provider's own name of the event.", True),
        Key("shows", TEMPLATE, "What {event.object} gives, a template.", True),
        Key("primary", FLAG, "What a story means by the neutral name: of several, the first that is made."),
        Key("with", WORD, "Made only where the ledger moved so: auth, capture, refund ..."),
        Key("without", WORD, "Made only where the ledger did not move so."),
        Key("when", text(), "Made only where this name of a template is true."),
    )
)
WAY = section(
    (
        Key("to", text(), "The address, a template; nowhere, where it gives null.", True),
        Key("with", mapping(text()), "Parameters that the address gets, templates."),
    )
)
CHALLENGE = section(
    (
        Key(
            "page",
            text("a path such as /challenges/{payment}", r"^/\S*$"),
            "Where the shopper is asked.",
            True,
        ),
        Key("passed", WAY, "Where he is sent when he has confirmed.", True),
        Key("failed", WAY, "Where he is sent when he has not, or the issuer declines after all.", True),
    )
)
WEBHOOKS = section(
    (
        Key("retries", listed(either("a duration, or {every: 1h, times: 24}", DURATION, section((
            Key("every", DURATION, "The gap.", True), Key("times", COUNT, "How often.", True),
        )))), "Gaps between attempts.", True),
        Key("deadline", DURATION, "Without an answer by then it is sent again; default 10s."),
        Key("give_up_after", COUNT, "Events given up in a row until the endpoint is disabled."),
        Key("signature", SIGNATURE, "How they are signed.", True),
        Key("headers", mapping(text()), "Further headers: {id}, {type} and {timestamp} may be used."),
        Key("body", TEMPLATE, "The envelope, a template with {event.object} in it.", True),
        Key("events", section(tuple(
            Key(name, either("an event, or a list of them", EVENT, listed(EVENT, 1)), f"What tells: {name}.")
            for name in EVENTS
        )), "Neutral event to what is sent.", True),
    )
)  # fmt: skip
_DIGITS: Shape = {"type": "integer", "minimum": 0, "maximum": 4}
AMOUNTS = section(
    (
        Key("written", choice("minor", "decimal"), '4999, or "49.99".', True),
        Key("exponents", mapping(_DIGITS, names={"enum": list(currencies())}),
            "Currencies with other decimals than ISO 4217 gives them."),
    )
)  # fmt: skip
AUTHENTICATION = section(
    (
        Key("scheme", choice("bearer", "basic", "header"), "How the API key is sent.", True),
        Key("header", text(), "header: its name."),
        Key("key", choice("user", "password"), "basic: which of the two is the API key; default password."),
        Key("prefix", text(), "header: what stands before the key."),
    )
)
TOP = (
    Key("name", WORD, "What it is called.", True),
    Key("about", text(), "One sentence: which API of whom, and of when.", True),
    Key("left_out", listed(text(), 1), "What the real provider has, and this one has not.", True),
    Key("body", choice("json", "form"), "How requests are written; default json."),
    Key("amounts", AMOUNTS, "How amounts are written.", True),
    Key("authentication", listed(AUTHENTICATION, 1), "How a request shows its API key.", True),
    Key("settings", mapping(text(), names=WORD), "Further settings, of {url}, {api_key}, {user}."),
    Key("ids", mapping({"type": "string"}, names=WORD), "Kind of object to the prefix of its ids.", True),
    Key("cards", mapping(text(), names=WORD), "Neutral card word to the token of a checkout.", True),
    Key("holds", DURATION, "After how long what is held lapses; default 7d."),
    Key("challenge", CHALLENGE, "The page on which a payment's shopper is asked by his bank."),
    Key("hints", listed(_PLACE), "Where else an order reference may stand in a request."),
    Key("remembers", mapping(_PLACE, names=WORD), "What of a payment's request is shown again."),
    Key("words", mapping(WORDS, names=WORD), "Tables of the provider's words."),
    Key("shapes", mapping(TEMPLATE, names=WORD), "Templates that others use as {shape.NAME}."),
    Key("routes", listed(ROUTE, 1), "What it can be asked.", True),
    Key("errors", section(
        (Key("body", TEMPLATE, "The answer of every error, a template.", True),
         *(Key(name, ERROR, f"How it words: {name}.") for name in ERRORS)),
    ), "How it refuses.", True),
    Key("idempotency", IDEMPOTENCY, "What it does with a key that comes again; left out: it knows none."),
    Key("page", section((Key("default", COUNT, "Members without a limit."), Key("max", COUNT, "At most."),
                         Key("by", choice("id", "count"), "What `after` is: an id, or how many to skip."))),
        "How lists are cut."),
    Key("webhooks", WEBHOOKS, "What it tells by itself, and how.", True),
)  # fmt: skip


def make_schema() -> dict[str, Any]:
    """Give the JSON Schema (Draft 2020-12) of a provider file."""
    top: Shape = section(TOP)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "NAME.provider.yaml: a payment provider, declared",
        **top,
    }


def schema_text() -> str:
    """Give the schema as the file under specs/ holds it."""
    return artifacts.schema_text(make_schema())


def write_schema() -> Path:
    """Bring the file under specs/ up to date."""
    return artifacts.write_schema(SCHEMA_FILE, make_schema())
