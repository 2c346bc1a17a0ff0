"""Fixed vectors for bracketed forms, as clients in several languages send them."""

import pytest

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
