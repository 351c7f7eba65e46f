import datetime as dt
import io
import xml.etree.ElementTree as ElementTree

import pytest
from django.utils.translation import override
from PIL import Image

from consent.ledger.answers import Since
from consent.ledger.figures import Figures, Judged, Spell, TrainingClass
from consent.public.pictures.shares import shares_of
from consent.public.pictures.wall import Course, wall
from consent.public.share_image.wall_sheet import (
    Text,
    Words,
    card_sheet,
    png_of_sheet,
    svg_of,
    tall_sheet,
)
from tests.factories import make_platform, make_state, make_use

ON = Judged(TrainingClass.EVERYWHERE, True)
WORDS = Words("1 of 2 platforms <trains>.", ("A note.",), "15 March 2023")


def picture(count=2):
    courses = [
        Course(f"p{n}", f"P & {n}", 1, [Spell(dt.date(2022, 6, 1), ON)], Since())
        for n in range(count)
    ]
    return wall(courses, dt.date(2023, 3, 15))


def test_the_svg_is_a_document_with_all_words_and_a_line_for_each_platform():
    root = ElementTree.fromstring(svg_of(tall_sheet(picture(), WORDS), WORDS.title))
    name = "{http://www.w3.org/2000/svg}"
    words = " ".join(element.text for element in root.iter(f"{name}text"))
    assert "1 of 2 platforms <trains>." in words
    assert "15 March 2023" in words
    assert root.find(f"{name}title").text == WORDS.title
    orange = [each for each in root.iter(f"{name}rect") if each.get("fill") == "#c8500a"]
    assert len(orange) == 1 + 2 + 3  # the switch, the platforms, the legend


@pytest.mark.parametrize("count", [1, 208, 300])
def test_the_card_has_the_size_of_previews_whatever_the_number_of_platforms(count):
    sheet = card_sheet(picture(count), WORDS)
    assert max(getattr(shape, "y", 0) for shape in sheet.shapes) < sheet.height
    image = Image.open(io.BytesIO(png_of_sheet(sheet, shrink=2)))
    assert image.size == (1200, 630)


@pytest.mark.parametrize("count", [1, 30, 208, 300])
def test_on_the_card_no_word_is_cut_and_the_years_are_above_the_name_of_the_site(count):
    with override("fr"):
        sheet = card_sheet(picture(count), WORDS)
    written = [shape for shape in sheet.shapes if isinstance(shape, Text)]
    assert not any(each.words.endswith("…") for each in written)
    years = [each.y for each in written if each.words.isdecimal()]
    assert years
    assert max(years) <= 630 - 62


def test_card_and_file_say_how_all_platforms_divide_at_a_glance():
    keys = {
        "trains": ("a", "b", "c"),
        "no-way-out": ("c",),
        "only-if-agreed": ("d",),
        "no": ("e", "f"),
        "unknown": ("g", "h", "i", "j"),
    }
    shares = shares_of(Figures(dt.date(2023, 3, 15), 10, keys, ""))
    assert [(each.look, each.number, each.width) for each in shares] == [
        ("on", 3, 0.2),
        ("locked", 1, 0.1),
        ("agreed", 1, 0.1),
        ("no", 2, 0.2),
        ("unknown", 4, 0.4),
    ]
    for draw in (card_sheet, tall_sheet):
        sheet = draw(picture(), WORDS, shares)
        words = [shape.words for shape in sheet.shapes if isinstance(shape, Text)]
        assert "3 train by default" in words
        assert "1 of them without a way out" in words
        assert "4 not known, wholly or in part" in words


@pytest.mark.django_db
def test_the_picture_is_at_lasting_addresses_in_each_language(client):
    make_state(make_use(make_platform("x", name="X")), starts_on="2022-03-01")
    for path in ("/wall.svg", "/de/wall.svg", "/fr/wall.svg?asof=2024-01-31"):
        response = client.get(path)
        assert response["Content-Type"] == "image/svg+xml"
        ElementTree.fromstring(response.text)
    assert "1 von 1" in client.get("/de/wall.svg").text
    assert Image.open(io.BytesIO(client.get("/wall.png").content)).width == 2400
    for no_day in ("2999-01-01", "2021-01-01", "nonsense"):
        assert client.get(f"/wall.svg?asof={no_day}").status_code == 404
