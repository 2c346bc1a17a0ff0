"""Money at stake over many cases."""

from dataclasses import replace

from badgateway.report.stakes import CUSTOMER, MERCHANT, stakes, stakes_text


def test_findings_about_one_order_count_once(overcharged):
    cause = overcharged.verdict.cause
    again = replace(cause, invariant="one_intent_one_key")

    lost = stakes([replace(overcharged.verdict, consequences=(again,))])

    assert lost == {(CUSTOMER, "EUR"): 4999}


def test_orders_and_cases_add_up_and_currencies_stay_apart(overcharged):
    cause = overcharged.verdict.cause
    other = replace(cause, order="o2", customer_loss_minor=0, merchant_loss_minor=700, currency="JPY")
    verdict = replace(overcharged.verdict, consequences=(other,))

    lost = stakes([verdict, verdict])

    assert lost == {(CUSTOMER, "EUR"): 9998, (MERCHANT, "JPY"): 1400}


def test_what_was_announced_to_break_costs_nobody_anything(overcharged):
    assert stakes([replace(overcharged.verdict, state="held")]) == {}


def test_the_words_name_who_loses_what(overcharged, held):
    assert stakes_text([overcharged.verdict]) == "the customer loses 49.99 EUR"
    assert stakes_text([held.verdict]) == ""
