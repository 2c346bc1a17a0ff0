"""Many payments in one process: memory flat, nothing leaked, and the journal on disk judged in the end.

Simulator, integration and webhook receiver run on one loop. Nearly every provider call and webhook goes well;
some answers are lost, refused or slow to be understood, and some webhooks come twice or never.
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from shop import Line, Receiver, Told

from badgateway.ground.attic import KEEP, Attic
from badgateway.ground.clock import Clock, cpu_ms, monotonic_ms
from badgateway.ground.ids import Ids, new_nonce
from badgateway.journal.journal import Journal
from badgateway.plan.materialise import to_data
from badgateway.plan.model import Plan, PlannedDelivery, PlannedFault, Selector
from badgateway.play.freeplay import attend
from badgateway.play.limbo import empty_plan, make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.play.world import World, make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint
from badgateway.report.markdown import table
from badgateway.server.edge import Edge
from badgateway.verdict.long import LongVerdict, judge_long
from badgateway.verdict.model import BROKEN, VACUOUS
from badgateway.webhooks.deliver import Courier

KEY, SECRET = "sk_test_of_the_endurance_run", "whsec_of_the_endurance_run"
WORKERS, TRIES_MAX, SAMPLES = 8, 4, 20
FLAT_BYTES = 200  # a payment, after the first quarter
SWAYING_BYTES = 8 << 20  # it goes up and down by so much: the journal lets many entries go at once
ENTRIES_KEPT = 5_000
# Of so many payments, one is of this kind.
LOST_ANSWER, REFUSED, TWICE, UNTOLD, REFUNDED = 40, 60, 50, 70, 5


@dataclass(frozen=True, slots=True)
class Sample:
    """The process after so many payments."""

    payments: int
    rss_bytes: int
    tasks: int
    sockets: int


@dataclass(slots=True)
class Endured:
    """What a run of many payments came to."""

    payments: int
    keep: int
    samples: list[Sample] = field(default_factory=list)
    before: Sample | None = None
    after: Sample | None = None
    wall_s: float = 0.0
    cpu_s: float = 0.0
    entries: int = 0
    entries_in_memory: int = 0
    journal_bytes: int = 0
    faults: int = 0
    dropped: int = 0
    webhooks: int = 0
    duplicates: int = 0
    is_spilled: bool = False
    verdict: LongVerdict | None = None

    @property
    def slope(self) -> float:
        """Give by how many bytes a payment memory grew after the first quarter, by least squares."""
        seen = [one for one in self.samples if one.payments >= self.payments / 4]
        x_mean = sum(one.payments for one in seen) / len(seen)
        y_mean = sum(one.rss_bytes for one in seen) / len(seen)
        spread = sum((one.payments - x_mean) ** 2 for one in seen)
        return sum((one.payments - x_mean) * (one.rss_bytes - y_mean) for one in seen) / spread


def story(payments: int) -> Plan:
    """Plan what goes wrong: each thing in its own order, so that it is known beforehand."""
    faults: list[PlannedFault] = []
    deliveries: list[PlannedDelivery] = []
    for n in range(1, payments + 1):
        order, told = f"o{n}", Selector("payment.succeeded", 1, f"o{n}")
        call = Selector("charge", 1, order)
        if n % LOST_ANSWER == 0:
            faults.append(PlannedFault(len(faults) + 1, call, "after_commit", "close"))
        elif n % REFUSED == 0:
            reply = {"status": 500}
            faults.append(PlannedFault(len(faults) + 1, call, "before_commit", "reply", reply))
        if n % TWICE == 0:
            deliveries.append(PlannedDelivery(len(deliveries) + 1, told, copies=2))
        elif n % UNTOLD == 0:
            deliveries.append(PlannedDelivery(len(deliveries) + 1, told, is_lost=True))
    plan = replace(empty_plan("stripe"), scenario="tests/soak", title="endurance")
    return replace(plan, faults=tuple(faults), deliveries=tuple(deliveries))


class Shop:
    """The integration: it pays an order, waits for its webhook, refunds a part of some, and closes it."""

    def __init__(self, world: World, receiver: Receiver, port: int, broken: frozenset[int]) -> None:
        self._world, self._receiver, self._port = world, receiver, port
        self._broken = broken  # orders in which a retry carries a new key
        self._next = 0
        self.done = self.dropped = 0

    async def work(self, payments: int, on_done: Callable[[], None]) -> None:
        """Take orders until there are none left."""
        line = Line(self._port, KEY)
        try:
            while self._next < payments:
                self._next += 1
                await self._sell(line, self._next)
                self.done += 1
                on_done()
        finally:
            self.dropped += line.dropped
            await line.close()

    async def _sell(self, line: Line, n: int) -> None:
        world, name, amount = self._world, f"o{n}", 1_000 + n % 9_000
        reference = world.ids.reference(name)
        world.orders[reference], self._receiver.open[reference] = name, Told()
        agreed = {"amount_minor": amount, "currency": "EUR"}
        world.journal.write(
            "run.order",
            name,
            reference=reference,
            capture="automatic",
            card="approved",
            shopper="Somebody",
            **agreed,
        )
        self._ask(name, "pay", **agreed)
        form = {
            "amount": amount,
            "currency": "eur",
            "confirm": "true",
            "payment_method": "pm_card_visa",
            "return_url": "https://shop.example/back",
            "metadata[order]": reference,
        }
        keys = [f"{name}-{tried if n in self._broken else 0}" for tried in range(TRIES_MAX)]
        paid = await self._until_answered(line, "/v1/payment_intents", form, keys)
        self._answer(name, "pay", "PAID")
        await self._hear(line, reference, n, paid["id"])
        refunded = amount // 2 if n % REFUNDED == 0 else 0
        if refunded:
            self._ask(name, "refund", amount_minor=refunded, currency="EUR")
            form = {"payment_intent": paid["id"], "amount": refunded}
            await self._until_answered(line, "/v1/refunds", form, [f"{name}-refund"] * TRIES_MAX)
            self._answer(name, "refund", "PARTIALLY_REFUNDED")
        world.journal.write(
            "view.read",
            name,
            status="PARTIALLY_REFUNDED" if refunded else "PAID",
            raw="PAID",
            paid_minor=amount,
            refunded_minor=refunded,
            currency="EUR",
            refs=[paid["id"]],
            effects={},
            is_readable=True,
            after="final",
        )
        del world.orders[reference], self._receiver.open[reference]

    async def _until_answered(
        self, line: Line, path: str, form: dict[str, object], keys: list[str]
    ) -> dict[str, str]:
        for key in keys:
            try:
                status, told = await line.ask("POST", path, form, key)
            except ConnectionError:
                continue
            if status < 500:
                assert status == 200, told
                answer: dict[str, str] = told
                return answer
        raise AssertionError(f"{path} was not answered in {len(keys)} tries")

    async def _hear(self, line: Line, reference: str, n: int, payment: str) -> None:
        if n % UNTOLD == 0 and n % TWICE:
            status, told = await line.ask("GET", f"/v1/payment_intents/{payment}")
            assert (status, told["status"]) == (200, "succeeded")
        else:
            await self._receiver.hears(reference, "payment_intent.succeeded")

    def _ask(self, name: str, do: str, **agreed: object) -> None:
        intent = name if do == "pay" else f"{name}/{do}"
        self._world.journal.write(
            "op.invoked", name, op=f"{name} {do}", step=1, do=do, intent=intent, **agreed
        )

    def _answer(self, name: str, do: str, status: str) -> None:
        self._world.journal.write(
            "op.returned",
            name,
            op=f"{name} {do}",
            do=do,
            outcome="ok",
            http_status=200,
            status=status,
            elapsed_ms=0,
            parked_ms=0,
        )


async def endure(
    payments: int,
    path: Path,
    *,
    keep: int = KEEP,
    entries_kept: int = ENTRIES_KEPT,
    broken: frozenset[int] = frozenset(),
    on_done: Callable[[], None] = lambda: None,
) -> Endured:
    """Take so many payments with the journal at `path`; `broken` are orders whose retry has a new key."""
    told, attic, clock = Endured(payments, keep), Attic(keep), Clock()
    told.before = look(0)
    since_ms, since_cpu = monotonic_ms(), cpu_ms()
    journal = Journal(clock, path, (KEY, SECRET), sys.maxsize, kept_max=entries_kept)
    async with Receiver() as receiver:
        plan, ids = story(payments), Ids(1, new_nonce())
        endpoint = Endpoint(receiver.url, SECRET)
        world = make_world(plan, DIALECTS["stripe"], journal, clock, ids, KEY, endpoint, attic=attic)
        world.is_free = True
        worlds = Worlds(make_limbo())
        worlds.open(world)
        _begin(world)
        async with Edge(worlds, port=0) as edge, Courier(10_000) as courier:
            attendant = asyncio.create_task(attend(world, courier))
            shop = Shop(world, receiver, edge.port, broken)

            def note() -> None:
                on_done()
                if shop.done % max(1, payments // SAMPLES) == 0:
                    told.samples.append(look(shop.done))

            await asyncio.gather(*(shop.work(payments, note) for _ in range(WORKERS)))
            while world.outbox.items:  # noqa: ASYNC110 - a served world tells nobody that it is quiet
                await asyncio.sleep(0.05)
            attendant.cancel()
            await asyncio.gather(attendant, return_exceptions=True)
    journal.write("run.finished", is_quiescent=True, rounds=1)
    told.wall_s, told.cpu_s = (monotonic_ms() - since_ms) / 1000, (cpu_ms() - since_cpu) / 1000
    told.entries, told.entries_in_memory = journal.count, len(journal.entries)
    told.faults, told.dropped = len(world.faults.fired), shop.dropped
    told.webhooks, told.duplicates = receiver.taken, receiver.duplicates
    told.is_spilled = attic.is_used
    journal.close()
    attic.close()
    await asyncio.sleep(0)
    told.after = look(payments)
    return told


def _begin(world: World) -> None:
    world.journal.write(
        "run.started",
        scenario=world.plan.scenario,
        title=world.plan.title,
        case=1,
        seed=world.ids.seed,
        nonce=world.ids.nonce,
        role="main",
        plan=to_data(world.plan),
        integration="the shop of the soak",
        revision="1",
        declares={},
        judgeable=["status", "paid", "refunded", "currency", "refs"],
        provider="stripe",
        is_strict=True,
    )
    world.journal.write("run.phase", name="steps")


def look(payments: int) -> Sample:
    """Count what the process has now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    links = (Path("/proc/self/fd") / one for one in os.listdir("/proc/self/fd"))  # noqa: PTH208 - as they are
    sockets = sum(os.path.islink(one) and os.readlink(one).startswith("socket:") for one in links)  # noqa: PTH114, PTH115 - they come and go
    tasks = len(asyncio.all_tasks())
    return Sample(payments, pages * resource.getpagesize(), tasks, sockets)


def judged(told: Endured, path: Path, on_section: Callable[[int], None] = lambda _: None) -> LongVerdict:
    """Read the journal back, and judge it."""
    told.journal_bytes = path.stat().st_size
    told.verdict = judge_long(path, on_section=on_section)
    return told.verdict


def run(payments: int) -> tuple[str, bool]:
    """Endure, judge, and give the figures as a table; False where a claim did not hold."""
    with tempfile.TemporaryDirectory() as folder, Progress(console=Console(stderr=True)) as progress:
        path = Path(folder) / "journal.ndjson"
        bar = progress.add_task("payments", total=payments)
        broken = frozenset({LOST_ANSWER * max(1, payments // LOST_ANSWER // 2)})
        # A run that is shorter than the usual one has come to its bounds before its first quarter as well.
        keep = min(KEEP, payments // 20)
        work = endure(payments, path, keep=keep, broken=broken, on_done=lambda: progress.advance(bar))
        told = asyncio.run(work)
        bar = progress.add_task("orders judged", total=payments)
        verdict = judged(told, path, lambda orders: progress.advance(bar, orders))
    (order,) = (f"o{n}" for n in broken)
    return report(told, verdict, order), holds(told, verdict, order)


def holds(told: Endured, verdict: LongVerdict, broken: str) -> bool:
    """Say whether memory was flat, nothing leaked, and nothing broke but what was planted."""
    assert told.before is not None, "it was run"
    assert told.after is not None, "it was run to its end"
    is_flat = told.slope < max(FLAT_BYTES, SWAYING_BYTES / told.payments)
    is_clean = (told.after.tasks, told.after.sockets) == (told.before.tasks, told.before.sockets)
    is_caught = verdict.state("no_overcharge") == BROKEN
    is_judged = verdict.orders == told.payments and {one.order for one in verdict.findings} == {broken}
    return is_flat and is_clean and is_caught and is_judged


def report(told: Endured, verdict: LongVerdict, broken: str) -> str:
    """Give the figures as two tables."""
    before, after = told.before, told.after
    assert before is not None, "it was run"
    assert after is not None, "it was run to its end"
    first = next(one for one in told.samples if one.payments >= told.payments / 4)
    figures = {
        "payments": f"{told.payments:,}",
        "faults that fired, connections dropped by them": f"{told.faults:,}, {told.dropped:,}",
        "webhooks, of them duplicates": f"{told.webhooks:,}, {told.duplicates:,}",
        "wall time, our processor time": f"{told.wall_s:,.0f} s, {told.cpu_s:,.0f} s",
        "memory after a quarter, at the end of the payments": (
            f"{first.rss_bytes / 2**20:.0f} MiB, {told.samples[-1].rss_bytes / 2**20:.0f} MiB"
        ),
        "growth after the first quarter": f"{told.slope:.0f} bytes a payment",
        "records of a kind in memory": f"{told.keep:,}, the rest in the attic: {told.is_spilled}",
        "tasks before and after": f"{before.tasks}, {after.tasks}",
        "sockets before and after": f"{before.sockets}, {after.sockets}",
        "most tasks, most sockets meanwhile": (
            f"{max(one.tasks for one in told.samples)}, {max(one.sockets for one in told.samples)}"
        ),
        "journal": f"{told.entries:,} entries, {told.journal_bytes / 2**20:,.0f} MiB, "
        f"{told.entries_in_memory:,} of them in memory",
        "judged": f"{verdict.orders:,} orders in {verdict.sections:,} sections",
        "findings": f"{verdict.found}, all of {broken}, in which a retry with a new key was planted"
        if {one.order for one in verdict.findings} == {broken}
        else f"{verdict.found}, of {sorted({str(one.order) for one in verdict.findings})}",
    }
    laws = [
        (law, verdict.state(law), f"{verdict.tested[law]:,}")
        for law in verdict.states
        if verdict.state(law) != VACUOUS
    ]
    heads = table(("what", "figure"), list(figures.items()))
    return "\n".join([*heads, "", *table(("law", "state", "put to the test"), laws)])
