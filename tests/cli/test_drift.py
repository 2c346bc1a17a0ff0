"""`badgateway record` and `badgateway drift` as programs: ended by a signal, and told in three forms."""

import json
import signal
import subprocess
import sys
from urllib.request import Request, urlopen

import pytest

BADGATEWAY = (sys.executable, "-m", "badgateway")
PATIENCE_S = 60


def run(folder, *words):
    return subprocess.run(
        [*BADGATEWAY, *words], cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


def line_with(stream, mark):
    """Read a program's lines up to one that has a mark."""
    for line in stream:
        if mark in line:
            return line
    pytest.fail(f"it ended without saying {mark!r}")


def started(folder, *words):
    return subprocess.Popen(
        [*BADGATEWAY, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Serve a sandbox, record one call to it, and interrupt both; give the folder and what `record` said."""
    folder = tmp_path_factory.mktemp("drift")
    with started(folder, "serve") as served:
        try:
            url = line_with(served.stderr, "STRIPE_URL").strip().partition("=")[2]
            key = line_with(served.stderr, "STRIPE_API_KEY").strip().partition("=")[2]
            words = ("record", "--upstream", url, "--provider", "stripe", "--out", "a.ndjson")
            with started(folder, *words) as recording:
                proxy = line_with(recording.stderr, "recording ").split(" at ")[1].split()[0]
                headers = {"Authorization": f"Bearer {key}"}
                with urlopen(Request(f"{proxy}/v1/balance", headers=headers)) as answer:
                    assert json.load(answer)["object"] == "balance"
                recording.send_signal(signal.SIGINT)
                out, said = recording.communicate(timeout=PATIENCE_S)
                assert recording.returncode == 0
        finally:
            served.send_signal(signal.SIGINT)
            served.communicate(timeout=PATIENCE_S)
    return folder, out, said


def test_a_recording_ends_with_ctrl_c_and_names_its_file(recorded):
    _, out, said = recorded

    assert out == "a.ndjson\n"
    assert "1 call recorded: 1 with 200" in said


def test_the_same_simulator_is_said_to_be_alike(recorded):
    folder, *_ = recorded

    done = run(folder, "drift", "a.ndjson")

    assert (done.returncode, done.stderr) == (0, "")
    assert "stripe: no drift from http://127.0.0.1:" in done.stdout
    assert "Not compared: values" in done.stdout


def test_a_field_too_many_is_told_in_each_form(recorded):
    folder, *_ = recorded
    text = (folder / "a.ndjson").read_text(encoding="utf-8")
    (folder / "b.ndjson").write_text(text.replace('"object":"balance"', '"object":"balance","new":{"a":1}'))

    told, listed, marked = (
        run(folder, "drift", "b.ndjson", "--format", form) for form in ("text", "json", "markdown")
    )

    assert {done.returncode for done in (told, listed, marked)} == {1}
    assert "  field missing  $.new  object   -          1\n" in told.stdout
    found = json.loads(listed.stdout)
    assert (found["schema"], found["is_same"], len(found["differences"])) == ("badgateway.drift/1", False, 1)
    assert "| GET /v1/balance | field missing | $.new | object | - | 1 |" in marked.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("drift", "none.ndjson"), 2, "cannot be read"),
        (("drift", "a.ndjson", "--url", "http://127.0.0.1:9", "--api-key", "sk_test_1"), 3, "cannot connect"),
        (("drift", "a.ndjson", "--url", "http://127.0.0.1:9"), 2, "--url and --api-key go together"),
        (("record", "--upstream", "http://127.0.0.1:9"), 2, "say --provider NAME"),
        (
            ("record", "--upstream", "http://127.0.0.1:9", "--provider", "stripe", "--out", "a.ndjson"),
            2,
            "there already",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(recorded, words, code, said):
    folder, *_ = recorded

    done = run(folder, *words)

    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
