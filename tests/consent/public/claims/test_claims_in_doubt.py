"""Questions whether something is true, helps or works lead to the claim that they are about."""

from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from django.conf import settings as project

from consent.declarations.claims import claims_in
from consent.public.claims.finding import doubted_claims
from consent.search.pages import asks_for
from consent.search.plain_words import words
from tests.sweeps import some

pytestmark = pytest.mark.few_cases

QUESTIONS = yaml.safe_load((Path(__file__).parent / "claims_in_doubt.yaml").read_text())
ABOUT_NONE = QUESTIONS.pop("")
OF_A_READER = [
    "a friend says posting on Facebook that I forbid it stops Meta. is that true",
    "does it help to post 'I do not allow Meta to use my photos' on my Facebook wall?",
    "Is it true that a Facebook post stops Meta from using my pictures",
    "that copy-and-paste post against Meta, does it work?",
    "I posted on Facebook that Meta may not use my photos, is that valid?",
    "Hilft ein Widerspruchs-Posting auf Facebook gegen Meta?",
]
TAKEN_BEFORE = [
    "if i delete my instagram are my photos out of the ai",
    "opt out instagram then old pictures removed from model?",
    "i opted out on deviantart, do they delete what was already taken",
    "do they delete what was taken after opt out",
    "wenn ich Instagram lösche, sind meine Fotos dann aus der KI raus",
    "Widerspruch bei LinkedIn: werden alte Daten gelöscht",
    "si je supprime mon compte instagram mes photos sont-elles retirées du modèle",
]


def test_each_claim_has_five_questions_at_least():
    assert QUESTIONS.keys() == {claim.slug for claim in claims_in(project.CATALOG_DIR)}
    assert min(map(len, QUESTIONS.values())) == 5


@pytest.mark.parametrize(
    ("slug", "question"), [(slug, asked) for slug, each in QUESTIONS.items() for asked in each]
)
def test_a_doubted_claim_is_known(slug, question):
    assert slug in doubted_claims(words(question))


@pytest.mark.parametrize("question", ABOUT_NONE)
def test_a_question_about_no_claim_doubts_none(question):
    assert not doubted_claims(words(question))


@pytest.mark.parametrize(
    "question",
    [
        "can i delete my chatgpt chats",
        "how do I remove my old posts from Reddit",
        "kann ich alte Chats bei Claude löschen",
        "comment supprimer mes photos de Google Photos",
        "where do I turn it off and can I delete my Grok chats?",
        "how do I opt out of ChatGPT, where do I delete old chats",
        "Wo kann ich ChatGPT abschalten und kann ich alte Chats löschen?",
        "comment désactiver Grok et puis-je supprimer mes anciennes conversations",
        "When was Grok's training switched on, where to turn it off, can old chats be deleted",
        "Seit wann trainiert Grok, wo kann ich widersprechen, werden alte Chats gelöscht?",
        "depuis quand Grok entraîne-t-il, comment refuser, les anciennes discussions sont-elles"
        " supprimées",
    ],
)
def test_deleting_from_a_service_is_no_doubt_about_training(question):
    assert not doubted_claims(words(question))


def test_work_is_no_question_whether_something_works():
    assert not asks_for("true", words("does Google train on pupils' work?"))
    assert asks_for("true", words("does a post that forbids it work?"))


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_gist_of_a_claim_is_a_whole_sentence(language):
    for claim in claims_in(project.CATALOG_DIR):
        told, _language = claim.told_in(language)
        assert told.finding.startswith(told.gist)
        assert told.gist.endswith(".")
        assert not told.gist[-2].isdecimal(), "the number of a day"


def page(client, question, prefix=""):
    response = client.get(f"{prefix}/answers", {"q": question}, follow=True)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "lxml").main


@pytest.mark.django_db
@pytest.mark.usefixtures("whole_catalog")
class TestOnPages:
    @pytest.mark.parametrize("question", TAKEN_BEFORE)
    def test_what_was_taken_before_is_answered_by_its_claim_first(self, client, question):
        main = page(client, question)
        assert main.select_one("#claims, .box-name, #platforms")["id"] == "claims"
        assert main.select_one(".hit-title")["href"].endswith("/claims/opting-out-takes-back")

    @pytest.mark.parametrize(
        ("prefix", "question", "told"),
        [
            (
                "",
                "When did X switch on training of Grok, did it say so, who provides Grok, where"
                " do I turn it off and can I delete my Grok chats?",
                "People were not told",
            ),
            (
                "/de",
                "Grok auf X: haben die das gesagt, wo kann ich es abschalten und kann ich alte"
                " Chats löschen?",
                "nicht informiert",
            ),
            (
                "/fr",
                "Grok sur X : l'ont-ils dit, où le désactiver et comment supprimer mes anciennes"
                " conversations ?",
                "n’ont pas été informées",
            ),
        ],
    )
    def test_who_wants_to_refuse_and_to_delete_gets_the_service_first(
        self, client, prefix, question, told
    ):
        main = page(client, question, prefix)
        assert main.select_one("#claims, .box-name, #platforms").text == "X"
        assert told in main.select_one(".box-line").text

    @pytest.mark.parametrize("question", OF_A_READER)
    def test_the_post_that_forbids_is_answered_by_its_claim_first(self, client, question):
        main = page(client, question)
        assert main.select_one("#claims, .box-name, #platforms")["id"] == "claims"
        assert main.select_one(".hit-title")["href"] == "/claims/forbidding-post"
        assert "Nothing on record gives such a post any effect" in main.select_one(".hit").text

    @pytest.mark.parametrize("slug", list(QUESTIONS))
    def test_the_first_claim_is_the_doubted_one(self, client, slug):
        for question in some(QUESTIONS[slug], 1):
            main = page(client, question)
            assert main.select_one("#claims, .box-name, #platforms")["id"] == "claims", question
            assert main.select_one(".hit-title")["href"] == f"/claims/{slug}", question

    @pytest.mark.parametrize(
        ("prefix", "question", "said"),
        [
            ("", "is it true that tiktok will close", "not among the claims we have checked"),
            ("/de", "Stimmt es, dass TikTok schließt?", "nicht unter den Behauptungen"),
            ("/fr", "Est-ce vrai que TikTok va fermer ?", "ne fait pas partie des affirmations"),
        ],
    )
    def test_what_is_no_claim_is_not_answered_by_a_bold_yes(self, client, prefix, question, said):
        main = page(client, question, prefix)
        text = main.text
        assert said in text
        assert text.index(said) < text.index(main.select_one(".box-answer").text)

    @pytest.mark.parametrize("question", some(ABOUT_NONE, 4))
    def test_a_question_about_no_claim_begins_with_none(self, client, question):
        main = page(client, question)
        assert "not among the claims we have checked" in main.text
        assert not main.select("#claims")

    def test_the_answer_below_a_claim_is_said_to_be_another_one(self, client):
        main = page(client, OF_A_READER[0])
        assert "Below: do these services train AI on what people give them?" in main.text
        assert "not among the claims" not in main.text
