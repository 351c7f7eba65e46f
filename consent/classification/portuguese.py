"""Portuguese, of Portugal and Brazil, at a basic level: statement found, stance, control."""

import re

from consent.classification.lexicon import Lexicon, Rule, starts, words

GAP = r"(?:[\s,()/«»“”\"-]+[\wà-ÿ./-]+){0,%d}?[\s,()/«»“”\"-]+"
MODEL = (
    r"(?:(?-i:IA|AI|LLMs?)|inteligência artificial|aprendizado de máquina"
    r"|aprendizagem automática|machine learning|modelos?|algoritmos?|Grok|Gemini|Llama|ChatGPT"
    r"|Claude)"
)
TRAIN = r"(?:(?:re)?trein(?:ar|a|am|amos|amento|ados?|adas?|ando|o|á-l\w+)|ajustar)"
IMPROVE = r"(?:melhor(?:ar|ia|amos|ando)|desenvolv\w+|aperfeiçoar|aprimorar)"

PORTUGUESE = Lexicon(
    language="pt",
    common_words=frozenset(
        [
            "o",
            "os",
            "e",
            "que",
            "de",
            "da",
            "dos",
            "das",
            "em",
            "para",
            "não",
            "com",
            "uma",
            "são",
            "você",
            "seus",
            "suas",
            "seu",
            "sua",
            "nos",
            "podemos",
            "nossos",
            "pode",
            "nossa",
            "nosso",
            "nossas",
            "um",
            "ou",
            "se",
            "mais",
            "sobre",
            "como",
            "também",
            "pelo",
            "pela",
            "ao",
            "à",
            "é",
            "na",
            "isso",
        ]
    ),
    triggers=("trein", "artificial", "modelo", "algoritmo", "aprendiza", "machine learning"),
    exact_triggers=("IA", "AI", "LLM"),
    uses=(
        Rule("train-model", "train", words(TRAIN + GAP % 10 + MODEL)),
        Rule("model-training", "train", words(MODEL + GAP % 5 + TRAIN)),
        Rule("improve-model", "improve", words(IMPROVE + GAP % 6 + MODEL), 0.8),
    ),
    model_names=words("Grok", "Gemini", "Llama", "ChatGPT", "Claude"),
    not_training=words(
        r"trein(?:ar|amos|amento) (?:a |dos? |os? |as? )?(?:nossos? |nossa )?(?:funcionários"
        r"|equipes?|equipas?|colaboradores|pessoal)",
        r"treinador\w*",
        r"formação",
    ),
    people_data=words(
        r"seus?",
        r"suas?",
        r"teus?",
        r"tuas?",
        r"usuários?",
        r"utilizador\w*",
        r"clientes?",
        r"dados",
        r"conteúdos?",
        r"pessoa\w*",
        r"publicações",
        r"públic\w+",
        r"conversas?",
        r"mensagens",
        r"fotos?",
    ),
    asks_about_people=words(r"meus?", r"minhas?", r"seus?", r"suas?", r"usuários?"),
    data_kinds={
        "chats": words(r"conversas?", r"chats?", r"prompts?", r"pedidos"),
        "files": words(r"arquivos?", r"ficheiros?", r"anexos"),
        "voice": words(r"voz", r"áudio", r"gravações"),
        "images-and-video": words(r"imagens", r"imagem", r"fotos?", r"vídeos?"),
        "public-posts": words(r"publicações", r"posts?", r"comentários", r"publicamente \w+"),
        "private-messages": words(r"mensagens"),
        "mail-and-documents": words(r"e-?mails?", r"documentos?"),
        "code": words(r"código"),
        "usage-and-feedback": words(r"interações", r"dados de (?:uso|utilização)", r"feedback"),
        "profile": words(r"perfil", r"perfis", r"dados pessoais"),
    },
    user_bound=words(
        r"(?:você|o usuário|os usuários|o utilizador|o cliente) não (?:pode|poderá|deve|podem)",
        r"não (?:pode|é permitido|deve) (?:usar|utilizar)",
        r"(?:é|são|está) (?:estritamente )?proibid\w+",
    ),
    user_acts=words(r"você (?:deve|aceita|concorda|pode usar)"),
    service_acts=words(
        r"nós",
        r"podemos",
        r"(?:utiliz|us|trein|trat|recolh|colet|compartilh|partilh)(?:amos|aremos|emos)",
        r"desenvolvemos",
        r"(?:parceiros|fornecedores|terceiros)[\wà-ÿ ]{0,20}? (?:podem|poderão|utilizam|usam)",
        r"pode[\wà-ÿ ,]{0,60}? (?:opor-se|se opor|desativar|recusar|excluir)",
    ),
    service_implied=words(
        r"(?:é|são|ser|serão|será|sejam) (?:também )?(?:utilizad\w+|usad\w+|tratad\w+)",
        r"(?:os |as )?(?:seus|suas) (?:dados|conteúdos|publicações|conversas)",
    ),
    purpose_start=re.compile(r"\W*(?:para|a fim de)\s", re.IGNORECASE),
    denial=words(r"não", r"nunca", r"jamais", r"nenhum\w*", r"nem"),
    not_denial=re.compile(r"\s*(?:desej|quer|quis|só|somente|apenas|se op)", re.IGNORECASE),
    promise=words(r"nunca", r"jamais"),
    may=words(r"podemos", r"poder\w+", r"pode", r"podem"),
    clause_end=re.compile(r";|\b(?:mas|porém|contudo|salvo)\b"),
    controls={
        "opt-out": words(r"desativ\w+", r"desligar", r"recusar", r"opt-?out", r"cancelar"),
        "objection": words(r"opor(?:-se)?", r"oposição", r"op(?:user|õe)\w*"),
        "opt-in": words(r"ativar", r"opt-?in"),
        "consent": words(r"consentimento", r"consent\w+", r"autorização"),
        "admin": words(r"administrador\w*"),
    },
    control_beside={
        "opt-out": words(r"desativ\w+", r"opt-?out"),
        "objection": words(r"opor(?:-se)?", r"direito de oposição"),
    },
    control_over=words(r"(?:opor(?:-se)?|recusar|desativar)(?: a| ao| à| o)?"),
    control_topic=words(r"treinamento", r"treino", r"IA", r"modelos?", r"uso", r"utilização"),
    control_elsewhere=words(r"cookies?", r"publicidade", r"newsletter", r"marketing"),
    routes={
        "form": words(r"formulário"),
        "email": words(r"[\w.+-]+@[\w-]+\.[\w.-]+", r"por e-?mail"),
        "switch": words(r"configurações", r"definições", r"ajustes"),
    },
    states={
        "no": starts(r"não", r"nunca"),
        "yes": starts(r"sim"),
        "off": starts(r"desativad[oa]s?", r"desligad[oa]"),
        "on": starts(r"ativad[oa]s?", r"ligad[oa]"),
    },
    consent_needed=words(
        r"sem (?:o )?(?:seu|teu) (?:consentimento|permissão|autorização)",
        r"com (?:o )?(?:seu|teu) consentimento",
        r"(?:se|a menos que|salvo se)[\wà-ÿ ]{0,25}? (?:consent\w+|aceit\w+|ativ\w+)",
    ),
    default_on=words(
        r"(?:a menos que|salvo se|exceto se)[\wà-ÿ ]{0,25}? (?:opo\w+|opuser\w*|desativ\w+"
        r"|recus\w+)",
        r"ativad[oa]s? por (?:padrão|predefinição)",
    ),
    by_default=re.compile(r"padrão|predefinição", re.IGNORECASE),
    default_off=words(r"desativad[oa]s? por (?:padrão|predefinição)"),
    regions={
        "EU": words(r"UE", r"EEE", r"União Europeia", r"Europa"),
        "PT": words(r"Portugal"),
        "Brazil": words(r"Brasil"),
    },
)
