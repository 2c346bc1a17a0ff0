"""The planted defect duplicate-scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from badgateway.reference.clock import Clock, new_token
from badgateway.reference.defects.base import Defect
from badgateway.reference.records import Intent
from badgateway.reference.scheduling import Scheduling
from badgateway.reference.store import Store


class DuplicateScheduler(Defect):
    """Every copy believes to be the only one that runs the job: it looks, finds no charge, and makes one.

    In the field: Cobot's report on its incident, in which the old and the new server both ran the nightly
    billing job (blog.cobot.me).
    """

    id = "duplicate-scheduler"
    policy = "scheduling"
    breaks = "M1"

    @classmethod
    def make(cls) -> Scheduling:
        """Make a policy without a lease, whose charges belong to the run that makes them."""
        return _Alone()


class _Alone(Scheduling):
    @contextmanager
    def turn(self, _store: Store, _clock: Clock, _job: str) -> Iterator[bool]:
        yield True

    def looks_first(self) -> bool:
        return True

    def key_of(self, _intent: Intent) -> str:
        return new_token()
