"""The box on the home page answers for several services at once, on a private address."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from platforms.models import Platform
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)
from tests.pages import fields_of
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def platforms():
    insta = make_platform("instagram", name="Instagram", operator="Meta Platforms")
    use = make_use(insta)
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
    make_guide(insta, make_control(use), minutes=2, slug="say-no-on-instagram")
    slack = make_platform("slack", name="Slack", operator="Salesforce")
    make_state(make_use(slack), "no-way-out")
    make_platform("adobe", name="Adobe Creative Cloud", operator="Adobe")
    make_platform("discord", name="Discord", operator="Discord Inc.")


def asked(client, typed, **more):
    """Type into the box of the home page and press its button."""
    home = client.get("/")
    return client.get("/answers", fields_of(home, "#box") | {"q": typed} | more, follow=True)


def shown(page):
    return BeautifulSoup(page.text, "lxml")


def lines(page):
    return [
        " ".join(each.get_text(" ", strip=True).split()) for each in shown(page).select(".box-line")
    ]


def test_a_service_whose_uses_have_different_answers_tells_each_of_them_once(client):
    slack = Platform.objects.get(slug="slack")
    make_state(make_use(slack, short={"en": "generative AI"}), "only-if-agreed")
    (card,) = shown(asked(client, "slack")).select(".box-line")
    told = [" ".join(each.text.split()) for each in card.select(".answer-uses li")]
    assert told == ["Generative AI: Only if you agree"]
    (said,) = card.select(".verdict-sentences li")
    assert "Your public posts train Slack's models, and there is no way out" in said.text


def test_each_service_gets_its_answer_since_when_and_one_button(client):
    page = asked(client, "instagram, slack")
    first, second = lines(page)
    assert first.startswith(
        "Instagram Yes, source not on record, unless you opt out since 16 July 2024"
    )
    assert [each["href"] for each in shown(page).select(".box-line .button")] == [
        "/guides/say-no-on-instagram#steps"
    ]
    assert "there is no way out" in second
    assert "Nothing you can refuse here: Slack trains on what you give it." in second


def test_data_that_are_passed_on_for_training_are_not_said_to_train_the_platform(client):
    forum = make_platform("forum", name="Forum")
    use = make_use(forum, purpose="sharing-for-training")
    make_state(use, "no-way-out")
    posts = make_control(use, refuse="delete", reach="past-only")
    with arranged():
        posts.offers.create()
    make_guide(forum, posts, minutes=20, slug="limit-forum")
    page = asked(client, "forum")
    (line,) = lines(page)
    assert "Nothing you can refuse here: Forum passes what you give it on to AI firms." in line
    assert "trains on" not in line
    assert shown(page).select_one(".box-line .button")["href"].startswith("/guides/limit-forum")
    listed = shown(client.get("/checklist?p=forum")).main.get_text(" ", strip=True)
    assert "Nothing you can refuse here: Forum passes on to AI firms" in listed


def test_the_first_way_out_is_that_of_what_people_ask_about(client):
    face = make_platform("facebook", name="Facebook")
    posts = make_use(face, places=["EU"], title="Posts train models")
    make_state(posts, "unless-refused")
    make_state(make_branch(posts, except_places=["EU"]), "no-way-out")
    others = make_use(
        face, title="Data from third parties trains models", short={"en": "third-party data"}
    )
    make_state(others, "unless-refused")
    make_guide(face, make_control(others, refuse="submit"), minutes=1, slug="third-parties")
    make_guide(face, make_control(posts, refuse="submit"), minutes=5, slug="own-posts")
    for address in ("/answers?q=facebook", "/search?q=facebook"):
        button = shown(client.get(address)).select_one(".box-way a")
        assert button["href"] == "/guides/own-posts#steps", address
    buttons = shown(client.get("/platforms/facebook")).select(".way-buttons li")
    assert "own-posts" in buttons[0].a["href"]
    assert "only for: third-party data" in buttons[1].text


def test_a_way_round_what_cannot_be_refused_in_a_country_stands_before_those_of_other_uses(client):
    face = make_platform("facebook", name="Facebook")
    posts = make_use(face, places=["EU"], title="Posts train models")
    make_state(posts, "unless-refused")
    make_state(make_branch(posts, except_places=["EU"]), "no-way-out")
    friends_only = make_control(posts, refuse="leave")
    friends_only.offers.create()
    make_guide(face, friends_only, minutes=3, slug="friends-only")
    others = make_use(
        face, title="Data from third parties trains models", short={"en": "third-party data"}
    )
    make_state(others, "unclear")
    form = make_control(others, refuse="submit", binding=False)
    form.offers.create()
    make_guide(face, form, minutes=9, slug="third-parties")
    (line,) = shown(client.get("/answers?q=facebook US")).select(".box-line")
    assert "there is no way out" in line.text
    first, second = line.select(".box-way p")
    assert first.a["href"].startswith("/guides/friends-only")
    assert second.a["href"].startswith("/guides/third-parties")
    assert "only for: third-party data" in second.text


def test_the_box_says_in_sentences_what_a_headline_has_no_room_for(client):
    chat = make_platform("chat", name="Chat")
    titles = {"title": "Messages train models", "title_if_not": "Messages do not train models"}
    make_state(make_use(chat, data_kinds=["private-messages"], **titles), "not-used")
    bot = make_use(chat, title="What you ask the bot trains models", places=["US"])
    make_state(bot, "no-way-out")
    make_state(make_branch(bot, except_places=["US"]), "unclear")
    (line,) = lines(asked(client, "chat"))
    assert "Messages do not train models" in line
    assert "US: What you ask the bot trains models, and there is no way out" in line


def test_a_product_for_other_people_has_its_answer_beside_that_of_its_company(client):
    adobe = Platform.objects.get(slug="adobe")
    make_state(make_use(adobe, title="Files train", short={"en": "files"}), "not-used")
    make_state(make_use(adobe, title="Cloud files train", short={"en": "cloud"}), "unless-refused")
    stock = make_use(adobe, people=["creators"], short={"en": "Stock images"})
    make_state(stock, "no-way-out")
    for address in ("/answers?q=adobe", "/operators/adobe"):
        page = shown(client.get(address)).main.get_text(" ", strip=True)
        assert "Stock images" in page, address


@pytest.mark.parametrize(
    ("slug", "people", "value"),
    [
        ("slack", "organisation", "not-used"),
        ("slack", "organisation", "unclear"),
        ("slack", "minors", "unclear"),
    ],
)
def test_a_card_links_the_answers_for_other_people_that_the_page_links(client, slug, people, value):
    use = Platform.objects.get(slug=slug).uses.get()
    make_state(make_branch(use, people=[people]), value)
    page = shown(client.get(f"/platforms/{slug}")).select_one("section.verdict")
    (of_page,) = page.select(".verdict-others a, .answer-more a")
    (card,) = shown(asked(client, slug)).select(".box-line")
    (of_card,) = card.select(".verdict-others a")
    assert (of_card["href"], of_card.text) == (of_page["href"], of_page.text)


def test_the_page_links_the_answer_about_a_product_for_others_if_it_is_the_same(client):
    stock = make_use(Platform.objects.get(slug="slack"), people=["creators"], title="Art trains AI")
    make_state(stock, "no-way-out")
    (link,) = shown(client.get("/platforms/slack")).select(".verdict-others a")
    assert "creators" in link["href"]


def test_a_card_says_below_its_headline_what_happens_and_on_which_plans(client):
    plans = [{"name": "Free"}, {"name": "School", "kind": "education"}]
    draw = make_platform("draw", name="Draw", plans=plans)
    use = make_use(draw, title="Drawings train models", plans=["Free"])
    make_state(use, "no-way-out")
    make_state(make_branch(use, plans=["School"]), "not-used")
    (card,) = shown(asked(client, "draw")).select(".box-line")
    headline = card.select_one(".box-answer")
    assert "Yes" in headline.text
    told = headline.find_next_sibling("ul")
    assert told.get_text(" ", strip=True) == (
        "Drawings train models, and there is no way out (Free)"
    )


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("unless-refused", "Prompts to the bot train it unless you refuse"),
        ("only-if-agreed", "Prompts to the bot train it only if you agree"),
        ("not-offered", "Not so, as the feature is not offered: Prompts to the bot train it"),
        ("unclear", "Unclear whether prompts to the bot train it"),
    ],
)
def test_a_card_about_one_use_says_of_what_its_headline_is(client, value, sentence):
    rail = make_platform("rail", name="Rail", operator="Rail")
    use = make_use(rail, title="Prompts to the bot train it", data_kinds=["chats"])
    make_state(use, value)
    (card,) = shown(asked(client, "rail")).select(".box-line")
    (told,) = [" ".join(each.text.split()) for each in card.select(".verdict-sentences li")]
    assert told.startswith(sentence)


def test_what_is_on_record_in_some_places_only_is_named_once(client):
    rail = make_platform("rail", name="Rail", operator="Rail")
    use = make_use(rail, title="Prompts to the bot train it", places=["US"])
    make_state(use, "unclear")
    (card,) = shown(asked(client, "rail")).select(".box-line")
    told = [" ".join(each.text.split()) for each in card.select(".verdict-sentences li")]
    assert told == [
        "Unclear whether prompts to the bot train it (US)",
        "Nothing on record elsewhere",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "does google train Gemini with my Gmail?",
        "trainiert google gemini mit meinen gmail",
        "est-ce que google entraîne gemini avec mes gmail",
    ],
)
def test_the_product_with_the_data_comes_first(client, question):
    for slug, name in (("google-search", "Google Search"), ("gemini", "Gemini")):
        make_platform(slug, name=name, operator="Google")
    make_platform("gmail", name="Gmail", operator="Google")
    found = lines(asked(client, question))
    assert [line.split()[0] for line in found] == ["Gmail", "Gemini"]


def test_the_address_is_private(client):
    page = asked(client, "instagram")
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies


def test_unknown_names_never_block_the_rest(client):
    page = asked(client, "xyzzyplugh, instagram, Signal")
    assert len(lines(page)) == 1
    words = shown(page).get_text(" ", strip=True)
    assert "We know no service called “xyzzyplugh”." in words
    assert "We do not watch Signal yet." in words


@pytest.mark.parametrize("typed", ["adobe creative cloud and behance", "behance for adobe, slack"])
def test_what_is_not_on_record_by_itself_is_said_first_if_its_company_is_named_too(client, typed):
    main = " ".join(shown(asked(client, typed)).main.get_text(" ").split())
    said = "Behance is not on record by itself. It belongs to Adobe"
    assert main.count(said) == 1
    assert main.index(said) < main.index("All of Adobe") < main.index("Adobe Creative Cloud")


@pytest.mark.parametrize(
    ("prefix", "typed", "said"),
    [
        ("", "toys that talk, slack", "We watch no toys yet."),
        ("/de", "sprechende puppen mit slack", "Wir beobachten noch kein Spielzeug."),
        ("/fr", "jouets qui parlent, slack", "Nous ne suivons encore aucun jouet."),
        ("", "slack, xyzzyplugh", "We know no service called “xyzzyplugh”."),
    ],
)
def test_what_is_not_watched_is_said_before_the_answers_of_others(client, prefix, typed, said):
    page = shown(client.get(f"{prefix}/answers", {"q": typed}, follow=True))
    (notice,) = page.select(".notice")
    assert said in notice.get_text(" ")
    assert [each.text for each in notice.find_all_next(class_="box-name")] == ["Slack"]


def test_a_kind_of_service_that_is_part_of_a_name_is_not_said_to_be_missing(client):
    make_platform("toy", name="Toy Maps", operator="Toy")
    assert not shown(asked(client, "toy maps")).select(".notice")


def test_products_lead_to_their_owner(client):
    page = asked(client, "Behance, slack")
    assert lines(page)[0].startswith("Adobe Creative Cloud")
    assert "Behance is not on record by itself. It belongs to Adobe" in shown(page).get_text(" ")


@pytest.mark.parametrize(
    "typed", ["insta gram; dis cord", "instagarm, discrod", "instagram and discord"]
)
def test_slips_and_other_separators_are_understood(client, typed):
    assert [each.split()[0] for each in lines(asked(client, typed))] == ["Instagram", "Discord"]


def test_a_question_goes_to_the_search(client):
    page = asked(client, "how do I object to training")
    assert page.redirect_chain[-1][0] == "/search?q=how+do+I+object+to+training"


def test_the_place_is_offered_from_the_language_and_used_only_when_taken(client):
    use = make_use(make_platform("tube", name="Tube"), except_places=["DE"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, places=["DE"]), "not-used")
    page = client.get("/answers?q=tube", headers={"accept-language": "de-DE,en;q=0.5"})
    assert "Depends on your country" in lines(page)[0]
    offer = shown(page).select_one(".box-place a")
    assert "Germany" in offer.text
    taken = client.get(f"/answers{offer['href']}")
    assert "No, source not on record" in lines(taken)[0]
    assert not shown(client.get("/answers?q=tube", headers={"accept-language": "de"})).select(
        ".box-place"
    )


def test_no_place_is_offered_where_it_changes_no_answer(client):
    use = make_use(make_platform("tube", name="Tube"), except_places=["DE"])
    for of in (use, make_branch(use, places=["DE"])):
        make_state(of, "not-used", starts_on=dt.date(2023, 1, 1))
    make_state(use, "unless-refused", starts_on=dt.date(2026, 1, 1))

    def offers(typed, place="DE", **query):
        page = client.get(
            "/answers", {"q": typed, **query}, headers={"accept-language": f"en-{place}"}
        )
        return [link["href"] for link in shown(page).select(".box-place a")]

    assert offers("tube")
    assert offers("tube, slack")
    assert not offers("slack")
    assert offers("tube on 1 February 2024")  # the answer of today is another there
    assert not offers("tube in France")
    assert not offers("tube in Europe")
    (address,) = offers("tube", asof="2026-02-01", people="personal")
    taken = client.get(f"/answers{address}")
    assert "On 1 February 2026" in lines(taken)[0]
    assert "No" in lines(taken)[0]


def test_a_place_that_is_typed_is_the_place_of_the_answer(client):
    use = make_use(make_platform("tube", name="Tube"), except_places=["GB"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, places=["GB"]), "not-used")
    assert "No, source not on record" in lines(asked(client, "tube uk"))[0]


def test_the_box_suggests_names_without_script(client):
    options = shown(client.get("/")).select("#box-names option")
    assert "Adobe Creative Cloud" in [each["value"] for each in options]


def test_pages_that_answer_other_questions_are_linked_below_the_box(client):
    links = shown(client.get("/")).select("#box-help, .ways-in a")
    assert [each.get("href") for each in links] == [
        None,
        "/platforms",
        "/next",
        "/numbers",
        "/claims",
        "/corrections",
        "/developers/providers",
        "/for",
    ]


@pytest.mark.parametrize(
    ("typed", "people"),
    [("Workdesk Enterprise", "organisation"), ("I am 14, instagram", "minors")],
)
def test_the_checklist_is_for_those_whose_answer_is_shown(client, typed, people):
    desk = make_platform(
        "workdesk", name="Workdesk", plans=[{"name": "Enterprise", "people": ["organisation"]}]
    )
    branch = make_branch(make_use(desk), people=["organisation"], plans=["Enterprise"])
    make_state(branch, "unless-refused")
    page = asked(client, typed, place="DE")
    checklist = shown(page).select_one('.views a[href^="/checklist"]')
    listed = client.get(checklist["href"])
    chosen = shown(listed).select_one("[name=people] option[selected]")
    assert (chosen["value"], "place=DE" in checklist["href"]) == (people, True)


def test_a_name_that_is_unknown_is_named_on_the_checklist_too(client):
    for name in ("Desk", "Board"):
        make_state(make_use(make_platform(name.lower(), name=name)), "unless-refused")
    page = shown(asked(client, "desk, foobarzap, board"))
    checklist = page.select_one('main a[href^="/checklist?"]')
    listed = shown(client.get(checklist["href"])).main.get_text(" ", strip=True)
    assert "We have nothing on record under this name: foobarzap" in listed


def test_the_checklist_is_for_those_with_most_answers_where_they_are_for_different_people(client):
    for name in ("Desk", "Board"):
        use = make_use(make_platform(name.lower(), name=name), people=["organisation"])
        make_state(use, "unless-refused")
    page = shown(asked(client, "instagram, desk, board"))
    checklist = page.select_one('.answers-sheet a[href^="/checklist"]')
    assert checklist["href"].endswith("&people=organisation")


def test_each_link_of_an_answer_is_for_the_same_place_and_people(client):
    page = shown(asked(client, "instagram, slack", place="DE", people="personal"))
    links = [link["href"] for link in page.select(".box-name a, .box-way a, .views a")]
    links = [each for each in links if not each.startswith("/report")]  # it carries the question
    assert len(links) == 7
    assert [each for each in links if "place=DE" not in each] == []
    of_people = [each for each in links if "people=personal" not in each]
    assert [each.partition("?")[0] for each in of_people] == ["/subscribe"]  # mails are for all
    form = shown(client.get(of_people[0]))
    assert form.select_one("[name=place] option[selected]")["value"] == "DE"


@pytest.fixture
def twitch():
    platform = make_platform("twitch", name="Twitch")
    use = make_use(platform, people=["creators"], who="channel owners", data_kinds=["voice"])
    make_state(use, "unless-refused")
    viewers = make_branch(use, who="viewers who write in chat", who_narrows=True)
    make_state(viewers, "no-way-out")
    switch = make_control(use, label="Training", refuse="turn-off")
    with arranged():
        switch.offers.update(people=["creators"])
    make_guide(platform, switch, minutes=1, slug="twitch-training")
    return platform


def test_who_cannot_refuse_is_told_who_can_and_how(client, twitch):
    (line,) = lines(asked(client, "twitch"))
    assert "there is no way out" in line
    assert "Nothing you can refuse here" not in line
    (way,) = shown(asked(client, "twitch")).select(".box-way p")
    assert way.a["href"].startswith("/guides/twitch-training")
    assert "only for: creators (channel owners)" in " ".join(way.text.split())


@pytest.mark.parametrize(
    "typed",
    some(
        [
            "I stream on Twitch",
            "my stream on Twitch",
            "Ich streame auf Twitch",
            "je stream sur Twitch",
        ],
        few=2,
    ),
)
def test_who_streams_is_a_creator(client, twitch, typed):
    (line,) = lines(asked(client, typed))
    assert "no way out" not in line
    (button,) = shown(asked(client, typed)).select(".box-line .button")
    assert button["href"].startswith("/guides/twitch-training")


def test_a_checklist_says_who_can_refuse_what_the_reader_cannot(client, twitch):
    listed = shown(client.get("/checklist?p=twitch")).main
    told = " ".join(listed.get_text(" ", strip=True).split())
    assert (
        "You cannot refuse what Twitch trains on: voice . These can: creators (channel owners)."
        in told
    )
    assert "Nothing you can refuse here" not in told
    assert listed.select_one('a[href="/guides/twitch-training"]')


def test_an_answer_without_a_way_out_gives_the_reason_on_record(client):
    wikipedia = make_platform("wikipedia", name="Wikipedia")
    make_state(make_use(wikipedia), "no-way-out", note="Articles are under a free licence.")
    for page in (asked(client, "wikipedia"), client.get("/platforms/wikipedia")):
        card = shown(page).select_one(".box-line, .verdict")
        assert "Articles are under a free licence." in card.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "for people in the US"),
        ("de", "Menschen in den USA"),
        ("fr", "personnes aux États-Unis"),
    ],
)
def test_the_place_that_is_offered_has_its_article(client, language, words):
    use = make_use(make_platform("tube", name="Tube"), except_places=["US"])
    make_state(use, "unless-refused")
    prefix = "" if language == "en" else f"/{language}"
    page = client.get(
        f"{prefix}/answers", {"q": "tube"}, headers={"Accept-Language": f"{language}-US"}
    )
    assert words in shown(page).select_one(".box-place a").text


def test_what_can_do_nothing_for_the_accounts_of_a_school_is_no_button(client):
    bot = make_platform("bot", name="Bot", plans=[{"name": "API", "people": ["organisation"]}])
    chats = make_use(bot, title="Chats train models", short={"en": "chats"})
    make_state(chats, "unless-refused")
    temporary = make_control(chats, label="Temporary chat", act_covers="one-conversation")
    with arranged():
        temporary.offers.create()
    make_guide(bot, temporary, minutes=1)
    work = make_use(
        bot, title="What you write at school trains models", people=["organisation"], part="Work"
    )
    make_state(work, "only-if-agreed")
    page = shown(asked(client, "Bot at school"))
    assert "Only if your organisation agrees" in page.select_one(".box-answer").text
    assert not page.select(".box-way")
    sharing = make_control(work, label="Share", by="admin")
    with arranged():
        sharing.offers.create(people=["organisation"], plans=["API"])
    page = shown(asked(client, "Bot at school"))
    assert "only with API" in page.select_one(".box-way").text
    assert not page.select(".box-way .button")


@pytest.mark.parametrize(
    ("value", "basis", "headline", "beside"),
    [
        (
            "no-way-out",
            "stated",
            "Yes, and there is no way out",
            "start not known · Stated by Adobe",
        ),
        ("no-way-out", "reported", "Yes, as reported, and there is no way out", "start not known"),
        ("not-used", "stated", "No, according to Adobe", ""),
        ("not-used", "reported", "No, as reported", ""),
    ],
)
def test_says_once_on_whose_word_an_answer_is(client, value, basis, headline, beside):
    make_state(make_use(Platform.objects.get(slug="adobe")), value, basis=basis)
    line = shown(asked(client, "adobe")).select_one(".box-line")
    assert line.select_one(".box-answer strong").text == headline
    assert "".join(each.text for each in line.select("p.small.muted")) == beside


def test_the_way_out_comes_before_what_differs_elsewhere(client):
    insta = Platform.objects.get(slug="instagram")
    make_state(make_use(insta, title="Reels train too", places=["US"]), "no-way-out")
    card = str(shown(asked(client, "instagram", place="DE")).select_one(".box-line"))
    assert 0 < card.index("/guides/say-no-on-instagram") < card.index("Elsewhere: Reels train too")


def test_many_answers_are_counted_before_they_are_given(client):
    names = ["Elk", "Fox", "Gnu", "Hen", "Ibex"]
    for name in names:
        make_state(make_use(make_platform(name.lower(), name=name)), "not-used")
    assert not shown(asked(client, "Slack, Discord")).select(".box-tally")
    page = shown(asked(client, ", ".join(["Slack", "Discord", *names])))
    told = [" ".join(each.text.split()) for each in page.select(".box-tally li")]
    assert told == [
        "Yes: 1 (Slack)",
        "No: 5 (Elk, Fox, Gnu, Hen, Ibex)",
        "We do not know: 1 (Discord)",
    ]
    links = [each["href"] for each in page.select(".box-tally a")]
    assert all(page.select(link) for link in links)
    assert page.select_one(".box-tally").find_next(class_="box-line")


def test_of_a_service_with_several_answers_the_tally_names_each(client):
    places = ("Germany", "France", "Spain", "Italy", "Austria", "Poland")
    page = shown(asked(client, f"Slack in {', '.join(places)}"))
    (told,) = [" ".join(each.text.split()) for each in page.select(".box-tally li")]
    assert told.startswith("Yes: 6 (Slack: Germany, Slack: France")
    anchors = [each["href"] for each in page.select(".box-tally a")]
    assert len(set(anchors)) == 6
    assert all(len(page.select(anchor)) == 1 for anchor in anchors)


@pytest.mark.parametrize("typed", ["instagram us", "Instagram US"])
def test_a_country_after_a_name_alone_is_one_in_small_letters_too(client, typed):
    (chosen,) = shown(asked(client, typed)).select("#id_place, [name=place][value]")[:1]
    assert "US" in str(chosen)
    assert "people in the US" in " ".join(lines(asked(client, typed)))


def test_us_after_a_verb_is_no_country(client):
    assert "people in the US" not in " ".join(lines(asked(client, "instagram track us")))


@pytest.mark.parametrize(
    ("prefix", "question"),
    [
        ("", "does Slack sell my data to AI companies"),
        ("", "does Slack sell my data"),
        ("/de", "verkauft Slack meine Daten an KI-Firmen"),
        ("/fr", "Slack vend-il mes données à des entreprises d'IA"),
    ],
)
def test_whether_a_service_sells_data_is_answered_with_what_went_to_others(
    client, prefix, question
):
    slack = Platform.objects.get(slug="slack")
    make_state(make_use(slack, purpose="sharing-for-training"), "no-way-out")
    with arranged():
        make_entry(slack, title="Slack licenses posts", effects=["sharing-widened"])
    page = client.get(f"{prefix}/answers", {"q": question}, follow=True)
    (card,) = shown(page).select(".box-line")
    assert "Slack licenses posts" in card.select_one(".box-first").text


@pytest.mark.parametrize(
    ("prefix", "question"),
    [
        ("", "do you sell my data"),
        ("/de", "verkauft ihr meine Daten"),
        ("/fr", "vendez-vous mes données"),
    ],
)
def test_who_sells_data_leads_to_those_who_pass_it_on(client, prefix, question):
    forum = make_platform("forum", name="Forum")
    make_state(make_use(forum, purpose="sharing-for-training"), "no-way-out")
    page = client.get(f"{prefix}/answers", {"q": question}, follow=True)
    assert "Forum" in shown(page).select_one("section[aria-labelledby=uses]").text


@pytest.mark.parametrize("question", ["Slack in Discord", "Discord: Slack inside Discord"])
def test_a_service_in_which_another_is_used_comes_first(client, question):
    names = [each.text for each in shown(asked(client, question)).select(".box-name")]
    assert names == ["Discord", "Slack"]


def test_of_a_company_what_people_use_comes_before_what_programs_use(client):
    make_platform("acme-api", name="Acme API", operator="Acme", category="developer")
    make_platform("acme-mail", name="Acme Mail", operator="Acme", category="workplace")
    names = [each.text for each in shown(asked(client, "Acme")).select(".box-name")]
    assert names == ["Acme Mail", "Acme API"]
