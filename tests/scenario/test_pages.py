"""The pages of the pack say what its stories say."""

import re

import pytest

from badgateway.errors import InputError
from badgateway.ground.artifacts import artifact_dir
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import read_scenario
from badgateway.scenario.pages import BEGIN, END, WHY, pages

PACK = artifact_dir("scenarios")
STORY = """\
title: All at once
why: Nobody is that unlucky, except on Mondays.
tags: [smoke]
world: {currency: JPY, card: authentication_required, mode: permissive}
matrix: {how: [close, reset]}
steps:
  - pay: o1
  - authenticate: {order: o1, result: failed}
  - pay: {order: o1, card: do_not_honor}
  - together: [{pay: o1}, {pay: o1}]
  - dispute: {order: o1, result: lost}
  - kill
  - restart
faults:
  - {at: "charge[1]", phase: after_commit, do: $how}
  - {at: "charge[2]", decide: declined}
deliveries:
  - {event: "payment.succeeded[1]", lose: true}
"""


def pack_with(folder, story=STORY):
    """Make a pack of one story and an empty folder; its first page is there and has no stories yet."""
    (folder / "bad").mkdir()
    (folder / "empty").mkdir()
    (folder / "bad" / "all.yaml").write_text(story)
    (folder / "README.md").write_text(f"# pack\n\n{BEGIN}\n{END}\n\nThe end.\n")
    return folder


def test_pages_of_the_pack_are_current():
    stale = [
        path.relative_to(PACK).as_posix()
        for path, text in pages(PACK).items()
        if not path.is_file() or path.read_text() != text
    ]

    assert stale == [], "renew them: make docs"


def test_every_folder_of_the_pack_has_its_page():
    assert {path.parent for path in PACK.rglob("*.yaml")} | {PACK} == {path.parent for path in pages(PACK)}


@pytest.mark.parametrize("path", [path.relative_to(PACK).as_posix() for path in pages(PACK)])
def test_a_page_ends_in_why_it_is_so(path):
    last = (PACK / path).read_text().rpartition("\n## ")[2]

    assert f"## {last}".startswith(f"{WHY}\n\n")
    assert 1 <= len(last.strip().splitlines()[2:]) <= 3, "a line or two, by hand"


def test_every_link_of_a_page_leads_somewhere():
    for path in pages(PACK):
        for target in re.findall(r"\]\(([^)]+)\)", path.read_text()):
            assert (path.parent / target).exists(), (path, target)


def test_the_example_of_the_first_page_can_be_played():
    (example,) = re.findall(r"```yaml\n(.*?)```", (PACK / "README.md").read_text(), re.DOTALL)

    assert len(compile_scenario(read_scenario(example, "README.md"), 1)) == 1


def test_a_page_tells_title_why_tags_and_all_that_strikes(tmp_path):
    text = pages(pack_with(tmp_path))[tmp_path / "bad" / "README.md"]

    assert "**[All at once](all.yaml)** · `smoke` · 2 cases\\\n" in text
    assert "\nNobody is that unlucky, except on Mondays.\\\n" in text
    assert (
        "*Strikes:* card `authentication_required`; currency `JPY`; a permissive provider; "
        "a challenge that fails; card `do_not_honor`; together: `pay`, `pay`; `dispute` lost; "
        "`kill`; `restart`; "
        "`$how` at `charge[1]` (phase after_commit); `declined` at `charge[2]`; "
        "`payment.succeeded[1]` (lose true); with `how` one of close, reset.\n"
    ) in text


def test_a_good_day_is_struck_by_nothing(tmp_path):
    pack_with(tmp_path, "title: T\nwhy: W\nsteps:\n  - pay: o1\n")

    assert "*Strikes:* nothing." in pages(tmp_path)[tmp_path / "bad" / "README.md"]


def test_what_was_written_by_hand_stays(tmp_path):
    pack = pack_with(tmp_path)

    text = pages(pack)[pack / "README.md"]

    assert text.startswith(f"# pack\n\n{BEGIN}\n| folder")
    assert "| [bad](bad/README.md) | 1 | 2 | smoke 1 |\n" in text
    assert text.endswith(f"{END}\n\nThe end.\n")


def test_a_new_folder_begins_with_a_page_that_asks_for_its_reason(tmp_path):
    text = pages(pack_with(tmp_path))[tmp_path / "bad" / "README.md"]

    assert text.startswith("# bad\n")
    assert text.endswith(f"{WHY}\n")


def test_a_page_without_its_markers_is_not_written_over(tmp_path):
    pack = pack_with(tmp_path)
    (pack / "README.md").write_text("All by hand.\n")

    with pytest.raises(InputError, match="no place for the stories"):
        pages(pack)
