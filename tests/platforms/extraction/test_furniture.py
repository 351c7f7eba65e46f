"""What surrounds a text is no part of it: ages, icons, skip links, hidden mail addresses."""

import pytest

from platforms.extraction import comparison_text, extract
from platforms.extraction.actions import lasting_target

TEXT = "# Privacy\n\nWe keep your messages for 30 days, and train on none of them."


@pytest.mark.parametrize(
    "line",
    [
        "Skip to content",
        "Skip to main content",
        "Zum Inhalt springen",
        "Copy",
        "Copied!",
        "Copy to clipboard",
        "- Copy link",
        "Back to top",
        "expand_more",
        "Share this page",
        "arrow_drop_down chevron_right",
        "Terms · Privacy · Cookies · Imprint",
        "Terms | Privacy Policy | Cookie Settings",
        "About • Careers • Press • Help",
        "Copy for LLM",
        "Did this answer your question?",
        "Was this article helpful?",
        "(off) (off) (off)",
        "Table of contents",
        "fa-paper-plane-top alpaca-fa-regular",
        "Sign UpLog InMessengerFacebook LiteMeta PayMeta StoreMeta QuestPrivacy CenterCancel it",
        "YouTube TikTok LinkedIn GitHub",
        "Select language",
        "(x) English (United States)",
        "Français (France)",
        "close",
        "## Contact us",
        "Help Centre",
        "Privacy & Terms",
        "Meta © 2026",
        "© Copyright 2025 Perplexity — Where Knowledge Begins",
        "Opens in a new tab(opens a footnote)",
        "Which AI models are used? Who can see my files? How long are they kept?",
    ],
)
def test_a_line_of_the_page_around_a_text_is_not_compared(line):
    assert comparison_text(f"{TEXT}\n\n{line}") == comparison_text(TEXT)


@pytest.mark.parametrize(
    "words",
    [
        "Copy your data before you leave.",
        "Skip to content that is not about you by choosing no.",
        "We share this page with partners.",
        "Privacy: we train on posts. Cookies: none.",
        "snake_case names are kept",
        "Did this answer your question? Then we may train on it.",
        "YouTube, TikTok, LinkedIn and GitHub train on what you post.",
        "Your fa-mily is not used.",
        "(off) Use my messages for training",
        "(x) English lessons are used for training",
        "Do you train on my messages? No.",
        "May we train on your messages? Who may read them?",
        "Close your account to end training.",
        "Contact us to object.",
    ],
)
def test_sentences_are_compared(words):
    assert comparison_text(f"{TEXT}\n\n{words}") != comparison_text(TEXT)


def test_a_text_that_is_on_its_page_twice_is_compared_once():
    assert comparison_text(f"{TEXT}\n\nSkip to content\n\n{TEXT}") == comparison_text(TEXT)
    assert comparison_text(f"{TEXT}\n\n{TEXT} Any more.") != comparison_text(TEXT)
    assert comparison_text("No.\n\nNo.") != comparison_text("No.")


def test_links_without_a_space_between_them_are_not_compared_inside_a_text_either():
    links = "Sign UpLog InMessengerFacebook LiteVideoMeta PayMeta StoreMeta QuestRay-Ban"
    row = f"{links}MetaMeta AIInstagramThreadsPrivacy CenterAboutCreateDevelopersCareers"
    assert comparison_text(f"{TEXT}\n\n{row}\n\n{TEXT}") == comparison_text(TEXT)


def test_a_row_of_names_inside_a_text_is_compared():
    row = "Messages · Posts · Photographs"
    more = "\n\n".join(f"Sentence {number} of the text." for number in range(5))
    assert row.lower() in comparison_text(f"{TEXT}\n\n{row}\n\n{more}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Updated over a week ago", "Updated over 3 weeks ago"),
        ("Last updated: 2 months, 3 weeks ago", "Last updated: 3 months ago"),
        ("Updated recently", "Updated yesterday"),
        ("Edited a moment ago", "Edited just now"),
        ("Updated 5mo ago", "Updated this month"),
        ("Help expand_more", "Help"),
        ("Updated over a week ago", "Updated in the last hour"),
        ("Updated in the last 15 minutes", "Updated in the last day"),
        ("Effective August 28, 2025", "Effective 28 August 2025"),
        ("Last updated: 3rd March 2026", "Last updated: March 3, 2026"),
    ],
)
def test_ages_and_icons_in_short_lines_are_folded(before, after):
    assert comparison_text(f"{TEXT}\n\n{before}") == comparison_text(f"{TEXT}\n\n{after}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Effective August 28, 2025", "Effective 29 August 2025"),
        ("Data of the last 15 minutes is kept", "Data of the last 30 minutes is kept"),
    ],
)
def test_other_dates_and_periods_are_compared(before, after):
    assert comparison_text(f"{TEXT}\n\n{before}") != comparison_text(f"{TEXT}\n\n{after}")


MORE = "\n\n".join(f"Sentence {number} of a text that is longer." for number in range(9))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("COMPANY", "Company"),
        ("These terms end when you leave.", "These Terms end when you leave."),
        ("DATA IS NOT SOLD.", "Data is not sold."),
        ("Write to privacy@birdsong.example .", "Write to privacy@birdsong.example."),
        ("More Information", "More InformationOpens in new tab"),
        ("See the form.", "See the form(opens in a new window)."),
        ("Voir le formulaire", "Voir le formulaire (s’ouvre dans un nouvel onglet)"),
        ("1-10 of 17 results", "11-18 of 18 results"),
    ],
)
def test_letters_spaces_and_counts_that_change_alone_are_folded(before, after):
    assert comparison_text(f"{TEXT}\n\n{before}") == comparison_text(f"{TEXT}\n\n{after}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Updated today", "March 16, 2026"),
        ("Last updated: over a week ago", "16. März 2026"),
        ("Mise à jour il y a 3 mois", "2026-03-16"),
    ],
)
def test_the_age_of_an_article_may_turn_into_a_date(before, after):
    title, text = TEXT.split("\n\n")
    assert comparison_text(f"{title}\n\n{before}\n\n{text}") == comparison_text(
        f"{title}\n\n{after}\n\n{text}"
    )


@pytest.mark.parametrize("date", ["Effective March 17, 2026", "Last updated: March 17, 2026"])
def test_a_date_with_a_word_is_compared(date):
    title, text = TEXT.split("\n\n")
    earlier = date.replace("17", "16")
    assert comparison_text(f"{title}\n\n{date}\n\n{text}") != comparison_text(
        f"{title}\n\n{earlier}\n\n{text}"
    )


MENU = "Web\n\niOS\n\nCareers\n\nNews"


def test_a_menu_below_a_text_is_not_compared():
    longer = MENU.replace("News", "Perchipedia\n\nNews")
    text = f"{TEXT}\n\n{MORE}"
    assert comparison_text(f"{text}\n\n{MENU}") == comparison_text(f"{text}\n\n{longer}")
    assert comparison_text(f"{text}\n\n{MENU}") == comparison_text(text)


def test_the_name_of_a_key_in_a_menu_is_folded():
    text = f"{TEXT}\n\n{MORE}\n\n{MENU}"
    assert comparison_text(f"{text}\n\n⌘I") == comparison_text(f"{text}\n\nCtrl+I")


@pytest.mark.parametrize(
    "line",
    [
        "Your privacy choices",
        "Opt out",
        "Training Data Summary",
        "Improve the model for everyone",
        "Datenverwendung",
        "Refuser",
        "投稿は学習に使われます。",
    ],
)
def test_a_name_in_a_menu_that_may_be_a_way_out_is_compared(line):
    text = f"{TEXT}\n\n{MORE}\n\n{MENU}"
    assert comparison_text(f"{text}\n\n{line}") != comparison_text(text)


@pytest.mark.parametrize(
    "names",
    [
        "We train on posts from these countries:\n\nAustria\n\nBelgium\n\nFrance",
        "## Where we train\n\nAustria\n\nBelgium\n\nFrance",
        "- Your posts\n- Your photographs\n- Your messages",
        "Albatross Cloud\n\nHosting",
    ],
)
def test_names_that_are_part_of_the_text_are_compared(names):
    text = f"{TEXT}\n\n{MORE}"
    assert names.split()[-1].lower() in comparison_text(f"{text}\n\n{names}").split()


def test_a_text_that_is_mostly_names_is_compared():
    names = "\n\n".join(f"Albatross {number}\n\nHosting\n\nNorway" for number in range(9))
    more = f"{names}\n\nPerchwise\n\nHosting\n\nNorway"
    assert comparison_text(f"{TEXT}\n\n{names}") != comparison_text(f"{TEXT}\n\n{more}")


@pytest.mark.parametrize(
    "lines", ["Blog\n\nCareers", "Is this your country?\n\nFrance", "Status:\n\nAvailable"]
)
def test_names_above_the_title_are_not_compared(lines):
    assert comparison_text(f"{lines}\n\n{TEXT}") == comparison_text(TEXT)


@pytest.mark.parametrize("line", ["We train on messages now.", "Opt out", "(on) Train on my posts"])
def test_what_is_said_above_the_title_is_compared(line):
    assert comparison_text(f"{line}\n\n{TEXT}") != comparison_text(TEXT)


@pytest.mark.parametrize(
    "banner",
    [
        "Cookie Notice\n\nWe'd like to use cookies to remember you. You can refuse.\n\n"
        "Accept all cookies Reject all cookies",
        "Wir verwenden Cookies, um Sie zu erkennen.\n\nAlle akzeptieren\n\nAlle ablehnen",
        "Nous utilisons des cookies.\n\nTout accepter · Tout refuser",
    ],
)
def test_a_cookie_banner_is_not_compared(banner):
    assert comparison_text(f"{TEXT}\n\n{banner}") == comparison_text(TEXT)


def test_a_sentence_about_cookies_is_compared():
    words = "We use cookies to train our models. You can accept all cookies or none."
    assert comparison_text(f"{TEXT}\n\n{words}") != comparison_text(TEXT)


def hidden(address, key):
    letters = bytes([key]) + bytes(letter ^ key for letter in address.encode())
    return (
        "<main><p>We train on messages. Write to "
        f'<a href="/cdn-cgi/l/email-protection"><span class="__cf_email__" data-cfemail="'
        f'{letters.hex()}">[email&#160;protected]</span></a>.</p></main>'
    )


def read(markup):
    return extract(markup.encode(), url="https://birdsong.example/privacy")


def test_a_mail_address_hidden_with_another_key_is_the_same_address():
    first, second = (read(hidden("dpo@birdsong.example", key)) for key in (7, 200))
    assert first.text == second.text
    assert "dpo@birdsong.example" in first.text
    assert read(hidden("ai@birdsong.example", 7)).digest != first.digest


@pytest.mark.parametrize("broken", ["zz", "7", "", "07ff" * 3])
def test_a_broken_hidden_address_is_left_as_it_is(broken):
    markup = f'<main><p>Write to <span data-cfemail="{broken}">[email protected]</span>.</p></main>'
    assert "[email protected]" in read(markup).text.replace("\\", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://a.example/en-us/forms/7", "https://a.example/de-de/forms/7"),
        ("https://a.example/en/forms/7", "https://a.example/forms/7"),
        ("https://a.example/Forms/OptOut", "https://a.example/forms/optout"),
        ("https://a.example/forms/7%22", "https://a.example/forms/7"),
        ("https://a.example/forms/7”", "https://a.example/forms/7"),
        ("https://a.example/forms/7%22%20/t%20%22_blank", "https://a.example/forms/7"),
        ('https://a.example/forms/7" target="_blank', "https://a.example/forms/7"),
        ("https://www.a.example/forms/7?gl=DE", "https://a.example/forms/7?gl=US&language=de"),
    ],
)
def test_a_link_in_another_language_or_with_broken_quotes_has_not_moved(before, after):
    assert lasting_target(before) == lasting_target(after)


def test_another_form_has_moved():
    assert lasting_target("https://a.example/forms/7") != lasting_target(
        "https://a.example/forms/8"
    )


def with_link(words, target):
    return read(
        f'<main><h1>Privacy</h1><p>{words} <a href="{target}">your settings</a>.</p></main>'
    )


def test_a_moved_link_counts_in_a_sentence_about_training():
    words = "You can stop us from training our models in"
    assert with_link(words, "/settings/1").action_targets
    assert (
        with_link(words, "/settings/1").action_targets
        != with_link(words, "/settings/2").action_targets
    )


def test_a_moved_link_in_another_sentence_does_not_count():
    assert with_link("You can choose a picture in", "/settings/1").action_targets == ()


@pytest.mark.parametrize("host", ["x.ai", "claude.ai", "ai.birdsong.example"])
def test_the_name_of_a_host_makes_no_link_one_about_training(host):
    markup = f'<main><p>Birdsong.</p><p><a href="https://{host}/contact/">Contact</a></p></main>'
    assert read(markup).action_targets == ()
