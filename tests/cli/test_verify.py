"""`badgateway verify`: one table, and an exit code that says whether all promises were kept."""

import json
import sys
from xml.etree import ElementTree as ET

import pytest

from badgateway.cli.verify_reports import as_json, as_junit, as_markdown
from badgateway.cli.verify_table import details, table
from badgateway.report.line import lay_out
from badgateway.verify.boundaries import merchant_document, pacts_at
from badgateway.verify.tried import Finding, Tried

CURL = "curl -i -X POST " + "x" * 200
KEPT = Tried("provider", "pact", "stripe", "shop-stripe.json", ("pay", "refund"), 2)
BROKEN = Tried(
    "merchant",
    "schemathesis",
    "shop",
    "shop.openapi.yaml",
    ("GET /health", "POST /orders"),
    1234,
    (Finding("POST /orders", "shop", ("Server error",), "not_a_server_error", CURL),),
    seed=7,
    again="badgateway verify merchant --tool schemathesis --seed 7",
)
UNTRIED = Tried(
    "provider",
    "pact",
    "stripe",
    "shop-stripe.json",
    ("pay",),
    1,
    (Finding("pay", None, ("provider state: 'x' is unknown",)),),
)
HALF = Tried("provider", "schemathesis", "stripe", "s.yaml", ("GET /a",), 3, problems=("1 of 2 was tried",))
ROWS = (BROKEN, KEPT, UNTRIED, HALF)


def printed(lines):
    return lay_out(lines, 100, is_coloured=False).splitlines()


def test_the_provider_boundary_is_told_as_a_table(badgateway):
    result = badgateway("verify", "provider", "--tool", "pact")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "boundary  tool  held to                         tried            result",
        "provider  pact  reference-adyen-webhooks.json   23 interactions  kept",
        "provider  pact  reference-adyen.json            17 interactions  kept",
        "provider  pact  reference-stripe-webhooks.json  21 interactions  kept",
        "provider  pact  reference-stripe.json           9 interactions   kept",
    ]


def test_a_defect_of_the_integration_breaks_its_promise_to_the_checkout(badgateway):
    result = badgateway("verify", "merchant", "--tool", "pact", "--defect", "partial-refund-as-full", "-q")

    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert "          reference broke its promise" in lines
    assert lines[-1] == "merchant  pact  checkout-reference.json  21 interactions  broken"
    again = "badgateway verify merchant --defect partial-refund-as-full --tool pact"
    assert f"  Reproduce: {again}" in lines


def test_reports_and_json_hold_the_same_rows(badgateway, folder):
    wanted = ("--format", "json", "--report", "junit", "--report", "json", "--report", "markdown")

    result = badgateway("verify", "provider", "--tool", "pact", *wanted)

    document = json.loads(result.stdout)
    kept = folder / "badgateway-report"
    assert [(row["subject"], row["state"]) for row in document["rows"]] == [
        ("reference-adyen-webhooks.json", "kept"),
        ("reference-adyen.json", "kept"),
        ("reference-stripe-webhooks.json", "kept"),
        ("reference-stripe.json", "kept"),
    ]
    assert len(json.loads((kept / "report.json").read_text(encoding="utf-8"))["rows"]) == 4
    assert len(ET.parse(kept / "junit.xml").getroot().findall("*/testcase")) == 70
    assert "every promise was kept" in (kept / "summary.md").read_text(encoding="utf-8")


def test_the_internal_boundary_is_told_as_a_table(badgateway):
    result = badgateway("verify", "internal", "--tool", "pact")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "boundary  tool  held to                        tried            result",
        "internal  pact  reference-euler-webhooks.json  21 interactions  kept",
        "internal  pact  reference-euler.json           21 interactions  kept",
    ]


def test_an_unknown_boundary_is_bad_input(badgateway):
    result = badgateway("verify", "shopper")

    assert result.exit_code == 2
    assert "'merchant', 'internal', 'provider', 'all'" in result.stderr


def test_an_integration_without_contracts_is_told_how_to_name_them(badgateway):
    badgateway("init")

    result = badgateway("verify", "merchant")

    assert result.exit_code == 2
    assert "contracts: {document: openapi.yaml, pacts: [pacts]}" in result.stderr


@pytest.mark.parametrize(
    ("text", "why"),
    [("seed = 3", "'seed' is set by badgateway"), ("a = [", "this is no TOML"), (None, "No such file")],
)
def test_settings_that_cannot_be_taken_are_bad_input(badgateway, folder, text, why):
    if text is not None:
        (folder / "st.toml").write_text(text, encoding="utf-8")

    result = badgateway("verify", "provider", "--settings", "st.toml")

    assert result.exit_code == 2
    assert why in result.stderr


@pytest.mark.parametrize("more", [["provider"], ["all"], ["merchant", "--tool", "pact"]])
def test_under_faults_goes_with_generated_requests_at_the_merchant_boundary_alone(badgateway, more):
    result = badgateway("verify", *more, "--under-faults")

    assert result.exit_code == 2
    assert "--under-faults goes with the merchant boundary" in result.stderr


@pytest.mark.parametrize("library", ["pact", "schemathesis"])
def test_a_missing_extra_is_one_sentence(badgateway, monkeypatch, library):
    # What stands as None in sys.modules counts as not installed (Python reference, section 5.3.1).
    monkeypatch.setitem(sys.modules, library, None)

    result = badgateway("verify")

    assert result.exit_code == 3
    assert result.stderr.startswith(f"contract checks need the extra 'contracts' ({library} missing): ")
    assert result.stderr.count("\n") == 1


def test_the_table_says_what_was_tried_and_how_it_went():
    assert printed(table(ROWS)) == [
        "boundary  tool          held to                    tried                      result",
        "merchant  schemathesis  shop.openapi.yaml, seed 7  2 operations, 1,234 cases  broken",
        "provider  pact          shop-stripe.json           2 interactions             kept",
        "provider  pact          shop-stripe.json           1 interaction              not tried",
        "provider  schemathesis  s.yaml                     1 operation, 3 cases       not tried",
    ]


def test_only_what_was_kept_fails_no_run():
    assert [row.is_well for row in ROWS] == [False, True, False, False]


def test_a_broken_promise_is_told_with_whose_it_was_a_curl_line_that_never_wraps_and_how_to_repeat_it():
    assert printed(details(BROKEN)) == [
        "merchant  schemathesis, shop.openapi.yaml: 2 operations, 1,234 cases",
        "  broken  POST /orders",
        "          shop broke its promise (not_a_server_error)",
        "          Server error",
        f"          {CURL}",
        "  Reproduce: badgateway verify merchant --tool schemathesis --seed 7",
        "",
    ]


def test_what_could_not_be_tried_blames_nobody():
    assert printed([*details(UNTRIED), *details(HALF), *details(KEPT)]) == [
        "provider  pact, shop-stripe.json: 1 interaction",
        "  untried pay",
        "          provider state: 'x' is unknown",
        "",
        "provider  schemathesis, s.yaml: 1 operation, 3 cases",
        "  untried 1 of 2 was tried",
        "",
    ]


def test_junit_counts_promises_and_tells_broken_from_untried():
    root = ET.fromstring(as_junit(ROWS))

    suites = root.findall("testsuite")
    counts = [tuple(suite.get(name) for name in ("tests", "failures", "errors")) for suite in suites]
    assert counts == [("2", "1", "0"), ("2", "0", "0"), ("1", "0", "1"), ("2", "0", "1")]
    failure = root.find(".//failure")
    assert (failure.get("message"), failure.get("type")) == ("shop broke its promise", "not_a_server_error")
    assert CURL in failure.text


def test_json_says_whether_all_is_well():
    told = json.loads(as_json(ROWS))

    assert (told["is_well"], json.loads(as_json([KEPT]))["is_well"]) == (False, True)
    assert told["rows"][0]["findings"][0]["broken_by"] == "shop"


def test_markdown_has_the_table_and_what_was_not_kept():
    text = as_markdown(ROWS)

    assert text.startswith("## badgateway verify: 2 promises were not kept\n")
    assert (
        "| merchant | schemathesis | shop.openapi.yaml, seed 7 | 2 operations, 1,234 cases | broken |" in text
    )
    assert "- **POST /orders**: shop broke its promise" in text


SPECS = merchant_document().parent
PACT = next(path for path in pacts_at("provider") if path.name == "reference-stripe.json")


def test_a_pact_is_compared_with_a_document_offline(badgateway):
    result = badgateway(
        "verify", "--pact", str(PACT), "--against", str(SPECS / "providers" / "stripe.openapi.yaml")
    )

    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].split() == [
        *("offline", "pact", "reference-stripe.json", "against", "stripe.openapi.yaml"),
        *("9", "interactions", "kept"),
    ]


def test_each_difference_is_in_every_report_with_whose_promise_it_was(badgateway, folder):
    files = ("--pact", str(PACT), "--against", str(SPECS / "merchant.openapi.yaml"))
    reports = ("--report", "junit", "--report", "json", "--report", "markdown", "-q")

    result = badgateway("verify", *files, *reports)

    kept = folder / "badgateway-report"
    assert result.exit_code == 1
    assert "          reference broke its promise (the document does not speak of it)" in result.stdout
    assert len(ET.parse(kept / "junit.xml").getroot().findall(".//failure")) == 9
    (row,) = json.loads((kept / "report.json").read_text(encoding="utf-8"))["rows"]
    assert {finding["broken_by"] for finding in row["findings"]} == {"reference"}
    assert "9 promises were not kept" in (kept / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ((), "--pact FILE goes with --against DOCUMENT"),
        (("--against", "README.md"), "No such file or directory"),
        (("--against", "x.yaml", "--seed", "3"), "leave --seed out"),
        (("provider", "--against", "x.yaml", "--tool", "pact"), "leave the boundary, --tool out"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_bad_input(badgateway, more, why):
    result = badgateway("verify", "--pact", str(PACT), *more)

    assert result.exit_code == 2
    assert why in result.stderr
