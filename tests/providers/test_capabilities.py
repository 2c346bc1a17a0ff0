"""The table of who can do what, as the README prints it."""

from badgateway.providers import DIALECTS
from badgateway.providers.base import raises_holds
from badgateway.providers.capabilities import README, in_readme, table


def test_the_readme_prints_the_table_of_today():
    text = README.read_text(encoding="utf-8")

    assert in_readme(text) == text


def test_every_provider_has_a_column_and_no_cell_is_empty():
    head, _, *rows = [line.strip("| ").split(" | ") for line in table().splitlines()]

    assert [name.strip("`| ") for name in head] == list(DIALECTS.names())
    assert all(len(cells) == len(DIALECTS) + 1 and all(cells) for cells in rows)


def test_who_says_that_it_raises_holds_has_an_address_for_it():
    rows = {line.split(" | ")[0].strip("| "): line.split(" | ")[1:] for line in table().splitlines()}

    offered = dict(zip(DIALECTS.names(), ("increment" in cell for cell in rows["operations"]), strict=True))
    assert offered == {one.name: raises_holds(one) for one in DIALECTS}
    assert set(offered.values()) == {True, False}
