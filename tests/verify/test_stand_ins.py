"""What stands for keys, ids, moments and ports in a recorded pact."""

import base64

from badgateway.verify.stand_ins import StandIns, pattern_of

KEY = "sk_test_2S0wUP6Sy8W88EnDkLCnjoU5"


def stand_ins(*known):
    fixed = {KEY: "sk_test_recorded", "pm_card_visa12ab34cd56ef": "pm_card_visa12ab34cd56ef"}
    return StandIns(pattern_of({*known, *fixed}), fixed)


def test_one_id_has_one_stand_in_that_keeps_its_kind_and_its_length():
    put = stand_ins("pi_3JIsItyVshJ1", "oiy9qcuw").put

    assert put("pi_3JIsItyVshJ1 of oiy9qcuw, oiy9qcuw.1") == "pi_000000000001 of o0000001, o0000001.1"
    assert put("again pi_3JIsItyVshJ1") == "again pi_000000000001"
    assert put("pi_2ndOne4You5And6Me") != put("pi_3JIsItyVshJ1")


def test_what_was_drawn_is_found_without_being_known():
    put = stand_ins().put

    assert put("c857dbe250da46d35ff815981a2d2401") == "00000000000000000000000000000001"
    assert put("1b4e28ba-2fa1-41d2-883f-0016d3cca427") == "00000000-0000-0000-0000-000000000002"
    assert put("pm_card_visa12ab34cd56ef and threeDSecureRequired") == (
        "pm_card_visa12ab34cd56ef and threeDSecureRequired"
    )


def test_a_key_is_replaced_also_where_basic_authentication_hides_it():
    put = stand_ins().put

    assert put(f"Bearer {KEY}") == "Bearer sk_test_recorded"
    sent = put("Basic " + base64.b64encode(f"{KEY}:".encode()).decode())
    assert base64.b64decode(sent.removeprefix("Basic ")) == b"sk_test_recorded:"


def test_moments_and_ports_are_the_same_each_time():
    put = stand_ins().put

    assert put('"created": 1795296931, "at": "2026-11-21T22:00:01Z"') == (
        '"created": 1700000000, "at": "2023-11-14T22:13:20Z"'
    )
    assert put("http%3A%2F%2F127.0.0.1%3A29048%2Fo and http://localhost:1234/") == (
        "http%3A%2F%2F127.0.0.1%3A8080%2Fo and http://localhost:8080/"
    )
