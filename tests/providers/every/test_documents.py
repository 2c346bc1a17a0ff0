"""The documents of the declared providers are made of their files, and kept by what is answered and told."""

import asyncio

import pytest

from badgateway.contract.document import read_contract
from badgateway.ground.message import Reply, Request
from badgateway.play.occasions import bring_about
from badgateway.play.telling import tell
from badgateway.providers.declared.openapi import text_of
from badgateway.providers.documents import path_of
from badgateway.providers.shipped import SHIPPED

from .test_coming_back import a_long_day

NAMES = [one.name for one in SHIPPED]


@pytest.mark.parametrize("provider", SHIPPED, ids=NAMES)
def test_the_document_is_what_the_file_makes_of_it_today(provider):
    """Renew them with `python -m badgateway.providers.documents`."""
    assert path_of(provider.name).read_text(encoding="utf-8") == text_of(provider.spec)


@pytest.mark.parametrize("provider", NAMES)
def test_every_answer_of_a_long_day_is_one_that_the_document_promises(bench, provider):
    contract, problems, statuses = read_contract(path_of(provider)), [], []

    async def main():
        async with bench(provider) as one:
            ask = one.ask

            async def held(method, path, headers, body=b""):
                heard = await ask(method, path, headers, body)
                request = Request(method, path.partition("?")[0], path.partition("?")[2],
                                  tuple(headers.items()), body)  # fmt: skip
                operation = contract.operation(request)
                assert operation is not None, path
                problems.extend(contract.reply_problems(operation, Reply(heard.status, heard.body)))
                if heard.is_ok:
                    problems.extend(contract.request_problems(operation, request))
                statuses.append(heard.status)
                return heard

            one.ask = held
            await a_long_day(one)

    asyncio.run(main())
    assert len(statuses) > 10
    assert {status // 100 for status in statuses} == {2, 4}
    assert problems == []


@pytest.mark.parametrize("provider", NAMES)
def test_every_webhook_is_one_that_the_document_promises(bench, provider):
    contract, seen = read_contract(path_of(provider)), {}

    async def main():
        async with bench(provider) as one:
            for event in one.dialect.prompts:
                bring_about(one.world, one.world.account, event)
                tell(one.world)
                seen.update({item.event.id: item.event for item in one.world.outbox.items})

    asyncio.run(main())
    problems = [contract.event_problems(one.wire_type, one.body) for one in seen.values()]
    assert {one.wire_type for one in seen.values()} == set(contract.events())
    assert [one for one in problems if one != ()] == []


@pytest.mark.parametrize("provider", NAMES)
def test_an_answer_that_the_document_does_not_promise_is_found_out(provider):
    contract = read_contract(path_of(provider))
    operation = contract.operation(Request("POST", SHIPPED[NAMES.index(provider)].spec.routes[0].path))

    assert contract.reply_problems(operation, Reply(299, b"{}"))
    done = SHIPPED[NAMES.index(provider)].spec.routes[0].replies.status
    assert contract.reply_problems(operation, Reply(done, b'{"something": "else"}'))
