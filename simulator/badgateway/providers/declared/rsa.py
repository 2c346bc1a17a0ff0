"""RSA signatures after PKCS #1 v1.5 (RFC 8017, section 8.2), with a key that was made for tests.

The core has no cryptographic library, and a simulator's key guards nothing: plain integers are enough.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

# RFC 8017, section 9.2, note 1: the DER of each hash's name before its digest.
_DIGEST_INFO = {
    "sha1": "3021300906052b0e03021a05000414",
    "sha256": "3031300d060960864801650304020105000420",
    "sha512": "3051300d060960864801650304020305000440",
}
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What signing needs of a key: modulus, primes, and their parts of the private exponent."""

    modulus: int
    primes: tuple[int, int]
    exponents: tuple[int, int]
    coefficient: int

    def sign(self, message: bytes, algorithm: str) -> bytes:
        """Give the signature of a message."""
        size = (self.modulus.bit_length() + 7) // 8
        told = bytes.fromhex(_DIGEST_INFO[algorithm]) + hashlib.new(algorithm, message).digest()
        padded = b"\x00\x01" + b"\xff" * (size - len(told) - 3) + b"\x00" + told
        number = int.from_bytes(padded, "big")
        (p, q), (dp, dq) = self.primes, self.exponents
        first, second = pow(number, dp, p), pow(number, dq, q)
        # The Chinese remainder theorem makes it four times as fast as one power of the whole.
        signed = second + q * ((first - second) * self.coefficient % p)
        return signed.to_bytes(size, "big")


def read_key(pem: str) -> PrivateKey:
    """Read an unencrypted PEM key, PKCS #1 or PKCS #8; raises ValueError."""
    lines = [line.strip() for line in pem.strip().splitlines()]
    try:
        der = base64.b64decode("".join(line for line in lines if not line.startswith("-----")), validate=True)
        numbers = _numbers(der)
    except (binascii.Error, IndexError, ValueError):
        raise ValueError("expected an unencrypted RSA private key in PEM") from None
    _, modulus, _, _, p, q, dp, dq, coefficient, *_ = numbers
    return PrivateKey(modulus, (p, q), (dp, dq), coefficient)


def _numbers(der: bytes) -> list[int]:
    parts = list(_parts(_content(der, _SEQUENCE)))
    inner = next((content for tag, content in parts if tag == _OCTETS), None)
    if inner is not None:
        return _numbers(inner)
    numbers = [int.from_bytes(content, "big") for tag, content in parts if tag == _INTEGER]
    if len(numbers) < 9:
        raise ValueError("too few numbers for an RSA key")
    return numbers


def _content(der: bytes, tag: int) -> bytes:
    found, content = _parts(der)[0]
    if found != tag:
        raise ValueError("not the expected structure")
    return content


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    parts = []
    while der:
        tag, length, start = der[0], der[1], 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(der[2:start], "big")
        parts.append((tag, der[start : start + length]))
        der = der[start + length :]
    return parts
