"""The sorting office: everything is filed and answered at once; one worker does it later."""

import argparse
import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import sqlite3
import time

from aiohttp import web
from cards import Cards, Refused
from office import Office


def genuine(raw, header, secret):
    """Say whether Stripe signed these bytes within the last five minutes."""
    at, signatures = None, []
    for part in (header or "").split(","):
        name, _, value = part.strip().partition("=")
        if name == "t" and value.isdecimal():
            at = int(value)
        elif name == "v1":
            signatures.append(value)
    if at is None or abs(time.time() - at) > 300:
        return False
    wanted = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(one, wanted) for one in signatures)


@web.middleware
async def worded(request, handler):
    try:
        return await handler(request)
    except Refused as problem:
        return web.json_response({"why": str(problem)}, status=problem.status)
    except (KeyError, TypeError, ValueError) as problem:
        return web.json_response({"why": type(problem).__name__}, status=400)
    except sqlite3.OperationalError:
        return web.json_response({"why": "try again"}, status=503)


def routes(cards, office, secret, back):  # noqa: C901 - one small function for each page
    table = web.RouteTableDef()

    def filed(id_, status=202):
        office.knock.set()
        return web.json_response(cards.card(id_), status=status)

    @table.get("/ping")
    async def _ping(_request):
        return web.json_response({"pong": True})

    @table.put("/parcels/{id}")
    async def _make(request):
        body, id_ = await request.json(), request.match_info["id"]
        if (
            type(body["cents"]) is not int
            or body["cents"] <= 0
            or body["when"] not in ("now", "on_dispatch", "automatic", "manual")
        ):
            raise Refused(400, "no parcel")
        mode = {"automatic": "now", "manual": "on_dispatch"}.get(body["when"], body["when"])
        cards.make(id_, body["cents"], str(body["currency"]), mode)
        return web.json_response(cards.card(id_))

    @table.get("/parcels/{id}")
    async def _card(request):
        return web.json_response(cards.card(request.match_info["id"]))

    @table.post("/parcels/{id}/charge")
    async def _charge(request):
        body, id_ = await request.json(), request.match_info["id"]
        cards.charge(id_, str(body["instrument"]), back)
        return filed(id_, 200 if cards.card(id_)["stage"] in ("paid", "reserved") else 202)

    @table.post("/parcels/{id}/dispatch")
    async def _dispatch(request):
        body, id_ = await request.json(), request.match_info["id"]
        cards.dispatch(id_, body["cents"])
        return filed(id_)

    @table.post("/parcels/{id}/credit")
    async def _credit(request):
        body, id_ = await request.json(), request.match_info["id"]
        cards.credit(id_, body["cents"], str(body["note"]))
        return filed(id_)

    @table.post("/parcels/{id}/stop")
    async def _stop(request):
        id_ = request.match_info["id"]
        cards.stop(id_)
        return filed(id_)

    @table.post("/hook")
    async def _hook(request):
        raw = await request.read()
        if not genuine(raw, request.headers.get("Stripe-Signature"), secret):
            raise Refused(400, "not signed by Stripe")
        cards.hook(json.loads(raw))
        office.knock.set()
        return web.json_response({})

    return table


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8000)
    port, env = options.parse_args().port, os.environ
    cards = Cards(env.get("OFFICE_FILE", "office.sqlite"))
    office = Office(
        cards,
        env["STRIPE_URL"],
        env["STRIPE_KEY"],
        int(env.get("ROUND_MS", "150")),
        int(env.get("CALL_MS", "400")),
    )
    app = web.Application(middlewares=[worded])
    app.add_routes(routes(cards, office, env["STRIPE_SIGNING"], "https://parcels.example/back"))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        await office.work()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
