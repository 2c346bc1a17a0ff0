"""Settlement reports over HTTP: by an account's key, in either format, and not before they are there."""

import base64
import json

import pytest

from badgateway.ground.message import Request
from badgateway.payments.commands import CreatePayment
from badgateway.play.rebuilding import rebuild

DAY_MS = 86_400_000


def pay_out(lab, world, query="", key=None):
    worlds = lab.worlds_of(world)
    headers = (("Authorization", f"Bearer {key or lab.KEY}"),)
    reply = worlds.arrive(Request("POST", "/settlement/payouts", query, headers, b"")).commit()
    return reply.status, json.loads(reply.body)


def test_whoever_serves_can_have_what_has_moved_paid_out(lab):
    world = lab.a_world()
    world.is_free = True
    lab.ask_now(world, lab.pay(world))

    status, told = pay_out(lab, world)
    nothing = pay_out(lab, world)

    (report,) = told["reports"]
    (payout,) = world.account.book.settlement.payouts()
    assert (status, report["payout"], report["total_minor"]) == (200, payout.id, 4_999 - 75 - 25)
    assert report["status"] == "ready"
    assert nothing == (200, {"reports": []})
    kinds = [entry.kind for entry in world.journal.entries]
    assert (kinds.count("settlement.report"), kinds.count("settlement.line")) == (1, 1)


def test_a_flaw_that_is_asked_for_is_in_the_report(lab):
    world = lab.a_world()
    world.is_free = True
    lab.ask_now(world, lab.pay(world))

    _, told = pay_out(lab, world, "flaw=repeated")

    assert told["reports"][0]["rows"] == 3
    assert pay_out(lab, world, "flaw=repeatd")[0] == 400
    assert "did you mean 'repeated'?" in pay_out(lab, world, "flaw=repeatd")[1]["error"]


def test_while_a_story_is_played_only_its_steps_pay_out(lab):
    world = lab.a_world()
    lab.ask_now(world, lab.pay(world))
    world.is_free = False

    assert pay_out(lab, world)[0] == 409
    assert pay_out(lab, world, key="sk_test_of_nobody")[0] == 401
    assert world.account.book.settlement.payouts() == ()


def test_a_payout_comes_out_of_the_journal_again(lab):
    world = lab.a_world()
    world.is_free = world.is_kept = True
    lab.ask_now(world, lab.pay(world))
    pay_out(lab, world, "flaw=misstated")
    again = lab.a_world()

    assert rebuild(again, world.journal.entries) == ()
    assert again.account.book.settlement.lines() == world.account.book.settlement.lines()
    assert again.account.book.settlement.payouts() == world.account.book.settlement.payouts()


@pytest.fixture
def paid_out(lab):
    """Give a world with one payout, and a way to ask for its reports."""
    world = lab.a_world()
    reference = world.reference("o1")
    world.account.book.do(CreatePayment("pi_1", 4_999, "EUR", order_ref=reference, charge=True), "c1")
    world.account.book.settlement.settle("act:settle")
    (payout,) = world.account.book.settlement.pay_out("act:payout", 2 * DAY_MS)
    worlds = lab.worlds_of(world)

    def ask(path, accept="", method="GET", authorization=f"Bearer {lab.KEY}"):
        headers = (("Authorization", authorization), ("Accept", accept))
        return worlds.arrive(Request(method, f"/settlement{path}", "", headers, b"")).commit()

    return world, f"sr_{payout.id.removeprefix('po_')}", ask


def test_a_report_is_listed_before_it_is_handed_out(paid_out):
    world, report, ask = paid_out

    (early,) = json.loads(ask("/reports").body)["reports"]
    too_soon = ask(f"/reports/{report}").status
    world.clock.advance(2 * DAY_MS)
    (late,) = json.loads(ask("/reports").body)["reports"]

    assert (early["id"], early["status"], too_soon) == (report, "announced", 404)
    assert (late["status"], ask(f"/reports/{report}").status) == ("ready", 200)


@pytest.mark.parametrize(
    ("ending", "accept", "kind"),
    [
        ("", "", "text/csv"),
        ("", "application/json", "application/json"),
        ("", "text/csv, application/json", "text/csv"),
        (".json", "text/csv", "application/json"),
        (".csv", "application/json", "text/csv"),
    ],
)
def test_the_format_is_what_the_address_or_the_header_says(paid_out, ending, accept, kind):
    world, report, ask = paid_out
    world.clock.advance(2 * DAY_MS)

    answer = ask(f"/reports/{report}{ending}", accept)

    assert dict(answer.headers)["content-type"].startswith(kind)
    assert world.reference("o1").encode() in answer.body


@pytest.mark.parametrize("scheme", ["Bearer {}", "Basic {}", "bearer {}"])
def test_the_key_may_be_a_token_or_a_user(lab, paid_out, scheme):
    key = lab.KEY if "earer" in scheme else base64.b64encode(f"{lab.KEY}:".encode()).decode()

    assert paid_out[2]("/reports", authorization=scheme.format(key)).status == 200


@pytest.mark.parametrize("said", ["", "Bearer sk_test_of_nobody", "Basic ???", "Bearer", "Digest x"])
def test_a_stranger_is_refused(paid_out, said):
    assert paid_out[2]("/reports", authorization=said).status == 401


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/reports/sr_none", "GET", 404), ("/else", "GET", 404), ("/reports", "POST", 405)],
)
def test_what_is_not_there_is_refused(paid_out, path, method, status):
    assert paid_out[2](path, method=method).status == status


def test_every_look_is_journalled(lab, paid_out):
    world, report, ask = paid_out

    ask("/reports")
    ask(f"/reports/{report}.json")

    assert [(one["report"], one["status"]) for one in lab.told(world, "settlement.fetched")] == [
        (None, 200),
        (report, 404),
    ]
