"""A fresh world brought to where a journal ends: asked the same at the same virtual times, and compared."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, ClassVar

from badgateway.errors import InputError, Problem
from badgateway.faults import FAULTS
from badgateway.faults.base import AFTER_COMMIT
from badgateway.ground.message import Reply, Request
from badgateway.ground.records import changed
from badgateway.journal.entry import Entry
from badgateway.payments import commands
from badgateway.payments.commands import CreatePayment
from badgateway.payments.model import Capture
from badgateway.play.exchange import Call
from badgateway.play.intruding import intrusions, strangers
from badgateway.play.keeping import ADJUST, PAY_OUT, PROMPT, SETTLE
from badgateway.play.occasions import bring_about
from badgateway.play.patience import is_disabled
from badgateway.play.posting import conclude
from badgateway.play.registering import acknowledge
from badgateway.play.telling import note_delivered, tell
from badgateway.play.world import World
from badgateway.providers.base import Endpoint, Keeps
from badgateway.webhooks.outbox import Item

# What a play brings about, and nobody from outside has a say in: it must come out again to the letter.
OUTCOMES = frozenset(
    {
        "call.committed",
        "ledger.entry",
        "event.created",
        "settlement.payout",
        "settlement.line",
        "settlement.report",
    }
)
_COMMANDS = {
    name: getattr(commands, name) for name in dir(commands) if isinstance(getattr(commands, name), type)
}
NOT_UTF8 = b"\xff"


class Rebuilding:
    """One world being rebuilt. `source` is the journal's name, for messages."""

    def __init__(self, world: World, source: str, secret: str) -> None:
        self.world, self._source, self._secret = world, source, secret
        self._calls: dict[str, _Open] = {}
        self._expected: list[Entry] = []
        self._seen = 0  # entries of the new world's own journal that were compared

    def follow(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Do again what the entries say, and give what came about beyond them, as entries.

        Raises InputError that names the first entry which does not come out again.
        """
        clock = self.world.clock
        clock.started_ms += entries[0].at_ms - clock.now_ms()
        for entry in entries:
            if entry.kind in OUTCOMES:
                self._expected.append(entry)
            self._take(entry)
            self._compare()
        if self._expected:
            raise self._differs(self._expected[0], "nothing that stands before it brings it about")
        surplus = list(self._outcomes())
        self._seen = len(self.world.journal.entries)
        for call in list(self._calls.values()):
            call.end(is_complete=False)
        return (*surplus, *self.world.journal.entries[self._seen :])

    def _take(self, entry: Entry) -> None:
        take = self._takers.get(entry.kind)
        if take is None:
            return
        clock = self.world.clock
        clock.jump_to(entry.at_ms)
        if clock.now_ms() != entry.at_ms:
            raise self._differs(entry, "it is older than what stands before it")
        take(self, entry)

    def _outcomes(self) -> list[Entry]:
        fresh = self.world.journal.entries[self._seen :]
        return [one for one in fresh if one.kind in OUTCOMES]

    def _compare(self) -> None:
        """Hold what came about against what the journal says came about; either may be ahead."""
        made = self._outcomes()
        for known, again in zip(self._expected, made, strict=False):
            if (known.kind, dict(known.data)) != (again.kind, dict(again.data)):
                raise self._differs(known, "it does not come out again as it stands here")
        done = min(len(made), len(self._expected))
        if done:
            self._seen = made[done - 1].seq
            del self._expected[:done]

    def _differs(self, entry: Entry, what: str) -> InputError:
        mend = "it was written by another version or changed; keep it, and begin with another directory"
        return InputError([Problem(self._source, entry.seq, 1, f"{entry.kind}: {what}", mend)])

    def _served(self, entry: Entry) -> None:
        world, url = self.world, entry.data["webhook"]
        world.account.api_version = entry.data["api_version"]
        world.tell_at(Endpoint(url, self._secret) if url is not None else None)

    def _phase(self, entry: Entry) -> None:
        if entry.data["name"] == "steps":
            self.world.outbox.add(list(strangers(self.world)))
        elif entry.data["name"] == "heal":
            self.world.outbox.add(list(intrusions(self.world)))
            self.world.faults.heal()

    def _request(self, entry: Entry) -> None:
        world, data = self.world, entry.data
        world.aged_ms = data["key_ms"] - world.clock.started_ms
        body = NOT_UTF8 if data["body"] is None else str(data["body"]).encode()
        headers = tuple((str(name), str(value)) for name, value in data["headers"])
        asked = Request(data["method"], data["path"], data["query"], headers, body)
        account = world.accounts[data["account"]]
        dialect, keeping, key = account.dialect, account.dialect, account.api_key
        assert isinstance(keeping, Keeps), "only worlds of dialects that keep requests are kept"
        credential = {"own": key, "other": f"{key} of somebody else", "none": None}[data["credential"]]
        asked = keeping.recalled(asked, credential)
        self._calls[data["call"]] = _Open(Call(world, asked, dialect.parse(asked), dialect))

    def _fired(self, entry: Entry) -> None:
        call = self._calls.get(entry.data["call"] or "")
        if call is None or not FAULTS[entry.data["do"]].shapes_wire:
            return
        if entry.data["phase"] == AFTER_COMMIT:
            call.release()
        else:
            call.admit()

    def _committed(self, entry: Entry) -> None:
        if (call := self._calls.get(entry.data["call"])) is not None:
            call.commit()

    def _answered(self, entry: Entry) -> None:
        if (call := self._calls.pop(entry.data["call"], None)) is not None:
            call.end(is_complete=entry.data["is_complete"])

    def _command(self, entry: Entry) -> None:
        world, data = self.world, entry.data
        account, given, cause = world.accounts[data["account"]], dict(data["fields"]), data["cause"]
        account.cause = cause
        settlement = account.book.settlement
        match data["command"]:
            case str(name) if name == SETTLE:
                settlement.settle(cause, **given)
            case str(name) if name == ADJUST:
                settlement.adjust(given["amount_minor"], given["currency"], given["reason"], cause)
            case str(name) if name == PAY_OUT:
                settlement.pay_out(cause, given.get("late_ms", 0))
            case str(name) if name == PROMPT:
                bring_about(world, account, given["event"], given["card"])
            case name:
                account.book.do(_command(name, given), cause)
        tell(world)

    def _due(self, _entry: Entry) -> None:
        for account in self.world.accounts:
            account.cause = "act:due"
            account.book.run_due()
        tell(self.world)

    def _concluded(self, entry: Entry) -> None:
        world, data = self.world, entry.data
        item = world.outbox.take_one(data["event"], data["planned"], data["to"])
        if item is None:
            raise self._differs(entry, "there is no such delivery")
        item.delivered = data["sent"]
        if is_disabled(world, item):
            return
        if data["is_told"]:
            _mark_told(world, item)
        conclude(world, item)

    _takers: ClassVar[Mapping[str, Callable[[Rebuilding, Entry], None]]] = {
        "run.served": _served,
        "run.phase": _phase,
        "run.due": _due,
        "call.request": _request,
        "fault.fired": _fired,
        "call.committed": _committed,
        "call.answered": _answered,
        "op.command": _command,
        "webhook.concluded": _concluded,
    }


class _Open:
    """A call that is being made again, with both gates open."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._reply: Reply | None = None
        call.let_in()
        call.let_out()

    def admit(self) -> None:
        _run(self._call.admit())

    def commit(self) -> None:
        self._reply = self._call.commit()

    def release(self) -> None:
        if self._reply is not None:
            reply, self._reply = self._reply, None
            _run(self._call.release(reply))

    def end(self, *, is_complete: bool) -> None:
        self.release()
        self._call.finished(is_complete=is_complete, bytes_sent=0)


def rebuild(
    world: World, entries: Sequence[Entry], *, source: str = "journal", secret: str = ""
) -> tuple[Entry, ...]:
    """Bring a fresh world to where a journal ends; `source` is its name, `secret` signs the webhooks.

    Gives what came about beyond the journal, which ends in the middle of something where its process was
    killed. Raises InputError where anything comes out otherwise than it stands there.
    """
    return Rebuilding(world, source, secret).follow(entries)


def _run(passing: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine that has nothing to wait for."""
    try:
        passing.send(None)
    except StopIteration:
        return
    raise AssertionError("a call whose gates are open waits for nothing")


def _command(name: str, given: Mapping[str, Any]) -> commands.Command:
    kind = _COMMANDS[name]
    known = {name: value for name, value in given.items() if name in kind.__struct_fields__}
    made: commands.Command = kind(**known)
    if isinstance(made, CreatePayment):
        return changed(made, capture=Capture(made.capture))
    return made


def _mark_told(world: World, item: Item) -> None:
    item.is_answered_well = True
    acknowledge(world, item)
    world.given_up[item.door] = 0
    note_delivered(world, item)
