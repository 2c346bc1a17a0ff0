"""failover-on-decline: the next provider is asked after the issuer's no."""

import pytest

from badgateway.reference.defects import policies_with


@pytest.mark.parametrize(("defect", "moves_on"), [("failover-on-decline", True), (None, False)])
def test_a_decline(defect, moves_on):
    routing = policies_with(defect).routing

    assert routing.moves_on("declined") is moves_on
    assert routing.moves_on("not_done")
    assert not routing.moves_on("unknown")
