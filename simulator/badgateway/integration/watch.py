"""Looking for canaries in what the integration says, before anything of it is redacted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from badgateway.ground.canary import HOST, Canary

OUTBOUND = "outbound request"  # a request to an address that the harness has set out as a trap
TEXT_MAX = 1 << 20  # characters of one answer or line
_FILE_BYTES_MAX = 16 << 20

Tell = Callable[[Canary, str, str], None]  # canary, place, form


@dataclass(slots=True, eq=False)
class Planted:
    """One canary of one play, whom to tell of it, and where it was found already."""

    canary: Canary
    tell: Tell
    owner: object = None  # the play that it is of
    found: set[tuple[str, str]] = field(default_factory=set)


class Watch:
    """Everything that an integration says passes here; what is found is told once for each place and form."""

    def __init__(self) -> None:
        self.planted: list[Planted] = []  # what is looked for
        self._read: dict[Path, int] = {}  # how far log files were looked through
        self._plays, self._is_crowded = 0, False
        self.exports: Counter[str] = Counter()  # place -> how often telemetry was exported to us

    @property
    def is_alone(self) -> bool:
        """Say whether no other play is on, or was since this one began: then all counts are its own."""
        return not self._is_crowded

    def begin(self) -> None:
        """Count a play in."""
        self._plays += 1
        self._is_crowded = self._is_crowded or self._plays > 1

    def end(self) -> None:
        """Count a play out."""
        self._plays -= 1
        self._is_crowded = self._is_crowded and self._plays > 0

    def plant(self, canary: Canary, tell: Tell, owner: object = None) -> Planted:
        """Look for a canary from now on."""
        planted = Planted(canary, tell, owner)
        self.planted.append(planted)
        return planted

    def pull(self, planted: Planted) -> None:
        """Look for it no more."""
        self.planted.remove(planted)

    def look(self, place: str, said: str | bytes | None, owner: object = None) -> bool:
        """Look through a text, and say whether a canary is in it.

        `place` is where it was said: log, answer, view, URL, metrics, effect, trace, outbound request. Where
        the play that it belongs to is known, no other is told: two at once share the integration's keys.
        """
        if not said or not self.planted:
            return False
        text = (said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:TEXT_MAX]
        is_found = False
        for planted in self.planted:
            if owner is not None and planted.owner not in {None, owner}:
                continue
            # To name an address is no harm; to ask it is.
            is_harm = planted.canary.kind != HOST or place == OUTBOUND
            form = planted.canary.found_in(text) if is_harm else None
            is_found = is_found or form is not None
            if form is not None and (place, form) not in planted.found:
                planted.found.add((place, form))
                planted.tell(planted.canary, place, form)
        return is_found

    def look_into(self, files: tuple[Path, ...]) -> None:
        """Look through what log files have gained since the last time; a file that shrank is read anew."""
        for path in files:
            try:
                size = path.stat().st_size
                since = self._read.get(path, 0)
                since = 0 if since > size else max(since, size - _FILE_BYTES_MAX)
                with path.open("rb") as file:
                    file.seek(since)
                    said = file.read(size - since)
            except OSError:
                continue
            self._read[path] = size
            for line in said.split(b"\n"):
                self.look("log", line)
