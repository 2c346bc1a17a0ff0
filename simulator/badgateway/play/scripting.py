"""The issuer's script of an order: what it answers to one charge after another, whatever the card."""

from __future__ import annotations

from badgateway.payments.decisions import scripted
from badgateway.play.account import Account
from badgateway.play.world import World
from badgateway.providers.base import Parsed

ISSUER = "issuer"  # under which the answers of an order that were used are counted


def follow_script(world: World, account: Account, order: str | None, parsed: Parsed) -> bool:
    """Let the next charge of an order be decided by its script; False: there is nothing left of one.

    A charge that never comes to the issuer uses up nothing.
    """
    known = next((one for one in world.plan.orders if one.name == order), None)
    used = world.dossiers.counted(order, ISSUER)
    if known is None or parsed.op != "charge" or used >= len(known.script):
        return False
    payment = account.book.payment(parsed.payment_id) if parsed.payment_id else None
    asked = parsed.amount_minor or (payment.amount_minor if payment is not None else known.amount_minor)
    account.book.decide_next = scripted(known.script[used], asked)
    return True
