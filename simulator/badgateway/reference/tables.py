"""The tables; uniqueness that correctness rests on is declared here, in the database, not in code."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("merchant", String, nullable=False),
    Column("reference", String, nullable=False, unique=True),
    Column("amount_minor", Integer, nullable=False),
    Column("currency", String, nullable=False),
    Column("capture", String, nullable=False),
    Column("base_currency", String, nullable=False),  # the merchant's own, for its reports
    Column("base_minor", Integer, nullable=False),  # what the order is worth in it
    Column("cart", Text),  # JSON: lines and coupon, where the checkout told them
    Column("is_raisable", Boolean, nullable=False, default=False, server_default="0"),  # its hold may grow
    Column("shopper_name", String, nullable=False),
    Column("shopper_email", String, nullable=False),
    Column("status", String, nullable=False),
    Column("is_cancelled", Boolean, nullable=False),
    Column("created_ms", Integer, nullable=False),
    Column("updated_ms", Integer, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", Integer, nullable=False, index=True),
    Column("n", Integer, nullable=False),
    Column("route", String, nullable=False, default="", server_default=""),  # the provider that is asked
    Column("method", String, nullable=False),
    Column("amount_minor", Integer, nullable=False),
    Column("currency", String, nullable=False),
    Column("state", String, nullable=False),
    # The order's id while the attempt is live, else NULL: two live attempts of one order cannot exist.
    Column("live_slot", Integer, unique=True),
    Column("provider_id", String, unique=True),
    Column("redirect_url", String),
    Column("failure_code", String),
    Column("advice", String),  # what the provider says about trying again, where it failed
    Column("failed_checks", String),  # of the issuer, who approved all the same; NULL: not told
    Column("gateway_id", String),  # under which a gateway behind an orchestrator has it
    Column("expected_minor", Integer, nullable=False),  # what we asked to capture
    Column("captured_minor", Integer, nullable=False),
    Column("changed_ms", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_ms", Integer, nullable=False),
    UniqueConstraint("order_id", "n"),
)

wallets = Table(
    "wallets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", Integer, nullable=False, unique=True),  # whose shopper agreed to be charged again
    Column("customer_id", String, nullable=False),
    Column("method_id", String),  # NULL until a payment with it went through
)

renewals = Table(
    "renewals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", Integer, nullable=False, unique=True),  # the period's own order
    Column("first_id", Integer, nullable=False, index=True),  # the order that the shopper paid
    Column("state", String, nullable=False, index=True),  # OPEN | DONE | GIVEN_UP
    Column("next_ms", Integer),  # when it is charged again, by the scheduler's clock; NULL: not decided
)

intents = Table(
    "intents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # pay | increment | capture | void | refund
    Column("order_id", Integer, nullable=False),
    Column("attempt_id", Integer, nullable=False),
    Column("refund_id", Integer),
    Column("key", String, nullable=False, unique=True),
    Column("params", Text, nullable=False),  # JSON: what every retry sends again, byte for byte
    Column("state", String, nullable=False, index=True),  # OPEN | DONE | REFUSED
    Column("is_doubtful", Boolean, nullable=False),  # an earlier try may have been carried out
    Column("created_ms", Integer, nullable=False),
)

refunds = Table(
    "refunds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", Integer, nullable=False, index=True),
    Column("attempt_id", Integer, nullable=False),
    Column("reference", String, nullable=False),
    Column("amount_minor", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("provider_id", String, unique=True),
    Column("created_ms", Integer, nullable=False),
    UniqueConstraint("order_id", "reference"),
)

increments = Table(
    "increments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", Integer, nullable=False, index=True),
    Column("attempt_id", Integer, nullable=False, index=True),
    Column("reference", String, nullable=False),
    Column("amount_minor", Integer, nullable=False),  # how much more
    Column("total_minor", Integer, nullable=False),  # what is to be held then
    Column("state", String, nullable=False),  # REQUESTED | GRANTED | DECLINED | REFUSED
    Column("created_ms", Integer, nullable=False),
    UniqueConstraint("order_id", "reference"),
)

disputes = Table(
    "disputes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", Integer, nullable=False, index=True),
    Column("attempt_id", Integer, nullable=False),
    Column("provider_id", String, nullable=False, unique=True),
    Column("amount_minor", Integer, nullable=False),
    Column("state", String, nullable=False),
)

payouts = Table(
    "payouts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("provider_id", String, nullable=False, unique=True),
    Column("amount_minor", Integer, nullable=False),
    Column("currency", String, nullable=False),
    Column("created_s", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("imported_ms", Integer, nullable=False),
)

balance_lines = Table(
    "balance_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("provider_id", String, nullable=False, unique=True),  # a line is booked once
    Column("payout_id", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("category", String, nullable=False),
    Column("source_id", String),
    Column("payment_id", String, index=True),
    Column("gross_minor", Integer, nullable=False),
    Column("fee_minor", Integer, nullable=False),
    Column("net_minor", Integer, nullable=False),
    Column("currency", String, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("merchant", String, nullable=False),
    Column("route", String, nullable=False, default="", server_default=""),  # the provider whose payout it is
    Column("report_id", String, nullable=False, unique=True),  # a report is imported once
    Column("payout_id", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("total_minor", Integer, nullable=False),
    Column("due_ms", Integer, nullable=False),  # by the provider's clock
    Column("revision", Integer, nullable=False),  # that was imported last; 0: announced only
    Column("announced_ms", Integer, nullable=False),  # when we saw it first, by our own clock
    Column("imported_ms", Integer),
)

report_rows = Table(
    "report_rows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("report_id", String, nullable=False, index=True),
    Column("n", Integer, nullable=False),  # in the file
    Column("line", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("payment_id", String, index=True),
    Column("source_id", String),
    Column("order_reference", String),
    Column("currency", String, nullable=False),
    Column("gross_minor", Integer, nullable=False),
    Column("fee_minor", Integer, nullable=False),
    Column("net_minor", Integer, nullable=False),
    Column("original_minor", Integer, nullable=False),
    Column("original_currency", String, nullable=False),
    Column("exchange_rate", String),
    UniqueConstraint("report_id", "n"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unique_key", String, nullable=False, unique=True),  # the event id: a second copy cannot be stored
    Column("event_id", String, nullable=False, index=True),
    Column("hint", Text, nullable=False),  # JSON: type and ids of the event, no shopper's data
    Column("received_ms", Integer, nullable=False),
    Column("processed_ms", Integer, index=True),
)

leases = Table(
    "leases",
    metadata,
    Column("job", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("until_ms", Integer, nullable=False),  # whoever holds it and dies is waited for so long
)

effects = Table(
    "effects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", Integer, nullable=False, index=True),
    Column("kind", String, nullable=False),  # fulfilment | receipt | stock
    Column("unique_key", String, nullable=False, unique=True),
    Column("created_ms", Integer, nullable=False),
    Column("claimed_ms", Integer, nullable=False, default=0, server_default="0"),  # somebody sends it since
    Column("sent_ms", Integer, index=True),  # NULL: still to be sent
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("order_reference", String, index=True),
    Column("what", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("actor", String, nullable=False),  # shopper | merchant | provider | scheduler | system
    Column("correlation", String, nullable=False),  # the same for all consequences of one cause
    Column("chain", String, nullable=False),  # SHA-256 over the previous link and this row
)
