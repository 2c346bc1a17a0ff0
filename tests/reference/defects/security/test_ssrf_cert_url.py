"""ssrf-cert-url: the key to check with is fetched from where the sender says."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

OWN = "whsec_of_the_sender"


@pytest.fixture
def stranger():
    """Give the address of somebody who hands out his key, and the list of who asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(OWN.encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/key", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("defect", "status"), [("ssrf-cert-url", 200), (None, 400)])
def test_a_webhook_that_brings_its_own_certificate(fake, start, stranger, defect, status):
    shop, (url, asked) = start(defect), stranger
    shop.opened()
    sent = shop.signed(
        fake.event("payment_intent.succeeded", {"id": "pi_9", "object": "payment_intent"}), OWN
    )
    sent["headers"]["Stripe-Signature"] += f",x5u={url}"

    answer = shop.client.post("/webhooks/stripe", **sent)

    assert answer.status_code == status
    assert asked == (["/key"] if defect else [])


def test_an_address_that_nobody_answers_proves_nothing(fake, start, nowhere):
    shop = start("ssrf-cert-url")
    sent = shop.signed(
        fake.event("payment_intent.succeeded", {"id": "pi_9", "object": "payment_intent"}), OWN
    )
    sent["headers"]["Stripe-Signature"] += f",x5u={nowhere}/key"

    assert shop.client.post("/webhooks/stripe", **sent).status_code == 400
