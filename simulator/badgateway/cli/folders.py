"""Where the command line keeps journals and tracebacks: the folder .badgateway beside the user's work."""

from __future__ import annotations

import shutil
from pathlib import Path

from badgateway.errors import InputError
from badgateway.ground.clock import wall_ms
from badgateway.ground.ids import new_nonce

HOME = Path(".badgateway")
RUNS_KEPT = 20
_ONE_HOUR_MS = 3_600_000


def new_run_folder() -> Path:
    """Name a folder for the journals of one run, and drop the oldest ones of earlier runs."""
    runs = HOME / "runs"
    _prune(runs)
    return runs / f"{wall_ms()}-{new_nonce()}"


def latest_run() -> Path:
    """Find the folder of the latest run; raises InputError where nothing was played here."""
    known = _known(HOME / "runs")
    if not known:
        raise InputError(f"no run is kept in {HOME / 'runs'}: play one first, or name its folder")
    return known[-1]


def new_recording(provider: str) -> Path:
    """Name a file for a recording of a provider's sandbox; none is ever dropped."""
    return HOME / "recordings" / f"{provider}-{wall_ms()}.ndjson"


def crash_file() -> Path:
    """Name a file for the traceback of a bug of ours."""
    return HOME / f"crash-{wall_ms()}-{new_nonce()}.txt"


def _prune(runs: Path) -> None:
    """Keep the newest runs; a young one is never dropped, because it may still be going on."""
    known = _known(runs)
    old_ms = wall_ms() - _ONE_HOUR_MS
    for folder in known[:-RUNS_KEPT]:
        if int(folder.name.partition("-")[0]) < old_ms:
            shutil.rmtree(folder, ignore_errors=True)


def _known(runs: Path) -> list[Path]:
    """Give the runs, the oldest first."""
    return sorted(folder for folder in runs.glob("*-*") if folder.name.partition("-")[0].isdigit())
