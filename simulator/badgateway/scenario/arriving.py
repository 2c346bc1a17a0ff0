"""What each word of a delivery is good for: how it is written, where it is met, and what should hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arriving:
    """One word of a delivery, told to somebody who has never used it."""

    written: str
    in_the_field: str
    should_hold: str
    remedy: str


_DEDUPE = "Insert the event's id under a unique constraint, in the transaction that does the work."
_LOOK = "Take the event as a hint, and look the payment up before its state is changed."
_VERIFY = "Verify the signature over the bytes as they came, before all else, and refuse what does not fit."
_POLL = "Run a poller or a reconciliation beside the webhooks, and start it after every restart."

ARRIVING = {
    "event": Arriving(
        '- {event: "payment.succeeded[1]", lose: true}',
        "each provider has names of its own; the neutral ones stand for them, and "
        "`stripe:charge.succeeded[1]` is one of its own.",
        "an event that no delivery names is sent once, after its reply, and again until it is acknowledged.",
        "",
    ),
    "copies": Arriving(
        '- {event: "payment.succeeded[1]", copies: 2}',
        "providers promise delivery at least once: an acknowledgement that is lost brings the event again.",
        "one fact has one effect, however often it is told.",
        _DEDUPE,
    ),
    "how": Arriving(
        '- {event: "payment.succeeded[1]", copies: 2, how: at_once}',
        "two workers of the provider, or a retry that meets the first attempt.",
        "looking whether an event is known and writing it down are one step; two copies never both pass it.",
        _DEDUPE,
    ),
    "before": Arriving(
        '- {event: "payment.succeeded[1]", before: reply}',
        "the provider's queue is faster than its answer.",
        "an order whose payment id is not stored yet is found by the merchant's reference, or the event is "
        "asked for again.",
        "Store the order before the call, send its reference along, and answer an event that fits nothing "
        "yet with an error.",
    ),
    "after": Arriving(
        '- {event: "payment.succeeded[1]", after: "refund.succeeded[1]"}',
        "no provider promises the order of events; retries turn it round.",
        "what is older never overwrites what is newer.",
        _LOOK,
    ),
    "delay": Arriving(
        '- {event: "payment.succeeded[1]", delay: 1d}',
        "a backlog at the provider, or an endpoint that was blocked for a day.",
        "the order gets its money by another way meanwhile, and the event does no harm when it comes.",
        _POLL,
    ),
    "lose": Arriving(
        '- {event: "payment.succeeded[1]", lose: true}',
        "an outage that is longer than the provider's retries, a firewall, an endpoint that was disabled.",
        "money that was taken is in the books all the same.",
        _POLL,
    ),
    "with": Arriving(
        '- {event: "payment.succeeded[1]", with: return}',
        "the shopper's browser and the webhook leave the provider in the same moment.",
        "both find the order open, and only one of them completes it.",
        "Complete an order in one place, under a lock or a unique constraint, whoever brings the news.",
    ),
    "then": Arriving(
        '- {event: "payment.succeeded[1]", then: kill}',
        "a deployment, an out-of-memory kill or a power cut right after the 2xx.",
        "what was acknowledged is on disk, and is worked on after the start.",
        "Commit the event before you answer, and let a job take up what was not finished.",
    ),
    "late": Arriving(
        '- {event: "payment.succeeded[1]", late: true}',
        "a retry of an old attempt, an event that support sends again by hand.",
        "an order that has moved on stays where it is.",
        _LOOK,
    ),
    "signature": Arriving(
        '- {event: "payment.succeeded[1]", signature: garbage}',
        "anybody can post to a public address; secrets are rotated; old requests are kept and sent again.",
        "what is not genuine changes nothing, and what is genuine is accepted in the end.",
        _VERIFY,
    ),
    "mutate": Arriving(
        '- {event: "payment.succeeded[1]", mutate: unknown_enum}',
        "new values, new types, fields that a version no longer sends, another JSON library.",
        "what is new changes nothing that is not true, and stops nothing.",
        "Answer 2xx to what you do not know, keep what you know, and look the payment up. Read no field that "
        "you do not need.",
    ),
    "batch": Arriving(
        '- {event: "payment.succeeded[1]", batch: ["refund.succeeded[1]"]}',
        "some providers put several notifications into one request; of those here, Adyen.",
        "each of them counts, and one that cannot be read does not take the others with it.",
        "Commit the items one by one, and answer 2xx once all of them are on disk.",
    ),
    "as": Arriving(
        '- {event: "payment.succeeded[1]", copies: 2, as: new_id}',
        "two event types or two endpoints tell one fact, each under an id of its own.",
        "one fact has one effect, also where the ids of its events differ.",
        "Let the fact be unique, that is the payment and what became of it, and not only the event's id.",
    ),
    "to": Arriving(
        '- {event: "payment.succeeded[1]", to: b}',
        "a platform's account tells the events of all its merchants; an address is copied from shop to shop.",
        "no order of another merchant changes.",
        "Verify an event with the secret of the address that it came to, and apply it to orders of that "
        "merchant only.",
    ),
    "from": Arriving(
        '- {event: "payment.succeeded[1]", from: stranger, copies: 6}',
        "an account that several systems share.",
        "what is of no use is answered 2xx and dropped, so that the provider goes on sending.",
        "Answer 2xx to events of payments that are not yours; an error asks for them to be sent again.",
    ),
    "resend": Arriving(
        '- {event: "payment.succeeded[1]", resend: at_deadline}',
        "a handler that works for longer than the provider waits, often ten seconds.",
        "the second copy finds the first one at work and does nothing twice.",
        "Write the event down, answer 2xx, and work on it afterwards; what is worked on is locked.",
    ),
}

# What the words say that stand behind `signature` and `mutate`.
SIGNED = {
    "none": "an event that never happened, with no signature",
    "garbage": "an event that never happened, signed with a secret that nobody has",
    "other_tenant": "an event that never happened, signed with another merchant's secret",
    "cert_url": "an event that never happened, which names a stranger's address for its certificate",
    "stale": "a genuine event once more, with a signature that is an hour old",
    "rotated": "the genuine event, signed with a new secret and with the old one",
}
MUTATED = {
    "unknown_enum": "a status or another word that is not in the documents",
    "unknown_type": "an event type, or a kind of object, that is not in the documents",
    "null_field": "a field is null",
    "drop_field": "a field is gone",
    "rename_field": "a field has another name",
    "extra_field": "a field more than there was",
    "thin": "only ids and types are left",
    "spacing": "the same content with other white space",
    "escapes": "the same content with other \\u escapes",
    "key_order": "the same content with its keys in another order",
}
