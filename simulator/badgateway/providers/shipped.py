"""The declared providers that ship, in their order."""

from __future__ import annotations

from badgateway.providers import DIALECTS
from badgateway.providers.declared.dialect import Declared
from badgateway.providers.declared.files import SHIPPED_FILES

SHIPPED = tuple(one for one in DIALECTS if isinstance(one, Declared) and one.path in SHIPPED_FILES)
