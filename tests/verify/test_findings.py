"""Events of a run become operations with their failures; nothing that was left out looks like success."""

import base64
import json
import subprocess

import pytest

from badgateway.verify.findings import read_events

LOADED = {"LoadingFinished": {"statistic": {"operations": {"total": 1, "selected": 1}}}}
ENDED = {"EngineFinished": {"stop_reason": "completed"}}


def scenario(*, body=None, failure=None, status="success", headers=None, cases=("c1",)):
    request = {"method": "POST", "uri": "http://127.0.0.1:1/orders", "headers": headers or {}, "body": None}
    if body is not None:
        request["body"] = {"$base64": base64.b64encode(body).decode()}
    check = {"name": "not_a_server_error", "status": status}
    if failure is not None:
        check["failure_info"] = {"failure": failure}
    return {
        "ScenarioFinished": {
            "recorder": {
                "label": "POST /orders",
                "checks": {case: [check] for case in cases},
                "interactions": {case: {"request": request} for case in cases},
            }
        }
    }


def found(*events):
    return read_events([json.dumps(event) for event in events])


def broken(**more):
    failure = {"title": "Server error", "message": "it\n\nbroke"}
    return found(LOADED, scenario(status="failure", failure=failure, **more), ENDED)


def test_operations_are_listed_with_the_number_of_their_cases():
    findings = found(LOADED, scenario(cases=("c1", "c2")), scenario(cases=("c3",)), ENDED)

    (operation,) = findings.operations
    assert (operation.operation, operation.cases, operation.is_ok) == ("POST /orders", 3, True)
    assert findings.problems == ()


def test_a_fault_that_shows_in_many_cases_is_told_once_on_one_line():
    (operation,) = broken(cases=("c1", "c2")).operations

    (failure,) = operation.failures
    assert (failure.check, failure.message) == ("not_a_server_error", "Server error: it broke")


@pytest.mark.parametrize(
    "body", [b'{"a": "it\'s"}', b"@/etc/passwd", b"\xff\x00", b"a\nb", b"", b"$(id) `id` %s"]
)
def test_the_curl_line_sends_the_same_bytes(body, tmp_path):
    (operation,) = broken(body=body, headers={"Content-Type": ["text/plain"], "Accept": ["*/*"]}).operations
    # A stand-in for curl writes down what it was given, as a shell hands it over.
    curl = tmp_path / "curl"
    curl.write_text(
        '#!/bin/sh\nwhile [ $# -gt 0 ]; do case "$1" in\n'
        '--data-raw) printf %s "$2" ;;\n--data-binary) cat ;;\n'
        '-H) printf "%s\\n" "$2" >&2 ;;\nesac; shift; done\n'
    )
    curl.chmod(0o700)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}

    sent = subprocess.run(
        ["/bin/sh", "-c", operation.failures[0].curl], env=environment, capture_output=True, check=True
    )

    assert sent.stdout == body
    assert sent.stderr == b"Content-Type: text/plain\n"


def test_a_run_that_was_broken_off_is_a_problem():
    findings = found(LOADED, scenario())

    assert findings.problems == ("Schemathesis broke off before its end",)


def test_the_torn_last_line_of_a_killed_run_is_passed_over():
    findings = read_events([json.dumps(LOADED), json.dumps(scenario()), '{"EngineFin'])

    assert findings.problems == ("Schemathesis broke off before its end",)


def test_an_operation_that_was_never_tried_is_a_problem():
    findings = found(LOADED, ENDED)

    assert findings.problems == ("0 of 1 operations were tried",)


def test_errors_of_the_tool_are_problems_and_not_success():
    error = {"NonFatalError": {"label": "POST /orders", "value": {"type": "X", "message": "no connection"}}}
    dangling = {"operation_label": "POST /orders", "subject": "`body`", "reference": "#/components/x"}

    findings = found(
        LOADED, error, error, {"SchemaAnalysisWarnings": {"warnings": [dangling]}}, scenario(), ENDED
    )

    assert findings.problems == (
        "POST /orders: no connection",
        "POST /orders: #/components/x leads nowhere in the document",
    )


def test_a_document_that_cannot_be_read_says_so():
    findings = found({"FatalError": {"exception": {"type": "LoaderError", "message": "not YAML"}}})

    assert (findings.unreadable, findings.operations) == ("not YAML", ())
