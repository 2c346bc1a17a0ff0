"""The worker of the sorting office: slips in, questions to Stripe, cards out."""

import asyncio
import json
import secrets
import time
from email.utils import mktime_tz, parsedate_tz

import aiohttp
from cards import Cards

FINAL_NO = range(400, 500)
NOT_FINAL = (409, 429)


class Unanswered(Exception):
    def __init__(self, wait_s=0.0, is_spent=False):
        super().__init__("no certain answer")
        self.wait_s, self.is_spent = wait_s, is_spent


def seconds(retry_after):
    """Read a Retry-After, which is a number of seconds or a date; what is neither asks for nothing."""
    if retry_after.isdecimal():
        return float(retry_after)
    date = parsedate_tz(retry_after)
    try:
        return max(0.0, mktime_tz(date) - time.time()) if date else 0.0
    except (ValueError, OverflowError):
        return 0.0


class Office:
    def __init__(self, cards: Cards, url, key, round_ms, call_ms):
        self.cards, self.url, self.key = cards, url.rstrip("/"), key
        self.round_s, self.call_s = round_ms / 1000, call_ms / 1000
        self.knock = asyncio.Event()
        self.session = None

    async def work(self):
        """Take slips for ever; look at everything that is open once in a round."""
        timeout = aiohttp.ClientTimeout(total=self.call_s)
        connector = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as self.session:
            next_round = 0.0
            while True:
                self.knock.clear()
                is_round = time.monotonic() >= next_round
                if is_round:
                    next_round = time.monotonic() + self.round_s
                for slip in self.cards.slips(is_round):
                    await self.carry(slip)
                for intent in self.cards.to_look_at(is_round):
                    await self.look(intent)
                pause = next_round - time.monotonic()
                try:
                    await asyncio.wait_for(self.knock.wait(), max(0.001, pause))
                except TimeoutError:
                    continue

    async def carry(self, slip):
        """Carry one slip out; it stays where nothing certain is said."""
        path, form = slip["path"], json.loads(slip["form"])
        self.cards.take(slip["id"])
        try:
            status, said = await self.ask("POST", path, form, slip["key"])
        except Unanswered as problem:
            self.cards.keep(slip["id"], time.time() + problem.wait_s)
            if problem.is_spent:
                await self.look_for(slip)
            return
        shown = said.get("error", {}).get("payment_intent") if status >= 400 else said
        intent = None
        if isinstance(shown, dict):
            is_intent = shown.get("object") == "payment_intent"
            intent = shown.get("id") if is_intent else shown.get("payment_intent")
            intent = intent if isinstance(intent, str) else None
        if slip["what"] == "charge" and status < 400 and not intent:
            self.cards.keep(slip["id"], time.time())  # it was charged, and nobody can say what
            return
        self.cards.close(slip, intent, is_refused=status >= 400)
        if intent or slip["intent"]:
            await self.look(intent or slip["intent"])

    async def look_for(self, slip):
        """Find what became of a slip whose key repeats a failure: it is done, or it needs another key."""
        kind = "refunds" if slip["what"] == "credit" else "payment_intents"
        if slip["what"] not in ("credit", "charge"):
            self.cards.renew(slip["id"], secrets.token_hex(12))
            return
        form = {"limit": "100"}
        while True:
            try:
                status, page = await self.ask("GET", f"/v1/{kind}", form)
            except Unanswered:
                return  # who cannot look must not say that there is nothing
            rows = page.get("data")
            if status != 200 or not isinstance(rows, list):
                return
            found = next((one for one in rows if one["metadata"].get("slip") == slip["mark"]), None)
            if found is not None:
                self.cards.close(slip, found.get("payment_intent") or found["id"], is_refused=False)
                return
            if not page.get("has_more") or not rows:
                if self.cards.missed(slip["id"]):
                    self.cards.renew(slip["id"], secrets.token_hex(12))
                return
            form = {**form, "starting_after": rows[-1]["id"]}

    async def look(self, intent):
        """Fetch all that belongs to an intent, and only then write any of it down."""
        try:
            status, shown = await self.ask("GET", f"/v1/payment_intents/{intent}", {})
            if status == 404:
                self.cards.looked(intent)
                return
            if status != 200:
                return
            charge = {}
            if shown.get("latest_charge"):
                status, charge = await self.ask("GET", f"/v1/charges/{shown['latest_charge']}", {})
                if status != 200:
                    return
            refunds, disputes = [], []
            if charge.get("amount_refunded") or charge.get("captured"):
                status, page = await self.ask(
                    "GET", "/v1/refunds", {"payment_intent": intent, "limit": "100"}
                )
                if status != 200:
                    return
                refunds = page["data"]
            if charge.get("disputed"):
                status, page = await self.ask(
                    "GET", "/v1/disputes", {"payment_intent": intent, "limit": "100"}
                )
                if status != 200:
                    return
                disputes = page["data"]
        except (Unanswered, KeyError, TypeError):
            return
        self.cards.write(shown, charge, refunds, disputes)

    async def ask(self, method, path, form, key=None):
        """Give (status, JSON body) of a certain answer; raises Unanswered."""
        headers = {"Authorization": f"Bearer {self.key}", **({"Idempotency-Key": key} if key else {})}
        wait_s = 0.0
        how = {"params": form} if method == "GET" else {"data": form}
        try:
            async with self.session.request(method, self.url + path, headers=headers, **how) as answer:
                wait_s = seconds(answer.headers.get("Retry-After", ""))
                said = json.loads(await answer.read())
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
            raise Unanswered(wait_s) from None
        status = answer.status
        if not isinstance(said, dict) or ("error" not in said and "object" not in said):
            raise Unanswered(wait_s)
        if 200 <= status < 300 or (status in FINAL_NO and status not in NOT_FINAL):
            return status, said
        raise Unanswered(wait_s, is_spent=answer.headers.get("Idempotent-Replayed") == "true")
