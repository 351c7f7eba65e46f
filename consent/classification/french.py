"""French, at a basic level: statement found, stance, control."""

import re

from consent.classification.french_concepts import FRENCH_CONCEPTS
from consent.classification.lexicon import Lexicon, Rule, starts, words

GAP = r"(?:[\s,()/«»\"’'-]+[\wà-ÿ./-]+){0,%d}?[\s,()/«»\"’'-]+"
MODEL = (
    r"(?:(?-i:IA|AI|LLMs?)|intelligences? artificielles?|apprentissage automatique"
    r"|modèles?|algorithmes?|Grok|Gemini|Llama|ChatGPT|Claude)"
)
TRAIN = r"(?:entra[iî]n(?:er|e|ent|ons|és?|ées?|ement)|ré-?entra[iî]n\w+|affiner|ajuster)"
IMPROVE = (
    r"(?:améliorer|amélioration|améliorons|développer|développement|développons|perfectionn\w+)"
)
# Others as those who train: "les tiers ne peuvent pas".
OTHERS_ACT = (
    r",? (?:qui )?(?:ne |n[’'])?(?:les )?(?:peuvent|pourront|utilisent|entraînent|doivent|sont)"
)

FRENCH = Lexicon(
    concepts=FRENCH_CONCEPTS,
    language="fr",
    common_words="le la les des et nous vous vos votre pour que qui dans est sur par une pas",
    triggers=("entrain", "entraîn", "artificielle", "modèle", "algorithme", "apprentissage"),
    exact_triggers=("IA", "AI", "LLM"),
    uses=(
        Rule("train-model", "train", words(TRAIN + GAP % 10 + MODEL)),
        Rule("model-training", "train", words(MODEL + GAP % 5 + TRAIN)),
        Rule("improve-model", "improve", words(IMPROVE + GAP % 6 + MODEL), 0.8),
    ),
    model_names=words("Grok", "Gemini", "Llama", "ChatGPT", "Claude"),
    not_training=words(
        r"formation\w*",
        r"modèles? (?:de (?:tarification|prix|revenus?)|économiques?|tarifaires?|commercia\w+)",
        r"entra[iî]neurs?",
        r"qui (?:peut|peuvent) entraîner",
        r"entra[iî]n(?:er|e|ent) (?:la|le|une?|des|votre) (?:suspension|résiliation"
        r"|suppression|perte)",
    ),
    people_data=words(
        r"vos",
        r"votre",
        r"tes",
        r"utilisateurs?",
        r"clients?",
        r"données",
        r"contenus?",
        r"personnelles?",
        r"publications?",
        r"publi(?:c|cs|que|ques)",
        r"conversations?",
    ),
    asks_about_people=words(r"mes", r"vos", r"votre", r"utilisateurs?"),
    actors={
        "partners": words(r"(?<!nous et nos )partenaires" + OTHERS_ACT),
        "third-parties": words(
            r"(?:tiers|fournisseurs|prestataires|sous-traitants|(?:autres|d[’']autres) entreprises)"
            + OTHERS_ACT
        ),
    },
    data_kinds={
        "chats": words(r"conversations?", r"discussions?", r"requêtes?", r"invites?", r"prompts?"),
        "files": words(r"fichiers?"),
        "voice": words(r"voix", r"vocaux", r"vocales?", r"audio"),
        "images-and-video": words(r"images?", r"photos?", r"vidéos?"),
        "public-posts": words(r"publications?", r"posts?", r"commentaires?", r"publiquement \w+"),
        "private-messages": words(r"messages?"),
        "mail-and-documents": words(r"e-?mails?", r"courriels?", r"documents?"),
        "code": words(r"code"),
        "usage-and-feedback": words(r"interactions?", r"commentaires", r"données d[’']utilisation"),
        "profile": words(r"profils?", r"données (?:à caractère )?personnel\w+"),
    },
    user_bound=words(
        r"(?:vous|l[’']utilisateur|les utilisateurs|le client) (?:ne|n[’'])[\wà-ÿ ’']{0,40}? pas",
        r"(?:est|sont) (?:strictement )?interdite?s?",
        r"il (?:vous )?est interdit",
        r"vous vous engagez à ne pas",
    ),
    user_acts=words(r"vous (?:devez|acceptez|pouvez utiliser)"),
    service_acts=words(
        r"nous",
        r"(?:partenaires|fournisseurs|tiers|prestataires)[\wà-ÿ ]{0,20}? (?:peuvent"
        r"|utilisent|pourront)",
        r"vous pouvez[\wà-ÿ ’',]{0,60}? (?:opposer|refuser|désactiver|retirer)",
    ),
    service_implied=words(
        r"(?:est|sont|être|seront|sera|soient|soit)(?: pas| jamais"
        r"| également)? (?:utilisée?s?|traitée?s?)",
        r"vos (?:données|contenus|publications|conversations)",
    ),
    purpose_start=re.compile(r"\W*(?:pour|afin|à des fins)\s", re.IGNORECASE),
    denial=words(
        r"(?:ne|n[’'])(?: ?)[\wà-ÿ’' ]{0,40}? ?(?:pas|jamais|plus|aucun\w*|ni)",
        r"(?:ne|n[’'])(?:sont|est|seront|sera|utilisons|utiliserons)[\wà-ÿ ]{0,20}? (?:pas"
        r"|jamais)",
        r"sans (?:les |vos )?utiliser",
        r"jamais",
    ),
    not_denial=re.compile(r"\s*(?:souhait|voul|vous opposer|seulement|uniquement)", re.IGNORECASE),
    denied_denial=words(r"(?:n[’']|ne (?:pouvons |peut )?(?:pas )?)(?:exclu|garanti)\w*"),
    promise=words(r"jamais", r"[\wà-ÿ]*(?:erons|eront|era)"),
    may=words(r"pouvons", r"peuvent", r"peut", r"pourrons", r"pourraient", r"susceptibles?"),
    clause_end=re.compile(r";|\b(?:mais|toutefois|cependant|sauf)\b"),
    controls={
        "opt-out": words(r"désactiver", r"refuser", r"opt-?out", r"vous désinscrire"),
        "objection": words(r"opposer", r"opposition", r"oppos(?:ez|é|ée)"),
        "opt-in": words(r"activer", r"opt-?in"),
        "consent": words(r"consentement", r"consenti\w*", r"accord"),
        "admin": words(r"administrateurs?"),
    },
    control_beside={
        "opt-out": words(r"désactiver", r"opt-?out"),
        "objection": words(r"oppos(?:er|ez|é|ée)", r"droit d[’']opposition"),
    },
    control_over=words(r"(?:opposer|refuser|désactiver)(?: à| l[’']| que)?"),
    control_topic=words(r"entra[iî]nement", r"IA", r"modèles?", r"utilisation", r"paramètres?"),
    control_elsewhere=words(r"cookies?", r"publicit\w+", r"newsletter", r"marketing"),
    routes={
        "form": words(r"formulaire"),
        "email": words(r"[\w.+-]+@[\w-]+\.[\w.-]+", r"par (?:e-?mail|courriel)"),
        "switch": words(r"paramètres?", r"réglages?"),
    },
    states={
        "no": starts(r"non", r"jamais"),
        "yes": starts(r"oui"),
        "off": starts(r"désactivée?s?"),
        "on": starts(r"activée?s?", r"oui activé"),
    },
    consent_needed=words(
        r"sans (?:votre|leur) (?:consentement|accord|autorisation)",
        r"avec votre (?:consentement|accord)",
        r"(?:si|sauf si|à moins que) vous[\wà-ÿ ’']{0,20}? (?:consent\w+|accept\w+)",
        r"(?:sauf si|à moins que) vous[\wà-ÿ ’']{0,20}? activ\w+",
    ),
    default_on=words(
        r"(?:sauf si|à moins que) vous[\wà-ÿ ’']{0,25}? (?:oppos\w+|refus\w+|désactiv\w+)",
        r"activée?s? par défaut",
    ),
    by_default=re.compile(r"défaut", re.IGNORECASE),
    default_off=words(r"désactivée?s? par défaut"),
    agreeing_act=words(r"(?:si|lorsque|quand) vous(?: (?:[\w’'-]+ ){0,3}?| )activ\w+"),
    refusing_act=words(
        r"(?:si|lorsque|quand|dès que|après)(?: [\w’'«»-]+){0,8}? (?:oppos\w+|opposition"
        r"|désactiv\w+|refus\w+|décoch\w+)"
    ),
    regions={
        "EU": words(r"UE", r"EEE", r"Union européenne", r"Europe"),
        "FR": words(r"France"),
        "CH": words(r"Suisse"),
    },
)
