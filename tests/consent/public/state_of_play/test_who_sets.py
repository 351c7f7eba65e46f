"""Who asks for an organisation learns who can set it: its admins, each account, or both."""

import pytest
from bs4 import BeautifulSoup

from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

WORK = {"people": ["personal", "organisation"]}


@pytest.fixture
def mail():
    """Mail of an organisation: a switch of each account, whose start its admins set."""
    platform = make_platform(
        "mail",
        name="Postbox",
        operator="Post",
        plans=[
            {"name": "Work", "people": ["organisation"]},
            {"name": "API", "kind": "api", "people": ["organisation"]},
        ],
    )
    models = make_use(platform, title="Mail trains models", short={"en": "models"}, **WORK)
    make_state(models, "unclear")
    feature = make_use(platform, title="Mail feeds smart features", purpose="feature", **WORK)
    make_state(feature, "unless-refused")
    own = make_control(models, feature, label="Smart features")
    with arranged():
        own.offers.create()
    make_guide(platform, own, minutes=3, slug="own-account")
    admin = make_control(
        feature, label="Smart features for all", by="admin", note="People can change it."
    )
    with arranged():
        admin.offers.create(people=["organisation"])
    make_guide(platform, admin, minutes=5, slug="for-admins", who="super administrators")
    return platform


def asked(client, typed, prefix=""):
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": typed}).text, "lxml")
    return page.select_one(".box-line")


def words(tag):
    return " ".join(tag.get_text(" ", strip=True).split())


def settings_in(tag):
    """What can be set, each with the words above it where it is not about training."""
    heading = tag.find("p", string=lambda text: text and "Who can set it" in text)
    others = tag.find("summary", string=lambda text: "not for training" in str(text))
    lists = [heading.find_next_sibling("ul"), others and others.find_next_sibling("ul")]
    found = list(dict.fromkeys(each for part in lists if part for each in part.select("li")))
    return [
        f"{words(each.find_parent('details').summary)} - {words(each)}"
        if others in each.find_all_previous("summary")
        else words(each)
        for each in found
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Our company uses Postbox. Does Post train on the company's mail?",
        "Postbox company mail training",
        "we use Postbox at work",
        "Does Postbox train on our firm's mail?",
    ],
)
def test_the_guide_of_the_admin_comes_first_whatever_the_words(client, mail, question):
    card = asked(client, question)
    assert card.select_one(".box-way .button")["href"].startswith("/guides/for-admins")
    assert settings_in(card) == [
        "Super administrators : Turn off Smart features for all"
        " (only for features that use the data; sets “Smart features” too)"
        " · on by default. People can change it.",
        "Each account by itself : Turn off Smart features",
    ]


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("", "For administrators · 5 min : Postbox only for features that use the data"),
        ("/de", "nur für Funktionen, die die Daten nutzen"),
        ("/fr", "seulement pour des fonctionnalités qui utilisent les données"),
    ],
)
def test_the_button_of_the_admin_says_that_it_is_for_features(client, mail, prefix, told):
    assert told in words(asked(client, "Postbox company", prefix).select_one(".box-way"))


def test_the_page_of_the_platform_and_programs_say_the_same(client, mail):
    address = "/platforms/mail?people=organisation"
    page = BeautifulSoup(client.get(address).text, "lxml").select_one(".verdict")
    assert page.select_one(".way-buttons .button")["href"].startswith("/guides/for-admins")
    assert settings_in(page) == settings_in(asked(client, "Postbox at our company"))
    answer = client.get("/api/v1/verdict?platform=mail&people=organisation").json()["item"]
    assert [each["by"] for each in answer["settings"]] == ["admin", "person"]
    assert [guide["id"] for each in answer["settings"] for guide in each["guides"]] == [
        "for-admins",
        "own-account",
    ]


def test_nobody_else_is_told_of_it(client, mail):
    card = asked(client, "Postbox")
    assert "Who can set it" not in card.text
    answer = client.get("/api/v1/verdict?platform=mail&people=personal").json()["item"]
    assert answer["settings"] == []


def test_what_admins_set_about_other_uses_alone_is_named_and_is_no_button(client):
    calls = make_platform("calls", name="Callroom")
    make_state(make_use(calls, title="Calls train models", people=["organisation"]), "not-used")
    notes = make_use(calls, title="Notes", purpose="feature", people=["organisation"])
    make_state(notes, "unless-refused")
    make_guide(calls, make_control(notes, label="Notes of calls", by="admin"), slug="notes")
    card = asked(client, "Callroom at our company")
    (told,) = settings_in(card)
    assert told.startswith("For other uses of the data, not for training: 1 - ")
    assert not card.select(".box-way .button")


@pytest.fixture
def preset():
    """A feature that is off in Europe: admins set where its switch starts, each person decides."""
    office = make_platform("office", name="Officeroom")
    make_state(make_use(office, title="Files train models", people=["organisation"]), "not-used")
    feature = make_use(office, title="Files feed helpers", purpose="feature", **WORK)
    make_state(feature, "only-if-agreed")
    own = make_control(feature, label="My helpers", note="Your own choice wins.")
    with arranged():
        own.offers.create(people=["organisation"])
    make_guide(office, own, slug="my-helpers")
    make_control(feature, label="Helpers by default", by="preset")
    return office


def test_the_switches_of_each_account_stand_beside_a_default_that_admins_set(client, preset):
    others = "For other uses of the data, not for training: 2"
    assert settings_in(asked(client, "Officeroom at our company")) == [
        f"{others} - Administrators : Leave Helpers by default off",
        f"{others} - Each account by itself : Leave My helpers off . Your own choice wins.",
    ]


def test_people_agree_themselves_where_admins_set_the_default_alone(client, preset):
    page = client.get("/guides/my-helpers?people=organisation").text
    assert "Files feed helpers only if you agree" in " ".join(page.split())


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("", "Training needs the agreement of your organisation; no switch for giving it is on"),
        (
            "/de",
            "Für das Training braucht es die Zustimmung Ihrer Organisation; ein Schalter dafür",
        ),
        ("/fr", "L’entraînement demande l’accord de votre organisation"),
    ],
)
def test_that_no_switch_is_on_record_is_said(client, prefix, told):
    desk = make_platform("desk", name="Workdesk")
    make_state(make_use(desk, people=["organisation"]), "only-if-agreed")
    assert told in words(asked(client, "Workdesk company", prefix))
    # What admins set about features with the same data is no agreement.
    helpers = make_use(desk, purpose="feature", people=["organisation"])
    make_state(helpers, "unless-refused")
    make_control(helpers, label="Feature access", by="admin")
    with_features = words(asked(client, "Workdesk company", prefix))
    assert told in with_features
    assert "Feature access" in with_features


def test_a_switch_of_persons_is_none_for_an_organisation_that_agrees_or_not(client):
    use = make_use(make_platform("desk", name="Workdesk"), people=["personal"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, people=["organisation"]), "only-if-agreed")
    voice = make_use(use.platform, title="Voice trains models", people=["personal"])
    make_state(voice, "only-if-agreed")
    box = make_control(voice, label="Train on my voice")
    with arranged():
        box.offers.create()
    card = words(asked(client, "Workdesk company"))
    assert "no switch for giving it is on record" in card
    assert "Train on my voice" not in card


def test_a_switch_of_the_api_is_no_answer_for_the_accounts_of_a_school(client, mail):
    use = mail.uses.get(title="Mail trains models")
    sharing = make_control(use, label="Share with us", by="admin")
    with arranged():
        sharing.offers.create(people=["organisation"], plans=["API"])
    page = BeautifulSoup(client.get("/answers", {"q": "Postbox at our school"}).text, "lxml")
    assert "Answers for accounts of a school." in words(page)
    assert "Share with us" not in page.text


@pytest.mark.parametrize("plan", ["Business", "Enterprise"])
def test_a_plan_of_organisations_that_is_not_on_record_asks_for_one(client, plan):
    files = make_platform("files", name="Filebox")
    make_state(make_use(files), "not-used")
    make_state(make_use(files, people=["organisation"]), "only-if-agreed")
    assert (
        "organisation" in asked(client, f"Filebox {plan} training").select_one(".box-answer").text
    )


def test_what_admins_turn_off_altogether_is_not_told_to_be_off(client):
    helper = make_platform("helper", name="Helper")
    prompts = make_use(helper, title="Prompts train models", people=["organisation"])
    make_state(prompts, "only-if-agreed")
    access = make_control(prompts, by="admin", refuse="leave", name="Turn off the Helper app")
    with arranged():
        access.offers.create(people=["organisation"])
    make_guide(helper, access, minutes=5, slug="helper-off", who="administrators")
    card = asked(client, "does Helper train on our work data")
    assert settings_in(card) == ["Administrators : Turn off the Helper app"]


@pytest.fixture
def suite():
    """Mail that trains only if an organisation agrees, beside a feature with two switches."""
    suite = make_platform("suite", name="Suitebox", operator="Suite")
    models = {"part": "Helper", "short": {"en": "Helper"}, **WORK}
    make_state(make_use(suite, title="Mail trains Helper", **models), "only-if-agreed")
    make_state(make_use(suite, title="Mail trains others", people=["organisation"]), "not-used")
    feature = make_use(suite, title="Suitebox reads mail to help", purpose="feature", **WORK)
    make_state(feature, "unless-refused")
    own = make_control(feature, label="My help", position=1)
    console = make_control(feature, label="Help for all", by="preset", position=2)
    with arranged():
        own.offers.create()
        console.offers.create(people=["organisation"])
    make_guide(suite, own, minutes=2, slug="my-help")
    make_guide(suite, console, minutes=4, slug="help-for-all", who="administrators")
    return suite


@pytest.mark.parametrize(
    ("prefix", "typed", "told"),
    [
        (
            "",
            "Suitebox at our company: does Helper train on our mail?",
            "For other uses of the data, not for training",
        ),
        (
            "/de",
            "Suitebox in unserer Firma: trainiert Helper mit unseren Mails?",
            "Für andere Verwendungen der Daten, nicht fürs Training",
        ),
    ],
)
def test_what_admins_set_of_other_uses_is_a_setting_and_no_button(
    client, suite, prefix, typed, told
):
    card = asked(client, typed, prefix)
    assert not card.select('.box-way a[href*="help-for-all"]')
    (setting, *_others) = card.select('li:has(a[href*="help-for-all"])')
    assert told in words(setting.find_parent("details").summary)


def test_a_person_is_led_to_the_switch_of_the_account(client, suite):
    card = asked(client, "Suitebox: how do I turn off Helper?")
    assert not card.select('.box-way a[href*="help-for-all"]')
