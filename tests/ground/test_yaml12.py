"""The YAML door reads YAML 1.2 core values with positions, and refuses what could hurt or mislead."""

from decimal import Decimal

import pytest

from badgateway.errors import InputError
from badgateway.ground.yaml12 import (
    DEPTH_MAX,
    NODES_MAX,
    SIZE_MAX,
    number_trap,
    path_text,
    read_yaml,
    text_of,
)


def problems_of(text):
    with pytest.raises(InputError) as caught:
        read_yaml(text, "f.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("010", "010"),
        ("12:30", "12:30"),
        ("1e3", "1e3"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        (".inf", ".inf"),
        ("2026-11-21", "2026-11-21"),
        ('"12"', "12"),
        ("'true'", "true"),
        ("|\n  null", "null"),
    ],
)
def test_plain_words_mean_what_yaml_1_2_says(text, value):
    document = read_yaml(text, "f.yaml")

    assert document.value == value
    assert type(document.value) is type(value)


def test_decimals_stay_exact_and_no_float_survives():
    document = read_yaml("[49.99, 8.20, -0.1, .5]", "f.yaml")

    assert document.value == [Decimal("49.99"), Decimal("8.20"), Decimal("-0.1"), Decimal("0.5")]
    assert all(type(member) is Decimal for member in document.value)


def test_every_part_knows_its_line_and_column():
    document = read_yaml("title: A\nsteps:\n  - pay: {order: o1}\n", "f.yaml")

    assert document.mark(("title",)) == (1, 8)
    assert document.mark(("steps", 0, "pay", "order")) == (3, 18)
    assert document.key_mark(("steps", 0, "pay", "order")) == (3, 11)
    assert document.mark(("steps", 0, "pay", "amount")) == document.mark(("steps", 0, "pay"))
    assert path_text(("steps", 0, "pay")) == "steps[0].pay"


def test_all_duplicate_keys_are_told_at_once():
    text = "a: 1\na: 2\nb: {c: 1, c: 2}\n12: x\n"

    assert problems_of(text) == [
        "f.yaml:2:1: a: duplicate key, first on line 1 (keep one of the two)",
        "f.yaml:3:11: b.c: duplicate key, first on line 3 (keep one of the two)",
        "f.yaml:4:1: key '12' is not text (quote it)",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<<: {a: 1}", "f.yaml:1:1: merge keys"),
        ("? [a]\n: 1", "f.yaml:1:3: a key is a word"),
        ("a: !!binary aGk=", "f.yaml:1:4: tag 'tag:yaml.org,2002:binary' is not allowed"),
        ("a: !env HOME\nb: !!str 5", "f.yaml:1:4: tag '!env' is not allowed"),
        ("a: 1\n\tb: 2", "f.yaml:2:1:"),
        ("a: [1, 2", "f.yaml:2:1: while parsing a flow sequence that starts on line 1:"),
        ("a: *nobody", "f.yaml:1:4:"),
        ("a: 1\n---\nb: 2", "f.yaml:2:1:"),
        ("a: &a [*a]", "f.yaml:1:8: alias *a stands inside its own anchor"),
        ("a: x\x07y", "f.yaml:1:5: character U+0007"),
        ("a: \ud800", "f.yaml:1:4: character U+D800"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text, told):
    assert problems_of(text)[0].startswith(told)


def test_tab_as_indent_says_how_to_mend_it():
    assert "indent with spaces" in problems_of("a:\n\tb: 2")[0]


def test_ten_megabytes_are_refused_unread():
    assert problems_of("a: " + "x" * 10_000_000) == [
        f"f.yaml:1:1: the file has 10000003 bytes, at most {SIZE_MAX} are read"
    ]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_of_400000_levels_is_a_plain_problem(opening):
    text = opening * (400_000 if len(opening) == 1 else 200_000)

    assert problems_of(text) == [
        f"f.yaml:1:{DEPTH_MAX * len(opening) + 1}: nested deeper than {DEPTH_MAX} levels"
    ]


def test_exploding_aliases_are_counted_as_they_expand():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]

    told = problems_of("\n".join(lines))

    assert told[0].endswith(f"more than {NODES_MAX} values (an alias counts as often as it is used)")


def test_modest_alias_is_read_as_a_copy():
    assert read_yaml("a: &x {b: 1}\nc: *x", "f.yaml").value == {"a": {"b": 1}, "c": {"b": 1}}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("010", "leading zeros"),
        ("0.1.2", None),
        ("12:30", "base 60"),
        ("1e3", "exponent"),
        ("1_000", "underscores"),
        ("0x1F", "decimal digits"),
        (".inf", "finite"),
        ("NO", None),
        ("12", None),
    ],
)
def test_number_trap_names_what_only_looks_like_a_number(text, why):
    found = number_trap(text)

    assert (found is None) if why is None else (found is not None and why in found[0])


def test_a_byte_order_mark_is_no_part_of_a_text(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")

    assert text_of(file) == "a: 1\n"


def test_what_is_not_utf8_is_told_with_its_place(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\nname: caf\xe9\n")

    with pytest.raises(InputError) as refused:
        text_of(file)

    (problem,) = refused.value.problems
    assert (problem.line, problem.column, problem.mend) == (2, 10, "save the file as UTF-8")


def test_a_file_that_cannot_be_opened_is_told_with_what_helps(tmp_path):
    with pytest.raises(InputError, match=r"cannot be read: No such file or directory \(write one\)"):
        text_of(tmp_path / "a.yaml", "write one")
