"""What a planted defect is: an id, the policy it replaces, and the law that it breaks first."""

from __future__ import annotations

from typing import Any, ClassVar


class Defect:
    """One wrong policy in the place of a right one."""

    id: ClassVar[str]
    name: ClassVar[str]  # the id again: every catalogue calls its parts by name
    policy: ClassVar[str]  # field of Policies
    breaks: ClassVar[str]  # code of the primary invariant

    def __init_subclass__(cls) -> None:
        cls.name = cls.id

    @classmethod
    def make(cls) -> Any:
        """Make the wrong policy."""
        raise NotImplementedError
