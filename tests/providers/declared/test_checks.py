"""Problems of provider files: all at once, each with its place and the nearest valid word."""

from pathlib import Path

import pytest

from badgateway.errors import InputError
from badgateway.providers.declared.read import read_spec

ACME = (Path(__file__).parents[1] / "every" / "acme.provider.yaml").read_text()

# what is written instead of what -> what is told
MISTAKES = {
    "a name that nothing gives": (
        'price: {amount: "{payment.amuont}"',
        'price: {amount: "{payment.amount}"',
        "did you mean 'payment.amount'",
    ),
    "a state that is none": ("authorized: HELD", "authorised: HELD", "unknown state 'authorised'"),
    "a card that is none": ("declined: bad", "declinde: bad", "did you mean 'declined'"),
    "a shape that is none": (
        'replies: {status: 201, body: "{shape.payment}"}',
        'replies: {status: 201, body: "{shape.paymnet}"}',
        "did you mean 'shape.payment'",
    ),
    "a key that is none": ("  retries: [1m", "  retrys: [1m", "unknown key 'retrys'"),
    "a scheme that is none": ("scheme: hmac", "scheme: hmca", "did you mean 'hmac'"),
    "no word for a state": (
        ", voided: DROPPED, expired: DROPPED}",
        ", voided: DROPPED}",
        "no word for expired",
    ),
    "a payment that nobody names": (
        '"POST /orders/{payment}/drop"',
        "POST /orders/drop",
        "which payment to void",
    ),
    "an address twice": ("POST /orders/{payment}/drop", "POST /orders/{refund}/pay", "once more"),
    "a currency that nobody says": ("      currency: {at: price.unit, required: true}\n", "", "a currency"),
    "no word for other errors": ("  else: {status: 400, code: BAD}\n", "", "'else' is missing"),
    "a part that cannot be signed": (
        'over: "{timestamp}~',
        'over: "{timestmap}~',
        "did you mean 'timestamp'",
    ),
    "a brace alone": (
        '{amount: "{payment.amount}", unit',
        '{amount: "{payment.amount", unit',
        "without its partner",
    ),
    "a list of nothing": ("each: refunds", "each: refund", "did you mean 'refunds'"),
    "a duration that is none": ("kept: 2d", "kept: 2 days", "expected a duration"),
    "a key in two places": (
        "key: {header: X-Acme-Once}",
        "key: {header: X-Acme-Once, body: once}",
        "either a header",
    ),
    "a page of no payment": ("page: /orders/{payment}/who", "page: /who", "the page of one payment"),
    "a page of something else": ("{payment}/who", "{refund}/who", "does not tell the payment"),
    "a page of an unknown kind": ("{payment}/who", "{paymnet}/who", "did you mean 'payment'"),
    "a page at a taken address": ("{payment}/who", "{payment}/pay", "once more"),
    "a way back to nothing": (
        '{order: "{payment.reference}"}',
        '{order: "{payment.refrence}"}',
        "payment.reference",
    ),
    "an event told of nothing": (
        "payment.voided: {type: dropped,",
        "payment.voided: {when: payment.is_hold, type: dropped,",
        "did you mean 'payment.is_held'",
    ),
    "a primary event that may be left out": (
        "payment.voided: {type: dropped,",
        "payment.voided: {when: payment.is_held, type: dropped,",
        "the primary event is always made",
    ),
    "two primary events that are both always made": (
        'payment.voided: {type: dropped, shows: "{shape.payment}"}',
        "payment.voided: [{type: a, shows: {}, primary: true}, {type: dropped, shows: {}, primary: true}]",
        "2 of these events are primary",
    ),
    "a primary event that may be left out after another": (
        'payment.voided: {type: dropped, shows: "{shape.payment}"}',
        "payment.voided: [{type: a, shows: {}}, {type: b, shows: {}, primary: true, when: payment.is_held}]",
        "the primary event is always made",
    ),
    "a challenge whose values are not told apart": (
        "reads: {method: {at: token, required: true}}",
        "reads: {method: {at: token, required: true}, challenge: ask}",
        "must be told apart",
    ),
    "a movement that is none": (
        "payment.authorized: {type: held,",
        "payment.authorized: {with: auht, type: held,",
        "did you mean 'auth'",
    ),
}


@pytest.fixture
def problems(tmp_path):
    """Give what is told about a provider file of this text."""
    file = tmp_path / "acme.provider.yaml"

    def run(text):
        file.write_text(text)
        with pytest.raises(InputError) as refused:
            read_spec(file)
        return refused.value.problems

    return run


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_at_its_line(mistake, problems):
    before, after, told = MISTAKES[mistake]
    right, wrong = (before, after) if before in ACME else (after, before)
    assert ACME.count(right) == 1

    found = problems(ACME.replace(right, wrong))

    assert any(told in str(one) for one in found), found
    assert all(one.line > 0 and one.column > 0 for one in found)


def test_all_mistakes_are_told_at_once(problems):
    text = ACME.replace("declined: bad", "declinde: bad").replace("authorized: HELD", "authorised: HELD")

    found = problems(text.replace("{timestamp}~", "{timestmap}~"))

    assert {one.line for one in found} == {
        n
        for n, line in enumerate(text.splitlines(), start=1)
        if "declinde" in line or "over:" in line or "authorised" in line or "    is: {new: OPEN" in line
    }


def test_a_card_whose_bank_asks_needs_a_page(problems):
    before, _, rest = ACME.partition("challenge:\n")
    text = before + rest[rest.index("words:\n") :].replace('    ask_at?: "{payment.challenge}"\n', "")

    (found,) = problems(text)

    assert "'authentication_required' needs a page on which the shopper is asked" in str(found)


def test_a_shape_that_contains_itself_is_refused(problems):
    text = ACME.replace(
        'number: "{payment.id}"\n', 'number: "{payment.id}"\n    again: "{shape.payment}"\n', 1
    )

    (found,) = problems(text)

    assert "contains itself: payment in payment" in str(found)


def test_a_template_reaches_nothing_but_declared_names(problems):
    for name in ("account.api_key", "payment.__class__", "spec", "payment.details"):
        found = problems(ACME.replace('order: "{payment.reference}"\n', f'order: "{{{name}}}"\n', 1))

        assert f"unknown name {{{name}}}" in str(found[0])
