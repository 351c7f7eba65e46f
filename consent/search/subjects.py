"""Reads a question in English or German: what it is about, besides the names in it.

Word lists, not a grammar: people type a few words, in any order. Words are plain as in
consent.search.names.words: small letters without accents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consent.search.plain_words import words
from consent.vocabulary import DataKind, Effect
from platforms.vocabulary import Category

#: Words of English that say nothing about what is sought, and that the index contains.
_SMALL = frozenset(
    words(
        " account allow anyone app apps collect collects companies company data does everyone"
        " fed feed feeds get go great hey information is it keep learn learning learns listen"
        " listening listens look looks me myself need new now online page people please policy"
        " privacy private read reading reads really save saves scan scanning scans see sees"
        " sell sells service services share shares sharing someone spies spy spying still"
        " store stores tell thing today use used uses using want watch watches watching"
        " website which whose ever smart media network"
        " networks already companys legally allowed"
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
        " avoid block consent deactivate delete deleting deletion disable erase forget how no"
        " object objecting objection off opt opt-out opted opting optout out prevent protect"
        " refuse remove revoke say setting settings stop switch turn withdraw"
    )
)
_WAY_OUT_IN_GERMAN = frozenset(
    words(
        " abmelden abschalten abstellen abwahlen anleitung ausschalten ausstellen deaktiviere"
        " deaktivieren entfernen geloscht losche loschen loschung schalte widerrufen"
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
        " chatverlauf chatverlaufe verlauf"
        " eingaben"
    ),
    DataKind.PUBLIC_POSTS: (
        "tweet tweets post posts comment comments beitrag beitrage beitragen kommentare"
    ),
    DataKind.VOICE: (
        "voice voices recording recordings call calls audio song songs music stimme stimmen"
        " aufnahme aufnahmen anrufe musik lieder sprachaufnahme sprachaufnahmen"
    ),
    DataKind.CODE: "code repository repositories repos repo quelltext quellcode",
    DataKind.FILES: "file files upload uploads designs datei dateien uploads",
    DataKind.PROFILE: "profile cv resume profil lebenslauf",
}
_KIND_OF = {word: kind for kind, listed in _KINDS.items() for word in words(listed)}
_CATEGORIES = {
    Category.DATING: "dating",
    Category.GAMES: "game games gaming spiel spiele videospiele",
    Category.VEHICLE: "car cars vehicle vehicles auto autos fahrzeug fahrzeuge",
    Category.SHOPPING: "shop shops shopping einkaufen",
    Category.TRAVEL: "travel hotel hotels reise reisen",
    Category.PAYMENT: "payment payments bezahlen bezahldienste",
    Category.ASSISTANT: "assistant assistants chatbot chatbots assistenten",
    Category.SOCIAL: "social socials soziale sozialen netzwerke",
    Category.DEVICE: "device devices speaker speakers gerat gerate wearable wearables doorbell",
}
_CATEGORY_OF = {word: kind for kind, listed in _CATEGORIES.items() for word in words(listed)}
_EFFECTS = {
    Effect.LAWSUIT: "lawsuit lawsuits sue sues sued suing klage klagen verklagt",
    Effect.COURT_RULING: "court ruling judge judgment gericht urteil urteile",
    Effect.REGULATOR_ACTION: "regulator regulators fine fined dpa behorde behorden strafe bussgeld",
    Effect.COMPLAINT: "complaint complaints beschwerde beschwerden",
}
_EFFECT_OF = {word: effect for effect, listed in _EFFECTS.items() for word in words(listed)}
#: Words that ask what has changed.
_CHANGED = frozenset(
    words(
        "change changed changes happened latest news recent recently update updated updates"
        " anderung anderungen geandert neues neuigkeiten neueste passiert"
    )
)
#: Laws, as records in English call them. They narrow what is found, and they name no platform.
_LAWS = frozenset(words("gdpr ccpa cpra dma dsa lgpd law laws right rights"))
_YEAR = re.compile(r"20[12]\d")
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
    "dsgvo": "gdpr",
    "ds-gvo": "gdpr",
    "datenschutzgrundverordnung": "gdpr",
    "gesetz": "law",
    "recht": "right",
    "rechte": "rights",
    "kinder": "children",
    "kindern": "children",
    "kids": "children",
    "jugendliche": "minors",
    "teenager": "teens",
    "gesundheit": "health",
    "gesundheitsdaten": "health",
    "krankenakte": "health",
    "sprachaufnahmen": "recordings",
    "chatverlauf": "chat",
    "medical": "health",
    "medizinische": "health",
    "fitness": "health",
    "standort": "location",
    "standortdaten": "location",
    "losche": "delete",
    "loschen": "delete",
    "loschung": "delete",
    "geloscht": "delete",
    "erase": "delete",
    "deleting": "delete",
    "deletion": "delete",
    "widerspruch": "object",
    "widersprechen": "object",
    "widerspreche": "object",
    "objection": "object",
    "objecting": "object",
    "verordnung": "act",
    "ki-verordnung": "act",
    "ausschalten": "turn",
    "abschalten": "turn",
    "abstellen": "turn",
    "ausstellen": "turn",
    "deaktivieren": "turn",
    "deaktiviere": "turn",
    "deactivate": "turn",
    "disable": "turn",
    "schule": "school",
    "arbeit": "work",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What the words beside names ask for.

    kinds: of data. effects: kinds of change. other: words that are neither about data nor about
    training nor small words.
    category: of platforms. years: that it names. wants_way_out: asks how to refuse.
    is_about_training: names training, a law or refusing at all. asks_for_changes: asks what has
    changed.
    """

    kinds: tuple[DataKind, ...]
    effects: tuple[Effect, ...]
    other: tuple[str, ...]
    wants_way_out: bool
    is_about_training: bool
    names_law: bool = False
    category: Category | None = None
    years: tuple[int, ...] = ()
    asks_for_changes: bool = False


def read_subject(rest: Sequence[str], unindexed: Iterable[str] = ()) -> Subject:
    """Read the words of a query that are part of no name. unindexed: small words of English."""
    small = _SMALL | _SMALL_IN_GERMAN | set(unindexed)
    way_out = _WAY_OUT | _WAY_OUT_IN_GERMAN
    laws = {word for word in rest if _IN_ENGLISH.get(word, word) in _LAWS}
    intent = way_out | _TRAINING | _TRAINING_IN_GERMAN | laws
    return Subject(
        kinds=tuple(dict.fromkeys(_KIND_OF[word] for word in rest if word in _KIND_OF)),
        effects=tuple(dict.fromkeys(_EFFECT_OF[word] for word in rest if word in _EFFECT_OF)),
        other=tuple(
            word
            for word in rest
            if word not in small | intent | _CHANGED
            and word not in _KIND_OF
            and word not in _CATEGORY_OF
            and not _YEAR.fullmatch(word)
        ),
        wants_way_out=any(word in way_out for word in rest),
        is_about_training=any(word in intent for word in rest),
        names_law=bool(laws),
        category=next((_CATEGORY_OF[word] for word in rest if word in _CATEGORY_OF), None),
        years=tuple(sorted({int(word) for word in rest if _YEAR.fullmatch(word)})),
        asks_for_changes=any(word in _CHANGED for word in rest),
    )


def in_english(rest: Iterable[str]) -> list[str]:
    """Return the words as records in English have them, without small words of German and years."""
    return [
        _IN_ENGLISH.get(word, word)
        for word in rest
        if (word in _IN_ENGLISH or word not in _GERMAN) and not _YEAR.fullmatch(word)
    ]


def asks_only(word: str) -> bool:
    """Return whether a word of English says what people want to do rather than what it is about."""
    return word in _WAY_OUT or word in _CHANGED or word in _SMALL
