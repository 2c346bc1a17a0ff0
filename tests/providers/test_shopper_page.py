"""What pages for shoppers have in common: the way back to the shop keeps what stood in its address."""

import pytest

from badgateway.providers.shopper_page import back_to_shop, nothing_here, onward, page


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://shop.example/back", "https://shop.example/back?told=a+b"),
        ("https://shop.example/back?order=1&empty=", "https://shop.example/back?order=1&empty=&told=a+b"),
        ("https://shop.example/back#done", "https://shop.example/back?told=a+b#done"),
    ],
)
def test_what_is_told_stands_behind_what_the_address_has(url, expected):
    reply = back_to_shop(url, [("told", "a b")])

    assert (reply.status, reply.header("location")) == (303, expected)


def test_without_an_address_the_page_says_that_it_is_over():
    reply = back_to_shop("", [("told", "x")])

    assert reply.status == 200
    assert b"You can close this page now" in reply.body


def test_no_line_break_comes_into_a_header():
    assert onward("https://shop.example/\r\nX: 1").header("location") == "https://shop.example/%0D%0AX:%201"


def test_a_page_is_kept_by_nobody_and_loads_nothing():
    reply = page(200, "Pay", "<p>now</p>")

    assert b"<h1>Pay</h1><p>now</p>" in reply.body
    assert reply.header("cache-control") == "no-store"
    assert "default-src 'none'" in reply.header("content-security-policy")


def test_a_wrong_address_is_told_as_such():
    assert nothing_here().status == 404
