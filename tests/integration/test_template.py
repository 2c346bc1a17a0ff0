"""Templates reach declared names only, keep types, and cannot change the shape of a URL."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.integration.template import TemplateError, fill, fill_json, fill_url, names, texts

VALUES = {"amount_minor": 4999, "order.reference": "o1", "shopper.name": "Zoë / O'Hara?", "captured.ok": True}


def test_text_is_filled_in_place():
    assert fill("order {order.reference}: {amount_minor}", VALUES) == "order o1: 4999"


def test_doubled_braces_are_literal_ones():
    assert fill("{{order.reference}} {order.reference}", VALUES) == "{order.reference} o1"


def test_a_json_text_that_is_nothing_but_a_name_keeps_the_type():
    filled = fill_json({"a": "{amount_minor}", "b": ["x{amount_minor}", "{captured.ok}"], "c": 1.5}, VALUES)

    assert filled == {"a": 4999, "b": ["x4999", True], "c": 1.5}


@pytest.mark.parametrize(("text", "written"), [("49.99", "49.99"), ("0.10", "0.1"), ("500", "500"), (7, "7")])
def test_a_value_can_be_written_as_a_json_number(text, written):
    assert json.dumps(fill_json({"a": "{amount|number}"}, {"amount": text})) == f'{{"a": {written}}}'


@pytest.mark.parametrize("value", ["abc", "1e5", "-1", ""])
def test_what_is_no_plain_number_is_not_written_as_one(value):
    with pytest.raises(TemplateError, match="is no number"):
        fill_json("{amount|number}", {"amount": value})


@given(st.decimals(min_value=0, max_value=10**11, places=2))
def test_no_amount_loses_a_cent_as_a_json_number(amount):
    written = json.dumps(fill_json("{amount|number}", {"amount": str(amount)}))

    assert Decimal(written) == amount


def test_values_in_a_url_are_encoded_and_the_template_is_not():
    assert fill_url("/a b/{shopper.name}?q=%20&r={amount_minor}", VALUES) == (
        "/a%20b/Zo%C3%AB%20%2F%20O%27Hara%3F?q=%20&r=4999"
    )


@pytest.mark.parametrize(
    "text",
    [
        "{__class__}",
        "{order.reference.__init__}",
        "{order.reference!r}",
        "{order.reference|text}",
        "{0}",
        "{}",
    ],
)
def test_nothing_but_a_declared_name_is_reached(text):
    with pytest.raises(TemplateError, match="has no value here"):
        fill(text, VALUES)


@pytest.mark.parametrize("text", ["{open", "close}", "{a{b}"])
def test_a_brace_without_its_partner_is_refused(text):
    with pytest.raises(TemplateError, match="without its partner"):
        names(text)


def test_a_captured_name_without_a_value_says_where_it_comes_from():
    with pytest.raises(TemplateError, match="no earlier answer for this order gave it"):
        fill("{captured.id}", VALUES)


def test_every_text_of_a_body_is_found_with_its_place():
    assert list(texts({"a": ["x", {"b": "y"}], "c": 1}, ("json",))) == [
        (("json", "a", 0), "x"),
        (("json", "a", 1, "b"), "y"),
    ]


@given(st.text(max_size=40))
def test_any_value_stays_one_part_of_a_path(value):
    url = fill_url("/orders/{ref}/pay", {"ref": value.encode("utf-8", "replace").decode()})

    assert url.count("/") == 3
    assert not set("?#&= ") & set(url)


@given(st.text(max_size=60))
def test_any_text_survives_escaping(text):
    escaped = text.replace("{", "{{").replace("}", "}}")

    assert fill(escaped, {}) == text
