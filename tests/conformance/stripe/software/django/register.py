"""Register the webhook view of this project with the provider, and keep what it says: the secret too."""

import os
import sys
import uuid

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

import stripe  # noqa: E402 - Django has to know its settings first
from django.conf import settings  # noqa: E402
from djstripe.models import WebhookEndpoint  # noqa: E402

own = uuid.uuid4()
made = stripe.WebhookEndpoint.create(
    api_key=settings.STRIPE_TEST_SECRET_KEY,
    url=f"{sys.argv[1]}/stripe/webhook/{own}/",
    enabled_events=["*"],
    metadata={"djstripe_uuid": str(own)},
)
WebhookEndpoint.sync_from_stripe_data(made, api_key=settings.STRIPE_TEST_SECRET_KEY)
