"""The events that can be made by hand are all that the dialect tells."""

import re
from pathlib import Path

from badgateway.providers.stripe import events, payout_events
from badgateway.providers.stripe.triggers import TRIGGERS

FOLDER = Path(events.__file__).parent


def test_whatever_is_told_can_be_triggered():
    noted = {
        kind
        for path in FOLDER.glob("*.py")
        for kind in re.findall(
            r'"((?:customer|payment_method|setup_intent|checkout\.session)\.[a-z_]+)"', path.read_text()
        )
    }
    of_the_book = {kind.type for kinds in events._USUAL.values() for kind in kinds}

    others = {"charge.captured", "charge.dispute.updated", "charge.updated", *payout_events._TYPES}

    assert noted | of_the_book | others == set(TRIGGERS)
