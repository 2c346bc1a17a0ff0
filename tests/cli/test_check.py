"""Problems of files, all at once."""

import json

BAD = "title: Bad\nwhy: x\nsteps:\n  - pya: o1\n  - pay: {order: o1, amount: 1.999, currency: EUR}\n"


def test_every_problem_has_its_place_and_the_exit_code_is_two(badgateway, folder):
    (folder / "bad.yaml").write_text(BAD)

    result = badgateway("check", "bad.yaml")

    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith("bad.yaml:4:")
    assert "'pay'" in lines[0]
    assert all(line.startswith("bad.yaml:") for line in lines)


def test_a_good_file_beside_a_bad_one_is_still_read(badgateway, folder):
    (folder / "bad.yaml").write_text(BAD)
    (folder / "badgateway.yaml").write_text("name: x\n")

    result = badgateway("check", "bad.yaml", "badgateway.yaml", "scenarios/lifecycle/pay.yaml")

    files = {line.partition(":")[0] for line in result.stderr.splitlines()}
    assert files == {"bad.yaml", "badgateway.yaml"}


def test_json_carries_the_problems_for_editors(badgateway, folder):
    (folder / "bad.yaml").write_text(BAD)

    result = badgateway("check", "bad.yaml", "--format", "json")

    assert result.exit_code == 2
    assert result.stderr == ""
    assert json.loads(result.stdout)["problems"][0]["line"] == 4


def test_the_bundled_scenarios_have_no_problems(process):
    result = process("check")

    assert (result.returncode, result.stderr) == (0, "")
    assert "scenarios: no problems" in result.stdout


def test_an_empty_folder_has_nothing_to_check(badgateway, folder):
    (folder / "empty").mkdir()

    assert badgateway("check", "empty").exit_code == 5


def test_a_file_that_is_not_there_is_bad_input_without_a_traceback(process):
    result = process("check", "nothing.yaml")

    assert result.returncode == 2
    assert "nothing.yaml: no such file or folder" in result.stderr
    assert "Traceback" not in result.stderr
