"""The page of the language shows the words that the code knows."""

import re
from pathlib import Path

import badgateway.scenario
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import read_scenario
from badgateway.scenario.words import language_reference

PAGE = (Path(badgateway.scenario.__file__).parent / "README.md").read_text()


def test_tables_of_the_page_are_current():
    shown = PAGE.partition("<!-- made by scenario/words.py -->\n")[2].partition("<!-- end -->")[0]

    assert shown == language_reference()


def test_example_of_the_page_can_be_played():
    examples = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)

    assert [len(compile_scenario(read_scenario(text, "README.md"), 1)) for text in examples] == [1]
