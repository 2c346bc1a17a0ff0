"""A plan in words."""


def test_each_case_of_a_scenario_is_told(badgateway):
    result = badgateway("explain", "scenarios/retries/lost_answer.yaml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "close" in result.stdout
    assert "reset" in result.stdout


def test_one_case_can_be_told_alone(badgateway):
    result = badgateway("explain", "scenarios/retries/lost_answer.yaml", "--case", "2")

    assert "reset" in result.stdout
    assert "close" not in result.stdout


def test_the_same_seed_tells_the_same_story(badgateway):
    first, again, other = (
        badgateway("explain", "scenarios/retries/lost_answer.yaml", "--seed", seed).stdout
        for seed in ("7", "7", "8")
    )

    assert first == again
    assert first != other
