"""Which secret signs a delivery, and the signatures that travel in the body, where the dialect signs so."""

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
    if item.signature == "none":
        return dialect.sign_inside(body, None)
    return dialect.sign_inside(body, signing(world, item, told_by.dialect, endpoint))


def signing(world: World, item: Item, dialect: Dialect, endpoint: Endpoint) -> Endpoint:
    """Give what signs a delivery to an endpoint: its own secret, or the one that a story wants instead."""
    match item.signature:
        case "garbage" | "cert_url":
            return Endpoint(endpoint.url, STRANGER)
        case "other_tenant":
            return _other_tenant(world, endpoint, dialect)
        case "rotated":
            return Endpoint(endpoint.url, endpoint.secret + "_next", old_secret=endpoint.secret)
    return endpoint


def _other_tenant(world: World, endpoint: Endpoint, dialect: Dialect) -> Endpoint:
    """Give an endpoint with another merchant's secret at this provider, or with one that nobody has."""
    places = (world.endpoint_of(merchant, dialect) for merchant in world.tenants)
    secrets = [one.secret for one in places if one is not None]
    foreign = next((one for one in secrets if one != endpoint.secret), None)
    return Endpoint(endpoint.url, foreign or endpoint.secret + "_of_another_tenant")
