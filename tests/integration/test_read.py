"""badgateway.yaml is read into a Description, or every problem is told with its place."""

import json
from pathlib import Path

import pytest

from badgateway.errors import InputError
from badgateway.ground.artifacts import artifact_dir
from badgateway.integration.fields import SCHEMA_FILE, schema_text
from badgateway.integration.read import read_description

MALFORMED = Path(__file__).parent.parent / "malformed" / "config"

# One line for each problem, as the command line prints it: file:line:column: what (how to mend it).
EXPECTED = (MALFORMED / "expected.txt").read_text(encoding="utf-8").splitlines()
FILES = sorted({line.partition(":")[0] for line in EXPECTED})


def told(path):
    """Read a file that is wrong and give its problems."""
    with pytest.raises(InputError) as caught:
        read_description(path)
    assert caught.value.exit_code == 2
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("name", FILES)
def test_a_malformed_file_tells_all_its_problems_at_once(name, monkeypatch):
    monkeypatch.chdir(MALFORMED)

    problems = told(Path(name))

    assert problems == [line for line in EXPECTED if line.startswith(f"{name}:")]


def test_every_malformed_file_is_in_the_table():
    files = sorted(path.name for path in MALFORMED.glob("*.yaml"))

    assert files == FILES


def test_a_file_that_is_not_there_says_so():
    (problem,) = told(Path("no/such/badgateway.yaml"))

    assert problem.startswith("no/such/badgateway.yaml: cannot be read: No such file")
    assert "badgateway init" in problem


def test_a_file_of_ten_megabytes_is_refused_without_reading_it_whole(tmp_path):
    path = tmp_path / "badgateway.yaml"
    path.write_bytes(b"a" * (10 << 20))

    (problem,) = told(path)

    assert "at most 1048576 are read" in problem


def test_deep_nesting_is_refused(tmp_path):
    path = tmp_path / "badgateway.yaml"
    path.write_text("a: " + "[" * 5000 + "]" * 5000)

    (problem,) = told(path)

    assert "nested deeper than" in problem


def test_the_schema_in_specs_is_current():
    stored = (artifact_dir("specs") / SCHEMA_FILE).read_text(encoding="utf-8")

    assert stored == schema_text()
    assert json.loads(stored)["required"] == ["name", "base_url", "operations", "view", "statuses"]


def test_everything_that_is_described_reaches_the_record(tmp_path):
    path = tmp_path / "badgateway.yaml"
    path.write_text(
        """\
name: shop
start:
  command: ["{python}", app.py, "{port}"]
  env: {URL: "{stripe.url}", WORKERS: 4, DEBUG: false}
  cwd: services
  ready: {path: /up, status: 204, within: 3s}
base_url: "http://127.0.0.1:{port}/"
operations:
  pay:
    request: POST /orders
    headers: {X-Tries: 1}
    json: {amount: "{amount_minor}", rate: 0.25, deep: [{ref: "{order.reference}"}]}
    outcomes: {ok: [201], info: [202, 500]}
    capture: {id: $.id}
  refund: {request: "POST https://pay.internal/refunds", form: {amount: "{amount}", full: true}}
  settlement: {request: POST /settlement}
  view: {request: "GET /orders/{captured.id}"}
settlement: {payouts: "$.rows[*]", id: $.id, currency: $.c, paid: $.paid, fees: $.f, amounts: decimal}
view: {status: $.s, paid: $.p, refunded: $.r, amounts: decimal, currency: $.c, refs: "$.x[*].id",
  effects: {mails: $.m}}
statuses: {paid: PAID, no: FAILED}
webhooks: {stripe: {path: /hooks}, adyen: {path: /adyen}}
logs: ["{workdir}/app.log"]
metrics: /metrics
declares: {deadline: 2s, retry_base: 20ms, poll_interval: 1s, recovery: 5ms, background: 0ms,
  ship_on: authorized, pending_refunds_count: false, once: [mails]}
allow_hosts: [pay.internal]
""",
        encoding="utf-8",
    )

    shop = read_description(path)

    assert shop.start is not None
    assert shop.start.env == {"URL": "{stripe.url}", "WORKERS": "4", "DEBUG": "false"}
    assert (shop.start.cwd, shop.start.ready.path, shop.start.ready.status) == ("services", "/up", 204)
    assert shop.start.ready.within_ms == 3000
    assert shop.base_url == "http://127.0.0.1:{port}"
    pay, refund = shop.operations["pay"], shop.operations["refund"]
    assert (pay.method, pay.path, pay.headers) == ("POST", "/orders", {"X-Tries": "1"})
    assert pay.json == {"amount": "{amount_minor}", "rate": 0.25, "deep": [{"ref": "{order.reference}"}]}
    assert pay.outcomes == {"ok": (201,), "info": (202, 500)}
    assert pay.capture == {"id": "$.id"}
    assert (refund.path, refund.form) == (
        "https://pay.internal/refunds",
        {"amount": "{amount}", "full": "true"},
    )
    assert (shop.view.amounts, shop.view.effects) == ("decimal", {"mails": "$.m"})
    assert shop.statuses == {"paid": "PAID", "no": "FAILED"}
    assert shop.settlement is not None
    assert (shop.settlement.payouts, shop.settlement.fees, shop.settlement.won) == ("$.rows[*]", "$.f", None)
    assert shop.settlement.amounts == "decimal"
    assert [(target.provider, target.path) for target in shop.webhooks] == [
        ("stripe", "/hooks"),
        ("adyen", "/adyen"),
    ]
    assert (shop.logs, shop.metrics, shop.allowed_hosts) == (
        ("{workdir}/app.log",),
        "/metrics",
        ("pay.internal",),
    )
    declares = shop.declares
    assert (declares.deadline_ms, declares.retry_base_ms, declares.poll_interval_ms) == (2000, 20, 1000)
    assert (declares.recovery_ms, declares.background_ms, declares.ship_on) == (5, 0, "authorized")
    assert (declares.pending_refunds_count, declares.once) == (False, ("mails",))
    assert shop.folder == str(tmp_path)


def test_known_settings_are_used_where_they_are_given(tmp_path):
    path = tmp_path / "badgateway.yaml"
    text = (MALFORMED / "port_is_missing.yaml").read_text(encoding="utf-8")
    text = text.replace('"{port}"', '"{adyen.hmac_key}"').replace(
        "http://127.0.0.1:8080", '"http://127.0.0.1:{port}"'
    )
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=r"unknown name \{adyen.hmac_key\}"):
        read_description(path)

    assert read_description(path, ("adyen.hmac_key",)).name == "shop"


DECLARED = """\
name: shop
base_url: "http://127.0.0.1:1"
operations: {pay: {request: POST /pay}, view: {request: GET /orders}}
view: {status: $.s}
statuses: {paid: PAID}
"""


def read_with(tmp_path, more):
    path = tmp_path / "badgateway.yaml"
    path.write_text(DECLARED + more, encoding="utf-8")
    return read_description(path)


def test_effects_counters_and_transitions_are_read(tmp_path):
    shop = read_with(
        tmp_path,
        """\
effects:
  mail: {at: POST /mail, order: $.ref, key: X-Key, due_on: PAID}
  stock: {at: PUT /stock}
metrics: /metrics
counters: {succeeded: 'pay_total{result="ok"}'}
transitions: {list: "$.log[*]", correlation: $.id, actor: $.by}
declares: {once: [mail, stock], webhook_lag: 2s, refund_time: 1s}
""",
    )

    mail, stock = shop.effects
    assert (mail.name, mail.method, mail.path, mail.order) == ("mail", "POST", "/mail", "$.ref")
    assert (mail.key, mail.due_on) == ("X-Key", "PAID")
    assert (stock.method, stock.order, stock.key, stock.due_on) == ("PUT", None, "Idempotency-Key", None)
    assert shop.counters == {"succeeded": 'pay_total{result="ok"}'}
    assert shop.transitions is not None
    assert (shop.transitions.actor, shop.transitions.to) == ("$.by", None)
    assert (shop.declares.webhook_lag_ms, shop.declares.refund_time_ms) == (2000, 1000)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("effects: {mail: {at: /mail}}", "a method and a path such as POST /mail"),
        ("effects: {mail: {at: POST /mail, order: '$['}}", "no JSONPath"),
        ("effects: {mail: {at: POST /mail}}\ndeclares: {once: [male]}", "did you mean 'mail'"),
        ("counters: {succeeded: pay_total}", "no metrics to read them from"),
        ("metrics: /m\ncounters: {succeeded: 'pay_total{'}", "names no metric"),
        ("metrics: /m\ncounters: {success: pay_total}", "did you mean 'succeeded'"),
        ("transitions: {list: '$.log[*]', actor: $.by}", "correlation"),
    ],
)
def test_what_is_wrong_with_them_is_said(tmp_path, more, problem):
    with pytest.raises(InputError) as told:
        read_with(tmp_path, more)

    assert problem in str(told.value)
