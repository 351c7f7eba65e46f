import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.vocabulary import StateValue
from platforms.outcomes import Outcome
from tests.factories import (
    make_entry,
    make_fetch,
    make_guide,
    make_page,
    make_platform,
    make_setting,
    make_source,
    make_state,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def x():
    return make_platform("x", name="X")


class TestThePlatformPage:
    def test_says_what_holds_today_since_when_and_how_to_say_no(self, client, x):
        setting = make_setting(x, label="Allow your posts to be used for training")
        make_state(setting, "unless-refused", starts_on=dt.date(2024, 7, 16))
        make_guide(x, setting, title="Turn off training on X")
        text = client.get("/platforms/x").text
        assert "On by default" in text
        assert '<time datetime="2024-07-16">16 July 2024</time>' in text
        assert "Allow your posts to be used for training" in text
        assert "Turn off training on X" in text

    def test_puts_the_most_exposed_settings_first(self, client, x):
        for value in ("not-used", "unclear", "no-way-out", "only-if-agreed", "unless-refused"):
            make_state(make_setting(x), value)
        cards = client.get("/platforms/x").context["cards"]
        assert [card.value for card in cards] == [
            "no-way-out",
            "unless-refused",
            "only-if-agreed",
            "not-used",
            "unclear",
        ]

    def test_answers_for_a_day_in_the_past_with_a_banner(self, client, x):
        setting = make_setting(x)
        day = dt.date(2024, 7, 16)
        make_state(setting, "not-used", ends_on=day)
        make_state(setting, "unless-refused", starts_on=day)
        before = client.get("/platforms/x?asof=2024-07-15")
        on_the_day = client.get("/platforms/x?asof=2024-07-16")
        assert [card.value for card in before.context["cards"]] == ["not-used"]
        assert [card.value for card in on_the_day.context["cards"]] == ["unless-refused"]
        assert "State of play on" in before.text
        assert "State of play on" not in client.get("/platforms/x").text

    @pytest.mark.parametrize("nonsense", ["yesterday", "2024-13-45"])
    def test_answers_for_today_when_the_day_is_no_date_and_says_so(self, client, x, nonsense):
        response = client.get(f"/platforms/x?asof={nonsense}")
        assert response.status_code == 200
        assert response.context["asof"] is None
        assert "This is no date." in response.text
        assert "What you see is the state of play today." in response.text

    def test_no_day_is_today(self, client, x):
        response = client.get("/platforms/x?asof=")
        assert response.context["asof"] is None
        assert "This is no date." not in response.text

    def test_each_state_leads_to_the_change_that_brought_it(self, client, x):
        setting, entry = make_setting(x), make_entry(x, title="X turns it on")
        make_state(setting, "unless-refused", opened_by=entry)
        page = client.get("/platforms/x").text
        card = page[page.index('class="state-card ') : page.index("</article>")]
        assert f'href="{entry.get_absolute_url()}"' in card

    def test_a_state_that_a_draft_would_bring_leads_nowhere(self, client, x):
        entry = make_entry(x, status="draft", published_at=None)
        make_state(make_setting(x), "unless-refused", opened_by=entry)
        assert "How we know" not in client.get("/platforms/x").text

    def test_keeps_the_whole_history_in_a_table(self, client, x):
        setting = make_setting(x)
        first, second = dt.date(2023, 1, 1), dt.date(2024, 7, 16)
        make_state(setting, "not-used", starts_on=first, ends_on=second)
        make_state(setting, "unless-refused", starts_on=second)
        chart = client.get("/platforms/x").context["chart"]
        assert [[bar.spell.value for bar in lane.bars] for lane in chart.lanes] == [
            ["not-used", "unless-refused"]
        ]

    def test_shows_a_state_announced_for_later_beside_the_one_in_force(self, client, x):
        setting = make_setting(x)
        day = timezone.localdate() + dt.timedelta(days=20)
        make_state(setting, "only-if-agreed", ends_on=day)
        make_state(setting, "unless-refused", starts_on=day)
        (card,) = client.get("/platforms/x").context["cards"]
        assert (card.value, card.next_state.value) == ("only-if-agreed", "unless-refused")

    def test_names_a_page_that_could_not_be_read_with_the_reason(self, client, x):
        make_fetch(make_page(x, title="Grok help"), Outcome.BOT_WALL)
        text = client.get("/platforms/x").text
        assert "Gap:" in text
        assert "blocks automated readers" in text

    def test_says_since_when_it_watches_when_nothing_has_changed(self, client, x):
        make_fetch(make_page(x), at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
        text = client.get("/platforms/x").text
        assert "No change seen since we began watching on" in text
        assert "1 March 2026" in text

    @pytest.mark.parametrize("outcome", [Outcome.BOT_WALL, Outcome.TIMEOUT, None])
    def test_says_that_pages_were_never_read(self, client, x, outcome):
        page = make_page(x)
        if outcome:
            make_fetch(page, outcome)
        text = client.get("/platforms/x").text
        assert "We have not been able to read these pages yet." in text
        assert "No change seen" not in text

    def test_watching_begins_with_the_first_visit_that_read_the_page(self, client, x):
        page = make_page(x)
        make_fetch(page, Outcome.BOT_WALL, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        make_fetch(page, at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
        assert "1 March 2026" in client.get("/platforms/x").text

    @pytest.mark.parametrize("address", ["/", "/platforms/x"])
    def test_with_announced_changes_alone_it_says_so(self, client, x, address):
        make_fetch(make_page(x))
        make_entry(x, effective_on=timezone.localdate() + dt.timedelta(days=30))
        text = client.get(address).text
        assert "No change has taken effect yet" in text
        assert "No change is published yet" not in text
        assert "No change seen" not in text

    def test_never_links_a_draft_from_the_history(self, client, x):
        draft = make_entry(x, title="Still secret", status="draft", published_at=None)
        make_state(make_setting(x), starts_on=dt.date(2024, 7, 16), opened_by=draft)
        assert "Still secret" not in client.get("/platforms/x").text

    def test_never_shows_a_guide_that_is_a_draft(self, client, x):
        make_guide(x, make_setting(x), title="Unready guide", status="draft")
        assert "Unready guide" not in client.get("/platforms/x").text

    def test_asks_no_more_questions_for_many_records_than_for_few(
        self, client, x, django_assert_max_num_queries
    ):
        for _ in range(8):
            setting = make_setting(x)
            entry = make_entry(x)
            entry.settings.add(setting)
            make_source(entry)
            make_state(setting, starts_on=dt.date(2024, 7, 16), opened_by=entry)
            make_guide(x, setting)
            page = make_page(x)
            setting.pages.add(page)
            make_fetch(page)
        with django_assert_max_num_queries(15):
            client.get("/platforms/x")

    def test_is_not_there_for_an_unknown_platform(self, client):
        assert client.get("/platforms/nobody").status_code == 404


class TestTheListOfPlatforms:
    def test_shows_each_state_of_a_platform_once(self, client, x):
        for value in ("only-if-agreed", "unless-refused", "unless-refused"):
            make_state(make_setting(x), value)
        (group,) = client.get("/platforms").context["groups"]
        assert [line.values for line in group.lines] == [["unless-refused", "only-if-agreed"]]

    def test_can_be_narrowed_to_a_state(self, client, x):
        make_state(make_setting(x), "unless-refused")
        make_state(make_setting(make_platform("mastodon")), "not-used")
        (group,) = client.get("/platforms?state=not-used").context["groups"]
        assert [line.platform.slug for line in group.lines] == ["mastodon"]

    def test_looks_up_a_day_in_the_past(self, client, x):
        make_state(make_setting(x), "unless-refused", starts_on=dt.date(2024, 7, 16))
        (group,) = client.get("/platforms?asof=2024-01-01").context["groups"]
        assert group.lines[0].values == [StateValue.UNCLEAR]

    def test_asks_a_fixed_number_of_questions(self, client, django_assert_max_num_queries):
        for _ in range(30):
            make_state(make_setting(make_platform()))
        with django_assert_max_num_queries(9):
            client.get("/platforms")


def test_settings_stand_in_a_table_too(client):
    x = make_platform("x", name="X")
    setting = make_setting(x, label="Train on my posts", path="Settings › Privacy")
    make_state(setting, starts_on=dt.date(2024, 7, 26))
    page = BeautifulSoup(client.get("/platforms/x").text, "lxml")
    cells = [
        cell.get_text(" ", strip=True) for cell in page.select(".settings-table tbody > tr > *")
    ]
    assert cells[:3] == ["Train on my posts", "On by default", "26 July 2024"]
    assert "Settings › Privacy" in cells
    assert page.select_one(".settings-table tbody a")["href"] == f"#{setting.slug}"


@pytest.mark.parametrize(
    ("value", "words"),
    [("no-way-out", "no way is offered"), ("not-used", "no need while it is so")],
)
def test_only_what_is_used_lacks_a_way_to_say_no(client, value, words):
    setting = make_setting(make_platform("x", name="X"), route="none")
    make_state(setting, value)
    page = BeautifulSoup(client.get("/platforms/x").text, "lxml")
    assert f"To say no {words}" in page.select_one(".state-card").get_text(" ", strip=True)
