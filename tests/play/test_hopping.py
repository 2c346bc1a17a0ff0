"""Euler before Stripe and Adyen in one world: attempts go to one of them, and faults strike on the hop."""

import base64
import json
from urllib.parse import urlencode

import pytest

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.journal.history import History
from badgateway.journal.journal import Journal
from badgateway.payments.commands import Authenticate
from badgateway.plan.model import PlannedDelivery, PlannedFault, Selector
from badgateway.play.account import Tenant
from badgateway.play.freeplay import pass_time
from badgateway.play.hopping import stand_behind
from badgateway.play.telling import pass_on, tell
from badgateway.play.world import make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint
from badgateway.providers.euler.behind import Rule

KEY = "sk_test_of_the_shop_at_euler"
KEYS = {"stripe": "sk_test_of_euler_at_stripe", "adyen": "sk_test_of_euler_at_adyen"}
KEY_B = "sk_live_of_the_second_shop_at_euler"
KEYS_B = {"stripe": "sk_live_of_b_at_stripe", "adyen": "sk_live_of_b_at_adyen"}
ONWARD = (Rule(following="unknown"),)


@pytest.fixture
def euler(lab):
    """Give a maker of worlds in which Euler stands before its gateways."""

    def made(*faults, rules=ONWARD, deliveries=(), behind=("stripe", "adyen"), merchants=()):
        clock = Clock(started_ms=1_700_000_000_000)
        planned = tuple(PlannedFault(n, *one) for n, one in enumerate(faults, start=1))
        owned = {
            "orders": tuple(lab.order(f"o{n}", merchant=one) for n, one in enumerate(merchants, start=1))
        }
        plan = lab.a_plan(
            provider="euler",
            behind=behind,
            rules=rules,
            faults=planned,
            deliveries=tuple(deliveries),
            merchants=merchants,
            **(owned if merchants else {}),
        )
        door = Endpoint("http://127.0.0.1:9/hook", "the password")
        tenants = (Tenant("main", KEY, door), Tenant("second", KEY_B, door, is_live=True))[: len(merchants)]
        world = make_world(plan, DIALECTS["euler"], Journal(clock), clock, Ids(1, "n"), KEY, door, tenants)
        stand_behind(world, KEYS, [KEYS_B] * (len(merchants) - 1))
        return world

    return made


def hop(name, provider="stripe", n=1):
    return Selector(name, n, "o1", provider, "euler")


def ask(path, form=None, method="POST", key=KEY):
    pair = base64.b64encode(f"{key}:".encode()).decode()
    headers = (("Authorization", f"Basic {pair}"), ("Content-Type", "application/x-www-form-urlencoded"))
    return Request(method, f"/euler{path}", "", headers, urlencode(form or {}).encode())


def pay(world, *, manual=False, card="approved", amount="49.99", order="o1", key=KEY):
    form = {
        "order.order_id": f"{world.reference(order)}A1",
        "order.amount": amount,
        "order.currency": "EUR",
        "order.udf1": world.reference(order),
        "order.metadata.txns.auto_capture": "false" if manual else "true",
        "payment_method_type": "CARD",
        "card_token": f"tkn_{card}",
    }
    return ask("/txns", form, key=key)


def look(world):
    return ask(f"/orders/{world.reference('o1')}A1", method="GET")


def calls(lab, world):
    return [(one["by"], one["provider"], one["op"]) for one in lab.told(world, "call.arrived")]


def primary(lab, world):
    """Give the webhooks that the shop is sent, by their own words."""
    return [one["wire_type"] for one in lab.told(world, "event.created") if one["by"] is None]


def test_an_attempt_is_a_call_of_eulers_to_its_gateway_and_its_money_is_in_the_ledger_once(lab, euler):
    world = euler()

    (paid,) = lab.ask_now(world, pay(world))

    assert (paid.body["status"], paid.body["gateway"]) == ("CHARGED", "STRIPE")
    assert calls(lab, world) == [(None, "euler", "charge"), ("euler", "stripe", "charge")]
    shop, inner = lab.told(world, "call.arrived")
    assert (shop["within"], inner["within"], inner["n"]) == (None, shop["call"], 1)
    entries = lab.told(world, "ledger.entry")
    assert [one["kind"] for one in entries] == ["auth", "capture"]
    assert {one["payment"] for one in entries} == {paid.body["payment_gateway_response"]["epg_txn_id"]}
    assert primary(lab, world) == ["TXN_CREATED", "TXN_CHARGED", "ORDER_SUCCEEDED", "ORDER_CREATED"]


@pytest.mark.parametrize("behind", [("stripe", "adyen"), ("adyen", "stripe")])
def test_hold_capture_and_refund_go_to_the_gateway_that_has_the_payment(lab, euler, behind):
    world = euler(behind=behind)

    (held,) = lab.ask_now(world, pay(world, manual=True))
    order_id, uuid = held.body["order_id"], held.body["txn_uuid"]
    (taken,) = lab.ask_now(world, ask(f"/v2/txns/{uuid}/capture", {"amount": "40"}))
    (seen,) = lab.ask_now(world, look(world))
    lab.ask_now(world, ask(f"/orders/{order_id}/refunds", {"unique_request_id": "r1", "amount": "15"}))
    (after,) = lab.ask_now(world, look(world))

    assert (held.body["status"], seen.body["status"]) == ("AUTHORIZED", "PARTIAL_CHARGED")
    assert taken.body["status"] in {"CHARGED", "CAPTURE_INITIATED"}
    (refund,) = after.body["refunds"]
    assert (refund["unique_request_id"], refund["status"], refund["amount"]) == ("r1", "SUCCESS", 15)
    asked = [one for one in calls(lab, world) if one[0]]
    assert asked == [("euler", behind[0], op) for op in ("charge", "capture", "refund")]


@pytest.mark.parametrize(
    ("phase", "do", "values", "rules", "ends"),
    [
        ("after_commit", "close", {}, ONWARD, ["AUTHORIZING", "CHARGED"]),
        ("after_commit", "close", {}, (), ["AUTHORIZING"]),
        ("before_commit", "hold", {}, (), ["AUTHORIZING"]),
        ("after_commit", "garble", {}, (), ["AUTHORIZING"]),
        ("before_commit", "reply", {"status": 500}, (), ["AUTHORIZING"]),
        ("before_commit", "reply", {"status": 429}, (), ["AUTHORIZATION_FAILED", "CHARGED"]),
        ("connect", "close", {}, (), ["AUTHORIZATION_FAILED", "CHARGED"]),
    ],
)
def test_only_what_did_nothing_for_sure_goes_on_unless_a_rule_says_more(
    lab, euler, phase, do, values, rules, ends
):
    world = euler((hop("charge"), phase, do, values), rules=rules)
    # What the gateway tells is kept back, so that the answer shows what Euler knew by itself.
    world.shaping._of_any.append(
        PlannedDelivery(1, Selector("payment.succeeded", None, None, "stripe"), is_late=True)
    )

    lab.ask_now(world, pay(world))

    order = world.account.shelf["euler"].orders[f"{world.reference('o1')}a1"]
    gateways = [txn.standing.gateway for txn in order.txns]
    assert gateways == ["STRIPE", "ADYEN"][: len(ends)]
    (fired,) = lab.told(world, "fault.fired")
    assert fired["at"] == "o1.euler->stripe:charge[1]"


def test_what_the_first_took_and_told_late_goes_back_by_itself_and_counts_for_nothing(lab, euler):
    late = PlannedDelivery(1, Selector("payment.succeeded", 1, "o1", "stripe"), is_late=True)
    world = euler((hop("charge"), "after_commit", "close"), deliveries=[late])

    (paid,) = lab.ask_now(world, pay(world))
    (item,) = [one for one in world.outbox.items if one.kind == "inner"]
    world.outbox.items.remove(item)
    pass_on(world, item)
    (seen,) = lab.ask_now(world, look(world))

    assert (paid.body["status"], paid.body["gateway"]) == ("CHARGED", "ADYEN")
    assert [one["status"] for one in seen.body["txn_list"]] == ["AUTO_REFUNDED", "CHARGED"]
    assert (seen.body["status"], seen.body["amount_refunded"]) == ("CHARGED", 0)
    assert [one["initiated_by"] for one in seen.body["refunds"]] == ["SYSTEM"]
    assert primary(lab, world)[-3:] == ["TXN_CHARGED", "AUTO_REFUND_INITIATED", "AUTO_REFUND_SUCCEEDED"]
    kinds = [one["kind"] for one in lab.told(world, "ledger.entry")]
    assert sorted(kinds) == ["auth", "auth", "capture", "capture", "refund"]
    judged = History(world.journal.entries).of_kind("ledger.entry")
    assert [one.data["kind"] for one in judged] == ["auth", "capture"]


def test_a_capture_whose_answer_was_lost_is_done_once_however_often_it_is_asked_for(lab, euler):
    world = euler((hop("capture"), "after_commit", "close"))
    (held,) = lab.ask_now(world, pay(world, manual=True))
    path = f"/v2/txns/{held.body['txn_uuid']}/capture"

    first, second = lab.ask_now(world, ask(path), ask(path))

    assert first.status == 502
    assert second.body["error_code"] == "invalid.txn.state"  # the webhook came in between
    assert [one["kind"] for one in lab.told(world, "ledger.entry")] == ["auth", "capture"]


def test_a_gateway_that_fails_rests_and_is_asked_again_later(lab, euler):
    world = euler(
        (Selector("*", None, None, "stripe", "euler"), "connect", "close"),
        rules=(Rule(failures=1, rest_ms=60_000),),
    )
    behind = world.account.shelf["behind euler"]

    lab.ask_now(world, pay(world))

    assert behind.health["stripe"].until_ms == world.clock.now_ms() + 60_000
    assert behind.health["adyen"].outcomes == [True]


def test_the_gateways_keys_are_in_no_request_of_the_journal(lab, euler):
    world = euler()

    lab.ask_now(world, pay(world))

    assert not any(key in json.dumps(lab.told(world, "call.arrived")) for key in KEYS.values())


NEVER_TOLD = PlannedDelivery(1, Selector("payment.succeeded", 1, "o1", "stripe"), is_lost=True)
GIVEN_UP = (hop("charge"), "after_commit", "close")


def test_what_a_given_up_attempt_took_and_nobody_told_is_found_later_and_goes_back(lab, euler):
    world = euler(GIVEN_UP, deliveries=(NEVER_TOLD,))
    lab.ask_now(world, pay(world))
    look_ms = world.dialect.next_look_ms(world.account)
    assert look_ms == world.clock.started_ms + 15 * 60_000

    pass_time(world, look_ms - 1)
    before = [one["kind"] for one in lab.told(world, "ledger.entry")]
    pass_time(world, look_ms)

    after = [one["kind"] for one in lab.told(world, "ledger.entry")]
    assert (before, after) == (["auth", "capture"] * 2, [*before, "refund"])
    assert calls(lab, world)[-2:] == [("euler", "stripe", "fetch"), ("euler", "stripe", "refund")]
    assert world.dialect.next_look_ms(world.account) is None
    told = primary(lab, world)
    assert told.count("TXN_CHARGED") == 2
    assert told.count("ORDER_SUCCEEDED") == 1
    assert "AUTO_REFUND_SUCCEEDED" in told


def test_a_gateway_that_never_had_the_attempt_is_asked_three_times(lab, euler):
    world = euler((hop("charge"), "before_commit", "close"))
    lab.ask_now(world, pay(world))
    asked = []

    while (look_ms := world.dialect.next_look_ms(world.account)) is not None:
        asked.append(look_ms - world.clock.started_ms)
        pass_time(world, look_ms)

    assert asked == [900_000, 3_600_000, 21_600_000]
    assert calls(lab, world).count(("euler", "stripe", "list")) == 3


def test_who_was_told_in_time_asks_no_more(lab, euler):
    world = euler(GIVEN_UP)

    lab.ask_now(world, pay(world))

    assert world.dialect.next_look_ms(world.account) is None


def test_a_gateway_without_look_ups_is_never_asked(lab, euler):
    never = PlannedDelivery(1, Selector("payment.succeeded", 1, "o1", "adyen"), is_lost=True)
    world = euler(
        (hop("charge", "adyen"), "after_commit", "close"), deliveries=(never,), behind=("adyen", "stripe")
    )

    lab.ask_now(world, pay(world))

    assert world.dialect.next_look_ms(world.account) is None


def test_each_merchant_has_accounts_of_its_own_at_the_gateways(lab, euler):
    world = euler(merchants=("a", "b"))

    first, second = lab.ask_now(world, pay(world), pay(world, order="o2", key=KEY_B))

    assert (first.body["status"], second.body["status"]) == ("CHARGED", "CHARGED")
    inner = {(one.dialect.name, one.merchant): one for one in world.accounts if one.held_by == "euler"}
    assert set(inner) == {(name, whose) for name in ("stripe", "adyen") for whose in ("a", "b")}
    assert [len(inner["stripe", whose].book.payments()) for whose in ("a", "b")] == [1, 1]
    assert [inner["stripe", whose].is_live for whose in ("a", "b")] == [False, True]
    owners = {
        (entry.order, entry.data["payment"])
        for entry in world.journal.entries
        if entry.kind == "ledger.entry"
    }
    assert len(owners) == 2
    told = {(one.order, one.merchant) for one in world.outbox.items}
    assert told == {("o1", "a"), ("o2", "b")}


def test_what_is_paid_with_another_merchants_key_is_told_to_the_account_that_paid(lab, euler):
    world = euler(merchants=("a", "b"))

    (paid,) = lab.ask_now(world, pay(world, order="o2", key=KEY))

    assert paid.body["status"] == "CHARGED"
    assert {one.merchant for one in world.outbox.items} == {"a"}


@pytest.mark.parametrize("behind", [("stripe", "adyen"), ("adyen", "stripe")])
@pytest.mark.parametrize(("is_passed", "ends"), [(True, "CHARGED"), (False, "AUTHENTICATION_FAILED")])
def test_a_gateways_question_to_the_shopper_is_eulers_and_so_is_the_answer(
    lab, euler, behind, is_passed, ends
):
    world = euler(behind=behind)
    (asked,) = lab.ask_now(world, pay(world, card="authentication_required"))
    account = next(one for one in world.accounts if one.dialect.name == behind[0])
    (payment,) = account.book.payments()

    account.book.do(Authenticate(payment.id, is_passed), "act:authenticate")
    tell(world)
    (seen,) = lab.ask_now(world, look(world))

    assert (asked.body["status"], seen.body["status"]) == ("PENDING_VBV", ends)
    assert len(seen.body["txn_list"]) == 1


def reports(lab, world, key):
    asked = Request("GET", "/settlement/reports", "", (("Authorization", f"Bearer {key}"),), b"")
    return json.loads(lab.worlds_of(world).arrive(asked).commit().body)["reports"]


def test_the_reports_of_gateways_are_handed_out_to_the_merchant_whose_they_are(lab, euler):
    world = euler(merchants=("a", "b"))
    lab.ask_now(world, pay(world), pay(world, order="o2", key=KEY_B, amount="20"))

    for account in world.accounts:
        account.book.settlement.settle("act:settle")
        account.book.settlement.pay_out("act:payout")

    totals = [[one["total_minor"] for one in reports(lab, world, key)] for key in (KEY, KEY_B)]
    assert totals == [[4_899], [1_945]]
