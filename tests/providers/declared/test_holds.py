"""How long a declared provider holds money."""

from functools import partial

import pytest

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments.book import Book
from badgateway.payments.commands import CreatePayment
from badgateway.payments.model import Capture, Status
from badgateway.providers import DIALECTS
from badgateway.providers.declared.answering import decide

DAY_MS = 86_400_000


@pytest.mark.parametrize(
    ("provider", "days"),
    [("paypal", 29), ("square", 7), ("razorpay", 3), ("checkout", 7), ("braintree", 7)],
)
def test_a_hold_lapses_when_the_file_says_so(provider, days):
    """The file's `holds` counts from the charge; one that says nothing holds for a week."""
    spec, clock = DIALECTS[provider].spec, Clock(started_ms=1_700_000_000_000)
    book = Book(clock, Ids(1, "test"), decide=partial(decide, spec=spec))
    book.do(CreatePayment("p1", 500, "EUR", Capture.MANUAL, method=spec.cards["approved"], charge=True), "c1")

    standing = []
    for passed_ms in (days * DAY_MS - 1, 1):
        clock.advance(passed_ms)
        book.run_due()
        standing.append(book.payment("p1").status)

    assert standing == [Status.AUTHORIZED, Status.EXPIRED]
