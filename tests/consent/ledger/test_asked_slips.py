"""One wrong letter in a word for people, a country or what is asked is corrected; words are not."""

import pytest
from django.utils import translation

from consent.ledger.asked_slips import Slip, without_slips
from tests.factories import make_platform

WITHOUT_SLIPS = """
does it form a profile of me on facebook
chatgpt works well for me
I teach with gemini
state of training at linkedin
does slack train in china
is the chain of emails in gmail read
who accounts for what meta does
I accept the terms of zoom
does reddit accent my posts
is my layer of drawings in figma used
the clarity of the linkedin notice
stuff I wrote on reddit
my collage on pinterest
a chill evening on spotify
chili recipes on pinterest
tumor pictures sent to chatgpt
she teaches and uses claude
he reached my inbox in gmail
laughter recorded by alexa
the headline on x was wrong
a mirror selfie on instagram
miners on discord talk about ai
my manor on airbnb
pages I related to chatgpt
a pupil of mine likes snapchat
francs paid with paypal
the stain on my photo in google photos
chatgpt and trance music
indie songs on spotify
italic text in google docs
warmed up for zoom
dated photos on instagram
he earned money on youtube
purse photos on ebay
nursed my baby, photos on facebook
colleges I follow on linkedin
employers on linkedin see my posts
doctors on tiktok
counsel I asked on chatgpt
does meta train in south korea
my friend lives in niger and uses whatsapp
georgia on my mind on spotify
is slack fine for a small clinic
announces meta something soon
ist pollen auf instagram ein thema
trainiert meta in polen
meine schule nutzt teams
schulen und zoom
firmen auf linkedin
stunden mit chatgpt
gelöschte beiträge bei reddit
studien auf chatgpt
wer behält meine chats
kundigt chatgpt mein abo
lehren mit gemini
leere seiten in notion
die leber auf instagram
schüler mit chatgpt
schuld an der weitergabe von fotos
fischen auf youtube
konten bei facebook
kosten von chatgpt
kanto ist auf spotify
frist bei meta
first bei instagram
firmung auf facebook
chinesen auf tiktok
spaniel auf instagram
verein auf whatsapp
les élèves écrivent à chatgpt
la chine et tiktok
une chaîne sur youtube
mon compte instagram
le conte que chatgpt a écrit
les contes sur youtube
la comète sur instagram
une société de musique sur spotify
les élevés de reddit
le délai chez meta
le relais de mes photos sur facebook
mes amis de suède sur whatsapp
la france et linkedin
ma fiancée sur tinder
colle et papier sur pinterest
le travail avec copilot
"""
#: Sentences with one slip, and the word that is meant.
WITH_SLIPS = """
chatgpt company acount > account
we are a comany and use chatgpt > company
our buisness uses chatgpt > business
our bussiness uses gemini > business
our busness uses claude > business
our organistion uses slack > organisation
our orgnization uses chatgpt > organization
my pupils use chatgpt and gemini with school acounts > accounts
our shcool uses chatgpt > school
our schol uses gemini > school
I am a techer and use chatgpt > teacher
I am a teachr and use claude > teacher
as a laywer i use chatgpt > lawyer
as a docter i use chatgpt > doctor
my stundents use chatgpt > students
my daugther uses chatgpt > daughter
my daughtr uses snapchat > daughter
my duaghter has gemini > daughter
my chidren use youtube > children
childern on instagram > children
teenagrs on tiktok > teenagers
chatgpt for our univeristy > university
my employr gave me copilot > employer
chatgpt bussiness account > business
chatgpt without an acount > account
does linkedin train in germny > Germany
does linkedin train in brazi > Brazil
instagram brazill > Brazil
meta in switzerlnd > Switzerland
meta in switzreland > Switzerland
linkedin in frnace > France
linkedin in spian > Spain
chatgpt in itlay > Italy
whatsapp in the united kindom > kingdom
facebook in swedan > Sweden
facebook in polnad > Poland
facebook in portgual > Portugal
was it anounced by linkedin > announced
did linkedin anounce it > announce
was linkedin training annouced > announced
are my chats with chatgpt deletd > delete
are chatgpt chats deleetd > deleted
deadlne for instagram > deadline
dedline instagram > deadline
unsere frima nutzt chatgpt > Firma
unser unternemen nutzt chatgpt > Unternehmen
unsere shcule nutzt chatgpt > Schule
ich bin lehrre und nutze chatgpt > Lehrer
meine tochtre nutzt chatgpt > Tochter
meine schühler nutzen chatgpt > Schüler
linkedin in deutschlnad > Deutschland
linkedin in östereich > Österreich
linkedin in der schwiez > Schweiz
wurde das bei linkedin angekündgt > angekündigt
meta in franreich > Frankreich
notre enteprise utilise chatgpt > entreprise
notre ecolle utilise chatgpt > école
notre soicété utilise chatgpt > société
ma filel utilise chatgpt > fille
mes enfnats utilisent instagram > enfants
linkedin en allmagne > Allemagne
linkedin en suise > Suisse
linkedin en espange > Espagne
linkedin en belgqiue > Belgique
chatgpt est-ce que mes conversations sont suprimées > supprimées
"""


def lines(text):
    return text.strip().splitlines()


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_words_of_a_language_are_never_changed(language):
    with translation.override(language):
        slips = [slip for line in lines(WITHOUT_SLIPS) for slip in without_slips(line, []).slips]
    assert len(lines(WITHOUT_SLIPS)) >= 80
    assert slips == []


def test_one_wrong_letter_is_corrected():
    asked = dict(line.split(" > ") for line in lines(WITH_SLIPS))
    assert len(asked) >= 60
    meant = {line: [slip.meant for slip in without_slips(line, []).slips] for line in asked}
    assert meant == {line: [word] for line, word in asked.items()}


def test_the_rest_of_the_sentence_stays():
    corrected = without_slips("Our buisness, in GERMNY: ChatGPT?", [])
    assert corrected.text == "Our business, in GERMANY: ChatGPT?"
    assert corrected.slips == [Slip("buisness", "business"), Slip("GERMNY", "Germany")]


def test_a_country_that_may_be_another_one_is_not_guessed():
    assert without_slips("linkedin in slovania", []).slips == []


def test_a_name_in_a_list_may_be_a_service_that_nobody_knows():
    assert without_slips("ChatGPT, Studen", []).slips == []
    assert without_slips("Brazi", []).slips == []


@pytest.mark.django_db
def test_a_name_of_a_service_is_no_slip():
    assert without_slips("is studen safe", []).slips == [Slip("studen", "student")]
    assert without_slips("is studen safe", [make_platform(name="Studen")]).slips == []
    near = [make_platform(name="Studem")]
    assert without_slips("is studen safe", near).slips == []
