"""Every malformed scenario file tells all its problems: place, reason, nearest valid word."""

from pathlib import Path

import pytest

from badgateway.errors import InputError
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import load_scenarios

FOLDER = Path(__file__).parent.parent / "malformed" / "scenario"

# file -> line:column and a piece of the message, for each of its problems.
TOLD = {
    "amount_exponent": [("3:30", "steps[0].pay.amount: found '1e3': a number has no exponent here")],
    "amount_in_yen_with_decimals": [
        ("4:30", "steps[0].pay.amount: 49.99 has 2 decimals, JPY has no decimals"),
        ("6:18", "expect.captured.o1: 49.99 has 2 decimals, JPY has no decimals"),
    ],
    "amount_infinite": [("3:30", "steps[0].pay.amount: found '.inf': a number is finite")],
    "amount_leading_zero": [("3:30", "steps[0].pay.amount: found '010': a number has no leading zeros")],
    "amount_negative": [("3:30", "steps[0].pay.amount: found -5, expected at least 0")],
    "amount_sexagesimal": [
        ("3:30", "steps[0].pay.amount: found '12:30': this reads as a time or as base 60")
    ],
    "amount_zero": [("3:30", "steps[0].pay.amount: an amount is more than nothing")],
    "authenticate_unasked": [("4:5", "nobody asks the shopper of 'o1' to authenticate")],
    "base_currency_without_rate": [
        ("2:39", "world.base_currency: no exchange rate of XOF is known; known: AUD, BHD, BRL")
    ],
    "before_reply_without_call": [
        ("6:34", "deliveries[0].before: no call causes 'dispute.opened', so there is no reply to be before")
    ],
    "capture_before_pay": [("3:5", "capture before pay: order 'o1' is paid only later")],
    "capture_of_automatic": [("4:5", "order 'o1' is captured automatically when it is paid")],
    "cart_with_amount": [("4:30", "steps[0].pay.amount: the cart makes the price")],
    "control_character": [("1:9", "character U+0007 is not allowed")],
    "copies_exponent": [("5:45", "deliveries[0].copies: found '1e3', expected a whole number")],
    "copies_too_many": [("5:45", "deliveries[0].copies: found 5000, expected at most 50")],
    "currency_no": [("2:19", "world.currency: found 'NO'; did you mean 'NOK'?")],
    "decided_amount_is_nothing": [
        ("5:49", "faults[0].amount: an amount is more than nothing"),
        ("6:49", "faults[1].amount: 5.005 has 3 decimals, EUR has 2 decimals"),
        ("7:49", "faults[2].amount: unknown currency 'EURO'; did you mean 'EUR'?"),
        ("8:58", "faults[3].stored: at 'connect' the provider has seen no key to store it under"),
        ("9:42", "faults[4].stored: expected true or false, found 'yes'"),
    ],
    "deliveries_in_a_circle": [
        (
            "6:44",
            "deliveries[0].after: waits for itself: o1.payment.succeeded[1] after o1.refund.succeeded[1]",
        ),
        (
            "7:43",
            "deliveries[1].after: waits for itself: o1.refund.succeeded[1] after o1.payment.succeeded[1]",
        ),
    ],
    "duplicate_keys": [
        ("2:1", "title: duplicate key, first on line 1"),
        ("4:22", "steps[0].pay.order: duplicate key, first on line 4"),
    ],
    "duration_in_words": [
        ("4:14", "steps[1].advance: found '3 days', expected a duration such as 250ms, 30s, 15m, 2h or 3d")
    ],
    "empty_file": [("1:1", "found nothing, expected a mapping")],
    "event_that_never_happens": [("5:6", "deliveries[0].event: 'refund.succeeded[1]' can never happen here")],
    "expect_unknown_order": [
        ("5:11", "expect.order.o2: unknown order 'o2'; known: o1"),
        ("6:14", "expect.captured.o3: unknown order 'o3'; known: o1"),
    ],
    "exploding_anchors": [("6:28", "more than 50000 values")],
    "fault_option_of_wrong_kind": [
        ("5:42", "faults[0].status: found '099': a number has no leading zeros, drop them")
    ],
    "fault_without_effect": [("5:5", "faults[0]: 'do' is missing")],
    "flag_is_yes": [("5:43", "deliveries[0].lose: found 'yes', expected true or false")],
    "list_at_top": [("1:1", "found a list, expected a mapping")],
    "lag_in_seconds": [("5:27", "faults[0].lag: found '2s', expected a whole number")],
    "lag_of_a_charge": [
        ("5:10", "faults[0].at: 'lag' strikes at fetch or list or *, not at charge"),
        ("6:5", "faults[1]: neither `behind` nor `page` asks for anything"),
    ],
    "lost_and_copied": [("5:49", "deliveries[0].copies: a delivery that is lost has no `copies`")],
    "matrix_empty": [("2:18", "matrix.copies: found an empty list, expected at least 1 member")],
    "matrix_too_large": [("2:1", "matrix: 343 cases, at most 256 are played")],
    "matrix_unknown_variable": [
        ("2:10", "matrix.copies: nothing says $copies"),
        ("6:45", "deliveries[0].copies: unknown variable '$copys'; did you mean 'copies'?"),
    ],
    "matrix_value_of_wrong_kind": [("2:25", "deliveries[0].how: found 'at_onse'; did you mean 'at_once'?")],
    "merchant_of_nobody": [
        ("4:32", "steps[0].pay.merchant: unknown merchant 'bertha'; did you mean 'berta'?"),
        ("6:32", "steps[2].pay.merchant: order 'o2' belongs to merchant 'berta'"),
        ("7:42", "steps[3].pay_elsewhere.merchant: 'berta' is the order's own merchant"),
        ("8:24", "steps[4].settle.merchant: unknown merchant 'carla'"),
    ],
    "merchant_without_merchants": [("3:32", "steps[0].pay.merchant: unknown merchant 'b'")],
    "merge_key": [("4:11", "steps[0].pay: merge keys (<<) are not read")],
    "no_steps": [("2:8", "steps: found an empty list, expected at least 1 member")],
    "no_title": [("1:1", "'title' is missing")],
    "mutation_of_a_forgery": [
        (
            "5:57",
            "deliveries[0].mutate: only the provider's own event has other content, not one signed 'garbage'",
        )
    ],
    "mutation_of_unknown_kind": [
        ("5:45", "deliveries[0].mutate: found 'unknown_enumm'; did you mean 'unknown_enum'?")
    ],
    "not_utf8": [("1:1", "byte 10 is not UTF-8")],
    "number_as_key": [("5:11", "expect.order: key '1' is not text")],
    "pay_while_killed": [("4:5", "pay after kill: the integration is not running")],
    "recursive_alias": [("3:15", "alias *s stands inside its own anchor")],
    "refund_before_capture": [
        ("4:5", "refund before capture: order 'o1' is paid with capture: manual and nothing is taken yet")
    ],
    "refund_of_unknown_order": [("4:5", "refund before pay: order 'o2' is never paid; known: o1")],
    "retire_without_deploy": [("5:5", "retire before deploy: there is one version only")],
    "restart_without_kill": [("4:5", "restart before kill: the integration is running")],
    "selector_from_zero": [("5:10", "faults[0].at: 'charge[0]' counts from 1")],
    "selector_names_an_event": [
        (
            "5:10",
            "faults[0].at: 'payment.succeeded[1]' names an event, and a fault strikes an operation",
        )
    ],
    "selector_of_several_orders": [
        ("6:10", "faults[0].at: 'charge[1]' could be of several orders; say o1.charge[1]")
    ],
    "selector_unknown_event": [
        ("5:13", "deliveries[0].event: unknown event 'payment.suceeded'; did you mean 'payment.succeeded'?")
    ],
    "selector_unknown_operation": [
        ("5:10", "faults[0].at: unknown operation 'chrage'; did you mean 'charge'?")
    ],
    "selector_unknown_order": [("5:10", "faults[0].at: unknown order 'o2'; known: o1")],
    "selector_without_index": [("5:10", "faults[0].at: which charge? say charge[1] or charge[*]")],
    "settlement_words": [
        ("4:20", "steps[1].settle.flaw: found 'lost'; known: late, missing, misstated, repeated"),
        ("5:5", "steps[2].adjust: 'reason' is missing"),
        ("6:5", "steps[3]: found 'adjust'"),
        ("7:14", "steps[4].payout: unknown key 'order'"),
    ],
    "several_problems": [
        (
            "2:1",
            "unknown key 'colour'; known: deliveries, expect, faults",
        ),
        ("3:19", "world.currency: found 'EURO'; did you mean 'EUR'?"),
        ("3:31", "world.mode: found 'lenient'; known: permissive, strict"),
        ("5:18", "steps[0].pay.order: found 'O1', expected the name of an order, such as o1"),
        ("5:30", "steps[0].pay.amount: found 'ten', expected an amount such as 49.99"),
        ("6:5", "steps[1]: unknown step 'refnud'; did you mean 'refund'?"),
    ],
    "skew_without_unit": [
        ("5:21", "faults[0].skew: expected a signed duration such as +6m or -90s, found '6'"),
        ("6:10", "faults[1].at: 'skew' strikes at *, not at charge"),
    ],
    "steps_as_mapping": [("2:8", "steps: found a mapping, expected a list")],
    "tab_indent": [("3:1", "while scanning for the next token: found character that cannot start any token")],
    "tag": [("1:8", "tag 'tag:yaml.org,2002:python/object:os.system' is not allowed")],
    "title_is_a_number": [("1:8", "title: found 10, expected text")],
    "together_alone": [("3:5", "`together` needs two or more steps")],
    "together_nested": [
        (
            "4:9",
            "steps[0].together[0]: unknown step 'together'; known: cancel, capture, pay",
        )
    ],
    "two_documents": [
        ("4:1", "expected a single document in the stream that starts on line 1: but found another document")
    ],
    "two_keys_in_a_step": [("3:5", "steps[0]: found a mapping, expected at most 1 key")],
    "two_faults_in_one": [("5:31", "faults[0].lag: either `do` or `lag`, not both")],
    "unclosed_bracket": [
        ("4:1", "while parsing a flow mapping that starts on line 3: did not find expected ',' or '}'")
    ],
    "unknown_card": [("3:28", "unknown card 'aproved' of stripe; did you mean 'approved'?")],
    "unknown_fault": [("5:27", "faults[0].do: found 'closs'; did you mean 'close'?")],
    "unknown_fault_option": [("5:33", "faults[0].fro: unknown option 'fro' of 'hold'; did you mean 'for'?")],
    "unknown_invariant": [("5:12", "unknown invariant 'no_overchrage'; did you mean 'no_overcharge'?")],
    "unknown_key": [("4:1", "unknown key 'fualts'; did you mean 'faults'?")],
    "unknown_phase": [("5:30", "faults[0].phase: found 'after_comit'; did you mean 'after_commit'?")],
    "unknown_provider": [("2:13", "providers[0]: unknown provider 'strip'; did you mean 'stripe'?")],
    "unknown_status": [("5:15", "expect.order.o1: found 'PAYED'; did you mean 'PAID'?")],
    "unknown_step": [("3:5", "steps[0]: unknown step 'pya'; did you mean 'pay'?")],
    "unknown_step_field": [("3:22", "steps[0].pay: unknown key 'amout'; did you mean 'amount'?")],
}


def load_and_compile(path):
    for scenario in load_scenarios([str(path)]):
        compile_scenario(scenario, seed=1)


def problems_of(path):
    with pytest.raises(InputError) as caught:
        load_and_compile(path)
    assert caught.value.exit_code == 2
    return caught.value.problems


@pytest.mark.parametrize("name", TOLD)
def test_file_tells_each_problem_with_its_place(name):
    problems = problems_of(FOLDER / f"{name}.yaml")

    assert [f"{one.line}:{one.column}" for one in problems] == [place for place, _ in TOLD[name]]
    assert all(
        piece in f"{one.what} ({one.mend})" for one, (_, piece) in zip(problems, TOLD[name], strict=True)
    )
    assert all(one.file.endswith(f"/{name}.yaml") and "\n" not in str(one) for one in problems)


def test_every_malformed_file_is_in_the_table():
    assert {file.stem for file in FOLDER.glob("*.yaml")} == set(TOLD)


def test_ten_megabytes_are_refused_without_being_read(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_text("title: T\nwhy: " + "x" * 10_000_000)

    assert "at most 1048576 are read" in str(problems_of(path)[0])


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_very_deep_nesting_is_refused(tmp_path, opening):
    path = tmp_path / "deep.yaml"
    path.write_text("steps: " + opening * 200_000)

    assert "nested deeper than 64 levels" in str(problems_of(path)[0])


def test_problems_of_all_files_are_told_together():
    names = ["unknown_key", "tab_indent"]

    with pytest.raises(InputError) as caught:
        load_scenarios([str(FOLDER / f"{name}.yaml") for name in names])

    assert {Path(one.file).stem for one in caught.value.problems} == set(names)
