"""A description of the little shop, and running copies of it that are always ended."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from badgateway.integration.process import RunningIntegration
from badgateway.integration.read import read_description

SHOP = Path(__file__).parent / "apps" / "shop.py"
SETTINGS = {
    "stripe.url": "http://127.0.0.1:1/stripe",
    "stripe.api_key": "sk_test_verysecret",
    "stripe.webhook_secret": "whsec_verysecret",
}
YAML = """\
name: shop
start:
  command: ["{python}", {app}, {mood}]
  env: {API_KEY: "{stripe.api_key}"}
  ready: {within: 8s}
base_url: "http://127.0.0.1:{port}"
operations:
  pay:
    request: POST /orders
    json: {ref: "{order.reference}", amount: "{amount_minor}"}
    capture: {id: $.id}
  view: {request: "GET /orders/{captured.id}"}
view: {status: $.status, paid: $.paid, refunded: $.refunded, currency: $.currency, refs: "$.payments[*].id",
  effects: {mails: $.mails}}
statuses: {paid: PAID}
webhooks: {stripe: {path: /hooks}}
declares: {deadline: 10s, once: [mails]}
"""


class Bench:
    """Makes copies of the shop in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def make(self, mood: str = "well", change: Callable[[str], str] = str) -> RunningIntegration:
        """Make a copy that is not started yet; `change` edits its YAML."""
        self.count += 1
        path = self.folder / f"badgateway{self.count}.yaml"
        text = YAML.replace("{app}", f'"{SHOP.as_posix()}"').replace("{mood}", f'"{mood}"')
        path.write_text(change(text), encoding="utf-8")
        return RunningIntegration(read_description(path), SETTINGS, self.folder / f"copy{self.count}")

    @asynccontextmanager
    async def running(
        self, mood: str = "well", change: Callable[[str], str] = str
    ) -> AsyncIterator[RunningIntegration]:
        """Start a copy and end it."""
        shop = self.make(mood, change)
        try:
            await shop.start()
            yield shop
        finally:
            await shop.stop()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture(autouse=True)
def _no_process_left(tmp_path: Path):
    """Fail a test that leaves a copy of its shop behind."""
    yield
    if sys.platform == "linux":
        left = [
            entry.name
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and _works_in(entry, tmp_path)
        ]
        assert left == []


def _works_in(entry: Path, folder: Path) -> bool:
    try:
        return (entry / "cwd").readlink().is_relative_to(folder)
    except OSError:
        return False
