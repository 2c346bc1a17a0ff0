"""The commented badgateway.yaml that `badgateway init` writes; every declared key stands in it once."""

from __future__ import annotations

STARTER = """\
# How badgateway starts your integration, asks it for things, and reads what it believes.
# A key behind "# " is a choice you may need. `badgateway doctor` checks the whole file with one real payment.

name: my-integration               # what reports call it

# How to start it. Several copies may run side by side. Leave `start` out where it runs already.
# {port} is a free port, {workdir} a folder of this copy's own, {python} the interpreter that runs badgateway.
# {provider} is the name of the provider that is played, for an integration that has several.
start:
  command: ["{python}", -m, my_integration, --port, "{port}"]    # no shell: each argument on its own
  env:                             # with PATH, HOME, LANG and PYTHON*, this is all that it gets
    STRIPE_API_BASE: "{stripe.url}"                # the simulated provider, instead of the real one
    STRIPE_API_KEY: "{stripe.api_key}"
    STRIPE_WEBHOOK_SECRET: "{stripe.webhook_secret}"
    DATABASE_URL: "sqlite:///{workdir}/payments.db"
  # cwd: services/payments         # from the folder of this file
  ready: {path: /health, status: 200, within: 15s}               # when it counts as up
  # attach: [proxy]                # where api.stripe.com is hard-coded; or env, python-sdk, node-sdk
  # next: {command: ["{python}", -m, my_next_version], env: {RELEASE: "2"}}   # for stories that deploy it

base_url: "http://127.0.0.1:{port}"

# What shoppers and merchants ask for. `pay` and `view` are needed; stories that need another one are passed
# over while it is not described. {order.reference} must travel to the provider, as order id or in metadata.
# Values: {order.reference} {order.id} {order.amount} {order.amount_minor} {order.currency} {order.capture}
# {order.card} {shopper.name} {shopper.email}; what this operation is about: {amount} {amount_minor}
# {currency} {refund.reference}; and what an earlier answer gave: {captured.name}. A brace itself is written
# twice. {amount} is text; "{amount|number}" alone in a JSON text is the number 49.99. {clock.now} and
# {clock.now_ms} are the time of the story, with what it let pass. What an order is worth to
# the merchant stands in {order.base_currency} {order.base_amount} {order.base_amount_minor}, and its lines,
# taxes and coupon, or null where it is just an amount, in {order.cart}. {order.save} says whether its shopper
# lets the payment method be kept, {order.increments} whether its hold may be raised later; {order.cards} is
# what stands for it at each provider of a route, else null.
# For `renew` the order is that of the next period: its number, from 2, is {renewed.period}, and what was paid
# first {renewed.reference} or {renewed.id}.
operations:
  # open:                          # where an order is made before it is paid
  #   request: POST /orders
  #   json: {reference: "{order.reference}"}
  #   capture: {id: $.id}          # from the answer (JSONPath): later {captured.id}, and {order.id}
  pay:
    request: POST /orders/{order.reference}/pay
    headers: {Accept: application/json}
    json:                          # or form: {...}; a text that is only {order.amount_minor} stays a number
      amount: "{order.amount_minor}"
      currency: "{order.currency}"
      capture: "{order.capture}"   # automatic or manual
      payment_method: "{order.card}"
      email: "{shopper.email}"
    # Needed only where your HTTP statuses do not say it: done, surely not done, not known yet.
    # outcomes: {ok: [200, 201], fail: [402], info: [202]}
  view:
    request: GET /orders/{order.reference}
  # card:                          # the checkout's card field: a number becomes a token at once
  #   request: POST /orders/{order.reference}/card
  #   json: {number: "{card.number}", cvc: "{card.cvc}", month: "{card.month}", year: "{card.year}"}
  #   capture: {card: $.payment_method}              # {order.card} from then on
  # authenticate: {request: "POST /orders/{order.reference}/authenticated"}   # after the bank's challenge
  # return: {request: "GET /orders/{order.reference}/return"}                 # the shopper comes back
  # increment:                     # a hold is asked to be raised, by {amount} to {increment.total}
  #   request: POST /orders/{order.reference}/increments
  #   json: {amount: "{amount_minor}", total: "{increment.total_minor}", reference: "{increment.reference}"}
  capture:
    request: POST /orders/{order.reference}/capture
    json: {amount: "{amount_minor}"}
  refund:
    request: POST /orders/{order.reference}/refunds
    json: {amount: "{amount_minor}", reference: "{refund.reference}"}
  cancel:
    request: POST /orders/{order.reference}/cancel
  # renew:                         # the billing job, for one order and period; the shopper is away
  #   request: POST /orders/{renewed.reference}/renewals
  #   json: {reference: "{order.reference}", period: "{renewed.period}", amount: "{amount_minor}"}
  # sync: {request: "POST /internal/sync?now={clock.now_ms}"}   # the job that asks about open payments
  # settlement: {request: POST /internal/settlement}   # imports payouts, and gives the report about them
  # reconciliation: {request: "POST /internal/reconciliation?now={clock.now_ms}"}  # reads settlement reports
  # health: {request: GET /health}                # what must answer while a provider is slow

# Where the answer of `view` shows what. What it does not show is not judged.
view:
  status: $.status
  paid: $.paid                     # captured money, before refunds
  refunded: $.refunded
  amounts: minor                   # minor: 4999, decimal: 49.99
  currency: $.currency
  # refs: $.payments[*].id         # the provider's payment ids
  # effects: {shipped: $.shipments, mails: $.mails_sent}         # counters or lists

# Where the answer of `settlement` shows what: a row for each payout, and the terms that it is made of.
# settlement: {payouts: "$.payouts[*]", id: $.id, currency: $.currency, paid: $.paid, captured: $.captured,
#   refunded: $.refunded, lost: $.lost, won: $.won, fees: $.fees, adjusted: $.adjusted,
#   exceptions: "$.open[*]"}

# Where the answer of `reconciliation` shows what does not agree. Reports, CSV or JSON, are handed out below
# {settlement.url} in `start`, to whoever sends the account's API key: GET /reports, GET /reports/ID.
# reconciliation: {exceptions: "$.exceptions[*]", kind: $.kind, reference: $.order, amount: $.amount_minor,
#   currency: $.currency, owner: $.owner, remedy: $.remedy,
#   kinds: {GONE: missing, TWICE: repeated, WRONG: misstated, LATE: overdue, STRANGE: unbooked, ELSE: other}}

# Your own status words, and which of ours each one is.
statuses:
  new: UNPAID
  pending: PENDING
  authorized: AUTHORIZED
  paid: PAID
  partially_refunded: PARTIALLY_REFUNDED
  refunded: REFUNDED
  failed: FAILED
  cancelled: CANCELLED
  disputed: DISPUTED
  needs_review: REVIEW             # a person must look

webhooks:
  stripe: {path: /webhooks/stripe}                # or /webhooks/stripe/{merchant}

# Providers of your own, each declared in one file without Python:
# providers: {acme: ./acme.provider.yaml}

# Where it serves several merchants, each with its own account: what it calls them, the usual one first. Then
# there are {order.merchant} in operations, and {stripe.NAME.api_key} and the like in `start`.
# merchants:
#   main: {mode: test}
#   second: {mode: live, through: main}    # through: the platform whose account acts on its behalf
#   third: {providers: [stripe, adyen], routing: [adyen, stripe], currencies: [EUR, JPY], capture: manual}

# Where your integration can be told to which address mails, shipments and bookings of stock go: give it
# {sink.url} in `start`, and say what arrives there. badgateway answers 200, and counts what came.
# effects:
#   mail: {at: POST /mail, order: $.reference, key: Idempotency-Key, due_on: PAID}

# Where it traces with OpenTelemetry, give it OTEL_EXPORTER_OTLP_ENDPOINT: "{traces.url}" in `start`, and
# OTEL_BSP_SCHEDULE_DELAY: "100": secrets are looked for in its spans (OTLP over HTTP, JSON or protobuf).

# logs: ["{workdir}/app.log"]      # looked into for what must not be there
# metrics: /metrics                # Prometheus
# counters:                        # which series of them counts what
#   succeeded: 'payments_total{result="succeeded"}'
#   declined: 'payments_total{result="declined"}'
#   retries: provider_retries_total
#   webhook_lag_count: webhook_lag_seconds_count
#   webhook_lag_seconds: webhook_lag_seconds_sum
#   reconciliation_delta: reconciliation_delta_minor
# transitions: {list: "$.changes[*]", correlation: $.correlation_id, actor: $.actor, to: $.status}

# What your integration says about itself. What it does not say is never guessed, and so not judged.
declares:
  deadline: 10s                    # no operation takes longer
  # retry_base: 200ms              # first pause before it asks a provider again
  # retry_cap: 5s                  # its pauses grow up to this
  # retries_max: 4                 # attempts of one request without a new reason, the first included
  # breaker: {failures: 5, pause: 30s}       # a provider that failed so often is left alone for a while
  # expiry: 1d                     # an order that its shopper left is given up after this time
  # poll_interval: 60s             # it asks the provider by itself, this often
  # recovery: 500ms                # until it is well again after a failure
  # background: 5s                 # the longest thing that it does by itself; 0ms: nothing
  # ship_on: captured              # or authorized, pending: goods may leave before the money is there
  # failed_checks: review          # a card approved with a wrong CVC or postal code waits for a human
  # pending_refunds_count: true    # its refunded amount includes refunds that are not final
  # webhook_lag: 2s                # no webhook takes longer where nothing goes wrong
  # refund_time: 2s                # nor does a refund
  # signature_tolerance: 5m        # webhooks whose signature is older are refused
  # once: [shipped]                # effects that may happen at most once for an order

# For `badgateway verify merchant`: its OpenAPI document, the pacts of its consumers, and what their provider
# states mean: the steps of a story, where $name is a parameter, and in `expect` how its orders must stand.
# contracts: {document: openapi.yaml, pacts: [contracts/pacts], headers: {X-Api-Key: test}}
# states: {an order is paid: {defaults: {amount: "49.99"}, steps: [{pay: {order: o1, amount: $amount}}],
#   expect: {order: {o1: PAID}}}}

# allow_hosts: [payments.test]     # hosts beside this machine that may be sent requests
"""


def starter_text() -> str:
    """Give the text of a first badgateway.yaml."""
    return STARTER
