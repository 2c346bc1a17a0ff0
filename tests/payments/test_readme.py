"""The example of the room's README does what its comments say."""

from __future__ import annotations

import re
from pathlib import Path

import badgateway.payments
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.payments import book, commands, decisions
from badgateway.payments.book import Book

README = Path(badgateway.payments.__file__).parent / "README.md"


def test_the_example_runs():
    example = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    names = {**vars(book), **vars(commands), **vars(decisions), "clock": Clock(0), "ids": Ids(1, "n")}

    exec(compile(example[1], str(README), "exec"), names)  # noqa: S102 - it is our own page

    played = names["book"]
    assert isinstance(played, Book)
    assert [entry.kind for entry in played.ledger.entries()] == ["auth", "capture", "refund", "refund_fail"]
    assert played.ledger.entries()[-1].cause == "act:fail_refund"
    assert played.drain() == ()
