"""Records that each request makes are frozen structs of msgspec; this gives one with other values in it.

Those that hold only what stood before them are outside the garbage collector: no cycle goes through them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import replace as changed  # so that names and types of fields are checked
else:
    from msgspec.structs import replace as changed

__all__ = ["changed"]
