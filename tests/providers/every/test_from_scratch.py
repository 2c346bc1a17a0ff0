"""A provider from scratch in one short file passes the suite; each mistake in it fails its own check."""

import asyncio
from pathlib import Path

import pytest
from tests.providers.every import test_every_provider as checks

HERE = Path(__file__).parent
FILE = HERE / "acme.provider.yaml"


@pytest.fixture
def failing(bench, declared):
    """Give what names the checks that a provider of this text fails."""

    def run(text):
        dialect = declared(text)
        failed = set()
        for check in checks.CHECKS:
            try:
                asyncio.run(held(dialect, check))
            except AssertionError:
                failed.add(check.__name__)
        return failed

    async def held(dialect, check):
        async with bench(dialect) as one:
            await check(one)

    return run


def test_a_provider_from_scratch_passes_in_under_eighty_lines(failing):
    text = FILE.read_text()

    assert len(text.splitlines()) < 80
    assert failing(text) == set()


def test_a_receiver_that_reads_the_page_refuses_a_provider_that_signs_otherwise(failing, declared, bench):
    """The page says what acme's file says; the provider leaves the moment out of what it signs."""
    page = declared(FILE.read_text(), "page").spec
    wrong = FILE.read_text().replace('over: "{timestamp}~{body}~{id}"', 'over: "{body}"')

    async def main():
        async with bench(declared(wrong, "wrong")) as one:
            one.voice.spec = page
            await checks.webhooks_are_signed(one)

    with pytest.raises(AssertionError):
        asyncio.run(main())


MISTAKES = {
    "key forgotten": ("  kept: 2d\n", "  kept: 0ms\n", {"keys_are_replayed"}),
    "success not kept": ("  kept: 2d\n", "  stores: [refusal]\n", {"keys_are_replayed"}),
    "body not signed": ("{timestamp}~{body}~{id}", "{timestamp}~{id}", {"webhooks_are_signed"}),
    "failure not told": (
        "    payment.failed: {type: refused",
        "    payment.expired: {type: refused",
        {"declined_cards_move_nothing", "shoppers_are_asked"},
    ),
    "stranger let in": (
        "unauthorized: {code: WHO_ARE_YOU}",
        "unauthorized: {status: 200, code: WHO_ARE_YOU}",
        {"mistakes_are_refused_and_change_nothing"},
    ),
    "amount made up": (
        "amount: {at: price.amount, required: true}",
        "amount: {at: price.amount, default: '1.00'}",
        {"mistakes_are_refused_and_change_nothing"},
    ),
    "no holds": (
        "      capture: {at: take, automatic: now, manual: later, default: now}\n",
        "",
        {"holds_are_captured_in_part", "holds_are_released"},
    ),
    "success not told": (
        "    payment.succeeded: {type: done",
        "    payment.pending: {type: done",
        {
            "debits_are_paid_days_later",
            "each_fact_has_one_event_of_its_name",
            "payments_are_made_and_charged",
            "refused_webhooks_climb_the_ladder",
            "shoppers_are_asked",
            "webhooks_are_signed",
        },
    ),
    "shopper left alone": (
        '    ask_at?: "{payment.challenge}"\n',
        "",
        {"shoppers_are_asked"},
    ),
    "shopper sent to nowhere": (
        'failed: {to: "{remembered.shop}"}',
        'failed: {to: "{payment.reference}"}',
        {"shoppers_are_asked"},
    ),
    "no declining card": (
        "cards: {approved: good, declined: bad",
        "cards: {approved: good, lost_card: bad",
        {"declined_cards_move_nothing"},
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_fails_its_own_check(mistake, failing):
    right, wrong, failed = MISTAKES[mistake]
    text = FILE.read_text()
    assert text.count(right) == 1

    assert failing(text.replace(right, wrong)) == failed
