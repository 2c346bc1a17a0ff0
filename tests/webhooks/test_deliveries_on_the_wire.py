"""Every delivery word of the scenario language, as an integration meets it on its own sockets."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
import stripe

from badgateway.scenario import language

HOUR_MS = 3_600_000
SUCCEEDED, REFUNDED = "payment.succeeded", "refund.succeeded"
LADDER_H = (1, 2, 4, 8, 12, 12, 12, 12, 9)  # Stripe's, in hours
PAY_AND_REFUND = ("pay: o1", "refund: o1")


def is_genuine(hook, secret: str, tolerance_s: int = 300) -> bool:
    """Ask the provider's own library."""
    try:
        stripe.Webhook.construct_event(hook.body, hook.signature, secret, tolerance=tolerance_s)
    except stripe.SignatureVerificationError:
        return False
    return True


def test_a_webhook_is_one_whole_request_with_a_signature_that_the_sdk_accepts(play):
    played = play()

    (hook,) = played.got(SUCCEEDED)

    assert hook.head == "POST /hook HTTP/1.1"
    assert hook.headers["content-type"].startswith("application/json")
    assert len(hook.body) == int(hook.headers["content-length"])
    assert hook.type == "payment_intent.succeeded"
    assert is_genuine(hook, played.secret)
    assert not is_genuine(hook, played.secret + "x")


def test_copies_in_turn_wait_for_the_answer_to_the_one_before(play):
    played = play('{event: "payment.succeeded[1]", copies: 3, how: in_turn}', SLOW_MS="30")

    hooks = played.got(SUCCEEDED)

    assert len(hooks) == 3
    assert [hook.others for hook in hooks] == [0, 0, 0]
    assert all(before.answered <= after.begun for before, after in pairwise(hooks))
    assert len({hook.body for hook in hooks}) == 1


def test_copies_at_once_all_lack_their_last_byte_at_the_same_time(play):
    played = play('{event: "payment.succeeded[1]", copies: 5, how: at_once}')

    hooks = played.got(SUCCEEDED)

    assert len(hooks) == 5
    assert max(hook.nearly for hook in hooks) <= min(hook.whole for hook in hooks)
    assert sorted(hook.others for hook in hooks) == [0, 1, 2, 3, 4]
    assert len({hook.body for hook in hooks}) == 1
    assert [entry.data["is_achieved"] for entry in played.journal("run.barrier", strength="last_byte")] == [
        True
    ]


def test_before_reply_the_provider_is_silent_until_the_webhook_is_answered(play):
    played = play('{event: "payment.succeeded[1]", before: reply}', SLOW_MS="60")

    (hook,) = played.got(SUCCEEDED)
    others = [other for other in played.webhooks if other is not hook]
    call = played.calls[-1]

    assert (hook.asking, hook.heard_meanwhile) == (1, 0)
    assert call["begun"] < hook.begun < hook.answered <= call["first_byte"]
    assert [other.asking for other in others] == [0] * len(others)
    assert others


def test_without_it_the_webhook_comes_after_the_reply(play):
    played = play()

    (hook,) = played.got(SUCCEEDED)

    assert hook.asking == 0
    assert played.calls[-1]["first_byte"] <= hook.begun


def test_copies_before_the_reply_come_at_once_while_the_answer_is_held(play):
    played = play('{event: "payment.succeeded[1]", before: reply, copies: 3, how: at_once}', SLOW_MS="30")

    hooks = played.got(SUCCEEDED)

    assert [(hook.asking, hook.heard_meanwhile) for hook in hooks] == [(1, 0)] * 3
    assert max(hook.nearly for hook in hooks) <= min(hook.whole for hook in hooks)
    assert max(hook.answered for hook in hooks) <= played.calls[-1]["first_byte"]


def test_after_an_event_means_once_that_one_was_answered(play):
    played = play('{event: "payment.succeeded[1]", after: "refund.succeeded[1]"}', steps=PAY_AND_REFUND)

    (succeeded,), (refunded,) = played.got(SUCCEEDED), played.got(REFUNDED)

    assert refunded.answered <= succeeded.begun
    assert played.journal("event.created", name=SUCCEEDED)[0].seq < (
        played.journal("event.created", name=REFUNDED)[0].seq
    )


def test_without_it_events_come_in_the_order_in_which_they_happened(play):
    played = play(steps=PAY_AND_REFUND)

    assert played.got(SUCCEEDED)[0].answered <= played.got(REFUNDED)[0].begun


def test_a_delay_passes_in_virtual_time_only(play):
    played = play('{event: "payment.succeeded[1]", delay: 3d}')

    (hook,) = played.got(SUCCEEDED)
    (made,) = played.journal("event.created", name=SUCCEEDED)
    (sent,) = played.journal("webhook.sent", name=SUCCEEDED)
    jumps = [entry for entry in played.journal("run.advanced") if made.seq < entry.seq < sent.seq]

    assert sum(entry.data["by_ms"] for entry in jumps) in range(72 * HOUR_MS - 60_000, 72 * HOUR_MS + 1)
    assert sent.at_ms - made.at_ms >= 72 * HOUR_MS
    assert hook is played.webhooks[-1]
    assert len(played.webhooks) > 1
    assert sent.real_ms - made.real_ms < 60_000


def test_a_lost_event_never_comes_and_is_not_tried_again(play):
    played = play('{event: "payment.succeeded[1]", lose: true}')

    assert played.got(SUCCEEDED) == []
    assert "payment_intent.succeeded" not in {hook.type for hook in played.webhooks}
    assert played.webhooks
    assert [entry.data["why"] for entry in played.journal("webhook.lost", name=SUCCEEDED)] == ["lose"]
    assert played.journal("webhook.sent", name=SUCCEEDED) == []
    assert played.journal("run.advanced") == []


def test_a_late_event_comes_when_everything_else_was_quiet(play):
    played = play('{event: "payment.succeeded[1]", late: true}', steps=PAY_AND_REFUND)

    (late,) = played.got(SUCCEEDED)
    (sent,) = played.journal("webhook.sent", name=SUCCEEDED)
    before = [entry for entry in played.entries if entry.seq < sent.seq and entry.kind != "run.advanced"]

    assert late is played.webhooks[-1]
    assert all(hook.answered <= late.begun for hook in played.webhooks[:-1])
    assert sent.at_ms - max(entry.at_ms for entry in before) >= HOUR_MS
    assert [entry.data["name"] for entry in before if entry.kind == "run.phase"] == ["steps", "heal"]


def test_of_late_copies_the_first_is_in_time(play):
    played = play('{event: "payment.succeeded[1]", copies: 3, late: true}', steps=PAY_AND_REFUND)

    first, *late = played.got(SUCCEEDED)
    (refunded,) = played.got(REFUNDED)

    assert first.answered <= refunded.begun
    assert [hook in late for hook in played.webhooks[-2:]] == [True, True]
    assert {hook.body for hook in late} == {first.body}


@pytest.mark.parametrize("kind", language.FORGED)
def test_a_forged_event_does_not_stand_the_test_of_the_sdk(play, kind):
    played = play(f'{{event: "payment.succeeded[1]", signature: {kind}}}', card="authentication_required")

    (hook,) = played.got(SUCCEEDED)

    assert hook.type == "payment_intent.succeeded"
    if kind == "none":
        assert "stripe-signature" not in hook.headers
    else:
        assert hook.signature.startswith("t=")
        assert not is_genuine(hook, played.secret, tolerance_s=10**9)
    assert all(is_genuine(other, played.secret) for other in played.webhooks if other is not hook)


def test_garbage_and_another_tenants_signature_are_not_the_same(play):
    """One was made up; the other one verifies, with a secret that is not this integration's."""
    played = play('{event: "payment.succeeded[1]", signature: other_tenant}', card="authentication_required")

    (hook,) = played.got(SUCCEEDED)

    assert is_genuine(hook, played.secret + "_of_another_tenant")


def test_a_forgery_is_sent_once_whatever_the_answer(play):
    played = play(
        '{event: "payment.succeeded[1]", signature: garbage}', card="authentication_required", ANSWERS="400"
    )

    assert len(played.got(SUCCEEDED)) == 1


def test_a_stale_event_is_a_genuine_one_whose_time_is_over(play):
    played = play('{event: "payment.succeeded[1]", signature: stale}')

    genuine, stale = played.got(SUCCEEDED)

    assert is_genuine(genuine, played.secret)
    assert stale.body == genuine.body
    assert is_genuine(stale, played.secret, tolerance_s=2 * 3_600)
    assert not is_genuine(stale, played.secret, tolerance_s=300)


def test_while_a_secret_is_rotated_the_old_one_still_verifies(play):
    played = play('{event: "payment.succeeded[1]", signature: rotated}')

    (hook,) = played.got(SUCCEEDED)
    parts = hook.signature.split(",")

    assert [part.partition("=")[0] for part in parts] == ["t", "v1", "v1"]
    assert is_genuine(hook, played.secret)
    assert is_genuine(hook, played.secret + "_next")


def test_a_refused_event_climbs_the_ladder_until_it_is_given_up(play):
    played = play(ANSWERS="500")

    hooks = played.got(SUCCEEDED)
    sent = played.journal("webhook.sent", name=SUCCEEDED)
    gaps = [(after.at_ms - before.at_ms) / HOUR_MS for before, after in pairwise(sent)]
    (lost,) = played.journal("webhook.lost", name=SUCCEEDED)

    assert [hook.status for hook in hooks] == [500] * 10
    assert [entry.data["attempt"] for entry in sent] == list(range(1, 11))
    assert gaps == pytest.approx(LADDER_H, abs=0.01)
    assert len({hook.body for hook in hooks}) == 1
    assert all(is_genuine(hook, played.secret) for hook in hooks)
    assert all(abs(hook.signed_s - hook.wall_s) < 5 for hook in hooks), (
        "signed in real time, three days or not"
    )
    assert (lost.data["why"], lost.data["event"]) == ("exhausted", hooks[0].event)
    assert lost.seq > sent[-1].seq


def test_the_next_attempt_is_signed_anew(play):
    """The integration takes its time with the refusal, so that the wall clock has moved on a second."""
    played = play(ANSWERS="500 200", NEW_SECOND="payment_intent.succeeded")

    first, second = played.got(SUCCEEDED)

    assert (first.status, second.status) == (500, 200)
    assert second.body == first.body
    assert second.signed_s > first.signed_s
    assert second.signature.split(",")[1] != first.signature.split(",")[1]
    assert is_genuine(first, played.secret)
    assert is_genuine(second, played.secret)
    assert played.journal("webhook.lost") == []


def test_a_refused_burst_is_tried_again_once_and_not_as_a_burst(play):
    played = play('{event: "payment.succeeded[1]", copies: 3, how: at_once}', ANSWERS="500 500 500 200")

    hooks = played.got(SUCCEEDED)

    assert [hook.status for hook in hooks] == [500, 500, 500, 200]


def test_one_accepted_copy_is_enough(play):
    played = play('{event: "payment.succeeded[1]", copies: 2}', ANSWERS="500 200")

    assert [hook.status for hook in played.got(SUCCEEDED)] == [500, 200]


MUTATED = {
    '{event: "payment.succeeded[1]", mutate: unknown_enum}': ("data.object.status", "something_new"),
    '{event: "payment.succeeded[1]", mutate: unknown_type}': ("type", "payment_intent.something_new"),
    '{event: "payment.succeeded[1]", mutate: null_field}': ("data.object.latest_charge", None),
    '{event: "payment.succeeded[1]", mutate: drop_field}': ("data.object.latest_charge", "gone"),
    '{event: "payment.succeeded[1]", mutate: rename_field}': ("data.object.latest_charge", "gone"),
    '{event: "payment.succeeded[1]", mutate: {kind: drop_field, field: id}}': ("data.object.id", "gone"),
    '{event: "payment.succeeded[1]", mutate: {kind: null_field, field: $.request.id}}': ("request.id", None),
    '{event: "payment.succeeded[1]", mutate: thin}': ("data.object.metadata", "gone"),
    '{event: "payment.succeeded[1]", mutate: extra_field}': ("data.object.something_new.value", 1),
}  # fmt: skip
REWRITTEN = (
    '{event: "payment.succeeded[1]", mutate: spacing}',
    '{event: "payment.succeeded[1]", mutate: escapes}',
    '{event: "payment.succeeded[1]", mutate: key_order}',
)


def at(body: bytes, path: str) -> object:
    """Give what stands at a path of a body, or the word gone."""
    value = json.loads(body)
    for name in path.split("."):
        if name not in value:
            return "gone"
        value = value[name]
    return value


@pytest.mark.parametrize("story", MUTATED)
def test_a_mutated_event_comes_with_one_thing_changed_and_a_genuine_signature(play, story):
    path, expected = MUTATED[story]

    played = play('{event: "payment.succeeded[1]"}\n  - ' + story)

    plain, mutated = played.got(SUCCEEDED)
    assert at(plain.body, path) != expected
    assert at(mutated.body, path) == expected
    assert is_genuine(plain, played.secret)
    assert is_genuine(mutated, played.secret)


@pytest.mark.parametrize(
    ("mutation", "was", "becomes"),
    [
        ("rename_field", b'"latest_charge": ', b'"latest_charge_v2": '),
        ("unknown_type", b'"type": "payment_intent.succeeded"', b'"type": "payment_intent.something_new"'),
        ("{kind: null_field, field: $.livemode}", b'\n  "livemode": false', b'\n  "livemode": null'),
    ],
)
def test_a_mutation_changes_the_bytes_at_its_place_and_no_others(play, mutation, was, becomes):
    played = play(
        f'{{event: "payment.succeeded[1]"}}\n  - {{event: "payment.succeeded[1]", mutate: {mutation}}}'
    )

    plain, mutated = played.got(SUCCEEDED)
    assert plain.body.count(was) == 1
    assert mutated.body == plain.body.replace(was, becomes)


@pytest.mark.parametrize("story", REWRITTEN)
def test_a_rewritten_event_says_the_same_in_other_bytes_that_are_signed(play, story):
    played = play('{event: "payment.succeeded[1]"}\n  - ' + story)

    plain, rewritten = played.got(SUCCEEDED)
    assert rewritten.body != plain.body
    assert json.loads(rewritten.body) == json.loads(plain.body)
    assert is_genuine(rewritten, played.secret)


def test_a_mutated_event_that_is_refused_comes_again_with_the_same_bytes(play):
    played = play('{event: "payment.succeeded[1]", mutate: unknown_enum, copies: 2}', ANSWERS="500 500 200")

    hooks = played.got(SUCCEEDED)
    assert [hook.status for hook in hooks] == [500, 500, 200]
    assert len({hook.body for hook in hooks}) == 1
    assert [
        (entry.data["mutation"], entry.data["drift"])
        for entry in played.journal("webhook.sent", name=SUCCEEDED)
    ] == [("unknown_enum $.data.object.status", "unclear")] * 3


def test_other_events_keep_their_content(play):
    played = play('{event: "payment.succeeded[1]", mutate: {kind: drop_field, field: id, drift: breaking}}')

    drifted = {entry.data["wire_type"]: entry.data["drift"] for entry in played.journal("webhook.sent")}
    assert drifted.pop("payment_intent.succeeded") == "breaking"
    assert set(drifted.values()) == {None}


def test_every_delivery_word_stands_in_a_story_on_the_wire():
    files = Path(__file__).parent.glob("test_*_on_the_wire.py")
    stories = [line for file in files for line in file.read_text().splitlines() if "{event: " in line]
    words = {field.name for field in language.DELIVERY if field.is_played}
    chosen = [field for field in language.DELIVERY if field.name != "with"]  # one operation is like another
    values = {choice for field in chosen for choice in field.choices} - set(language.FORGED)

    missing = {word for word in words if not any(f"{word}: " in line for line in stories)}
    missing |= {value for value in values if not any(f": {value}" in line for line in stories)}

    assert missing == set()
