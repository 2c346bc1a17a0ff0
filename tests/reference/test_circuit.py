"""The circuit opens, probes and closes; the bulkhead turns away who finds no place; reads stay served."""

import pytest

from badgateway.reference.breaking import Breaking
from badgateway.reference.circuit import Circuit, NotAsked


class Hands:
    """A clock that stands still until it is moved."""

    now_ms = 0.0

    def monotonic_ms(self):
        return self.now_ms


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def circuit(clock):
    return Circuit(Breaking(), clock, failures_max=2, pause_ms=100, places=1)


def fail(circuit, times=1):
    for _ in range(times):
        with circuit.place():
            circuit.note(is_there=False)


def code(circuit, **how):
    try:
        with circuit.place(**how):
            return "asked"
    except NotAsked as problem:
        return problem.code


def test_it_opens_after_failures_in_a_row(circuit):
    fail(circuit)
    with circuit.place():
        circuit.note(is_there=True)
    fail(circuit)
    after_one = code(circuit)
    fail(circuit)

    assert (after_one, code(circuit)) == ("asked", "circuit_open")


def test_after_the_pause_one_call_finds_out_and_a_second_does_not(circuit, clock):
    fail(circuit, 2)
    clock.now_ms = 100

    with circuit.place():
        beside = code(circuit)

    assert beside == "circuit_open"


def test_a_probe_that_fails_begins_a_new_pause(circuit, clock):
    fail(circuit, 2)
    clock.now_ms = 100
    fail(circuit)
    clock.now_ms = 150

    assert code(circuit) == "circuit_open"


def test_a_probe_that_is_answered_closes_it(circuit):
    fail(circuit, 2)

    with circuit.place(is_probe=True):
        circuit.note(is_there=True)

    assert (code(circuit), circuit.is_doubtful) == ("asked", False)


def test_a_sign_of_life_lets_one_call_find_out(circuit):
    fail(circuit, 2)

    circuit.hear()

    assert code(circuit) == "asked"


def test_who_finds_no_place_is_told_so_at_once(circuit):
    with circuit.place():
        second = code(circuit)

    assert (second, code(circuit)) == ("all_places_taken", "asked")


def test_a_call_that_breaks_off_leaves_its_place(circuit):
    with pytest.raises(RuntimeError), circuit.place():
        raise RuntimeError

    assert code(circuit) == "asked"


def test_an_outage_is_told_honestly_and_everything_else_is_served(fake, start):
    shop = start(TRIES_MAX="1", BREAKER_FAILURES="1")
    fake.script["pay"] = ["close_before"]
    for name in ("o1", "o2"):
        shop.opened(name)
    shop.pay("o1")

    refused = shop.pay("o2")
    taken = shop.tell(fake.event("payment_intent.succeeded", {"id": "pi_9", "object": "payment_intent"}))

    assert (refused.status_code, fake.count("pay")) == (503, 1)
    assert taken.status_code == 200  # who sends an event is there: its look may find out
    assert shop.client.get("/health").status_code == 200
    assert shop.view("o1")["status"] == "PENDING"


def test_a_sync_asks_first_whether_the_provider_is_back(fake, start):
    shop = start(TRIES_MAX="1", BREAKER_FAILURES="1")
    fake.script["pay"] = ["close_before"]
    shop.opened()
    shop.pay()

    shop.client.post("/internal/sync")

    assert [name for name, _, _ in fake.calls] == ["pay", "list", "pay"]
    assert shop.view()["status"] == "PAID"


def test_a_decline_is_an_answer_and_opens_nothing(fake, start):
    shop = start(BREAKER_FAILURES="1")
    shop.opened()

    shop.pay(method="pm_card_declined")

    assert shop.pay().status_code == 200
