"""Pages are distinguished from walls, error pages and empty shells."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.extraction import extract
from platforms.fetching.judgement import is_empty_shell, judge, why_not_text
from platforms.fetching.page import FetchedPage
from platforms.outcomes import Outcome

URL = "https://watched.example/help/ai-training"
POLICY = (
    "We use the content you share with us to train and improve our models unless you object. "
    "You can change this in your settings at any time, and your choice will be respected. "
)


def page(body=b"", *, url=URL, final_url="", status=200, headers=None, content_type="text/html"):
    return FetchedPage(
        url=url,
        final_url=final_url or url,
        status=status,
        headers={"content-type": content_type} | (headers or {}),
        body=body,
    )


def verdict_on(html, *, select=(), **kwargs):
    """Extract and judge this markup as a visit does."""
    asked = {
        name: kwargs.pop(name)
        for name in ("url", "final_url", "status", "headers", "content_type")
        if name in kwargs
    }
    body = html.encode()
    fetched = page(body, **asked)
    document = extract(
        body, url=fetched.final_url, content_type=fetched.content_type, select=select
    )
    return judge(fetched, document, **kwargs)


def html(body, *, title="", head="", lang="en"):
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f"{head}</head><body>{body}</body></html>"
    )


GOOD = {
    "a policy": html(f"<main><h1>Privacy</h1>{'<p>' + POLICY * 20}</main>", title="Privacy"),
    "a policy that explains logins": html(
        f"<main><h1>Privacy</h1><p>Log in to continue using our services.</p>{'<p>' + POLICY * 20}"
    ),
    "a policy that mentions error pages": html(
        f"<main><p>{POLICY * 9}<p>Page not found.<p>Something went wrong.<p>Access denied.</main>"
    ),
    "a short guide that begins with a login": html(
        "<main><h1>How to opt out of AI training</h1><ol><li>Log in to Example.</li>"
        "<li>Open <b>Settings</b>, then <b>Privacy</b>.</li>"
        "<li>Turn off <b>Improve the model for everyone</b>.</li></ol></main>",
        title="How to opt out | Example Help",
    ),
    "a short guide that begins with signing in": html(
        "<main><ol><li>Sign in to your account.</li><li>Choose Data controls.</li></ol></main>",
        title="Data controls",
    ),
    "an article about an error message": html(
        "<main><h1>Why do I see “Page not found”?</h1><p>This happens when a link is old. "
        "Check the address and try again, or open the help center.</p></main>",
        title="Why do I see “Page not found”? | Example Help",
    ),
    "a question about something going wrong": html(
        "<main><h1>Something went wrong with my opt-out?</h1><p>Your choice is kept. It can take "
        "a day until it is shown in the app. Contact us if it takes longer.</p></main>"
    ),
    "an article of a magazine named after an error": html(
        f"<main><h1>404 Media privacy policy</h1><p>{POLICY}</p></main>",
        title="404 Media privacy policy",
    ),
    "a guide that says who can follow it": html(
        "<main><h1>Turn off AI training</h1><p>You must be signed in to change this setting.</p>"
        "<ol><li>Open Settings.</li><li>Select Privacy.</li></ol></main>"
    ),
    "a guide for people with an account": html(
        "<main><h1>Data controls</h1><p>You need to be logged in.</p><ol>"
        + "<li>Open the menu, choose a control and save what you chose.</li>" * 6
        + "</ol></main>"
    ),
    "a note on languages": html(
        "<main><h1>Your data</h1><p>This page isn't available in all languages yet.</p></main>"
    ),
    "a limit of an offer": html(
        "<main><h1>Opt out</h1><p>The form isn't available in your region.</p></main>"
    ),
    "a list of error messages": html(
        f"<main><h1>Error messages</h1><p>{POLICY}</p><h2>Page not found</h2><p>{POLICY}</p>"
        f"<h2>Something went wrong</h2><p>{POLICY}</p></main>",
        title="Error messages | Example Help",
    ),
    "two sentences with a script": html(f"<main>{POLICY}</main><script>count()</script>"),
    "a very short page": html(
        "<main><h1>AI at Example</h1><p>We do not train on your data.</main>"
    ),
    "a page with a search field and a login box in its header": html(
        '<header><form action="/login"><input type="password"></form></header>'
        f"<main><h1>Your data</h1><p>{POLICY * 3}</p></main>",
        title="Your data",
    ),
    "a page guarded by scripts of a bot wall": html(
        f"<main><h1>Your data</h1><p>{POLICY * 3}</p></main>"
        '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
        '<script>window._pxAppId="PX1"</script><div class="g-recaptcha"></div>'
    ),
    "a note for those who go on": html(
        "<main><h1>Before you continue to post</h1><p>Know that we train on posts.</p></main>"
    ),
    "a page on where a setting went": html(
        "<main><h1>Where did the opt-out go?</h1><p>The page has moved to Settings.</p></main>"
    ),
    "a list of answers to programs": html(
        "<main><h1>Error 404 and other answers</h1><p>What the interface answers.</p></main>"
    ),
    "a page about captchas": html(
        f"<main><h1>Are you human?</h1><p>{POLICY * 9}Verify you are human.</p></main>"
    ),
}


@pytest.mark.parametrize("markup", GOOD.values(), ids=GOOD.keys())
def test_a_page_that_only_mentions_walls_is_read(markup):
    verdict = verdict_on(markup, expected_language="en")

    assert (verdict.outcome, verdict.reason) == (Outcome.READ, "")


NOT_THERE = {
    "English": "<h1>Page not found</h1><p>Sorry, we couldn't find that page.</p>",
    "English, social": "<p>Sorry, this page isn't available.</p><p>The link may be broken.</p>",
    "English, help": "<h1>This article is no longer available</h1>",
    "English, terse": "<h1>404</h1>",
    "English, content": "<h2>This content isn't available right now</h2><p>When this happens, it's "
    "usually because the owner only shared it with a small group of people.</p>",
    "English, lost": "<h1>Oops!</h1><p>We can't find the page you're looking for.</p>",
    "English, broken": "<p>This page isn't available right now</p><p>This may be because of a "
    "technical error that we're working to get fixed. Try reloading this page.</p>",
    "English, unexpected": "<h2>Sorry, something went wrong.</h2><p>We're working on it.</p>",
    "English, error": "<p>An unexpected error has occurred. Please try again later.</p>",
    "English, script": "Application error: a client-side exception has occurred (see the console).",
    "English, down": "<h1>503 Service Temporarily Unavailable</h1><hr>nginx",
    "English, pause": "<h1>We'll be back soon</h1><p>We are down for scheduled maintenance.</p>",
    "English, unsure": "<p>Hmm...this page doesn’t exist. Try searching for something else.</p>",
    "English, glitch": "<h1>There’s been a glitch…</h1><p>Go back, or try the help center.</p>",
    "English, moved": "<p>This page has moved. Click here if you are not redirected.</p>",
    "English, abroad": "<h1>This service is not available in your country.</h1>",
    "English, sold": "<h1>This domain is for sale</h1>",
    "German": "<h1>Seite nicht gefunden</h1><p>Die gewünschte Seite existiert nicht mehr.</p>",
    "German, broken": "<h1>Hoppla! Da ist etwas schiefgelaufen.</h1><p>Bitte neu laden.</p>",
    "German, sorry": "<p>Leider ist ein Fehler aufgetreten.</p>",
    "French": "<h1>Page introuvable</h1><p>La page que vous cherchez n'existe pas.</p>",
    "French, sorry": "<p>Nous sommes désolés, la page que vous avez demandée est introuvable.</p>",
    "French, broken": "<p>Désolé, une erreur s'est produite. Veuillez réessayer.</p>",
    "Spanish": "<h1>Página no encontrada</h1><p>La página que buscas no existe.</p>",
    "Spanish, unsure": "<h2>¡Vaya!</h2><p>Parece que esta página no existe.</p>",
    "Spanish, broken": "<p>¡Vaya! Algo ha salido mal.</p>",
    "Italian": "<h1>Pagina non trovata</h1><p>La pagina richiesta non esiste.</p>",
    "Italian, sorry": "<p>Ci dispiace, non riusciamo a trovare la pagina richiesta.</p>",
    "Italian, broken": "<p>Spiacenti, si è verificato un errore.</p>",
    "Portuguese": "<h1>Página não encontrada</h1><p>Esta página não está disponível.</p>",
    "Portuguese, lost": "<p>Não conseguimos encontrar a página que você procura.</p>",
    "Portuguese, broken": "<p>Ops! Algo deu errado.</p>",
    "Dutch": "<h1>Pagina niet gevonden</h1><p>De pagina die je zoekt bestaat niet.</p>",
    "Dutch, broken": "<p>Er is iets misgegaan. Probeer het opnieuw.</p>",
    "Polish": "<h1>Nie znaleziono strony</h1>",
    "Swedish": "<h1>Sidan du söker finns inte</h1>",
    "Turkish": "<h1>Sayfa bulunamadı</h1>",
    "Russian": "<h1>Страница не найдена</h1>",
    "Japanese": "<h1>ページが見つかりません</h1><p>お探しのページは存在しません。</p>",
    "Japanese, broken": "<p>申し訳ありませんが、エラーが発生しました。</p>",
    "Korean": "<h1>페이지를 찾을 수 없습니다</h1>",
    "Chinese": "<h1>抱歉，您访问的页面不存在</h1>",
    "English, shared": "<p>The external page you were trying to access could not be found.</p>",
    "English, folder": "<h1>Index of /legal</h1><ul><li>Parent Directory</li></ul>",
    "English, new server": "<h1>Welcome to nginx!</h1><p>Further configuration is required.</p>",
    "English, for sale": "<p>example.com is for sale</p><p>Make an offer.</p>",
    "English, offline": "<h1>This site can’t be reached</h1><p>example.com refused to connect.</p>",
    "English, maintenance": "<h1>Site under maintenance</h1><p>We are working on it.</p>",
    "English, planned": "<h1>Scheduled maintenance</h1><p>Example is currently unavailable.</p>",
    "English, Europe": "<p>Unfortunately, our website is currently unavailable in most European "
    "countries.</p>",
    "English, elsewhere": "<h1>Unsupported country</h1><p>Come back later.</p>",
    "German, maintenance": "<h1>Wartungsarbeiten</h1><p>Unsere Seite ist gleich wieder da.</p>",
    "Arabic": "<h1>الصفحة غير موجودة</h1>",
    "Czech": "<h1>Stránka nenalezena</h1>",
    "Finnish": "<h1>Sivua ei löytynyt</h1>",
    "Greek": "<h1>Η σελίδα δεν βρέθηκε</h1>",
    "Hebrew": "<h1>הדף לא נמצא</h1>",
    "Hindi": "<h1>पेज नहीं मिला</h1>",
    "Hungarian": "<h1>Az oldal nem található</h1>",
    "Indonesian": "<h1>Halaman tidak ditemukan</h1>",
    "Romanian": "<h1>Pagina nu a fost găsită</h1>",
    "Thai": "<h1>ไม่พบหน้านี้</h1>",
    "Vietnamese": "<h1>Không tìm thấy trang</h1>",
}


@pytest.mark.parametrize("body", NOT_THERE.values(), ids=NOT_THERE.keys())
def test_an_error_page_with_status_200_is_recognised_in(body):
    verdict = verdict_on(html(f"<div>{body}</div>"))

    assert verdict.outcome == Outcome.SOFT_404
    assert "says" in verdict.reason


@pytest.mark.parametrize(
    "title",
    [
        "Page Not Found | Example",
        "404 - Example",
        "Example: Error 404",
        "Seite nicht gefunden · Example",
        "Page introuvable – Example",
        "ページが見つかりません | Example",
        "Something went wrong | Example",
    ],
)
def test_an_error_page_is_recognised_by_its_title(title):
    links = "".join(f"<li><a href=/a{n}>Popular article number {n}</a>" for n in range(30))

    assert verdict_on(html(f"<ul>{links}</ul>", title=title)).outcome == Outcome.SOFT_404


MENUS = "".join(f"<a href=/a{n}>Popular article number {n}</a> " for n in range(80))


@pytest.mark.parametrize(
    ("title", "heading"), [("Help", "Page not found"), ("Page not found | Help", "Oh")]
)
def test_an_error_page_between_long_menus_is_recognised_by_its_heading_or_title(title, heading):
    verdict = verdict_on(html(f"<div>{MENUS}</div><h1>{heading}</h1>", title=title))

    assert verdict.outcome == Outcome.SOFT_404


@pytest.mark.parametrize("heading", ["Page not found errors explained", "Is something wrong?"])
def test_a_list_of_articles_about_errors_is_read(heading):
    assert verdict_on(html(f"<h1>{heading}</h1>{MENUS}")).outcome == Outcome.READ


NAMED_LIKE_A_WALL = html(
    "<main><h1>Access denied</h1><p>You see this when the owner of a workspace has turned the "
    "assistant off. Ask them to turn it on, or use another workspace.</p></main>",
    title="Access denied | Example Help",
)


def test_an_article_named_like_a_wall_is_recognised_by_its_address_or_earlier_text():
    named = "https://watched.example/hc/en-us/articles/360-Access-denied"
    before = ("Access denied | Example Help", "# Access denied\n\nYou see this when you may not.")
    assert verdict_on(NAMED_LIKE_A_WALL).outcome == Outcome.BOT_WALL
    assert verdict_on(NAMED_LIKE_A_WALL, url=named).outcome == Outcome.READ
    assert verdict_on(NAMED_LIKE_A_WALL, said_before=before).outcome == Outcome.READ


def test_the_short_rest_of_a_page_with_a_login_is_a_wall():
    before = ("Your data", "Please sign in to continue.\n\nWe train on what you post.")
    wall = html("<p>Please sign in to continue.</p>", title="Your data")
    assert verdict_on(wall, said_before=before, previous_length=30).outcome == Outcome.READ
    assert verdict_on(wall, said_before=before, previous_length=900).outcome == Outcome.LOGIN_WALL


def test_a_wall_is_recognised_after_another_page():
    before = ("Opt out | Example Help", "# Opt out\n\nIf you see “Access denied”, log in again.")
    for address in (URL, "https://watched.example/articles/404", "https://watched.example/access"):
        verdict = verdict_on(NAMED_LIKE_A_WALL, url=address, said_before=before)
        assert verdict.outcome == Outcome.BOT_WALL


def test_a_policy_that_moves_to_the_host_of_accounts_is_no_login():
    moved = "https://accounts.watched.example/legal/ai-training"

    assert verdict_on(html(POLICY * 20), final_url=moved).outcome == Outcome.READ


def test_an_error_page_without_the_watched_part_is_recognised():
    verdict = verdict_on(
        html("<p>This page isn't available right now.</p>"), select=["main article"]
    )

    assert verdict.outcome == Outcome.SOFT_404


WALLED = {
    "header cf-mitigated": ({"headers": {"cf-mitigated": "challenge"}}, html(POLICY * 30)),
    "header x-amzn-waf-action": (
        {"status": 202, "headers": {"x-amzn-waf-action": "challenge"}},
        html(""),
    ),
    "header x-vercel-mitigated": ({"headers": {"x-vercel-mitigated": "challenge"}}, html("")),
    "title Just a moment": (
        {},
        html("<p>example.com needs to review.</p>", title="Just a moment..."),
    ),
    "title Attention Required": ({}, html("", title="Attention Required! | Cloudflare")),
    "title Client Challenge": (
        {},
        html("<p>A required part could not load.", title="Client Challenge"),
    ),
    "a human check": (
        {},
        html("<h1>example.com</h1><p>Verify you are human by completing this.</p>"),
    ),
    "a browser check": ({}, html("<h1>Checking your browser before accessing example.com.</h1>")),
    "unusual traffic": (
        {},
        html("<p>Our systems have detected unusual traffic from your computer network.</p>"),
    ),
    "an interruption": ({}, html("<h1>Pardon Our Interruption</h1><p>As you were browsing …</p>")),
    "press and hold": (
        {},
        html("<h1>Access to this page has been denied</h1><p>Press &amp; Hold to confirm.</p>"),
    ),
    "a block": (
        {},
        html("<h1>Sorry, you have been blocked</h1><p>You are unable to access it.</p>"),
    ),
    "a pardner": ({}, html("<h1>whoa there, pardner!</h1><p>Your request has been blocked.</p>")),
    "an ad blocker": ({}, html("<p>Please enable JS and disable any ad blocker</p>")),
    "Cloudflare's script": ({}, html("<script>window._cf_chl_opt={}</script>")),
    "AWS' script": ({}, html("<script>window.gokuProps={}</script><div id=challenge-container>")),
    "DataDome's script": ({}, html("<script src=https://ct.captcha-delivery.com/c.js></script>")),
    "Imperva's frame": ({}, html("<iframe src='/_Incapsula_Resource?x=1'></iframe>")),
    "a checkpoint": ({}, html("<p>We're verifying</p>", title="Vercel Security Checkpoint")),
    "a queue": ({}, html("<h1>You are now in line.</h1><p>Thank you for your patience.</p>")),
    "a wait": ({}, html("<p>Please wait a few minutes before you try again.</p>")),
    "automated queries": (
        {},
        html("<p>We're sorry... but your computer or network may be sending automated queries."),
    ),
    "a question of consent": (
        {},
        html("<h1>Before you continue to Example</h1><p>We use cookies.</p>", title="Example"),
    ),
    "German": ({}, html("<p>Bitte bestätigen Sie, dass Sie ein Mensch sind.</p>", lang="de")),
    "a question of consent in German": (
        {},
        html("<h1>Bevor Sie zu Google weitergehen</h1><p>Wir verwenden Cookies.</p>", lang="de"),
    ),
    "a family of brands": (
        {},
        html("<h1>Yahoo is part of the Yahoo family of brands</h1><p>We use cookies.</p>"),
    ),
    "a task for the browser": (
        {},
        html("<h1>Making sure you're not a bot!</h1><p>Loading...</p>", title="One moment"),
    ),
    "a check": (
        {},
        html(
            "<p>Please wait while your request is being verified...</p>", title="One moment, please"
        ),
    ),
    "a question of age": ({}, html("<h1>Confirm your age</h1><p>Are you 18 or older?</p>")),
    "Japanese": (
        {},
        html("<p>お客様がロボットではないことを確認してください。</p>", lang="ja"),
    ),
}


@pytest.mark.parametrize(("answer", "markup"), WALLED.values(), ids=WALLED.keys())
def test_a_bot_wall_is_recognised_by(answer, markup):
    verdict = verdict_on(markup, **answer)

    assert verdict.outcome == Outcome.BOT_WALL
    assert verdict.reason


FORM = '<form action="/session"><input name=user><input type=password name=pass></form>'
LOGINS = {
    "a form and its title": ({}, html(f"<h1>Welcome back</h1>{FORM}", title="Log in | Example")),
    "a form alone": ({}, html(f"<h1>Example</h1>{FORM}")),
    "a form with a sales pitch": (
        {},
        html(
            f"<h1>Log in to Example</h1>{FORM}<p>{'Meet people who share your interests. ' * 9}</p>"
        ),
    ),
    "a phrase": ({}, html("<p>You must log in to continue.</p><p>Log In</p>")),
    "another phrase": ({}, html("<h1>Example</h1><p>Please sign in to view this page.</p>")),
    "a missing right": ({}, html("<h1>You're not authorized to access this page</h1>")),
    "an expired session": ({}, html("<h1>Your session has expired</h1><p>Sign in again.</p>")),
    "a title over a script": ({}, html("<div id=app></div>", title="Log in or sign up to view")),
    "a redirect to a path": (
        {"final_url": "https://watched.example/login?next=%2Fhelp"},
        html(POLICY * 20),
    ),
    "a redirect to a host": (
        {"final_url": "https://accounts.watched.example/start?continue=x"},
        html(POLICY * 20),
    ),
    "an auth wall": ({"final_url": "https://watched.example/authwall?trk=x"}, html(POLICY * 20)),
    "a redirect by markup": (
        {},
        html(
            "<p>Redirecting</p>",
            head='<meta http-equiv="refresh" content="0; url=/accounts/login/?next=/help">',
        ),
    ),
    "German": ({}, html("<p>Bitte melden Sie sich an, um fortzufahren.</p>", lang="de")),
    "French": ({}, html("<p>Vous devez vous connecter pour continuer.</p>", lang="fr")),
    "Spanish": ({}, html("<p>Inicia sesión para continuar.</p>", lang="es")),
    "Japanese": ({}, html("<p>ログインしてください。</p>", lang="ja")),
}


@pytest.mark.parametrize(("answer", "markup"), LOGINS.values(), ids=LOGINS.keys())
def test_a_login_wall_is_recognised_by(answer, markup):
    assert verdict_on(markup, **answer).outcome == Outcome.LOGIN_WALL


def test_a_login_wall_with_a_lent_session_means_that_it_has_expired():
    markup = html("<p>Please log in to continue.</p>")

    assert verdict_on(markup, wants_account=True).outcome == Outcome.SESSION_EXPIRED


def test_a_page_that_always_was_a_login_is_no_redirect_to_one():
    login = "https://watched.example/login/privacy"

    verdict = verdict_on(html(POLICY * 20), url=login, final_url=f"{login}?hl=en")

    assert verdict.outcome == Outcome.READ


@pytest.mark.parametrize(
    ("asked", "reached", "outcome"),
    [
        ("https://a.example/help/ai", "https://a.example/", Outcome.SOFT_404),
        ("https://a.example/help/ai", "https://www.a.example/en-us/", Outcome.SOFT_404),
        ("https://a.example/help/ai", "https://a.example/help/", Outcome.READ),
        ("https://a.example/privacy", "https://privacy.a.example/", Outcome.READ),
        ("https://a.example/en", "https://a.example/", Outcome.READ),
        ("https://a.example/", "https://a.example/en/", Outcome.READ),
    ],
)
def test_a_redirect_to_the_front_page_means_that_the_page_is_missing(asked, reached, outcome):
    assert verdict_on(html(POLICY * 20), url=asked, final_url=reached).outcome == outcome


@pytest.mark.parametrize(
    "markup", ["", " \n ", "<html></html>", html("<script>start()</script><div id=root></div>")]
)
def test_a_page_without_text_is_empty(markup):
    assert verdict_on(markup).outcome == Outcome.EMPTY


def test_a_shell_that_needs_its_scripts_is_empty():
    shell = html(
        "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"
        "<script src=/app.js></script>"
    )

    assert verdict_on(shell).outcome == Outcome.EMPTY


def test_a_page_for_other_browsers_only_is_empty():
    markup = html("<h1>This browser is not supported</h1><p>Please use another one.</p>")

    assert verdict_on(markup).outcome == Outcome.EMPTY


SHELL = html("<div id=root><p>We do not train.</p></div><script src=/app.js></script>")


def test_a_shell_needs_a_browser_until_a_browser_has_read_it():
    for rendered, outcome in ((False, Outcome.EMPTY), (True, Outcome.READ)):
        fetched = replace(page(SHELL.encode()), rendered=rendered)
        document = extract(fetched.body, url=URL)

        assert is_empty_shell(document, fetched) is not rendered
        assert judge(fetched, document).outcome == outcome


@pytest.mark.parametrize(
    "markup", [html(f"<main>{POLICY * 2}</main><script></script>"), html("Hi")]
)
def test_a_page_with_words_or_without_scripts_is_no_shell(markup):
    document = extract(markup.encode(), url=URL)

    assert not is_empty_shell(document, page(markup.encode()))


def test_a_page_without_the_watched_part_is_a_selector_miss():
    verdict = verdict_on(html(f"<main>{POLICY * 9}</main>"), select=["#policy"])

    assert verdict.outcome == Outcome.SELECTOR_MISS
    assert "#policy" in verdict.reason


TWO_PARTS = {"text": POLICY * 9, "missed_selectors": (".choices",)}


def test_a_page_that_lost_one_of_its_parts_is_a_selector_miss():
    verdict = judge(page(b"x"), read_document(**TWO_PARTS), previously_missed=())

    assert verdict.outcome == Outcome.SELECTOR_MISS
    assert ".choices" in verdict.reason


@pytest.mark.parametrize("before", [None, (".choices",)])
def test_a_part_that_the_page_never_had_is_not_missed(before):
    verdict = judge(page(b"x"), read_document(**TWO_PARTS), previously_missed=before)

    assert verdict.outcome == Outcome.READ


@pytest.mark.parametrize(
    ("now", "before", "outcome"),
    [
        (1_000, 5_000, Outcome.COLLAPSED),
        (1_250, 5_000, Outcome.COLLAPSED),
        (1_260, 5_000, Outcome.READ),
        (9_000, 5_000, Outcome.READ),
        (100, 900, Outcome.READ),
        (1_000, None, Outcome.READ),
    ],
)
def test_a_text_that_lost_three_quarters_has_collapsed(now, before, outcome):
    document = read_document(text=("A few plain words. " * 999)[:now])

    assert judge(page(b"x"), document, previous_length=before).outcome == outcome


def read_document(text="", **overrides):
    values = {
        "text": text,
        "title": "",
        "language": "",
        "links": (),
        "missed_selectors": (),
        "refresh_url": "",
        "has_password_field": False,
        "whole_page_excerpt": "",
        "is_script_shell": False,
        "failure": "",
    }
    return SimpleNamespace(**(values | overrides))


TEXTS = {
    "en": "We use the data that you share with us to improve our services. You can say no to it.",
    "de": "Wir verwenden die Daten, die Sie mit uns teilen, für die Verbesserung der Dienste. "
    "Sie können dem nicht nur einmal, sondern jederzeit widersprechen.",
    "fr": "Nous utilisons les données que vous partagez avec nous pour améliorer nos services. "
    "Vous pouvez vous y opposer dans les paramètres de votre compte.",
    "es": "Usamos los datos que compartes con nosotros para mejorar nuestros servicios. Puedes "
    "oponerte a ello en los ajustes de tu cuenta.",
    "it": "Utilizziamo i dati che condividi con noi per migliorare i nostri servizi. Puoi opporti "
    "nelle impostazioni del tuo account.",
    "pt": "Usamos os dados que você compartilha com a gente para melhorar os nossos serviços. "
    "Você pode se opor nas configurações da sua conta.",
    "nl": "Wij gebruiken de gegevens die je met ons deelt om onze diensten te verbeteren. Je kunt "
    "daar in de instellingen van je account bezwaar tegen maken.",
    "ja": "お客様が共有したデータは、サービスの改善に使用されます。設定から拒否できます。",
    "ru": "Мы используем данные, которыми вы делитесь с нами, чтобы улучшать наши сервисы.",
    "ko": "당사는 서비스를 개선하기 위해 공유한 데이터를 사용하며 언제든지 거부할 수 있습니다.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_in_another_language_than_expected_is_detected(language):
    text = TEXTS[language] * 8

    assert (
        judge(page(b"x"), read_document(text), expected_language=language).outcome == Outcome.READ
    )
    for other in TEXTS.keys() - {language}:
        verdict = judge(page(b"x"), read_document(text), expected_language=other)
        assert verdict.outcome == Outcome.WRONG_LANGUAGE, other


def test_a_wrong_declaration_does_not_make_a_text_foreign():
    document = read_document(TEXTS["en"] * 8, language="de-DE")

    assert judge(page(b"x"), document, expected_language="en").outcome == Outcome.READ


def test_a_declaration_counts_if_the_text_is_unclear():
    document = read_document("Lorem dolor amet consectetur. " * 20, language="la")

    assert judge(page(b"x"), document, expected_language="en").outcome == Outcome.WRONG_LANGUAGE


def test_any_language_is_accepted_if_none_is_expected():
    assert judge(page(b"x"), read_document(TEXTS["ja"] * 8, language="ja")).outcome == Outcome.READ


BINARY = {
    "an image": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "a film": ("video/mp4", b"whatever"),
    "an image called a page": ("text/html", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    "an archive without a type": ("", b"PK\x03\x04\x14\x00"),
    "raw bytes called text": ("text/plain", bytes(range(32)) * 40),
    "raw bytes": ("application/octet-stream", bytes(range(256)) * 4),
}


@pytest.mark.parametrize(("content_type", "body"), BINARY.values(), ids=BINARY.keys())
def test_binary_data_is_recognised_in(content_type, body):
    assert why_not_text(content_type, body)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"<p>text</p>"),
        ("", b"<p>text</p>"),
        ("text/html", b"<p>a\x00few NULs in a long enough page of text, as some servers send</p>"),
        ("application/pdf", b"%PDF-1.7\n" + bytes(range(256))),
        ("application/octet-stream", b"<p>text under a careless type</p>"),
        ("text/html; charset=utf-16", "<p>two bytes a letter</p>".encode("utf-16")),
        ("text/html; charset=utf-16le", "<p>without a mark</p>".encode("utf-16-le")),
        ("text/html; charset=shift_jis", "<p>文字</p>".encode("shift_jis")),
    ],
)
def test_text_is_recognised_in(content_type, body):
    assert why_not_text(content_type, body) == ""


def test_a_file_that_cannot_be_read_is_no_text():
    verdict = judge(page(b"%PDF-1.7"), read_document(failure="damaged PDF"))

    assert (verdict.outcome, verdict.reason) == (Outcome.NOT_TEXT, "damaged PDF")


@given(
    text=st.text(max_size=300),
    title=st.text(max_size=80),
    excerpt=st.text(max_size=300),
    language=st.text(max_size=8),
    body=st.binary(max_size=200),
    url=st.text(max_size=40),
)
def test_no_page_makes_judging_raise(text, title, excerpt, language, body, url):
    document = read_document(
        text, title=title, whole_page_excerpt=excerpt, language=language, refresh_url=URL + url
    )

    verdict = judge(page(body, final_url=URL + url), document, expected_language="en")

    assert (verdict.outcome == Outcome.READ) is (verdict.reason == "")
