"""The catalogue of faults: whole, uniform, documented."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import badgateway.faults
from badgateway.faults import FAULTS
from badgateway.faults.base import PHASES, Fault, bare_page
from badgateway.ground.message import Reply

FOLDER = Path(badgateway.faults.__file__).parent
KINDS = {
    "integer": int,
    "duration": int,
    "offset": int,
    "amount": int,
    "flag": bool,
    "text": str,
    "mapping": dict,
    "choice": str,
}


def test_every_file_is_in_the_catalogue():
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "base"}

    assert files == set(FAULTS.names())


@pytest.mark.parametrize("fault", FAULTS, ids=FAULTS.names())
def test_file_class_and_name_are_one_word_and_the_file_fits_on_a_screen(fault):
    path = Path(inspect.getfile(fault))

    assert path.stem == fault.name == fault.__name__.lower()
    assert len(path.read_text().splitlines()) <= 90


@pytest.mark.parametrize("fault", FAULTS, ids=FAULTS.names())
def test_each_fault_says_what_is_seen_where_it_comes_from_and_what_should_hold(fault):
    lines = inspect.cleandoc(fault.__doc__).splitlines()

    assert [line.partition(":")[0] for line in lines[2:]] == ["On the wire", "In the field", "Should hold"]
    assert len(re.findall(r"[.!?](?: |$)", fault.remedy)) in {2, 3}
    assert fault.remedy.endswith(".")


@pytest.mark.parametrize("fault", FAULTS, ids=FAULTS.names())
def test_each_fault_declares_its_phases_and_its_options_with_fitting_defaults(fault):
    assert set(fault.phases) <= set(PHASES)
    assert fault.phase in fault.phases
    for option in fault.options:
        assert option.help
        assert option.kind in KINDS
        assert (option.kind == "choice") == bool(option.choices)
        if option.default is not None:
            assert isinstance(option.default, KINDS[option.kind])
            assert not option.choices or option.default in option.choices


@pytest.mark.parametrize("fault", FAULTS, ids=FAULTS.names())
def test_each_fault_has_its_row_and_its_tests(fault):
    rows = [line for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| `")]

    assert any(line.startswith(f"| `{fault.name}` |") for line in rows)
    assert (Path(__file__).parent / f"test_{fault.name}.py").exists()
    for option in fault.options:
        assert any(f"`{option.name}`" in line for line in rows if line.startswith(f"| `{fault.name}` |"))


@pytest.mark.parametrize("fault", FAULTS, ids=FAULTS.names())
def test_each_effect_names_its_fault_and_the_defaults_need_no_values(fault):
    effect = fault().strike(Reply(200, b"{}"))

    assert effect.fault == fault.name
    assert fault().objection() is None


def test_the_base_strikes_nothing_by_itself():
    with pytest.raises(NotImplementedError):
        Fault().strike(Reply(200))


def test_without_a_provider_an_error_has_a_bare_page():
    assert bare_page(503) == Reply(503, b'{"error": "HTTP 503"}')


def test_the_fault_of_the_guide_runs_as_it_is_printed():
    guide = (FOLDER / "README.md").read_text()
    source = guide.partition("```python\n")[2].partition("```")[0]
    names: dict[str, object] = {}
    reply = Reply(200, b"{}")

    exec(compile(source, "README.md", "exec"), names)  # noqa: S102 - it is our own page

    assert names["Nothing"]().strike(reply).reply is reply


def test_the_guides_table_lists_the_phases_with_the_default_first():
    rows = [line for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| `")]

    for fault, row in zip(FAULTS, rows, strict=True):
        phases = row.rstrip("| ").rpartition("|")[2].strip().split(", ")
        assert phases[0] == fault.phase
        assert set(phases) == set(fault.phases)
