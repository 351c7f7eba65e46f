"""Folds words that change by themselves: the age of a page, counters, tokens, names of keys.

Most rules apply only to short lines, as pages have them around their text. "Updated 3 months ago"
is folded there. "We delete data collected more than 18 months ago" is kept, because it is a
statement about people's data.
"""

import re
from dataclasses import dataclass

# Characters. Bylines, counters and reading times are in lines no longer than this; most sentences
# are longer. Chosen.
_SHORT_LINE = 120
# Words from this length on are checked for tokens.
_TOKEN_LENGTH = 16

_MANY = r"(?:\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a few|few|several)"
AGE = (
    rf"(?:(?:(?:about|over|almost|around|more than|less than|nearly) )?"
    rf"{_MANY} (?:second|sec|minute|min|hour|hr|day|week|month|year)s? ago"
    r"|(?:a (?:few )?)?moments? ago|a while ago|recently"
    r"|\d{1,3} ?(?:s|m|mins?|h|hrs?|d|w|wks?|mo|y|yrs?) ago"
    r"|just now|today|yesterday|(?:this|last) (?:week|month|year)"
    r"|in the last (?:\d{1,3} )?(?:minute|hour|day|week|month|year)s?"
    r"|il y a (?:environ |plus d[e'] ?|presque |moins d[e'] ?)?(?:une?|quelques|\d{1,4})"
    r" (?:seconde|minute|heure|jour|semaine|mois|an|année)s?"
    r"|vor (?:etwa |über |mehr als |fast )?(?:einem|einer|wenigen|\d{1,4})"
    r" (?:Sekunde|Minute|Stunde|Tag|Woche|Monat|Jahr)(?:e?n)?"
    r"|hace (?:más de |alrededor de |casi )?(?:una?|\d{1,4})"
    r" (?:segundo|minuto|hora|día|semana|mes|año)(?:e?s)?"
    r"|há (?:mais de |cerca de )?(?:uma?|\d{1,4})"
    r" (?:segundo|minuto|hora|dia|semana|mês|mes|ano)(?:e?s)?"
    r"|(?:circa |più di )?(?:una?|\d{1,4})"
    r" (?:second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]) fa"
    r"|(?:ongeveer |meer dan )?(?:een|\d{1,4})"
    r" (?:seconden?|minu(?:ut|ten)|uur|dag(?:en)?|we(?:ek|ken)|maand(?:en)?|jaar) geleden"
    r"|\d{1,4} \w{2,9} temu|\d{1,4} \w{2,9} назад"
    r"|\d{1,4} ?(?:秒|分|分钟|時間|小时|日|天|週間|周|か月|ヶ月|个月|年)前)"
)
UPDATED = (
    r"(?:updated|modified|edited|reviewed|revised|posted|published|changed|verified"
    r"|mise? à jour|modifiée?|publiée?|aktualisiert|bearbeitet|veröffentlicht|geändert"
    r"|actualizad[oa]|modificad[oa]|publicad[oa]|atualizad[oa]|aggiornat[oa]|modificat[oa]"
    r"|pubblicat[oa]|bijgewerkt|gewijzigd|zaktualizowan[oa]|обновлено|更新日?|更新于)"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_COUNT = r"\d[\d.,]*(?: ?[KMkm])?\+?"
_COUNTED = (
    r"(?:views?|likes?|comments?|repl(?:y|ies)|votes?|upvotes?|shares?|followers?|reactions?"
    r"|ratings?|downloads?|(?:people|person) found this (?:article )?(?:helpful|useful)"
    r"|vues?|commentaires?|visitas"
    r"|aufrufe|kommentare|visualizzazioni|visualizações)"
)
_COUNTED_NEEDS = (
    "view,like,comment,repl,vote,share,follow,reaction,rating,download,helpful,useful,vue,visita,"
    "aufruf,kommentar,visuali"
)


@dataclass(frozen=True, slots=True)
class _LineRule:
    """A pattern to fold in short lines that contain one of the words in `needs` (lower case)."""

    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    fold: str


def _line_rule(needs: str, pattern: str, fold: str) -> _LineRule:
    return _LineRule(tuple(needs.split(",")), re.compile(pattern, re.IGNORECASE), fold)


_LINE_RULES = (
    # "2 months, 3 weeks ago" is as old as "3 weeks ago" here.
    _line_rule(
        " ago",
        rf"\b{_MANY} (?:day|week|month|year)s?,? (?:and )?"
        rf"(?={_MANY} (?:hour|day|week|month)s? ago)",
        "",
    ),
    _line_rule(
        " ago,recently,now,today,yesterday,week,month,year,in the last,il y a ,vor ,hace ,há , fa,"
        "geleden,temu,назад,前",
        rf"(?:(?P<label>{UPDATED}(?: by [^.:]{{1,40}}?)?(?:[:：] *| +))"
        r"|(?P<lead>^(?:.{0,60}[·|:：,] *)?))"
        rf"{AGE}(?(label)|(?=(?:に(?:更新|公開|投稿))?[ .·|]*$))",
        r"\g<label>\g<lead>[some time ago]",
    ),
    # Sites write dates in the order of the country that they take a visitor to be from.
    _line_rule(
        " 19, 20",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{_MONTHS}),? (?P<year>(?:19|20)\d\d)",
        r"\g<month> \g<day>, \g<year>",
    ),
    _line_rule(
        "min,分",
        r"\b\d{1,3}[ -]?min(?:ute)?s?[. ]{0,2}-?read(?:ing time)?\b"
        r"|^read in (?:about )?\d{1,3} min(?:ute)?s?\b"
        r"|\breading time:? (?:about )?\d{1,3} ?min(?:ute)?s?\b"
        r"|\b\d{1,3} min(?:utes?|utos?|uti)? (?:de lecture|de lectura|di lettura|de leitura)\b"
        r"|\btemps de lecture ?:? \d{1,3} ?min(?:utes?)?\b"
        r"|\b\d{1,3} min(?:\.|uten?)? lesezeit\b|\blesezeit:? (?:ca\. )?\d{1,3} ?min(?:uten?)?\b"
        r"|\b\d{1,3} min(?:uten)? leestijd\b|\d{1,3} ?分(?:で読めます|钟阅读)",
        "[reading time]",
    ),
    _line_rule(
        "results,items,entries,articles,ergebnisse,einträge,résultats",
        r"^(?:\w+ )?\d[\d.,]* ?- ?\d[\d.,]* (?:of|von|sur) \d[\d.,]*(?= )",
        "[count]",
    ),
    _line_rule(
        "helpful,hilfreich,utile,útil,nuttig",
        rf"{_COUNT} (?:out of|of|von|sur|de|su|van|auf) {_COUNT}",
        "[count]",
    ),
    _line_rule(_COUNTED_NEEDS, rf"^\W*{_COUNT}(?= {_COUNTED}\W*$)", "[count]"),
    _line_rule(_COUNTED_NEEDS, rf"^(\W*{_COUNTED}:? \(?){_COUNT}(?=\W*$)", r"\1[count]"),
    _line_rule("viewed", rf"\b(viewed ){_COUNT}(?= times)", r"\1[count]"),
    _line_rule(
        " id, id:,ref,request,incident",
        r"\b(?:ray|request|trace|correlation|incident|session|reference|error)[ -]?"
        r"(?:id|no\.?|number|#)[: #]+[\w.-]{6,}",
        "[id]",
    ),
    _line_rule(
        "generated,rendered",
        r"^(?P<what>\W*(?:page )?(?:generated|rendered)(?: at| on| in)?:? )"
        r"\d[\d:.,/+TZ -]*(?:utc|gmt|ms|s|sec(?:ond)?s?)?(?=\W*$)",
        r"\g<what>[moment]",
    ),
    _line_rule("your ip", r"\b(your ip(?: address)?(?: is)?:? )[0-9a-f.:]{7,45}", r"\1[address]"),
    _line_rule(
        "today is,today's date",
        r"^(today(?: is|'s date(?: is)?):?) (?:\w{6,9}, )?(?:[a-z]{3,9}\.? )?\d[\w .,/-]{3,20}\W*$",
        r"\1 [day]",
    ),
    _line_rule(
        "©,(c),copyright",
        r"(?P<sign>©|\(c\)|copyright)(?P<gap>\W{0,3})"
        r"(?:19|20)\d\d(?: ?[-,] ?(?:(?:19|20)?\d\d|present))*\b",
        r"\g<sign>\g<gap>[year]",
    ),
)
_DIGIT = re.compile("[0-9]")
# A line without digits is folded only if it contains one of these words for a time.
_TIME_WORDS = (
    *(
        " ago",
        "ecently",
        "oday",
        "esterday",
        "now",
        "his week",
        "ast week",
        "his month",
        "ast month",
        "n the last",
    ),
    *("his year", "ast year", " y a ", "or ein", "or wen", "ace un", "ace más", "á um", "á mais"),
    *(" fa", "geleden", "前"),
)
_KEYS = re.compile(r"C(?:trl|md|ommand) ?\+ ?|[⌘⌃] ?\+? ?")
_OPTION_KEY = re.compile(r"Option ?\+ ?|⌥ ?\+? ?")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
# Letters and digits mixed as in no word: hexadecimal with both, or digits, lower and upper case.
_TOKEN = re.compile(
    r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{16,}\b"
    r"|\b(?=\w*\d\w*\d)(?=\w*[a-z])(?=\w*[A-Z])[A-Za-z0-9_]{20,}\b"
)


class VolatileWords:
    """Folds volatile words, line by line. lines: all lines of the text."""

    def __init__(self, lines: list[str]) -> None:
        # Find out once which of the words the text has at all: most lines have none.
        short = "\n".join([line for line in lines if len(line) <= _SHORT_LINE])
        self._time_words = [word for word in _TIME_WORDS if word in short]

    def __call__(self, line: str) -> str:
        """Return a line with its volatile words folded."""
        if _DIGIT.search(line):
            if len(line) <= _SHORT_LINE:
                line = _fold_line(line)
            return _fold_tokens(line)
        if len(line) <= _SHORT_LINE and any(map(line.__contains__, self._time_words)):
            return _fold_line(line)
        return line


def fold_keys(text: str) -> str:
    """Return the text with the names of Mac keys replaced by those of other systems."""
    # Look for plain characters first: the regular expressions take ten times as long.
    if "⌘" in text or "⌥" in text or "⌃" in text or _names_key(text):
        text = _OPTION_KEY.sub("Alt+", _KEYS.sub("Ctrl+", text))
    return text


def _names_key(text: str) -> bool:
    return "+" in text and any(map(text.__contains__, ("Ctrl", "Cmd", "Command", "Option")))


def _fold_tokens(line: str) -> str:
    """Return a line with identifiers (UUIDs, hashes, session keys) replaced by [id]."""
    if len(line) < _TOKEN_LENGTH:
        return line
    return " ".join(
        [_fold_token(word) if len(word) >= _TOKEN_LENGTH else word for word in line.split(" ")]
    )


def _fold_token(word: str) -> str:
    if "-" in word:
        word = _UUID.sub("[id]", word)
    return _TOKEN.sub("[id]", word)


def _fold_line(line: str) -> str:
    lowered = line.lower()
    for rule in _LINE_RULES:
        for need in rule.needs:
            if need in lowered:
                line = rule.pattern.sub(rule.fold, line)
                break
    return line
