"""What a run comes to."""

import pytest

from badgateway.report.summary import summarise


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (["held", "held"], 0),
        (["held", "unknown"], 4),
        (["unknown", "broken"], 1),
        (["vacuous"], 4),
        ([], 0),
    ],
)
def test_the_worst_case_gives_the_exit_code(held, states, code):
    assert summarise([held.but(state=state) for state in states]).exit_code == code


def test_a_law_that_one_case_tested_is_not_vacuous(held, overcharged):
    laws = {law.invariant: law for law in summarise([held, overcharged]).laws}

    assert not laws["honest_ambiguity"].is_vacuous
    assert laws["honest_ambiguity"].antecedents == 1


def test_a_law_that_no_case_tested_is_vacuous(held):
    laws = {law.invariant: law for law in summarise([held, held]).laws}

    assert laws["honest_ambiguity"].is_vacuous
