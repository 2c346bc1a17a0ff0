"""Text that came from outside, made fit for terminals, XML and Markdown."""

from __future__ import annotations

import re

# XML 1.0 (section 2.2) allows no control characters but tab, line feed and carriage return, no surrogates and
# neither U+FFFE nor U+FFFF; a terminal obeys the C1 range too.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: object) -> str:
    """Give a text without control characters; line ends become plain ones."""
    return _CONTROL.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: object, length_max: int = 0) -> str:
    """Give a text on one line, cut to a length where one is given."""
    line = " ".join(printable(text).split())
    return line if not length_max or len(line) <= length_max else line[: length_max - 1] + "…"
