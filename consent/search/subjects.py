"""Reads a question in English or German: what it is about, besides the names in it.

Word lists, not a grammar: people type a few words, in any order. Words are plain as in
consent.search.names.words: small letters without accents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consent.search.plain_words import words
from consent.vocabulary import DataKind, Effect

#: Words of English that say nothing about what is sought, and that the index contains.
_SMALL = frozenset(
    words(
        " account allow anyone app apps collect collects companies company data does everyone"
        " fed feed feeds get go great hey information is it keep learn learning learns listen"
        " listening listens look looks me myself need new now online page people please policy"
        " privacy private read reading reads really save saves scan scanning scans see sees"
        " sell sells service services share shares sharing someone spies spy spying still"
        " store stores tell thing today use used uses using want watch watches watching"
        " website which whose"
    )
)
_SMALL_IN_GERMAN = frozenset(
    words(
        " ab alle allem allen aller alles als also am an analysiert auch auf aus bei beim"
        " benutzt bin bis da damit dann das dass daten datenschutz dein deine dem den denn der"
        " des die dienst dienste dies diese diesen doch du durch ein eine einem einen einer er"
        " es etwas euch fur gegen geht gibt habe haben hat hort ich ihr ihre im in ist ja"
        " jemand kann konnen konto lernt lesen liest mal man mein meine meinem meinen meiner"
        " mich mir mit mitlesen mitliest nach nicht noch nur nutzen nutzt ob oder per seine"
        " sich sie sieht sind so soll speichert uber um und uns unser unsere verkauft"
        " verwenden verwendet vom von vor wann warum was wegen welche welcher welches wenn wer"
        " werden wie wir wird wo wozu zu zum zur"
    )
)
#: Words about training, and words about refusing it. Alone they ask for guides.
_TRAINING = frozenset(
    words(
        " ai artificial default intelligence llm llms machine model models train trained"
        " training trains"
    )
)
_TRAINING_IN_GERMAN = frozenset(
    words(" intelligenz ki kunstliche kunstlicher modell modelle trainieren trainiert trainings")
)
_WAY_OUT = frozenset(
    words(
        " avoid block consent deactivate disable how no object objection off opt opt-out"
        " opting optout out prevent protect refuse remove say setting settings stop switch"
        " turn withdraw"
    )
)
_WAY_OUT_IN_GERMAN = frozenset(
    words(
        " abmelden abschalten abstellen abwahlen anleitung ausschalten ausstellen deaktivieren"
        " einstellung einstellungen opt-out-anleitung schutzen stoppen unterbinden verbieten"
        " verhindern widerspreche widersprechen widerspruch"
    )
)
#: No text in English has these words.
_GERMAN = _SMALL_IN_GERMAN | _TRAINING_IN_GERMAN | _WAY_OUT_IN_GERMAN
_KINDS = {
    DataKind.IMAGES_AND_VIDEO: (
        "photo photos picture pictures pic pics image images video videos selfie selfies face faces"
        " artwork artworks drawings foto fotos bild bilder bildern gesicht gesichter videos"
    ),
    DataKind.MAIL_AND_DOCUMENTS: (
        "mail mails email emails e-mail e-mails inbox document documents docs"
        " dokument dokumente dokumenten postfach"
    ),
    DataKind.PRIVATE_MESSAGES: (
        "message messages dm dms texts nachricht nachrichten direktnachrichten privatnachrichten"
    ),
    DataKind.CHATS: (
        "chat chats conversation conversations prompt prompts gesprach gesprache unterhaltungen"
        " eingaben"
    ),
    DataKind.PUBLIC_POSTS: "post posts comment comments beitrag beitrage beitragen kommentare",
    DataKind.VOICE: (
        "voice voices recording recordings call calls audio song songs music stimme stimmen"
        " aufnahme aufnahmen anrufe musik lieder"
    ),
    DataKind.CODE: "code repository repositories repos repo quelltext quellcode",
    DataKind.FILES: "file files upload uploads designs datei dateien uploads",
    DataKind.PROFILE: "profile cv resume profil lebenslauf",
}
_KIND_OF = {word: kind for kind, listed in _KINDS.items() for word in words(listed)}
_EFFECTS = {
    Effect.LAWSUIT: "lawsuit lawsuits sue sues sued suing klage klagen verklagt",
    Effect.COURT_RULING: "court ruling judge judgment gericht urteil urteile",
    Effect.REGULATOR_ACTION: "regulator regulators fine fined dpa behorde behorden strafe bussgeld",
    Effect.COMPLAINT: "complaint complaints beschwerde beschwerden",
}
_EFFECT_OF = {word: effect for effect, listed in _EFFECTS.items() for word in words(listed)}
#: What records in English call what was asked for in German.
_IN_ENGLISH = {
    "fotos": "photos",
    "foto": "photo",
    "bild": "picture",
    "bilder": "pictures",
    "bildern": "pictures",
    "gesicht": "face",
    "gesichter": "faces",
    "dokument": "document",
    "dokumente": "documents",
    "dokumenten": "documents",
    "postfach": "mail",
    "nachricht": "message",
    "nachrichten": "messages",
    "privatnachrichten": "messages",
    "direktnachrichten": "messages",
    "gesprach": "conversation",
    "gesprache": "conversations",
    "unterhaltungen": "conversations",
    "beitrag": "post",
    "beitrage": "posts",
    "beitragen": "posts",
    "kommentare": "comments",
    "stimme": "voice",
    "stimmen": "voices",
    "aufnahmen": "recordings",
    "datei": "file",
    "dateien": "files",
    "profil": "profile",
    "klage": "lawsuit",
    "gericht": "court",
    "strafe": "fine",
    "werbung": "ads",
    "behorde": "regulator",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What the words beside names ask for.

    kinds: of data. effects: kinds of change. other: words that are neither about data nor about
    training nor small words.
    wants_way_out: asks how to refuse. is_about_training: names training or refusing at all.
    """

    kinds: tuple[DataKind, ...]
    effects: tuple[Effect, ...]
    other: tuple[str, ...]
    wants_way_out: bool
    is_about_training: bool


def read_subject(rest: Sequence[str], unindexed: Iterable[str] = ()) -> Subject:
    """Read the words of a query that are part of no name. unindexed: small words of English."""
    small = _SMALL | _SMALL_IN_GERMAN | set(unindexed)
    way_out = _WAY_OUT | _WAY_OUT_IN_GERMAN
    intent = way_out | _TRAINING | _TRAINING_IN_GERMAN
    return Subject(
        kinds=tuple(dict.fromkeys(_KIND_OF[word] for word in rest if word in _KIND_OF)),
        effects=tuple(dict.fromkeys(_EFFECT_OF[word] for word in rest if word in _EFFECT_OF)),
        other=tuple(
            word
            for word in rest
            if word not in small and word not in intent and word not in _KIND_OF
        ),
        wants_way_out=any(word in way_out for word in rest),
        is_about_training=any(word in intent for word in rest),
    )


def in_english(rest: Iterable[str]) -> list[str]:
    """Return the words as records in English have them, without small words of German."""
    return [
        _IN_ENGLISH.get(word, word) for word in rest if word in _IN_ENGLISH or word not in _GERMAN
    ]
