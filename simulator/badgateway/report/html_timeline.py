"""The five-lane timeline of one case as a drawing (SVG) that is part of the page itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from badgateway.journal.entry import Entry
from badgateway.report.amounts import currencies
from badgateway.report.clean import one_line
from badgateway.report.html_axis import Axis, lay_axis, letters
from badgateway.report.html_bars import BESIDE, LANES, VIEW, Bar, Mark
from badgateway.report.html_lanes import Band, bands, bars
from badgateway.report.html_markup import Html, element, link, scrolled
from badgateway.report.html_signs import sign
from badgateway.report.timeline import story_time
from badgateway.report.wording import sentence

ENTRIES_MAX = 400  # of one journal; what comes later is not drawn, and the page says so
_TRACK, _ROW, _PAD, _NAMES, _TICK = 29, 15, 7, 92, 150  # pixels
_VIEW_ROOM = 150  # pixels that a status of the order view gets at least, unless its label needs less
_TOP_MAX = 64  # letters of a label above the lanes
_PLAY = frozenset({"run.phase", "run.skipped", "run.barrier", "run.stray", "run.refused", "run.bounded"})
_DEPLOYED = frozenset({"process.started", "process.exited"})
# Told by the hover text of something else, or by the whole journal: drawn only where they prove something.
ONLY_AS_PROOF = frozenset(
    {
        "run.started",
        "run.order",
        "run.merchant",
        "run.advanced",
        "run.finished",
        "settlement.line",
        "settlement.report",
        "settlement.fetched",
        "event.created",
        "telemetry.read",
        "telemetry.transitions",
        "contract.watched",
        "run.served",
        "run.due",
        "call.request",
        "op.command",
        "webhook.concluded",
    }
)
_STATUSES = frozenset(
    {
        "unpaid",
        "pending",
        "authorized",
        "paid",
        "partially_refunded",
        "refunded",
        "failed",
        "cancelled",
        "disputed",
        "review",
        "unreadable",
    }
)


@dataclass(frozen=True, slots=True)
class Focus:
    """What the eye is led to: the proof, the last entry that proves the cause, the step of no return."""

    proof: frozenset[int] = frozenset()
    at: int | None = None
    no_return: int | None = None  # number of the step


def window(entries: Sequence[Entry], at: int | None) -> Sequence[Entry]:
    """Give the part of a journal that is drawn: from the start, unless what is proven lies further on."""
    if len(entries) <= ENTRIES_MAX:
        return entries
    place = next((place for place, entry in enumerate(entries) if entry.seq == at), 0)
    end = min(len(entries), max(ENTRIES_MAX, place + ENTRIES_MAX // 4))
    return entries[end - ENTRIES_MAX : end]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every part of one drawing needs: names of targets, places, words and the proof."""

    name: str
    axis: Axis
    began_ms: int
    agreed: Mapping[str | None, str]
    proof: frozenset[int]

    def says(self, entry: Entry) -> str:
        """Say what an entry records, and when."""
        at = story_time(entry.at_ms - self.began_ms + entry.real_ms)
        return f"{at}  {sentence(entry, self.agreed.get(entry.order))}  [{entry.seq}]"

    def shown(self, entry: Entry, x: int, y: int, style: str, *parts: object) -> Html:
        """Give parts of the drawing that stand for an entry; a proof leads back to the line that names it."""
        is_proof = entry.seq in self.proof
        halo = element("circle", class_="halo", cx=x, cy=y, r=9) if is_proof else ""
        group = element(
            "g",
            element("title", self.says(entry)),
            halo,
            *parts,
            id=f"{self.name}-{entry.seq}",
            class_=f"{style} proof" if is_proof else style,
        )
        if not is_proof:
            return group
        return link(f"{self.name}-proof", group, aria_label=f"Proof: {self.says(entry)}")


def draw(name: str, entries: Sequence[Entry], focus: Focus) -> Html:
    """Draw a journal; `name` begins every target's id, and the entries of the proof stand out."""
    kept, proof = window(entries, focus.at), focus.proof
    if not kept:
        return Html("")
    drawn, periods = bars(kept), bands(kept)
    at_top = _at_top(kept, drawn, periods, proof)
    axis = _widened(_axis(kept, drawn, periods, proof), drawn, at_top)
    sheet = _Sheet(name, axis, entries[0].at_ms, currencies(entries), proof)
    fatal = _step(kept, focus.no_return)
    head, top = _head(sheet, at_top, periods, fatal)
    lanes, names, height = _lanes(sheet, drawn, top)
    ticks = _ticks(sheet, kept, height)
    total = height + 18
    shades = [
        *(
            _shade(axis.x(band.first), axis.x(band.last) if band.last else axis.end, height, band.style)
            for band in periods
        ),
        *(_shade(jump.left, jump.right, height, "jump") for jump in axis.jumps),
    ]
    if fatal is not None:
        shades.append(element("path", class_="no-return", d=f"M{axis.x(fatal.seq) - 3} 4V{height + 4}"))
    picture = _svg(axis.width, total, "timeline", *lanes[0], *shades, *ticks, *lanes[1], *head)
    left = _svg(_NAMES, total, "names", *names)
    said = f"; {len(kept)} of {len(entries)} entries" if len(entries) > len(kept) else ""
    return element("div", left, scrolled(picture, f"Timeline{said}"), class_="drawing")


def _step(entries: Sequence[Entry], step: int | None) -> Entry | None:
    """Give the entry with which a step began; none where it is no operation of the integration."""
    if step is None:
        return None
    return next((one for one in entries if one.kind == "op.invoked" and one.data.get("step") == step), None)


def _svg(width: int, height: int, style: str, *parts: object) -> Html:
    return element("svg", *parts, class_=style, width=width, height=height, viewBox=f"0 0 {width} {height}")


def _axis(
    entries: Sequence[Entry], drawn: Sequence[Bar], periods: Sequence[Band], proof: frozenset[int]
) -> Axis:
    seqs = {band.entry.seq for band in periods} | proof
    seqs |= {bound for band in periods for bound in (band.first, band.last) if bound}
    seqs |= {entry.seq for entry in entries if _is_of_the_play(entry)}
    room: dict[int, int] = {}
    for bar in drawn:
        marks = bar.marks[:1] if bar.lane == VIEW else bar.marks
        seqs |= {mark.entry.seq for mark in marks}
        if bar.lane == VIEW:
            room[bar.first] = min(_VIEW_ROOM, letters(bar.label) + 14)
    return lay_axis([entry for entry in entries if entry.seq in seqs], room)


def _widened(axis: Axis, drawn: Sequence[Bar], at_top: Sequence[Entry]) -> Axis:
    """Give room at the right for the labels of what happened last."""
    labels = [(bar.first, bar.label) for bar in drawn if bar.lane != VIEW]
    labels += [(entry.seq, _play_label(entry)) for entry in at_top]
    return replace(
        axis, width=max([axis.width, *(axis.x(seq) + letters(label) + 16 for seq, label in labels)])
    )


def _shade(left: int, right: int, height: int, style: str) -> Html:
    return element("rect", class_=f"band {style}", x=left, y=0, width=max(4, right - left), height=height)


def _text(x: int, y: int, text: str, style: str = "") -> Html:
    return element("text", text, x=x, y=y, class_=style or None)


class _Rows:
    """Puts labels below each other where they would overlap."""

    def __init__(self) -> None:
        self.free_from: list[int] = []

    def take(self, left: int, right: int) -> int:
        """Give the first row in which a span is free."""
        for row, free in enumerate(self.free_from):
            if free <= left:
                self.free_from[row] = right
                return row
        self.free_from.append(right)
        return len(self.free_from) - 1


def _at_top(
    entries: Sequence[Entry], drawn: Sequence[Bar], periods: Sequence[Band], proof: frozenset[int]
) -> list[Entry]:
    """Give what belongs to no lane: phases of the play, and proof that is drawn nowhere else."""
    elsewhere = {mark.entry.seq for bar in drawn for mark in bar.marks}
    elsewhere |= {band.entry.seq for band in periods}
    homeless = proof - elsewhere
    return [entry for entry in entries if _is_of_the_play(entry) or entry.seq in homeless]


def _is_of_the_play(entry: Entry) -> bool:
    return entry.kind in _PLAY or (entry.kind in _DEPLOYED and bool(entry.data.get("instance")))


def _head(
    sheet: _Sheet, at_top: Sequence[Entry], periods: Sequence[Band], fatal: Entry | None
) -> tuple[list[Html], int]:
    """Label faults, jumps of time and phases above the lanes; also give where the lanes begin."""
    labels: list[tuple[int, str, str, Entry | None]] = [
        (sheet.axis.x(band.first), band.label, f"label-{band.style}", band.entry) for band in periods
    ]
    labels += [(jump.left, f"» {jump.label}", "label-jump", None) for jump in sheet.axis.jumps]
    labels += [(sheet.axis.x(entry.seq), _play_label(entry), "label-play", entry) for entry in at_top]
    if fatal is not None:
        labels.append((sheet.axis.x(fatal.seq), "no way back from here", "label-return", None))
    rows, parts = _Rows(), []
    for x, label, style, entry in sorted(labels, key=lambda one: (one[0], one[2])):
        y = 13 + _ROW * rows.take(x, x + letters(label) + 12)
        text = _text(x, y, label)
        parts.append(sheet.shown(entry, x, y - 4, style, text) if entry else element("g", text, class_=style))
    return parts, _PAD + _ROW * max(1, len(rows.free_from)) + 3


def _play_label(entry: Entry) -> str:
    if entry.kind == "run.phase":
        return f"┆ {str(entry.data.get('name')).replace('_', ' ')}"
    return one_line(f"◦ {sentence(entry, None)}", _TOP_MAX)


def _lanes(
    sheet: _Sheet, drawn: Sequence[Bar], top: int
) -> tuple[tuple[list[Html], list[Html]], list[Html], int]:
    """Draw lane below lane: backgrounds and contents, the names beside them, and where the last one ends."""
    grounds: list[Html] = []
    contents: list[Html] = []
    names: list[Html] = []
    for place, lane in enumerate(LANES):
        mine = [bar for bar in drawn if bar.lane == lane]
        if lane == BESIDE and not mine:
            continue
        tracks = list(_tracks(sheet, mine, lane))
        height = 2 * _PAD + _TRACK * (1 + max((track for _, track in tracks), default=0))
        ground = "lane even" if place % 2 == 0 else "lane"
        grounds.append(element("rect", class_=ground, x=0, y=top, width=sheet.axis.width, height=height))
        grounds.append(_text(4, top + height - 4, lane, "inlane"))
        names.append(element("rect", class_=ground, x=0, y=top, width=_NAMES, height=height))
        names.append(_text(8, top + height // 2 + 4, lane))
        for bar, track in tracks:
            contents.append(_bar(sheet, bar, top + _PAD + _TRACK * track))
        top += height
    return (grounds, contents), names, top


def _tracks(sheet: _Sheet, mine: Sequence[Bar], lane: str) -> Iterator[tuple[Bar, int]]:
    orders = list(dict.fromkeys(bar.marks[0].entry.order for bar in mine))
    rows = _Rows()
    for bar in mine:
        if lane == VIEW:
            yield bar, orders.index(bar.marks[0].entry.order)
            continue
        left = sheet.axis.x(bar.first)
        yield bar, rows.take(left, max(_right(sheet, bar), left + letters(bar.label)) + 10)


def _right(sheet: _Sheet, bar: Bar) -> int:
    if bar.until is not None:
        return sheet.axis.x(bar.until)
    return sheet.axis.end if bar.is_open else sheet.axis.x(bar.marks[-1].entry.seq)


def _bar(sheet: _Sheet, bar: Bar, y: int) -> Html:
    left, right, middle = sheet.axis.x(bar.first), _right(sheet, bar), y + 19
    if bar.lane == VIEW:
        return _segment(sheet, bar, y, left, right)
    solid = right
    cut = bar.marks[-1]
    parts: list[Html] = []
    if cut.sign == "cut" and len(bar.marks) > 1:
        solid = sheet.axis.x(bar.marks[-2].entry.seq)
        parts.append(element("path", class_="way", d=f"M{solid} {middle}H{right - 4}"))
    body = [_text(left, y + 9, bar.label)]
    if right > left:
        width = max(2, solid - left)
        body.insert(0, element("rect", class_="body", x=left, y=middle - 4, width=width, height=8, rx=1))
    first = bar.marks[0]
    parts.append(_mark(sheet, first, left, middle, *body))
    parts += [_mark(sheet, mark, sheet.axis.x(mark.entry.seq), middle) for mark in bar.marks[1:]]
    return element("g", *parts, class_=bar.style)


def _mark(sheet: _Sheet, mark: Mark, x: int, y: int, *before: Html) -> Html:
    return sheet.shown(mark.entry, x, y, f"mark {mark.style}".strip(), *before, sign(mark.sign, x, y))


def _segment(sheet: _Sheet, bar: Bar, y: int, left: int, right: int) -> Html:
    """Draw what the order showed for a while; a later read of the same is marked only where it is proof."""
    status = bar.style.removeprefix("view ").lower()
    known = status if status in _STATUSES else "other"
    width = max(6, right - left - 1)
    rect = element("rect", class_="body", x=left, y=y + 4, width=width, height=20, rx=2)
    fitting = (label for label in (bar.label, bar.label.partition(" ")[0]) if letters(label) + 8 <= width)
    text = _text(left + 6, y + 18, next(fitting, ""))
    first = sheet.shown(bar.marks[0].entry, left + 3, y + 14, "mark", rect, text)
    later = [
        _mark(sheet, mark, sheet.axis.x(mark.entry.seq), y + 14)
        for mark in bar.marks[1:]
        if mark.entry.seq in sheet.proof
    ]
    return element("g", first, *later, class_=f"view is-{known.replace('_', '-')}")


def _ticks(sheet: _Sheet, entries: Sequence[Entry], height: int) -> list[Html]:
    """Write the time below the lanes now and then: the drawing is wider where more happens."""
    parts: list[Html] = []
    free_from = 0
    for entry in entries:
        x = sheet.axis.places.get(entry.seq)
        if x is not None and x >= free_from:
            at = story_time(entry.at_ms - sheet.began_ms + entry.real_ms)
            parts.append(element("path", class_="tick", d=f"M{x} 20V{height + 4}"))
            parts.append(_text(x, height + 15, at, "time"))
            free_from = x + _TICK
    return parts
