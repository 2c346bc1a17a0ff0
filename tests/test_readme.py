"""What the READMEs show is what the project does: commands, stories, counts and links."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import badgateway as package
from badgateway import pipeline
from badgateway.cli import main
from badgateway.cli.root import COMMANDS
from badgateway.cli.target import embedded
from badgateway.errors import InputError
from badgateway.invariants import INVARIANTS
from badgateway.plan.compile import compile_scenario
from badgateway.providers import DIALECTS
from badgateway.scenario.load import load_scenarios, read_scenario

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
MAKEFILE = (ROOT / "Makefile").read_text()
ROOMS = ("simulator", "scenarios", "contracts", "specs", "tests")
PAGES = [README, *(page for room in ROOMS for page in sorted((ROOT / room).rglob("README.md")))]
STORY = "scenarios/retries/lost_answer.yaml"
# What stands in a README for something that its reader puts there.
STANDS_FOR = {"FILE": STORY, "JOURNAL": "run.ndjson", "WORDS": "answer", "ID": "retry-new-key"}
STANDS_FOR |= {"RECORDING": "run.ndjson", "N": "1", "S": "1", "<name>": "check"}
STANDS_FOR |= {"./acme.provider.yaml": str(ROOT / "tests/providers/every/acme.provider.yaml")}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
IN_BLOCK = re.compile(r"^\s*(?:\$ |Reproduce: )?((?:badgateway|make) [^\n]+)", re.MULTILINE)
INLINE = re.compile(r"`([^`]+)`")


def inline(page: Path) -> list[str]:
    """Give what stands between single backticks, on one line each."""
    return [" ".join(code.split()) for code in INLINE.findall(FENCE.sub("", page.read_text()))]


def commands(page: Path) -> list[list[str]]:
    """Give the commands that a page shows, as words."""
    text = page.read_text()
    blocks = [block for _, block in FENCE.findall(text)] + re.findall(
        r"(?:^ {4}\S[^\n]*\n)+", text, re.MULTILINE
    )
    shown = [line for block in blocks for line in IN_BLOCK.findall(block)]
    shown += [code for code in inline(page) if code.startswith(("badgateway ", "make "))]
    return [shlex.split(line, comments=True) for line in shown]


def of(program: str) -> list[tuple[str, list[str]]]:
    """Give page and arguments of every command of a program, each once for a page."""
    found = {
        (page.relative_to(ROOT).as_posix(), *words[1:])
        for page in PAGES
        for words in commands(page)
        if words[0] == program
    }
    return [(name, list(words)) for name, *words in sorted(found)]


def examples() -> dict[str, str]:
    """Give every whole story that a page shows, by the page that shows it first."""
    found = {
        block: page.relative_to(ROOT).as_posix()
        for page in reversed(PAGES)
        for kind, block in FENCE.findall(page.read_text())
        if kind == "yaml" and block.startswith("title:")
    }
    return {page: block for block, page in found.items()}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command line as README.md shows it, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run_shown(line: str) -> click.testing.Result:
        words = shlex.split(line)
        assert words in commands(README), f"README.md does not show: {line}"
        return CliRunner().invoke(main, [STANDS_FOR.get(word, word) for word in words[1:]])

    return run_shown


def test_the_readme_can_be_read_at_one_sitting():
    assert len(README.read_text().splitlines()) < 200


def test_the_pages_show_commands():
    """Otherwise the tests below would look at nothing."""
    assert len(of("badgateway")) >= 15
    assert len(of("make")) >= 7


@pytest.mark.parametrize(("page", "words"), of("make"), ids=str)
def test_a_make_target_exists(page, words):
    targets = re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)

    assert {word for word in words if "=" not in word} <= set(targets)
    assert all(f"$(if $({word.partition('=')[0]})" in MAKEFILE for word in words if "=" in word)


@pytest.mark.parametrize(("page", "words"), of("badgateway"), ids=str)
def test_a_command_is_understood(page, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # A provider that a command line declares is gone again after the test.
    monkeypatch.setattr(DIALECTS, "_parts", dict(DIALECTS._parts))
    (tmp_path / STANDS_FOR["JOURNAL"]).touch()
    name, *rest = [STANDS_FOR.get(word, word) for word in words]
    # A page that speaks of writing into itself does not name itself.
    rest += [page] if rest[-1:] == ["--write"] else []
    group = click.Context(main, info_name="badgateway")
    command = main.get_command(group, name)

    assert command is not None, f"unknown command {name}"
    assert command.make_context(name, rest, parent=group).params is not None


def test_an_option_that_does_not_exist_would_be_noticed():
    group = click.Context(main)

    with pytest.raises(click.UsageError):
        main.get_command(group, "run").make_context("run", ["--sed", "7"], parent=group)


def test_every_option_of_the_readme_exists():
    group = click.Context(main)
    known = {
        option
        for name in COMMANDS
        for parameter in main.get_command(group, name).params
        for option in parameter.opts
    }

    shown = {option for code in inline(README) for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", code)}

    assert len(shown) >= 8
    assert shown <= known


def test_every_link_of_the_readme_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", README.read_text())

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_number_of_laws_is_true():
    told = re.findall(r"\b(\w+) laws\b", README.read_text())
    counts = {int(word) for word in told if word.isdecimal()}

    assert counts == {len(list(INVARIANTS))}, "a law came or went: say the new number in README.md"


def test_the_cases_of_the_shown_output_are_cases_of_the_pack():
    lines = re.findall(r"^\w+ +(scenarios/\S+)  (case .*)$", README.read_text(), re.MULTILINE)

    for path, told in lines:
        known = []
        for plan in compile_scenario(load_scenarios([path])[0], 1):
            values = ", ".join(f"{name}={value}" for name, value in plan.matrix.items())
            known.append(f"case {plan.case} of {plan.cases} ({values})")
        assert re.sub(r", seed \d+", "", told) in known

    assert len(lines) >= 3


def test_every_story_that_a_page_shows_is_held_by_the_reference(tmp_path):
    stories = [read_scenario(text, page) for page, text in examples().items()]
    target = embedded()

    results = asyncio.run(
        pipeline.run(
            [plan for story in stories for plan in compile_scenario(story, 1)],
            target.description,
            workdir=tmp_path,
            reproduce=lambda plan: plan.scenario,
        )
    )

    assert {one.plan.scenario for one in results} >= {"README.md", "scenarios/README.md"}
    assert {one.plan.scenario: one.verdict.state for one in results} == dict.fromkeys(examples(), "held")
    assert all(one.verdict.faults_fired == one.verdict.faults_planned >= 1 for one in results)


def test_init_writes_what_check_finds_good(run, tmp_path):
    written, checked = run("badgateway init"), run("badgateway check")

    assert (written.exit_code, checked.exit_code) == (0, 0), written.output + checked.output
    assert (tmp_path / "badgateway.yaml").is_file()
    assert "no problems" in checked.stdout


def test_doctor_says_what_it_understood(run, tmp_path):
    shutil.copy(Path(package.__file__).parent / "reference" / "badgateway.yaml", tmp_path)

    result = run("badgateway doctor")

    assert result.exit_code == 0, result.output


def test_list_and_explain_print_what_they_are_said_to(run):
    laws, told = run("badgateway list invariants --long"), run("badgateway explain FILE")

    assert (laws.exit_code, told.exit_code) == (0, 0)
    assert all(law.name in laws.stdout for law in INVARIANTS)
    assert "The charge succeeds but its answer is lost" in told.stdout


def test_the_planted_bug_is_found_as_it_is_shown(run):
    result = run('badgateway demo --defect retry-new-key --seed 7 -k "charge succeeds but its answer"')

    assert result.exit_code == 1, result.output
    assert "the customer loses 37448 JPY" in result.stdout
    assert f"Reproduce: badgateway run {STORY} --case 1 --seed 7 --defect retry-new-key" in result.stdout


def test_the_line_that_reproduces_it_prints_what_is_shown(run):
    """Line breaks, moments and ids are new in each play; the README may leave lines out and add none."""
    shown = next(block for _, block in FENCE.findall(README.read_text()) if block.startswith("broken"))

    result = run(f"badgateway run {STORY} --case 1 --seed 7 --defect retry-new-key")

    said = plain(result.stdout)
    assert result.exit_code == 1, result.output
    assert [line for line in shown.splitlines() if plain(line) not in said] == []


def plain(text: str) -> str:
    """Leave out what differs from play to play and how the text is laid out."""
    labels = r"^  (?:Cause|At stake|Then also|What to do)\b|^  Timeline.*|^ *>"
    ids = r"\+\S+ s\b|\bpi_\w+|\bkey [0-9a-f]{32}"
    bare = re.sub(ids, " ", re.sub(labels, " ", text, flags=re.MULTILINE))
    return " ".join(bare.split())


@pytest.mark.parametrize("line", [words for words in commands(README) if words[1:2] == ["serve"]], ids=str)
def test_serving_begins_as_shown_and_ends_with_an_interrupt(tmp_path, line):
    more = [] if "--print-env" in line else ["--print-env"]
    process = subprocess.Popen(
        [sys.executable, "-m", "badgateway", *line[1:], *more],
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    variables = [process.stdout.readline() for _ in range(3)]
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)

    assert all("=" in variable for variable in variables)
    assert process.returncode == 130, said


def test_a_story_with_a_mistake_would_not_pass_for_an_example():
    with pytest.raises(InputError):
        read_scenario("title: T\nstepz: []\n", "README.md")
