"""One call at a time works on a payment: whatever changes it meanwhile is refused, and nothing else is."""

import asyncio

import pytest

HOLD = ("o1.capture[1]", "before_commit", "hold")
OF_THE_PAYMENT = {
    "captured again": ("/v1/payment_intents/{payment}/capture", {}),
    "cancelled": ("/v1/payment_intents/{payment}/cancel", {}),
    "changed": ("/v1/payment_intents/{payment}", {"metadata[a]": "b"}),
    "held for more": ("/v1/payment_intents/{payment}/increment_authorization", {"amount": 6000}),
    "paid back": ("/v1/refunds", {"payment_intent": "{payment}"}),
    "paid back by its charge": ("/v1/refunds", {"charge": "{charge}"}),
    "changed by its charge": ("/v1/charges/{charge}", {"metadata[a]": "b"}),
}
OF_OTHERS = {
    "another payment": ("POST", "/v1/payment_intents/{other}", {"metadata[a]": "b"}),
    "the charge of another": ("POST", "/v1/charges/{other_charge}", {"metadata[a]": "b"}),
    "a customer": ("POST", "/v1/customers", {}),
    "a look at it": ("GET", "/v1/payment_intents/{payment}", {}),
    "a look at its charge": ("GET", "/v1/charges/{charge}", {}),
}


def meanwhile(lab, method, path, form):
    """Give what a call is told while a capture of o1 is being worked on, and what once that has ended."""
    world = lab.a_world(lab.a_plan(faults=(lab.fault(*HOLD),)))
    world.is_free = True

    async def story():
        board = lab.worlds_of(world)
        paid = await lab.ask(board, lab.pay(world, capture_method="manual"))
        other = await lab.ask(board, lab.pay(world, capture_method="manual"))
        ids = {
            "payment": paid.body["id"],
            "charge": paid.body["latest_charge"],
            "other": other.body["id"],
            "other_charge": other.body["latest_charge"],
        }
        filled = {name: str(value).format(**ids) for name, value in form.items()}
        asked = lab.request(method, path.format(**ids), filled, idem="k2" if method == "POST" else None)
        capture = lab.request("POST", f"/v1/payment_intents/{ids['payment']}/capture", idem="k1")
        held = asyncio.ensure_future(lab.ask(board, capture))
        await asyncio.sleep(0)
        first = await lab.ask(board, asked)
        held.cancel()
        await asyncio.wait([held])
        return first, await lab.ask(board, asked)

    return asyncio.run(story())


@pytest.mark.parametrize("what", OF_THE_PAYMENT)
def test_a_payment_that_is_worked_on_cannot_be(lab, what):
    told, afterwards = meanwhile(lab, "POST", *OF_THE_PAYMENT[what])

    assert (told.status, told.body["error"]["code"]) == (429, "lock_timeout")
    assert afterwards.status in {200, 400}
    assert afterwards.body.get("error", {}).get("code") != "lock_timeout"


@pytest.mark.parametrize("what", OF_OTHERS)
def test_what_is_not_about_it_is_let_through(lab, what):
    told, _ = meanwhile(lab, *OF_OTHERS[what])

    assert told.status == 200


def test_a_call_that_ended_is_at_work_no_more(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault(*HOLD),)))
    world.is_free = True

    async def story():
        board = lab.worlds_of(world)
        paid = await lab.ask(board, lab.pay(world, capture_method="manual"))
        capture = lab.request("POST", f"/v1/payment_intents/{paid.body['id']}/capture", idem="k1")
        held = asyncio.ensure_future(lab.ask(board, capture))
        await asyncio.sleep(0)
        during = list(world.gates.at_work)
        held.cancel()
        await asyncio.wait([held])
        return during

    assert [call.op for call in asyncio.run(story())] == ["capture"]
    assert world.gates.at_work == {}
