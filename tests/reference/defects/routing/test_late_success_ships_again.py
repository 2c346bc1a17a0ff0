"""late-success-ships-again: each charged transaction of an orchestrator brings the effects of a payment."""

import pytest

from badgateway.reference.defects import policies_with
from badgateway.reference.notice import Notice
from badgateway.reference.store import Store


@pytest.mark.parametrize(
    ("defect", "granted"), [("late-success-ships-again", [True, False, True]), (None, [True, False, False])]
)
def test_a_second_transaction_that_was_charged(tmp_path, defect, granted):
    inbox, store, new = policies_with(defect).inbox, Store(str(tmp_path / "books.db")), []

    for event_id in ("evt_1", "evt_1", "evt_2"):
        told = Notice(event_id, "TXN_CHARGED", "payment_intent", "o1A1", "o1A1", "o1")
        inbox.admit(store, told, 0)
        with store.write() as tx:
            new.append(inbox.grant(tx, 1, "fulfilment", told, 0))

    store.close()
    assert new == granted
