"""Markup that escapes whatever it is given, so that text from outside stays text."""

from __future__ import annotations

import html
from collections.abc import Iterable

from badgateway.report.clean import one_line, printable

_EMPTY = frozenset({"meta", "input", "br"})  # HTML gives these no end tag


class Html(str):
    """Text that is markup already; every other text is escaped before it enters the page."""

    __slots__ = ()


def escape(text: object) -> Html:
    """Give a text as the page shows it; markup stays what it is."""
    return text if isinstance(text, Html) else Html(html.escape(printable(text)))


def join(parts: Iterable[object], between: str = "") -> Html:
    """Put parts one after the other, each escaped."""
    return Html(between.join(escape(part) for part in parts))


def element(name: str, /, *children: object, **attributes: object) -> Html:
    """Give an element: `class_` is class, `aria_label` is aria-label, None and False are left out."""
    written = "".join(
        _attribute(key.removesuffix("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    inside = "" if name in _EMPTY else f"{join(children)}</{name}>"
    return Html(f"<{name}{written}>{inside}")


def link(target: str, text: object, **attributes: object) -> Html:
    """Give a link to another place of the same page; nothing else is ever linked."""
    return element("a", text, href=f"#{target}", **attributes)


def table(heads: Iterable[object], rows: Iterable[Html], **attributes: object) -> Html:
    """Give a table whose columns have names."""
    head = element("tr", *(element("th", text, scope="col") for text in heads))
    return element("table", element("thead", head), element("tbody", *rows), **attributes)


def scrolled(inner: object, label: str) -> Html:
    """Let something wide scroll sideways in its own box, by keyboard too."""
    return element("div", inner, class_="scroll", tabindex=0, role="region", aria_label=label)


def _attribute(name: str, value: object) -> str:
    return f" {name}" if value is True else f' {name}="{html.escape(one_line(value))}"'
