"""The wall as a file: laid out once, written as SVG or drawn as PNG, in the light colours."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw

from consent.public.pictures.shares import Share
from consent.public.pictures.wall import ROW, Band, Mark, Wall
from consent.public.pictures.wall_words import band_words, mark_words
from consent.public.share_image.letters import font, line_height, wrapped, writable
from consent.public.share_image.light_colours import colour

WIDTH = 1200
_MARGIN = 64
_INSIDE = WIDTH - 2 * _MARGIN
_COLOURS = 64
#: The colour of each mark, as static/css/pictures.css has it.
_HUES = {
    "on": "on",
    "locked": "on-locked",
    "other": "on-line",
    "agreed": "off",
    "no": "off-line",
    "unknown": "unclear-line",
}
#: Line and filling of each part of the bar.
_FILLINGS = {
    "on": ("on", "on"),
    "locked": ("on-locked", "on-locked"),
    "agreed": ("off-line", "off"),
    "no": ("off-line", "off-line"),
    "other": ("on-line", "removed"),
    "absent": ("rule", "rule"),
    "unknown": ("unclear-line", "unclear"),
}
_FAMILY = "system-ui, 'Noto Sans', 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"


class Words(NamedTuple):
    """What is written around the picture. notes: below the title."""

    title: str
    notes: Sequence[str]
    foot: str


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    hue: str
    radius: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """y: the line that the letters stand on."""

    x: float
    y: float
    words: str
    size: int
    hue: str = "ink"
    bold: bool = False
    anchor: str = "start"
    halo: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of equal dashes. step: from one dash to the next; 0 without gaps."""

    x: float
    y: float
    width: float
    height: float
    hue: str
    dash: float = 0
    step: float = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    width: int
    height: int
    shapes: tuple[Box | Text | Strip, ...]


def tall_sheet(wall: Wall, words: Words, shares: Sequence[Share] = ()) -> Sheet:
    """The whole picture with its words, for newspapers and slides."""
    shapes: list[Box | Text | Strip] = list(_wordmark(44, 1))
    shapes += [Box(_MARGIN, y, _INSIDE, 2, "rule") for y in (103, 109)]
    y = _paragraph(shapes, words.title, 168, size=40, hue="ink", bold=True)
    for note in words.notes:
        y = _paragraph(shapes, note, y + 6, size=26, hue="muted")
    y = _bar(shapes, shares, y, height=44) + 22
    for band in wall.bands:
        row = 4.5 * band.scale
        number = len(band.rows)
        label = f"{number} {band_words(band.group, number)}"
        shapes.append(Text(_MARGIN, y + 22, label, 22, bold=True))
        y += 34
        shapes += _band(wall, band, _MARGIN, y, _INSIDE, row)
        shapes += _names(wall, band, _MARGIN, y, _INSIDE, row, size=18)
        y += len(band.drawn) * row + 12
    shapes += _years(wall, _MARGIN, y + 12, _INSIDE, 20)
    y = _key(shapes, y + 58)
    shapes.append(Box(_MARGIN, y + 4, _INSIDE, 1, "hairline"))
    y = _paragraph(shapes, words.foot, y + 40, size=20, hue="muted")
    return Sheet(WIDTH, round(y + 12), tuple(shapes))


def card_sheet(wall: Wall, words: Words, shares: Sequence[Share] = ()) -> Sheet:
    """The picture in the format of previews: 1200 × 630. The bar says what the bands are."""
    height, least_gap, most_gap = 630, 6, 18
    size, lines = wrapped(words.title, width=_INSIDE, height=110, sizes=(42, 38, 34, 30))
    y = 34.0
    shapes: list[Box | Text | Strip] = []
    for line in lines:
        y += line_height(size)
        shapes.append(Text(_MARGIN, y, line, size, bold=True))
    y = _bar(shapes, shares, y + 22, height=52) + 14
    gaps = max(1, len(wall.bands) - 1)
    room = height - 104 - y
    drawn = sum(len(band.drawn) for band in wall.bands) or 1
    row = max(0.5, (room - least_gap * gaps) * 2 // drawn / 2)
    gap = max(least_gap, min(most_gap, (room - row * drawn) / gaps))
    for band in wall.bands:
        tall = len(band.drawn) * row
        shapes += _band(wall, band, _MARGIN, y, _INSIDE, row, is_fine=row < ROW)
        shapes += _names(wall, band, _MARGIN, y, _INSIDE, row, size=17)
        y += tall + gap
    shapes += _years(wall, _MARGIN, y - gap + 20, _INSIDE, 18)
    shapes += _wordmark(height - 62, 0.75)
    shapes.append(Text(WIDTH - _MARGIN, height - 40, words.foot, 22, "muted", anchor="end"))
    return Sheet(WIDTH, height, tuple(shapes))


def _bar(
    shapes: list[Box | Text | Strip], shares: Sequence[Share], y: float, *, height: int
) -> float:
    """Draw all platforms in one bar, with words for its larger parts; return where it ends."""
    for share in shares:
        x, width = _MARGIN + _INSIDE * share.start, max(2.0, _INSIDE * share.width - 2)
        line, filling = _FILLINGS[share.look]
        shapes.append(Box(x, y, width, height, line))
        if filling != line and width > 4:
            shapes.append(Box(x + 2, y + 2, width - 4, height - 4, filling))
    x, y = float(_MARGIN), y + height + 32
    for share in shares:
        words = f"{share.number} {share.words}"
        width = 32 + font(24).getlength(writable(words))
        if share.is_small:
            continue
        if x + width > _MARGIN + _INSIDE:
            x, y = float(_MARGIN), y + 36
        line, filling = _FILLINGS[share.look]
        shapes.append(Box(x, y - 18, 20, 20, line))
        shapes.append(Box(x + 2, y - 16, 16, 16, filling))
        shapes.append(Text(x + 32, y, words, 24))
        x += width + 36
    return y + 10 if shares else y - height - 32


def _names(
    wall: Wall, band: Band, x: float, y: float, width: float, row: float, *, size: int
) -> Iterator[Text]:
    """Write names, those that are not closer than a line to the one above."""
    last = y - size
    for name in band.names:
        at = y + (name.row + 1) * row
        if at - last >= size:
            last = at
            left = x + width * name.month / wall.months - 6
            yield Text(left, at, name.text, size, anchor="end", halo=True)


def _wordmark(y: float, scale: float) -> Iterator[Box | Text | Strip]:
    """The switch and the name."""
    yield Box(_MARGIN, y, 64 * scale, 36 * scale, "on", round(6 * scale))
    inner = 24 * scale
    yield Box(_MARGIN + 34 * scale, y + 6 * scale, inner, inner, "ground", round(3 * scale))
    yield Text(_MARGIN + 82 * scale, y + 31 * scale, "Default On", round(38 * scale), bold=True)


def _paragraph(
    shapes: list[Box | Text | Strip],
    words: str,
    y: float,
    *,
    size: int,
    hue: str,
    bold: bool = False,
) -> float:
    """Write words whose first line stands on y; return where the next line would stand."""
    _size, lines = wrapped(words, width=_INSIDE, height=10_000, sizes=(size,))
    for line in lines:
        shapes.append(Text(_MARGIN, y, line, size, hue, bold))
        y += line_height(size)
    return y


def _band(
    wall: Wall,
    band: Band,
    x: float,
    y: float,
    width: float,
    row: float,
    *,
    is_fine: bool = False,
) -> Iterator[Box | Strip]:
    """is_fine: rows are so narrow that what is on is drawn without a gap between them."""
    month, unit = width / wall.months, row / ROW
    for tick in wall.ticks:
        at = x + width * float(tick.x.rstrip("%")) / 100
        yield Box(at, y, 1, len(band.drawn) * row, "hairline")
    for number, each in enumerate(band.rows):
        for run in each.runs:
            top = y + number * row + run.mark.y * unit
            strip = _strip(run.mark, x + run.start * month, top, run.length * month, month, unit)
            yield replace(strip, height=row) if is_fine and run.mark.height > 1 else strip


def _strip(mark: Mark, x: float, y: float, width: float, month: float, unit: float) -> Strip:
    dash, gap = mark.dashing
    step = (dash + gap) * month if gap else 0
    return Strip(x, y, width, mark.height * unit, _HUES[mark.name], dash * month, step)


def _years(wall: Wall, x: float, y: float, width: float, size: int) -> Iterator[Text]:
    yield Text(x, y, f"{wall.first:%Y}", size, "muted")
    for tick in wall.ticks:
        if not tick.at_edge:
            at = x + width * float(tick.x.rstrip("%")) / 100
            yield Text(at + 5, y, str(tick.year), size, "muted")


def _key(shapes: list[Box | Text | Strip], y: float) -> float:
    x = float(_MARGIN)
    for mark, words in mark_words():
        width = 68 + font(20).getlength(writable(words))
        if x + width > _MARGIN + _INSIDE:
            x, y = float(_MARGIN), y + 32
        for number in range(3):
            top = y - 15 + (number * ROW + mark.y) * 1.5
            shapes.append(_strip(mark, x, top, 56, 14, 1.5))
        shapes.append(Text(x + 68, y, words, 20))
        x += width + 44
    return y + 20


# --- SVG ---------------------------------------------------------------------------------------


def svg_of(sheet: Sheet, title: str) -> str:
    """Write a sheet as an SVG document. title: for those who do not see it."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {sheet.width} {sheet.height}"'
        f' width="{sheet.width}" height="{sheet.height}" role="img" font-family="{_FAMILY}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" fill="{colour("ground")}"/>',
        *map(_svg_shape, sheet.shapes),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _svg_shape(shape: Box | Text | Strip) -> str:
    fill = colour(shape.hue)
    if isinstance(shape, Text):
        weight = ' font-weight="600"' if shape.bold else ""
        anchor = ' text-anchor="end"' if shape.anchor == "end" else ""
        halo = ""
        if shape.halo:
            halo = f' stroke="{colour("ground")}" stroke-width="5" paint-order="stroke"'
        return (
            f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size}"'
            f' fill="{fill}"{weight}{anchor}{halo}>{escape(shape.words)}</text>'
        )
    if isinstance(shape, Strip) and shape.step:
        return (
            f'<path d="M{shape.x:.1f} {shape.y + shape.height / 2:.2f}h{shape.width:.1f}"'
            f' stroke="{fill}" stroke-width="{shape.height:g}"'
            f' stroke-dasharray="{shape.dash:.2f} {shape.step - shape.dash:.2f}"/>'
        )
    radius = f' rx="{shape.radius}"' if isinstance(shape, Box) and shape.radius else ""
    return (
        f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}"'
        f' height="{shape.height:g}" fill="{fill}"{radius}/>'
    )


# --- PNG ---------------------------------------------------------------------------------------


def png_of_sheet(sheet: Sheet, *, shrink: int = 1) -> bytes:
    """Draw a sheet in twice its size, and return it as a PNG; shrink: 2 for its own size."""
    scale = 2
    image = Image.new("RGB", (sheet.width * scale, sheet.height * scale), colour("ground"))
    draw = ImageDraw.Draw(image)
    for shape in sheet.shapes:
        _draw_shape(draw, shape, scale)
    if shrink > 1:
        size = (image.width // shrink, image.height // shrink)
        image = image.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    few = image.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(out, "PNG")  # smaller by a fifth if optimised, and that takes a second
    return out.getvalue()


def _draw_shape(draw: ImageDraw.ImageDraw, shape: Box | Text | Strip, scale: int) -> None:
    fill = colour(shape.hue)
    if isinstance(shape, Text):
        draw.text(
            (shape.x * scale, shape.y * scale),
            writable(shape.words),
            font=font(shape.size * scale),
            fill=colour("ground") if shape.halo else fill,
            anchor="rs" if shape.anchor == "end" else "ls",
            stroke_width=4 * scale if shape.halo else int(shape.bold),
            stroke_fill=colour("ground") if shape.halo else fill,
        )
        if shape.halo:
            _draw_shape(draw, Text(shape.x, shape.y, shape.words, shape.size, anchor="end"), scale)
        return
    if isinstance(shape, Box):
        box = _pixels(shape.x, shape.y, shape.width, shape.height, scale)
        draw.rounded_rectangle(box, shape.radius * scale, fill=fill)
        return
    x, end = shape.x, shape.x + shape.width
    dash, step = (shape.dash, shape.step) if shape.step else (shape.width, shape.width)
    while x < end - 0.01:
        width = min(dash, end - x)
        draw.rectangle(_pixels(x, shape.y, width, shape.height, scale), fill=fill)
        x += step


def _pixels(
    x: float, y: float, width: float, height: float, scale: int
) -> tuple[int, int, int, int]:
    """Return the corners of a box; PIL draws the pixels of the last one, too."""
    left, top = round(x * scale), round(y * scale)
    right, bottom = round((x + width) * scale) - 1, round((y + height) * scale) - 1
    return left, top, max(left, right), max(top, bottom)
