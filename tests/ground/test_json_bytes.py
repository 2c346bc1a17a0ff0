"""Objects as JSON: the same bytes whoever writes them."""

import json
import tracemalloc
from random import Random

import pytest

from badgateway.ground.json_bytes import indented


def standard(shown):
    return json.dumps(shown, indent=2, ensure_ascii=False).encode()


def drawn(chance, depth=0):
    """Draw a value of any shape that providers send, odd characters included."""
    kind = chance.randrange(9 if depth < 4 else 6)
    if kind < 3:
        letters = 'az09 "\\/\x00\x1f\x7f\u2028é€😀\n\t\b\f\r'
        return "".join(chance.choice(letters) for _ in range(chance.randrange(8)))
    if kind < 6:
        return chance.choice([None, True, False, 0, -1, 4999, 2**53, -(2**63), 0.5, 1.08])
    if kind < 8:
        return {f"k{n}é": drawn(chance, depth + 1) for n in range(chance.randrange(5))}
    return [drawn(chance, depth + 1) for _ in range(chance.randrange(4))]


def test_the_bytes_are_those_of_the_standard_library():
    chance = Random(7)  # noqa: S311 - drawn for a test

    for _ in range(500):
        shown = {"shown": drawn(chance)}

        assert standard(shown) == indented(shown)


@pytest.mark.parametrize("odd", [{"n": 2**70}, {1: "a key that is no text"}])
def test_what_the_quick_writer_refuses_is_written_all_the_same(odd):
    assert standard(odd) == indented(odd)


def test_what_is_kept_weighs_no_more_than_its_bytes():
    shown = {f"field_{n}": None for n in range(60)}
    tracemalloc.start()
    kept = [indented(shown) for _ in range(200)]
    weight, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert weight < 1.2 * sum(map(len, kept)), "orjson's own blocks are several times as large"
