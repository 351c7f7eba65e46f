"""A share card drawn: 1200 × 630, in the light colours of the site."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from consent.public.pictures.switch import DrawnSwitch
from consent.public.share_image.captions import Chip, ShareCard
from consent.public.share_image.letters import font, line_height, wrapped, writable
from consent.public.share_image.light_colours import colour
from consent.vocabulary import Direction, StateValue

WIDTH, HEIGHT = 1200, 630
_MARGIN = 64
_INSIDE = WIDTH - 2 * _MARGIN
_TOP, _BOTTOM = 144, HEIGHT - 114  # of what differs from card to card
_TITLE_SIZES = (68, 62, 56, 50, 46, 42)
_ANSWER_SIZES = (92, 80, *_TITLE_SIZES)
_CHIP_HEIGHT = 56
_CHIP_SIZES = (30, 22)
_AFTER_WORDS = 24
_CHIP_GAP = 14
_CHIPS_BELOW = 26
_SWITCH_HEIGHT = 112
_BELOW_HEIGHT = 130
_BELOW_SIZES = (44, 40, 36)
_EDGE = 28
_COLOURS = 128

_TOKENS = {
    StateValue.NO_WAY_OUT: "on-locked",
    StateValue.UNLESS_REFUSED: "on",
    StateValue.ONLY_IF_AGREED: "off",
    StateValue.NOT_USED: "unused",
    StateValue.UNCLEAR: "unclear",
}


def png_of(card: ShareCard) -> bytes:
    """Draw a card and return it as a PNG of few colours."""
    image = Image.new("RGB", (WIDTH, HEIGHT), colour("ground"))
    draw = ImageDraw.Draw(image)
    _wordmark(draw)
    rows = _rows(card)
    room = len(rows) * (_CHIP_HEIGHT + _CHIP_GAP) + _CHIPS_BELOW if rows else 0
    if card.switch:
        room += _SWITCH_HEIGHT + _CHIPS_BELOW
    if card.below:
        room += _BELOW_HEIGHT
    if card.edge:
        draw.rectangle((0, 0, _EDGE, HEIGHT), fill=_chip_colours(card.edge)[0])
    y = _lines(draw, card, _BOTTOM - room) + _CHIPS_BELOW
    if below := writable(card.below):
        size, lines = wrapped(below, width=_INSIDE, height=_BELOW_HEIGHT, sizes=_BELOW_SIZES)
        for line in lines:
            draw.text((_MARGIN, y), line, font=font(size), fill=colour("ink"))
            y += line_height(size)
    for row in rows:
        _chips(draw, row, y, joined=bool(card.turns))
        y += _CHIP_HEIGHT + _CHIP_GAP
    if card.switch:
        _switch(draw, card.switch, y)
    _foot(draw, card)
    out = io.BytesIO()
    few = image.quantize(_COLOURS, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def _wordmark(draw: ImageDraw.ImageDraw) -> None:
    """The switch and the name, with the double rule of the masthead below."""
    left, top = _MARGIN, 44
    draw.rounded_rectangle((left, top, left + 64, top + 36), 6, fill=colour("on"))
    draw.rounded_rectangle((left + 34, top + 6, left + 58, top + 30), 3, fill=colour("ground"))
    draw.text(
        (left + 82, top + 18),
        "Default On",
        font=font(38),
        fill=colour("ink"),
        anchor="lm",
        stroke_width=1,
    )
    for y in (104, 110):
        draw.line((_MARGIN, y, WIDTH - _MARGIN, y), fill=colour("rule"), width=2)


def _lines(draw: ImageDraw.ImageDraw, card: ShareCard, bottom: int) -> int:
    """Write kicker and title above a height; return where they end."""
    y = _TOP
    title, kicker = writable(card.title), writable(card.kicker)
    if not title:
        title, kicker = kicker or "Default On", ""
    if kicker:
        size, (line,) = wrapped(kicker, width=_INSIDE, height=50, sizes=(34,))
        draw.text((_MARGIN, y), line, font=font(size), fill=colour("muted"))
        y += 52
    sizes = _ANSWER_SIZES if card.edge else _TITLE_SIZES
    size, lines = wrapped(title, width=_INSIDE, height=bottom - y, sizes=sizes)
    for line in lines:
        draw.text((_MARGIN, y), line, font=font(size), fill=colour("ink"), stroke_width=1)
        y += line_height(size)
    return y


def _rows(card: ShareCard) -> list[list[Chip]]:
    """The chips in rows: each turn its own, the others as many as fit beside each other."""
    if card.turns:
        return [list(turn) for turn in card.turns]
    rows: list[list[Chip]] = []
    end = WIDTH
    for chip in card.chips:
        end += _CHIP_GAP + _chip_width(chip)
        if end > _INSIDE:
            rows.append([])
            end = _chip_width(chip)
        rows[-1].append(chip)
    return rows


def _chips(draw: ImageDraw.ImageDraw, row: list[Chip], y: int, *, joined: bool) -> None:
    x = _MARGIN
    for number, chip in enumerate(row):
        if number:
            x = _arrow(draw, x, y) if joined else x + _CHIP_GAP
        x = _chip(draw, chip, x, y)


def _chip_lines(chip: Chip) -> tuple[int, list[str]]:
    """The size and the lines of the words of a chip: one, or two small ones."""
    room = _INSIDE - _before_words(chip) - _AFTER_WORDS
    return wrapped(writable(chip.words), width=room, height=_CHIP_HEIGHT, sizes=_CHIP_SIZES)


def _before_words(chip: Chip) -> int:
    return 66 if chip.value else 24


def _chip_width(chip: Chip) -> int:
    size, lines = _chip_lines(chip)
    widest = max(font(size).getlength(line) for line in lines)
    return _before_words(chip) + round(widest) + _AFTER_WORDS


def _chip(draw: ImageDraw.ImageDraw, chip: Chip, x: int, y: int) -> int:
    """Draw one chip; return its right edge."""
    end, bottom = x + _chip_width(chip), y + _CHIP_HEIGHT
    fill, line, text = _chip_colours(chip.value)
    draw.rounded_rectangle((x, y, end, bottom), 6, fill=fill, outline=line, width=3)
    if chip.value:
        _glyph(draw, chip.value, x + 20, y + 13, fill=fill, line=text)
    size, lines = _chip_lines(chip)
    middle = y + (_CHIP_HEIGHT - (len(lines) - 1) * line_height(size)) // 2
    for number, words in enumerate(lines):
        at = (x + (64 if chip.value else 24), middle + number * line_height(size))
        draw.text(at, words, font=font(size), fill=text, anchor="lm")
    return end


def _chip_colours(value: StateValue | None) -> tuple[str, str, str]:
    token = _TOKENS.get(value) if value else None
    if token is None:
        return colour("surface"), colour("rule"), colour("ink")
    return colour(token), colour(f"{token}-line"), colour(f"{token}-text")


def _glyph(
    draw: ImageDraw.ImageDraw, value: StateValue, x: int, y: int, *, fill: str, line: str
) -> None:
    """The mark of a state, 30 pixels wide: how full it is says how much is used."""
    box = (x, y, x + 30, y + 30)
    if value == StateValue.NOT_OFFERED:
        draw.rectangle((x + 3, y + 13, x + 27, y + 17), fill=line)
        return
    draw.rectangle(box, outline=line, width=3)
    if value == StateValue.NO_WAY_OUT:
        draw.rectangle(box, fill=line)
        draw.arc((x + 9, y + 5, x + 21, y + 21), 180, 360, fill=fill, width=3)
        draw.rectangle((x + 7, y + 14, x + 23, y + 24), fill=fill)
    elif value == StateValue.UNLESS_REFUSED:
        draw.rectangle(box, fill=line)
    elif value == StateValue.ONLY_IF_AGREED:
        draw.rectangle((x, y + 15, x + 30, y + 30), fill=line)
    elif value == StateValue.NOT_USED:
        draw.rectangle((x, y + 25, x + 30, y + 30), fill=line)
    else:
        for corners in ((2, 28, 28, 2), (2, 15, 15, 2), (15, 28, 28, 15)):
            left, low, right, high = corners
            draw.line((x + left, y + low, x + right, y + high), fill=line, width=2)


def _arrow(draw: ImageDraw.ImageDraw, x: int, y: int) -> int:
    middle = y + _CHIP_HEIGHT // 2
    draw.line((x + 20, middle, x + 60, middle), fill=colour("muted"), width=4)
    head = [(x + 68, middle), (x + 52, middle - 10), (x + 52, middle + 10)]
    draw.polygon(head, fill=colour("muted"))
    return x + 88


def _switch(draw: ImageDraw.ImageDraw, switch: DrawnSwitch, y: int) -> None:
    """Draw the row of a settings page as it shall be: label, word of the state, switch."""
    right, middle = WIDTH - _MARGIN, y + _SWITCH_HEIGHT // 2
    box = (_MARGIN, y, right, y + _SWITCH_HEIGHT)
    draw.rounded_rectangle(box, 20, fill=colour("surface"), outline=colour("rule"), width=3)
    left = right - 32 - 96
    track = colour("link") if switch.is_on else colour("ground")
    line = colour("link") if switch.is_on else colour("ink")
    knob = colour("ground") if switch.is_on else colour("ink")
    draw.rounded_rectangle((left, middle - 24, left + 96, middle + 24), 24, track, line, 4)
    x = left + (72 if switch.is_on else 24)
    draw.ellipse((x - 17, middle - 17, x + 17, middle + 17), fill=knob)
    word = writable(switch.state)
    draw.text((left - 20, middle), word, font=font(32), fill=colour("muted"), anchor="rm")
    width = left - 40 - round(font(32).getlength(word)) - _MARGIN - 32
    size, lines = wrapped(writable(switch.label), width=width, height=84, sizes=(36, 32, 28))
    top = middle - len(lines) * line_height(size) // 2
    for line_of_label in lines:
        draw.text((_MARGIN + 32, top), line_of_label, font=font(size), fill=colour("ink"))
        top += line_height(size)


def _foot(draw: ImageDraw.ImageDraw, card: ShareCard) -> None:
    if not (card.foot or card.direction):
        return
    y = HEIGHT - 58
    draw.line((_MARGIN, y - 36, WIDTH - _MARGIN, y - 36), fill=colour("hairline"), width=2)
    x = _MARGIN
    if card.direction:
        _direction(draw, card.direction, x, y - 14)
        words = writable(str(Direction(card.direction).label))
        fill = _directioncolour(card.direction)
        draw.text((x + 40, y), words, font=font(30), fill=fill, anchor="lm")
        x += 40 + round(font(30).getlength(words)) + 36
    if foot := writable(card.foot):
        width = WIDTH - _MARGIN - x
        size, (line,) = wrapped(foot, width=width, height=44, sizes=(30,))
        draw.text((x, y), line, font=font(size), fill=colour("muted"), anchor="lm")


def _directioncolour(direction: str) -> str:
    if direction == Direction.LESS_CONTROL:
        return colour("on-line")
    return colour("off-line" if direction == Direction.MORE_CONTROL else "muted")


def _direction(draw: ImageDraw.ImageDraw, direction: str, x: int, y: int) -> None:
    """An arrow down for less control, up for more, both for mixed, a bar for neutral."""
    fill = _directioncolour(direction)
    down = [(x + 14, y + 28), (x, y + 12), (x + 9, y + 12), (x + 9, y), (x + 19, y)]
    down += [(x + 19, y + 12), (x + 28, y + 12)]
    if direction == Direction.LESS_CONTROL:
        draw.polygon(down, fill=fill)
    elif direction == Direction.MORE_CONTROL:
        draw.polygon([(px, 2 * y + 28 - py) for px, py in down], fill=fill)
    elif direction == Direction.MIXED:
        draw.polygon([(x + 14, y), (x + 26, y + 12), (x + 2, y + 12)], fill=fill)
        draw.polygon([(x + 14, y + 28), (x + 26, y + 16), (x + 2, y + 16)], fill=fill)
    else:
        draw.rectangle((x, y + 11, x + 28, y + 16), fill=fill)
