"""What an OpenTelemetry exporter sends is looked through for canaries, in either encoding, packed or not."""

import gzip
import json

import pytest

from badgateway.ground.canary import SECRET, Canary
from badgateway.ground.message import Request
from badgateway.integration.watch import TEXT_MAX, Watch

KEY = "sk_test_0123456789abcdef"


def export(body, path="/otlp/v1/traces", kind="application/json", *more):
    return Request("POST", path, "", (("Content-Type", kind), *more), body)


def spans(text):
    attribute = {"key": "http.request.header.authorization", "value": {"stringValue": text}}
    scope = {"spans": [{"name": "POST", "attributes": [attribute]}]}
    return json.dumps({"resourceSpans": [{"scopeSpans": [scope]}]}).encode()


def protobuf(text):
    """Write one field of a message: its tag, the length of the text, the text."""
    data = text.encode()
    return bytes([0x0A, len(data)]) + data


def collected(lab, request):
    """Send one export while a play is on, and give its answer and the places where the key was seen."""
    world, seen = lab.a_world(lab.a_plan()), []
    world.watch = Watch()
    world.watch.plant(
        Canary("API key", SECRET, KEY), lambda _, place, form: seen.append((place, form)), world
    )

    exchange = lab.worlds_of(world).arrive(request)
    return exchange.commit(), seen, world


@pytest.mark.parametrize(
    "request_",
    [
        export(spans(f"Bearer {KEY}")),
        export(protobuf(f"Bearer {KEY}"), kind="application/x-protobuf"),
        export(
            gzip.compress(spans(KEY)), "/otlp/v1/traces", "application/json", ("Content-Encoding", "gzip")
        ),
        export(spans("x" * (TEXT_MAX - 90) + KEY)),
    ],
    ids=["JSON", "protobuf", "packed", "long"],
)
def test_a_key_in_a_span_is_seen(lab, request_):
    answer, seen, world = collected(lab, request_)

    assert answer.status == 200
    assert seen == [("trace", "plain")]
    assert world.watch.exports == {"trace": 1}


def test_a_span_without_one_is_taken_and_nothing_is_seen(lab):
    answer, seen, world = collected(lab, export(spans("Bearer [redacted]")))

    assert (answer.status, answer.body, seen) == (200, b"{}", [])
    assert [entry.kind for entry in world.journal.entries if entry.kind == "run.stray"] == []


@pytest.mark.parametrize(("signal", "place"), [("logs", "log"), ("metrics", "metrics")])
def test_logs_and_metrics_of_the_same_exporter_are_looked_through(lab, signal, place):
    _, seen, _ = collected(lab, export(spans(KEY), f"/otlp/v1/{signal}"))

    assert seen == [(place, "plain")]


def test_protobuf_is_answered_in_kind(lab):
    answer, _, _ = collected(lab, export(protobuf("x"), kind="application/x-protobuf"))

    assert (answer.body, answer.header("content-type")) == (b"", "application/x-protobuf")


def test_another_path_below_the_collector_is_not_there(lab):
    answer, seen, _ = collected(lab, export(spans(KEY), "/otlp/v1/profiles"))

    assert (answer.status, seen) == (404, [])


def test_a_damaged_package_is_looked_at_as_it_came(lab):
    damaged = export(KEY.encode(), "/otlp/v1/traces", "application/json", ("Content-Encoding", "gzip"))

    answer, seen, _ = collected(lab, damaged)

    assert (answer.status, seen) == (200, [("trace", "plain")])
