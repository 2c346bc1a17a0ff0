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
    from pact import Verifier  # noqa: PLC0415 - see above

    verifier = Verifier(asked["provider"], host=asked["host"]).add_transport(url=asked["url"])
    if asked["messages"] is not None:
        verifier.add_transport(protocol="message", **asked["messages"])
    if "broker" in asked:
        _ask_broker(verifier, asked["broker"])
    else:
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


def _ask_broker(verifier: Any, asked: dict[str, Any]) -> None:
    """Take the pacts from a broker, and publish the results there where that is asked for.

    Its address and credentials are in the environment, where no list of processes shows them.
    """
    builder = verifier.broker_source(selector=True)
    for version in asked["consumer_versions"]:
        builder.consumer_version(**version)
    if asked["is_with_pending"]:
        builder.include_pending()
    if asked["branch"] is not None:
        builder.provider_branch(asked["branch"])
    if asked["tags"]:
        builder.provider_tags(*asked["tags"])
    builder.build()
    if asked["version"] is not None:
        verifier.set_publish_options(asked["version"], branch=asked["branch"], tags=asked["tags"] or None)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
