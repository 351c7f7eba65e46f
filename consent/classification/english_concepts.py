"""The ideas that English help pages speak of, each with the usual words for it.

A model that knows words alone needs to have seen "untick". One that knows ideas needs to have seen
that something is refused. The lists come from a thesaurus of each idea, not from labelled pages.
"""

import re

from consent.classification.lexicon import words

NUMBERS = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|eighteen|thirty"
    r"|sixty|ninety|a hundred|several|a few)"
)
FEW = r"(?:[\w’'-]+ ){0,4}?"

ENGLISH_CONCEPTS = {
    # Something is taught: the strongest sign.
    "learn": words(
        r"(?:re-?|pre-?)?train(?:s|ed|ing|able)?",
        r"teach(?:es|ing)?",
        r"taught",
        r"(?<!to )learn(?:s|ed|t|ing|er)?(?! (?:more|how|about|what|why|who|where|when)\b)",
        r"to learn(?= from| how people| what people|$|[.,;])",
        r"fine[- ]?tun\w+",
        r"(?:smarter|cleverer|wiser|brighter)",
        r"(?<!news )(?<!social )(?:feed(?:s|ing)?|fed)(?= \w)",
        r"(?:training|learning) (?:data|material|sets?|runs?|pool)",
        r"(?:data ?sets?|corpus|corpora)",
        r"(?:as|become|becomes|be|are|is|for) (?:\w+ )?(?:examples?|lessons?|practice material)",
        r"distil\w*",
        r"(?:ingest|absorb)\w*",
    ),
    "improve": words(
        r"improv\w+",
        r"better",
        r"enhanc\w+",
        r"develop(?:s|ed|ing|ment)?",
        r"build(?:s|ing)?",
        r"built",
        r"refin\w+",
        r"sharpen\w*",
        r"(?:advance|advances|advancing|advancement)",
        r"evolv\w+",
        r"perfect(?:s|ing)?",
        r"optimi[sz]\w+",
        r"(?:tune|tunes|tuned|tuning|calibrat\w+)",
        r"(?:more|less) (?:accurate|helpful|useful|natural|precise|reliable|often wrong)",
        r"fewer (?:mistakes|errors)",
        r"research\w*",
        r"(?:next|new|newer|future|later|coming) (?:versions?|generations?|releases?|models?)",
        r"contribut\w+",
        r"(?:help|helps|helping) (?:us|make|our|to make|shape|it|them|\w+ (?:get|become|grow))",
        r"shap(?:e|es|ing)",
        r"(?:creat|mak)(?:e|es|ing)",
        r"quality",
        r"(?:test|evaluat|measur)\w*",
    ),
    "ai": words(
        r"(?-i:AI|A\.I\.|ML|LLMs?|GPT\w*)",
        r"artificial intelligence",
        r"machines?",
        r"models?",
        r"algorithms?",
        r"neural",
        r"networks?",
        r"(?:assistants?|helpers?|companions?|copilots?|co-pilots?|tutors?|coach(?:es)?)",
        r"(?:chat ?)?bots?",
        r"(?:generators?|engines?|classifiers?|detectors?|recogni[sz]ers?|transcribers?)",
        r"(?:recognition|transcription|translation|prediction|autocomplet\w+|dictation"
        r"|captioning|suggestions?)",
        r"intelligen\w+",
        r"(?:automatic|automated|smart) \w+",
        r"(?:systems?|software|programs?|technolog\w+|tools?|features?|functions?)",
        r"(?:detection|understanding|forecasts?|answers|replies|captions|search|ranking|filters?)",
    ),
    "name": re.compile(r"(?<=[\w,;’”] )[A-Z][a-z]+\b"),
    "people": words(r"you", r"your", r"yours", r"my", r"mine", r"me", r"I", r"people[’']s", r"our"),
    "company": words(r"we", r"us", r"our", r"ours"),
    "data": words(
        r"(?:chats?|conversations?|prompts?|questions?|answers?|inputs?|outputs?|messages?|notes?"
        r"|posts?|comments?|reviews?|captions?|replies|ratings?|feedback|corrections?|edits?)",
        r"(?:photos?|pictures?|images?|videos?|clips?|recordings?|footage|drawings?|songs?|tracks?"
        r"|music|artworks?|designs?|voice|audio|speech|calls?|meetings?|transcripts?|samples?)",
        r"(?:files?|documents?|docs|texts?|drafts?|stories|books?|code|repositor\w+|projects?"
        r"|e-?mails?|tickets?|homework|essays?|exercises?|lessons?|scans?|receipts?|forms)",
        r"(?:data|content|contents|information|activity|history|usage|interactions?|searches"
        r"|routes?|trips?|rides?|purchases?|orders?|listings?|locations?|health|recipes?"
        r"|profiles?|material|work|everything|anything|nothing|what (?:you|people|members))",
    ),
    "use": words(
        r"us(?:e|es|ed|ing)",
        r"tak(?:e|es|en|ing)",
        r"collect\w*",
        r"(?:analy[sz]|stud(?:y|ies|ied)|examin|look at|process)\w*",
        r"(?:includ|draw|rel(?:y|ies)|go(?:es)? into|flows?)\w*",
        r"(?:serve|serves|helps?)",
        r"(?:share|shares|shared|sharing|send|sends|sent)",
    ),
    "refuse": words(
        r"off",
        r"opt(?:s|ed|ing)?[- ]?out",
        r"stop(?:s|ped|ping)?",
        r"(?:refus|declin|disabl|deactivat|exclud|withdraw|revok|prevent|avoid|block|paus)\w*",
        r"withdrew",
        r"object(?:s|ed|ing|ions?)?(?= |[.,;]|$)",
        r"(?:un-?tick|un-?check|de-?select|unselect|un-?mark)\w*",
        r"clear (?:the|this|that|it|\W)",
        r"(?:remove|removes|removing|take|takes|taking|leave|leaves|leaving|keep|keeps|keeping|get"
        r"|stay|stays|stayed|be|kept|left) " + FEW + r"(?:out|away|private|untouched|alone)",
        r"out of (?:it|this|that|the|our|any)",
        r"(?:say|says|saying|said) no",
        r"no,? thanks",
        r"(?:not|n[’']t|rather not|prefer not to) (?:\w+ )?(?:want|wish|like|take part|agree"
        r"|participate|join|have to)",
        r"(?:would|[’']d) rather(?: not)?",
        r"(?:do you|if you|you) mind",
        r"chang\w+ your mind",
        r"(?:set|switch|move|change|put|slide|drag|push) " + FEW + r"(?:to|on) \W?(?:off|no|never"
        r"|none|not|private|exclude|the left|left|don[’']t)",
        r"(?:leave|quit|exit) (?:the|this|it)",
        r"(?:end|ends|ended|ending) (?:it|this|the|your)",
        r"not to (?:be|take|have|let|allow|share)",
        r"cross (?:it|this|that) out",
    ),
    "way": words(
        r"(?:choose|chooses|choosing|choice|choices|decide|decides|option|options|preferences?)",
        r"(?:settings?|switch(?:es|ed)?|toggles?|slider|check ?box|box|button|menu|controls?)",
        r"(?:select|tap|click|press|open|go to|flip|turn|move|slide|untick|uncheck|clear|find)",
        r"(?:form|e-?mail|write to|contact|support|request|ask us|tell us|reply|letter)",
        r"(?:admin\w*|owners?|managers?|parents?|teachers?|guardians?|console|dashboard)",
        r"(?:up to you|your call|in your hands)",
        r"[›→>»]",
    ),
    "agree": words(
        r"(?:agree|agrees|agreed|agreeing|agreement|consent\w*|permission|permit\w*|approv\w+)",
        r"(?:allow|allows|allowed|allowing|let|lets|accept\w*)",
        r"opt(?:s|ed|ing)?[- ]?in",
        r"(?:join|joins|joined|joining|volunteer\w*|donat\w+|sign(?:ed)? up|take part|took part)",
        r"(?:turn|turned|switch|switched|turning|switching) " + FEW + r"on",
        r"(?:enable|enables|enabled|activate|activates|activated)",
        r"(?<!un)tick(?:s|ed|ing)?",
        r"say(?:s|ing)? yes",
        r"(?:ask|asks|asked|asking) (?:you|first|for|before)",
        r"only (?:if|when|after|with|once|where)",
        r"(?:unless|until|if|once) (?:you|they|somebody|someone|an? \w+|the \w+)",
        r"(?:invit\w+|yourself|actively)",
    ),
    "state": words(
        r"(?:on|off)(?=[.,;:)]|$| (?:by|for|from|at|until|unless|when|now|already|again|in)\b)",
        r"(?:by )?default",
        r"(?:already|automatically|from the (?:start|beginning)|at first|to begin with|initially)",
        r"(?:enabled|disabled|active|inactive|activated|deactivated|selected|(?:pre-?)?ticked"
        r"|(?:pre-?)?checked|empty|allowed|included|excluded|opted[- ](?:in|out)|set to|status)",
        r"(?:starts?|starting|comes?|begins?) (?:switched |turned |out )?(?:on|off|with|empty)",
        r"(?:everyone|everybody|all accounts|new accounts|nobody|no one)",
        r"(?:yes|no|never|always)",
    ),
    "deny": words(
        r"not",
        r"\w+n[’']t",
        r"(?:never|no|none|nobody|neither|nor|without|cannot|nothing|nowhere|no longer)",
        r"(?:any ?more|any longer|at all|instead of|ended|stopped|(?:is|are|was|were) over)",
        r"(?:stays?|remains?|kept?) (?:\w+ )?(?:on|with|in|between|yours|private|out|away|from)",
    ),
    "others": words(
        r"(?:partners?|third[- ]part\w+|suppliers?|vendors?|providers?|affiliat\w+|subsidiar\w+)",
        r"(?:compan(?:y|ies)|firms?|universit\w+|institutes?|laborator\w+|labs?|researchers"
        r"|developers|businesses|studios|outside|external)",
        r"(?:anyone|anybody|somebody|someone|everyone|nobody) else",
        r"others",
        r"(?:licen[sc]e[sd]?|licensing|sell|sells|sold|selling|pass(?:es|ed)?|hand(?:s|ed)?"
        r"|gives?|given|disclos\w+)",
    ),
    "keep": words(
        r"(?:keep|keeps|kept|stor(?:e|es|ed|age)|retain\w*|retention|sav(?:e|es|ed)|hold|held)",
        r"(?:delet|eras|remov|destroy|wip|discard)\w+",
        NUMBERS + r" (?:hours?|days?|weeks?|months?|years?)",
        r"(?:how long|as long as|for ever|forever|indefinitely)",
    ),
    "review": words(
        r"(?:review(?:ers|er|ed)|annotat\w+|label(?:s|led|lers|ling)|listen\w*|human\w*|raters?)",
        r"(?:staff|employees|colleagues|team|contractors|person|people) (?:may |can |will |who )?"
        r"(?:read|look|check|listen|review|rate|see|hear)s?",
    ),
    "rule for users": words(
        r"(?:you|users|customers|nobody|they) (?:may|must|can|should|shall) (?:not|only|never)",
        r"(?:please )?(?:do not|don[’']t|never) (?:use|post|upload|copy|scrape|share|feed|enter"
        r"|paste|train)",
        r"(?:prohibited|forbidden|not permitted|compet(?:e|es|ing))",
    ),
    "staff or sport": words(
        r"(?:staff|employees?|colleagues?|trainers?|teachers|courses?|webinars?|workshops?"
        r"|academy|certificat\w+|onboarding|compliance|gym|fitness|workouts?|exercises?|muscles"
        r"|strength|marathon|lessons?|seminars?|skills|curriculum)",
    ),
    "other purposes": words(
        r"(?:ads?|advert\w*|personali[sz]\w+|recommend\w*|marketing|newsletters?|notifications?)",
        r"(?:pric(?:e|es|ing)|pay\w*|invoices?|bill(?:ing|s)?|subscriptions?|credits?|refund\w*)",
        r"(?:back-?ups?|passwords?|sign(?:ing)?[- ]in|log ?in|fraud|spam|security|safety|legal)",
        r"(?:remember\w*|memory|summar\w+|stickers?|draft(?:s|ing)|translat\w+|captions)",
        r"(?:crash\w*|diagnos\w+|error reports?|speed|bugs?|performance)",
    ),
    "general talk": words(
        r"(?:was|were|is|are|been|model|models) (?:\w+ )?(?:trained|built|made|based) (?:on|with"
        r"|by|for|from|in)",
        r"(?:newest|latest|larger|faster|new) (?:\w+ )?(?:models?|version)",
        r"(?:called|means|meaning|glossary|term|definition)",
    ),
}
