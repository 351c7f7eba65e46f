"""Spanish, at a basic level: statement found, stance, control."""

import re

from consent.classification.lexicon import Lexicon, Rule, starts, words

GAP = r"(?:[\s,()/«»“”\"-]+[\wà-ÿ./-]+){0,%d}?[\s,()/«»“”\"-]+"
MODEL = (
    r"(?:(?-i:IA|AI|LLMs?)|inteligencia artificial|aprendizaje autom[aá]tico"
    r"|modelos?|algoritmos?|Grok|Gemini|Llama|ChatGPT|Claude)"
)
TRAIN = r"(?:(?:re)?entrena(?:r|n|mos|miento|dos?|das?|ndo)?|afinar)"
IMPROVE = r"(?:mejorar|mejora|mejoramos|desarrollar|desarrollo|desarrollamos|perfeccionar)"

SPANISH = Lexicon(
    language="es",
    common_words=frozenset(
        [
            "el",
            "la",
            "los",
            "las",
            "y",
            "que",
            "de",
            "en",
            "para",
            "sus",
            "su",
            "con",
            "no",
            "por",
            "una",
            "usted",
            "nosotros",
            "podemos",
            "tus",
            "nuestro",
            "nuestra",
            "nuestros",
            "nuestras",
            "tu",
            "más",
            "sobre",
            "cómo",
            "lo",
            "puede",
            "usamos",
            "un",
            "como",
            "si",
            "pero",
            "esta",
            "este",
            "del",
            "al",
            "se",
            "es",
        ]
    ),
    triggers=("entren", "artificial", "modelo", "algoritmo", "aprendizaje"),
    exact_triggers=("IA", "AI", "LLM"),
    uses=(
        Rule("train-model", "train", words(TRAIN + GAP % 10 + MODEL)),
        Rule("model-training", "train", words(MODEL + GAP % 5 + TRAIN)),
        Rule("improve-model", "improve", words(IMPROVE + GAP % 6 + MODEL), 0.8),
    ),
    model_names=words("Grok", "Gemini", "Llama", "ChatGPT", "Claude"),
    not_training=words(
        r"formación",
        r"entrenador\w*",
        r"entrena(?:r|mos) a (?:nuestros|los) (?:empleados|equipos?)",
    ),
    people_data=words(
        r"sus?",
        r"tus?",
        r"usuarios?",
        r"clientes?",
        r"datos",
        r"contenidos?",
        r"personal\w*",
        r"publicaciones",
        r"públic\w+",
        r"conversaciones",
        r"mensajes",
    ),
    asks_about_people=words(r"mis?", r"sus?", r"tus?", r"usuarios?"),
    data_kinds={
        "chats": words(r"conversaci(?:ón|ones)", r"chats?", r"indicaciones", r"prompts?"),
        "files": words(r"archivos?", r"ficheros?"),
        "voice": words(r"voz", r"audio", r"grabaciones"),
        "images-and-video": words(r"imágenes", r"imagen", r"fotos?", r"v[ií]deos?"),
        "public-posts": words(r"publicaciones", r"posts?", r"comentarios", r"públicamente \w+"),
        "private-messages": words(r"mensajes"),
        "mail-and-documents": words(r"correos?", r"documentos?"),
        "code": words(r"código"),
        "usage-and-feedback": words(r"interacciones", r"datos de uso"),
        "profile": words(r"perfil\w*", r"datos personales"),
    },
    user_bound=words(
        r"(?:usted|el usuario|los usuarios|el cliente) no (?:puede|podrá|debe|deberá|pueden)\w*",
        r"no (?:puede|podrá|debe|deberá|puedes|debes) (?:usar|utilizar)",
        r"(?:está|queda|están) (?:estrictamente )?prohibid\w+",
        r"se prohíbe",
    ),
    user_acts=words(r"(?:usted|tú) (?:debe|acepta|puede usar)"),
    service_acts=words(
        r"nosotros",
        r"podemos",
        r"(?:utiliz|us|entren|desarroll|trat|recopil|compart)(?:amos|aremos|imos)",
        r"(?:socios|proveedores|terceros)[\wà-ÿ ]{0,20}? (?:pueden|podrán|utilizan|usan)",
        r"puedes?[\wà-ÿ ,]{0,60}? (?:oponer\w*|desactivar|rechazar|excluir\w*)",
    ),
    service_implied=words(
        r"(?:se|ser|son|serán|sean) (?:utiliza\w*|usa\w*|utilizad\w+|usad\w+|tratad\w+)",
        r"(?:sus|tus) (?:datos|contenidos|publicaciones|conversaciones)",
    ),
    purpose_start=re.compile(r"\W*(?:para|con el fin de)\s", re.IGNORECASE),
    denial=words(r"no", r"nunca", r"jamás", r"ningun[oa]?", r"tampoco"),
    not_denial=re.compile(r"\s*(?:dese|quier|sólo|solo|se opone|se opon)", re.IGNORECASE),
    promise=words(r"nunca", r"jamás"),
    may=words(r"podemos", r"podr\w+", r"puede", r"pueden"),
    clause_end=re.compile(r";|\b(?:pero|sino|sin embargo|salvo)\b"),
    controls={
        "opt-out": words(
            r"desactivar\w*", r"excluir\w*", r"rechazar", r"opt-?out", r"darse de baja"
        ),
        "objection": words(r"oponer\w*", r"oposición", r"oponga", r"opongas"),
        "opt-in": words(r"activar", r"opt-?in"),
        "consent": words(r"consentimiento", r"consient\w+", r"autorización"),
        "admin": words(r"administrador\w*"),
    },
    control_beside={
        "opt-out": words(r"desactivar\w*", r"opt-?out"),
        "objection": words(r"opon(?:er\w*|ga\w*|e)", r"derecho de oposición"),
    },
    control_over=words(r"(?:oponer\w*|rechazar|desactivar)(?: a| al| el| la)?"),
    control_topic=words(r"entrenamiento", r"IA", r"modelos?", r"uso", r"ajustes"),
    control_elsewhere=words(r"cookies?", r"publicidad", r"boletín", r"marketing"),
    routes={
        "form": words(r"formulario"),
        "email": words(r"[\w.+-]+@[\w-]+\.[\w.-]+", r"por correo"),
        "switch": words(r"ajustes", r"configuración"),
    },
    states={
        "no": starts(r"no", r"nunca"),
        "yes": starts(r"sí", r"si"),
        "off": starts(r"desactivad[oa]s?", r"apagad[oa]"),
        "on": starts(r"activad[oa]s?", r"encendid[oa]"),
    },
    consent_needed=words(
        r"sin (?:su|tu) (?:consentimiento|permiso|autorización)",
        r"con (?:su|tu) consentimiento",
        r"(?:si|a menos que|salvo que)[\wà-ÿ ]{0,25}? (?:consient\w+|acept\w+|activ\w+)",
    ),
    default_on=words(
        r"(?:a menos que|salvo que|excepto si)[\wà-ÿ ]{0,25}? (?:opon\w+|desactiv\w+|rechac\w+)",
        r"activad[oa]s? (?:por defecto|de forma predeterminada)",
    ),
    by_default=re.compile(r"defecto|predeterminada", re.IGNORECASE),
    default_off=words(r"desactivad[oa]s? (?:por defecto|de forma predeterminada)"),
    regions={
        "EU": words(r"UE", r"EEE", r"Unión Europea", r"Europa"),
        "ES": words(r"España"),
    },
)
