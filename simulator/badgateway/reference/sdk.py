"""The only door to the Stripe SDK, loaded without the HTTP clients that we never use."""

from __future__ import annotations

import sys

# The SDK imports each HTTP client it finds, which costs a third of the start. A name that stands as
# None in sys.modules counts as not installed (Python reference, section 5.3.1); ours is in wire.py.
_UNUSED = tuple(name for name in ("requests", "httpx", "aiohttp", "anyio") if name not in sys.modules)
sys.modules.update(dict.fromkeys(_UNUSED))  # type: ignore[arg-type]  # None is what the import system looks for

import stripe  # noqa: E402 - after the line above, on purpose

for _name in _UNUSED:
    del sys.modules[_name]

__all__ = ["stripe"]
