"""The checkout's card field: what is typed becomes a token at once, and is neither stored nor told."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.reference.orders import need_order
from badgateway.reference.provider import CallFailed
from badgateway.reference.service import Problem, Service


def tokenise(service: Service, reference: str, typed: Mapping[str, str]) -> str:
    """Give the provider's token for a card; raises Problem 402 or 503."""
    with service.store.read() as tx:
        service = service.of(need_order(tx, reference).merchant)
    card = {
        "number": typed["number"],
        "cvc": typed["cvc"],
        "exp_month": typed["month"],
        "exp_year": typed["year"],
    }
    try:
        token = service.provider.tokenise(card, reference)
    except CallFailed as problem:
        service.log("card_refused", order=reference, code=problem.code, said=problem.said)
        if problem.proves in {"declined", "refused"}:
            raise Problem(402, "card_refused", "the card was refused") from None
        raise Problem(503, "try_again", "the card could not be read, try again") from None
    service.log("card_tokenised", order=reference, kind=f"card ending {typed['number'][-4:]}")
    return token
