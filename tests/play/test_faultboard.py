"""Which fault strikes which call."""

from dataclasses import dataclass

import pytest

from badgateway.play.faultboard import FaultBoard


@dataclass
class Asked:
    """What the board looks at of a call."""

    op: str | None = "charge"
    order: str | None = "o1"
    n: int = 1
    arrival: int = 1
    provider: str = "stripe"
    by: str | None = None

    @property
    def own_n(self) -> int:
        """Give its number at its provider, of which there is one here."""
        return self.n


@pytest.mark.parametrize(
    ("at", "call", "is_struck"),
    [
        ("o1.charge[1]", Asked(), True),
        ("o1.charge[1]", Asked(n=2), False),
        ("o1.charge[2]", Asked(n=2, arrival=7), True),
        ("o1.charge[1]", Asked(order="o2"), False),
        ("o1.charge[1]", Asked(order=None), False),
        ("o1.charge[1]", Asked(op="capture"), False),
        ("charge[1]", Asked(order="o2"), True),
        ("o1.charge[*]", Asked(n=9), True),
        ("*", Asked(op=None, order=None, n=5, arrival=9), True),
        ("*[3]", Asked(n=1, arrival=3), True),
        ("*[3]", Asked(n=3, arrival=4), False),
        ("o1.*", Asked(op="refund"), True),
        ("o1.*", Asked(op="refund", order="o2"), False),
    ],
)
def test_a_selector_is_an_operation_an_order_and_a_count(lab, at, call, is_struck):
    board = FaultBoard((lab.fault(at, "after_commit", "close"),))

    struck = board.striking(call, "after_commit")

    assert (struck is not None) == is_struck


def test_a_fault_strikes_at_its_phase_only(lab):
    board = FaultBoard((lab.fault("o1.charge[1]", "after_commit", "close"),))

    assert board.striking(Asked(), "connect", "before_commit") is None
    assert board.striking(Asked(), "after_commit") is not None


def test_the_first_of_the_file_strikes_where_two_could(lab):
    board = FaultBoard(
        (
            lab.fault("o1.charge[*]", "after_commit", "close", 1),
            lab.fault("o1.charge[1]", "after_commit", "reset", 2),
        )
    )

    planned, fault = board.striking(Asked(), "after_commit")

    assert (planned.index, fault.name) == (1, "close")


def test_a_decision_is_no_effect_and_an_effect_is_no_decision(lab):
    board = FaultBoard((lab.fault("o1.charge[1]", "before_commit", "decide", outcome="declined"),))

    assert board.striking(Asked(), "before_commit") is None
    assert board.striking(Asked(), "before_commit", do="decide") is not None


def test_a_healed_board_strikes_nothing(lab):
    board = FaultBoard(
        (lab.fault("*", "after_commit", "close"), lab.fault("*", "before_commit", "skew", by=-240_000))
    )

    board.heal()

    assert board.striking(Asked(), "after_commit") is None
