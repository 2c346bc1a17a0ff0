"""M11 over small journals: a payout of 49.99 less 1.00, and what a report may make of it."""

import pytest

LAW = "settlement_closes"
ALL = ["captured", "refunded", "lost", "won", "fees", "adjusted", "exceptions"]
NOTHING = dict.fromkeys(ALL[:-1], 0) | {"exceptions": 0}
SHOWN = ["status", "paid", "settlement"]


def line(story, payout, term="captured", gross=4_999, fee=100, flaw=None, stated=None, currency="EUR"):
    told = (gross, fee) if stated is None else stated
    story.journal.write(
        "settlement.line",
        "o1",
        payout=payout,
        line=f"txn_{story._count('line')}",
        term=term,
        gross_minor=gross,
        fee_minor=fee,
        currency=currency,
        flaw=flaw,
        stated_gross_minor=told[0],
        stated_fee_minor=told[1],
        facts=[],
    )
    return story


def pay_out(story, amount=4_899, payout="po_1", currency="EUR"):
    story.ledger("payout", amount, None, None)
    story.journal.write(
        "settlement.payout",
        payout=payout,
        amount_minor=amount,
        currency=currency,
        cause="act:payout",
        facts=[story.counts["ledger"]],
    )
    return story


def report(story, *rows, shows=ALL, is_readable=True):
    given = [{"payout": "po_1", "currency": "EUR", "paid": 4_899} | NOTHING | row for row in rows]
    story.journal.write("settlement.read", rows=given, shows=shows, is_readable=is_readable, problem=None)
    return story


@pytest.fixture
def settled(story):
    """Give a story with one payout over one captured order."""
    begun = story(shown=SHOWN).paid().final("PAID", 4_999)
    return line(pay_out(begun), "po_1")


def test_it_holds_when_every_term_is_reported(settled):
    good = report(settled, {"captured": 4_999, "fees": 100})

    assert good.state(LAW) == "held"
    assert good.judge(LAW).antecedents == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            {"captured": 4_999, "fees": 0},
            "the payout of 48.99 EUR is reported with 0.00 EUR fees, it holds 1.00 EUR",
        ),
        (
            {"captured": 4_899, "fees": 100},
            "the payout of 48.99 EUR is reported with 48.99 EUR captured, it holds 49.99 EUR",
        ),
        (
            {"captured": 4_999, "fees": 100, "paid": 4_999},
            "the payout of 48.99 EUR is reported as 49.99 EUR",
        ),
        (
            {"captured": 4_999, "fees": 100, "currency": "USD"},
            "the payout of 48.99 EUR is reported as 48.99 USD",
        ),
    ],
)
def test_it_breaks_with_a_term_that_is_not_the_payouts(settled, row, sentence):
    (breach,) = report(settled, row).judge(LAW).breaches

    assert breach.sentence == sentence
    assert [settled.entries[seq - 1].kind for seq in breach.proof] == [
        "settlement.payout",
        "settlement.line",
        "settlement.read",
    ]


def test_it_breaks_when_a_reserve_is_left_out(story):
    begun = line(pay_out(story(shown=SHOWN).paid().final("PAID"), 4_399), "po_1")
    line(begun, "po_1", "adjusted", -500, 0)

    (breach,) = report(begun, {"captured": 4_999, "fees": 100, "paid": 4_399}).judge(LAW).breaches

    assert breach.sentence == "the payout of 43.99 EUR is reported with 0.00 EUR adjusted, it holds -5.00 EUR"


def test_a_reserve_that_is_reported_closes(story):
    begun = line(pay_out(story(shown=SHOWN).paid().final("PAID"), 4_399), "po_1")
    line(begun, "po_1", "adjusted", -500, 0)

    good = report(begun, {"captured": 4_999, "fees": 100, "adjusted": -500, "paid": 4_399})

    assert good.state(LAW) == "held"


def test_an_adjustment_has_its_sign(story):
    begun = line(pay_out(story(shown=SHOWN).paid().final("PAID"), 4_399), "po_1")
    line(begun, "po_1", "adjusted", -500, 0)

    bad = report(begun, {"captured": 4_999, "fees": 100, "adjusted": 500, "paid": 4_399})

    assert bad.state(LAW) == "broken"


def test_what_was_taken_may_be_written_with_a_minus(story):
    begun = line(pay_out(story(shown=SHOWN).paid().final("PAID"), 3_899), "po_1")
    line(begun, "po_1", "refunded", -1_000, 0)
    rows = [
        {"captured": 4_999, "fees": sign * 100, "refunded": sign * 1_000, "paid": 3_899} for sign in (1, -1)
    ]

    states = {report(begun, row).state(LAW) for row in rows}

    assert states == {"held"}


def test_converted_money_is_judged_in_the_currency_of_the_payout(story):
    begun = pay_out(story(shown=SHOWN, currency="HUF").paid().final("PAID"), 960)
    line(begun, "po_1", gross=1_000, fee=40)

    good = report(begun, {"captured": 1_000, "fees": 40, "paid": 960})

    assert good.state(LAW) == "held"


@pytest.mark.parametrize(
    ("flaw", "stated"), [("missing", (0, 0)), ("repeated", (9_998, 200)), ("misstated", (4_500, 100))]
)
@pytest.mark.parametrize("is_mended", [True, False])
def test_a_list_that_lies_is_to_be_reported_as_an_exception(story, flaw, stated, is_mended):
    begun = pay_out(story(shown=SHOWN).paid().final("PAID"))
    line(begun, "po_1", flaw=flaw, stated=stated)
    gross, fee = (4_999, 100) if is_mended else stated
    row = {"captured": gross, "fees": fee}

    silent = report(begun, row).judge(LAW)
    told = report(begun, row | {"exceptions": 1}).judge(LAW)

    assert [breach.sentence for breach in silent.breaches] == [
        "the payout of 48.99 EUR is reported as explained, though its lines do not add up to it"
    ]
    assert told.breaches == ()


def test_what_was_told_late_may_be_an_exception_or_complete(story):
    begun = pay_out(story(shown=SHOWN).paid().final("PAID"))
    line(begun, "po_1", flaw="late", stated=(0, 0))

    assert report(begun, {"exceptions": 1}).state(LAW) == "held"
    assert report(begun, {"captured": 4_999, "fees": 100}).state(LAW) == "held"
    assert report(begun, {}).state(LAW) == "broken"


def test_an_exception_too_many_accuses_nobody(settled):
    assert report(settled, {"captured": 4_999, "fees": 100, "exceptions": 1}).state(LAW) == "held"


def test_terms_that_are_not_shown_are_not_judged(settled):
    bare = report(settled, {}, shows=[])

    assert bare.state(LAW) == "held"


def test_a_payout_that_was_told_must_be_in_the_report(settled):
    event = settled.event("payout.paid", None, None)

    bad = report(settled.send(event)).judge(LAW)

    assert [breach.sentence for breach in bad.breaches] == [
        "the payout of 48.99 EUR is not in the settlement report"
    ]


def test_a_payout_that_nobody_told_is_not_missed(settled):
    assert report(settled).state(LAW) == "unknown"


def test_a_payout_that_could_be_listed_must_be_in_the_report(settled):
    call = settled.arrive("list", key=None, order=None)
    settled.commit(call, None, applied=False).answer(call)

    assert report(settled).state(LAW) == "broken"


def test_rows_of_other_payouts_are_no_concern(settled):
    rows = [{"captured": 4_999, "fees": 100}, {"payout": "po_of_last_week", "captured": 5, "paid": 7}]

    assert report(settled, *rows).state(LAW) == "held"


def test_the_last_report_counts(settled):
    report(settled, {})

    assert report(settled, {"captured": 4_999, "fees": 100}).state(LAW) == "held"


def test_a_report_that_could_not_be_read_in_between_is_no_concern(settled):
    report(settled, is_readable=False)

    assert report(settled, {"captured": 4_999, "fees": 100}).state(LAW) == "held"


def test_money_that_is_not_paid_out_at_the_end_is_not_judged(story):
    """Settled after the last payout, or with a balance below nothing: there is no payout to explain."""
    begun = story(shown=SHOWN).paid()
    begun.ledger("fee", 100).ledger("refund", 4_999)

    assert report(begun.final("REFUNDED")).state(LAW) == "vacuous"


def test_an_integration_without_a_report_is_not_judged(story):
    begun = line(pay_out(story().paid().final("PAID")), "po_1")

    assert begun.state(LAW) == "not judged"


def test_it_is_unknown_without_rest_or_report(settled, story):
    restless = story(shown=SHOWN).paid().rest(is_quiescent=False)

    states = {line(pay_out(restless), "po_1").state(LAW), report(settled, is_readable=False).state(LAW)}

    assert states == {"unknown"}


def test_a_payout_whose_report_is_still_to_come_is_not_missed(settled):
    write, now = settled.journal.write, settled.clock.now_ms()
    about = {"payout": "po_1", "total_minor": 4_899, "currency": "EUR", "due_ms": now}
    write("settlement.report", report="sr_1", ready_ms=now + 1, **about)

    assert report(settled).state(LAW) == "vacuous"


@pytest.mark.parametrize("captured", [4_999, 14_998, 4_899, 14_898])
def test_each_wrong_line_may_be_put_right_or_left(story, captured):
    begun = pay_out(story(shown=SHOWN).paid().final("PAID"), 4_899)
    line(begun, "po_1", flaw="misstated", stated=(4_899, 100))
    line(begun, "po_1", gross=0, fee=0, flaw="repeated", stated=(9_999, 0))

    assert report(begun, {"captured": captured, "fees": 100, "exceptions": 2}).state(LAW) == "held"
