"""pool-held-during-call: the call stands inside the transaction that records it."""

import pytest


@pytest.mark.parametrize(("defect", "is_held"), [("pool-held-during-call", True), (None, False)])
def test_what_is_held_during_a_call(fake, start, defect, is_held):
    service = start(defect).service

    with service.policies.holding.during_call(service.store):
        was_held = service.store.is_busy()

    assert was_held is is_held
    assert not service.store.is_busy()
