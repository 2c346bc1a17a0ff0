"""Commands are found, named and described without loading them all."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from badgateway.cli.root import COMMANDS

FOLDER = Path(import_module("badgateway.cli").__file__).parent
PACK = FOLDER.parent.parent.parent / "scenarios"
each_command = pytest.mark.parametrize("name", COMMANDS)


def test_help_lists_every_command_and_the_exit_codes(badgateway):
    result = badgateway("--help")

    assert result.exit_code == 0
    assert all(name in result.stdout for name in COMMANDS)
    assert "130 interrupted" in result.stdout


@each_command
def test_each_command_has_help_with_an_example_that_names_itself(badgateway, name):
    result = badgateway(name, "--help")

    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert f"  badgateway {name}" in result.stdout


@each_command
def test_the_list_of_commands_says_what_the_commands_say_of_themselves(name):
    command = import_module(f"badgateway.cli.{name}").command

    assert command.help.partition("\n\n")[0].replace("\n", " ") == COMMANDS[name].rstrip()


@each_command
def test_examples_name_scenarios_that_exist(name):
    epilog = import_module(f"badgateway.cli.{name}").command.epilog
    named = [word for word in epilog.split() if word.startswith("scenarios/") and word.endswith(".yaml")]

    assert [word for word in named if not (PACK.parent / word).is_file()] == []


def test_a_misspelt_command_gets_the_nearest_one(badgateway):
    result = badgateway("exlpain")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "unknown command 'exlpain'; did you mean 'explain'?" in result.stderr


def test_a_misspelt_option_gets_the_nearest_one(badgateway):
    result = badgateway("run", "--seeed", "3")

    assert result.exit_code == 2
    assert "--seed" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_help_of_a_command_loads_no_heavy_library(folder):
    script = (
        "import sys; from importlib import import_module; from badgateway.cli.root import COMMANDS;"
        "[import_module(f'badgateway.cli.{name}') for name in COMMANDS];"
        "print({'flask', 'aiohttp', 'uvicorn', 'yaml', 'faker', 'rich'} & set(sys.modules))"
    )

    command = [sys.executable, "-c", script]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "set()"


def test_the_version_is_printed_on_stdout(process):
    result = process("--version")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("badgateway 0.")


def test_a_character_that_the_terminal_cannot_show_breaks_nothing(process, folder):
    (folder / "story.yaml").write_text("title: Źrebię 🐢\nwhy: x\nsteps:\n  - pay: o1\n", encoding="utf-8")

    result = process("explain", "story.yaml", PYTHONIOENCODING="latin-1")

    assert result.returncode == 0, result.stderr
    assert "\\u0179" in result.stdout
