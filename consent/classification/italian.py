"""Italian, at a basic level: statement found, stance, control."""

import re

from consent.classification.lexicon import Lexicon, Rule, starts, words

GAP = r"(?:[\s,()/«»“”\"'’-]+[\wà-ÿ./-]+){0,%d}?[\s,()/«»“”\"'’-]+"
MODEL = (
    r"(?:(?-i:IA|AI|LLMs?)|intelligenz[ae] artificial[ei]|apprendimento automatico"
    r"|machine learning|modell[oi]|algoritm[oi]|Grok|Gemini|Llama|ChatGPT|Claude)"
)
TRAIN = r"(?:(?:ri)?(?:addestra\w*|allena\w*)|perfezionare|formare)"
IMPROVE = r"(?:migliora\w*|svilupp\w+|perfeziona\w*)"

ITALIAN = Lexicon(
    language="it",
    common_words=frozenset(
        [
            "il",
            "lo",
            "gli",
            "i",
            "le",
            "di",
            "del",
            "della",
            "dei",
            "delle",
            "che",
            "per",
            "con",
            "non",
            "una",
            "è",
            "sono",
            "nel",
            "nella",
            "puoi",
            "può",
            "possiamo",
            "tuoi",
            "suoi",
            "dati",
            "la",
            "tue",
            "tua",
            "tuo",
            "nostri",
            "nostra",
            "nostro",
            "nostre",
            "usiamo",
            "un",
            "uno",
            "alla",
            "al",
            "dal",
            "come",
            "più",
            "questo",
            "questa",
            "se",
            "anche",
            "ha",
        ]
    ),
    triggers=(
        "addestra",
        "allena",
        "artificial",
        "modell",
        "algoritm",
        "apprendimento",
        "machine learning",
    ),
    exact_triggers=("IA", "AI", "LLM"),
    uses=(
        Rule("train-model", "train", words(TRAIN + GAP % 10 + MODEL)),
        Rule("model-training", "train", words(MODEL + GAP % 5 + TRAIN)),
        Rule("improve-model", "improve", words(IMPROVE + GAP % 6 + MODEL), 0.8),
    ),
    model_names=words("Grok", "Gemini", "Llama", "ChatGPT", "Claude"),
    not_training=words(
        r"(?:addestra\w*|formare) (?:il |i |i nostri |il nostro )?(?:personale|dipendenti|team)",
        r"formazione",
        r"allenator\w+",
    ),
    people_data=words(
        r"tuo[ia]?",
        r"tua",
        r"tue",
        r"tuoi",
        r"suo[ia]?",
        r"sua",
        r"sue",
        r"suoi",
        r"utent[ei]",
        r"client[ei]",
        r"dati",
        r"contenut[oi]",
        r"personal\w*",
        r"post",
        r"pubblic\w+",
        r"conversazion[ei]",
        r"messagg[io]+",
        r"foto",
    ),
    asks_about_people=words(r"mi[eo]i?", r"tuo\w*", r"tue", r"suo\w*", r"utent[ei]"),
    data_kinds={
        "chats": words(r"conversazion[ei]", r"chat", r"prompt", r"richieste"),
        "files": words(r"file", r"allegati"),
        "voice": words(r"voce", r"vocal[ei]", r"audio", r"registrazion[ei]"),
        "images-and-video": words(r"immagin[ei]", r"foto", r"video"),
        "public-posts": words(r"post", r"pubblicazioni", r"commenti", r"pubblicamente \w+"),
        "private-messages": words(r"messagg(?:i|io)"),
        "mail-and-documents": words(r"e-?mail", r"document[oi]"),
        "code": words(r"codice"),
        "usage-and-feedback": words(r"interazioni", r"dati (?:di|sull[’'])utilizzo", r"feedback"),
        "profile": words(r"profil[oi]", r"dati personali"),
    },
    user_bound=words(
        r"(?:l[’']utente|gli utenti|il cliente) non (?:può|possono|deve|devono)",
        r"non (?:puoi|può|è possibile|è consentito|devi|deve) (?:usare|utilizzare)",
        r"è (?:severamente )?vietato",
        r"(?:sono|è) vietat[oaie]",
    ),
    user_acts=words(r"(?:tu|Lei) (?:devi|accetti|puoi usare)", r"accetti di"),
    service_acts=words(
        r"noi",
        r"possiamo",
        r"(?:utilizz|us|addestr|svilupp|tratt|raccogl|condivid|miglior)(?:iamo|eremo)",
        r"(?:partner|fornitori|terzi|terze parti)[\wà-ÿ ]{0,20}? (?:possono|potranno|utilizzano"
        r"|usano)",
        r"puoi[\wà-ÿ ,]{0,60}? (?:opporti|disattivare|rifiutare|escludere)",
        r"può[\wà-ÿ ,]{0,60}? (?:opporsi|disattivare|rifiutare|escludere)",
    ),
    service_implied=words(
        r"(?:viene|vengono|è|sono|essere|saranno|sarà) (?:mai )?(?:utilizzat\w+|usat\w+"
        r"|trattat\w+)",
        r"(?:i )?(?:tuoi|suoi) (?:dati|contenuti|post|messaggi)",
        r"(?:le )?(?:tue|sue) (?:conversazioni|foto|chat)",
    ),
    purpose_start=re.compile(r"\W*(?:per|al fine di)\s", re.IGNORECASE),
    denial=words(r"non", r"mai", r"nessun\w*", r"né"),
    not_denial=re.compile(r"\s*(?:desider|vuo|vogli|solo|soltanto|ti opponi)", re.IGNORECASE),
    promise=words(r"mai"),
    may=words(r"possiamo", r"potremmo", r"può", r"possono", r"potrebb\w+"),
    clause_end=re.compile(r";|\b(?:ma|tuttavia|salvo)\b"),
    controls={
        "opt-out": words(
            r"disattiva\w*", r"escluder\w*", r"rifiutar\w*", r"opt-?out", r"disabilita\w*"
        ),
        "objection": words(r"oppor\w+", r"opposizione", r"oppon\w+"),
        "opt-in": words(r"attivare", r"opt-?in"),
        "consent": words(r"consenso", r"acconsent\w+", r"autorizzazione"),
        "admin": words(r"amministrator\w+"),
    },
    control_beside={
        "opt-out": words(r"disattiva\w*", r"opt-?out"),
        "objection": words(r"oppor(?:ti|si|re)", r"diritto di opposizione"),
    },
    control_over=words(r"(?:oppor\w+|rifiutare|disattivare)(?: a| al| all[’']| il| la| l[’'])?"),
    control_topic=words(r"addestramento", r"IA", r"AI", r"modelli", r"uso", r"utilizzo"),
    control_elsewhere=words(r"cookie", r"pubblicità", r"newsletter", r"marketing"),
    routes={
        "form": words(r"modulo"),
        "email": words(r"[\w.+-]+@[\w-]+\.[\w.-]+", r"(?:via|per) e-?mail"),
        "switch": words(r"impostazioni"),
    },
    states={
        "no": starts(r"no", r"mai"),
        "yes": starts(r"sì", r"si"),
        "off": starts(r"disattivat[oa]", r"spent[oa]", r"non attiv[oaie]"),
        "on": starts(r"attiv[oaie]", r"attivat[oa]", r"acceso"),
    },
    consent_needed=words(
        r"senza (?:il )?(?:tuo|suo) (?:consenso|permesso)",
        r"(?:con|previo) (?:il )?(?:tuo|suo) consenso",
        r"(?:solo se|a meno che)[\wà-ÿ ]{0,25}? (?:acconsent\w+|accett\w+|attiv\w+)",
    ),
    default_on=words(
        r"(?:a meno che|salvo che)[\wà-ÿ ]{0,25}? (?:oppon\w+|disattiv\w+|rifiut\w+)",
        r"attiv[oaie] per impostazione predefinita",
    ),
    by_default=re.compile(r"predefinita", re.IGNORECASE),
    default_off=words(r"disattiv\w+ per impostazione predefinita"),
    regions={
        "EU": words(r"UE", r"SEE", r"Unione Europea", r"Europa"),
        "IT": words(r"Italia"),
    },
)
