"""M12 over small journals: what a settlement got wrong, and what a reconciliation makes of it."""

import pytest

LAW = "reconciliation_exact"
DAY_MS = 86_400_000
SHOWS = ["missing", "repeated", "misstated", "overdue", "unbooked", "other"]
STATED = {None: 4_999, "missing": 0, "late": 0, "repeated": 9_998, "misstated": 4_899}
SHOWN = ["status", "refs", "reconciliation"]


def paid_out(story, flaw=None, ready_ms=0, shown=SHOWN):
    """Give a story with one payout over o1, whose line has a flaw."""
    begun = story(shown=shown).paid().final("PAID", 4_999)
    write, now = begun.journal.write, begun.clock.now_ms()
    about = {"payout": "po_1", "currency": "EUR"}
    write("settlement.payout", amount_minor=4_899, cause="act:payout", facts=[], **about)
    write(
        "settlement.report",
        report="sr_1",
        total_minor=4_899,
        due_ms=now + DAY_MS,
        ready_ms=now + ready_ms,
        **about,
    )
    write(
        "settlement.line",
        "o1",
        line="txn_1",
        payment="pi_1",
        term="captured",
        gross_minor=4_999,
        fee_minor=100,
        flaw=flaw,
        stated_gross_minor=STATED[flaw],
        stated_fee_minor=100,
        facts=[],
        **about,
    )
    return begun


def exception(kind, amount=4_999, references=("pi_1",), currency="EUR", **more):
    row = {"kind": kind, "raw": kind.upper(), "references": list(references), "amount_minor": amount}
    return row | {"currency": currency} | more


def read(story, *rows, shows=SHOWS, is_readable=True):
    story.journal.write(
        "reconciliation.read", rows=list(rows), shows=shows, is_readable=is_readable, problem=None
    )
    return story


def said(story):
    return [breach.sentence for breach in story.judge(LAW).breaches]


@pytest.mark.parametrize(
    ("flaw", "amount"), [("missing", 4_999), ("missing", 4_899), ("repeated", -4_999), ("misstated", 100)]
)
@pytest.mark.parametrize("name", ["pi_1", "refo1", "txn_1"])
def test_it_holds_when_exactly_what_is_wrong_is_told(story, flaw, amount, name):
    good = read(paid_out(story, flaw), exception(flaw, amount, [name]))

    assert good.state(LAW) == "held"


def test_it_holds_when_nothing_is_wrong_and_nothing_is_told(story):
    assert read(paid_out(story)).state(LAW) == "held"


@pytest.mark.parametrize("flaw", ["missing", "repeated", "misstated"])
def test_it_breaks_when_an_error_is_no_exception(story, flaw):
    bad = read(paid_out(story, flaw))

    (breach,) = bad.judge(LAW).breaches

    assert f"{flaw} in the settlement report is no exception" in breach.sentence
    assert breach.order == "o1"
    assert [bad.entries[seq - 1].kind for seq in breach.proof] == ["settlement.line", "reconciliation.read"]


def test_it_breaks_when_an_exception_is_invented(story):
    assert said(read(paid_out(story), exception("missing"))) == [
        "the exception MISSING over 49.99 EUR is told, and the settlement has no such error"
    ]


def test_it_breaks_when_an_error_is_told_as_another(story):
    assert len(said(read(paid_out(story, "repeated"), exception("misstated")))) == 2


def test_it_breaks_when_an_error_is_told_twice(story):
    assert len(said(read(paid_out(story, "missing"), exception("missing"), exception("missing")))) == 1


def test_it_breaks_when_the_amount_is_another(story):
    (sentence,) = said(read(paid_out(story, "misstated"), exception("misstated", 101)))

    assert sentence.startswith("1.00 EUR misstated in the settlement report has another amount: ")
    assert sentence.endswith("the exception MISSTATED over 1.01 EUR")


def test_an_exception_has_an_owner_where_owners_are_shown(story):
    begun = paid_out(story, "missing")

    lacking = said(read(begun, exception("missing", owner=""), shows=[*SHOWS, "owner"]))

    assert lacking == ["the exception MISSING over 49.99 EUR has no owner"]


@pytest.mark.parametrize(
    ("passed_ms", "rows", "state"),
    [
        (0, [], "held"),
        (0, [exception("overdue", 4_899, ["sr_1"])], "broken"),
        (2 * DAY_MS, [exception("overdue", 4_899, ["po_1"])], "held"),
        (2 * DAY_MS, [], "broken"),
        (3 * DAY_MS, [], "held"),
        (3 * DAY_MS, [exception("overdue", 4_899, ["sr_1"])], "broken"),
    ],
)
def test_a_report_is_missed_on_its_due_day_and_until_it_is_there(story, passed_ms, rows, state):
    begun = paid_out(story, ready_ms=3 * DAY_MS)
    begun.clock.advance(passed_ms)

    assert read(begun, *rows).state(LAW) == state


@pytest.mark.parametrize("rows", [[], [exception("missing")]])
def test_what_is_in_a_report_that_is_not_there_may_be_known_or_not(story, rows):
    assert read(paid_out(story, "missing", ready_ms=DAY_MS), *rows).state(LAW) == "held"


def test_a_row_that_comes_later_is_missing_until_it_comes(story):
    begun = paid_out(story, "late")
    early = read(begun, exception("missing")).state(LAW)
    begun.journal.write("op.acted", do="settle", payment=None, detail=None)

    mended, stubborn = read(begun).state(LAW), read(begun, exception("missing")).state(LAW)

    assert (early, mended, stubborn) == ("held", "held", "broken")


def test_kinds_that_badgateway_yaml_does_not_name_are_not_asked_for(story):
    assert read(paid_out(story, "repeated"), shows=["missing"]).state(LAW) == "held"


def test_a_payment_that_no_view_shows_may_be_told_as_unbooked(story):
    begun = paid_out(story)
    refs = [ref for one in begun.history.of_kind("view.read") for ref in one.data["refs"] or ()]

    state = read(begun, exception("unbooked", references=["pi_1"])).state(LAW)

    assert state == ("broken" if "pi_1" in refs else "held")


def test_no_reading_proves_nothing(story):
    assert paid_out(story, "missing").state(LAW) == "unknown"
    assert read(paid_out(story, "missing"), is_readable=False).state(LAW) == "unknown"


def test_without_payouts_or_without_reconciliation_it_is_not_put_to_the_test(story):
    assert story(shown=SHOWN).paid().final("PAID").state(LAW) == "vacuous"
    assert paid_out(story, shown=["status"]).state(LAW) == "not judged"
