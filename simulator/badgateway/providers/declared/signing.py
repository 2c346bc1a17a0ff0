"""The signature of a webhook by one of the schemes of the list, over the exact bytes that are sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from collections.abc import Mapping
from functools import lru_cache

from badgateway.ground.clock import utc_text
from badgateway.ground.message import Headers
from badgateway.providers.base import Endpoint
from badgateway.providers.declared.model import Signature, Spec
from badgateway.providers.declared.rsa import PrivateKey, read_key
from badgateway.providers.declared.templates import split

OVER_NAMES = ("body", "timestamp", "created", "id", "url", "crc32", "secret")
VALUE_NAMES = ("signatures", "timestamp", "id", "key_id")
HEADER_NAMES = ("id", "type", "timestamp", "home", "created")
STANDARD = "standard"


def told_secret(secret: str, scheme: Signature) -> str:
    """Give a webhook secret as the provider shows it to its account."""
    raw = secret.encode()
    if scheme.scheme == STANDARD:
        return f"whsec_{base64.b64encode(raw).decode()}"
    if scheme.scheme != "hmac" or scheme.key in {"text", "sha1"}:
        return secret
    return raw.hex() if scheme.key == "hex" else base64.b64encode(raw).decode()


def sign(
    spec: Spec, body: bytes, endpoint: Endpoint, at_s: int, event_id: str, more: Mapping[str, str]
) -> Headers:
    """Give all headers that a webhook has beside the usual ones; `more` are words for the further ones."""
    scheme = spec.webhooks.signature
    words = {"timestamp": str(at_s), "created": utc_text(at_s * 1000), "id": event_id, **more}
    further = tuple(
        (name, "".join(part if word is None else words.get(word, "") for part, word in split(text)))
        for name, text in spec.webhooks.headers.items()
    )
    return (*_SCHEMES[scheme.scheme](scheme, body, endpoint, words), *further, *endpoint.headers)


def _hmac(scheme: Signature, body: bytes, endpoint: Endpoint, words: Mapping[str, str]) -> Headers:
    # A provider that shows one signature at a time goes on with the old secret until it is replaced.
    secrets = [endpoint.old_secret or endpoint.secret]
    if scheme.joined is not None:
        secrets = [endpoint.secret, *filter(None, [endpoint.old_secret])]
    made = []
    for secret in secrets:
        message = _over(scheme, body, endpoint, words, secret)
        digest = hmac.new(_key(secret, scheme), message, scheme.algorithm).digest()
        made.append(_words(scheme.each, {**words, "signature": _encoded(digest, scheme)}))
    value = _words(scheme.value, {**words, "signatures": (scheme.joined or "").join(made)})
    return ((scheme.header, value),)


def _standard(scheme: Signature, body: bytes, endpoint: Endpoint, words: Mapping[str, str]) -> Headers:
    # Standard Webhooks 1.0.0: any of several signatures is enough for a receiver.
    message = f"{words['id']}.{words['timestamp']}.".encode() + body
    signed = [
        f"v1,{base64.b64encode(hmac.new(secret.encode(), message, 'sha256').digest()).decode()}"
        for secret in filter(None, [endpoint.secret, endpoint.old_secret])
    ]
    head = scheme.prefix
    return (
        (f"{head}-id", words["id"]),
        (f"{head}-timestamp", words["timestamp"]),
        (f"{head}-signature", " ".join(signed)),
    )


def _basic(scheme: Signature, body: bytes, endpoint: Endpoint, words: Mapping[str, str]) -> Headers:  # noqa: ARG001 - one signature for all schemes
    pair = f"{scheme.user}:{endpoint.old_secret or endpoint.secret}"
    return ((scheme.header or "Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"),)


def _rsa(scheme: Signature, body: bytes, endpoint: Endpoint, words: Mapping[str, str]) -> Headers:
    message = _over(scheme, body, endpoint, words, endpoint.old_secret or endpoint.secret)
    signed = _private_key(scheme.private_key).sign(message, scheme.algorithm)
    return ((scheme.header, _encoded(signed, scheme)),)


def _none(scheme: Signature, body: bytes, endpoint: Endpoint, words: Mapping[str, str]) -> Headers:  # noqa: ARG001 - as above
    return ()


_SCHEMES = {"hmac": _hmac, STANDARD: _standard, "basic": _basic, "rsa": _rsa, "none": _none}


@lru_cache(maxsize=16)
def _private_key(pem: str) -> PrivateKey:
    return read_key(pem)


def _over(scheme: Signature, body: bytes, endpoint: Endpoint, words: Mapping[str, str], secret: str) -> bytes:
    known = {
        "body": body,
        "crc32": str(zlib.crc32(body)).encode(),
        "url": endpoint.url.encode(),
        "secret": secret.encode(),
        "timestamp": words["timestamp"].encode(),
        "created": words["created"].encode(),
        "id": words["id"].encode(),
    }
    return b"".join(part.encode() if name is None else known[name] for part, name in split(scheme.over))


def _key(secret: str, scheme: Signature) -> bytes:
    # hex and base64 are how the account is shown the secret; the key is what they stand for.
    return hashlib.sha1(secret.encode()).digest() if scheme.key == "sha1" else secret.encode()  # noqa: S324 - the provider's own rule


def _encoded(digest: bytes, scheme: Signature) -> str:
    return digest.hex() if scheme.encoding == "hex" else base64.b64encode(digest).decode()


def _words(text: str, words: Mapping[str, str]) -> str:
    known = {"key_id": "1", **words}
    return "".join(part if name is None else known[name] for part, name in split(text))
