"""A certificate authority made for one run, and what it certifies: a provider's real host names."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from badgateway.errors import EnvironmentProblem

FILE = "authority.pem"


class Authority:
    """Certifies host names; its key never leaves this process, and nobody else trusts it."""

    def __init__(self) -> None:
        try:
            import trustme  # noqa: PLC0415 - an extra, and only for those who attach by proxy
        except ImportError as error:
            raise EnvironmentProblem(
                "attaching by proxy needs a package that is not installed: pip install 'badgateway[attach]'"
            ) from error
        self._made = trustme.CA(organization_name="badgateway, made for one run")

    def context(self, host: str) -> ssl.SSLContext:
        """Give what a server needs to answer for a host; HTTP/1.1 only."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        self._made.issue_cert(host).configure_cert(context)
        return context

    def write(self, folder: Path) -> str:
        """Write the certificates that a program shall trust, ours after this machine's; give the file."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder.resolve() / FILE
        known = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile
        others = Path(known).read_bytes() if known and Path(known).is_file() else b""
        path.write_bytes(b"%s\n%s" % (others.rstrip(), self._made.cert_pem.bytes()))
        return str(path)
