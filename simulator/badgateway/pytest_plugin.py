"""Scenario files as test items: one item for each case, its failure the readable verdict.

Does nothing, and loads nothing, until the ini option `badgateway_scenarios` names a folder. With
`badgateway_providers` there is an item for each case and provider, as far as the story is for it.
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
    from badgateway.integration.model import Description
    from badgateway.plan.model import Plan
    from badgateway.scenario.model import Scenario
    from badgateway.trial import CaseResult

INI, PROVIDERS = "badgateway_scenarios", "badgateway_providers"


class NotHeld(Exception):
    """A case that was broken or could not be judged."""

    def __init__(self, result: CaseResult) -> None:
        super().__init__(f"{result.verdict.scenario}: {result.verdict.state}")
        self.result = result


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options and the command line options."""
    parser.addini(INI, "Folders whose YAML files are badgateway scenarios.", type="paths", default=[])
    parser.addini(
        PROVIDERS,
        "Providers that each scenario is collected for, as far as it is for them.",
        type="args",
        default=[],
    )
    group = parser.getgroup("badgateway", "payment failure scenarios")
    group.addoption("--badgateway-config", metavar="FILE", default="badgateway.yaml", help="The integration.")
    group.addoption("--badgateway-seed", metavar="N", type=int, default=1, help="Seed of all scenarios.")
    group.addoption(
        "--badgateway-provider",
        metavar="NAME|FILE",
        action="append",
        default=[],
        help="Only scenarios that this provider can play, played with it; may be repeated.",
    )


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
            description = described(self.config, is_needed=False)
            merchants = description.in_turn if description is not None else ()
            story = read_scenario(self.path.read_text(encoding="utf-8"), name.as_posix())
            wanted = (
                [(one, f"-{one}") for one in self._providers(story)] if asked(self.config) else [(None, "")]
            )
            plans = [
                (plan, ending)
                for provider, ending in wanted
                for plan in compile_scenario(story, seed, provider, merchants)
            ]
        except InputError as error:
            raise self.CollectError(str(error)) from error
        for plan, ending in plans:
            yield ScenarioItem.from_parent(self, name=f"case{plan.case}{ending}", plan=plan)

    def _providers(self, story: Scenario) -> list[str]:
        """Give those of the providers asked for that can play a story; raises InputError."""
        from badgateway.plan.fitting import has_cards, is_for
        from badgateway.providers import DIALECTS, declare

        root = self.config.rootpath
        names = [
            declare(root / word).name if word.endswith(".yaml") else DIALECTS[word].name
            for word in asked(self.config)
        ]
        return [one for one in dict.fromkeys(names) if is_for(story, one) and has_cards(story, one)]


def asked(config: pytest.Config) -> list[str]:
    """Give the providers that were asked for: on the command line, else in the ini."""
    return list(config.getoption("--badgateway-provider") or config.getini(PROVIDERS))


def described(config: pytest.Config, *, is_needed: bool = True) -> Description | None:
    """Give the integration, its own providers declared; None: there is no description, and none is needed."""
    from badgateway.integration.read import read_description
    from badgateway.providers import declare

    path = config.rootpath / config.getoption("--badgateway-config")
    if not is_needed and not path.is_file():
        return None
    description = read_description(path)
    for name, file in description.providers.items():
        declare(Path(description.folder) / file, name)
    return description


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
        description = described(self.config)
        assert description is not None, "one that is needed and cannot be read is refused"
        run = pipeline.run([self.plan], description, workdir=work, reproduce=self._reproduce)
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

    def _reproduce(self, plan: Plan) -> str:
        words = ["badgateway", "run", plan.scenario, "--case", str(plan.case), "--seed", str(plan.seed)]
        if asked(self.config):
            words += ["--provider", self._word_for(plan.provider)]
        config = self.config.getoption("--badgateway-config")
        return shlex.join(words if config == "badgateway.yaml" else [*words, "--config", config])

    def _word_for(self, provider: str) -> str:
        """Give what a command line needs to name a provider: its name, or the file that was asked for."""
        files = (word for word in asked(self.config) if word.endswith(".yaml"))
        return next((file for file in files if Path(file).name.startswith(f"{provider}.")), provider)

    def _words(self) -> str:
        return "".join(letter if letter.isalnum() else "-" for letter in self.nodeid)
