"""What Euler knows of the gateways behind it: who they are, how each is asked, and what was sent to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from badgateway.ground.message import Reply, Request
from badgateway.providers.euler.acquirer import Charge, Standing

BEHIND = "behind euler"  # on an account's shelf
# So long after an attempt that was given up its gateway is asked what became of it, if nobody has told. Ours.
LOOKS_MS = (15 * 60_000, 3_600_000, 6 * 3_600_000)
GATEWAYS = ("stripe", "adyen")  # whose languages Euler speaks


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back of one request; without a reply nobody knows, unless it was never begun."""

    reply: Reply | None
    is_begun: bool = True  # False: the connection was refused, and nothing was read


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway: its provider's name, our account there, and how it is asked."""

    name: str  # of its dialect, in small letters
    settings: Mapping[str, str]  # as its dialect names them: api_key, merchant_account, ...
    cards: Mapping[str, str]  # neutral card word -> its own token
    send: Callable[[Request], Heard]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the routing table; which of its parts are there says what it does. Amounts: minor units."""

    prefer: str | None = None  # this gateway first, where the conditions after it hold
    method: str | None = None
    currency: str | None = None
    at_least_minor: int | None = None
    at_most_minor: int | None = None
    following: str | None = None  # unknown | declined: after such an attempt the next gateway is asked
    failures: int | None = None  # so many in a row without an answer, and a gateway rests
    rest_ms: int = 0
    success_percent: int | None = None  # a gateway below it, over its last `of` attempts, comes last
    of: int = 0


@dataclass(slots=True)
class Health:
    """How a gateway has done lately."""

    failures: int = 0  # in a row, without an answer
    until_ms: int = 0  # it rests until then
    outcomes: list[bool] = field(default_factory=list)  # of its last attempts, oldest first


@dataclass(slots=True)
class Sent:
    """One attempt as it was sent to a gateway."""

    name: str  # ours: the order's id and the number of the attempt
    gateway: str
    charge: Charge
    standing: Standing
    asked_by: str = ""  # the last call within which it was asked after
    sent_ms: int = 0
    question: str | None = None  # that the gateway has asked the shopper
    looks: int = 0  # how often it was asked after since it was given up
    asked: set[str] = field(default_factory=set)  # the merchant's requests to give money back
    requests: dict[str, str] = field(default_factory=dict)  # gateway's refund id -> the merchant's request id


@dataclass(slots=True)
class Behind:
    """The gateways of one account, in the order of priority, and all that was sent to them."""

    gateways: Sequence[Gateway]
    rules: Sequence[Rule] = ()
    health: dict[str, Health] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)  # our name -> attempt
    by_reference: dict[str, str] = field(default_factory=dict)  # gateway's id -> our name
    left: dict[str, list[str]] = field(default_factory=dict)  # order_id -> gateways that are not tried yet

    def gateway(self, name: str) -> Gateway:
        """Give a gateway by its name."""
        return next(one for one in self.gateways if one.name == name)

    def find(self, known: str) -> Sent | None:
        """Find an attempt by the gateway's reference, or by our own name of it."""
        return self.sent.get(self.by_reference.get(known, known))


def name_of(order_id: str, n: int) -> str:
    """Give what every gateway is told that an attempt is called."""
    return f"{order_id}.{n}"
