"""Scenario files as test items: one item for each case, its failure the readable verdict.

Does nothing, and loads nothing, until the ini option `badgateway_scenarios` names a folder.
"""

from __future__ import annotations

import asyncio
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from badgateway.integration.model import Description, Merchant
    from badgateway.plan.model import Plan
    from badgateway.trial import CaseResult

INI = "badgateway_scenarios"


class NotHeld(Exception):
    """A case that was broken or could not be judged."""

    def __init__(self, result: CaseResult) -> None:
        super().__init__(f"{result.verdict.scenario}: {result.verdict.state}")
        self.result = result


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini option and two command line options."""
    parser.addini(INI, "Folders whose YAML files are badgateway scenarios.", type="paths", default=[])
    group = parser.getgroup("badgateway", "payment failure scenarios")
    group.addoption("--badgateway-config", metavar="FILE", default="badgateway.yaml", help="The integration.")
    group.addoption("--badgateway-seed", metavar="N", type=int, default=1, help="Seed of all scenarios.")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a YAML file that lies in one of the folders that were named."""
    folders: list[Path] = parent.config.getini(INI)
    if not folders or file_path.suffix != ".yaml":
        return None
    if not any(file_path.is_relative_to(folder) for folder in folders):
        return None
    return ScenarioFile.from_parent(parent, path=file_path)


class ScenarioFile(pytest.File):
    """One scenario file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Compile the story and give an item for each case; its problems are told with their places."""
        from badgateway.errors import InputError
        from badgateway.plan.compile import compile_scenario
        from badgateway.scenario.load import read_scenario

        root, seed = self.config.rootpath, self.config.getoption("--badgateway-seed")
        name = self.path.relative_to(root) if self.path.is_relative_to(root) else self.path
        try:
            story = read_scenario(self.path.read_text(encoding="utf-8"), name.as_posix())
            plans = compile_scenario(story, seed, merchants=self._merchants())
        except InputError as error:
            raise self.CollectError(str(error)) from error
        for plan in plans:
            yield ScenarioItem.from_parent(self, name=f"case{plan.case}", plan=plan)

    def _merchants(self) -> tuple[Merchant, ...]:
        """Give the merchants of the integration; one without a description is missed when it is played."""
        from badgateway.integration.read import read_description

        config = self.config.rootpath / self.config.getoption("--badgateway-config")
        return read_description(config).in_turn if config.is_file() else ()


class ScenarioItem(pytest.Item):
    """One case of a scenario."""

    def __init__(self, *, plan: Plan, **extra: Any) -> None:
        super().__init__(**extra)
        self.plan = plan
        self.extra_keyword_matches.update(plan.tags)

    def runtest(self) -> None:
        """Play and judge it."""
        from badgateway import pipeline
        from badgateway.ground.ids import new_nonce

        work = self.config.rootpath / ".badgateway" / "pytest" / f"{self._words()}-{new_nonce()}"
        run = pipeline.run([self.plan], self._description(), workdir=work, reproduce=self._reproduce)
        (result,) = asyncio.run(run)
        self.user_properties += [("seed", self.plan.seed), ("reproduce", result.verdict.reproduce)]
        if result.verdict.state != "held":
            raise NotHeld(result)
        # What is left of a case that held helps nobody; a journal that shows a problem is kept.
        shutil.rmtree(work, ignore_errors=True)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell the verdict instead of a traceback; what the machine lacks is one sentence."""
        from badgateway.errors import BadGatewayError
        from badgateway.report.text import render_case

        if isinstance(excinfo.value, NotHeld):
            return render_case(excinfo.value.result)
        if isinstance(excinfo.value, BadGatewayError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the item in reports."""
        return self.path, None, f"{self.plan.title} [{self.name}]"

    def _description(self) -> Description:
        from badgateway.integration.read import read_description

        return read_description(self.config.rootpath / self.config.getoption("--badgateway-config"))

    def _reproduce(self, plan: Plan) -> str:
        words = ["badgateway", "run", plan.scenario, "--case", str(plan.case), "--seed", str(plan.seed)]
        config = self.config.getoption("--badgateway-config")
        return shlex.join(words if config == "badgateway.yaml" else [*words, "--config", config])

    def _words(self) -> str:
        return "".join(letter if letter.isalnum() else "-" for letter in self.nodeid)
