"""Start the reference integration: `python -m badgateway.reference --port N [--defect ID]`."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.util import find_spec

_EXTRAS = ("flask", "sqlalchemy", "stripe", "waitress", "prometheus_client")


def main(arguments: list[str] | None = None) -> int:
    """Serve until the process is ended; gives the exit code."""
    parser = argparse.ArgumentParser(prog="badgateway.reference", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1")
    parser.add_argument("--defect", metavar="ID", help="plant one defect, for example retry-new-key")
    options = parser.parse_args(arguments)
    missing = [name for name in _EXTRAS if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"The reference integration needs {', '.join(missing)}: pip install 'badgateway[demo]'\n"
        )
        return 3
    return _serve(options.port, options.defect)


def _serve(port: int, defect: str | None) -> int:
    # Imported here, so that a missing extra is told in one sentence and not by a traceback.
    from waitress import create_server  # type: ignore[import-untyped]  # noqa: PLC0415 - see above; it has no types

    from badgateway.reference.defects import UnknownDefect, policies_with  # noqa: PLC0415 - see above
    from badgateway.reference.resolve import Poller  # noqa: PLC0415 - see above
    from badgateway.reference.service import build_service  # noqa: PLC0415 - see above
    from badgateway.reference.settings import BadSetting, read_settings  # noqa: PLC0415 - see above
    from badgateway.reference.web import build_app  # noqa: PLC0415 - see above

    try:
        settings = read_settings(os.environ, port)
        policies = policies_with(defect)
    except (BadSetting, UnknownDefect) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    service = build_service(settings, policies)
    server = create_server(build_app(service), host="127.0.0.1", port=port, threads=settings.threads)
    with service.store.write() as tx:
        policies.recovery.at_start(tx)
    poller = Poller(service)
    poller.start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        poller.stop()
        server.close()
        service.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
