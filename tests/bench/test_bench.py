"""The benchmark's driver comes to its end with tiny numbers; what it measures is not judged here."""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_a_tiny_run_measures_each_part_and_names_a_peer_that_cannot_be_had(tmp_path):
    """Without npm there is no peer, and the run goes on."""
    asked = ["--peers", "stripe-stateful-mock", "--rounds", "1", "--seconds", "0.05"]
    parts = ["--held", "30", "--hold-s", "1", "--only", "speed", "webhooks", "held", "--home", str(tmp_path)]

    done = subprocess.run(
        [sys.executable, str(HERE / "bench.py"), *asked, *parts],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env={"PATH": str(tmp_path)},
    )

    assert done.returncode == 0, done.stderr
    assert "| badgateway: stateful, idempotent, with events |" in done.stdout
    assert "| bare server: uvicorn's protocol, prepared bytes |" in done.stdout
    assert "| not answered | 0 |" in done.stdout
    (pairs,) = [line for line in done.stdout.splitlines() if line.startswith("| badgateway |")]
    assert pairs.split(" | ")[4:6] == ["yes", "0"], "signed, and each call's webhook came"
    missing = [line for line in done.stdout.splitlines() if " is missing: " in line]
    assert missing == ["stripe-stateful-mock is missing: there is no npm and node here"]


def test_a_load_ends_at_its_bound(tmp_path):
    """No more is asked than was allowed, whatever time is left."""
    body = tmp_path / "body"
    body.write_bytes(b"x" * 100)
    with subprocess.Popen(
        [sys.executable, str(HERE / "bare.py"), str(body)], stdout=subprocess.PIPE, text=True
    ) as server:
        port = int(server.stdout.readline())
        steps = [{"method": "GET", "path": "/", "headers": {}}]
        asked = {
            "port": port,
            "connections": 2,
            "seconds": 20,
            "requests_max": 50,
            "name": "a",
            "steps": steps,
        }

        done = subprocess.run(
            [sys.executable, str(HERE / "load.py")],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )

        server.terminate()
    seen = json.loads(done.stdout)
    assert seen["failures"] == 0
    assert 50 <= seen["requests"] <= 52


def test_the_profile_tells_each_rooms_share():
    done = subprocess.run(
        [sys.executable, str(HERE / "rooms.py"), "--payments", "2"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    shares = [line.split(" | ") for line in done.stdout.splitlines()[2:]]
    assert {"| providers/stripe", "| play", "| journal"} <= {room for room, _ in shares}
    assert 80 <= sum(int(share.split("%")[0]) for _, share in shares) <= 110
