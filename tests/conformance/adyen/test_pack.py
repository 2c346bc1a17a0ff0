"""What Adyen says and is asked while the stories are played, held against the vendor's own documents.

The smoke stories are the quick part, the library is all that Adyen can play; what a story's fault has said in
Adyen's place is not Adyen's. Refusals are held where the SDKs provoke them: no story meets one.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import pytest
from tests.conformance.adyen.vendor import (
    answer_breaches,
    notification_breaches,
    operation,
    request_breaches,
)
from tests.conformance.playing import seen_in

from badgateway.cli.selection import Selection, plans

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(900)]

# Fewer means that not everything was really held.
LEAST = {
    "smoke": {"cases": 25, "requests": 50, "answers": 50, "notifications": 45},
    "library": {"cases": 160, "requests": 275, "answers": 275, "notifications": 285},
}
CODES = {
    "AUTHORISATION",
    "CANCELLATION",
    "CAPTURE",
    "CAPTURE_FAILED",
    "CHARGEBACK",
    "CHARGEBACK_REVERSED",
    "DISPUTE_DEFENSE_PERIOD_ENDED",
    "EXPIRE",
    "ISSUER_RESPONSE_TIMEFRAME_EXPIRED",
    "NOTIFICATION_OF_CHARGEBACK",
    "REFUND",
    "REFUND_FAILED",
    "REQUEST_FOR_INFORMATION",
}


@pytest.fixture(scope="module", params=LEAST)
def held(request, tmp_path_factory):
    """Play a part of the library; give its name, counts, event codes and breaches."""
    tags = ("smoke",) if request.param == "smoke" else ()
    chosen = plans(Selection((), tags=tags, provider="adyen"), is_bundled=True)
    seen = asyncio.run(seen_in(chosen, tmp_path_factory.mktemp("pack"), "adyen"))
    assert sum(sightings.left_out for sightings in seen) == 0
    counts, codes, breaches = Counter(cases=len(chosen)), set(), []
    for sightings in seen:
        for asked in sightings.asked:
            breaches += _call(asked, counts)
        for told in sightings.told:
            if not told.is_spoilt:
                body = json.loads(told.body)
                counts["notifications"] += 1
                codes |= {one["NotificationRequestItem"]["eventCode"] for one in body["notificationItems"]}
                breaches += notification_breaches(body)
    return request.param, counts, codes, breaches


def _call(asked, counts):
    """Hold one call against the documents; without an answer nobody said anything."""
    described = operation(asked.request.method, asked.request.path)
    if described is None:
        counts["pages"] += 1
        return []
    if asked.reply is None:
        counts["unanswered"] += 1
        return []
    counts["answers"] += 1
    counts["refusals"] += asked.reply.status >= 400
    found = answer_breaches(described, asked.reply.status, json.loads(asked.reply.body))
    if asked.reply.status < 400:
        counts["requests"] += 1
        found += request_breaches(described, json.loads(asked.request.body))
    return [f"{asked.request.path}: {one}" for one in found]


def test_every_request_answer_and_notification_is_as_documented(held):
    part, counts, codes, breaches = held

    print(f"{part}: {dict(counts)}, {sorted(codes)}")  # noqa: T201 - the counts, for pytest -s
    assert breaches == []
    assert {name: counts[name] for name, least in LEAST[part].items() if counts[name] < least} == {}
    assert codes >= CODES or part == "smoke"
