"""Spans of provider calls: what they say, and that a collector that is away is no harm."""

import json
from types import SimpleNamespace

import pytest
from tests.reference.listening import listening

from badgateway.ground.message import Reply


@pytest.fixture
def collector():
    """Give a collector on a free port, with all that was exported to it."""
    made = SimpleNamespace(exported=[])

    def take(request):
        made.exported.append((request.path, request.header("Content-Type"), json.loads(request.body)))
        return Reply(200)

    with listening(take) as url:
        made.url = f"{url}/otlp"
        yield made


def spans(collector):
    told = [body["resourceSpans"][0]["scopeSpans"][0]["spans"] for _, _, body in collector.exported]
    return [span for several in told for span in several]


def attributes(span):
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


def test_a_call_is_a_span_with_its_path_and_its_outcome(start, collector):
    shop = start(None, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    shop.opened()

    shop.pay()

    shop.service.close()
    path, kind, _ = collector.exported[0]
    said = attributes(spans(collector)[0])
    assert (path, kind) == ("/otlp/v1/traces", "application/json")
    assert said["http.request.method"] == "POST"
    assert said["url.path"] == "/v1/payment_intents"
    assert said["http.response.status_code"] == "200"
    assert said["enduser.role"] == "shopper"


def test_a_failed_call_is_marked_and_shares_the_trace_of_its_cause(fake, start, collector):
    shop = start(None, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    shop.opened()
    fake.script["pay"] = [(500, {"error": {"type": "api_error", "message": "no"}}, {})]

    shop.pay()

    shop.service.close()
    first, second = spans(collector)[:2]
    assert (first["status"], second["status"]) == ({"code": 2}, {})
    assert first["traceId"] == second["traceId"]
    assert first["spanId"] != second["spanId"]


def test_a_collector_that_is_not_there_is_no_harm(fake, start, nowhere):
    shop = start(None, OTEL_EXPORTER_OTLP_ENDPOINT=nowhere)
    shop.opened()

    shop.pay()

    shop.service.close()
    assert [call[0] for call in fake.calls] == ["pay"]
