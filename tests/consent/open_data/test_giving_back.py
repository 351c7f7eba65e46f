"""Files for those who keep such notes themselves; nothing is sent."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from platforms.fetching.ai_crawlers import known_crawlers
from tests.factories import (
    make_control,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


def written(tmp_path, **options):
    call_command("give_back", tmp_path / "out", stdout=io.StringIO(), **options)
    return tmp_path / "out"


@pytest.fixture
def chirp():
    platform = make_platform("chirp", name="Chirp", same_as={"justdeleteme": "Chirp (bird)"})
    use = make_use(platform, slug="posts")
    make_state(use, basis="stated")
    make_guide(platform, make_control(use), slug="chirp-posts")
    return platform


def test_notes_name_the_answer_and_the_guide_of_services_that_train(tmp_path, chirp):
    quiet = make_platform("quiet", same_as={"justdeleteme": "Quiet"})
    make_state(make_use(quiet, slug="posts", title_if_not="No"), value="not-used")
    make_platform("unlisted-there")
    assert json.loads((written(tmp_path) / "justdeleteme-notes.json").read_text()) == [
        {
            "name": "Chirp (bird)",
            "notes": "AI training: Yes, unless you opt out."
            " http://127.0.0.1:8000/guides/chirp-posts",
        }
    ]


def test_help_and_settings_pages_are_declared_as_documents(tmp_path, chirp):
    make_page(chirp, url="https://chirp.example/help", title="Training", select=["main"])
    make_page(chirp, url="https://chirp.example/set", kind="settings", access="account")
    make_page(chirp, url="https://chirp.example/terms", kind="terms")
    (declared,) = (written(tmp_path) / "open-terms-archive").iterdir()
    assert declared.name == "Chirp.json"
    said = json.loads(declared.read_text())
    assert said["name"] == "Chirp"
    (document,) = said["terms"].values()
    assert document == {"fetch": "https://chirp.example/help", "select": ["main"]}


def test_only_crawlers_that_the_other_list_lacks_are_written(tmp_path):
    everyone = json.loads((written(tmp_path) / "ai-robots-additions.json").read_text())
    names = [each.name for each in known_crawlers()]
    assert list(everyone) == names
    fields = {"operator", "respect", "function", "frequency", "description"}
    assert all(each.keys() == fields for each in everyone.values())
    known = tmp_path / "robots.json"
    known.write_text(json.dumps({name.upper(): {} for name in names[1:]}))
    folder = written(tmp_path, crawlers_known=known)
    assert list(json.loads((folder / "ai-robots-additions.json").read_text())) == names[:1]


def test_a_list_of_crawlers_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        written(tmp_path, crawlers_known=tmp_path / "nothing.json")


def test_the_letter_has_the_places_that_the_other_site_fills_in(tmp_path):
    letter = (written(tmp_path) / "objection-ai-training.txt").read_text()
    assert "{id_data}" in letter
    assert "[runs>: {runs_list}]" in letter
    assert "Article 21(1)" in letter
