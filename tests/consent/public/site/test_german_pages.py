"""Every page a reader can open, in German: no English word of ours, no link out of the language."""

import re

import pytest
from bs4 import BeautifulSoup
from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import LocalePrefixPattern
from django.utils import timezone

from config import catalogs
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
from tests.few_platforms import FEW_PLATFORMS, load_few_platforms

pytestmark = pytest.mark.django_db

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
        "/platforms?state=on-by-default",
        "/platforms?place=FR&people=creators",
    ],
    "operator": ["/operators/x"],
    "year": ["/2024"],
    "platform": ["/platforms/x", "/platforms/x?asof=2024-06-01", "/platforms/bare"],
    "matrix": ["/matrix", "/matrix?view=list", "/matrix?place=japan&plan=personal&state=not-used"],
    "compare": ["/compare", "/compare?p=x", "/compare?p=x&p=bare", "/compare?p=x&p=zzzz"],
    "guides": ["/guides"],
    "guide": ["/guides/x-off", "/guides/x-doubtful"],
    "guide-answer": ["/guides/x-off/answer?worked=no"],
    "report": ["/report"],
    "request-platform": ["/report/platform"],
    "checklist": ["/checklist", "/checklist?p=x&place=eu"],
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
    "evidence": ["/evidence"],
    "feeds": ["/feeds"],
    "status": ["/status"],
}
#: Not pages that a link opens: redirects, files and answers to forms.
NO_PAGES = {
    "share-image",
    "change-by-id",
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
#: Frequent English words that are no German ones.
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
#: What people, products, licences and organisations are called.
_NAMES = re.compile(
    r"Default On|CC BY|Isle of Man|Open Data Commons Attribution License|Open Terms Archive"
    r"|Amazon Q Developer and Kiro|Google Workspace"
)
_QUOTED = re.compile(r"[„“”\"»«][^„“”\"»«]*[„“”\"»«]")
#: Addresses, paths, files and names of fields.
_ADDRESS = re.compile(r"[./_=@{}]\w|\w[/_=@{}]|^[A-Z][a-z]+-[A-Z]|^ETag$|^curl$")
_SPACE = re.compile(r"\s+")


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


def german(client, address, made):
    response = client.get("/de" + address.format(**made))
    return BeautifulSoup(response.content, "lxml")


def english_texts():
    """The texts of ours that read differently in German: those to be found whole, and phrases."""
    whole, phrases = set(), set()
    for message in catalogs.read("de"):
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.id, tuple) else (message.string,)
        for text, form in zip(texts, forms, strict=True):
            if not text or text == form or text in forms:
                continue
            plain = _SPACE.sub(" ", text).strip(" .,:;")
            whole.add(plain)
            if plain.count(" ") >= 2 and "%" not in plain and "<" not in plain:
                phrases.add(plain)
    return whole, phrases


def english_words(texts):
    """Return the texts that hold an English word, outside quotes, addresses and names."""
    found = {}
    for text in texts:
        plain = _NAMES.sub(" ", _QUOTED.sub(" ", text))
        words = [word for word in plain.split() if not _ADDRESS.search(word)]
        english = {word.strip(".,:;()!?").casefold() for word in words} & ENGLISH
        if english:
            found[text] = english
    return found


def words_for_readers(page):
    """What a page says itself, aloud or on screen; not what it quotes in another language."""
    for marked in page.select('[lang="en"]'):
        marked.decompose()
    texts = [*page.stripped_strings]
    for attribute in ("aria-label", "title", "placeholder", "alt"):
        texts += [each[attribute] for each in page.select(f"[{attribute}]")]
    texts += [each["content"] for each in page.select('meta[name="description"]')]
    return [_SPACE.sub(" ", text).strip(" .,:;") for text in texts]


def test_the_walk_knows_every_page_that_has_a_german_address():
    patterns = get_resolver().url_patterns
    (pages,) = (each for each in patterns if isinstance(each.pattern, LocalePrefixPattern))
    names = {name for name in pages.reverse_dict if isinstance(name, str)}
    for_designers = {name for name in names if name.startswith("styleguide")}
    assert names - for_designers == PAGES.keys() | NO_PAGES


@pytest.mark.parametrize("address", WALKED)
class TestEveryGermanPage:
    def test_says_that_it_is_german(self, client, made, address):
        page = german(client, address, made)
        assert page.html["lang"] == "de"
        assert len(page.select("h1")) == 1

    def test_says_nothing_in_english_but_what_is_marked_so(self, client, made, address):
        whole, phrases = english_texts()
        said = words_for_readers(german(client, address, made))
        left = {text for text in said if text in whole}
        left |= {text for text in said if "outside the" in text}
        left |= {phrase for text in said for phrase in phrases if phrase in text}
        assert left == set()

    def test_has_no_half_english_sentence(self, client, made, address):
        page = german(client, address, made)
        for names in page.select("option, code, pre, title, .source, .sources"):
            names.decompose()
        assert english_words(words_for_readers(page)) == {}

    def test_marks_what_curators_wrote(self, client, made, address):
        page = german(client, address, made)
        # Neither titles of windows nor choices in a list can hold two languages.
        for single in page.select("head, option"):
            single.decompose()
        bare = [text for text in words_for_readers(page) if any(each in text for each in CURATED)]
        assert bare == []

    def test_leads_to_german_pages(self, client, made, address):
        page = german(client, address, made)
        addresses = [each["href"] for each in page.select("a[href]") if not each.get("hreflang")]
        addresses += [each["action"] for each in page.select("form[action]")]
        for path in {each.partition("?")[0].partition("#")[0] for each in addresses}:
            if path.startswith("/") and not path.startswith("/de/"):
                with pytest.raises(Resolver404):  # a file, which has one address
                    resolve(f"/de{path}")

    def test_draws_the_same_pictures(self, client, made, address):
        """Decimal commas and grouped thousands are for readers, not for programs."""

        def drawn(page):
            shapes = page.select("svg, svg *")
            for shape in shapes:
                for name in ("href", "aria-label", "lang"):
                    shape.attrs.pop(name, None)
            return [(shape.name, shape.attrs) for shape in shapes]

        english = BeautifulSoup(client.get(address.format(**made)).content, "lxml")
        assert drawn(german(client, address, made)) == drawn(english)


def test_an_english_word_of_ours_would_be_noticed(client, made):
    whole, phrases = english_texts()
    said = words_for_readers(BeautifulSoup(client.get("/platforms/x").content, "lxml"))
    assert said == []  # the page is marked as English as a whole
    page = BeautifulSoup(client.get("/platforms/x").content, "lxml")
    del page.html["lang"]
    said = words_for_readers(page)
    assert {"Platforms", "Skip to the content"} <= whole & set(said)
    assert "Texts may be shared under" in phrases


def test_dates_are_german_for_readers_and_the_same_for_programs(client, made):
    page = german(client, "/platforms/x?asof=2024-06-01", made)
    assert page.select_one('time[datetime="2024-06-01"]').text == "1. Juni 2024"
    assert page.select_one("input[type=date]")["value"] == "2024-06-01"


def test_ages_are_german(client, made):
    text = german(client, "/platforms/x", made).get_text()
    assert re.search(r"vor \d+ (Jahren|Monaten|Tagen)|heute|gestern", text)


def test_what_curators_wrote_is_marked_as_english(client, made):
    page = german(client, "/changes/{change}", made)
    assert page.h1["lang"] == "en"
    assert page.select_one(".lead")["lang"] == "en"
    assert "EU, Vereinigtes Königreich und Kalifornien" in page.get_text()
    assert [each.text for each in page.select("[lang=en]") if "fans" in each.text]


def test_the_text_of_a_watched_page_is_marked_with_the_language_of_that_page(client, made):
    from platforms.models import Page

    Page.objects.update(language="fr")
    for prefix, words in (("", "added: "), ("/de", "hinzugefügt: ")):
        response = client.get(f"{prefix}/changes/{made['change']}")
        diff = BeautifulSoup(response.content, "lxml").select_one(".diff")
        assert diff.find_parent(attrs={"lang": "fr"}) is not None
        hidden = diff.select_one("ins .visually-hidden")
        assert (hidden["lang"], hidden.text) == (prefix.strip("/") or "en", words)


def test_english_pages_carry_no_marks_of_language_within(client, made):
    page = BeautifulSoup(client.get(f"/changes/{made['change']}").content, "lxml")
    assert [each.name for each in page.select("[lang]") if each.get("hreflang") is None] == ["html"]


def test_german_pages_say_calmly_what_is_still_in_english(client, made):
    note = "Änderungen und Anleitungen sind bisher auf Englisch verfasst."
    assert german(client, "/timeline", made).get_text().count(note) == 1
    assert note not in client.get("/timeline").text
    assert note not in german(client, "/subscribe", made).get_text()


def test_thousands_are_set_apart_but_years_are_not():
    from django.template import Context, Template
    from django.utils import translation

    template = Template("{% load ledger %}{{ number|grouped }} {{ year }}")
    for language, written in (("en", "12,345 2026"), ("de", "12.345 2026")):
        with translation.override(language):
            assert template.render(Context({"number": 12345, "year": 2026})) == written


def test_a_checklist_ticked_in_english_is_ticked_in_german(client, made):
    english = BeautifulSoup(client.get("/checklist?p=x").content, "lxml")
    ticked = english.select_one(".task-mark a")["href"]
    page = german(client, f"/checklist{ticked}", made)
    assert len(page.select(".task-done")) == 1


def test_an_english_word_within_a_german_sentence_would_be_noticed():
    texts = ["Für everyone", "Wählen Sie „Turn it off“ auf x.com/the/page", "Über Default On"]
    assert english_words(texts) == {"Für everyone": {"everyone"}}


def test_no_page_of_the_catalog_is_half_english(client, tmp_path):
    load_few_platforms(tmp_path / "few")
    addresses = [f"/platforms/{name}" for name in FEW_PLATFORMS]
    addresses += [guide.get_absolute_url() for guide in Guide.objects.published()]
    addresses += [entry.get_absolute_url() for entry in Entry.objects.published()[:20]]
    addresses += ["/", "/platforms", "/timeline", "/matrix", "/guides", "/2024", "/glossary"]
    addresses += ["/checklist?p=x&p=facebook&p=linkedin&place=DE", "/search?q=meta"]
    found = {}
    for address in addresses:
        page = german(client, address, {})
        for names in page.select("option, code, pre, title, .source, .sources, .print-only"):
            names.decompose()
        if english := english_words(words_for_readers(page)):
            found[address] = english
    assert found == {}
