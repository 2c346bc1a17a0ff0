"""Any provider on the bench: served over loopback HTTP, asked as a client would, its webhooks taken in."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import zlib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
import pytest
import stripe
from aiohttp import web

from badgateway.ground.clock import Clock, wall_ms
from badgateway.ground.ids import Ids, new_nonce
from badgateway.ground.money import exponent
from badgateway.journal.journal import Journal
from badgateway.play.freeplay import attend
from badgateway.play.limbo import empty_plan, make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.play.world import make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint
from badgateway.providers.declared.dialect import Declared
from badgateway.providers.declared.places import put, written
from badgateway.providers.declared.rsa import read_key
from badgateway.providers.declared.templates import places
from badgateway.server.edge import Edge
from badgateway.webhooks.deliver import Courier

CUTOFF_S = 30
SHOP = "https://shop.example/back"  # where a shopper comes back to
API_KEY, SECRET = "sk_test_of_the_bench_0123456789", "whsec_of_the_bench_0123456789abcdef"


@dataclass(frozen=True)
class Heard:
    """One answer, or one webhook."""

    status: int
    headers: dict
    body: bytes
    ids: dict = field(default_factory=dict)  # kind of object -> the provider's id of it

    @property
    def is_ok(self):
        return 200 <= self.status < 300

    def json(self):
        return json.loads(self.body)


class Bench:
    """One provider behind an edge of its own, its account, and an endpoint that answers as it is told."""

    def __init__(self, dialect):
        self.dialect = dialect
        self.hits = []
        self.answers_with = 200

    async def __aenter__(self):
        async with contextlib.AsyncExitStack() as stack:
            app = web.Application()
            app.router.add_post("/hook", self._take)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            port = runner.addresses[0][1]
            self.hook = f"http://127.0.0.1:{port}/hook"
            clock = Clock()
            self.journal = Journal(clock)
            plan = empty_plan(self.dialect.name)
            endpoint = Endpoint(self.hook, SECRET)
            ids = Ids(1, new_nonce())
            self.world = make_world(plan, self.dialect, self.journal, clock, ids, API_KEY, endpoint)
            self.world.is_free = True
            worlds = Worlds(make_limbo())
            worlds.open(self.world)
            edge = await stack.enter_async_context(Edge(worlds))
            courier = await stack.enter_async_context(Courier(10_000))
            self.session = await stack.enter_async_context(aiohttp.ClientSession())
            self.settings = self.dialect.settings(edge.url, API_KEY, SECRET)
            task = asyncio.create_task(attend(self.world, courier))
            stack.push_async_callback(_ended, task)
            self.voice = VOICES.get(self.dialect.name, DeclaredVoice)(self)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_):
        await self._stack.aclose()

    async def _take(self, request):
        self.hits.append(Heard(0, dict(request.headers), await request.read()))
        return web.Response(status=self.answers_with)

    async def ask(self, method, path, headers, body=b""):
        url = self.settings["url"] + path
        async with self.session.request(method, url, headers=headers, data=body or None) as answer:
            return Heard(answer.status, dict(answer.headers), await answer.read())

    async def visit(self, url, result):
        """Open the page on which a shopper is asked, and send its form; give the answer to that."""
        async with self.session.get(url) as page:
            shown = await page.text()
            assert (page.status, "<form" in shown) == (200, True), shown
        method = "GET" if "method=get" in shown else "POST"
        said = {"params": {"result": result}} if method == "GET" else {"data": {"result": result}}
        async with self.session.request(method, url, allow_redirects=False, **said) as answer:
            return Heard(answer.status, dict(answer.headers), await answer.read())

    @property
    def payments(self):
        return self.world.account.book.payments()

    @property
    def payment(self):
        return self.payments[-1]

    def moved(self, kind):
        """Give what the ledger moved, in minor units."""
        entries = self.world.account.book.ledger.since(0)
        return sum(entry.amount_minor for entry in entries if entry.kind == kind)

    async def until(self, is_so):
        async with asyncio.timeout(CUTOFF_S):
            while not is_so():  # noqa: ASYNC110 - what is waited for is in a journal, which wakes nobody
                await asyncio.sleep(0.002)

    async def delivered(self, name):
        """Wait until an event of this neutral name arrived; give its journal entry and its deliveries."""
        # Events are made with what they tell of, before it is answered.
        assert self.events(name), f"nothing tells {name}"
        event = self.events(name)[-1]
        await self.until(lambda: self._hits_of(event))
        return event, self._hits_of(event)

    def events(self, name):
        return [e for e in self.journal.entries if e.kind == "event.created" and e.data["name"] == name]

    def waiting(self, event):
        """Give the deliveries of an event that wait for their time; those of others are dropped."""
        items = self.world.outbox.items
        self.world.outbox.items = [item for item in items if item.event.id == event.data["event"]]
        return self.world.outbox.items

    def _hits_of(self, event):
        sent = [e.data["event"] for e in self.journal.entries if e.kind == "webhook.sent"]
        return [hit for told, hit in zip(sent, self.hits, strict=False) if told == event.data["event"]]


async def _ended(task):
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


class DeclaredVoice:
    """How a client says it to a declared provider, read off its file alone."""

    def __init__(self, bench):
        self.bench, self.spec = bench, bench.dialect.spec
        self.ids, self.asked, self.route = {}, 0, None

    @property
    def has_keys(self):
        return self.spec.rules is not None and any(
            one.key.header or one.key.body for one in self.spec.routes if one.does in {"create", "charge"}
        )

    @property
    def may_refuse_reuse(self):
        return not self.spec.is_replayed_whatever

    def can(self, does):
        return any(one.does == does for one in self.spec.routes)

    async def pay(self, amount, currency, card="approved", *, manual=False, reference="o1", key=None, **more):
        """Pay in as many steps as the provider has; give the answer of the one that charges."""
        said = {
            "amount": self.amount(amount, currency),
            "currency": currency,
            "reference": reference,
            "method": self.spec.cards.get(card, card),
            "mode": "manual" if manual else "automatic",
            "challenge": True,
        } | more
        charging = [one for one in self.spec.routes if one.does == "charge"]
        whole = next((one for one in charging if not one.names and "payment" not in one.reads), None)
        if whole is not None:
            return await self._say(whole, said, key)
        (creating,) = [one for one in self.spec.routes if one.does == "create"]
        made = await self._say(creating, said, key)
        if not made.is_ok:
            return made
        return await self.charge(said, key, manual=manual)

    async def charge(self, said, key, *, manual):
        charging = [one for one in self.spec.routes if one.does == "charge"]
        wanted = charging[-1 if manual and len(charging) > 1 else 0]
        return await self._say(wanted, said, key and f"{key}-charge")

    async def pay_again(self, amount, currency, card):
        """Try the same payment with another card where the provider has payments that are tried again."""
        said = {
            "method": self.spec.cards[card],
            "amount": self.amount(amount, currency),
            "currency": currency,
        }
        charging = [
            one for one in self.spec.routes if one.does == "charge" and (one.names or "payment" in one.reads)
        ]
        if not charging:
            return None
        return await self._say(charging[0], said, None)

    async def capture(self, amount, currency, key=None):
        return await self._of("capture", amount, currency, key)

    async def refund(self, amount, currency, key=None):
        return await self._of("refund", amount, currency, key)

    async def void(self, key=None):
        return await self._of("void", None, None, key)

    async def fetch(self):
        return await self._of("fetch", None, None, None)

    async def fetch_unknown(self):
        route = next(one for one in self.spec.routes if one.does == "fetch" and "refund" not in one.names)
        return await self._say(route, {}, None, unknown=True)

    async def pay_badly(self, *, without=None, api_key=None):
        """Pay without a field, or with a wrong key."""
        said = {"amount": self.amount(500, "EUR"), "currency": "EUR", "reference": "o1",
                "method": self.spec.cards["approved"], "mode": "automatic"}  # fmt: skip
        said.pop(without, None)
        route = next(one for one in self.spec.routes if one.does in {"create", "charge"} and not one.names)
        return await self._say(route, said, "bad-request-key-1", api_key=api_key)

    def page_of(self, heard):
        """Give where the answer sends the shopper."""
        told = places(self.route.replies.body, "payment.challenge", self.spec.shapes)
        return at(heard.json(), told[0]) if told else None

    def amount(self, minor, currency):
        digits = self.spec.exponents.get(currency, exponent(currency))
        if not self.spec.is_decimal:
            return int(Decimal(minor).scaleb(digits - exponent(currency)))
        return f"{Decimal(minor).scaleb(-exponent(currency)):.{digits}f}"

    def is_genuine(self, hit, secret=None):
        return genuine(self.spec.webhooks.signature, hit, secret or self.bench.settings["webhook_secret"],
                       self.bench.hook)  # fmt: skip

    async def _of(self, does, amount, currency, key):
        fitting = [one for one in self.spec.routes if one.does == does and "refund" not in one.names]
        # An address whose ids an answer has named already.
        named = [one for one in fitting if set(one.names) <= set(self.ids)]
        route = max(named, key=lambda one: ("amount" in one.reads) == (amount is not None))
        said = {"currency": currency} if currency else {}
        if amount is not None:
            said["amount"] = self.amount(amount, currency)
        return await self._say(route, said, key)

    async def _say(self, route, said, key, *, unknown=False, api_key=None):
        path, body, query, headers = (
            route.path,
            self._ways_back(route),
            {},
            self._credentials(api_key or API_KEY),
        )
        self.route = route
        for kind in route.names:
            wire = f"{self.spec.prefix(kind)}000000000000000000000000" if unknown else self.ids[kind]
            path = path.replace(f"{{{kind}}}", wire)
        for name, read in route.reads.items():
            what = said.get(name)
            if name == "payment":
                what = self.ids["payment"]
            if name == "capture" and read.words:
                what = read.words[said["mode"]][0]
            if what is None or read.at is None:
                continue
            kind, colon, place = read.at.partition(":")
            if colon:
                (query if kind == "query" else headers)[place] = str(what)
            else:
                put(body, read.at, what)
        if key is None and route.key.is_required:
            self.asked += 1
            key = f"key-of-request-{self.asked}"
        if key and route.key.header:
            headers[route.key.header] = key.ljust(route.key.shortest, "0")
        elif key and route.key.body:
            put(body, route.key.body, key.ljust(route.key.shortest, "0"))
        headers["Content-Type"] = (
            "application/x-www-form-urlencoded" if self.spec.is_form else "application/json"
        )
        sent = written(body, is_form=self.spec.is_form) if route.method != "GET" else b""
        heard = await self.bench.ask(
            route.method, path + (f"?{urlencode(query)}" if query else ""), headers, sent
        )
        ids = self._ids_in(route, heard)
        self.ids |= ids
        return replace(heard, ids=ids)

    def _ways_back(self, route):
        """Say where a shopper comes back to, at the places that the page's file remembers."""
        asks, body = self.spec.challenge, {}
        if asks is not None and not route.names:
            for end in (asks.passed, asks.failed):
                kept = self.spec.remembers.get(end.to.strip("{}").removeprefix("remembered."))
                put(body, kept, SHOP) if kept else None
        return body

    def _credentials(self, api_key):
        way = self.spec.authentication[0]
        if way.scheme == "bearer":
            return {"Authorization": f"Bearer {api_key}"}
        if way.scheme == "header":
            return {way.header: f"{way.prefix}{api_key}"}
        pair = f"{api_key}:" if way.key == "user" else f"{self.bench.settings['user']}:{api_key}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _ids_in(self, route, heard):
        if not heard.is_ok or not heard.body:
            return {}
        found = {}
        for kind in self.spec.ids:
            for name in (f"{kind}.id", f"ids.{kind}"):
                for place in places(route.replies.body, name, self.spec.shapes):
                    value = at(heard.json(), place)
                    if value is not None:
                        found.setdefault(kind, value)
        return found


def at(value, place):
    """Follow a path such as $.a.b[0]."""
    for step in place.replace("[", ".").replace("]", "").split(".")[1:]:
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def genuine(scheme, hit, told, url):
    """Say whether a webhook is genuine, as a receiver would who has the provider's page and his secret."""
    headers = {name.lower(): value for name, value in hit.headers.items()}
    if scheme.scheme == "none":
        return True
    if scheme.scheme == "basic":
        pair = f"{scheme.user}:{told}"
        return headers.get((scheme.header or "Authorization").lower()) == f"Basic {b64(pair.encode())}"
    if scheme.scheme == "standard":
        key = base64.b64decode(told.removeprefix("whsec_"))
        named = {
            name: headers.get(f"{scheme.prefix}-{name}", "") for name in ("id", "timestamp", "signature")
        }
        text = f"{named['id']}.{named['timestamp']}.".encode() + hit.body
        return f"v1,{b64(hmac.new(key, text, 'sha256').digest())}" in named["signature"].split()
    value = headers.get(scheme.header.lower(), "")
    stamps = [
        word for word in (wall_ms() // 1000 - ago for ago in range(60)) if str(word) in f"{value}{headers}"
    ]
    timestamp = str(stamps[0]) if stamps else headers.get("timestamp", "")
    ids = [text for text in headers.values() if text.startswith(("evt", "WH-"))] + [""]
    known = {"body": hit.body, "crc32": str(zlib.crc32(hit.body)).encode(), "url": url.encode(),
             "secret": told.encode(), "timestamp": timestamp.encode(), "id": ids[0].encode(),
             "created": headers.get("paypal-transmission-time", "").encode()}  # fmt: skip
    message = scheme.over.encode()
    for name, text in sorted(known.items(), key=lambda one: one[0] == "body"):
        message = message.replace(f"{{{name}}}".encode(), text)
    if scheme.scheme == "rsa":
        return opened(base64.b64decode(value), read_key(scheme.private_key), message, scheme.algorithm)
    key = KEYS[scheme.key](told)
    digest = hmac.new(key, message, scheme.algorithm).digest()
    return (digest.hex() if scheme.encoding == "hex" else b64(digest)) in value


KEYS = {
    "text": str.encode,
    "sha1": lambda told: hashlib.sha1(told.encode()).digest(),  # noqa: S324 - the provider's own rule
    "hex": bytes.fromhex,
    "base64": base64.b64decode,
}


def opened(signature, key, message, algorithm):
    """Say whether an RSA signature is of a message: by the public exponent, which signing does not use."""
    size = (key.modulus.bit_length() + 7) // 8
    padded = pow(int.from_bytes(signature, "big"), 65_537, key.modulus).to_bytes(size, "big")
    return padded.startswith(b"\x00\x01\xff") and padded.endswith(hashlib.new(algorithm, message).digest())


def b64(raw):
    return base64.b64encode(raw).decode()


class StripeVoice:
    """How a client says it to Stripe: forms, and what the official SDK takes for genuine."""

    has_keys, may_refuse_reuse = True, True

    def __init__(self, bench):
        self.bench, self.intent = bench, ""

    def can(self, does):  # noqa: ARG002 - it can all of it
        return True

    async def pay(self, amount, currency, card="approved", *, manual=False, reference="o1", key=None):
        form = {
            "amount": amount, "currency": currency.lower(), "confirm": "true", "metadata[order]": reference,
            "payment_method": self.bench.dialect.cards.get(card, card), "return_url": "https://shop.example/",
            "capture_method": "manual" if manual else "automatic",
        }  # fmt: skip
        heard = await self._say("POST", "/v1/payment_intents", form, key)
        shown = heard.json() if heard.is_ok else heard.json()["error"].get("payment_intent", {})
        self.intent = shown.get("id", self.intent)
        return replace(heard, ids={"payment": self.intent})

    def page_of(self, heard):
        return heard.json()["next_action"]["redirect_to_url"]["url"]

    async def pay_again(self, _, __, card):
        form = {"payment_method": self.bench.dialect.cards[card], "return_url": "https://shop.example/"}
        return await self._say("POST", f"/v1/payment_intents/{self.intent}/confirm", form)

    async def capture(self, amount, _, key=None):
        form = {} if amount is None else {"amount_to_capture": amount}
        return await self._say("POST", f"/v1/payment_intents/{self.intent}/capture", form, key)

    async def refund(self, amount, _, key=None):
        form = {"payment_intent": self.intent} | ({} if amount is None else {"amount": amount})
        return await self._say("POST", "/v1/refunds", form, key)

    async def void(self, key=None):
        return await self._say("POST", f"/v1/payment_intents/{self.intent}/cancel", {}, key)

    async def fetch(self):
        return await self._say("GET", f"/v1/payment_intents/{self.intent}", {})

    async def fetch_unknown(self):
        return await self._say("GET", "/v1/payment_intents/pi_unheard", {})

    async def pay_badly(self, *, without=None, api_key=None):
        form = {"amount": 500, "currency": "eur"}
        form.pop(without, None)
        return await self._say("POST", "/v1/payment_intents", form, api_key=api_key)

    def is_genuine(self, hit, secret=None):
        try:
            stripe.Webhook.construct_event(
                hit.body, hit.headers["Stripe-Signature"], secret or self.bench.settings["webhook_secret"]
            )
        except (stripe.SignatureVerificationError, KeyError):
            return False
        return True

    async def _say(self, method, path, form, key=None, api_key=None):
        headers = {"Authorization": f"Bearer {api_key or API_KEY}",
                   "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        headers |= {"Idempotency-Key": key} if key else {}
        return await self.bench.ask(
            method, path, headers, urlencode(form).encode() if method == "POST" else b""
        )


ADYEN_SIGNS = ("pspReference", "originalReference", "merchantAccountCode", "merchantReference")


class AdyenVoice:
    """How a client says it to Adyen: JSON, declines with status 200, modifications that are received."""

    has_keys, may_refuse_reuse = True, True

    def __init__(self, bench):
        self.bench, self.psp = bench, ""

    def can(self, does):
        return does not in {"fetch", "list", "create"}

    async def pay(self, amount, currency, card="approved", *, manual=False, reference="o1", key=None):
        token = self.bench.dialect.cards.get(card, card)
        method = {"type": "scheme", "storedPaymentMethodId": token}
        digits = {"CLP": 2, "ISK": 2}.get(currency, exponent(currency))
        value = int(Decimal(amount).scaleb(digits - exponent(currency)))
        body = {
            "merchantAccount": self.bench.settings["merchant_account"], "reference": reference,
            "amount": {"value": value, "currency": currency},
            "paymentMethod": method, "returnUrl": "https://shop.example/",
            "additionalData": {"manualCapture": "true" if manual else "false"},
        }  # fmt: skip
        heard = await self._say("/payments", body, key)
        self.psp = heard.json().get("pspReference", self.psp)
        return replace(heard, ids={"payment": self.psp})

    def page_of(self, heard):
        return heard.json()["action"]["url"]

    async def come_back(self, back):
        """Hand in what the shopper brings with him: only then is he charged."""
        result = dict(parse_qsl(urlsplit(back.headers["Location"]).query))["redirectResult"]
        return await self._say("/payments/details", {"details": {"redirectResult": result}})

    async def pay_again(self, *_):
        return None

    async def capture(self, amount, currency, key=None):
        return await self._modify("captures", self._amount(amount, currency), key)

    async def refund(self, amount, currency, key=None):
        return await self._modify("refunds", self._amount(amount, currency), key)

    async def void(self, key=None):
        return await self._modify("cancels", {}, key)

    async def pay_badly(self, *, without=None, api_key=None):
        body = {
            "merchantAccount": self.bench.settings["merchant_account"],
            "reference": "o1",
            "amount": {"value": 500, "currency": "EUR"},
            "returnUrl": "https://shop.example/",
        }
        if without in {"amount", "currency"}:
            body["amount"].pop({"amount": "value"}.get(without, without))
        return await self._say("/payments", body, api_key=api_key)

    def is_genuine(self, hit, secret=None):
        key = bytes.fromhex(secret or self.bench.settings["webhook_secret"])
        for wrapped in hit.json()["notificationItems"]:
            item = wrapped["NotificationRequestItem"]
            values = [item.get(name, "") for name in ADYEN_SIGNS]
            values += [
                item["amount"]["value"],
                item["amount"]["currency"],
                item["eventCode"],
                item["success"],
            ]
            text = ":".join(map(str, values)).encode()
            if b64(hmac.new(key, text, "sha256").digest()) != item["additionalData"].get("hmacSignature"):
                return False
        return True

    def _amount(self, amount, currency):
        return {"amount": {"value": amount, "currency": currency}} if amount is not None else {}

    async def _modify(self, what, body, key):
        whole = {"merchantAccount": self.bench.settings["merchant_account"], "reference": "m1"} | body
        return await self._say(f"/payments/{self.psp}/{what}", whole, key)

    async def _say(self, path, body, key=None, api_key=None):
        headers = {"X-API-Key": api_key or API_KEY, "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        return await self.bench.ask("POST", f"/v71{path}", headers, json.dumps(body).encode())


class EulerVoice:
    """How a client says it to Euler: forms, order and transaction in one request, a password on webhooks."""

    has_keys, may_refuse_reuse, is_body_signed = False, True, False

    def __init__(self, bench):
        self.bench, self.order, self.txn, self.asked = bench, "", "", 0

    def can(self, does):
        return does != "list"

    async def pay(self, amount, currency, card="approved", *, manual=False, reference="o1", key=None):  # noqa: ARG002 - it has none
        self.asked += 1
        form = {
            "order.order_id": f"{reference}A{self.asked}", "order.amount": self._amount(amount, currency),
            "order.currency": currency, "order.return_url": "https://shop.example/", "format": "json",
            "order.metadata.txns.auto_capture": "false" if manual else "true",
            "payment_method_type": "CARD", "card_token": self.bench.dialect.cards.get(card, card),
        }  # fmt: skip
        heard = await self._say("POST", "/txns", form)
        if heard.is_ok:
            self.order, self.txn = heard.json()["order_id"], heard.json()["txn_uuid"]
        return replace(heard, ids={"payment": self.order, "attempt": self.txn})

    def page_of(self, heard):
        return heard.json()["payment"]["authentication"]["url"]

    async def pay_again(self, _, __, card):
        form = {"order_id": self.order, "payment_method_type": "CARD", "format": "json",
                "card_token": self.bench.dialect.cards[card]}  # fmt: skip
        return await self._say("POST", "/txns", form)

    async def capture(self, amount, currency, key=None):
        form = {} if amount is None else {"amount": self._amount(amount, currency)}
        form |= {"idempotence_key": key} if key else {}
        return await self._say("POST", f"/v2/txns/{self.txn}/capture", form)

    async def refund(self, amount, currency, key=None):
        self.asked += 1
        form = {"unique_request_id": key or f"refund{self.asked}"}
        form |= {} if amount is None else {"amount": self._amount(amount, currency)}
        return await self._say("POST", f"/orders/{self.order}/refunds", form)

    async def void(self, key=None):  # noqa: ARG002 - it has none
        return await self._say("POST", f"/v2/txns/{self.txn}/void", {})

    async def fetch(self):
        return await self._say("GET", f"/orders/{self.order}", {})

    async def fetch_unknown(self):
        return await self._say("GET", "/orders/unheardof", {})

    async def pay_badly(self, *, without=None, api_key=None):
        form = {"order_id": "o1", "amount": "5.00", "currency": "EUR"}
        form.pop(without, None)
        return await self._say("POST", "/orders", form, api_key=api_key)

    def is_genuine(self, hit, secret=None):
        pair = f"{self.bench.settings['webhook_user']}:{secret or self.bench.settings['webhook_secret']}"
        return hit.headers.get("Authorization") == f"Basic {b64(pair.encode())}"

    def _amount(self, minor, currency):
        return f"{Decimal(minor).scaleb(-exponent(currency)):.2f}"

    async def _say(self, method, path, form, api_key=None):
        headers = {"Authorization": f"Basic {b64(f'{api_key or API_KEY}:'.encode())}",
                   "x-merchantid": self.bench.settings["merchant_id"],
                   "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        return await self.bench.ask(
            method, path, headers, urlencode(form).encode() if method == "POST" else b""
        )


VOICES = {"stripe": StripeVoice, "adyen": AdyenVoice, "euler": EulerVoice}


@pytest.fixture
def bench():
    """Give what puts a provider on the bench, by its name or itself."""
    return lambda dialect: Bench(DIALECTS[dialect] if isinstance(dialect, str) else dialect)


@pytest.fixture
def declared(tmp_path):
    """Give a maker of providers of a text, each forgotten at the end of the test."""
    made = []

    def make(text, name="acme"):
        path = tmp_path / f"{name}.provider.yaml"
        path.write_text(text, encoding="utf-8")
        dialect = Declared(path)
        DIALECTS.add(dialect)
        made.append(dialect)
        return dialect

    yield make
    for dialect in made:
        del DIALECTS._parts[dialect.name]
