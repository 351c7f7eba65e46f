"""Every page a reader can open, in each language: no English word of ours, no link out of it."""

import datetime as dt
import re
from functools import cache

import pytest
from django.template import Context, Template
from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import LocalePrefixPattern
from django.utils import timezone, translation
from django.utils.translation import gettext
from selectolax.lexbor import LexborHTMLParser

from config import translations
from consent.alerts.subscriptions import tokens
from consent.models import Entry, Guide
from consent.vocabulary import TokenPurpose
from tests.consent.alerts.readers import make_reader
from tests.factories import (
    make_branch,
    make_change,
    make_control,
    make_entry,
    make_fetch,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.few_platforms import FEW_PLATFORMS
from tests.sweeps import DRILL, some

pytestmark = pytest.mark.django_db

LANGUAGES = translations.languages()

#: By the name of the page; {…} stand for what the fixture makes.
PAGES = {
    "home": ["/"],
    "timeline": [
        "/timeline",
        "/timeline?platform=x&direction=less-control&since=2020-01-01",
        "/timeline?platform=nobody&kind=postponed",
    ],
    "change": ["/changes/{change}", "/changes/{change}?view=side", "/changes/{withdrawn}"],
    "platforms": [
        "/platforms",
        "/platforms?figure=trains",
        "/platforms?place=FR&people=creators",
    ],
    "operator": ["/operators/x"],
    "year": ["/2024"],
    "numbers": ["/numbers"],
    "numbers-of-day": ["/numbers/2024-08-01", "/numbers/2999-01-01"],
    "then-and-now": ["/numbers/then-and-now?then=2024-01-01", "/numbers/then-and-now?then=x"],
    "next": ["/next"],
    "claims": ["/claims", "/claims?rating=false"],
    "claim": ["/claims/gmail-trains-gemini", "/claims/ai-training-false-in-a-repository"],
    "platform": ["/platforms/x", "/platforms/x?asof=2024-06-01", "/platforms/bare"],
    "matrix": ["/matrix", "/matrix?view=list", "/matrix?place=JP&people=personal&answer=no"],
    "compare": ["/compare", "/compare?p=x", "/compare?p=x&p=bare", "/compare?p=x&p=zzzz"],
    "answers": ["/answers?q=x,+zzzz", "/answers?q=x&place=GB"],
    "roles": ["/for"],
    "role": ["/for/teachers", "/for/parents"],
    "guides": ["/guides"],
    "guide": ["/guides/x-off", "/guides/x-doubtful"],
    "guide-answer": ["/guides/x-off/answer?worked=no"],
    "report": ["/report"],
    "reports": ["/reports"],
    "request-platform": ["/report/platform"],
    "checklist": ["/checklist", "/checklist?p=x&place=EU"],
    "search": ["/search?q=x", "/search?q=zzzz"],
    "subscribe": ["/subscribe", "/subscribe?platform=x"],
    "confirm": ["/confirm/{confirm}"],
    "new-address": ["/address/unknown"],
    "manage-link": ["/alerts"],
    "manage": ["/alerts/{manage}", "/alerts/unknown"],
    "unsubscribe": ["/u/{unsubscribe}"],
    "about": ["/about"],
    "privacy": ["/privacy"],
    "methodology": ["/methodology"],
    "glossary": ["/glossary"],
    "corrections": ["/corrections"],
    "api": ["/api"],
    "data": ["/data"],
    "providers": ["/developers/providers"],
    "evidence": ["/evidence"],
    "feeds": ["/feeds"],
    "status": ["/status"],
}
#: Not pages that a link opens: redirects, files and answers to forms.
NO_PAGES = {
    "wall-png",
    "wall-svg",
    "numbers-embed",
    "ask-admin",  # walked in tests/consent/public/roles: no platform here has an admin
    "share-image",
    "change-by-id",
    "developers",
    "guide-answered",
    "reported",
    "platform-requested",
    "subscribe-start",
    "confirm-by-code",
    "confirm-again",
    "alerts-export",
    "unsubscribe-now",
}
WALKED = [address for addresses in PAGES.values() for address in addresses]
#: What curators wrote on the site that the fixture makes (and the factories, unasked).
CURATED = (
    "Posts feed Grok",
    "A note",
    "Said by few",
    "Who knows",
    "owners of Grok phones",
    "fans of Grok",
    "Hard to find",
    "Posts steer ads",
    "train X's models",
    "a blog",
    "Since then",
    "Try twice",
    "Mixed up",
    "Improve the model for everyone",
    "Public posts",
    "Privacy",
    "A platform trains on posts",
    "Posts are used unless",
    "About training",
    "Turn off training on",
    "Models already trained",
    "Open the settings",
    "Clear the box",
)
#: Frequent English words.
ENGLISH = frozenset(
    (
        *("the", "of", "and", "to", "is", "are", "were", "be", "been", "with", "without"),
        *("for", "from", "by", "at", "on", "this", "that", "these", "those", "it", "its"),
        *("their", "they", "them", "you", "your", "our", "us", "or", "but", "if", "when"),
        *("which", "who", "whom", "whose", "what", "where", "how", "why", "has", "have"),
        *("had", "do", "does", "did", "can", "could", "may", "might", "must", "shall"),
        *("should", "would", "than", "then", "there", "here", "into", "about", "after"),
        *("before", "between", "each", "every", "everyone", "everybody", "only", "other"),
        *("others", "some", "any", "both", "no", "not", "yet", "since", "until", "unless"),
        *("because", "more", "most", "less", "least", "people", "page", "change", "guide"),
        *("use", "uses", "used", "setting", "place", "account", "turn", "off", "open"),
        *("click", "send", "write", "read", "yes", "never", "always", "data"),
    )
)
#: Those that a language has, too.
SHARED = {"fr": {"on", "but", "or", "page", "guide", "place", "change"}}
#: What people, products, licences and organisations are called.
_NAMES = re.compile(
    r"Default On|CC BY|Isle of Man|Open Data Commons Attribution License|Open Terms Archive"
    r"|Google Workspace|The Oversight Lab|Luxottica of America"
)
_QUOTED = re.compile(r"[„“”\"»«][^„“”\"»«]*[„“”\"»«]")
#: Addresses, paths, files and names of fields.
_ADDRESS = re.compile(r"[./_=@{}]\w|\w[/_=@{}]|^[A-Z][a-z]+-[A-Z]|^ETag$|^curl$")
_SPACE = re.compile(r"\s+")
#: For each language: the first of a month, how long ago something was, a number, and a list of
#: places. Add yours.
WRITTEN = {
    "de": (
        "1. Juni 2024",
        r"vor \d+ (Jahren|Monaten|Tagen)|heute|gestern",
        "12.345",
        "EU, Vereinigtes Königreich und Kalifornien",
    ),
    "fr": (
        "le 1er juin 2024",
        r"il y a \d+ (ans|mois|jours)|aujourd’hui|hier",
        "12\u00a0345",
        "UE, Royaume-Uni et Californie",
    ),
}


@pytest.fixture
def made():
    """Fill the site with one of everything; return what addresses need."""
    x = make_platform("x", name="X", summary="Posts feed Grok.", note="A note.")
    make_platform("bare", name="Bare")
    page = make_page(x)
    make_fetch(page)
    use = make_use(x, except_places=["EU", "GB"], who="owners of Grok phones", note="Said by few.")
    use.pages.add(page)
    control = make_control(use, note="Hard to find.")
    entry = make_entry(x, note="Who knows.", places=["EU", "GB", "US-CA"], who="fans of Grok")
    entry.uses.add(use)
    make_source(entry, seen_via="a blog")
    make_state(use, starts_on=entry.effective_on, opened_by=entry, note="Since then.")
    make_state(make_branch(use, places=["EU"], former_slugs=["eu"]), "only-if-agreed")
    make_state(make_use(x, purpose="ads", title="Posts steer ads"), "not-used")
    make_guide(x, control, slug="x-off", note="Try twice.")
    make_guide(x, control, slug="x-doubtful", source_changed_at=timezone.now())
    make_change(page, "We ask.", "We do not ask.", entry=entry)
    withdrawn = make_entry(x, status="retracted", status_reason="Mixed up.")
    make_entry(x, effects=["correction"])
    reader = make_reader("ada@mail.example", ("platform", "x"), frequency="weekly")
    token = tokens.issue(
        reader,
        TokenPurpose.CONFIRM,
        {"subjects": [["everything", ""]], "frequency": "daily"},
        timezone.now(),
    )
    return {
        "change": f"{entry.public_id}-{entry.slug}",
        "withdrawn": f"{withdrawn.public_id}-{withdrawn.slug}",
        "confirm": tokens.link_text(token),
        "manage": tokens.manage_text(reader),
        "unsubscribe": tokens.unsubscribe_text(reader.pk),
    }


def translated(client, language, address, made):
    return LexborHTMLParser(client.get(f"/{language}" + address.format(**made)).content)


@cache
def english_texts(language):
    """The texts of ours that read differently: those to be found whole, and phrases."""
    whole, phrases = set(), set()
    for message in translations.read(language):
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.id, tuple) else (message.string,)
        for text, form in zip(texts, forms, strict=True):
            plain = _plain(text)
            if not text or plain == _plain(form) or text in forms:
                continue
            whole.add(plain)
            if plain.count(" ") >= 2 and "%" not in plain and "<" not in plain:
                phrases.add(plain)
    return whole, phrases


def english_words(texts, language):
    """Return the texts that hold an English word, outside quotes, addresses and names."""
    found = {}
    foreign = ENGLISH - SHARED.get(language, set())
    for text in texts:
        plain = _NAMES.sub(" ", _QUOTED.sub(" ", text))
        words = [word for word in plain.split() if not _ADDRESS.search(word)]
        english = {word.strip(".,:;()!?").casefold() for word in words} & foreign
        if english:
            found[text] = english
    return found


def without(page, selector):
    """Remove elements of a page, from within or with those around them."""
    while found := page.css_first(selector):
        found.decompose()


def words_for_readers(page):
    """What a page says itself, aloud or on screen; not what it quotes in another language."""
    without(page, '[lang="en"], script, style, template')
    nodes = page.root.traverse(include_text=True) if page.root else ()
    texts = [text for node in nodes if node.tag == "-text" if (text := node.text_content.strip())]
    for attribute in ("aria-label", "title", "placeholder", "alt"):
        texts += [each.attributes[attribute] or "" for each in page.css(f"[{attribute}]")]
    texts += [each.attributes["content"] for each in page.css('meta[name="description"]')]
    return [_plain(text) for text in texts]


def _plain(text):
    return _SPACE.sub(" ", text).strip(" .,:;")


def test_the_walk_knows_every_page_that_has_an_address_in_each_language():
    patterns = get_resolver().url_patterns
    (pages,) = (each for each in patterns if isinstance(each.pattern, LocalePrefixPattern))
    names = {name for name in pages.reverse_dict if isinstance(name, str)}
    assert names == PAGES.keys() | NO_PAGES


def left_in_english(page, language):
    """Return texts of ours that are in English and not marked so."""
    whole, phrases = english_texts(language)
    without(page, "code")  # "yes" and "no" as programs read them
    said = words_for_readers(page)
    left = {text for text in said if text in whole}
    left |= {text for text in said if "outside the" in text}
    return left | {phrase for text in said for phrase in phrases if phrase in text}


def half_english(page, language):
    """Return sentences with an English word in them."""
    without(page, "option, code, pre, title, .source, .sources, .print-only")
    return english_words(words_for_readers(page), language)


def unmarked(page, language):
    """Return what curators wrote without a mark of its language."""
    # Neither titles of windows, nor choices in a list, nor mails as text can hold two languages.
    without(page, "head, option, .mail-text")
    texts = [text.replace("Global Privacy Control", "") for text in words_for_readers(page)]
    return [text for text in texts if any(each in text for each in CURATED)]


def ways_out_of_the_language(page, language):
    """Return addresses of links and forms to a page in English that has one in this language."""
    links = [each.attributes for each in page.css("a[href]")]
    addresses = [link["href"] for link in links if not link.get("hreflang")]
    addresses += [each.attributes["action"] for each in page.css("form[action]")]
    paths = {each.partition("?")[0].partition("#")[0] for each in addresses}
    return [
        path
        for path in paths
        if path.startswith("/")
        and not path.startswith(f"/{language}/")
        and is_page(f"/{language}{path}")
    ]


def is_page(path):
    try:
        resolve(path)
    except Resolver404:  # a file, which has one address
        return False
    return True


def drawn(page):
    """Return the shapes of pictures: decimal commas and grouped thousands are for readers only."""
    words = ("href", "aria-label", "lang")
    return [
        (shape.tag, {name: it for name, it in shape.attributes.items() if name not in words})
        for shape in page.css("svg, svg *")
    ]


def test_every_page_is_whole_in_each_language(client, made):
    """One walk, so that the site is filled once; out of drills 44 pages, each in one language."""
    found = []
    for number, address in enumerate(some(WALKED, 44)):
        english = drawn(LexborHTMLParser(client.get(address.format(**made)).content))
        for language in LANGUAGES if DRILL else [LANGUAGES[number % len(LANGUAGES)]]:
            content = client.get(f"/{language}" + address.format(**made)).content
            page = LexborHTMLParser(content)
            said = {
                "language": page.css_first("html").attributes["lang"] != language,
                "headings": len(page.css("h1")) != 1,
                "ways out": ways_out_of_the_language(page, language),
                "pictures": drawn(page) != english,
            }
            for check in (left_in_english, half_english, unmarked):
                said[check.__name__] = check(LexborHTMLParser(content), language)
            found += [(language, address, name, each) for name, each in said.items() if each]
    assert found == []


def test_an_english_word_of_ours_would_be_noticed(client, made):
    whole, phrases = english_texts("de")
    page = LexborHTMLParser(client.get("/platforms/x").content)
    assert page.css_first("html").attributes["lang"] == "en"
    del page.css_first("html").attrs["lang"]
    said = words_for_readers(page)
    assert {"Platforms", "Skip to the content"} <= whole & set(said)
    assert "Texts may be shared under" in phrases


@pytest.mark.parametrize("language", LANGUAGES)
class TestHowALanguageWrites:
    def test_dates_for_readers_and_the_same_for_programs(self, client, made, language):
        page = translated(client, language, "/platforms/x?asof=2024-06-01", made)
        assert page.css_first('time[datetime="2024-06-01"]').text() == WRITTEN[language][0]
        assert page.css_first("input[type=date]").attributes["value"] == "2024-06-01"

    def test_ages(self, client, made, language):
        text = translated(client, language, "/platforms/x", made).text()
        assert re.search(WRITTEN[language][1], text)

    def test_numbers_in_thousands_but_not_years(self, language):
        template = Template("{% load ledger %}{{ number|grouped }} {{ year }}")
        for each, written in (("en", "12,345"), (language, WRITTEN[language][2])):
            with translation.override(each):
                context = Context({"number": 12345, "year": 2026})
                assert template.render(context) == f"{written} 2026"

    def test_places_and_what_curators_wrote_as_english(self, client, made, language):
        page = translated(client, language, "/changes/{change}", made)
        assert page.css_first("h1 > span").attributes["lang"] == "en"
        assert page.css_first(".lead > span").attributes["lang"] == "en"
        assert WRITTEN[language][3] in page.text()
        assert [each for each in page.css("[lang=en]") if "fans" in each.text()]

    def test_a_calm_note_on_what_is_still_in_english(self, client, made, language):
        with translation.override(language):
            note = gettext("Some sentences on this page are in English so far.")
        assert translated(client, language, "/platforms/x", made).text().count(note) == 1
        assert note not in client.get("/platforms/x").text
        assert note not in translated(client, language, "/glossary", made).text()
        assert note not in translated(client, language, "/subscribe", made).text()


def test_the_text_of_a_watched_page_is_marked_with_the_language_of_that_page(client, made):
    from platforms.models import Page

    Page.objects.update(language="fr")
    for prefix, words in (("", "added: "), ("/de", "hinzugefügt: ")):
        page = LexborHTMLParser(client.get(f"{prefix}/changes/{made['change']}").content)
        hidden = page.css_first('[lang="fr"] .diff ins .visually-hidden')
        assert (hidden.attributes["lang"], hidden.text()) == (prefix.strip("/") or "en", words)


def test_english_pages_carry_no_marks_of_language_within(client, made):
    page = LexborHTMLParser(client.get(f"/changes/{made['change']}").content)
    assert [each.tag for each in page.css("[lang]:not([hreflang])")] == ["html"]


def test_a_checklist_ticked_in_english_is_ticked_in_german(client, made):
    english = LexborHTMLParser(client.get("/checklist?p=x").content)
    ticked = english.css_first(".task-mark a").attributes["href"]
    page = translated(client, "de", f"/checklist{ticked}", made)
    assert len(page.css(".task-done")) == 1


def test_an_english_word_within_a_german_sentence_would_be_noticed():
    texts = ["Für everyone", "Wählen Sie „Turn it off“ auf x.com/the/page", "Über Default On"]
    assert english_words(texts, "de") == {"Für everyone": {"everyone"}}


def test_no_page_of_the_catalog_is_half_english(client, few_platforms):
    addresses = [f"/platforms/{name}" for name in some(FEW_PLATFORMS, 8)]
    addresses += [guide.get_absolute_url() for guide in some(Guide.objects.published(), 12)]
    addresses += [entry.get_absolute_url() for entry in some(Entry.objects.published()[:20], 10)]
    addresses += ["/", "/platforms", "/timeline", "/matrix", "/guides", "/2024", "/glossary"]
    addresses += ["/checklist?p=x&p=facebook&p=linkedin&place=DE", "/search?q=meta"]
    # Pages of one kind have the same words of ours: each language looks at every second page.
    found = {
        (language, address): english
        for start, language in enumerate(LANGUAGES)
        for address in addresses[start % 2 :: 2]
        if (english := half_english(translated(client, language, address, {}), language))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("de", "Ihre Beiträge trainieren Chirps Modelle"),
        ("fr", "Vos publications entraînent les modèles de Chirp"),
    ],
)
def test_what_happens_is_said_in_the_language_of_the_page(client, language, title):
    chirp = make_platform(name="Chirp")
    titles = {"title": title, "title_if_not": "–"}
    use = make_use(chirp, titles={language: titles})
    make_state(use, "not-used", starts_on=dt.date(2023, 1, 1))
    make_state(use, "no-way-out", starts_on=dt.date(2024, 1, 1))

    page = LexborHTMLParser(client.get(f"/{language}/platforms/{chirp.slug}").content.decode())

    headings = page.css("h3.use-title")
    assert [(each.text(), each.attributes.get("lang")) for each in headings] == [(title, None)]
    assert all(title in each.text() for each in page.css(".verdict-sentences li"))
    assert [each.text() for each in page.css(".strip .small-head span")] == [title]
    assert all(each.text().startswith(title[:50]) for each in page.css(".lane-name"))


def test_the_search_shows_titles_and_switches_in_the_language_of_the_page(client):
    chirp = make_platform(name="Chirp")
    titles = {"title": "Ihre Beiträge trainieren Chirps Modelle", "title_if_not": "–"}
    use = make_use(chirp, title="Posts train models", titles={"de": titles})
    make_state(use, "no-way-out")
    labels = {"de": {"label": "Meine Beiträge verwenden", "path": ""}}
    make_control(use, label="Use my posts", labels=labels)

    page = LexborHTMLParser(client.get("/de/search?q=chirp+posts").content.decode())

    happens = page.css_first("[aria-labelledby=uses] a")
    assert (happens.text(), happens.attributes.get("lang")) == (titles["title"], None)
    switch = page.css_first("[aria-labelledby=controls] a").text()
    assert switch == "„Meine Beiträge verwenden“ („Use my posts“) ausschalten"
