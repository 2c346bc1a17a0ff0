"""The fault `mutate`, on the wire."""

from __future__ import annotations

import json

import pytest

from badgateway.faults.base import AFTER_COMMIT
from badgateway.faults.mutate import Mutate
from badgateway.ground.message import Reply

TRUE = {"id": "pi_1", "object": "payment_intent", "status": "succeeded"}


def struck(running, **values):
    running.strike("/struck", AFTER_COMMIT, Mutate(values=values))
    with running.client() as client:
        client.ask("/struck")
        return client.hear()


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        ({"kind": "unknown_enum", "field": "$.status"}, TRUE | {"status": "something_new"}),
        ({"kind": "null_field", "field": "$.id"}, TRUE | {"id": None}),
        ({"kind": "drop_field", "field": "$.status"}, {"id": "pi_1", "object": "payment_intent"}),
        (
            {"kind": "rename_field", "field": "$.id"},
            {"id_v2": "pi_1", "object": "payment_intent", "status": "succeeded"},
        ),
        ({"kind": "thin", "field": "$.id | $.object"}, {"id": "pi_1", "object": "payment_intent"}),
        ({"kind": "escapes"}, TRUE),
    ],
)  # fmt: skip
def test_mutate_sends_a_whole_answer_with_one_thing_changed(running, values, seen):
    status, headers, heard = struck(running, **values)

    ask = running.finished()
    assert (status, json.loads(heard)) == (200, seen)
    assert headers["content-length"] == str(len(heard))
    assert heard != json.dumps(TRUE).encode()
    assert ask.ends == [(True, len(heard))]
    assert ask.is_committed


def test_mutate_stays_quiet_where_there_is_nothing_to_change(running):
    _, _, heard = struck(running, kind="drop_field", field="$.nowhere")

    assert json.loads(heard) == TRUE


def test_mutate_leaves_other_calls_and_the_neighbour_alone(running):
    running.strike("/struck", AFTER_COMMIT, Mutate())

    with running.client() as neighbour, running.client() as client:
        client.ask("/calm")
        before = client.hear()
        client.ask("/struck")
        client.hear()
        neighbour.ask("/calm")
        after = neighbour.hear()

    assert before == after


def test_what_changed_nothing_did_not_strike():
    reply = Reply(200, b"<html>")

    effect = Mutate(values={"kind": "extra_field"}).strike(reply)

    assert (effect.fault, effect.mutation, effect.reply) == (None, None, reply)


def test_what_changed_something_says_what_and_how_bad_it_is():
    values = {"kind": "drop_field", "field": "$.id", "drift": "breaking"}

    mutation = Mutate(values=values).strike(Reply(200, json.dumps(TRUE).encode())).mutation

    assert (mutation.what, mutation.drift) == ("drop_field $.id", "breaking")


def test_a_rewrite_takes_no_field():
    assert Mutate(values={"kind": "spacing", "field": "$.id"}).objection()
    assert Mutate(values={"kind": "null_field", "field": "$.id"}).objection() is None
