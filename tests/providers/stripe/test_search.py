"""Searching, driven by the official SDK."""

import pytest
import stripe


def found(client, query):
    return [one.amount for one in client.payment_intents.search({"query": query}).data]


@pytest.fixture
def intents(paid, client):
    """Make three intents: 1000 and 3000 are paid, 2000 is not."""
    paid(amount=1000, metadata={"order": "first one"})
    client.payment_intents.create({"amount": 2000, "currency": "usd", "metadata": {"order": "second"}})
    paid(amount=3000, metadata={})


@pytest.mark.usefixtures("intents")
@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ("status:'succeeded'", [3000, 1000]),
        ("-status:'succeeded'", [2000]),
        ('status:"succeeded" AND amount>1000', [3000]),
        ("amount<=2000", [2000, 1000]),
        ("currency:'usd' OR amount:3000", [3000, 2000]),
        ("metadata['order']:'SECOND'", [2000]),
        ("metadata[\"order\"]~'first'", [1000]),
        ("metadata['order']:null", [3000]),
        ("created>1 AND amount>=1000 AND currency:'eur'", [3000, 1000]),
        ("created<1", []),
    ],
)
def test_a_query_finds_what_it_says(client, query, amounts):
    assert found(client, query) == amounts


@pytest.mark.parametrize(
    "query",
    ["", "status", "colour:'red'", "amount:'much'", "status>'a'", "metadata['k']~'ab'", "metadata:'x'",
     "status:'a' AND amount:1 OR amount:2", " AND ".join(["amount:1"] * 11), "status:'a' status:'b'"],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused(client, query):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        found(client, query)

    assert refused.value.param == "query"


def test_pages_follow_each_other(client, paid):
    made = [paid(amount=100 + n).id for n in range(5)]
    result = client.payment_intents.search({"query": "currency:'eur'", "limit": 2})

    assert (result.has_more, result.object) == (True, "search_result")
    assert [one.id for one in result.auto_paging_iter()] == made[::-1]
    with pytest.raises(stripe.InvalidRequestError):
        client.payment_intents.search({"query": "currency:'eur'", "page": "page_x"})


def test_charges_and_customers_are_searched_as_well(client, paid):
    intent = paid()
    customer = client.customers.create({"email": "ada@example.com"})
    query = "payment_method_details.card.last4:'4242' AND refunded:'false'"

    charges = client.charges.search({"query": query, "expand": ["data.payment_intent"]})
    customers = client.customers.search({"query": "email~'ada'"})

    assert [one.payment_intent.id for one in charges.data] == [intent.id]
    assert [one.id for one in customers.data] == [customer.id]
