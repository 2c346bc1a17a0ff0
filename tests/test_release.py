"""What is released: what wheel and sdist hold, and that the wheel plays a scenario where nothing else is."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Built and installed once, whatever the number of pytest's workers.
pytestmark = [pytest.mark.xdist_group("release"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the sdist, and the wheel from the sdist, as a release does."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel):
    """Give the paths inside the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return [Path(name) for name in archive.namelist()]


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel with the extra `demo` and nothing else; give the command."""
    place = tmp_path_factory.mktemp("clean")
    run(sys.executable, "-m", "venv", "--without-pip", place)
    pip = (sys.executable, "-m", "pip", "--python", place, "--disable-pip-version-check")
    run(*pip, "install", "--quiet", f"{wheel}[demo]")
    return place / "bin" / "badgateway"


def run(*command, cwd=None):
    outside = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GITHUB_"))
    }
    words = [str(word) for word in command]
    result = subprocess.run(words, cwd=cwd, env=outside, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{words}\n{result.stdout}\n{result.stderr}"
    return result


def test_the_wheel_puts_one_name_into_site_packages(names):
    tops = {name.parts[0] for name in names}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"badgateway"}


def test_the_artefacts_in_the_wheel_are_data_only(names):
    bundled = [name.parts[2:] for name in names if name.parts[1:2] == ("_artifacts",)]

    assert {parts[0] for parts in bundled} == {"contracts", "scenarios", "specs"}
    assert {Path(parts[-1]).suffix for parts in bundled if parts[-1] != "README.md"} <= {".yaml", ".json"}


def test_every_scenario_and_every_module_of_the_clone_is_in_the_wheel(names):
    bundled = {Path(*name.parts[2:]) for name in names if name.parts[1:2] == ("_artifacts",)}
    modules = {name for name in names if name.suffix == ".py"}

    assert {path.relative_to(ROOT) for path in (ROOT / "scenarios").rglob("*.yaml")} <= bundled
    assert {path.relative_to(ROOT / "simulator") for path in (ROOT / "simulator").rglob("*.py")} == modules
    assert Path("badgateway/py.typed") in names


def test_the_sdist_holds_what_a_distributor_needs_and_no_more(built):
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        tops = {Path(name).parts[1] for name in archive.getnames()}

    assert tops == {
        "simulator",
        "contracts",
        "scenarios",
        "specs",
        "tests",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "Makefile",
        "pyproject.toml",
        "PKG-INFO",
        ".gitignore",
    }


def test_an_installed_wheel_plays_and_checks_the_bundled_scenarios_from_an_empty_folder(installed, tmp_path):
    checked = run(installed, "check", cwd=tmp_path)
    played = run(installed, "demo", "-k", "lifecycle/pay.yaml", cwd=tmp_path)

    assert "no problems" in checked.stdout
    assert "held     scenarios/lifecycle/pay.yaml" in played.stdout
    assert "1 held, 0 broken, 0 unknown" in played.stdout
