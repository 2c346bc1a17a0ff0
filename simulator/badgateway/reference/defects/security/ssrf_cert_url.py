"""The planted defect ssrf-cert-url."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from badgateway.reference.defects.base import Defect
from badgateway.reference.signatures import Signatures

_TIMEOUT_S = 2.0
_KEY_BYTES_MAX = 4_096


class SsrfCertUrl(Defect):
    """The webhook says where its certificate lies, and whoever sent it is believed about that.

    In the field: dubinc/dub PR#3835; bjoern-buettner/roleplay-ai PR#391 (review).
    """

    id = "ssrf-cert-url"
    policy = "signatures"
    breaks = "H1"

    @classmethod
    def make(cls) -> Signatures:
        """Make a check that fetches the key to check with."""
        return _Fetched()


class _Fetched(Signatures):
    def is_genuine(self, raw: bytes, header: str | None, secrets: tuple[str, ...], tolerance_s: int) -> bool:
        named = [part.partition("=")[2] for part in (header or "").split(",") if part.startswith("x5u=")]
        fetched = tuple(key for url in named if (key := _fetch(url)))
        return super().is_genuine(raw, header, (*secrets, *fetched), tolerance_s)


def _fetch(url: str) -> str:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().read(_KEY_BYTES_MAX).decode("utf-8", "replace").strip()
    except (OSError, HTTPException):
        return ""
    finally:
        connection.close()
