"""The doctor says what one payment showed, and what cannot be judged, with what to do about it."""

import asyncio
from dataclasses import replace

import pytest

from badgateway.integration.doctor import Trial, check_description, check_traces, check_trial, examine
from badgateway.integration.model import VIEW_STATUSES, Declares, OperationResult, Start, ViewPaths, ViewRead
from badgateway.integration.read import read_description
from badgateway.integration.starter import starter_text

VIEW = ViewRead("PAID", "paid", 4999, 0, "EUR", ("pi_1",), {"mails": 1})
TRIAL = Trial(
    amount_minor=4999,
    currency="EUR",
    paid=OperationResult("ok", 200, "PAID", 12.0),
    view=VIEW,
    calls=2,
    captured_minor=4999,
    payments=("pi_1",),
    is_reference_seen=True,
    webhooks=(200, 200),
)


@pytest.fixture
def shop(tmp_path):
    """Describe a shop of which everything is known."""
    path = tmp_path / "badgateway.yaml"
    path.write_text(starter_text(), encoding="utf-8")
    described = read_description(path)
    operations = {**described.operations, "return": described.operations["view"]}
    view = ViewPaths("$.s", "$.p", "$.r", "minor", "$.c", "$.x", {"mails": "$.m"})
    declares = Declares(background_ms=0, once=("mails",))
    counters = {"succeeded": "payments_total"}
    return replace(described, operations=operations, view=view, declares=declares, counters=counters)


def states(checks):
    return {check.name: check.state for check in checks}


def test_a_well_described_shop_has_nothing_to_mend(shop):
    checks = [*check_trial(shop, TRIAL), *check_description(shop)]

    assert {check.state for check in checks} == {"ok"}
    assert not any(check.mend for check in checks)


@pytest.mark.parametrize(
    ("change", "name", "state", "words"),
    [
        ({"paid": OperationResult("fail", 402, None, 1.0)}, "pay", "fail", "came to fail: HTTP 402"),
        ({"paid": OperationResult("info", None, None, 1.0, "timeout")}, "pay", "fail", "timeout"),
        ({"paid": OperationResult("ok", 200, "PAID", 60_000.0)}, "pay", "warn", "later than its deadline"),
        ({"calls": 0}, "provider", "fail", "no call reached"),
        ({"is_reference_seen": False}, "reference", "warn", "each scenario runs alone"),
        ({"view": ViewRead(None, is_readable=False, problem="HTTP 404")}, "view", "fail", "HTTP 404"),
        ({"view": replace(VIEW, status="PENDING")}, "status", "warn", "although the money is captured"),
        ({"view": replace(VIEW, paid_minor=None)}, "paid", "warn", "not judged"),
        ({"view": replace(VIEW, paid_minor=499900)}, "paid", "fail", "it shows 4999.00 EUR"),
        ({"view": replace(VIEW, refs=("ch_1",))}, "refs", "warn", "ownership cannot be judged"),
        ({"view": replace(VIEW, effects={})}, "effect mails", "warn", "does not show it"),
        (
            {"webhooks": (200, 400, None)},
            "webhooks",
            "fail",
            "2 of 3 webhooks were not taken: HTTP 400, no answer",
        ),
    ],
)
def test_what_the_payment_showed_is_told_with_a_remedy(shop, change, name, state, words):
    checks = check_trial(shop, replace(TRIAL, **change))

    check = next(check for check in checks if check.name == name)
    assert check.state == state
    assert words in check.sentence
    assert check.mend


def test_an_amount_off_by_the_exponent_names_the_setting(shop):
    checks = check_trial(shop, replace(TRIAL, view=replace(VIEW, paid_minor=499900)))

    check = next(check for check in checks if check.name == "paid")
    assert check.mend == "view.amounts is minor for 4999 and decimal for 49.99"


def test_everything_that_is_not_described_is_named(shop):
    bare = replace(
        shop,
        start=None,
        operations={name: shop.operations[name] for name in ("pay", "view")},
        view=ViewPaths("$.status"),
        statuses={"paid": "PAID"},
        webhooks=(),
        effects=(),
        counters={},
        transitions=None,
        logs=(),
        declares=Declares(),
    )

    checks = check_description(bare)

    assert states(checks) == dict.fromkeys(
        (
            *("start", "refunded", "currency", "refs", "effects", "telemetry", "logs"),
            *("capture", "refund", "cancel", "return", "webhooks", "later", "statuses"),
        ),
        "warn",
    )
    assert all(check.mend for check in checks)


def test_effects_without_a_declaration_are_named(shop):
    checks = check_description(replace(shop, declares=replace(shop.declares, once=())))

    assert states(checks)["effects"] == "warn"


def test_only_review_may_be_left_out_quietly(shop):
    without = {word.lower(): word for word in VIEW_STATUSES if word != "REVIEW"}

    assert states(check_description(replace(shop, statuses=without)))["statuses"] == "ok"


@pytest.mark.parametrize("declared", [{"poll_interval_ms": 1000}, {"background_ms": 0}])
def test_a_declared_end_makes_eventual_laws_judgeable(shop, declared):
    checks = check_description(replace(shop, declares=Declares(**declared)))

    assert states(checks)["later"] == "ok"


def test_examine_plays_one_payment_on_the_running_copy(bench):
    async def scene():
        async with bench.running() as shop:

            async def try_payment():
                values = {"order.reference": "o1", "amount_minor": 4999, "order.currency": "EUR"}
                paid = await shop.operate("pay", values)
                view = await shop.view(values | {"captured.id": paid.captured["id"]})
                return replace(TRIAL, paid=paid, view=view, webhooks=())

            return await examine(shop, try_payment)

    found = states(asyncio.run(scene()))

    assert (found["pay"], found["status"], found["paid"], found["refs"], found["start"]) == ("ok",) * 5
    assert (found["refund"], found["later"]) == ("warn", "warn")


@pytest.mark.parametrize(
    ("env", "exports", "state", "words"),
    [
        ({}, 0, "warn", "secrets in spans are not looked for"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "{traces.url}"}, 0, "warn", "no span came with one payment"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "{traces.url}"}, 3, "ok", "3 exports of spans came"),
    ],
    ids=["no door", "nothing came", "judged"],
)
def test_it_says_whether_traces_are_judged(shop, env, exports, state, words):
    description = replace(shop, start=Start(("shop",), env))

    check = check_traces(description, exports)

    assert (check.name, check.state) == ("traces", state)
    assert words in check.sentence
    assert bool(check.mend) is (state == "warn")
