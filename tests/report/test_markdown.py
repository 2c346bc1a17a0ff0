"""The summary page of a CI job."""

from badgateway.report.markdown import FINDINGS_MAX, escape, render


def test_what_is_not_held_is_told_with_its_reproduce_line(held, overcharged):
    page = render([held, overcharged])

    assert page.startswith("## badgateway: 1 held, 1 broken, 0 unknown\n")
    assert "### broken: The charge goes through, the answer is lost" in page
    assert overcharged.verdict.reproduce in page
    assert "A shopper pays" not in page


def test_every_law_has_its_row(held, overcharged):
    page = render([held, overcharged])

    assert "| no_overcharge | M1 | 3 | 1 | 1 | 0 | 0 |" in page


def test_text_from_outside_cannot_become_markup(overcharged):
    page = render([overcharged.but(title="<img src=x> `code` [link](y) | cell")])

    assert "<img" not in page
    assert escape("a|b") == "a\\|b"


def test_a_code_block_cannot_be_closed_from_inside(overcharged):
    page = render([overcharged.but(reproduce="```\n# heading")])

    assert page.count("```") % 2 == 0
    assert "'''" in page


def test_the_page_is_bounded(overcharged):
    page = render([overcharged] * (FINDINGS_MAX + 3))

    assert page.count("### broken") == FINDINGS_MAX
    assert "3 more are in the other reports." in page
