"""The shapes of a timeline's marks, drawn once for the whole page, and what they mean."""

from __future__ import annotations

from badgateway.report.html_markup import Html, element, join

_CUT = "M-5 -7L-2 -7L1 -2L-2 1L2 7L-1 7L-5.5 1L-2 -2Z"
_SMALL_CROSS = "M3 -4L5 -6L7 -4L9 -6L10 -5L8 -3L10 -1L9 0L7 -2L5 0L4 -1L6 -3Z"
_SHAPES = {
    "begin": "M-1.5 -7H1.5V7H-1.5Z",
    "end": "M-1.5 -7H1.5V7H-1.5Z",
    "dot": "M0 -5A5 5 0 1 1 0 5A5 5 0 1 1 0 -5Z",
    "ring": "M0 -5A5 5 0 1 1 0 5A5 5 0 1 1 0 -5ZM0 -2.8A2.8 2.8 0 1 0 0 2.8A2.8 2.8 0 1 0 0 -2.8Z",
    "replay": "M0 -6A6 6 0 1 1 -6 0H-4A4 4 0 1 0 0 -4V-1.5L-4 -5L0 -8.5Z",
    "cut": _CUT + _SMALL_CROSS,
    "cross": "M-6 -4L-4 -6L0 -2L4 -6L6 -4L2 0L6 4L4 6L0 2L-4 6L-6 4L-2 0Z",
    "up": "M0 -6L6 5H-6Z",
    "down": "M0 6L6 -5H-6Z",
    "point": "M0 -6L6 0L0 6L-6 0Z",
    "read": "M-1 -10H1V10H-1Z",
}
_MEANINGS = (
    ("begin", "", "an operation, a call or a webhook begins"),
    ("dot", "", "the provider commits: money or an object changed"),
    ("ring", "", "the provider answers, and nothing changed"),
    ("replay", "", "the provider repeats the answer that it keeps for this key"),
    ("end", "ok", "it is answered"),
    ("cut", "bad", "the answer is lost on the way, or cut short"),
    ("up", "taken", "money is held or taken"),
    ("down", "back", "money goes back"),
    ("cross", "bad", "a webhook that is never delivered"),
    ("point", "", "the shopper or the provider acts"),
)


def sign(name: str, x: int, y: int) -> Html:
    """Give one mark with its middle at a place."""
    return element("use", href=f"#sign-{name}", x=x, y=y)


def signs() -> Html:
    """Give the shapes themselves, invisible, for every mark of the page to use."""
    shapes = join(element("path", id=f"sign-{name}", d=path) for name, path in _SHAPES.items())
    return element("svg", element("defs", shapes), width=0, height=0, aria_hidden="true", class_="signs")


def legend() -> Html:
    """Say what each mark means."""
    return element("ul", *(_meaning(*row) for row in _MEANINGS), class_="legend")


def _meaning(name: str, style: str, meaning: str) -> Html:
    mark = element("g", sign(name, 10, 10), class_=f"mark {style}".strip())
    return element("li", element("svg", mark, width=20, height=20, aria_hidden="true"), meaning)
