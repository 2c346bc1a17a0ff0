"""Addresses as a list of methods with patterns: which one a request asks for."""

from dataclasses import dataclass

import pytest

from badgateway.providers.addresses import find, methods_of


@dataclass(frozen=True)
class Known:
    """One address."""

    method: str
    pattern: str


PAY, LOOK, REFUND = (
    Known("POST", "/payments"),
    Known("GET", "/payments/{id}"),
    Known("POST", "/payments/{id}/refunds"),
)
ALL = (PAY, LOOK, REFUND)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/payments", (PAY, "")),
        ("GET", "/payments/p1", (LOOK, "p1")),
        ("POST", "/payments/p1/refunds", (REFUND, "p1")),
        ("GET", "/payments", (None, "")),
        ("GET", "/payments/", (None, "")),
        ("POST", "/payments//refunds", (None, "")),
        ("GET", "/payments/p1/p2", (None, "")),
        ("POST", "/payments/refunds", (None, "")),
    ],
)
def test_a_pattern_stands_for_one_segment(method, path, expected):
    assert find(ALL, method, path) == expected


def test_the_methods_of_a_path_are_known():
    assert methods_of(ALL, "/payments/p1") == ("GET",)
    assert methods_of(iter(ALL), "/payments") == ("POST",)
    assert methods_of(ALL, "/nowhere") == ()
