"""Signatures that travel in the body: which secret signs a delivery, where the dialect signs so."""

from __future__ import annotations

from badgateway.play.account import Account
from badgateway.play.trap import STRANGER
from badgateway.play.world import World
from badgateway.providers.base import Dialect, Endpoint
from badgateway.webhooks.outbox import Item


def sealed(world: World, item: Item, told_by: Account, endpoint: Endpoint, body: bytes) -> bytes:
    """Give a body as it leaves; where signatures are in headers, that is as it is."""
    dialect = told_by.signs_inside
    if dialect is None:
        return body
    match item.signature:
        case "none":
            return dialect.sign_inside(body, None)
        case "garbage" | "cert_url":
            return dialect.sign_inside(body, Endpoint(endpoint.url, STRANGER))
        case "other_tenant":
            return dialect.sign_inside(body, other_tenant(world, endpoint, told_by.dialect))
        case "rotated":
            rolled = Endpoint(endpoint.url, endpoint.secret + "_next", old_secret=endpoint.secret)
            return dialect.sign_inside(body, rolled)
    return dialect.sign_inside(body, endpoint)


def other_tenant(world: World, endpoint: Endpoint, dialect: Dialect) -> Endpoint:
    """Give an endpoint with another merchant's secret at this provider, or with one that nobody has."""
    places = (world.endpoint_of(merchant, dialect) for merchant in world.tenants)
    secrets = [one.secret for one in places if one is not None]
    foreign = next((one for one in secrets if one != endpoint.secret), None)
    return Endpoint(endpoint.url, foreign or endpoint.secret + "_of_another_tenant")
