"""The hosted pages as HTML: an order and a card form, a bank's challenge, and short notices."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlsplit

from badgateway.ground.money import decimal_text
from badgateway.payments.model import Payment
from badgateway.providers.stripe.amounts import part
from badgateway.providers.stripe.shelf import Method, Session, Setup

Notice = str
_STYLE = """
:root{color-scheme:light;--ink:#1a1f36;--soft:#697386;--line:#e0e6eb;--go:#0a6cff;--bad:#b3093c}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:#f6f8fa;color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
.test{background:#ffe4b0;color:#5c3b00;text-align:center;padding:.4rem;font-size:.85rem}
main{max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem;display:grid;gap:3rem;
grid-template-columns:repeat(auto-fit,minmax(18rem,1fr))}
main.one{max-width:30rem}
.card{background:#fff;border:1px solid var(--line);border-radius:12px;padding:1.75rem;
box-shadow:0 2px 6px #1a1f3610}
h1{font-size:1.1rem;margin:0 0 .25rem;font-weight:600}
.sum{font-size:2.25rem;font-weight:700;margin:0 0 1.5rem}
table{width:100%;border-collapse:collapse}
td{padding:.6rem 0;border-top:1px solid var(--line);vertical-align:top}
td:last-child{text-align:right;white-space:nowrap}.soft{color:var(--soft);font-size:.9rem}
label{display:block;font-size:.9rem;font-weight:600;margin:0 0 1rem}
input,select{display:block;width:100%;margin-top:.3rem;padding:.65rem .75rem;font:inherit;color:inherit;
font-weight:400;background:#fff;border:1px solid #c9d2dc;border-radius:7px}
input:focus,select:focus,button:focus-visible,a:focus-visible{outline:3px solid #0a6cff55;outline-offset:1px}
.two{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
button{width:100%;padding:.8rem;border:0;border-radius:7px;font:inherit;font-weight:600;cursor:pointer;
background:var(--go);color:#fff}
button.no{background:#fff;color:var(--ink);border:1px solid #c9d2dc;margin-top:.6rem}
.bad{background:#fdf0f4;border:1px solid #f0b8c8;color:var(--bad);border-radius:7px;padding:.7rem .9rem;
margin:0 0 1.25rem}a{color:var(--go)}details{margin-top:1.5rem;font-size:.9rem}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.85rem}
"""
_TESTS = (
    ("4242 4242 4242 4242", "is paid"),
    ("4000 0027 6000 3184", "asks for authentication"),
    ("4000 0000 0000 9995", "is declined: insufficient funds"),
    ("4000 0084 0000 1629", "authenticates, then is declined"),
)


def checkout_page(session: Session, customer: Mapping[str, Any] | None, problem: str | None) -> str:
    """Give the page on which a shopper pays, or saves a card."""
    is_setup = session.mode == "setup"
    total = sum(line["unit_amount"] * line["quantity"] for line in session.lines)
    rows = "".join(_row(line, session) for line in session.lines)
    head = "Save a card for later" if is_setup else "Your order"
    money = "" if is_setup else f'<p class="sum">{money_text(total, session.currency)}</p>'
    email = session.details.get("customer_email") or (customer or {}).get("email") or ""
    types = session.details.get("payment_method_types") or ["card"]
    cancel = _link(session.details.get("cancel_url"), "Cancel and go back")
    button = "Save card" if is_setup else f"Pay {money_text(total, session.currency)}"
    body = f"""<main><section><h1>{head}</h1>{money}<table>{rows}</table>
<p class="soft">{cancel}</p></section>
<form class="card" method="post" autocomplete="off">{_problem(problem)}
<label>E-mail<input name="email" type="email" required value="{escape(str(email))}"></label>
{_method_fields(types)}
<label>Name<input name="name" placeholder="as on the card"></label>
<button>{button}</button>{_hints()}</form></main>"""
    return _page(head, body)


def challenge_page(known: Payment | Setup, method: Method | None, address: str) -> str:
    """Give the page on which a bank asks its shopper to confirm."""
    kind = "payment_intent" if isinstance(known, Payment) else "setup_intent"
    what = "This card is to be saved for later payments."
    if isinstance(known, Payment):
        what = f"A payment of <b>{escape(_minor_text(known))}</b> waits for you."
    card = f"{escape(method.brand)} ending in {escape(method.last4)}" if method else "your card"
    body = f"""<main class="one"><form class="card" method="post" action="{address}">
<h1>Confirm that it is you</h1><p>{what}</p><p class="soft">Card: {card}.
A real bank would send a code now; here you decide how it ends.</p>
<input type="hidden" name="{kind}" value="{escape(known.id)}">
<button name="result" value="pass">Complete authentication</button>
<button class="no" name="result" value="fail">Fail authentication</button></form></main>"""
    return _page("3-D Secure", body)


def notice_page(title: str, text: str = "", url: str | None = None) -> str:
    """Give a short page: a title, a sentence, and the way back."""
    way = _link(url, "Go back to the shop")
    body = f"""<main class="one"><section class="card"><h1>{escape(title)}</h1>
<p class="soft">{escape(text)}</p>{way}</section></main>"""
    return _page(title, body)


def money_text(wire: int, currency: str | None) -> str:
    """Give an amount, in Stripe's own notation of its currency, for people."""
    code = str(currency).upper()
    return escape(f"{decimal_text(part(wire, code, 'amount'), code)} {code}")


def _minor_text(payment: Payment) -> str:
    return f"{decimal_text(payment.amount_minor, payment.currency)} {payment.currency}"


def _row(line: Mapping[str, Any], session: Session) -> str:
    count, each = line["quantity"], money_text(line["unit_amount"], session.currency)
    several = f'<br><span class="soft">{count} &times; {each}</span>' if count > 1 else ""
    in_all = money_text(line["unit_amount"] * count, session.currency)
    return f"<tr><td>{escape(line['name'])}{several}</td><td>{in_all}</td></tr>"


def _method_fields(types: list[str]) -> str:
    card = """<label>Card number<input name="card[number]" inputmode="numeric" required
placeholder="4242 4242 4242 4242"></label><div class="two">
<label>Expires<input name="card[expiry]" required placeholder="12 / 34"></label>
<label>CVC<input name="card[cvc]" inputmode="numeric" required placeholder="123"></label></div>"""
    bank = """<input type="hidden" name="method" value="us_bank_account">
<label>Test bank account<select name="bank"><option value="pays">the debit arrives</option>
<option value="fails">the debit fails some days later</option></select></label>"""
    return bank if "card" not in types and "us_bank_account" in types else card


def _hints() -> str:
    rows = "".join(f"<tr><td><code>{number}</code></td><td>{what}</td></tr>" for number, what in _TESTS)
    return f'<details><summary>Test cards</summary><table class="soft">{rows}</table></details>'


def _problem(text: str | None) -> str:
    return f'<p class="bad" role="alert">{escape(text)}</p>' if text else ""


def _link(url: str | None, text: str) -> str:
    if not url or urlsplit(url).scheme not in {"http", "https"}:
        return ""
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def _page(title: str, body: str) -> str:
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>
<style>{_STYLE}</style></head><body><p class="test" style="margin:0">Simulated by badgateway: no money
moves, and only test cards are taken.</p>{body}</body></html>"""
