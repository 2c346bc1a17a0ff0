"""Stories for any provider, played with one that a file declares and a shop that sells through it."""

import shutil
import subprocess
import sys
from pathlib import Path

from badgateway.ground.artifacts import artifact_dir

HERE = Path(__file__).parent
STORIES = (
    "lifecycle/pay.yaml",
    "retries/lost_answer.yaml",
    "retries/lost_capture_answer.yaml",
    "retries/server_error_before_commit.yaml",
    "webhooks/duplicates.yaml",
)


def test_faults_webhooks_and_laws_take_it_for_any_other(tmp_path):
    shutil.copytree(HERE / "shop", tmp_path / "shop")
    shutil.copy(HERE / "acme.provider.yaml", tmp_path)
    stories = [str(artifact_dir("scenarios") / story) for story in STORIES]

    done = subprocess.run(
        [sys.executable, "-m", "badgateway", "run", *stories, "--provider", "acme", "--quiet"],
        cwd=tmp_path / "shop",
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 held, 0 broken, 0 unknown" in done.stdout
    assert "Faults      4 of 4 fired" in done.stdout
