"""failover-double-charge: a lost answer is taken for an outage."""

import pytest

from badgateway.reference.defects import policies_with


@pytest.mark.parametrize(("defect", "moves_on"), [("failover-double-charge", True), (None, False)])
def test_what_nobody_knows(defect, moves_on):
    routing = policies_with(defect).routing

    assert routing.moves_on(routing.read("unknown")) is moves_on


@pytest.mark.parametrize("defect", ["failover-double-charge", None])
@pytest.mark.parametrize(("kind", "moves_on"), [("not_done", True), ("refused", True), ("declined", False)])
def test_what_is_known(defect, kind, moves_on):
    routing = policies_with(defect).routing

    assert routing.moves_on(routing.read(kind)) is moves_on
