"""What all the shop's doings share: books, Stripe's door, turns and the log."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from books import Books
from door import Deadline, Door

FINISHED_PAID = ("settled", "given_back_some", "given_back", "contested")


class Forbidden(Exception):
    """The state of the basket forbids it; nothing was done."""


class NotYet(Exception):
    """Its turn did not come in time, or it is not known yet."""


@dataclass(slots=True)
class Shop:
    """The shop."""

    books: Books
    door: Door
    own_url: str
    deadline_s: float
    _turns: WeakValueDictionary[str, threading.Lock] = field(default_factory=WeakValueDictionary)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def deadline(self) -> Deadline:
        """Start the clock of a request."""
        return Deadline(self.deadline_s)

    @contextmanager
    def turn(self, ref: str, deadline: Deadline) -> Iterator[None]:
        """Do one thing at a time with a basket; raises NotYet."""
        with self._guard:
            lock = self._turns.setdefault(ref, threading.Lock())
        if not lock.acquire(timeout=deadline.left()):
            raise NotYet
        try:
            yield
        finally:
            lock.release()


def say(what: str, **details: object) -> None:
    """Write one line to the log; details are references, words and counts, never secrets."""
    told = " ".join(f"{name}={value}" for name, value in details.items())
    sys.stderr.write(f"bookshop: {what} {told}\n")
