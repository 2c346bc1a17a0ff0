"""Sessions and what a checkout asks before it pays."""

import pytest


@pytest.fixture
def session(ask):
    """Give the answer to a new session."""
    body = {"amount": {"currency": "EUR", "value": 900}, "reference": "order-1", "returnUrl": "https://a.b/"}
    status, shown, _ = ask("/sessions", body)
    assert status == 201
    return shown


def state(ask, session):
    return ask(f"/sessions/{session['id']}?sessionResult=x", method="GET")[1]["status"]


def test_a_session_is_open_for_an_hour(ask, session, account):
    first = state(ask, session)
    account.clock.advance(3_600_001)

    assert session["expiresAt"] == "2023-11-14T23:13:20+00:00"
    assert session["sessionData"]
    assert (first, state(ask, session)) == ("active", "expired")


@pytest.mark.parametrize(
    ("holder", "status"), [(None, "completed"), ("DECLINED", "refused"), ("PENDING", "paymentPending")]
)
def test_a_session_tells_what_became_of_it(ask, session, paid, holder, status):
    paid(holder=holder)

    assert state(ask, session) == status


def test_an_unknown_session(ask):
    assert ask("/sessions/CS1?sessionResult=x", method="GET")[0] == 404


def test_the_methods_of_payment(ask):
    (method,) = ask("/paymentMethods", {})[1]["paymentMethods"]

    assert (method["type"], "visa" in method["brands"]) == ("scheme", True)


def test_the_brand_of_a_number(ask):
    assert ask("/cardDetails", {"cardNumber": "411111"})[1]["brands"] == [{"supported": True, "type": "visa"}]
    assert ask("/cardDetails", {"cardNumber": "41"})[0] == 422
