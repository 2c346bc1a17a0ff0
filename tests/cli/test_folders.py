"""Where runs are kept."""

from badgateway.cli.folders import RUNS_KEPT, new_run_folder


def test_two_runs_never_share_a_folder():
    assert new_run_folder() != new_run_folder()


def test_the_oldest_runs_are_dropped_and_nothing_else(folder):
    runs = folder / ".badgateway" / "runs"
    for number in range(RUNS_KEPT + 3):
        (runs / f"{1_000_000 + number}-aa").mkdir(parents=True)
    (runs / "mine-own").mkdir()

    new_run_folder()

    left = sorted(path.name for path in runs.iterdir())
    assert len(left) == RUNS_KEPT + 1
    assert left[0] == "1000003-aa"
    assert "mine-own" in left


def test_a_young_run_is_never_dropped(folder):
    runs = folder / ".badgateway" / "runs"
    young = new_run_folder().name
    for number in range(RUNS_KEPT + 3):
        (runs / f"{9_999_999_999_999 + number}-aa").mkdir(parents=True)
    (runs / young).mkdir()

    new_run_folder()

    assert (runs / young).is_dir()
