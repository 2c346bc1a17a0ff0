"""What goes wrong at the provider itself, as stripe-python sees it: the story is ../trouble.yaml.

Its purchases are made here in its order. Each paragraph names its source, as in behaviours.py; [sdk] is
_http_client.py.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import stripe

VISA = {"payment_method": "pm_card_visa", "payment_method_types": ["card"], "confirm": True}
HELD = "APIError 500 None"


def intents(retries):
    base = {"api": os.environ["STRIPE_URL"]}
    key = os.environ["STRIPE_API_KEY"]
    return stripe.StripeClient(key, base_addresses=base, max_network_retries=retries).v1.payment_intents


def paid(key, retries=0, **more):
    params = {"amount": 2000, "currency": "eur", "metadata": {"key": key}, **VISA, **more}
    return intents(retries).create(params, {"idempotency_key": key})


def captured(of, retries=0):
    return intents(retries).capture(of)


def outcome(call):
    try:
        return call().status
    except stripe.StripeError as told:
        return f"{type(told).__name__} {told.http_status} {told.error.code}"


def both(call, other):
    """Give what came of two calls at the same moment, whichever of them came first."""
    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(outcome, (call, other)))


# One key twice at the same moment: one of the calls is at work, the other is told so [idempotency].
told = both(lambda: paid("in_flight"), lambda: paid("in_flight"))
assert told == ["APIError 409 idempotency_key_in_use", HELD], told
first, again = paid("in_flight"), paid("in_flight")
assert (again.id, again.last_response.headers["Idempotent-Replayed"]) == (first.id, "true")

# With retries of its own the SDK rides it out: a 409 is repeated under the same key [sdk].
told = both(lambda: paid("ridden_out", 4), lambda: paid("ridden_out", 4))
assert told == [HELD, "succeeded"], told

# Two captures of one hold at the same moment: one is refused, and the money moves once [errors].
hold = paid("locked", capture_method="manual").id
told = both(lambda: captured(hold), lambda: captured(hold))
assert told == [HELD, "RateLimitError 429 lock_timeout"], told
done = captured(hold)
assert (done.status, done.amount_received) == ("succeeded", 2000)

# The API advises to repeat after a lock timeout, and an SDK with retries does [sdk].
hold = paid("patient", capture_method="manual").id
told = both(lambda: captured(hold, 4), lambda: captured(hold, 4))
assert told == [HELD, "succeeded"], told

# What is repeated and what is not goes by status, and by Stripe-Should-Retry before it [errors] [sdk].
for name, expected in {
    "dependency": "APIError 424 None",
    "server_error": "APIError 500 None",
    "bad_gateway": "succeeded",
    "unavailable": "succeeded",
    "timed_out": "succeeded",
    "limited": "RateLimitError 429 rate_limit",
    "limited_for_a_moment": "succeeded",
}.items():
    told = outcome(lambda name=name: paid(name, 2))
    assert told == expected, (name, told)
sys.stdout.write("every trouble passed\n")
