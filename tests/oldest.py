"""Print the oldest version of each dependency that pyproject.toml allows, as constraints for pip."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
EXTRAS = ("speed", "demo", "explore", "attach")  # beside the core


def oldest(project: dict) -> list[str]:
    """Give `name==version` of every lower bound of the core and of EXTRAS."""
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for name in EXTRAS for line in extras[name])]
    bounds = [(one.name, bound) for one in map(Requirement, lines) for bound in one.specifier]
    return [f"{name}=={bound.version}" for name, bound in bounds if bound.operator == ">="]


if __name__ == "__main__":
    sys.stdout.write("\n".join(oldest(tomllib.loads(PROJECT.read_text())["project"])) + "\n")
