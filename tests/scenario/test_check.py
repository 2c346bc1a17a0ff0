"""The order of steps is checked where it is impossible, and left alone where it is only unusual."""

import pytest

from badgateway.errors import InputError
from badgateway.scenario.load import read_scenario


def read(*lines):
    return read_scenario("\n".join(["title: T", *lines]), "f.yaml")


@pytest.mark.parametrize(
    "steps",
    [
        ["pay: o1", "pay: o1"],
        ["pay: o1", "pay: {order: o1, again: true}"],
        ["pay: o1", "refund: o1", "refund: {order: o1, amount: 5}"],
        ["pay: {order: o1, capture: manual}", "capture: o1", "capture: o1", "cancel: o1"],
        ["pay: {order: o1, capture: manual}", "cancel: o1", "capture: o1"],
        ["pay: {order: o1, capture: manual}", "increment: {order: o1, amount: 5}", "capture: o1"],
        ["pay: {order: o1, capture: manual}", "cancel: o1", "increment: {order: o1, amount: 5}"],
        ["pay: {order: o1, capture: manual}", "expire_authorization: o1", "capture: o1"],
        ["pay: o1", "dispute: {order: o1, result: lost}", "refund: o1"],
        ["pay: o1", "refund: o1", "fail_refund: o1", "refund_from_dashboard: o1"],
        ["return: {order: o1, forged: true}", "pay: o1"],
        ["pay: o1", "kill", "dispute: o1", "advance: 1h", "restart", "sync"],
        ["together: [pay: o1, pay: o1]"],
        ["payout", "pay: o1", "settle: {flaw: late}", "adjust: {reason: charge, amount: 5}", "payout"],
        ["pay: o1", "together: [refund: o1, return: o1, sync]"],
        ["pay: {order: o1, card: authentication_required}", "authenticate: {order: o1, result: failed}"],
    ],
)
def test_unusual_story_is_read(steps):
    scenario = read("steps:", *[f"  - {step}" for step in steps])

    assert len(scenario.cases[0].steps) == len(steps)


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        (["return: o1"], "return before pay"),
        (["pay: {order: o1, again: true}"], "paid again before it was paid"),
        (["pay: o1", "expire_authorization: o1"], "holds nothing"),
        (["pay: o1", "increment: {order: o1, amount: 5}"], "holds nothing that could be raised"),
        (["pay: {order: o1, capture: manual}", "increment: o1"], "expected a mapping|amount"),
        (["pay: o1", "fail_refund: o1"], "fail_refund before refund"),
        (["pay: {order: o1, capture: manual}", "dispute: o1"], "dispute before capture"),
        (["pay: {order: o1, capture: manual}", "fail_capture: o1"], "fail_capture before capture"),
        (["pay: o1", "contest: o1"], "contest before dispute"),
        (["pay: o1", "kill", "kill"], "kill after kill"),
        (["pay: o1", "kill", "refund: o1"], "refund after kill"),
        (["pay: o1", "retire"], "retire before deploy"),
        (["pay: o1", "together: {steps: [sync], repeat: 2}"], "two or more steps"),
        (["pay: o1", "together: {steps: [sync, sync], repeat: 1}"], "repeat"),
        (["deploy: next", "pay: o1", "deploy: next"], "two versions run already"),
        (["pay: o1", "together: [dispute: o1, refund: o1]"], "unknown step 'dispute'"),
    ],
)
def test_impossible_story_is_refused(steps, reason):
    with pytest.raises(InputError, match=reason):
        read("steps:", *[f"  - {step}" for step in steps])


@pytest.mark.parametrize(
    ("delivery", "reason"),
    [
        ('{event: "payment.succeeded[1]", before: reply, late: true}', "before the reply has no `late`"),
        ('{event: "payment.succeeded[1]", how: at_once}', "one copy alone"),
        ('{event: "payment.succeeded[1]", after: "refund.succeeded[*]"}', "waits for one"),
        ('{event: "payment.succeeded[1]", after: "payment.succeeded[1]"}', "waits for itself"),
        ('{event: "dispute.won[1]", copies: 2}', "can never happen here"),
        ('{event: "payment.succeeded[1]", with: refund, late: true}', "with `with` has no `late`"),
        ('{event: "payment.succeeded[1]", with: refund, then: kill}', "with `with` has no `then`"),
        ('{event: "payment.succeeded[1]", then: kill, copies: 2}', "with `then` has no `copies`"),
        ('{event: "payment.succeeded[1]", then: kill, lose: true}', "with `then` has no `lose`"),
        ('{event: "payment.succeeded[1]", with: abandon}', "found 'abandon'"),
        ('{event: "payment.succeeded[1]", delay: 3 days}', "expected a duration"),
        ('{event: "payment.succeeded[1]", from: stranger, to: shop_b}', "with `from` has no `to`"),
        (
            '{event: "payment.succeeded[1]", from: stranger, signature: none}',
            "with `from` has no `signature`",
        ),
        ('{event: "payment.succeeded[1]", from: stranger, lose: true}', "with `from` has no `lose`"),
        ('{event: "payment.succeeded[1]", from: somebody}', "found 'somebody'"),
        ('{event: "payment.succeeded[1]", resend: at_deadline, copies: 2}', "with `resend` has no `copies`"),
        ('{event: "payment.succeeded[1]", resend: at_deadline, with: refund}', "with `resend` has no `with`"),
        ('{event: "payment.succeeded[1]", resend: at_deadline, as: new_id}', "with `resend` has no `as`"),
        ('{event: "payment.succeeded[1]", as: new_id, before: reply}', "with `as` has no `before`"),
        ('{event: "payment.succeeded[1]", as: new_id, copies: 1}', "one copy alone has its own id"),
        ('{event: "payment.succeeded[1]", to: shop_b, late: true}', "with `to` has no `late`"),
        ('{event: "payment.succeeded[1]", batch: []}', "at least 1|non-empty|one or more|expected"),
        ('{event: "payment.succeeded[1]", batch: ["payment.succeeded[1]"]}', "in the request already"),
        ('{event: "payment.succeeded[1]", batch: ["refund.succeeded[*]"]}', "travels with one event"),
        ('{event: "payment.succeeded[1]", batch: ["refund.suceeded[1]"]}', "did you mean|refund.succeeded"),
    ],
)
def test_delivery_that_cannot_be_is_refused(delivery, reason):
    with pytest.raises(InputError, match=reason):
        read("steps: [pay: o1, refund: o1]", "deliveries:", f"  - {delivery}")


def test_waiting_for_a_lost_event_is_refused():
    with pytest.raises(InputError, match="which is lost"):
        read(
            "steps: [pay: o1, refund: o1]",
            "deliveries:",
            '  - {event: "payment.succeeded[1]", lose: true}',
            '  - {event: "refund.succeeded[1]", after: "payment.succeeded[1]"}',
        )


def test_forged_event_need_not_be_able_to_happen():
    scenario = read("steps: [pay: o1]", 'deliveries: [{event: "refund.succeeded[1]", signature: none}]')

    assert scenario.cases[0].deliveries[0].signature == "none"


def test_a_strangers_event_need_not_be_able_to_happen():
    scenario = read("steps: [pay: o1]", 'deliveries: [{event: "dispute.lost[1]", from: stranger, copies: 9}]')

    (delivery,) = scenario.cases[0].deliveries
    assert (delivery.is_of_strangers, delivery.copies) == (True, 9)


def test_a_new_id_left_alone_means_two_copies():
    scenario = read("steps: [pay: o1]", 'deliveries: [{event: "payment.succeeded[1]", as: new_id}]')

    assert scenario.cases[0].deliveries[0].copies == 2


def test_same_problem_of_several_cases_is_told_once():
    with pytest.raises(InputError) as caught:
        read("matrix: {a: [1, 2, 3]}", "steps:", "  - pay: {order: o1, amount: $a}", "  - refund: o2")

    assert len(caught.value.problems) == 1


def test_amount_says_which_currency_it_was_taken_for():
    with pytest.raises(InputError, match=r"1.234 has 3 decimals, EUR has 2 decimals \(without `world"):
        read("steps:", "  - pay: {order: o1, amount: 1.234}")
