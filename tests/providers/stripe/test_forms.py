"""Fixed vectors for bracketed forms, as clients in several languages send them."""

from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.providers.stripe.forms import UnreadableForm, decode, flatten


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("amount=100&currency=usd", {"amount": "100", "currency": "usd"}),
        ("metadata[a]=b+c", {"metadata": {"a": "b c"}}),
        ("metadata[7]=x&metadata[8]=y", {"metadata": {"7": "x", "8": "y"}}),
        (
            "payment_method_types[0]=card&payment_method_types[1]=link",
            {"payment_method_types": ["card", "link"]},
        ),
        ("expand[]=a&expand[]=b", {"expand": ["a", "b"]}),
        ("a[1]=second&a[0]=first", {"a": ["first", "second"]}),
        ("created%5Bgte%5D=1&created%5Blt%5D=9", {"created": {"gte": "1", "lt": "9"}}),
        ("card[number]=4242&card[exp][month]=1", {"card": {"number": "4242", "exp": {"month": "1"}}}),
        ("items[0][price]=p1&items[1][price]=p2", {"items": [{"price": "p1"}, {"price": "p2"}]}),
        ("description=&name=caf%C3%A9", {"description": "", "name": "café"}),
        ("a=1&a=2", {"a": "2"}),
        ("flag", {"flag": ""}),
    ],
)
def test_a_form_is_read(text, expected):
    assert decode(text) == expected


@pytest.mark.parametrize(
    ("client", "text", "expected"),
    [
        # Ruby, PHP, Go, Java and .NET leave brackets as they are, and number their lists.
        (
            "stripe-ruby",
            "metadata[a+b]=c%26d&expand[0]=latest_charge&shipping[address][city]=Linz&off_session=true",
            {
                "metadata": {"a b": "c&d"},
                "expand": ["latest_charge"],
                "shipping": {"address": {"city": "Linz"}},
                "off_session": "true",
            },
        ),
        (
            "stripe-php",
            "line_items[0][price_data][product_data][name]=caf%C3%A9&line_items[0][quantity]=2",
            {"line_items": [{"price_data": {"product_data": {"name": "café"}}, "quantity": "2"}]},
        ),
        # A list that was emptied is an empty value, whatever the language.
        (
            "stripe-go",
            "metadata[a]=&payment_method_types=",
            {"metadata": {"a": ""}, "payment_method_types": ""},
        ),
        ("stripe-java", "enabled_events[0]=*&metadata=", {"enabled_events": ["*"], "metadata": ""}),
        # .NET writes its own words for true and false, and moments as seconds.
        ("stripe-dotnet", "confirm=True&created[gte]=1", {"confirm": "True", "created": {"gte": "1"}}),
        # Rack's own way, of older clients and of whoever types by hand: a hash ends where a key comes again.
        (
            "stripe-cli, and SDKs of many years ago",
            "a[][b]=1&a[][c]=2&a[][b]=3",
            {"a": [{"b": "1", "c": "2"}, {"b": "3"}]},
        ),
        (
            "the same, deeper",
            "a[][b][x]=1&a[][b][y]=2&a[][q]=3&a[][b][x]=4",
            {"a": [{"b": {"x": "1", "y": "2"}, "q": "3"}, {"b": {"x": "4"}}]},
        ),
        ("the same, with a list inside", "a[][b][]=1&a[][b][]=2", {"a": [{"b": ["1", "2"]}]}),
        ("the same, after a value", "a[]=x&a[][b]=1", {"a": ["x", {"b": "1"}]}),
        # Strict form encoding, as curl --data-urlencode and HTTP libraries write it.
        ("a library", "metadata%5Ba%5D=1&expand%5B%5D=x", {"metadata": {"a": "1"}, "expand": ["x"]}),
    ],
)
def test_what_each_client_sends_is_read(client, text, expected):
    """Source: the encoders of the vendor's SDKs, read in their repositories, and its command line, run."""
    assert decode(text) == expected, client


@pytest.mark.parametrize(
    "text",
    [
        "a=1&a[b]=2",
        "a[b]=1&a=2",
        "[a]=1",
        "a[b=1",
        "a[b]]=1",
        "a" + "[b]" * 9 + "=1",
        "metadata[]=1",
        "x[metadata][]=1",
    ],
)
def test_a_form_that_contradicts_itself_is_refused(text):
    with pytest.raises(UnreadableForm):
        decode(text)


def test_a_form_with_too_many_parameters_is_refused():
    with pytest.raises(UnreadableForm, match="more than 1000"):
        decode("&".join(f"a{n}=1" for n in range(1001)))


def test_the_order_of_parameters_makes_no_difference():
    one = decode("b[y]=2&a=1&b[x]=3&c[]=first&c[]=second")
    other = decode("c[0]=first&a=1&b[x]=3&c[1]=second&b[y]=2")

    assert flatten(one) == flatten(other)
    assert flatten(one) != flatten(decode("b[y]=2&a=1&b[x]=3&c[]=second&c[]=first"))


PART = st.sampled_from(("a", "b", "metadata", "card", "0", "1", "é", "x y", ""))
NAME = st.builds(
    lambda first, inner: first + "".join(f"[{part}]" for part in inner),
    st.sampled_from(("a", "b", "metadata", "n" * 300)),
    st.lists(PART, max_size=3),
)
PAIRS = st.lists(st.tuples(NAME, st.sampled_from(("", "1", "a b", "50%", "+", "é"))), max_size=6)


def read(pairs, written):
    """Give what a form says, or what is wrong with it; `written` encodes each name."""
    try:
        return decode("&".join(f"{written(name)}={quote_plus(value)}" for name, value in pairs))
    except UnreadableForm as problem:
        return str(problem)


@given(PAIRS)
def test_a_name_says_the_same_however_it_is_written_and_however_often_it_was_read(pairs):
    first = read(pairs, quote_plus)

    assert read(pairs, lambda name: name) == first
    assert read(pairs, quote_plus) == first


@given(PAIRS)
def test_flattened_and_read_again_a_form_says_the_same(pairs):
    once = read(pairs, quote_plus)
    if isinstance(once, str):
        return

    flat = flatten(once)

    assert flat == sorted(flat)
    assert flatten(read(flat, quote_plus)) == flat
