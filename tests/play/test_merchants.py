"""Several merchants in one world: each with its own account, and what is paid elsewhere."""

import asyncio
from dataclasses import replace

import pytest

from badgateway.integration.model import Description, Merchant
from badgateway.plan.model import Step
from badgateway.play.account import Tenant
from badgateway.play.acts import act
from badgateway.play.company import Company, Player
from badgateway.play.limbo import make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.play.world import ELSEWHERE, make_world
from badgateway.providers.base import Endpoint
from badgateway.webhooks.deliver import Courier

KEY_B = "sk_live_of_merchant_b"
PLACE_B = Endpoint("http://127.0.0.1:9/hook/b", "whsec_of_merchant_b")


@pytest.fixture
def world(lab):
    """Give a world of two merchants with an order each, its gates open."""
    orders = (lab.order("o1", merchant="a"), lab.order("o2", merchant="b"))
    plan, plain = lab.a_plan(orders=orders, merchants=("a", "b")), lab.a_world()
    own = plain.endpoint
    tenants = (Tenant("main", lab.KEY, own), Tenant("second", KEY_B, PLACE_B, is_live=True))
    made = make_world(plan, plain.dialect, plain.journal, plain.clock, plain.ids, lab.KEY, own, tenants)
    made.is_free = True
    return made


def acted(lab, world, *asked, **step):
    """Ask what is asked, then let an order be paid elsewhere."""

    async def story():
        async with lab.on_stage(world.plan) as (stage, _, _):
            stage.world = world
            for one in asked:
                await lab.ask(lab.worlds_of(world), one)
            world.outbox.items.clear()
            act(stage, Step(2, "pay_elsewhere", "o1", **step))

    asyncio.run(story())
    return world.outbox.items


def test_a_key_never_sees_the_objects_of_another_merchant(lab, world):
    (paid,) = lab.ask_now(world, lab.pay(world, "o2", api_key=KEY_B))
    address = f"/v1/payment_intents/{paid.body['id']}"

    own, other, listed = lab.ask_now(
        world,
        lab.request("GET", address, key=KEY_B),
        lab.request("GET", address),
        lab.request("GET", "/v1/payment_intents"),
    )

    assert (own.status, other.status, listed.body["data"]) == (200, 404, [])


def test_objects_carry_the_mode_of_their_account(lab, world):
    mine, theirs = lab.ask_now(world, lab.pay(world), lab.pay(world, "o2", api_key=KEY_B))

    assert (mine.body["livemode"], theirs.body["livemode"]) == (False, True)
    assert b'"livemode": true' in next(one.event.body for one in world.outbox.items if one.merchant == "b")


def test_the_ledger_of_all_accounts_counts_through(lab, world):
    lab.ask_now(world, lab.pay(world), lab.pay(world, "o2", api_key=KEY_B))

    entries = lab.told(world, "ledger.entry")

    assert [one["seq"] for one in entries] == [1, 2, 3, 4]


def test_an_idempotency_key_is_one_of_its_account(lab, world):
    first, second = lab.ask_now(
        world, lab.pay(world, idem="k1"), lab.pay(world, "o2", idem="k1", api_key=KEY_B)
    )

    assert (first.status, second.status) == (200, 200)
    assert first.body["id"] != second.body["id"]


def test_webhooks_go_to_the_address_of_the_merchant(lab, world):
    lab.ask_now(world, lab.pay(world), lab.pay(world, "o2", api_key=KEY_B))

    places = {(one.order, one.merchant) for one in world.outbox.items}

    assert places == {("o1", "a"), ("o2", "b")}
    assert world.endpoint_of("b") is PLACE_B


def test_what_names_no_order_and_comes_with_another_key_is_of_no_order(lab):
    tenants = (Tenant("main", lab.KEY, None), Tenant("second", KEY_B, None))
    plan, plain = lab.a_plan(orders=(lab.order("o1", merchant="a"),), merchants=("a", "b")), lab.a_world()
    made = make_world(plan, plain.dialect, plain.journal, plain.clock, plain.ids, lab.KEY, None, tenants)

    lab.ask_now(made, lab.request("GET", "/v1/events"), lab.request("GET", "/v1/events", key=KEY_B))

    assert [entry.order for entry in made.journal.entries if entry.kind == "call.arrived"] == ["o1", None]


def test_a_payment_in_another_merchants_account_is_real_there_and_nobodys_here(lab, world):
    sent = acted(lab, world, merchant="b")

    (made,) = world.further[0].book.payments()
    assert made.order_ref == world.reference("o1")
    assert {one.kind for one in sent} == {"foreign"}
    assert {(one.order, one.merchant) for one in sent} == {("o1", "b")}
    assert {entry.order for entry in world.journal.entries if entry.kind == "ledger.entry"} == {ELSEWHERE}
    assert world.account.book.payments() == ()


def test_a_payment_in_the_other_mode_is_told_to_the_same_address(lab, world):
    sent = acted(lab, world)

    assert {(one.order, one.merchant, one.kind) for one in sent} == {("o1", "a", "foreign")}
    assert all(b'"livemode": true' in one.event.body for one in sent)


def test_the_same_software_sends_the_same_metadata(lab, world):
    acted(
        lab,
        world,
        lab.pay(world, payment_method="pm_card_chargeDeclined", **{"metadata[attempt]": "1"}),
        merchant="b",
    )

    (elsewhere,) = world.further[0].book.payments()
    assert elsewhere.details["metadata"] == {"order": world.reference("o1"), "attempt": "1"}


def described(lab, *merchants) -> Description:
    return replace(lab.describe(), merchants=tuple(Merchant(name, name == "live") for name in merchants))


def played(lab, folder, description, plan):
    worlds = Worlds(make_limbo())
    company = Company(description, worlds, "http://127.0.0.1:9", folder, "stripe")

    class Shop(lab.Shop):
        def webhook_url(self, _provider, merchant=""):
            return f"http://127.0.0.1:9/hook/{merchant}"

    async def story():
        async with Courier(500) as courier:
            player = Player(1, Shop(worlds, description), courier, lab.KEY, lab.SECRET, ((KEY_B, "whsec_b"),))
            return await company.perform(player, plan, "main")

    return asyncio.run(story())


def two_merchants(lab):
    orders = (lab.order("o1", merchant="a"), lab.order("o2", merchant="b"))
    return lab.a_plan(orders=orders, merchants=("a", "b"), steps=(Step(1, "pay", "o1"), Step(2, "pay", "o2")))


def test_the_merchants_of_a_story_are_those_of_the_integration_in_their_order(lab, tmp_path):
    entries = played(lab, tmp_path, described(lab, "main", "live"), two_merchants(lab))

    named = [entry.data for entry in entries if entry.kind == "run.merchant"]
    assert [(one["merchant"], one["called"], one["is_live"]) for one in named] == [
        ("a", "main", False),
        ("b", "live", True),
    ]
    assert KEY_B not in str(named)


@pytest.mark.parametrize("merchants", [(), ("main",)])
def test_a_story_with_more_merchants_than_there_are_is_not_played_and_says_so(lab, tmp_path, merchants):
    entries = played(lab, tmp_path, described(lab, *merchants), two_merchants(lab))

    skipped = [entry.data for entry in entries if entry.kind == "run.skipped"]
    assert [one["step"] for one in skipped] == [1, 2]
    assert {one["why"] for one in skipped} == {
        f"the story has 2 merchants, badgateway.yaml names {len(merchants) or 'none'} under merchants"
    }
    assert not [entry for entry in entries if entry.kind in {"op.invoked", "view.read"}]


def test_a_story_that_a_merchant_does_not_take_is_not_played_and_says_why(lab, tmp_path):
    main, live = described(lab, "main", "live").merchants
    pounds = replace(lab.describe(), merchants=(main, replace(live, currencies=("GBP",))))

    entries = played(lab, tmp_path, pounds, two_merchants(lab))

    assert [entry.data["why"] for entry in entries if entry.kind == "run.skipped"] == [
        "merchant live does not take EUR"
    ] * 2
    assert not [entry for entry in entries if entry.kind in {"op.invoked", "view.read"}]
