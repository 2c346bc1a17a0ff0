"""The rules of the house that no linter knows: directions, doors, sizes and complete catalogues."""

import ast
import statistics
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "simulator" / "badgateway"
PAGE = ROOT / "simulator" / "README.md"

# Who may import whom inside the package; a room may import itself. `providers.base` opens that one file.
MAY_IMPORT = {
    "errors": "",
    "reference": "",
    "ground": "errors",
    "journal": "ground errors",
    "contract": "ground errors",
    "payments": "ground errors",
    "faults": "ground errors",
    "integration": "ground errors",
    "providers": "payments ground errors",
    "webhooks": "providers.base ground errors",
    "invariants": "journal ground errors",
    "scenario": "faults providers ground errors",
    "plan": "scenario faults providers invariants ground errors",
    "play": "plan payments providers faults webhooks integration contract journal ground errors",
    "verdict": "invariants journal ground errors",
    "report": "verdict invariants journal ground errors",
    "server": "play providers faults journal ground errors",
    "trial": "verdict play plan journal ground errors",
    "rejudging": "trial verdict play plan journal ground errors",
    "serving": "server play plan providers webhooks journal ground errors",
    "examination": "server play plan integration journal ground errors",
    "attached": "serving server integration providers ground errors",
    "pipeline": "trial server scenario plan play verdict integration providers journal ground errors",
    "verify": (
        "pipeline examination serving server play scenario plan integration contract providers payments "
        "webhooks faults journal ground errors"
    ),
    "drift": "serving server providers ground errors",
    "pytest_plugin": "pipeline trial report verdict scenario plan integration providers ground errors",
    "cli": "*",
    "__main__": "cli",
    "__init__": "",
}
# The only places that may import a library; whatever is not named here may be imported anywhere.
DOORS = {
    "random": "ground/chance.py reference",
    "secrets": "reference",
    "uuid": "ground/ids.py reference",
    "time": "ground/clock.py reference",
    "datetime": "reference",
    "yaml": "ground/yaml12.py",
    "faker": "plan",
    "flask": "server reference",
    "werkzeug": "server reference",
    "uvicorn": "server",
    "httptools": "server",
    "orjson": "ground/json_bytes.py",
    "socket": "server reference",
    "aiohttp": "webhooks/deliver.py webhooks/lines.py integration drift/upstream.py",
    "stripe": "reference",
    "requests": "reference",
    "sqlalchemy": "reference",
    "waitress": "reference",
    "prometheus_client": "reference",
    "urllib.request": "",
    "httpx": "",
    "click": "cli report",
    "rich": "cli report",
    "hypothesis": "",
    "jsonschema_rs": "contract",
    "pact": "verify",
    "schemathesis": "verify",
    "pytest": "pytest_plugin.py",
    "_pytest": "",
}
LINES_MAX, MEDIAN_MAX, FUNCTION_MAX = 400, 100, 60
SMALLER = {"faults": 90, "invariants": 60, "providers": 300}

SOURCES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    """Name the room of a file: its folder, or the file itself where it lies at the top."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def limit(path: Path) -> int:
    """Give how many lines a file may have; the parts of a catalogue are smaller than other files."""
    inside = path.relative_to(PACKAGE).parts[1:]
    is_part = len(inside) > 1 or (len(inside) == 1 and path.stem not in {"__init__", "base"})
    return SMALLER.get(room(path), LINES_MAX) if is_part else LINES_MAX


def may_open(here: str, name: str) -> bool:
    """Say whether the file `here` may import a name, as far as libraries with doors go."""
    doors = [door for library, places in DOORS.items() if begins(name, library) for door in places.split()]
    is_free = not any(begins(name, library) for library in DOORS)
    return is_free or any(here == door or here.startswith(f"{door}/") for door in doors)


def offenders(found):
    return {name: wrong for name, wrong in found.items() if wrong}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path, *, is_typing_included: bool = True) -> frozenset[str]:
    """Give every dotted name that a file imports, wherever the import stands."""
    found = set()
    for node in ast.walk(tree(path)):
        if not is_typing_included and node in typing_only(tree(path)):
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


@cache
def typing_only(module: ast.Module) -> frozenset[ast.AST]:
    """Give the nodes under `if TYPE_CHECKING`, which are never run."""
    guards = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
    ]
    return frozenset(inner for guard in guards for inner in ast.walk(guard))


def own_imports(path: Path, *, is_typing_included: bool = True) -> set[str]:
    """Give what a file imports of this package, without the package's name."""
    found = imports(path, is_typing_included=is_typing_included)
    return {name.removeprefix("badgateway.") for name in found if name.startswith("badgateway.")}


def begins(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def module_file(name: str) -> Path | None:
    """Give the file behind a dotted name of this package, without the attribute it may end in."""
    parts = name.split(".")
    for length in (len(parts), len(parts) - 1):
        place = PACKAGE.joinpath(*parts[:length])
        if length and place.with_suffix(".py").is_file():
            return place.with_suffix(".py")
        if length and (place / "__init__.py").is_file():
            return place / "__init__.py"
    return None


def test_every_room_stands_in_the_table():
    """A new room first says whom it may import."""
    assert {room(path) for path in SOURCES} <= set(MAY_IMPORT)


def test_the_table_has_no_cycle():
    graph = {
        name: {word.partition(".")[0] for word in allowed.split() if word != "*"}
        for name, allowed in MAY_IMPORT.items()
    }

    order = list(TopologicalSorter(graph).static_order())

    assert set(order) == set(MAY_IMPORT)


def test_no_modules_import_each_other_in_a_circle():
    """Also inside a room the files have an order; an import for types alone is never run."""
    graph = {
        path: {module_file(name) for name in own_imports(path, is_typing_included=False)} - {None, path}
        for path in SOURCES
    }

    order = list(TopologicalSorter(graph).static_order())

    assert set(order) >= set(SOURCES)


def test_imports_keep_the_direction_of_the_table():
    wrong = {}
    for path in SOURCES:
        allowed = [room(path), *MAY_IMPORT[room(path)].split(), "__version__"]
        if "*" not in allowed:
            wrong[place(path)] = {
                name for name in own_imports(path) if not any(begins(name, word) for word in allowed)
            }

    assert offenders(wrong) == {}


def test_each_library_has_its_door():
    wrong = {
        place(path): {name for name in imports(path) if not may_open(place(path), name)} for path in SOURCES
    }

    assert offenders(wrong) == {}


def test_the_architecture_page_prints_the_same_table():
    """The page and this test say the same, so that neither grows old."""
    rows = [
        line.split("|")[1:3]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]

    printed = {cells[0].strip(" `"): cells[1].strip() for cells in rows}

    assert {
        name: "everything" if allowed == "*" else allowed or "nothing" for name, allowed in MAY_IMPORT.items()
    } == printed


def test_files_stay_small():
    long = {place(path): count for path in SOURCES if (count := lines(path)) > limit(path)}

    assert long == {}


def test_functions_stay_small():
    long = {
        place(path): {
            node.name
            for node in ast.walk(tree(path))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.end_lineno - node.lineno + 1 > FUNCTION_MAX
        }
        for path in SOURCES
    }

    assert offenders(long) == {}


def test_most_files_fit_on_a_screen_or_two():
    assert statistics.median(lines(path) for path in SOURCES) <= MEDIAN_MAX


def test_every_module_says_what_it_holds():
    assert [place(path) for path in SOURCES if not ast.get_docstring(tree(path))] == []


# folder -> (the tuple of its parts, its tests)
CATALOGUES = {
    "faults": ("FAULTS", "tests/faults"),
    "invariants": ("INVARIANTS", "tests/invariants"),
    "reference/defects": ("DEFECTS", "tests/reference"),
}
PARTS = {
    folder: [
        path for path in sorted((PACKAGE / folder).rglob("*.py")) if path.stem not in {"__init__", "base"}
    ]
    for folder in CATALOGUES
}


def parts_of(folder):
    module = import_module("badgateway." + folder.replace("/", "."))
    return list(getattr(module, CATALOGUES[folder][0]))


def kind_of(part) -> type:
    return part if isinstance(part, type) else type(part)


def word_of(part) -> str:
    """Give the word by which a part is called; a planted defect calls it its id."""
    return part.id if hasattr(part, "id") else part.name


def plain(word: str) -> str:
    """Give a name without the marks by which file, class and word are spelled apart."""
    # No module's name begins with a digit.
    return word.replace("3ds", "threeds").replace("2xx", "twoxx").replace("_", "").replace("-", "").lower()


@pytest.mark.parametrize("folder", CATALOGUES)
def test_a_part_imports_only_its_base(folder):
    """No fault knows another fault, no invariant another invariant."""
    prefix = folder.replace("/", ".")

    wrong = {
        place(path): {
            name for name in own_imports(path) if begins(name, prefix) and not begins(name, f"{prefix}.base")
        }
        for path in PARTS[folder]
    }

    assert offenders(wrong) == {}


@pytest.mark.parametrize("folder", CATALOGUES)
def test_every_part_is_in_the_tuple_of_its_folder(folder):
    listed = {kind_of(part).__module__.rpartition(".")[2] for part in parts_of(folder)}

    assert listed == {path.stem for path in PARTS[folder]}


@pytest.mark.parametrize("folder", CATALOGUES)
def test_file_class_and_name_of_a_part_are_one_word(folder):
    for part in parts_of(folder):
        kind = kind_of(part)
        words = {plain(kind.__module__.rpartition(".")[2]), plain(kind.__name__), plain(word_of(part))}

        assert len(words) == 1, words


@pytest.mark.parametrize("folder", CATALOGUES)
def test_every_part_has_a_docstring_a_test_and_a_readme_row(folder):
    readme = (PACKAGE / folder / "README.md").read_text(encoding="utf-8")
    tests = {path.stem for path in (ROOT / CATALOGUES[folder][1]).rglob("test_*.py")}
    for part in parts_of(folder):
        assert kind_of(part).__doc__, part
        assert f"`{word_of(part)}`" in readme, part
        assert f"test_{word_of(part).replace('-', '_')}" in tests, part


SHARED_BY_DIALECTS = ("base", "addresses", "shopper_page")


def test_no_dialect_knows_another():
    for path in sorted((PACKAGE / "providers").rglob("*.py")):
        inside = path.relative_to(PACKAGE / "providers").parts
        if len(inside) == 1:
            continue
        others = {
            name
            for name in own_imports(path)
            if begins(name, "providers")
            and not any(begins(name, f"providers.{own}") for own in (*SHARED_BY_DIALECTS, inside[0]))
        }

        assert others == set(), path
