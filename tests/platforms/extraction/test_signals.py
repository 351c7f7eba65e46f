"""What a Document contains besides its text: links, images, signals for judging the visit."""

from html import escape

import pytest

from platforms.extraction import Link, extract

URL = "https://example.org/help/training?hl=en"
REDIRECT = "https://l.example.com/l.php?u=https%3A%2F%2Fexample.org"


def read(page, **rules):
    return extract(page.encode(), url=URL, **rules)


def test_links_are_absolute_and_actions_are_recognised():
    document = read(
        """<main><a href="#top">Top</a><a href="javascript:void(0)">Menu</a><a>No target</a>
        <a href="/legal">Legal  terms</a><a href="more">More</a><a href="../x">Up</a>
        <a href="//cdn.example.org/a">Other host</a><a href="https://x.com/settings/grok_settings">Grok</a>
        <a href="mailto:privacy@example.org?subject=opt-out">mail us</a><a href="?page=2">Next</a>
        <a href="/f">opt out</a></main>"""
    )
    assert document.links == (
        Link("https://example.org/legal", "Legal terms"),
        Link("https://example.org/help/more", "More"),
        Link("https://example.org/x", "Up"),
        Link("https://cdn.example.org/a", "Other host"),
        Link("https://x.com/settings/grok_settings", "Grok"),
        Link("mailto:privacy@example.org?subject=opt-out", "mail us"),
        Link("https://example.org/help/training?page=2", "Next"),
        Link("https://example.org/f", "opt out"),
    )
    assert [link.text for link in document.links if link.action] == ["Grok", "mail us", "opt out"]


def test_a_base_element_moves_relative_links():
    document = read('<base href="https://cdn.example.org/a/"><main><a href="b">B</a></main>')
    assert document.links == (Link("https://cdn.example.org/a/b", "B"),)


def test_images_are_listed_and_not_part_of_the_text():
    document = read('<main><p>Words<img src="/a.png" alt="A  chart"><img src="data:,x"></p></main>')
    assert document.text == "Words"
    assert document.images == (Link("https://example.org/a.png", "A chart"),)


def test_title_language_and_canonical_address():
    document = read(
        """<html lang="de"><head><title> Hilfe \n Training </title>
        <link rel="canonical" href="/hilfe"></head><body><main>Worte</main></body></html>"""
    )
    assert (document.title, document.language) == ("Hilfe Training", "de")
    assert document.canonical_url == "https://example.org/hilfe"
    assert read('<meta http-equiv="content-language" content="fr, en"><p>x').language == "fr"


def test_refresh_and_noindex_are_detected():
    document = read(
        """<meta http-equiv="Refresh" content="0; URL='/login'">
        <meta name="robots" content="NOINDEX">
        <p>Moved</p>"""
    )
    assert document.refresh_url == "https://example.org/login"
    assert document.noindex
    assert not read('<meta http-equiv="refresh" content="30"><p>x').refresh_url


def test_a_password_field_outside_the_selection_is_detected():
    page = '<main>Words</main><form action="/session"><input type="Password"></form>'
    assert read(page, select=["main"]).has_password_field
    assert not read("<main>Words</main>").has_password_field


def test_a_short_text_comes_with_the_beginning_of_the_whole_page():
    page = "<body><h1>Sorry</h1><p>This page isn't available right now.</p></body>"
    document = read(page, select=["#policy"])
    assert document.text == ""
    assert document.missed_selectors == ("#policy",)
    assert document.whole_page_excerpt == "# Sorry\n\nThis page isn't available right now."
    long = f"<main>{'<p>Many words of a policy.</p>' * 40}</main><footer>Foot</footer>"
    assert read(long, select=["main"]).whole_page_excerpt == ""


def test_a_page_that_scripts_would_fill_is_a_shell():
    shell = '<body><div id="root"></div><noscript>Enable it</noscript><script src="/a.js"></script>'
    assert read(shell).is_script_shell
    assert not read("<body><p>Short but written.</p></body>").is_script_shell
    assert not read(f"<main>{'<p>Many words.</p>' * 60}</main><script></script>").is_script_shell


def test_blocks_have_kind_level_and_marker():
    document = read(
        "<main><h2>A</h2><ul><li>B<ol><li>C</li></ol></li></ul><blockquote>D</blockquote></main>"
    )
    assert [(b.kind, b.text, b.level, b.marker, b.quoted) for b in document.blocks] == [
        ("heading", "A", 2, "", 0),
        ("item", "B", 1, "-", 0),
        ("item", "C", 2, "1.", 0),
        ("paragraph", "D", 0, "", 1),
    ]


def actions(*targets):
    links = "".join(f'<a href="{target}">opt out</a>' for target in targets)
    return read(f"<main>{links}</main>").action_targets


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ('<form action="/f/12"><button>Opt out</button></form>', "Opt out"),
        ('<form action="/privacy-request"><p>Your name <input></form>', ""),
        ('<form action="/f"><legend>Data</legend><input type=submit value=Object>', "Data: Object"),
        ('<h2>Say no</h2><form action="/opt-out"><button>Send</button></form>', "Say no: Send"),
        ('<form><button formaction="/object/1" aria-label="Object">→</button></form>', "→"),
        ('<form action="/12">I object to the use of my posts<button>Send</button></form>', "Send"),
        ('<iframe src="https://forms.example/7" title="Say no"></iframe>', "Say no"),
    ],
)
def test_a_form_for_acting_on_ones_data_is_watched(form, name):
    document = read(f"<main><p>Words</p>{form}</main>")
    (watched,) = document.forms
    assert watched.text == name
    assert document.action_targets == (watched.target.removeprefix("https://"),)
    assert document.links == ()


@pytest.mark.parametrize(
    "form",
    [
        '<form action="/hc/search"><input type=search><button>Search</button></form>',
        '<form action="/articles/1/vote"><button>Yes</button></form>',
        '<form action="/x"><button>Subscribe</button></form>',
        '<form action="/session"><button>Log in</button></form>',
        '<form action="#"><button>Opt out</button></form>',
        "<form><button>Opt out</button></form>",
        '<iframe src="https://video.example/7" title="How to opt out"></iframe>',
        "<iframe></iframe>",
    ],
)
def test_other_forms_are_not_watched(form):
    assert read(f"<main><h2>Privacy settings</h2>{form}</main>").forms == ()


def test_a_form_outside_the_selection_is_not_watched():
    page = '<main>Words</main><form action="/opt-out"><button>Send</button></form>'
    assert read(page, select=["main"]).forms == ()


def test_a_new_address_of_an_opt_out_changes_the_action_targets():
    assert actions("/forms/12") != actions("/forms/13")
    assert actions("https://a.example/form?form=1") != actions("https://a.example/form?form=2")
    assert actions("mailto:a@example.org") != actions("mailto:b@example.org")
    assert actions("/forms/12") == ("example.org/forms/12",)


def test_what_a_visit_adds_to_an_opt_out_link_is_ignored():
    for before, after in [
        ("/optout?utm_source=a", "/optout?utm_source=b"),
        ("/optout?state=1", "/optout"),
        ("/optout/?x=1#a", "/optout?x=1#b"),
        ("/optout.php?sid=ab1", "/optout.php?sid=cd2"),
        (f"{REDIRECT}%2Foptout&h=AT0a", f"{REDIRECT}%2Foptout&h=AT0b"),
        (f"{REDIRECT}%2Foptout&h=AT0a", "https://example.org/optout"),
        (
            "/optout/1b4e28ba-2fa1-11d2-883f-0016d3cca427",
            "/optout/9c858901-8a57-4791-81fe-4c455b099bc9",
        ),
        ("/optout?a=1&b=2", "/optout?b=2&a=1"),
        ("http://example.org/optout", "https://example.org/optout"),
    ]:
        assert actions(before) == actions(after)


@pytest.mark.parametrize(
    "target",
    [
        f"{REDIRECT}%2Fhelp%2Fcontact%2F635&h=AT0a",
        "https://search.example/url?sa=D&q=https://docs.example/forms/d/1&ust=2",
        "/redirect?target=https://example.org/opt-out",
    ],
)
def test_a_form_behind_a_redirect_is_watched(target):
    document = read(f'<main>Say no to training <a href="{escape(target)}">here</a></main>')
    (lasting,) = document.action_targets
    assert lasting.partition("/")[2] in ("help/contact/635", "forms/d/1", "opt-out")


def test_other_links_are_not_watched():
    assert read('<main><a href="/press">Press</a></main>').action_targets == ()


def test_an_action_link_that_cannot_be_parsed_stays_as_it_is():
    assert actions("https://[bad/optout") == ("https://[bad/optout",)
