"""Real integrations that misbehave over real sockets: each gives a plain problem, and none an exception."""

import asyncio

import pytest

VALUES = {
    "order.reference": "o1abc",
    "amount_minor": 4999,
    "order.currency": "EUR",
    "captured.id": "id-o1abc",
}


def pay_and_view(bench, mood, change=str):
    """Pay and view on a shop in one mood."""

    async def scene():
        async with bench.running(mood, change) as shop:
            return await shop.operate("pay", VALUES), await shop.view(VALUES)

    return asyncio.run(scene())


@pytest.mark.parametrize(
    ("mood", "outcome", "status", "problem"),
    [
        ("garbage", "info", 200, "garbage: the answer is not JSON: it starts with '<html>oops</html>'"),
        ("truncated", "info", 200, "garbage: the answer is not JSON: it starts with"),
        ("empty", "info", 200, "garbage: the answer is empty"),
        ("unmapped", "info", 200, "status word 'purple' is not mapped in statuses: add it"),
        ("wrong", "info", 200, "garbage: the answer holds nothing of capture: id"),
        ("huge", "info", 200, "garbage: the answer is longer than 1048576 bytes"),
        ("redirects", "info", 302, "HTTP 302: redirects to http://169.254.169.254/ are not followed"),
        ("hangs_up", "info", None, "connection lost: it closed the connection without an answer"),
        ("cut", "info", None, "connection lost: the answer breaks off"),
        ("not_http", "info", None, "garbage: "),
        ("503", "info", 503, "HTTP 503"),
        ("402", "fail", 402, None),
    ],
)
def test_each_kind_of_bad_answer_has_its_outcome_and_problem(bench, mood, outcome, status, problem):
    paid, _ = pay_and_view(bench, mood)

    assert (paid.outcome, paid.http_status) == (outcome, status)
    assert (paid.problem or "").startswith(problem or "")
    assert (paid.problem is None) == (problem is None)


@pytest.mark.parametrize("mood", ["garbage", "truncated", "empty", "unmapped", "huge", "wrong"])
def test_a_bad_view_is_unreadable_and_says_why(bench, mood):
    _, view = pay_and_view(bench, mood)

    assert not view.is_readable
    assert view.problem


def test_secrets_and_cards_in_an_answer_do_not_reach_the_problem(bench):
    paid, view = pay_and_view(bench, "leaky")

    for problem in (paid.problem, view.problem):
        assert "[card " in problem
        assert "[redacted]" in problem
        assert "4242" not in problem


def test_an_integration_that_never_answers_is_left_after_its_deadline(bench):
    paid, _ = pay_and_view(
        bench, "never_answers", lambda text: text.replace("deadline: 10s", "deadline: 50ms")
    )

    assert (paid.outcome, paid.problem) == ("info", "timeout: no whole answer within 1.1 s")
    assert 1000 < paid.elapsed_ms < 5000


def test_a_name_that_was_never_captured_sends_nothing(bench):
    async def scene():
        async with bench.running() as shop:
            values = {name: value for name, value in VALUES.items() if name != "captured.id"}
            return await shop.view(values), await shop.operate("cancel", values)

    view, cancel = asyncio.run(scene())

    assert view.problem == "{captured.id} has no value: no earlier answer for this order gave it"
    assert (cancel.outcome, cancel.problem) == (
        "fail",
        "not sent: badgateway.yaml describes no operation 'cancel'",
    )


def test_operations_run_at_once(bench):
    async def scene():
        async with bench.running() as shop:
            return await asyncio.gather(
                *(shop.operate("pay", VALUES | {"order.reference": f"o{n}"}) for n in range(8))
            )

    results = asyncio.run(scene())

    assert [result.captured["id"] for result in results] == [f"id-o{n}" for n in range(8)]


def test_proxies_of_the_environment_are_not_used(bench, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    paid, _ = pay_and_view(bench, "well")

    assert paid.outcome == "ok"
