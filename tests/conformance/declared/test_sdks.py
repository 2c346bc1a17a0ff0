"""The vendors' unmodified Python SDKs against the providers that are declared in files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ACME = Path(__file__).parents[2] / "providers" / "every" / "acme.provider.yaml"
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time


@pytest.mark.parametrize(
    ("name", "provider", "packages", "least"),
    [
        ("razorpay_behaviours.py", "razorpay", ("razorpay==2.0.1", "setuptools<80"), 8),
        ("checkout_behaviours.py", "checkout", ("checkout_sdk==4.8.1",), 12),
        ("square_behaviours.py", "square", ("squareup>=46,<47",), 7),
    ],
)
def test_the_unmodified_sdk_drives(name, provider, packages, least, suite):
    done = suite(name, provider, *packages)

    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) >= least


def test_the_library_of_standard_webhooks_takes_its_signatures_for_genuine(tmp_path, suite):
    """A made-up provider signs as Standard Webhooks says, and the reference library verifies it."""
    text = re.sub(
        r"signature: \{.*?\}\n  headers: \{.*?\}\n",
        "signature: {scheme: standard}\n",
        ACME.read_text().replace("name: acme", "name: standard"),
        flags=re.DOTALL,
    )
    file = tmp_path / "standard.provider.yaml"
    file.write_text(text)

    done = suite("standard_behaviours.py", str(file), "standardwebhooks>=1.1,<2")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
