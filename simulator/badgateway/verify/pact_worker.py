"""The only importer of Pact: one verification, one process: `pact_worker request.json result.json`.

Its core writes to the file descriptor 1 and must not be forked once it is loaded: hence a process for each.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any


def main(request_path: str, result_path: str) -> int:
    """Verify what the request names and write the result; gives 0 also where promises are broken."""
    asked = json.loads(Path(request_path).read_text(encoding="utf-8"))
    os.environ["PACT_DO_NOT_TRACK"] = "true"
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    result = _verify(asked)
    Path(result_path).write_text(json.dumps(result), encoding="utf-8")
    return 0


def _verify(asked: dict[str, Any]) -> dict[str, Any]:
    # Imported here, so that descriptor 1 is silent before the library can write to it.
    from pact import Verifier  # noqa: PLC0415

    verifier = Verifier(asked["provider"], host=asked["host"]).add_transport(url=asked["url"])
    if asked["messages"] is not None:
        verifier.add_transport(protocol="message", **asked["messages"])
    verifier.add_source(asked["source"])
    verifier.state_handler(asked["state_url"], body=True, teardown=True)
    verifier.set_request_timeout(asked["timeout_ms"]).set_coloured_output(enabled=False)
    verifier.follow_redirects(False)
    error = None
    try:
        verifier.verify()
    except RuntimeError as problem:
        error = str(problem)  # says no more than that something failed; the results say what
    return {**verifier.results, "error": error}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
