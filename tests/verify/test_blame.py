"""Blame follows from what was promised and what was answered, never from a name."""

import pytest

from badgateway.verify.blame import blamed

MORE = ("response: the status 201 is not in the document",)


@pytest.mark.parametrize(("consumer", "provider"), [("shop", "bank"), ("bank", "shop"), ("bank", "bank2")])
@pytest.mark.parametrize(
    ("is_kept", "overreach", "side"),
    [(True, (), None), (False, (), "provider"), (True, MORE, "consumer"), (False, MORE, "consumer")],
)
def test_blame_follows_the_side(consumer, provider, is_kept, overreach, side):
    culprit = blamed(consumer, provider, is_kept=is_kept, overreach=overreach)

    assert culprit == {"consumer": consumer, "provider": provider, None: None}[side]
