"""Euler served with gateways behind it: payments are routed, go on where one fails, and survive a kill."""

import base64
import json
from contextlib import contextmanager
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from tests.cli.test_serve import serving

PATIENCE_S = 30


class Shop:
    """What a shop says to Euler."""

    def __init__(self, variables):
        self.variables = variables

    def pay(self, order, amount="49.99", card="tkn_approved", currency="EUR"):
        form = {"order.order_id": order, "order.amount": amount, "order.currency": currency, "format": "json",
                "payment_method_type": "CARD", "card_token": card}  # fmt: skip
        return self._ask("POST", "/txns", urlencode(form).encode())

    def order(self, order):
        return self._ask("GET", f"/orders/{order}")

    def _ask(self, method, path, body=None):
        basic = base64.b64encode(f"{self.variables['EULER_API_KEY']}:".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "x-merchantid": self.variables["EULER_MERCHANT_ID"]}
        request = Request(self.variables["EULER_URL"] + path, body, headers, method=method)
        with urlopen(request, timeout=PATIENCE_S) as answer:
            return json.load(answer)


@contextmanager
def served(folder, *more):
    """Serve until the block ends, and then kill without a warning."""
    with serving(folder, *more) as (_, variables):
        yield Shop(variables)


def test_payments_go_to_the_first_gateway_in_the_order_of_priority(folder):
    with served(folder, "--behind", "adyen,stripe") as shop:
        paid = shop.pay("o1")

    assert (paid["status"], paid["gateway"]) == ("CHARGED", "ADYEN")


def test_rules_of_a_file_choose_among_them(folder):
    (folder / "routing.yaml").write_text("rules:\n  - {prefer: adyen, currency: JPY}\n  - {next: declined}\n")
    with served(folder, "--behind", "stripe,adyen", "--rules", "routing.yaml") as shop:
        euros, yen = shop.pay("o1"), shop.pay("o2", "5001", currency="JPY")
        refused = shop.pay("o3", card="tkn_insufficient_funds")
        tries = [one["gateway"] for one in shop.order("o3")["txn_list"]]

    assert (euros["gateway"], yen["gateway"]) == ("STRIPE", "ADYEN")
    assert refused["status"] in {"AUTHORIZATION_FAILED", "AUTHENTICATION_FAILED"}
    assert sorted(tries) == ["ADYEN", "STRIPE"]


def test_a_killed_server_comes_back_with_what_stands_behind_it(folder):
    with served(folder, "--behind", "stripe,adyen", "--state", "state") as first:
        first.pay("o1")
        first.pay("o2", card="tkn_declined")
        before = [first.order(one) for one in ("o1", "o2")]

    with served(folder, "--state", "state") as second:
        after = [second.order(one) for one in ("o1", "o2")]
        third = second.pay("o3")

    assert second.variables["EULER_API_KEY"] == first.variables["EULER_API_KEY"]
    here, there = first.variables["EULER_URL"], second.variables["EULER_URL"]
    assert json.loads(json.dumps(before).replace(here, there)) == after
    assert [one["status"] for one in after] == ["CHARGED", "AUTHORIZATION_FAILED"]
    assert (third["status"], third["gateway"]) == ("CHARGED", "STRIPE")
    kept = (folder / "state" / "journal.ndjson").read_text(encoding="utf-8")
    assert '"by":"euler"' in kept.replace(" ", "")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--behind", "strip"), "did you mean 'stripe'?"),
        (("--behind", ""), "unknown gateway ''"),
        (
            ("--behind", "stripe", "--provider", "adyen"),
            "adyen sends payments on to nobody; one that does: euler",
        ),
        (("--rules", "rules.yaml"), "--rules choose among the gateways of --behind"),
        (("--behind", "stripe", "--rules", "rules.yaml"), "rules.yaml:1:9: rules[0]: 'adyen' is no gateway"),
        (("scenarios/retries/lost_answer.yaml", "--behind", "stripe"), "FILE says itself who stands behind"),
    ],
)
def test_what_cannot_be_is_said(folder, process, given, said):
    (folder / "rules.yaml").write_text("rules: [{prefer: adyen}]\n")

    result = process("serve", *given)

    assert result.returncode == 2
    assert said in result.stderr


def test_a_state_keeps_to_who_stands_behind_it(folder, process):
    with served(folder, "--behind", "stripe,adyen", "--state", "state") as shop:
        shop.pay("o1")

    result = process("serve", "--behind", "adyen", "--state", "state")

    assert result.returncode == 2
    assert "this state has stripe,adyen behind euler" in result.stderr
