"""The recording proxy over real sockets: what comes back, what is written down, and what goes wrong."""

import asyncio
import base64
import contextlib
import resource

import aiohttp
import pytest

from badgateway.errors import EnvironmentProblem, InputError

FORM = {
    "amount": "4999",
    "currency": "eur",
    "confirm": "true",
    "payment_method_data[type]": "card",
    "payment_method_data[card][number]": "4242424242424242",
    "payment_method_data[card][exp_month]": "12",
    "payment_method_data[card][exp_year]": "2034",
    "payment_method_data[card][cvc]": "987",
    "receipt_email": "jo.miller@corp.example",
    "shipping[name]": "Jo Miller",
    "shipping[address][line1]": "Elm Street 5",
    "metadata[note]": "call Jo Miller at +44 20 7946 0958",
    "return_url": "https://shop.example/back?session=deadbeef",
}
PRIVATE = (
    "4242424242424242", '"987"', "jo.miller", "Miller", "Elm Street", "7946", "shop.example", "deadbeef",
    "_secret_",
)  # fmt: skip


async def paid(url, key):
    """Pay with everything that must not be written down, look the payment up, and give both answers."""
    basic = base64.b64encode(f"{key}:".encode()).decode()
    async with aiohttp.ClientSession(headers={"Authorization": f"Basic {basic}"}) as session:
        headers = {"Idempotency-Key": "jo.miller-77"}
        async with session.post(f"{url}/v1/payment_intents", data=FORM, headers=headers) as answer:
            made = await answer.json()
        async with session.get(f"{url}/v1/payment_intents/{made['id']}") as answer:
            return made, await answer.json()


def test_answers_come_back_over_tls_and_nothing_private_is_written(
    recorder, serving_sandbox, authority, tmp_path, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", authority.write(tmp_path))

    async def main():
        tls = authority.context("127.0.0.1")
        async with serving_sandbox(tls=tls) as settings, recorder.before(settings["url"]):
            return settings["api_key"], *(await paid(recorder.url, settings["api_key"]))

    key, made, found = asyncio.run(main())

    assert made["status"] == found["status"] == "succeeded"
    assert made["shipping"]["name"] == "Jo Miller"
    hidden = (*PRIVATE, key, base64.b64encode(f"{key}:".encode()).decode(), made["id"], made["latest_charge"])
    assert [word for word in hidden if word in recorder.text] == []


def test_references_between_calls_survive(recorder, serving_sandbox):
    async def main():
        async with serving_sandbox() as settings, recorder.before(settings["url"]):
            await paid(recorder.url, settings["api_key"])

    asyncio.run(main())

    create, fetch = recorder.recording.exchanges
    assert create.reply.body.value["id"].startswith("pi_")
    assert fetch.request.path == f"/v1/payment_intents/{create.reply.body.value['id']}"
    assert ("authorization", "Basic [redacted]") in fetch.request.headers
    assert recorder.tally.statuses == {200: 2}


def test_a_certificate_of_nobody_is_refused(recorder, serving_sandbox, authority):
    async def main():
        async with (
            serving_sandbox(tls=authority.context("127.0.0.1")) as settings,
            recorder.before(settings["url"]),
            aiohttp.ClientSession() as session,
            session.get(f"{recorder.url}/v1/balance") as answer,
        ):
            return answer.status, await answer.text()

    status, text = asyncio.run(main())

    assert status == 502
    assert "its certificate is not trusted here" in text
    (exchange,) = recorder.recording.exchanges
    assert exchange.reply is None
    assert "certificate" in exchange.problem


@contextlib.asynccontextmanager
async def bare(*pieces, until=None):
    """Listen, and answer one request with these bytes; before the last of them an event is awaited."""

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        for n, piece in enumerate(pieces, start=1):
            if until is not None and n == len(pieces):
                await until.wait()
            writer.write(piece)
            await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n"


def test_an_answer_is_passed_on_while_it_arrives(recorder):
    """The second half of the body leaves the sandbox only once the caller has read the first."""

    async def main():
        heard = asyncio.Event()
        head = HEAD + b"content-length: 10\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\n"
        async with (
            bare(head + b'{"a":', b"12.5}", until=heard) as upstream,
            recorder.before(upstream),
            aiohttp.ClientSession() as session,
            session.get(recorder.url) as answer,
        ):
            first = await answer.content.readexactly(5)
            heard.set()
            return answer.headers, first + await answer.content.read()

    headers, body = asyncio.run(main())

    assert body == b'{"a":12.5}'
    assert headers.getall("set-cookie") == ["a=1", "b=2"]
    assert "x-hop" not in headers
    assert recorder.recording.exchanges[0].reply.body.value == {"a": 12.5}


def test_half_an_answer_is_not_taken_for_a_whole_one(recorder):
    async def main():
        async with (
            bare(HEAD + b'content-length: 100\r\n\r\n{"a":') as upstream,
            recorder.before(upstream),
            aiohttp.ClientSession() as session,
            session.get(recorder.url) as answer,
        ):
            with pytest.raises(aiohttp.ClientPayloadError):
                await answer.read()

    asyncio.run(main())

    (exchange,) = recorder.recording.exchanges
    assert (exchange.reply, exchange.problem) == (None, "the answer broke off")


def test_what_is_no_json_and_no_form_is_passed_on_and_only_counted(recorder):
    page = b"<html>Jo Miller</html>"

    async def main():
        head = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: %d\r\n\r\n" % len(page)
        async with (
            bare(head + page) as upstream,
            recorder.before(upstream),
            aiohttp.ClientSession() as session,
            session.post(recorder.url, data=b"\x00\x01") as answer,
        ):
            return await answer.read()

    assert asyncio.run(main()) == page
    (exchange,) = recorder.recording.exchanges
    assert (exchange.reply.body.kind, exchange.reply.body.bytes) == ("opaque", len(page))
    assert "Miller" not in recorder.text
    assert recorder.tally.opaque == 2


@pytest.mark.parametrize(
    "upstream",
    ["ftp://a.test", "https://me:pw@a.test", "https://a.test/?key=1", "api.stripe.com", "http://[::1"],
)
def test_an_upstream_is_an_address_without_secrets(recorder, upstream):
    async def main():
        async with recorder.before(upstream):
            pass

    with pytest.raises(InputError, match="an upstream is an address"):
        asyncio.run(main())


def test_a_recording_that_is_there_is_not_written_over(recorder):
    recorder.path.write_text("precious")

    async def main():
        async with recorder.before("http://127.0.0.1:9"):
            pass

    with pytest.raises(InputError, match="is there already"):
        asyncio.run(main())
    assert recorder.text == "precious"


def test_a_file_that_may_grow_no_more_ends_the_recording(recorder, serving_sandbox):
    """A limit of the operating system stands for a full disk."""

    async def main():
        async with serving_sandbox() as settings, recorder.before(settings["url"]):
            soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (recorder.path.stat().st_size, hard))
            try:
                url = f"{recorder.url}/v1/balance"
                async with aiohttp.ClientSession() as session, session.get(url) as answer:
                    status = answer.status
                await asyncio.wait([recorder.task])
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            return status, recorder.task.exception()

    status, error = asyncio.run(main())

    assert status == 401
    assert isinstance(error, EnvironmentProblem)
    assert "cannot be written: File too large" in str(error)
