"""Thin events and stripe-python: notification and event, by the older name of the parser and by the newer."""

import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import stripe

heard = []


class Inbox(BaseHTTPRequestHandler):
    def do_POST(self):
        heard.append((self.rfile.read(int(self.headers["Content-Length"])), self.headers["Stripe-Signature"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


inbox = HTTPServer(("127.0.0.1", 0), Inbox)
client = stripe.StripeClient(os.environ["STRIPE_API_KEY"], base_addresses={"api": os.environ["STRIPE_URL"]})
made = client.v2.core.event_destinations.create(
    {
        "name": "mine",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": ["v1.charge.succeeded"],
        "webhook_endpoint": {"url": f"http://127.0.0.1:{inbox.server_port}/"},
        "include": ["webhook_endpoint.signing_secret"],
    }
)
waiting = threading.Thread(target=inbox.handle_request)
waiting.start()
payments = getattr(client, "v1", client).payment_intents
paid = payments.create(
    {
        "amount": 2000,
        "currency": "eur",
        "payment_method": "pm_card_visa",
        "confirm": True,
        "payment_method_types": ["card"],
    }
)
waiting.join()
inbox.server_close()
parse = getattr(client, "parse_event_notification", None) or client.parse_thin_event
secret = made.webhook_endpoint.signing_secret
notice = parse(*heard[0], secret)
event = client.v2.core.events.retrieve(notice.id)
refused = None
try:
    parse(*heard[0], "whsec_other")
except stripe.SignatureVerificationError as error:
    refused = error

assert refused is not None
assert (notice.type, notice.related_object.id) == ("v1.charge.succeeded", paid.latest_charge)
assert (event.id, event.object) == (notice.id, "v2.core.event")
sys.stdout.write(f"every thin behaviour passed with {parse.__name__}\n")
