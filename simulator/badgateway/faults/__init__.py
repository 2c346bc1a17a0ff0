"""What may go wrong between an integration and a provider: the catalogue of faults."""

from __future__ import annotations

from badgateway.faults.base import Fault
from badgateway.faults.close import Close
from badgateway.faults.cut import Cut
from badgateway.faults.decide import Decide
from badgateway.faults.garble import Garble
from badgateway.faults.hold import Hold
from badgateway.faults.kill import Kill
from badgateway.faults.lag import Lag
from badgateway.faults.mutate import Mutate
from badgateway.faults.reply import Reply
from badgateway.faults.reset import Reset
from badgateway.faults.skew import Skew
from badgateway.faults.trickle import Trickle
from badgateway.ground.catalogue import Catalogue

FAULTS: Catalogue[type[Fault]] = Catalogue(
    "fault", (Close, Reset, Hold, Reply, Trickle, Cut, Garble, Mutate, Kill, Decide, Lag, Skew)
)
