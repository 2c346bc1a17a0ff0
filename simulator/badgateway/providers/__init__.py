"""The simulated providers: one dialect, one folder."""

from __future__ import annotations

from badgateway.ground.catalogue import Catalogue
from badgateway.providers.adyen.dialect import Adyen
from badgateway.providers.base import Dialect
from badgateway.providers.stripe.dialect import Stripe

DIALECTS: Catalogue[Dialect] = Catalogue("provider", (Stripe(), Adyen()))
