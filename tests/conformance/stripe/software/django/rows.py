"""Print what dj-stripe's own models hold, as JSON: what a team that uses it would read in its code."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.apps import apps  # noqa: E402 - Django has to know its settings first
from djstripe import models  # noqa: E402


def rows(model, *names):
    """Give the objects of a model: their attributes, and what is kept in no column of its own."""
    return [
        [getattr(one, name) if hasattr(one, name) else one.stripe_data[name] for name in names]
        for one in model.objects.order_by("id")
    ]


if sys.argv[1:] == ["models"]:
    # The listing of this one goes past STRIPE_API_HOST, to the real provider.
    names = {one.__name__ for one in apps.get_app_config("djstripe").get_models()} - {"AccountV2"}
    sys.stdout.write(" ".join(sorted(names)))
else:
    found = {
        "customers": rows(models.Customer, "id", "email"),
        "intents": rows(models.PaymentIntent, "id", "amount", "status", "customer_id"),
        "charges": rows(
            models.Charge,
            *("id", "amount", "currency", "status", "captured", "refunded", "amount_refunded"),
            "payment_intent_id",
        ),
        "refunds": rows(models.Refund, "id", "amount", "status", "charge_id"),
        "events": rows(models.Event, "id", "type"),
    }
    sys.stdout.write(json.dumps(found, default=str))
