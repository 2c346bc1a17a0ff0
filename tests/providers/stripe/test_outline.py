"""A form of names that came before is read as any other form: quick and general compared."""

import re
from urllib.parse import quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from badgateway.providers.stripe import outline
from badgateway.providers.stripe.forms import UnreadableForm, decode, hashed
from badgateway.providers.stripe.hints import hints
from badgateway.providers.stripe.methods import masked

NAMES = st.sampled_from(
    ["a", "amount", "card", "sepa_debit", "us_bank_account", "metadata", "description", "", "%", "a%5Bb%5D"]
)
PARTS = st.sampled_from(
    [
        "",
        "0",
        "1",
        "00",
        "²",
        "a",
        "b",
        "card",
        "number",
        "cvc",
        "iban",
        "account_number",
        "metadata",
        "%s",
        "%%",
    ]
)
KEYS = st.tuples(NAMES, st.lists(PARTS, max_size=4)).map(
    lambda key: key[0] + "".join(f"[{part}]" for part in key[1])
)
VALUES = st.sampled_from(
    ["", "1", "a+b", "%41", "a=b", "%s", "4242424242424242", "4111 1111 1111 1111", "123", "12",
     "AT611904300234573201", "000123456789", "\x1e", "é", "%ff", "given"]
) | st.text(max_size=6)  # fmt: skip
PAIRS = st.tuples(KEYS, VALUES).map("=".join)
ODD = st.text(alphabet="ab=&[]%+0", max_size=12)


def quickly(text):
    try:
        return outline.read(text)
    except UnreadableForm as problem:
        return str(problem)


def generally(text):
    try:
        params = masked(decode(text))
    except UnreadableForm as problem:
        return str(problem)
    return params, hashed(params), hints(params)


def shown(found):
    """Give what was found with the order of its keys, in which mistakes are told."""
    return repr(found)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.lists(PAIRS | ODD, max_size=7).map("&".join))
@example("card[number][a]=1&card[number][b]=2")
@example("card[][number]=4242424242424242&card[][cvc]=1")
@example("a=1&a=2&&b")
@example("metadata[a]=&metadata[b]=2&receipt_email=%s&description=d+e&metadata[b]=3&transfer_group=")
@example("description[]=1&metadata[b][c]=2&metadata[d]=%41")
@example("metadata=whole&client_reference_id=c")
@example("a[1]=second&a[0]=first&a[][c]=d")
@example("=x")
@example("&&")
def test_a_form_is_read_as_if_its_names_had_never_come(text):
    expected = shown(generally(text))

    for _ in range(3):  # the second time an outline is made, and the third time it is there
        assert shown(quickly(text)) == expected


@pytest.mark.parametrize("pairs", [1, 64, 65, 1000, 1001])
def test_a_long_form_is_read_as_well(pairs):
    text = "&".join(f"a{n}={n}" for n in range(pairs))

    for _ in range(3):
        assert shown(quickly(text)) == shown(generally(text))


def test_two_forms_of_the_same_names_share_nothing_that_can_be_changed():
    text = "amount=1&metadata[a]=b&expand[]=c"
    _, one, other = (outline.read(text)[0] for _ in range(3))
    one["metadata"]["a"] = one["expand"][0] = "changed"

    assert other == outline.read(text)[0] == decode(text)


def test_no_value_is_kept():
    """Forms carry card numbers; what is kept of a form is its names."""
    number = "4242 4242 4242 4242"
    outline.read(f"card[number]={quote_plus(number)}&metadata[a]=the+value")
    # An address in memory may have any four digits in it.
    known = re.sub("0x[0-9a-f]+", "", repr(outline._outline(("card[number]", "metadata[a]"))))

    assert "4242" not in known
    assert "the value" not in known
