"""Each planted defect differs from the correct integration in just its policy."""

from __future__ import annotations

from dataclasses import fields

import pytest

from badgateway.reference.defects import DEFECTS, UnknownDefect, policies_with
from badgateway.reference.policies import Policies


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.id)
def test_a_defect_replaces_exactly_its_own_policy(defect):
    correct, planted = Policies(), policies_with(defect.id)

    changed = {
        f.name
        for f in fields(Policies)
        if type(getattr(correct, f.name)) is not type(getattr(planted, f.name))
    }

    assert changed == {defect.policy}


def test_no_two_defects_share_an_id():
    assert len({defect.id for defect in DEFECTS}) == len(DEFECTS)


def test_an_unknown_defect_is_refused_with_the_known_ones():
    with pytest.raises(UnknownDefect, match="retry-new-key"):
        policies_with("nonsense")


@pytest.mark.parametrize("defect", [None, *(defect.id for defect in DEFECTS)])
def test_a_quiet_day_looks_right_with_every_defect(fake, start, defect):
    shop = start(defect)
    shop.opened()
    shop.pay()

    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    assert shop.view()["status"] == "PAID"
    assert shop.view()["effects"] == {"fulfilments": 1, "receipts": 1}
