"""Measure what growth costs: processor time of a request after many payments, and memory a payment.

One provider as `badgateway serve` runs it, driven in this process without sockets, so that nothing but the
provider is measured: each payment is created and confirmed under an idempotency key, retrieved, and told by
its signed webhooks, which are packed and answered with 200.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import sys
import tracemalloc
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from badgateway.ground.attic import KEEP, Attic
from badgateway.ground.clock import Clock, cpu_ms
from badgateway.ground.ids import Ids
from badgateway.ground.message import Reply, Request
from badgateway.journal.journal import Journal
from badgateway.play.limbo import empty_plan, make_limbo
from badgateway.play.posting import conclude, pack, settle
from badgateway.play.switchboard import Worlds
from badgateway.play.world import World, make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint
from badgateway.serving import ENTRIES_KEPT
from badgateway.webhooks.deliver import Receipt

API_KEY = "sk_test_of_the_bench_0000"


class Provider:
    """One provider without a player and without sockets, and who pays at it."""

    def __init__(self, keep: int = KEEP, entries_kept: int = ENTRIES_KEPT) -> None:
        clock, plan = Clock(), empty_plan("stripe")
        ids = Ids(0, "bench")
        self.world: World = make_world(
            plan,
            DIALECTS["stripe"],
            Journal(clock, entries_max=sys.maxsize, kept_max=entries_kept),
            clock,
            ids,
            API_KEY,
            Endpoint("http://127.0.0.1:9/hook", "whsec_of_the_bench"),
            attic=Attic(keep),
        )
        self.world.is_free = True
        self.worlds = Worlds(make_limbo())
        self.worlds.open(self.world)
        self.paid = 0
        self.last = ""

    def ask(self, method: str, path: str, body: str = "", key: str | None = None) -> Reply:
        """Ask the provider as a client would; raises AssertionError where it answers no 200."""
        path, _, query = path.partition("?")
        headers = [
            ("authorization", f"Bearer {API_KEY}"),
            ("content-type", "application/x-www-form-urlencoded"),
        ]
        headers += [("idempotency-key", key)] if key else []
        call = self.worlds.arrive(Request(method, path, query, tuple(headers), body.encode()))
        assert _now(call.admit()) is None
        reply = call.commit()
        effect = _now(call.release(reply))
        call.finished(is_complete=True, bytes_sent=len(reply.body))
        assert reply.status == 200, reply.body
        assert effect.reply is not None
        return reply

    def pay(self) -> None:
        """Take one payment, and send what tells of it."""
        self.paid += 1
        n = self.paid
        body = (
            f"amount={1000 + n % 7000}&currency=eur&confirm=true&payment_method=pm_card_visa"
            f"&metadata[order]=order{n}&return_url=https%3A%2F%2Fshop.example%2Fback"
        )
        reply = self.ask("POST", "/v1/payment_intents", body, f"key-{n}")
        self.last = reply.body.decode().partition('"id": "')[2].partition('"')[0]
        self.post()

    def look(self) -> None:
        """Retrieve the newest payment."""
        self.ask("GET", f"/v1/payment_intents/{self.last}")

    def post(self) -> None:
        """Pack and acknowledge what waits in the outbox."""
        world = self.world
        while item := world.outbox.take_due(world.clock.now_ms(), world.delivered):
            parcel = pack(world, item, 1)
            settle(world, item, Receipt(parcel.delivery, 200, 1.0))
            conclude(world, item)


def _now(passing: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that has nothing to wait for, and give what it returns."""
    try:
        passing.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("a call whose gates are open waits for nothing")


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor time after so many payments, medians of microseconds."""

    payments: int
    pay_us: float
    look_us: float
    old_us: float  # retrieving a payment from the beginning
    page_us: float  # a page of ten, newest first
    rss_bytes: int


def cost(provider: Provider, payments: int, first: str, sample: int = 200, rounds: int = 5) -> Cost:
    """Bring a provider to so many payments, and measure what one more costs."""
    while provider.paid < payments:
        provider.pay()
    gc.collect()

    def median(work: Callable[[], object]) -> float:
        times = []
        for _ in range(rounds):
            since = cpu_ms()
            for _ in range(sample):
                work()
            times.append((cpu_ms() - since) * 1000 / sample)
        return round(statistics.median(times), 1)

    return Cost(
        payments,
        median(provider.pay),
        median(provider.look),
        median(lambda: provider.ask("GET", f"/v1/payment_intents/{first}")),
        median(lambda: provider.ask("GET", "/v1/payment_intents?limit=10")),
        resident_bytes(),
    )


def growth(after: tuple[int, ...], keep: int) -> Iterator[Cost]:
    """Measure one provider after each of these numbers of payments."""
    provider = Provider(keep)
    provider.pay()
    first = provider.last
    for number in after:
        yield cost(provider, number, first)


def memory(payments: int, keep: int) -> dict[str, float]:
    """Give bytes a payment, by tracemalloc: all in memory, and all but `keep` in the attic."""
    told = {}
    for name, kept in (("in memory", 2 * payments), ("with older ones in the attic", keep)):
        # The journal has a bound of its own: here it is as small as can be.
        provider = Provider(kept, entries_kept=1)
        for _ in range(keep):
            provider.pay()
        gc.collect()
        tracemalloc.start()
        for _ in range(payments):
            provider.pay()
        gc.collect()
        told[name] = tracemalloc.get_traced_memory()[0] / payments
        tracemalloc.stop()
        provider.world.attic.close()
    return told


def resident_bytes() -> int:
    """Give the memory of this process that is resident now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--after", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--keep", type=int, default=KEEP, help="records of each kind in memory")
    parser.add_argument("--payments", type=int, default=2_000, help="for the memory of one")
    options = parser.parse_args()
    print(
        "| after payments | pay, with its webhooks, µs | the newest | the oldest | a page of ten | RSS MiB |"
    )
    print("|---|---|---|---|---|---|")
    for one in growth(tuple(options.after), options.keep):
        figures = f"{one.pay_us:.0f} | {one.look_us:.0f} | {one.old_us:.0f} | {one.page_us:.0f}"
        print(f"| {one.payments:,} | {figures} | {one.rss_bytes / 2**20:.0f} |", flush=True)
    print("\n| bytes a payment with its events | |\n|---|---|")
    for name, size in memory(options.payments, min(options.keep, 250)).items():
        print(f"| {name} | {size:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
