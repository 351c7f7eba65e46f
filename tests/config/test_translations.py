"""Every text of the interface can be translated, and is; see config/translations.py."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

from config import translations

TEMPLATES = translations.ROOT / "templates"
HELP = (
    "Run `make messages`, translate what it lists in locale/*/LC_MESSAGES/django.po (which begins"
    " with the words to use), and run it again."
)
#: Names, and values that only programs read: the same in every language.
_SAME_EVERYWHERE = {
    "DOI",
    *("Default On", "SHA-256", "CC BY 4.0", "CSV", "JSON", "PNG", "SVG", "UTC"),
    *("article", "website", "BibTeX", "RIS", "UTF-8"),
    *("Claude Code", "VS Code", "Cursor", "MCP Inspector"),
    *("Atom", "JSON Feed", "csv"),
}
_FILE_NAME = re.compile(r"[\w-]+\.(cff|csv|ics|json|jsonld|txt|zip)")
_TRANSLATED = re.compile(r"{%\s*blocktrans(late)?\b.*?{%\s*endblocktrans(late)?\s*%}", re.DOTALL)
_CODE = re.compile(
    r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<style.*?</style>|<!doctype html>"
    r"|<code\b.*?</code>",  # what people type into programs is no language
    re.DOTALL,
)
_READ_ALOUD = re.compile(r'\b(?:aria-label|alt|title|placeholder)="([^"]*)"')
_ALIAS = re.compile(r"\b\w*gettext\w* as (?!_\b)\w+")
#: Python before 3.12 does not take a formatted string apart, so the collector sees no text in it.
_IN_FORMATTED = re.compile(r"""\bf(["']).*?\{\s*(?:\w*gettext\w*|_)\(""")
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")
_TAG = re.compile(r"<[^>]+>")
_UNSPOKEN = re.compile(r"<code\b.*?</code>|<[^>]+>|https?://\S+")
#: By language: what no translation has. In French a narrow no-break space comes before ; ! and ?,
#: a no-break space before : and inside « ».
_WRONG_TYPOGRAPHY = {
    "fr": re.compile(
        "(?<!\u202f)[;!?]|(?<!\u00a0):|«(?!\u00a0)|(?<!\u00a0)»|['\"“”]| [\u202f\u00a0]"
    ),
}

LANGUAGES = translations.languages()


def reader_templates():
    return [
        path
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file() and path.relative_to(TEMPLATES).parts[0] not in ("admin", "registration")
    ]


def bare_texts(template: str) -> list[str]:
    """The words of a template that stand outside of any tag for translation."""
    text = _CODE.sub("\0", _TRANSLATED.sub("\0", template))
    pieces = re.split(r"<[^>]*>|\0", text)
    for tag in _TAG.findall(text):
        pieces += _READ_ALOUD.findall(tag)
    found = (" ".join(unescape(piece).split()).strip(" .,:;·–()") for piece in pieces)
    return [
        each
        for each in found
        if re.search(r"[^\W\d_]{2}", each)
        and each not in _SAME_EVERYWHERE
        and not _FILE_NAME.fullmatch(each)
    ]


def messages(language: str):
    return [message for message in translations.read(language) if message.id]


def forms(message) -> list[tuple[str, str]]:
    """Each translation there is beside the text it stands for."""
    if isinstance(message.id, str):
        pairs = [(message.id, message.string)]
    else:
        pairs = [(message.id[min(number, 1)], form) for number, form in enumerate(message.string)]
    return [(text, translated) for text, translated in pairs if translated]


@pytest.mark.parametrize(
    "path", reader_templates(), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_no_text_of_a_template_is_beyond_translation(path: Path):
    bare = bare_texts(path.read_text(encoding="utf-8"))
    assert bare == [], "Wrap them in {% translate %} or {% blocktranslate trimmed %}"


def test_bare_texts_are_found_wherever_they_stand():
    assert bare_texts("<p>Hello <b>{{ name }}</b></p>") == ["Hello"]
    assert bare_texts('<a aria-label="More" href="/x">{% translate "x" %}</a>') == ["More"]
    assert bare_texts("{% if x %}yes{% endif %}") == ["yes"]
    assert bare_texts("{% blocktranslate %}Hello{% endblocktranslate %} · &nbsp;") == []


def test_every_text_in_python_is_found_by_the_collector():
    """It knows gettext by its own names and as _; texts under another name would be lost."""
    hidden = [
        f"{path.relative_to(translations.ROOT)}: {found[0]}"
        for folder in ("consent", "platforms")
        for path in (translations.ROOT / folder).rglob("*.py")
        for out_of_sight in (_ALIAS, _IN_FORMATTED)
        if (found := out_of_sight.search(path.read_text(encoding="utf-8")))
    ]
    assert hidden == []


def test_every_language_offered_beside_english_has_a_catalog():
    assert [code for code, _name in settings.LANGUAGES if code != "en"] == LANGUAGES


def test_a_new_language_begins_with_every_text_and_its_own_plural_forms(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(translations, "LOCALE_DIR", tmp_path)
    assert translations.main(["pl"]) == 1
    catalog = translations.read("pl")
    assert catalog.num_plurals == 3
    assert "pl: not translated: Platforms" in capsys.readouterr().out
    assert (tmp_path / "pl" / "LC_MESSAGES" / "django.mo").is_file()


@pytest.mark.parametrize("language", LANGUAGES)
class TestCatalog:
    def test_translates_every_text(self, language):
        assert translations.untranslated(translations.read(language)) == [], HELP

    def test_keeps_every_placeholder_and_every_element(self, language):
        for message in messages(language):
            texts = [message.id] if isinstance(message.id, str) else message.id
            for text, translated in forms(message):
                for pattern in (_PLACEHOLDER, _TAG):
                    wanted, kept = pattern.findall(text), pattern.findall(translated)
                    # A singular may say "one" where the other form counts. Where it is the form
                    # of 0 too, as in French, it must count even if the English one does not.
                    known = {found for each in texts for found in pattern.findall(each)}
                    assert sorted(kept) == sorted(wanted) or (
                        isinstance(message.id, tuple) and set(kept) <= known
                    ), (text, translated)

    def test_has_every_plural_form_of_the_language(self, language):
        catalog = translations.read(language)
        counted = [message.string for message in catalog if isinstance(message.id, tuple)]
        assert {len(each) for each in counted} == {catalog.num_plurals}

    def test_follows_the_typography_of_the_language(self, language):
        wrong = _WRONG_TYPOGRAPHY.get(language)
        texts = [form for message in messages(language) for _text, form in forms(message)]
        assert (
            wrong is None
            or [each for each in texts if wrong.search(_UNSPOKEN.sub("x", each))] == []
        )

    def test_says_nothing_twice(self, language):
        """As happens if both sides of a conflict are kept within one text."""
        for message in messages(language):
            for text, translated in forms(message):
                beginning = translated[:30]
                if len(translated) > 60 and text.count(text[:30]) == 1:
                    assert translated.count(beginning) == 1, translated

    def test_begins_and_ends_each_text_as_the_original_does(self, language):
        """Spaces and colons at the edges join texts to what stands beside them."""
        for message in messages(language):
            for text, translated in forms(message):
                assert translated == translated.strip(" \n") or text != text.strip(), translated
                assert text.endswith(":") <= translated.endswith(":"), (text, translated)

    def test_is_compiled_as_it_stands(self, language):
        compiled = translations.LOCALE_DIR / language / "LC_MESSAGES" / "django.mo"
        assert compiled.read_bytes() == translations.as_mo(translations.read(language)), HELP

    def test_holds_the_texts_of_the_code_and_no_others_as_the_command_writes_them(self, language):
        po = translations.LOCALE_DIR / language / "LC_MESSAGES" / "django.po"
        assert po.read_bytes() == translations.as_po(translations.updated(language)), HELP
