"""Each of the 65 control characters, through all that reads strangers' pages and all that writes.

A line break, a carriage return and a tab are text; no other control character may come through.
"""

import csv
import email
import email.policy
import io
import json
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from consent.alerts.mails.emails import Mail
from consent.alerts.mails.subjects import fitting
from consent.alerts.sending.smtp import as_message
from consent.curation import decisions
from consent.curation.drafts import draft_entry
from consent.desk.gap_mail import tell_curators
from consent.models import (
    Branch,
    Control,
    ControlSurface,
    Entry,
    Guide,
    GuideStep,
    Passage,
    Source,
    State,
    Use,
)
from consent.public.share_image.captions import change_card
from consent.public.share_image.share_card import png_of
from platforms.characters import without_controls
from platforms.extraction import digest_of, extract
from platforms.models import Gap, Page, Platform
from platforms.outcomes import Outcome
from tests.arranging import arranged
from tests.factories import (
    make_change,
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)

CONTROLS = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cc"]
KEPT = "\t\n\r"
SOILED = "We" + "".join(f" a{character}b" for character in CONTROLS)
FOUND = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

pytestmark = pytest.mark.django_db


def test_there_are_65():
    assert len(CONTROLS) == 65


@pytest.mark.parametrize("character", CONTROLS, ids=ascii)
def test_a_control_character_is_left_out_or_a_space(character):
    left = without_controls(f"a{character}b")
    assert left in ({f"a{character}b"} if character in KEPT else {"ab", "a b"})


def test_words_parted_by_a_control_character_stay_parted():
    assert without_controls("a\x0bb\x0cc\x1cd\x1de\x1ef\x1fg\x85h") == "a b c d e f g h"


def test_what_no_xml_and_no_encoding_can_hold_is_left_out():
    assert without_controls("a\ufffeb\uffffc\ud800d\udfffe 😀") == "abcde 😀"


@pytest.mark.parametrize("character", CONTROLS, ids=ascii)
@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "text/markdown"])
def test_no_control_character_of_a_page_reaches_its_document(character, content_type):
    words = f"We train{character} on posts. Write{character}to us."
    code = f"&#{ord(character)};&#x{ord(character):x};"
    body = (
        f"<html lang='e{character}n'><title>A{character}bout{code}</title><h1>{words}</h1>"
        f"<p>{words}{code}</p><a href='/settings{character}/{code}'>Opt {character}out</a>"
        f"<img src='/{character}.png' alt='{words}'><pre>{words}</pre>"
        f"<form action='/opt-out{character}'><button>Opt{character} out</button></form>"
    )
    read = extract(body.encode(), url="https://x.example/", content_type=content_type)
    assert not FOUND.search(repr_of(read)), read
    assert read.digest == digest_of(read.text)
    assert "train" in read.text


def repr_of(document):
    """All texts of a document, unescaped."""
    parts = [document.text, document.title, document.language, document.whole_page_excerpt]
    parts += [document.canonical_url, document.refresh_url]
    parts += [block.text + block.marker for block in document.blocks]
    links = (*document.links, *document.images, *document.forms)
    return "".join([*parts, *(link.target + link.text for link in links)])


@arranged()
def make_soiled():
    """Published records whose rows hold control characters, as older releases wrote them."""
    platform = make_platform("x", name="X")
    entry = make_entry(platform, effects=["default-on"])
    use = make_use(platform, data_kinds=["public-posts"])
    make_state(use, opened_by=entry)
    make_guide(platform, make_control(use))
    Passage.objects.create(source=make_source(entry), words="We train.")
    # PostgreSQL refuses U+0000 by itself, and a title has room for 140 characters.
    soiled = SOILED.replace("\0", "")
    short = "".join(character for character in CONTROLS if character != "\0")
    Entry.objects.update(title=f"We {short}", summary=soiled, note=soiled, who=short)
    Source.objects.update(publisher=short, title=short)
    Passage.objects.update(words=soiled)
    Use.objects.update(title=f"U{short[:70]}", covers=soiled)
    Branch.objects.update(who=short, note=soiled)
    Control.objects.update(label=f"L{short}", to=short, note=soiled)
    ControlSurface.objects.update(path=short)
    State.objects.update(note=soiled)
    Guide.objects.update(title=f"G{short}")
    GuideStep.objects.update(act=soiled)
    Platform.objects.update(name=f"X{short}", operator=short, summary=soiled)
    entry.refresh_from_db()
    return entry


def test_the_feed_can_be_read(client):
    make_soiled()
    answer = client.get(reverse("timeline-atom"))
    assert answer.status_code == 200
    assert not FOUND.search(answer.content.decode())
    ElementTree.fromstring(answer.content)


@pytest.mark.parametrize("section", ["platforms", "guides", "changes"])
def test_the_sitemap_can_be_read(client, section):
    make_soiled()
    sitemap = client.get(f"/sitemap-{section}.xml").content
    assert not FOUND.search(sitemap.decode())
    assert len(ElementTree.fromstring(sitemap))


def test_tables_can_be_read(client):
    make_soiled()
    table = client.get("/matrix.csv").content.decode()
    assert not FOUND.search(table)
    assert len(list(csv.reader(io.StringIO(table)))) == 2
    (record,) = client.get("/matrix.json").json()["uses"]
    assert not FOUND.search("".join(map(str, record.values())))


def test_what_programs_read_in_a_page_can_be_read(client):
    entry = make_soiled()
    for address in (
        entry.get_absolute_url(),
        "/platforms/x",
        Guide.objects.get().get_absolute_url(),
    ):
        page = client.get(address).content.decode()
        blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
        assert blocks
        for block in blocks:
            assert not FOUND.search(block)
            assert not FOUND.search(json.dumps(json.loads(block), ensure_ascii=False))
            assert "\\u00" not in block


def test_the_share_image_shows_the_words_alone():
    entry = make_soiled()
    clean = change_card(entry)
    with arranged():
        Entry.objects.update(title=without_controls(entry.title))
    entry.refresh_from_db()
    assert png_of(clean) == png_of(change_card(entry))


def test_mails_hold_the_words_alone():
    written = Mail(
        to="reader@mail.example",
        subject=fitting(SOILED),
        text=SOILED,
        html=f"<p>{SOILED}</p>",
        sender="Default On <alerts@defaulton.example>",
        returns_to="bounces@defaulton.example",
        headers={},
    )
    read = email.message_from_bytes(
        as_message(written).message().as_bytes(), policy=email.policy.default
    )
    parts = [read[name] or "" for name in ("Subject", "From", "To")]
    parts += [part.get_content() for part in read.walk() if not part.is_multipart()]
    assert not FOUND.search("".join(parts))


def test_mails_to_the_operator_hold_the_words_alone(settings):
    settings.CONTACT_EMAIL = "desk@defaulton.example"
    page = make_page(make_platform("x", name="X"))
    Page.objects.update(title="About" + "".join(set(CONTROLS) - set("\0\n\r")))
    now = timezone.now()
    Gap.objects.create(
        page=page,
        outcome=Outcome.BOT_WALL,
        began_at=now,
        noticed_at=now,
        detail="".join(CONTROLS[1:]),
    )
    assert tell_curators()
    (sent,) = mail.outbox
    assert not FOUND.search(sent.subject + sent.body)


def test_a_record_is_saved_without_control_characters():
    soiled, platform = SOILED, make_platform("x", name="X\x01")
    entry = make_entry(platform, title="We \x01train\x9f", summary=soiled, plans=["Pl\x02us"])
    source = make_source(entry, title=soiled[:200])
    with arranged():
        passage = Passage.objects.create(source=source, words=soiled)
    use = make_use(platform, covers=soiled, who="ow\x9dners")
    branch = use.branches.get()
    control = make_control(use, label="La\x1bbel", former_labels=["Ol\x02d"])
    state = make_state(use, note=soiled)
    guide = make_guide(platform, control, title="G\x7fuide", caveats=["Ca\x81veat"])
    step = GuideStep.objects.filter(surface__guide=guide).first()
    step.act = soiled
    with arranged():
        step.save(update_fields=["act"])
    records = (platform, entry, source, passage, use, branch, state, control, guide, step)
    for record in records:
        kept = type(record).objects.filter(pk=record.pk).values().get()
        assert not FOUND.search("".join(str(value) for value in kept.values())), record
        assert "\\x" not in repr(kept), record
        record.refresh_from_db()
    assert entry.title == "We train"
    assert entry.plans == ["Plus"]


def test_a_page_with_control_characters_published_unedited_leaves_the_feed_readable(client):
    """The whole way: a page is read, its change drafted and published as drafted."""
    platform = make_platform("x", name="X")
    words = f"We train on your posts from now on.{SOILED}"
    read = extract(f"<p>{words}</p>".encode(), url="https://x.example/")
    change = make_change(make_page(platform), "We never train on posts.", read.text)
    entry = draft_entry(change)
    make_source(entry)
    entry.summary = f"The page now says: {words}"  # as if extraction had let it through
    entry.effects, entry.direction = ["default-on"], "less-control"
    entry = decisions.publish(change, entry=entry, curator=User.objects.create(username="ada"))
    answer = client.get(reverse("timeline-atom"))
    assert answer.status_code == 200
    assert "We train on your posts" in answer.content.decode()
    ElementTree.fromstring(answer.content)
