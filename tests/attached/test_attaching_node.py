"""A shop in Node with stripe-node's own address, attached by a preload, as ES module and as CommonJS."""

import shutil
import subprocess
from pathlib import Path

import pytest

from badgateway.verdict.model import HELD

pytestmark = pytest.mark.conformance
SHOP = Path(__file__).with_name("shop.mjs")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Give the shop beside the packages that it imports."""
    folder = tmp_path_factory.mktemp("shop")
    install = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), "stripe@23"]
    subprocess.run(install, check=True, timeout=400)
    return shutil.copy(SHOP, folder)


@pytest.mark.parametrize("modules", ["esm", "cjs"])
def test_a_shop_in_node_is_attached(played, shop, modules):
    result = played(["node", str(shop), modules], "node-sdk")

    assert (result.verdict.state, result.verdict.problems) == (HELD, ())
    sent = [entry.data["class"] for entry in result.entries if entry.kind == "webhook.sent"]
    assert sent.count("duplicate") == 1
