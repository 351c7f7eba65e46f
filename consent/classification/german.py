"""German, at a basic level: statement found, stance, control."""

import re

from consent.classification.german_concepts import GERMAN_CONCEPTS
from consent.classification.lexicon import Lexicon, Rule, starts, words

GAP = r"(?:[\s,()/„“”\"-]+[\wäöüß./-]+){0,%d}?[\s,()/„“”\"-]+"
MODEL = (
    r"(?:(?-i:KI|AI|LLMs?)(?:-\w+)*|künstliche\w* intelligenz\w*|maschinelle\w* lernen\w*"
    r"|sprachmodelle?\w*|modelle?n?s?|algorithm\w+|Grok|Gemini|Llama|ChatGPT|Claude)"
)
TRAIN = (
    r"(?:trainier(?:en|t|te|ung)|anlernen|angelernt|training\w*|feinabstimm\w+|weiterzuentwickeln)"
)
IMPROVE = (
    r"(?:verbesser\w+|(?:weiter)?entwick\w+|weiterentwicklung|optimier\w+|zu entwickeln|bewert\w+)"
)
# Others as those who train: "Dritte dürfen".
OTHERS_ACT = (
    r"(?: der modelle)?,? (?:die )?(?:dürfen|können|werden|nutzen|verwenden|trainieren|müssen|sind)"
)

GERMAN = Lexicon(
    concepts=GERMAN_CONCEPTS,
    language="de",
    common_words="der die das und wir sie ihre ihr nicht für von mit zu ist auf oder werden eine",
    triggers=("train", "künstliche", "maschinelle", "modell", "algorithm", "feinabstimm"),
    exact_triggers=("KI", "AI", "LLM"),
    uses=(
        Rule("train-model", "train", words(TRAIN + GAP % 10 + MODEL)),
        Rule("model-training", "train", words(MODEL + GAP % 6 + TRAIN)),
        Rule(
            "ki-training",
            "train",
            words(r"(?:KI|AI|Modell)-?Training\w*", r"Trainings?(?:daten|zweck)\w*"),
            0.8,
        ),
        Rule("improve-model", "improve", words(IMPROVE + GAP % 6 + MODEL), 0.8),
        Rule("model-improved", "improve", words(MODEL + GAP % 6 + IMPROVE), 0.8),
    ),
    model_names=words("Grok", "Gemini", "Llama", "ChatGPT", "Claude"),
    not_training=words(
        r"(?:schulung|fortbildung)\w*",
        r"(?:mitarbeiter|personal)\w* (?:\w+ )?(?:geschult|trainier\w+)",
        r"trainingskurs\w*",
        r"trainer\w*",
    ),
    people_data=words(
        r"ihr(?:e[nmrs]?)?",
        r"deine?[nmrs]?",
        r"eure?[nmrs]?",
        r"nutzer\w*",
        r"kunden\w*",
        r"personenbezogen\w*",
        r"daten",
        r"inhalte\w*",
        r"beiträge\w*",
        r"öffentlich\w*",
    ),
    asks_about_people=words(r"ihre?[nmrs]?", r"meine?[nmrs]?", r"deine?[nmrs]?", r"nutzer\w*"),
    actors={
        "partners": words(r"(?<!wir und )(?<!wir und unsere )partner\w*" + OTHERS_ACT),
        "third-parties": words(
            r"(?:dritte\w*|\w*anbieter\w*|dienstleister\w*|\w*verarbeiter\w*|andere unternehmen)"
            + OTHERS_ACT
        ),
    },
    data_kinds={
        "chats": words(r"chats?", r"unterhaltung\w*", r"gespräch\w*", r"eingaben", r"prompts?"),
        "files": words(r"dateien", r"uploads?"),
        "voice": words(r"sprachaufnahme\w*", r"audio\w*", r"stimme\w*"),
        "images-and-video": words(r"bild(?:er|ern)?", r"fotos?", r"videos?"),
        "public-posts": words(r"beiträge\w*", r"posts?", r"öffentlich\w*", r"kommentare\w*"),
        "private-messages": words(r"nachrichten", r"direktnachricht\w*"),
        "mail-and-documents": words(r"e-mails?", r"dokument\w*"),
        "code": words(r"(?:quell)?codes?"),
        "usage-and-feedback": words(r"nutzungsdaten", r"feedback", r"interaktion\w*"),
        "profile": words(r"profil\w*", r"personenbezogen\w*"),
    },
    user_bound=words(
        r"(?:sie|du|nutzer|kunden?) (?:dürfen|darfst|darf|sollten|werden|müssen)"
        r"[\w ,äöüß-]{0,60}? (?:nicht|keine\w*|niemals|weder)",
        r"(?:ist|sind) (?:\w+ )?(?:untersagt|verboten|nicht (?:gestattet|erlaubt|zulässig))",
        r"es ist \w+ (?:untersagt|verboten)",
    ),
    user_acts=words(r"sie (?:dürfen|müssen|verpflichten)", r"du (?:darfst|musst)"),
    service_acts=words(
        r"wir",
        r"uns",
        r"(?:anbieter|partner|dritte|dienstleister)\w* (?:dürfen|können|werden|nutzen|verwenden)",
        r"(?:sie|du) (?:können|kannst)[\wäöüß ,]{0,60}? (?:widersprechen|ablehnen|deaktivieren"
        r"|abmelden)",
    ),
    service_implied=words(
        r"(?:werden|wird|wurden)[\wäöüß ,-]{0,120}? (?:verwendet|genutzt|verarbeitet)",
        r"(?:ihre?[nmrs]?|deine?[nmrs]?) (?:daten|inhalte|beiträge|chats|eingaben)",
        r"(?:werden|wird|können)",
    ),
    purpose_start=re.compile(r"\W*(?:zur?|zum|um)\s", re.IGNORECASE),
    denial=words(r"nicht", r"niemals", r"nie", r"keine\w*", r"kein", r"weder"),
    denied_denial=words(
        r"nicht (?:aus(?=,)|aus(?:zu)?schließen|ausgeschlossen|garantier\w*|gewährleiste\w*)"
    ),
    verbs_last=True,
    not_denial=re.compile(
        r"[\wäöüß ,]{0,30}?\b(?:möcht|wünsch|widersproch|widersprech|nur|einverstanden)",
        re.IGNORECASE,
    ),
    promise=words(r"niemals", r"nie"),
    may=words(r"können", r"kann", r"dürfen", r"darf", r"möglicherweise"),
    clause_end=re.compile(r";|, (?:es sei denn|sofern|wenn|aber|außer)\b|\b(?:jedoch|aber)\b"),
    controls={
        "opt-out": words(
            r"opt-?out", r"abwählen", r"deaktivier\w+", r"ausschalten", r"abschalten", r"abmelden"
        ),
        "objection": words(r"widersprech\w+", r"widerspruch\w*", r"widersprochen"),
        "opt-in": words(r"opt-?in", r"aktivier\w+"),
        "consent": words(r"einwilligung\w*", r"zustimm\w+", r"zugestimmt", r"eingewilligt"),
        "admin": words(r"administrator\w*"),
    },
    control_beside={
        "opt-out": words(r"opt-?out", r"deaktivier\w+", r"ausschalten", r"abschalten"),
        "objection": words(r"widersprechen", r"widerspruch\w*", r"widersprochen"),
    },
    control_over=words(
        r"(?:können|kannst)[\wäöüß ,]{0,120}? (?:widersprechen|ablehnen|deaktivieren)"
    ),
    control_topic=words(
        r"training\w*", r"(?:KI|AI)(?:-\w+)*", r"modelle?\w*", r"verwendung", r"nutzung"
    ),
    control_elsewhere=words(r"cookies?", r"werbung\w*", r"newsletter\w*", r"marketing\w*"),
    routes={
        "form": words(r"\w*formular\w*"),
        "email": words(r"[\w.+-]+@[\w-]+\.[\w.-]+", r"per e-mail"),
        "switch": words(r"\w*einstellung\w*", r"schalter\w*"),
        "admin-console": words(r"admin-?konsole"),
    },
    states={
        "no": starts(r"nein", r"nicht erlaubt", r"nie"),
        "yes": starts(r"ja", r"erlaubt", r"wird genutzt"),
        "off": starts(r"aus", r"ausgeschaltet", r"deaktiviert", r"inaktiv"),
        "on": starts(r"an", r"ein", r"eingeschaltet", r"aktiv(?:iert)?"),
    },
    consent_needed=words(
        r"ohne (?:ihre|deine|vorherige|ausdrückliche)[\wäöüß ]{0,30}? (?:einwilligung|zustimmung)",
        r"(?:nur|es sei denn|sofern|wenn)[\wäöüß ,]{0,50}? (?:einwillig\w+|eingewilligt"
        r"|zustimm\w+|zugestimmt)",
        r"mit ihrer (?:ausdrücklichen )?(?:einwilligung|zustimmung)",
    ),
    default_on=words(
        r"(?:es sei denn|sofern|wenn|außer)[\wäöüß ,]{0,50}? (?:widersprech\w+|widersprochen"
        r"|deaktivier\w+|ablehn\w+)",
        r"standardmäßig (?:aktiviert|eingeschaltet|an)",
    ),
    by_default=re.compile(r"standardmäßig", re.IGNORECASE),
    default_off=words(r"standardmäßig (?:deaktiviert|ausgeschaltet|aus|nicht)"),
    agreeing_act=words(
        r"(?:wenn|falls|sobald|sofern) (?:Sie|du)(?: (?!nicht )[\w’'„“-]+){0,6}? (?:aktivier\w+"
        r"|einschalte\w*|eingeschaltet)"
    ),
    refusing_act=words(
        r"(?:wenn|falls|sobald|sofern|nachdem|durch)(?: [\w’'„“-]+){0,8}? (?:widersprech\w+"
        r"|widersprichst|widersprochen|Widerspruch\w*|deaktivier\w+|(?:aus|ab)schalte\w*|(?:aus|ab)geschaltet"
        r"|ablehn\w+|abgelehnt|abwähl\w+)",
        r"die (?:Sie|du|Nutzer) (?:[\w’'„“-]+ ){0,3}?(?:markier|kennzeichn|ausschließ|ausnehm)\w+",
        r"(?:im|in einem|mit dem) (?:privaten|temporären|Inkognito-?)\s?(?:Modus|Chat)?",
    ),
    regions={
        "EU": words(r"EU", r"EWR", r"Europäische\w* Union", r"Europa"),
        "DE": words(r"Deutschland"),
        "CH": words(r"Schweiz"),
    },
)
