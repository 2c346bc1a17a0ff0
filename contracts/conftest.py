"""Where consumer tests write the pacts, and how each of them is held against the real client."""

import json
import os
from contextlib import contextmanager
from pathlib import Path

import pytest

# The library of Pact reports to its makers unless it is told not to.
os.environ.setdefault("PACT_DO_NOT_TRACK", "true")


@pytest.fixture(scope="module")
def drafts(request, tmp_path_factory):
    """Give a folder in which the interactions of one module gather; if all hold, they replace the pact."""
    folder = tmp_path_factory.mktemp("pacts")
    failed_before = request.session.testsfailed
    yield folder
    if request.session.testsfailed > failed_before:
        return
    target = Path(os.environ.get("BADGATEWAY_PACT_DIR") or request.path.parent / "pacts")
    target.mkdir(parents=True, exist_ok=True)
    for draft in sorted(folder.glob("*.json")):
        pact = json.loads(draft.read_text(encoding="utf-8"))
        pact["interactions"].sort(key=lambda interaction: interaction["description"])
        text = json.dumps(pact, indent=2, ensure_ascii=False, sort_keys=True)
        # Messages lie beside the calls of the same two sides, in a file of their own.
        suffix = "-webhooks" if request.path.stem.endswith("_webhooks") else ""
        (target / f"{draft.stem}{suffix}.json").write_text(f"{text}\n", encoding="utf-8")


@pytest.fixture
def promised(drafts):
    """Give a context in which a pact's provider answers; afterwards each request of it must have come."""

    @contextmanager
    def serve(pact, calls=1):
        with pact.serve(raises=False, verbose=False) as server:
            yield str(server.url)
        assert [str(mismatch) for mismatch in server.mismatches] == []
        write(pact, drafts, calls)

    return serve


@pytest.fixture
def told(drafts):
    """Give a function that lets a handler take the one message of a pact, and then writes it down."""

    def tell(pact, handler):
        pact.verify(lambda body, metadata: handler(str(body).encode(), metadata), "Async")
        write(pact, drafts)

    return tell


def write(pact, drafts, interactions=1):
    """Add the interactions of a pact to its draft: one, but where the client asks twice in one breath."""
    # A second interaction of the same name would silently replace the first one.
    written = drafts / f"{pact.consumer}-{pact.provider}.json"
    known = json.loads(written.read_text(encoding="utf-8"))["interactions"] if written.exists() else []
    pact.write_file(drafts, overwrite=False)
    now = json.loads(written.read_text(encoding="utf-8"))["interactions"]
    assert len(now) == len(known) + interactions, "two interactions have one description"
