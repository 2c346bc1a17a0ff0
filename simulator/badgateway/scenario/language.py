"""The words of the scenario language, declared once: reader, checks, JSON Schema and docs come from here."""

from __future__ import annotations

from dataclasses import dataclass

from badgateway.ground.mutation import KINDS as MUTATIONS

CASES_MAX = 256
COPIES_MAX = 50
ASKS_MAX = 20  # of one kind, while one call is held
STEPS_MAX = 200
BURSTS_MAX = 10  # of one deliberate race
SCRIPT_MAX = 20  # answers of one issuer

EVENTS = (
    "payment.pending", "payment.authorized", "payment.succeeded", "payment.failed", "payment.voided",
    "payment.expired", "capture.failed", "refund.succeeded", "refund.failed", "dispute.opened", "dispute.won",
    "dispute.lost", "payout.paid",
)  # fmt: skip
STATUSES = (
    "UNPAID", "PENDING", "AUTHORIZED", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "FAILED", "CANCELLED",
    "DISPUTED", "REVIEW",
)  # fmt: skip
PHASES = ("connect", "before_commit", "after_commit")
FORGED = ("none", "garbage", "other_tenant", "cert_url")  # signatures of events that never happened
SIGNATURES = (*FORGED, "stale", "rotated")
DECISIONS = ("approved", "declined", "action", "pending")
CANARY_DOORS = ("card", "provider")
FLAWS = ("missing", "late", "repeated", "misstated")
RETURNS = ("insufficient_funds", "debit_not_authorized", "incorrect_account_details", "bank_cannot_process")
SCRIPT = ("approve", "soft", "hard", "challenge", "later", "later_declined", "partial")
STAGES = ("inquiry", "chargeback", "pre_arbitration")  # of a dispute
ADJUSTMENTS = ("reserve", "release", "charge", "credit")


@dataclass(frozen=True, slots=True)
class Field:
    """One declared field of the language."""

    name: str
    kind: (
        str  # text words order amount duration choice flag integer selector event anything or a table's name
    )
    help: str
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_played: bool = True  # false: known, and refused as not played yet
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class StepKind:
    """One kind of step: who does it, its fields, and its short form."""

    name: str
    who: str  # shopper merchant provider operator
    help: str
    fields: tuple[Field, ...] = ()
    short: str | None = "order"  # the field that `- kind: VALUE` gives; None: `- kind` stands alone
    is_played: bool = True
    can_race: bool = False


_ORDER = Field("order", "order", "the story's name of the order", is_required=True)
_ALL = Field("amount", "amount", "in the currency's own unit; left out: everything")
_ACCOUNT = Field("merchant", "text", "whose account: one of the world's merchants; left out: the first")
_AT = Field("provider", "text", "one of the route or of those behind; left out: every one of them")

STEPS = (
    StepKind(
        "pay", "shopper", "pay an order, or pay it again",
        (
            _ORDER,
            Field("amount", "amount", "in the currency's own unit; left out: the seed draws it"),
            Field("capture", "choice", "when the money is taken", ("automatic", "manual")),
            Field("card", "text", "card word of this attempt; left out: the world's"),
            Field("again", "flag", "press the button again at once, though the last attempt may be open"),
            Field("merchant", "text", "whose order it is: one of the world's merchants; left out: the first"),
            Field("save", "flag", "keep the payment method, so that the order can be renewed"),
            Field("script", "script", "what the issuer answers to one charge of the order after another",
                  SCRIPT, maximum=SCRIPT_MAX),
        ),
        can_race=True,
    ),
    StepKind(
        "authenticate", "shopper", "answer the issuer's challenge",
        (_ORDER, Field("result", "choice", "how the challenge ends; left out: passed", ("passed", "failed"))),
    ),
    StepKind(
        "return", "shopper", "come back to the shop's page",
        (_ORDER, Field("forged", "flag", "open the address without having paid")), can_race=True,
    ),
    StepKind("abandon", "shopper", "go away and never come back", (_ORDER,)),
    StepKind(
        "increment", "merchant", "ask the shopper's bank to hold more than it does",
        (
            _ORDER,
            Field("amount", "amount", "how much more, in the currency's own unit", is_required=True),
        ),
    ),
    StepKind("capture", "merchant", "take the held money", (_ORDER, _ALL), can_race=True),
    StepKind("refund", "merchant", "give money back", (_ORDER, _ALL), can_race=True),
    StepKind("cancel", "merchant", "cancel the order", (_ORDER,), can_race=True),
    StepKind(
        "renew", "merchant",
        "charge the kept payment method for the next period, the shopper away; that of o1 is the order o1_2",
        (
            _ORDER,
            Field("amount", "amount", "in the currency's own unit; left out: what the order cost"),
            Field("again", "flag", "the period that was renewed last, once more, as a job that runs twice"),
        ),
        can_race=True,
    ),
    StepKind("sync", "merchant", "let the integration compare its books", short=None, can_race=True),
    StepKind(
        "dispute", "provider", "the shopper's bank takes money back",
        (
            _ORDER, _ALL,
            Field("result", "choice", "how it stands then; left out: open", ("open", "won", "lost")),
            Field("stage", "choice", "an inquiry moves no money; pre_arbitration: the bank does not accept "
                  "that it was won; left out: chargeback", STAGES),
        ),
    ),
    StepKind(
        "contest", "provider", "evidence is handed in on the provider's own page, by the 14th day; a dispute "
        "that nobody contests is lost then", (_ORDER,),
    ),
    StepKind(
        "return_debit", "provider", "the bank returns a debit days after it was paid; nobody can contest it",
        (_ORDER, Field("reason", "choice", "why; left out: insufficient_funds", RETURNS)),
    ),
    StepKind("expire_authorization", "provider", "the hold lapses", (_ORDER,)),
    StepKind("fail_capture", "provider", "an accepted capture is reversed", (_ORDER,)),
    StepKind("fail_refund", "provider", "an accepted refund comes back from the bank", (_ORDER,)),
    StepKind(
        "pay_elsewhere", "provider", "an order of the same number is paid in another account",
        (
            _ORDER,
            Field("merchant", "text", "another of the world's merchants; left out: the order's own, and the "
                  "account's other mode, test or live"),
        ),
    ),
    StepKind("refund_from_dashboard", "provider", "a refund on the provider's own page", (_ORDER, _ALL)),
    StepKind(
        "settle", "provider", "what was captured, given back or disputed is settled, and its fees are kept",
        (
            _ACCOUNT, _AT, Field("flaw", "choice", "how the provider's list gets one line wrong", FLAWS),
            Field("missing", "order", "whose line it leaves out"),
            Field("late", "order", "whose line it leaves out until the next time something is settled"),
            Field("repeated", "order", "whose line it tells twice"),
            Field("misstated", "order", "whose line it tells with too little"),
            Field("amount", "amount", "by how much too little; left out: a tenth"),
        ), short=None,
    ),
    StepKind(
        "adjust", "provider", "the balance changes with no payment behind it",
        (
            _ACCOUNT, _AT,
            Field("reason", "choice", "reserve and charge take, release and credit give", ADJUSTMENTS,
                  is_required=True),
            Field("amount", "amount", "in the currency's own unit", is_required=True),
        ), short=None,
    ),
    StepKind(
        "payout", "provider", "settled money is paid out, and reported; the report is due a day later",
        (
            _ACCOUNT, _AT, Field("late", "duration", "how long after the payout its report is there"),
        ), short=None,
    ),
    StepKind("kill", "operator", "end the integration as a crash would", short=None),
    StepKind("restart", "operator", "start the integration again", short=None),
    StepKind(
        "deploy", "operator", "start the next version beside the running one; both are asked in turn",
        (Field("version", "choice", "as badgateway.yaml describes it", ("next",), is_required=True),),
        short="version",
    ),
    StepKind("retire", "operator", "end the version that ran before the deployment", short=None),
    StepKind(
        "advance", "operator", "let virtual time pass",
        (Field("by", "duration", "how much time passes", is_required=True),), short="by",
    ),
)  # fmt: skip
STEP_KINDS = {kind.name: kind for kind in STEPS}
ORDER_STEPS = tuple(kind.name for kind in STEPS if kind.short == "order")
RACING = tuple(kind.name for kind in STEPS if kind.can_race)

WORLD = (
    Field(
        "currency",
        "currency",
        "ISO 4217 code; left out: EUR, or where no amount is stated, drawn by the seed",
    ),
    Field(
        "base_currency", "currency", "the merchant's own, in which it is settled; left out: as it was paid"
    ),
    Field("cart", "choice", "mixed: taxed lines and a coupon, drawn by the seed, make the price", ("mixed",)),
    Field("card", "text", "card word of every payment; left out: approved"),
    Field("canary", "words", "made-up numbers: card (typed at the checkout), provider (in its words)"),
    Field("mode", "choice", "permissive: the provider lets an over-refund through", ("strict", "permissive")),
    Field("merchants", "words", "names of merchants, each with its own account; left out: there is one"),
    Field("route", "words", "several providers in one story, the preferred one first: [stripe, adyen]"),
    Field("behind", "words", "for `providers: [euler]`: the gateways that it sends payments on to, in order"),
    Field("rules", "rules", "by which it chooses among them; left out: the next one if one did nothing"),
)

# A rule says one thing: a preference with its conditions, when to go on, or which gateway is left out.
RULE = (
    Field("prefer", "text", "this gateway first, where all the conditions beside it hold"),
    Field("method", "choice", "condition: with what the shopper pays", ("CARD", "NB", "WALLET", "UPI")),
    Field("currency", "currency", "condition: the order's"),
    Field("from", "amount", "condition: at least this much"),
    Field("to", "amount", "condition: at most this much"),
    Field("next", "choice", "ask the next gateway also after such an attempt", ("unknown", "declined")),
    Field("failures", "integer", "after so many attempts in a row without an answer", minimum=1, maximum=99),
    Field("rest", "duration", "a gateway is left out for this long"),
    Field("success", "integer", "a gateway with a smaller percentage of successes", minimum=1, maximum=100),
    Field("of", "integer", "of its last so many attempts is asked last", minimum=1, maximum=100),
)

# A fault that is named with `do` brings further fields: the options that its file declares.
FAULT = (
    Field(
        "at",
        "selector",
        "which call: charge[1], o1.refund[*], * for every call, adyen:charge[1], effect:mail[1]",
        is_required=True,
    ),
    Field("phase", "choice", "where it strikes; left out: the fault's own", PHASES),
    Field("do", "text", "what goes wrong: a name of `badgateway list faults`"),
    Field("decide", "choice", "what issuer and gateway decide instead", DECISIONS),
    Field("lag", "integer", "how many of the newest changes a look does not show", minimum=0, maximum=100),
    Field("skew", "text", "how far the provider's clock is ahead (+6m) or behind (-6m)"),
)
# `decide: X` is short for `do: decide, outcome: X`, and so on.
SHORT_FAULTS = {"decide": "outcome", "lag": "behind", "skew": "by"}

DELIVERY = (
    Field("event", "event", "which event: payment.succeeded[1]", is_required=True),
    Field("copies", "integer", "how often it is sent", minimum=1, maximum=COPIES_MAX),
    Field(
        "how",
        "choice",
        "how the copies are sent, one by one or at once; left out: in_turn",
        ("in_turn", "at_once"),
    ),
    Field("before", "choice", "send it before the provider has answered the call that caused it", ("reply",)),
    Field("after", "event", "send it only once this event was delivered"),
    Field("delay", "duration", "virtual time before it is sent"),
    Field("lose", "flag", "never send it"),
    Field("with", "choice", "keep it for this operation of its order: both arrive at once", RACING),
    Field("then", "choice", "kill the process as soon as it acknowledges, and start it again", ("kill",)),
    Field("late", "flag", "send it (or its copies) only when all else has come to rest"),
    Field("signature", "choice", "how it is signed, where not as it should be", SIGNATURES),
    Field("mutate", "mutation", "send its content as the provider's next version would", MUTATIONS),
    Field("batch", "events", "other events to put into the same request, if the provider does so"),
    Field(
        "as", "choice", "each copy is an event with an id of its own; left out: all share one", ("new_id",)
    ),
    Field("to", "text", "send it to this endpoint too: a merchant of the story, or a key of `webhooks`"),
    Field("from", "choice", "a stranger's of the same account, a new payment for each copy", ("stranger",)),
    Field("resend", "choice", "send it again while the first copy is still worked on", ("at_deadline",)),
)

LOADABLE = ("health", "view", "open")
LOAD = (
    Field("on", "words", "what is asked: health, view, open", LOADABLE, is_required=True),
    Field("while", "selector", "the call that is held meanwhile: charge[1]", is_required=True),
    Field("order", "order", "whose view is read, or which order is opened"),
    Field("times", "integer", "how often each is asked; left out: once", minimum=1, maximum=ASKS_MAX),
)

EXPECT = (
    Field("order", "statuses", "what the integration says about each order in the end", STATUSES),
    Field("captured", "amounts", "what the provider's ledger has taken for each order"),
    Field("refunded", "amounts", "what the provider's ledger has given back for each order"),
    Field("broken", "words", "invariants that this story is expected to break"),
)

STORY = (
    Field("title", "text", "one sentence that says what goes wrong", is_required=True),
    Field("why", "text", "what it costs an integration that gets this wrong"),
    Field("tags", "words", "words to select by"),
    Field("providers", "providers", "names of dialects, or any"),
    Field("world", "world", "currency, card and mode"),
    Field("matrix", "matrix", "name: [values]; each combination is a case, $name stands for its value"),
    Field("steps", "steps", "what happens, in order", is_required=True),
    Field("faults", "faults", "what goes wrong between integration and provider"),
    Field("deliveries", "deliveries", "how webhooks arrive, where not once and in order"),
    Field("load", "load", "what is asked of the integration while a call is held"),
    Field("expect", "expect", "what this story means, beyond the laws that are always judged"),
)
