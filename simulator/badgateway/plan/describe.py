"""The text of `badgateway explain`: a plan told in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from badgateway.faults import FAULTS
from badgateway.ground.duration import duration_text
from badgateway.ground.money import to_text
from badgateway.ground.mutation import ANYTHING, ELSE
from badgateway.plan.cart import Cart
from badgateway.plan.model import (
    ANY,
    EFFECT,
    Order,
    Plan,
    PlannedDelivery,
    PlannedFault,
    PlannedLoad,
    Selector,
    Step,
)

_EFFECTS = {
    "close": "the connection is closed without an answer",
    "reset": "the connection is reset",
    "hold": "the answer is held back",
    "reply": "another answer is given",
    "trickle": "the answer comes a few bytes at a time",
    "cut": "the answer breaks off in its body",
    "mutate": "the answer comes in the words of another version",
    "kill": "the integration is killed while it waits, and started again",
    "decide": "issuer and gateway decide: {outcome}",
    "lag": "what was true before is shown",
    "skew": "the provider's clock is off",
}
_MUTATIONS = {
    "unknown_enum": "with a word that nobody knows yet",
    "unknown_type": "with a type that nobody knows yet",
    "null_field": "with null in place of a value",
    "drop_field": "without a field",
    "rename_field": "with another name for a field",
    "extra_field": "with one more field",
    "thin": "thin: with little more than the id",
    "spacing": "with the same content spaced otherwise",
    "escapes": "with the same content escaped otherwise",
    "key_order": "with the same content in another order",
}
_FLAWS = {
    "missing": "leaves one line out",
    "late": "tells one line later",
    "repeated": "tells one line twice",
    "misstated": "tells one line with a wrong amount",
}
_ANSWERS = {
    "approve": "yes",
    "soft": "no for now",
    "hard": "no for ever",
    "challenge": "with a challenge",
    "later": "yes hours later",
    "later_declined": "no hours later",
    "partial": "yes to half of it",
}
_STAGES = {
    "inquiry": "the shopper's bank asks about",
    "chargeback": "the shopper's bank disputes",
    "pre_arbitration": "the shopper's bank disputes once more",
}
_LINES = {
    "missing": "left out",
    "late": "told later",
    "repeated": "told twice",
    "misstated": "told with too little",
}
_PHASES = {
    "connect": "before the provider has read it",
    "before_commit": "before the provider has done it",
    "after_commit": "after the provider has done it",
}
_SIGNATURES = {
    "none": "A forged {event} without a signature is sent",
    "garbage": "A forged {event} with a made-up signature is sent",
    "other_tenant": "A forged {event} with another tenant's signature is sent",
    "cert_url": "An attacker sends {event}, signed with a key that he says lies at an address of his",
    "stale": "A captured {event} is sent again with its old signature",
    "rotated": "{event} is signed with the new and the old secret",
}


_CANARIES = {
    "card": "A made-up card number and its code are typed into the checkout.",
    "provider": "The provider quotes a made-up card number in its errors and webhooks.",
}
_ADJUSTS = {
    "reserve": "keeps back a reserve of",
    "release": "gives back a reserve of",
    "charge": "charges a correction of",
    "credit": "credits a correction of",
}


def describe(plan: Plan) -> str:
    """Give the story of a plan in words, numbered, with what the seed chose; ends with a line break."""
    cases = f", case {plan.case} of {plan.cases}" if plan.cases > 1 else ""
    values = ", ".join(f"{name}: {value}" for name, value in plan.matrix.items())
    mode = "strict" if plan.is_strict else "permissive (it lets an over-refund through)"
    lines = [plan.title, *([f"  {plan.why}"] if plan.why else [])]
    lines += ["", f"{plan.scenario}{cases}, seed {plan.seed}" + (f", {values}" if values else "")]
    lines += [f"{'Route' if plan.route else 'Provider'}: {', then '.join(plan.providers)}, {mode}"]
    lines += _part("Orders", (_order(order, plan) for order in plan.orders), "-")
    lines += _part("What is let in and looked for", (_CANARIES[door] for door in plan.canary), "-")
    lines += _part("What happens", (_sentence(step, plan) for step in plan.steps))
    lines += _part("What goes wrong", (_fault(fault, plan) for fault in plan.faults), "-")
    lines += _part("What is asked meanwhile", (_load(load) for load in plan.load), "-")
    lines += _part(
        "How webhooks arrive",
        [*(_delivery(delivery, plan) for delivery in plan.deliveries), _default(plan)],
        "-",
    )
    lines += _part("What this story expects", _expected(plan), "-")
    return "\n".join(lines) + "\n"


def _part(title: str, sentences: Iterable[str], bullet: str = "") -> list[str]:
    numbered = [f"  {bullet or f'{n}.'} {sentence}" for n, sentence in enumerate(sentences, start=1)]
    return ["", f"{title}:", *numbered] if numbered else []


def _order(order: Order, plan: Plan) -> str:
    capture = "captured later" if order.capture == "manual" else "captured at once"
    who = f"{order.shopper['name']} <{order.shopper['email']}>"
    made_of = f"; {_cart(order.cart)}" if order.cart is not None else ""
    merchant = order.merchant or next(iter(plan.merchants), None)
    made_of += f", sold by merchant {merchant}" if merchant else ""
    if order.script:
        made_of += f"; its issuer answers {', then '.join(_ANSWERS[word] for word in order.script)}"
    return (
        f"{order.name}: {to_text(order.amount_minor, order.currency)} by {who}, card {order.card}, {capture}"
        f"{made_of}"
    )


def _cart(cart: Cart) -> str:
    goods = [
        f"{line.quantity} {line.name} at {line.unit_price} plus {line.tax_percent} %" for line in cart.lines
    ]
    return f"{', '.join(goods)}, less {cart.coupon_percent} %"


def _sentence(step: Step, plan: Plan) -> str:
    if step.do == "together":
        often = f", {step.repeat} times" if step.repeat > 1 else ""
        return f"At the same moment{often}: " + "; ".join(_step(one, plan) for one in step.members) + "."
    text = _step(step, plan)
    return f"{text[0].upper()}{text[1:]}."


def _step(step: Step, plan: Plan) -> str:
    amount = ""
    if step.amount_minor is not None and step.currency is not None:
        amount = to_text(step.amount_minor, step.currency)
    some = amount or "everything that is left"
    order = step.order
    card = f" with card {step.card}" if step.card else ""
    account = f" in the account of {step.merchant}" if step.merchant else ""
    provider = step.provider or "the provider"
    is_first = (
        next((one for one in _flat(plan.steps) if one.do == "pay" and one.order == order), None) is step
    )
    told = {
        "pay": f"the shopper pays {order}{'' if is_first else ' again'}, {amount}{card}",
        "authenticate": f"the shopper {'passes' if step.is_passed else 'fails'} the challenge for {order}",
        "return": f"the shopper opens the return page of {order}"
        + (" without having paid" if step.is_forged else ""),
        "abandon": f"the shopper of {order} goes away",
        "increment": f"the merchant asks to hold {amount} more for {order}",
        "capture": f"the merchant captures {some} of {order}",
        "refund": f"the merchant refunds {some} of {order}",
        "cancel": f"the merchant cancels {order}",
        "renew": f"the merchant renews {step.renews}{' once more' if step.is_again else ''}: {amount} for "
        f"{order}, with the payment method that was kept",
        "sync": "the integration compares its books with the provider's",
        "dispute": f"{_STAGES[step.stage or 'chargeback']} {some} of {order}; the dispute is {step.result}",
        "contest": f"evidence about {order} is handed in at the provider's own page",
        "return_debit": f"the bank returns the debit of {order}: "
        + (step.reason or "insufficient_funds").replace("_", " "),
        "expire_authorization": f"the hold of {order} lapses",
        "pay_elsewhere": f"an order of the same number as {order} is paid in "
        + (f"the account of {step.merchant}" if step.merchant else "the other mode of the same account"),
        "fail_capture": f"the provider reverses the capture of {order}",
        "fail_refund": f"the last refund of {order} comes back from the bank",
        "refund_from_dashboard": f"somebody refunds {some} of {order} at the provider's own page",
        "settle": f"{provider} settles what was captured and given back{account}"
        + (f", and its list {_FLAWS.get(step.flaw, step.flaw)}" if step.flaw else "")
        + "".join(f", the line of {one} is {_LINES[flaw]}" for one, flaw in step.flaws.items())
        + (f" by {amount}" if amount and "misstated" in (step.flaw, *step.flaws.values()) else ""),
        "adjust": f"{provider} {_ADJUSTS.get(step.reason or '', 'moves')} {amount}{account}",
        "payout": f"{provider} pays out what is settled{account}"
        + (f"; its report is there {duration_text(step.by_ms)} later" if step.by_ms else ""),
        "kill": "the integration is killed",
        "restart": "the integration is started again",
        "deploy": "the next version of the integration is started beside it, and they are asked in turn",
        "retire": "the version before it is ended",
        "advance": f"{duration_text(step.by_ms)} of virtual time pass",
    }
    return told.get(step.do, f"{step.do} {order or ''}".rstrip())


def _flat(steps: Iterable[Step]) -> list[Step]:
    return [one for step in steps for one in (step.members or (step,))]


def _fault(fault: PlannedFault, plan: Plan) -> str:
    values = dict(fault.values)
    if fault.do == "skew":
        return _skew(fault)
    if fault.do == "mutate":
        return f"At {_call(fault.at)}, {_PHASES[fault.phase]}, the answer comes {_mutation(values)}."
    if fault.do == "lag":
        return f"At {_call(fault.at)}, {_lag(values)}."
    effect = _EFFECTS.get(fault.do, fault.do).format(outcome=values.pop("outcome", ""))
    durations = {
        option.name
        for option in (FAULTS[fault.do].options if fault.do in FAULTS else ())
        if option.kind in {"duration", "offset"}
    }
    currency = str(values.pop("currency", None) or plan.orders[0].currency)
    if isinstance(values.get("amount"), int):
        values["amount"] = to_text(int(str(values["amount"])), currency)
    parts = [
        name if value is True else f"{name} {_value(value, is_ms=name in durations)}"
        for name, value in values.items()
        if value is not False
    ]
    told = f" ({', '.join(parts)})" if parts else ""
    phase = _PHASES[fault.phase]
    if fault.at.provider == EFFECT:
        phase = phase.replace("the provider has", "the sink has")
    return f"At {_call(fault.at)}, {phase}, {effect}{told}."


def _lag(values: Mapping[str, object]) -> str:
    page, behind = values.get("page"), values.get("behind")
    count = int(str(behind)) if behind is not None else int(page is None)
    changes = "the newest change is" if count == 1 else f"the newest {count} changes are"
    told = [f"what was true before is shown: {changes} not there yet"] if count else []
    told += [f"a list comes in pages of {page}"] if page is not None else []
    return "; ".join(told)


def _skew(fault: PlannedFault) -> str:
    by_ms = int(str(fault.values.get("by", 0)))
    apart = f"{duration_text(abs(by_ms))} {'ahead' if by_ms > 0 else 'behind'}"
    return f"From the first call to the last, the provider's clock is {apart}."


def _mutation(values: Mapping[str, object]) -> str:
    """Say how an answer or event differs from the one that is due, and where."""
    kind, drift = str(values.get("kind", "")), values.get("drift")
    places = str(values["field"]).split(ELSE) if values.get("field") not in {None, ANYTHING} else []
    # A thin body keeps all of its places; of any other kind, the first place that there is gets changed.
    told = (
        f"with nothing but {', '.join(places)}" if kind == "thin" and places else _MUTATIONS.get(kind, kind)
    )
    where = f" at {' or '.join(places)}" if places and kind != "thin" else ""
    return f"{told}{where} (mutate {kind}" + (f", drift {drift})" if drift else ")")


def _load(load: PlannedLoad) -> str:
    order = load.order
    about = {"health": "its health page", "view": f"the view of {order}", "open": f"a new order {order}"}
    asked = " and ".join(about[word] for word in load.on)
    often = f", {load.times} times each" if load.times > 1 else ""
    return f"While {_call(load.during)} is held, the integration is asked for {asked}{often}."


def _value(value: object, *, is_ms: bool) -> object:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {part}" for name, part in value.items())
    return duration_text(value) if is_ms and isinstance(value, int) else value


def _call(selector: Selector) -> str:
    at = f" at {selector.provider}" if selector.provider not in {None, EFFECT} else ""
    at += f" by {selector.by}" if selector.by else ""
    if selector.name == ANY:
        return (f"every call for {selector.order}" if selector.order else "every call") + at
    which = "every" if selector.n is None else f"the {_ordinal(selector.n)}"
    return f"{which} {selector.name}" + (f" of {selector.order}" if selector.order else "") + at


def _ordinal(n: int) -> str:
    ending = "th" if n % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _delivery(delivery: PlannedDelivery, plan: Plan) -> str:
    event = _call(delivery.event)
    if delivery.is_of_strangers:
        times = f"{delivery.copies} times" if delivery.copies > 1 else "once"
        return f"The account tells {times} of a {delivery.event.name} that is somebody else's."
    if delivery.is_lost:
        return f"{_capital(event)} is never delivered."
    genuine = "{event} is delivered" if delivery.signature == "ok" else _SIGNATURES[delivery.signature]
    is_copy = delivery.signature not in {"ok", "rotated"}
    parts = [genuine.format(event=event.removeprefix("the ") if is_copy else event)]
    if delivery.copies > 1:
        parts.append(f"{delivery.copies} times, " + ("at once" if delivery.how == "at_once" else "in turn"))
    if delivery.before == "reply":
        parts.append("while the provider's answer is held")
    if delivery.after is not None:
        parts.append(f"not before {_call(delivery.after)} was delivered")
    if delivery.delay_ms:
        parts.append(f"{duration_text(delivery.delay_ms)} later")
    parts += _beyond(delivery, plan)
    if delivery.is_late:
        parts.append("long after everything was quiet")
    if delivery.mutate:
        parts.append(_mutation(delivery.mutate))
    return f"{_capital(', '.join(parts))}."


def _beyond(delivery: PlannedDelivery, plan: Plan) -> list[str]:
    """Tell under which id, where, how often and with what else an event comes."""
    told = [f"in one request with {', '.join(map(_call, delivery.batch))}"] if delivery.batch else []
    if delivery.beside:
        told.append(f"at the same moment as the next {delivery.beside} of its order")
    if delivery.then:
        told.append("and as soon as it is acknowledged, the integration is killed and started again")
    if delivery.is_renamed:
        told.append("each copy as another event with an id of its own")
    if delivery.to is not None:
        whose = f"of merchant {delivery.to}" if delivery.to in plan.merchants else delivery.to
        told.append(f"and also sent to the endpoint {whose}")
    if delivery.is_resent:
        told.append("and sent again at the provider's deadline, while the first copy is worked on")
    return told


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _default(plan: Plan) -> str:
    rest = "Every other event comes" if plan.deliveries else "Each event comes"
    return (
        f"{rest} once, after the answer to its call; in which order those of one call come is the seed's "
        f"choice (interleaving {plan.interleaving})."
    )


def _expected(plan: Plan) -> list[str]:
    expect = plan.expect
    told = [f"{order} ends as {status}." for order, status in expect.order.items()]
    for what, amounts in (("captured", expect.captured_minor), ("refunded", expect.refunded_minor)):
        told += [
            f"{to_text(minor, plan.order(order).currency)} of {order} is {what}."
            for order, minor in amounts.items()
        ]
    return told + [f"{name} is broken." for name in expect.broken]
