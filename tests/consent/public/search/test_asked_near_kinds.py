"""Questions about a kind of data that uses have under a near one, or only for other people."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_platform, make_state, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    office = make_platform("cumulus", name="Cumulus")
    use = make_use(office, data_kinds=["mail-and-documents"], covers="Mail and files in Cumulus")
    make_state(use, "unless-refused")
    chats = make_use(office, data_kinds=["chats"], short={"en": "chats"})
    make_state(chats, "no-way-out")
    return office


def asked(client, question, language=""):
    page = client.get(f"{language}/answers", {"q": question}, follow=True)
    line = BeautifulSoup(page.text, "lxml").select_one(".box-line")
    return " ".join(line.get_text(" ").split())


@pytest.mark.parametrize(
    ("language", "question", "first", "alone"),
    [
        (
            "",
            "does cumulus train on my files",
            "Cumulus Mail and documents: Yes",
            "Files, taken alone: nothing on record.",
        ),
        (
            "/de",
            "trainiert cumulus mit meinen dateien",
            "Cumulus E-Mails und Dokumente: Ja",
            "Dateien, für sich genommen: nichts verzeichnet.",
        ),
        (
            "/fr",
            "cumulus utilise mes fichiers ?",
            "Cumulus E-mails et documents : Oui",
            "Fichiers, séparément : rien de consigné.",
        ),
    ],
)
def test_files_are_answered_with_the_documents_that_have_them(
    client, office, language, question, first, alone
):
    told = asked(client, question, language)
    assert told.startswith(first)
    assert told.index(alone) > len(first)


def test_documents_are_answered_with_files(client):
    chat = make_platform("parrot", name="Parrot")
    make_state(make_use(chat, data_kinds=["chats", "files"]), "unless-refused")
    told = asked(client, "does parrot train on my documents")
    assert told.startswith("Parrot Yes")
    assert "Mail and documents, taken alone: nothing on record." in told


def test_files_by_themselves_keep_their_own_answer(client, office):
    make_state(make_use(office, data_kinds=["files"]), "not-used")
    told = asked(client, "does cumulus train on my files")
    assert told.startswith("Cumulus Files: No")
    assert "taken alone" not in told


def test_what_is_on_record_for_others_alone_is_said_after_the_answer(client):
    chat = make_platform("parrot", name="Parrot")
    make_state(make_use(chat, data_kinds=["voice"]), "unless-refused")
    work = make_use(chat, data_kinds=["chats"], people=["organisation"])
    make_state(work, "only-if-agreed")
    told = asked(client, "does parrot train on the voice of our company")
    assert told.startswith("Parrot All together: Only if your organisation agrees")
    assert "Voice, taken alone: nothing on record." in told


@pytest.mark.usefixtures("whole_catalog")
@pytest.mark.parametrize(
    "question",
    [
        "Does Gemini in Google Workspace train on our company mail and files?",
        "Does Google Workspace train on our Drive files?",
    ],
)
def test_files_in_workspace_are_answered(client, question):
    page = client.get("/answers", {"q": question}, follow=True)
    answers = BeautifulSoup(page.text, "lxml").select(".box-answer")
    assert answers
    for answer in answers:
        assert "nothing on record" not in answer.text
        assert "Only if your organisation agrees" in answer.text
