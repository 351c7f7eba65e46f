import io
import unicodedata
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from consent.public.share_image.captions import Chip, ShareCard
from consent.public.share_image.letters import font, line_height, wrapped, writable
from consent.public.share_image.share_card import HEIGHT, WIDTH, png_of
from consent.vocabulary import StateValue

CARD = ShareCard(
    kind="change",
    key="0123456789",
    kicker="X",
    title="X trains on posts unless people say no",
    foot="In effect: 26 July 2024",
    direction="less-control",
    turns=(
        (
            Chip(StateValue.ONLY_IF_AGREED, "Off by default"),
            Chip(StateValue.UNLESS_REFUSED, "On by default"),
        ),
    ),
)


def drawn(card):
    return Image.open(io.BytesIO(png_of(card))).convert("RGB")


@pytest.mark.parametrize(
    "card",
    [
        CARD,
        replace(CARD, title="Wideword " * 40, turns=CARD.turns * 2),
        replace(CARD, title="x" * 300),
        replace(CARD, title="標準でオン", kicker="", foot="標準"),
        replace(CARD, turns=(), chips=tuple(Chip(value, str(value.label)) for value in StateValue)),
        replace(CARD, title="", kicker="", foot="", direction="", turns=()),
    ],
    ids=["a change", "many words", "one long word", "another script", "every state", "nothing"],
)
def test_every_card_is_a_small_png_of_the_size_that_is_promised(card):
    png = png_of(card)
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(png) < 60_000


@pytest.mark.parametrize("title", ["Wideword " * 40, "x" * 300])
def test_nothing_is_drawn_into_the_margins_or_over_the_foot(title):
    image = drawn(replace(CARD, title=title, turns=CARD.turns * 2))
    ground = Image.new("RGB", image.size, image.getpixel((2, 2)))
    left, _top, right, bottom = ImageChops.difference(image, ground).getbbox()
    assert (left >= 60, right <= WIDTH - 60, bottom <= HEIGHT - 30) == (True, True, True)
    # Between the chips and the foot's rule there is nothing.
    gap = ImageChops.difference(image, ground).crop((0, 518, WIDTH, 534))
    assert gap.getbbox() is None


def test_a_long_chip_stays_inside_the_margins():
    words = "on since 29 April 2024 at the latest, with a way out since 16 July 2024 at the latest"
    chips = (Chip(StateValue.UNLESS_REFUSED, "Yes" * 30), Chip(None, f"{words}; elsewhere later"))
    image = drawn(replace(CARD, turns=(), chips=chips))
    ground = Image.new("RGB", image.size, image.getpixel((2, 2)))
    assert ImageChops.difference(image, ground).getbbox()[2] <= WIDTH - 60


def test_states_carry_the_colours_of_the_site():
    colours = {colour for _count, colour in drawn(CARD).getcolors(WIDTH * HEIGHT)}
    near = [
        min(sum(abs(a - b) for a, b in zip(colour, wanted, strict=True)) for colour in colours)
        for wanted in ((0xC8, 0x50, 0x0A), (0x74, 0xAC, 0xD9), (0xFB, 0xFA, 0xF6))
    ]
    assert max(near) <= 6


@pytest.mark.parametrize(
    "text",
    [
        "Größe, Öl, Übung, Äther, Maß – „neu“",
        "L’été où Zoë a dû garçonner, œuvre, Noël",
        "¿Español? ¡Año, corazón, pingüino!",
        "Não, ações, à vovó, português",
        "Zażółć gęślą jaźń",
        "Türkiye’de İğdır, şöyle ışık",
        "Příliš žluťoučký kůň, Tiếng Việt",
        "Åse på øya, Þórr, Œuf",
        "Ελλάδα, ВКонтакте, Їжак",
    ],
    ids=["de", "fr", "es", "pt", "pl", "tr", "cs and vi", "nordic", "el, ru, uk"],
)
def test_letters_are_written_with_their_accents(text):
    assert writable(text) == text
    bare = {char: unicodedata.normalize("NFD", char)[0] for char in text}
    for accented, plain in bare.items():
        if accented != plain:
            assert bytes(font(40).getmask(accented)) != bytes(font(40).getmask(plain)), accented


def test_an_accent_that_comes_apart_from_its_letter_is_joined_to_it():
    assert writable(unicodedata.normalize("NFD", "Größe")) == "Größe"


def test_letters_of_other_scripts_are_left_out():
    assert writable("X (formerly Twitter, 旧称)") == "X (formerly Twitter, )"


def test_a_text_of_which_too_much_would_be_lost_is_not_written_at_all():
    assert writable("標準でオン: X") == ""


def test_a_mark_of_french_stays_with_its_word():
    text = writable("Qui entraîne l’IA\u202f?")
    width = font(40).getlength("Qui entraîne l’IA")
    _size, lines = wrapped(text, width=round(width), height=100, sizes=(40,))
    assert lines == ["Qui entraîne", "l’IA\u00a0?"]


def test_a_title_gets_smaller_before_it_is_cut():
    size, lines = wrapped("Short", width=1000, height=100, sizes=(60, 40))
    assert (size, lines) == (60, ["Short"])
    size, lines = wrapped("word " * 100, width=1000, height=100, sizes=(60, 40))
    assert size == 40
    assert len(lines) * line_height(40) <= 100
    assert lines[-1].endswith("…")
    assert all(font(40).getlength(line) <= 1000 for line in lines)
