"""Settlement reports of a served provider, as files from the command line."""

import csv
import io
import json

import pytest
from tests.cli.test_serve import serving

from badgateway.cli.settlement import _FLAWS
from badgateway.payments.settlement import FLAWS


@pytest.fixture
def adyen(folder, monkeypatch, badgateway):
    """Serve Adyen, take one payment and one refund in, and have the shell know the address."""
    with serving(folder, "--provider", "adyen") as (_, variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert badgateway("trigger", "AUTHORISATION").exit_code == 0
        assert badgateway("trigger", "AUTHORISATION").exit_code == 0
        yield variables


def test_the_command_knows_the_flaws_of_the_gateway():
    assert _FLAWS == FLAWS


def test_what_has_moved_is_paid_out_and_printed_as_csv(adyen, badgateway):
    result = badgateway("settlement", "--pay-out")

    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert (result.exit_code, result.stderr) == (0, "")
    assert [row["kind"] for row in rows] == ["charge", "charge", "payout"]
    assert sum(int(row["net_minor"]) for row in rows) == 0
    assert all(row["order_reference"].startswith("T") for row in rows[:-1])
    assert adyen["SETTLEMENT_URL"].endswith("/settlement")


def test_a_report_is_written_to_a_file_and_listed(adyen, badgateway, folder):
    made = badgateway("settlement", "--pay-out", "--format", "json", "--out", "report.json")
    listed = badgateway("settlement", "--list").stdout.split()
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    again = badgateway("settlement", "--report", listed[0], "--format", "json")

    assert (made.exit_code, made.stdout) == (0, "")
    assert "settlement report: report.json" in made.stderr
    assert (listed[0], listed[2]) == (report["id"], "ready")
    assert json.loads(again.stdout) == report


def test_a_report_with_one_line_wrong_does_not_add_up(adyen, badgateway):
    result = badgateway("settlement", "--pay-out", "--flaw", "missing")

    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["kind"] for row in rows] == ["charge", "payout"]
    assert sum(int(row["net_minor"]) for row in rows) != 0


def test_what_is_not_there_says_how_it_comes_about(adyen, badgateway):
    none = badgateway("settlement")
    badgateway("settlement", "--pay-out")
    unknown = badgateway("settlement", "--report", "sr_none")
    nothing_new = badgateway("settlement", "--pay-out")
    alone = badgateway("settlement", "--flaw", "missing")
    stranger = badgateway("settlement", "--api-key", "sk_test_of_nobody")

    assert [one.exit_code for one in (none, unknown, nothing_new, alone, stranger)] == [2, 2, 2, 2, 3]
    assert "--pay-out pays out, and makes one" in none.stderr
    assert "unknown settlement report 'sr_none'" in unknown.stderr
    assert "nothing was paid out" in nothing_new.stderr
    assert "say --pay-out as well" in alone.stderr
    assert "API key of the account" in stranger.stderr


def test_the_url_is_printed_for_programs_that_fetch_the_reports_themselves(folder):
    with serving(folder) as (_, variables):
        assert variables["SETTLEMENT_URL"] == f"{variables['STRIPE_URL']}/settlement"
