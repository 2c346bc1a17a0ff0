"""Pages, cursors, ranges and expansion, driven by the official SDK."""

import pytest
import stripe


@pytest.fixture
def many(client, account):
    """Give the ids of 25 intents, oldest first, a second apart."""
    made = []
    for _ in range(25):
        made.append(client.payment_intents.create({"amount": 500, "currency": "usd"}).id)
        account.clock.advance(1000)
    return made


def test_the_newest_ten_come_first(many, client):
    found = client.payment_intents.list()

    assert [one.id for one in found.data] == many[::-1][:10]
    assert (found.has_more, found.url) == (True, "/v1/payment_intents")


def test_the_sdk_pages_through_everything(many, client):
    found = client.payment_intents.list({"limit": 7}).auto_paging_iter()

    assert [one.id for one in found] == many[::-1]


def test_a_page_before_a_cursor_ends_right_before_it(many, client):
    newest_first = many[::-1]

    found = client.payment_intents.list({"limit": 3, "ending_before": newest_first[10]})

    assert [one.id for one in found.data] == newest_first[7:10]
    assert found.has_more is True


def test_a_range_of_creation_narrows_a_list(many, client):
    since = 1_700_000_000

    found = client.payment_intents.list({"created": {"gt": since + 3, "lte": since + 5}})

    assert [one.id for one in found.data] == [many[5], many[4]]
    assert found.has_more is False


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"starting_after": "pi_unknown"}, "starting_after"),
        ({"starting_after": "pi_1", "ending_before": "pi_2"}, "ending_before"),
        ({"created": {"since": 1}}, "created"),
    ],
)
def test_a_page_that_cannot_be_is_refused(client, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.list(params)

    assert refused.value.param == param


def test_ids_are_expanded_four_levels_deep(paid, client):
    customer = client.customers.create({"email": "a@example.com"})
    paid(customer=customer.id)

    found = client.payment_intents.list(
        {"expand": ["data.latest_charge.payment_intent.customer", "data.payment_method"]}
    )

    intent = found.data[0]
    assert intent.latest_charge.payment_intent.customer.email == "a@example.com"
    assert intent.payment_method.card.last4 == "4242"


def test_refunds_of_a_charge_are_expanded_into_a_list(paid, client):
    intent = paid()
    refund = client.refunds.create({"payment_intent": intent.id, "amount": 5})

    charge = client.charges.retrieve(intent.latest_charge, {"expand": ["refunds.data.payment_intent"]})

    assert [one.id for one in charge.refunds.data] == [refund.id]
    assert charge.refunds.data[0].payment_intent.id == intent.id


@pytest.mark.parametrize(
    "path",
    [
        "amount",
        "latest_charge.id",
        "data.customer",
        "a.b.c.d.e",
        "latest_charge.refunds.data.charge.customer",
    ],
)
def test_a_path_that_leads_nowhere_is_refused_before_anything_is_done(paid, account, path):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        paid(expand=[path])

    assert refused.value.param == "expand"
    assert account.book.payments() == ()


def test_what_is_not_there_stays_null_when_it_is_expanded(paid):
    intent = paid(expand=["customer", "latest_charge.balance_transaction"])

    assert intent.customer is None
    assert intent.latest_charge.balance_transaction is None


def test_charges_of_a_payment_are_listed(paid, client):
    intent = paid()
    paid()

    found = client.charges.list({"payment_intent": intent.id})

    assert [one.id for one in found.data] == [intent.latest_charge]


def test_a_page_holds_no_more_than_the_provider_puts_on_it(account, many, client):
    account.page_max = 2

    found = client.payment_intents.list({"limit": 100})
    everything = [one.id for one in found.auto_paging_iter()]

    assert (len(found.data), found.has_more) == (2, True)
    assert everything == many[::-1]
