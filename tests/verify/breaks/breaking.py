"""Services that break their contract in one way, as a patch says, and pacts that ask for too much."""

import asyncio
import copy
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from yarl import URL

from badgateway.faults.base import Effect
from badgateway.ground.message import Reply
from badgateway.ground.yaml12 import read_yaml

HERE = Path(__file__).parent
OWN_HEADERS = {"content-length", "transfer-encoding", "connection", "content-encoding", "date", "server"}
CRASHED = Reply(500, b"Internal Server Error", (("content-type", "text/html"),))


@dataclass(frozen=True)
class Patch:
    """One break at one side of one boundary."""

    kind: str
    boundary: str
    side: str
    do: dict
    on: str = ""
    interaction: str = ""
    check: str = ""

    def __str__(self):
        return f"{self.kind}, {self.side} of {self.boundary}"


def read_patches():
    """Give every patch of every file."""
    for path in sorted(HERE.glob("*.yaml")):
        for given in read_yaml(path.read_text(encoding="utf-8"), path.name).value["patches"]:
            yield Patch(path.stem, **given)


def edit(value, do, divider):
    """Change one place of a JSON value as `rename`, `drop` or `set` say."""
    word = next(name for name in ("rename", "drop", "set") if name in do)
    *parents, last = do[word].split(divider)
    for part in parents:
        value = value[part]
    if word == "set":
        value[last] = do["to"]
    elif word == "drop":
        del value[last]
    else:
        value[do["to"]] = value.pop(last)


def patched_pact(pact, patch, *, keep):
    """Give a pact cut down to some interactions, one of which a patch of its consumer has changed."""
    made = copy.deepcopy(pact)
    made["interactions"] = [one for one in made["interactions"] if one["description"] in keep]
    if patch.side == "consumer":
        (changed,) = (one for one in made["interactions"] if one["description"] == patch.interaction)
        edit(changed, patch.do, "/")
    return made


class BrokenProxy:
    """Implements `play.seam.Switchboard`: passes everything on, and breaks what its patch says."""

    def __init__(self, upstream, patch, session):
        self.upstream, self.patch, self.session = upstream, patch, session

    def arrive(self, request):
        return Passing(self, request)

    async def answer(self, request):
        is_meant = self._is_meant(request)
        if is_meant and (refusal := self._refusal(request)) is not None:
            return refusal
        query = f"?{request.query}" if request.query else ""
        url = URL(f"{self.upstream}{request.path}{query}", encoded=True)
        headers = [pair for pair in request.headers if pair[0].lower() not in {*OWN_HEADERS, "host"}]
        sent = self.session.request(
            request.method, url, headers=headers, data=request.body, allow_redirects=False
        )
        async with sent as reply:
            kept = [(name, value) for name, value in reply.headers.items() if name.lower() not in OWN_HEADERS]
            answered = Reply(reply.status, await reply.read(), tuple(kept))
        return self._spoilt(answered) if is_meant else answered

    def _is_meant(self, request):
        method, _, path = self.patch.on.partition(" ")
        wanted, came = path.strip("/").split("/"), request.path.strip("/").split("/")
        fits = (one == other or one.startswith("{") for one, other in zip(wanted, came, strict=False))
        return request.method == method and len(wanted) == len(came) and all(fits)

    def _refusal(self, request):
        """Give the answer to a request that the broken service does not take, or None."""
        do, body = self.patch.do, fields_of(request)
        refused = {"error": {"code": "bad_request", "type": "invalid_request_error", "message": "no"}}
        if "gone" in do:
            return Reply(404, json.dumps(refused).encode())
        if "refuse_without" in do and do["refuse_without"] not in body:
            return Reply(400, json.dumps(refused).encode())
        if "refuse" in do and body.get(do["refuse"]) == do["value"]:
            return Reply(400, json.dumps(refused).encode())
        if "crash_without" in do and do["crash_without"] not in body:
            return CRASHED
        return None

    def _spoilt(self, reply):
        do = self.patch.do
        if reply.status != do.get("status", reply.status) or ("status" not in do and reply.status >= 400):
            return reply
        if "becomes" in do:
            return Reply(do["becomes"], reply.body, reply.headers)
        if "body" in do:
            return Reply(reply.status, json.dumps(do["body"]).encode(), reply.headers)
        if "content_type" in do:
            return reply.with_header("content-type", do["content_type"])
        if not {"rename", "drop", "set"} & set(do):
            return reply
        told = json.loads(reply.body)
        edit(told, do, ".")
        return Reply(reply.status, json.dumps(told).encode(), reply.headers)


def fields_of(request):
    """Give the fields of a JSON or form body; none where it cannot be read."""
    try:
        if "json" in (request.header("Content-Type") or ""):
            read = json.loads(request.body)
            return read if isinstance(read, dict) else {}
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    except ValueError:
        return {}


class Passing:
    """Implements `play.seam.Exchange` for the proxy."""

    def __init__(self, proxy, request):
        self.proxy, self.request = proxy, request

    async def admit(self):
        # The client has to be within a task, which a call is from its first wait on.
        await asyncio.sleep(0)
        return Effect(await self.proxy.answer(self.request))

    def commit(self):
        raise AssertionError("answered at the first gate")

    async def release(self, reply):
        return Effect(reply)

    def finished(self, *, is_complete, bytes_sent):
        pass


class BrokenSender:
    """Implements `verify.scene.Scene` over another one, whose webhooks a patch breaks."""

    def __init__(self, scene, patch):
        self.scene, self.patch = scene, patch
        self.renew, self.reach = scene.renew, scene.reach

    def sent(self):
        parcel, do = self.scene.sent(), self.patch.do
        told = json.loads(parcel.body)
        if self.patch.on not in {told.get("type"), told.get("event_name")}:
            return parcel
        if "header" in do:
            renamed = [
                (do["becomes"] if name == do["header"] else name, text) for name, text in parcel.headers
            ]
            return type(parcel)(parcel.delivery, parcel.url, parcel.body, tuple(renamed))
        edit(told, do, ".")
        return type(parcel)(parcel.delivery, parcel.url, json.dumps(told).encode(), parcel.headers)
