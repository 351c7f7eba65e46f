"""English."""

import re

from consent.classification.english_concepts import ENGLISH_CONCEPTS
from consent.classification.lexicon import Lexicon, Rule, starts, words

# Between a verb and its object: at most some words, never the end of a sentence.
GAP = r"(?:[\s,()/“”\"'’‘&-]+[\w’'.&/-]+){0,%d}?[\s,()/“”\"'’‘&-]+"
# The same, but not across words that make the AI the tool instead of the object.
OBJECT_GAP = (
    r"(?:[\s,()/“”\"'’‘&-]+(?!(?:using|through|via|with|by|leveraging|powered|from|based|where"
    r"|that|which|when|if|uses?|used|it|allows?|provides?|owns|have|has|against|compete)\b)"
    r"[\w’'.&/-]+){0,%d}?[\s,()/“”\"'’‘&-]+"
)
AI = (
    r"(?:(?-i:AI|A\.I\.|ML|LLMs?|GenAI|genAI)|artificial intelligence|machine[- ]learning"
    r"|deep[- ]learning"
    r"|(?:large |small )?language models?|generative (?:AI|models?|artificial)"
    r"|neural net(?:work)?s?"
    r"|foundation(?:al)? models?|speech recognition|computer vision"
    r"|natural language (?:processing|understanding))"
)
NAMED = (
    r"(?-i:Grok|Gemini|Bard|Copilot|Llama|ChatGPT|GPT-?\w*|Claude|My AI|Meta AI|Le Chat|Firefly"
    r"|Bedrock)"
)
MODEL = (
    rf"(?:{AI}|{NAMED}|models?|algorithms?|classifiers?|modell?ing|chat ?bots?|virtual assistants?)"
)
TRAIN = (
    r"(?:(?:re-?|pre-?)?train(?:s|ed|ing)?|teach(?:es|ing)?|fine[- ]?tun(?:e|es|ed|ing)"
    r"|distil(?:l|ling|lation))"
)
IMPROVE = (
    r"(?:improv(?:e|es|ed|ing|ements?)|develop(?:s|ing|ment)?|enhanc(?:e|es|ed|ing|ement)"
    r"|build(?:s|ing)?"
    r"|refin(?:e|es|ed|ing|ement)|optimi[sz](?:e|es|ed|ing|ation)|tun(?:e|es|ed|ing)"
    r"|evaluat(?:e|es|ed|ing|ion)"
    r"|test(?:s|ed|ing)?|updat(?:e|es|ed|ing)|advanc(?:e|es|ed|ing)|creat(?:e|es|ing|ion)"
    r"|foster(?:s|ing)?"
    r"|calibrat(?:e|es|ed|ing))"
)
USER = (
    r"(?:you|users?|customers?|licensees?|developers?|subscribers?|members?|visitors?|partners?"
    r"|publishers?|sellers?"
    r"|buyers?|they|he|she|party|recipients?|applications?|clients?|anyone|no one|person"
    r"|merchants?|advertisers?"
    r"|end users?|participants?|accessory|robots?|bots?|scrapers?|spiders?)"
)
# Others as those who train: "partners who may", "third parties for their own".
OTHERS_ACT = (
    r"(?:[\w ,’'/&-]{0,120}? (?:(?:who|that|which) (?:may|will|can|use|train)|may use|can use"
    r"|use (?:it|your|this|such)|will use"
    r"|to use|for their (?:own )?(?:use|training|AI|models|independent)"
    r"|to (?:train|develop)(?! our)"
    r"|their own|from training"
    r"|for (?:the purposes? of )?(?:[\w-]+ ){0,2}training))"
)
NOT_A_SOURCE = r"(?<!from )(?<!from third-party )(?<!third-party data )"  # of the data, that is
# A capitalised name that acts, unless it names a role, a thing or the beginning of a sentence.
NOT_AN_ACTOR = (
    r"(?!(?:I|You|Sellers?|Buyers?|Publishers?|Robots?|Partners?|Merchants?|Advertisers?|Visitors?"
    r"|Clients?|Recipients?|Participants?|Applications?|Users?|Customers?|Developers?|Licensees?"
    r"|Applications?|Subscribers?|Members?|They|It|This|That|These|Content|Outputs?|Services?"
    r"|Data|To|If|When|Where|The|In|For|By|Any|All|And|How|What|An?|Each|Some|No|Not|On|Your"
    r"|Video|Videos|Input|Video|Materials|Accessory|Inputs)\b)"
)
NAMED_ACTOR = rf"(?-i:{NOT_AN_ACTOR}[A-Z][\w&-]*(?:\.\w+)?(?: {NOT_AN_ACTOR}[A-Z][\w&-]*)?)"
NOT_MODEL = (
    r"(?![- ](?:powered|generated|enabled|driven|based|assisted|supported|related|agents?"
    r"|applications?|apps?|acts?|polic\w+|literacy|principles|ethics|safety|community"
    r"|regulations?|developers?)|\s+(?:tools? to|outputs?))"
)

# "turn on", or "turn it on" where the sentence does not go on with what it is turned on for.
TURNED_ON = (
    r"(?:turn|switch)\w*"
    r"(?: on|(?: \w+){1,4}? on(?=[^\w\s]|$| (?:in|for|under|via|through|by|at|yourself)\b))\b"
)
# What people do to refuse.
REFUSES = (
    r"(?:opt(?:s|ed|ing)?[- ]?out|object(?:s|ed|ing)?|objections?"
    r"|(?:turn|switch|toggl)\w*(?: [\w’'“”\"-]+){0,5} off|disabl(?:e|es|ed|ing)|deactivat\w+"
    r"|withdr[ae]w\w*|(?:clear|untick|uncheck|deselect)\w*|refus(?:e|es|ed|ing)"
    r"|declin(?:e|es|ed|ing)|do(?:es)? not want|don[’']t want|sa(?:y|ys|id) no)"
)

USES = (
    Rule("train-model", "train", words(TRAIN + GAP % 14 + MODEL)),
    Rule(
        "model-training", "train", words(MODEL + r"(?:[\s,()/-]+[\w’'/-]+){0,4}?[\s,()/-]+" + TRAIN)
    ),
    Rule(
        "train-technology",
        "train",
        words(
            TRAIN
            + GAP % 5
            + r"(?:technolog(?:y|ies)|systems?|engines?|classifiers?|products?|services|features?)"
        ),
        0.6,
    ),
    Rule(
        "train-on-data",
        "train",
        words(
            r"(?:(?:re)?train(?:s|ed)? on|training on (?:your|user|customer|personal"
            r"|their)) (?:\w+ ){0,3}?(?:data|content|code|inputs?|outputs?|prompts?"
            r"|conversations?|chats?|posts?|messages|files|documents|information|photos|images"
            r"|videos|recordings)"
        ),
        0.8,
    ),
    Rule(
        "train-subject",
        "train",
        words(
            r"(?:for|in) (?:\w+ )?(?:the )?(?:purposes? of )?training",
            r"to (?:help )?train",
            r"(?:content|conversation|chat) training",
        ),
        0.4,
    ),
    Rule(
        "help-learn",
        "train",
        words(
            r"(?:helps?|so|so that) (?:our|the|its) (?:[\w-]+ ){0,2}?(?:AI|models?|algorithms?"
            r"|systems?)"
            r"(?: can| to)? (?:learn|get smarter|understand)"
        ),
        0.7,
    ),
    Rule(
        "learns-from",
        "train",
        words(
            r"learn(?:s|ed)? from (?:[\w’'-]+,? ){0,4}?(?:your|people[’']s|users?[’']?"
            r"|customers?[’']?|members?[’']?|public|data|content|posts?|photos?|pictures|images|videos|chats?"
            r"|conversations?|messages|recordings?|files|documents|edits)",
            MODEL + r"(?: can| will)? learns? from",
        ),
        0.7,
    ),
    # What is trained may have the name of a product ("train our search"); people are blanked.
    Rule("train-ours", "train", words(r"train(?:s|ed)? (?:our|its) (?:[\w-]+ ){0,2}[\w-]+"), 0.5),
    Rule(
        "improve-model",
        "improve",
        words(
            IMPROVE
            + OBJECT_GAP % 9
            + rf"{AI}(?:\s+(?:models?|algorithms?|systems?|technolog\w+))?{NOT_MODEL}",
            IMPROVE + OBJECT_GAP % 2 + NAMED + NOT_MODEL,
        ),
        0.8,
    ),
    Rule(
        "improve-algorithms",
        "improve",
        words(
            IMPROVE
            + OBJECT_GAP % 6
            + r"(?:(?:\w+ )?models|the model|algorithms|classifiers|model performance)",
            r"(?:models?|algorithms?) (?:improvement|development|refinement|optimi[sz]ation)",
        ),
        0.6,
    ),
    Rule(
        "improve-ai-product",
        "improve",
        words(IMPROVE + OBJECT_GAP % 9 + rf"{AI}[- ](?:powered|driven|based|enabled)"),
        0.5,
    ),
    Rule(
        "ai-purpose",
        "develop",
        words(
            rf"for (?:the )?(?:purposes? of )?(?:[\w-]+,? (?:and |or )?){{0,4}}{AI}(?: models?"
            rf"| systems?)?(?: and (?:other )?[\w-]+)? (?:purposes?|development|research"
            rf"|improvement)",
            rf"for (?:the )?purposes? of (?:[\w-]+,? (?:and |or )?){{0,4}}{AI}(?! (?:features?"
            r"|functionality|experiences?|assistants?)\b)",
            rf"{AI}(?: models?| systems?)?(?: and \w+)? (?:development|improvement|research)",
            rf"(?:datasets?|data sets?|inputs?) (?:utili[sz]ed by|used by|for|to"
            rf"|in) {OBJECT_GAP % 2}?{AI}",
        ),
        0.6,
    ),
    Rule(
        "process-with-ai-to-improve",
        "improve",
        words(
            rf"{AI}(?:[^.;]{{0,80}}?)\b(?:analy[sz]e"
            rf"|process)\b[^.;]{{0,80}}?\bto (?:\w+,? (?:and )?){{0,3}}(?:improve|develop)"
        ),
        0.5,
    ),
    Rule(
        "improve-by-learning",
        "improve",
        words(
            r"machine[- ]learning (?:techniques? |technolog\w+ )?(?:for"
            r"|to)\b[^.;]{0,60}?\b(?:improv|develop|enhanc)\w+ (?:our|the|its)"
        ),
        0.5,
    ),
    Rule(
        "improve-through-learning",
        "improve",
        words(
            IMPROVE + r"[^.;]{0,80}?(?:services?|features?|products?"
            r"|technolog\w+)[^.;]{0,50}? (?:through|using|with|via"
            r"|by) (?:the use of )?machine[- ]learning"
        ),
        0.5,
    ),
    Rule(
        "use-with-ai",
        "develop",
        words(
            rf"(?:use|license|provide)[^.;]{{0,80}}? (?:in connection )?with {AI}(?: programs?"
            rf"| systems?| models?)"
        ),
        0.4,
    ),
    Rule(
        "human-review",
        "human-review",
        words(
            rf"human review(?:ers?)?[^.;]{{0,60}}?improv\w+[^.;]{{0,30}}?{AI}",
            rf"improv\w+[^.;]{{0,30}}?{AI}[^.;]{{0,60}}?human review(?:ers?)?",
        ),
        0.6,
    ),
)

SWAPPED = {
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "our": "your",
    "us": "you",
    "we": "you",
    "you": "we",
    "your": "our",
}
PRONOUN = re.compile(r"\b(?:" + "|".join(SWAPPED) + r")\b", re.IGNORECASE)
AUXILIARY = re.compile(
    r"^\W*(?:(?:so|and|but),? )?(?:do|does|did|is|are|will|can|could|may|would)\s+", re.IGNORECASE
)


def said_plainly(question: str) -> str:
    """Turn a reader's question into the service's words: "Do you use my" into "we use your"."""
    return PRONOUN.sub(lambda match: SWAPPED[match[0].lower()], AUXILIARY.sub("", question))


ENGLISH = Lexicon(
    language="en",
    common_words="the and of to in that you we your for is or with our not this are",
    triggers=(
        "train",
        "learn from",
        "learns from",
        "learned from",
        "fine-tun",
        "fine tun",
        "machine learning",
        "machine-learning",
        "language model",
        "artificial intelligence",
        "deep learning",
        "neural",
        "generative",
        "speech recognition",
        "natural language",
        "models",
        "our model",
        "the model",
        "algorithm",
        "classifiers",
        "model improvement",
        "model performance",
        "computer vision",
    ),
    exact_triggers=("AI", "A.I.", "ML", "LLM"),
    uses=USES,
    needs_paragraph=frozenset({"improve-by-learning"}),
    use_nearby=words(
        r"us(?:e|es|ing) (?:[\w,-]+ ){0,4}?(?:your|customer|user|personal) (?:data|content"
        r"|information|text)[^.]{0,160}? improv\w+",
    ),
    model_names=words(NAMED),
    not_training=words(
        # The names along a menu path ("Settings > AI > Model training") state nothing.
        r"(?<=[>›→] )(?:[\w&]+ ){0,5}?[\w&]+(?= [>›→]| (?:and|to|then)\b|[.,;:]|$)",
        r"train(?:s|ed|ing)?(?:,? (?:and|or) (?:\w+ ){0,2}\w+)? (?:(?:our|its|their|your|all"
        r"|new|customer(?: service)?|support|relevant|and) ){0,3}"
        r"(?:staff|employees?|personnel|teams?|agents?|representatives?|moderators|workers"
        r"|colleagues|teachers|sellers|coaches|trainees"
        r"|individuals|people|customer service|workforce|users|drivers?|customers)",
        r"(?:staff|employees?|personnel|team|agents?|user|customer|awareness|security|privacy"
        r"|safety|workforce|driver|professional|onboarding|education|compliance) training",
        r"train(?:ed|ing)? (?:materials?|courses?|videos?|sessions?|programs?|programmes"
        r"|documentation|services|events?|experts?|professionals|content|providers?|partners?"
        r"|webinars?|and (?:support|education|certification|consulting|quality|onboarding))",
        r"(?:monitoring|quality|quality assurance|education|support|consulting|compliance"
        r"|testing)(?: and|,| or|/) (?:\w+ )?training",
        r"training,? (?:and |or |& )?(?:quality|monitoring|education|coaching|support|consulting"
        r"|certification|compliance)",
        r"(?:sign(?:s|ed)? up|register(?:s|ed)?|enrol(?:l?s|led)?) for (?:\w+ ){0,2}training",
        r"(?:specially|highly|well|properly|appropriately|been|are|is|who are) trained (?:to|in"
        r"|on|experts?|staff|reviewers?|professionals?)",
        r"model (?:mechanism|number|name|releases?|contract|clauses)",
        r"(?:hardware|device|phone|business|contractual|role|standard) models?",
        r"models? (?:are|is|were|was|have been|has been|that (?:are"
        r"|is))(?: not)? (?:\w+ly )?(?:fine-tuned|trained|designed) to(?! be)",
        r"(?:commercial|pricing|revenue|operating|delivery|licensing|subscription|hybrid) models?",
        r"trainers?",
        r"trainings (?:for|at|in)",
        r"training purposes and to (?:ensure|assure|maintain|monitor)[\w ]{0,20} quality",
        r"training of (?:an? |the |our |your )?(?:\w+ )?(?:staff|school|team|employees|colleagues)",
        r"(?:tools?|platforms?|infrastructure|hardware) (?:for|to) (?:train|fine-tune)(?:ing)?",
        r"(?:fine-tuned|pre-?trained|custom) models?",
        r"(?:train|fine-tune)(?: (?:and|or) \w+)? (?:customer|user|your)(?:[’']?s)?"
        r" (?:own|derivative) models?",
        r"your training (?:is|was|account|history|records?)",
        r"training (?:methods?|process|procedures?|data used|requirements?)",
        r"(?<!as )(?<!for )(?<!into )training data(?:sets?)?",
        r"AI scraping",
        r"models? trained on large \w+",
        r"record(?:s|ed)? (?:[\w,]+ ){0,6}?for (?:\w+ (?:and|or) )?training(?: purposes)?"
        r"(?! (?:of|our|the|an?) )",
        # Data of nobody who uses the service.
        r"trained (?:\w+ly |only )?on (?:licen[sc]ed|public[- ]domain|synthetic|stock|purchased"
        r"|open[- ]source) [\w-]+",
    ),
    pointer=re.compile(
        r"\W*(?:(?:for |to find )?(?:more|further)(?: \w+)? (?:information|details)"
        r"|(?:you can |to |please )?(?:learn|read|find out|know) more"
        r"|(?:please )?(?:see|visit|read|refer to) (?:here|this|our|the)\b)",
        re.IGNORECASE,
    ),
    people_data=words(
        r"your",
        r"yours",
        r"you (?:share|provide|submit|upload|send|post|enter|give|import|add|create)",
        r"users?[’']?s?",
        r"customers?[’']?s?",
        r"subscribers?",
        r"members?[’']?",
        r"people[’']s",
        r"personal(?:ly)? \w+",
        r"(?:publicly|public)[- ]\w+",
        r"public (?:posts?|information|data|content|sources|web)",
        r"(?:user |customer )?content",
        r"inputs?",
        r"outputs?",
        r"prompts?",
        r"conversations?",
        r"chats?",
        r"interactions?",
        r"feedback",
        r"activity",
        r"posts?",
        r"photos?",
        r"recordings?",
        r"messages?",
        r"files",
        r"(?:tracks|songs|works|art|drawings|listings|recipes|reviews|comments|pictures|clips|scans"
        r"|notes|edits|questions|searches|requests|meetings|calls|documents|stories|drafts"
        r"|playlists|samples|ratings)",
        r"information",
        r"data",
        r"images?",
        r"videos?",
        r"voice",
        r"audio",
        r"transcripts?",
        r"submissions?",
        r"queries",
        r"web ?pages?",
    ),
    asks_about_people=words(
        r"my", r"your", r"our data", r"users?[’']?", r"customers?[’']?", r"personal"
    ),
    user_bound=words(
        USER + r"\b(?![’']?s?[’']? (?:data|content|information|inputs?|outputs?|prompts?"
        r"|conversations?))"
        + r"(?:(?! we | us | our )(?:,(?= (?:and|or|nor|your|the|any|its|you|whether|directly"
        r"|under)\b)|[\w /&’'-])){0,70}? "
        r"(?:may not|must not|shall not|should not|will not|would not|cannot|can[’']t|won[’']t"
        r"|shan[’']t|do not|don[’']t|may only|agrees? (?:that (?:you|it) will )?(?:not|never)"
        r"|agree to not|"
        r"(?:are|is) (?:not (?:permitted|allowed|authori[sz]ed)|prohibited|forbidden"
        r"|restricted)|(?:may|will|shall|must) (?:neither|never|ensure)"
        r"|undertakes? not)(?! (?:opt|want|wish|object|consent|like|turn|disable))",
        r"your (?:api|applications?|apps?|products?|software|integrations?|plugins?|connectors?"
        r"|end users?|customers?|employees|affiliates?|users)[\w ]{0,40}? (?:may|will|shall"
        r"|must|can) not",
        r"neither (?:you|users?|customers?) nor",
        r"(?:^|[.;:•] ?|– )(?:please )?(?:do not|don[’']t|never)",
        r"(?:strictly |expressly )?(?:prohibit(?:s|ed|ing|ions?)?|forbid(?:s|den)?)",
        r"(?:is|are) not (?:permitted|allowed|authori[sz]ed)",
        r"we do not (?:allow|permit)(?! (?:our|third|any third|these|such|its|them"
        r"|other (?:companies|providers)))",
        r"(?:does not|do not|doesn[’']t) (?:include|permit|allow|grant|extend to)(?! (?:our"
        r"|third|any third))",
        r"(?:you|user|customer)(?:[’']s)? (?:\w+ ){0,3}agree(?:s|ing)? (?:\w+ ){0,2}not to",
        r"(?:is|be|constitutes?) (?:a |an )?(?:\w+ )?(?:breach|violation) of",
        r"(?:bots|scrapers|crawlers) that",
        r"(?:you|users?|customers?) (?:is|are) (?:solely |fully )?responsible",
        r"no part of",
        r"(?:may|must|shall) not be (?:used|accessed|copied)[\w ,]{0,30}? by (?:any )?(?:third"
        r"|other|anyone)",
        r"unauthori[sz]ed use",
        r"prohibited (?:uses?|conduct|activities)",
        r"(?:restrictions?|limitations?) on (?:your )?use",
        r"license restrictions?",
        r"text (?:and|or) data mining",
    ),
    user_acts=words(
        r"(?:can|may) I",
        r"(?:allow|enable|let|help|permit)s? (?:you|users?|customers?|developers?|business\w*"
        r"|teams)",
        r"(?:gives?|offers?) (?:you|users?|customers?) (?:the|an) (?:opportunity|possibility"
        r"|chance) to",
        r"you (?:may |can |choose to |decide to )?(?:fine-tune|train|develop|build)",
        r"you (?:may|can|agree|must|shall|will|represent|warrant|acknowledge|are|use|have"
        r"|retain|own)",
        r"without (?:our|the|prior|express|first)[\w ,’'.]{0,40}(?:written )?(?:consent"
        r"|permission|authori[sz]ation) (?:of|from) (?:us|[A-Z])",
        r"compet(?:e|es|ing|itive) (?:with|models?|products?|services?)",
    ),
    service_acts=words(
        r"(?:users?|customers?|members?|people) (?:may|can) (?:also )?(?:opt|object|choose"
        r"|control|turn"
        r"|withdraw|select)",
        r"(?!(?:customers?|users?|you|licensees?|developers?)\b)[\w.]+ (?:shall|will|may|does|do)"
        r" not (?:\w+ )?(?:use|train)(?: \w+){0,3} (?:customer|user|your|personal)[’']?s?"
        r" (?:content|data|information|inputs?|outputs?)",
        r"(?:agreements?|contracts?|terms|providers?|vendors?|partners|sub-?processors?)"
        r"[\w ,-]{0,60}? prohibit(?:s|ed|ing)?",
        r"(?:does|do) not grant (?-i:us|[A-Z]\w+)",
        r"(?:admins?|administrators?|(?:account |workspace )?owners?) (?:can|may)",
        NAMED_ACTOR
        + r" (?:is|are) not (?:permitted|allowed) to (?:use|train)(?: on)? (?:\w+ )?(?:our|your"
        r"|customer)",
        r"we(?:[’']ll|[’']re|[’']ve)?",
        r"the recipients",
        r"us to",
        r"(?:allow|help|enabl)(?:s|ing|e|es)? us",
        r"(?:our|third|its|these|such)[- ](?:part(?:y|ies|ners?)|affiliates?|(?:service |AI "
        r"|model )?providers?|vendors?|sub-?processors?)(?! (?:materials?|content|data"
        r"|software))[\w ,’'()-]{0,40}?(?<! to) (?:may|will|can|do|does|uses?)",
        r"(?:affiliates|partners|third parties|providers|vendors|suppliers|collaborators"
        r"|recipients|subprocessors) (?:who |that )?(?:may|will|can|do|does|use|are|might|not)",
        NAMED_ACTOR
        + r" (?-i:may|will|can|does|do|uses?|shall|might|could|agrees|collects?|processes"
        r"|receives|reserves|works)(?: not| also| never)?",
        r"(?:third[- ]part(?:y|ies)|(?:service |AI |model )?providers?|vendors?|partners"
        r"|affiliates|sub-?processors?|suppliers?)(?: \w+){0,2}? (?:contractually |strictly "
        r"|expressly )?(?:prohibited|restricted|barred|forbidden|prevented|not (?:permitted"
        r"|allowed))",
        r"(?:the )?company (?:may|will|can|does|uses?|shall|agrees)",
        r"how we",
        r"they do not",
        r"who (?:may|will) use",
        r"we and our",
        r"you (?:may|can|have|could|always)[\w ’',]{0,40} (?:opt|object|choose|control|select"
        r"|elect|disable|turn|withdraw|decide|refuse|prevent|stop|limit|manage|the right"
        r"|the option|the ability|request|change|adjust)",
        r"you (?:hereby |also |expressly )*(?:grant|license|consent|authori[sz]e|are in control"
        r"|control)",
        r"(?:you|customer|user)s? (?:\w+ )?(?:acknowledges?|understands?"
        r"|agrees?)(?: and (?:agrees?|acknowledges?|consents?))? that(?! (?:you|it|users?"
        r"|customers?|the user|the customer)\b)",
    ),
    service_implied=words(
        r"(?:isn|aren|wasn|won|weren)[’']t (?:be )?(?:used|processed|shared|retained|disclosed"
        r"|sold)",
        r"(?:is|are|be|being|been|was|were) (?:also |not |never |only )?(?:used|processed"
        r"|shared|retained|disclosed|sold)",
        r"(?:consent|grant|license|right|authori[sz]e|permission|allow"
        r"|permit)s? (?:\w+ ){0,4}(?:to|us|for)",
        r"(?:if|unless) you",
        r"your (?:data|content|information|inputs?|conversations?|chats?|use"
        r"|personal)[\w ,’'()-]{0,60} (?:is|are|may|will|can|won[’']t|aren[’']t|isn[’']t|for"
        r"|to)",
        r"our (?:models?|AI|algorithms?|machine|technolog\w+)",
    ),
    user_headings=words(
        r"prohibit\w*",
        r"restrict\w*",
        r"acceptable use",
        r"misuse",
        r"abuse",
        r"user conduct",
        r"your (?:conduct|responsibilities|obligations)",
        r"rules",
        r"you (?:may|must|shall|can) ?not",
        r"don[’']?t",
        r"dos and don\w+",
        r"limitations",
        r"unauthori[sz]ed",
        r"what you can[’']?t do",
        r"respect others",
        r"unacceptable",
        r"appropriate use",
        r"permitted use",
    ),
    user_objects=words(
        r"(?:the |our |any |all |its )?(?:services?|site|sites|platform|website|materials?"
        r"|software|api|output|outputs|output content) (?:or|to|for|from|in)",
        r"(?:from|of|through|on|via) (?:the|our|any of our|its) (?:services?|sites?|platform"
        r"|website|api|products)",
        r"our (?:content|data|materials|services?|site|api|intellectual)",
        r"(?:site|platform|website|api|maps|licensed) (?:content|data|materials)",
        r"outputs?",
        r"any content",
        r"reverse engineer\w*",
        r"scrap\w+",
    ),
    purpose_lead_in=words(
        r"(?:we|[A-Z]\w+)(?: may| will| can| also)*(?: \w+){0,3}? (?:use|process|collect|share"
        r"|disclose|analy[sz]e)s?",
        r"purposes?",
        r"legitimate interests?",
        r"how we use",
        r"is used",
        r"are used",
        r"uses? (?:your|the|this|personal|information|data)",
        r"right to",
        r"in order to",
        r"including",
        r"legal bas[ei]s",
        r"rights",
    ),
    purpose_start=re.compile(r"\W*(?:to|for|in order to)\s", re.IGNORECASE),
    denial=words(
        r"(?:under no circumstances?|in no (?:event|case)|at no (?:time|point))",
        r"prohibit(?:s|ed|ing)? (?:the use|using|use|them|any)",
        r"(?:do|does|will|shall|may|can|would|could|should|is|are|be|has|have|did|was|were"
        r"|agrees?)(?: \w+ly)? (?:not|never|no longer)",
        r"(?:won|don|doesn|isn|aren|can|haven|hasn|wouldn|didn)[’']t",
        r"cannot",
        r"never",
        r"nor",
        r"neither",
        r"no longer",
        r"not to (?:use|train|share|allow|license)",
        r"not (?:be )?(?:used|using|use|trained|training|shared|processed|permitted|allowed"
        r"|authori[sz]ed)",
        r"(?:we|that|which|contractually|and) (?:prohibit|restrict|prevent"
        r"|forbid)s? (?:\w+ ){0,4}?from",
        r"(?:prohibit|restrict|prevent|forbid|bar)(?:s|ed|ing)? (?:our|these|such|them|third"
        r"|any third|those|its|the)[\w ,’'-]{0,50}? from",
        r"(?:prohibited|restricted|prevented|barred|refrain\w*) from",
        r"without (?:using|training|being used)",
        r"no (?:customer|user|personal) \w+ (?:is|are|will be)",
        r"none of (?:your|the)",
        r"(?:exclud|exempt)(?:e|es|ed|ing)",
        r"(?:stay|stays|kept|keep|keeps|left|leave|remain|remains) out of",
    ),
    not_denial=re.compile(
        r"\s*(?:want|wish|opt|limit|only|object|control|guarant|warrant|endors)", re.IGNORECASE
    ),
    denied_denial=words(
        r"(?:not|\w*n[’']t|cannot|never|no longer|nothing)(?: [\w’'-]+){0,4}?"
        r" (?:rul(?:e|es|ing) out|exclud(?:e|es|ing)|exempt|guarantee|prevents?|prohibits?|stops?"
        r"|(?:need|require|ask)(?: \w+){0,3} (?:consent|permission)"
        r"|(?:remove|delete)s? (?:[\w’'-]+ ){1,6}from)",
        r"no (?:longer )?guarantee",
    ),
    promise=re.compile(r"will|won|shall|never|prohib|restrict|agree|nor", re.IGNORECASE),
    clause_end=re.compile(r";|\b(?:but|however|although)\b"),
    denial_after=words(
        r"(?:is|are) (?:strictly |expressly )?(?:prohibited|forbidden|not (?:permitted|allowed))",
        r"is off",
        r"(?:any ?more|any longer)\b",
    ),
    states={
        "no": starts(
            r"no", r"never", r"not used", r"not included", r"none", r"✗", r"✘", r"not allowed"
        ),
        "yes": starts(r"yes", r"used", r"included", r"✓", r"✔", r"allowed"),
        "off": starts(
            r"off",
            r"disabled",
            r"inactive",
            r"not active",
            r"switched off",
            r"turned off",
            r"not ticked",
            r"not selected",
        ),
        "on": starts(
            r"on", r"enabled", r"active", r"switched on", r"turned on", r"ticked", r"selected"
        ),
    },
    said_plainly=said_plainly,
    concepts=ENGLISH_CONCEPTS,
    refusals=words(
        r"(?:turn|switch|toggle)(?: \w+){0,2} off",
        r"(?:clear|uncheck|untick|deselect|unselect) (?:the |this )?\S",
        r"opt(?:ed|ing|s)?[- ]?out",
        r"(?:exclude|leave out|remove) (?:this|your|my|the|their|me|us)",
        r"(?:leave|keep|take) (?:\S+ ){1,4}out",
        r"say no",
        r"(?:do not|don[’']t|would rather not|rather not) (?:want|wish|like|take part|have|share)",
        r"(?:you )?(?:can|may) (?:object|refuse|decline)",
        r"to (?:object|refuse|decline|stop (?:this|it|them))",
        r"if you (?:mind|object|disagree|would rather not)",
    ),
    refusing_act=words(
        r"(?<!only )(?:if|when|once|where|after|as soon as|provided(?: that)?|in case"
        r"|(?:for )?(?:those|users|customers|people|members|accounts|anyone))"
        r"(?: (?!not )[\w’'“”\"-]+){0,8}? (?:"
        + REFUSES
        + r"|(?:is|are|has been|have been) (?:turned|switched) o(?:n|ff))",
        r"by (?:" + REFUSES + r")",
        # What only those have who choose it: a mode, a mark, a request.
        r"(?<!only )(?<!except )(?:if|when|once|while) (?:you|users?|customers?|people|they)"
        r" (?:[\w’'-]+ ){0,2}?" + TURNED_ON,
        r"with(?: [\w’'“”\"-]+){1,5}? (?:turned|switched|toggled) o(?:n|ff)",
        r"while(?: [\w’'“”\"-]+){1,5}? (?:is|are) (?:(?:turned|switched) )?o(?:n|ff)",
        r"(?:(?:private|privacy) mode|(?:incognito|temporary|ephemeral)"
        r" (?:mode|chats?|conversations?|sessions?))",
        r"(?:that|which) (?:you|users?|customers?|people) (?:mark|flag|label|exclude|leave out)",
        r"(?:you|users?|customers?|people|they) (?:can|may) (?:ask|tell|instruct|choose|decide)"
        r"(?: [\w’'-]+){0,6}? (?:not|never)",
    ),
    agreeing_act=words(
        r"(?:if|when|once|where) (?:you|users?|customers?|people|they) (?:[\w’'-]+ ){0,2}?"
        + TURNED_ON
    ),
    control_gone=words(
        r"(?:no longer|not|isn[’']t) (?:be )?(?:possible|available|offered|accepted)",
        r"(?:is|are|was|has been) (?:now )?(?:closed|withdrawn|discontinued)",
        r"there is no (?:way|setting|switch|option|opt-?out)",
    ),
    no_way_out=words(
        r"(?:do|does) not have (?:the|an?) (?:ability|option|right|choice) to"
        r" (?:opt|object|turn|disable)",
        r"(?:cannot|can[’']t|can not|unable to|not able to)"
        r" (?:opt|object|turn|disable|be (?:disabled|turned))",
        r"regardless of (?:[\w’']+ ){0,6}?(?:opt|choice|setting|preference)\w*",
        r"opt[- ]out (?:is|are) not (?:available|possible|offered)",
        r"(?:there is )?no (?:way|option|ability|setting|switch) to (?:opt|object|turn|disable)",
        r"opt-out (?:preferences|settings|choices) (?:[\w’']+ ){0,8}?(?:does|do|will) not apply",
    ),
    opted_out_for_people=words(
        rf"(?:we|{NAMED_ACTOR}) (?:has|have) (?:also |already )?opted[- ]out (?:of|from)"
    ),
    consent_needed=words(
        r"(?:without|absent)(?: (?:first|obtaining|your|their|its|the|a|any|user|customer|users"
        r"|customers|prior|explicit|express|affirmative|written|opt-in"
        r"|separate)(?:[’']s?)?)* (?:consent|permission|opt(?:ing)?[- ]?in|authori[sz]ation"
        r"|agreement|approval)",
        r"(?:unless|until|except (?:where|when|if)) (?:you|users?|customers?|they|the (?:user"
        r"|customer))(?:[’']ve| have| has)?(?: \w+ly)?(?: \w+)? (?:opt(?:s|ed)?[- ]?in"
        r"|consent(?:s|ed)?|agree[sd]?|choose|chooses|chosen|allow\w*|permit\w*|enabl\w+"
        r"|"
        + TURNED_ON
        + r"|given?|gives|provide[sd]?|submit\w*|authori[sz]\w*|permission|consent\w*|share[sd]?"
        r"|direct\w*|request\w*)",
        r"(?:unless|until|only (?:if|when|where|after)) (?:an?|the|their|its|somebody|someone)"
        r"(?: \w+){0,3}? ha(?:s|ve) (?:\w+ )?(?:agreed|consented|opted[- ]in|joined|allowed"
        r"|permitted|enabled|" + TURNED_ON + r")",
        r"(?:if|when|once) you (?:turn|switch) (?:it|this|that) on,? we",
        r"only (?:of|from|for) (?:those|people|users|customers|accounts) who (?:\w+ )?(?:agreed?"
        r"|consent(?:ed)?|opt(?:ed)?[- ]in|turned it on)",
        r"only (?:if|with|when|where) (?:you|your|users?)(?:[’']ve"
        r"| have)?(?: \w+)? ?(?:opt(?:ed)?[- ]?in|consent|permission|agree|choose|enabled?"
        r"|explicit)",
        r"(?:if|when|where) (?:you|users?)(?:[’']ve| have)?(?: \w+ly)?(?: choose to| decide to"
        r"| agree to)? (?:opt(?:ed)?[- ]?in|consent|agree|allow us|permit us|choose to allow)",
        r"opt(?:ed|ing|s)?[- ]in",
        r"with your (?:explicit |express |prior |opt-in )?(?:consent|permission)",
    ),
    may=words(r"may", r"might", r"can", r"could", r"reserves? the right"),
    hedge=words(
        r"may", r"might", r"depending on", r"where available", r"some (?:users|plans|accounts)"
    ),
    controls={
        "opt-out": words(
            r"opt(?:ed|ing|s)?[- ]?out",
            r"do(?:es)? not wish",
            r"(?:turn|switch|toggl)(?:e|ed|ing)?(?: \w+){0,5} off",
            r"turned off",
            r"(?:disabl|deactivat)(?:e|ed|ing)",
            r"uncheck\w*",
            r"(?:clear|untick|deselect|unselect) \S",
            r"(?:keep|leave|take) (?:\S+ ){1,4}(?:away from|out of)",
            r"(?:do not|don[’']t) want (?:us|your|\w+) to",
            r"(?:control|choose|decide|manage|select|elect|electing)s? (?:whether|if|how)",
            r"in control of",
            r"(?:training|data|privacy|improvement|chat) (?:\w+ )?(?:controls?|toggle|settings?)",
            r"(?:change|adjust|manag\w+|updat\w+|visit\w*|through|via|in) (?:\w+ ){0,3}settings?",
            r"toggle",
            r"(?:refuse|stop|prevent|limit) (?:\w+ ){0,6}(?:use|using|processing|training)",
            r"subject to your settings",
            r"improve the model for everyone",
        ),
        "objection": words(
            r"right to object",
            r"(?:can|may) object",
            r"object to (?:\w+ ){0,6}(?:use|processing|training)",
            r"objection",
        ),
        "opt-in": words(
            r"opt(?:ed|ing|s)?[- ]?in",
            r"if you (?:choose|decide|agree) to",
            r"turn(?:ed)?(?: \w+){0,4} on",
            r"if you enable",
        ),
        "consent": words(
            r"(?:with|without|absent|unless|until|your|explicit|prior) (?:\w+ ){0,3}(?:consent"
            r"|permission)",
            r"withdraw (?:your )?consent",
        ),
        "admin": words(
            r"(?:admin(?:istrator)?s?|account owners?|workspace owners?) (?:can|may|console"
            r"|control|setting)\w*",
            r"admin console",
        ),
    },
    routes={
        "admin-console": words(r"admin(?:istrator)? (?:console|settings?|panel|center)"),
        "form": words(
            r"(?:opt-?out|web|online|request|objection|this|the) form", r"privacy portal"
        ),
        "email": words(
            r"[\w.+-]+@[\w-]+\.[\w.-]+", r"(?:e-?mail|contact(?:ing)?) us", r"by e-?mail(?:ing)?"
        ),
        "switch": words(
            r"settings?",
            r"toggle",
            r"turn(?:ed|ing)? (?:\w+ ){0,4}off",
            r"switch",
            r"data controls?",
            r"preferences",
        ),
        "account-deletion": words(r"delet(?:e|ing) your account"),
    },
    default_on=words(
        r"unless (?:you|users?|customers?|the user|the customer|they"
        r"|an? \w+)(?: \w+){0,2}? (?:opt(?:s|ed)?[- ]?out|object|objects|disabl\w+|tell"
        r"|deactivat\w+|chang\w+|(?!" + TURNED_ON + r")turn\w*)",
        r"(?:have|has) not (?:opted|objected|opted[- ]out)",
        r"(?:on|enabled|activated|opted[- ]in|selected|checked) by default",
        r"by default,? (?:we|your|all|this|the)[^.]{0,60}? (?:use|on|enabled|used)",
        r"except (?:during|when|where|if) [\w ]{0,40}(?:deactivated|turned off|opted[- ]out"
        r"|disabled)",
        r"if you do not opt[- ]?out",
        r"(?:are|is) (?:automatically )?(?:on|enabled|opted in) (?:by default|automatically)",
        r"(?:is|are|starts?|comes?) (?:switched |turned )?on (?:for (?:everyone|everybody|all|new)"
        r"|at first|from the (?:start|beginning)|when you (?:get|create|open|install|sign)"
        r"|after the|until|unless|already|in new)",
        r"(?:is|are) (?:already |pre-?)(?:ticked|checked|selected)",
        r"(?:status|state)\W{1,3}(?:on|active|enabled|allowed)",
    ),
    by_default=re.compile(
        r"default|stat(?:us|e)\W|\b(?:on|off) (?:for|at|from|when|after|until|unless|already|in)\b"
        r"|(?:ticked|checked|selected)$",
        re.IGNORECASE,
    ),
    default_off=words(
        r"(?:off|disabled|not used|not enabled|opted[- ]out|deactivated) by default",
        r"(?:not|n[’']t) (?:be )?(?:used|using|use|train|share)[^.]{0,80} by default",
        r"by default,? (?!(?:and|but) (?:\w+ )?(?:can|may)\b)(?:we|your|this|\w+)[^.]{0,50}?"
        r" (?:not|n[’']t|never|off|disabled)",
        r"(?:is|are|starts?|comes?) (?:switched |turned )?off (?:for (?:everyone|everybody|all|new)"
        r"|at first|from the (?:start|beginning)|when you (?:get|create|open|install|sign)"
        r"|after the|until|unless|already|in new)",
        r"(?:status|state)\W{1,3}(?:off|inactive|not active|disabled|not allowed)",
        r"(?:is|starts?) (?:empty|unticked|not (?:ticked|selected|checked))",
    ),
    actors={
        "affiliates": words(r"affiliat\w+" + OTHERS_ACT, r"subsidiar\w+" + OTHERS_ACT),
        "partners": words(NOT_A_SOURCE + r"(?:partners?|collaborators?)" + OTHERS_ACT),
        "third-parties": words(
            r"(?:gives?|pass(?:es|ed)?|hand(?:s|ed)?|licen[sc](?:e|es|ed)|shar(?:e|es|ed)|sells?|sold"
            r"|provided?|disclosed?|transfer(?:s|red)?|sends?|sent)(?: [\w’'-]+){0,8}? (?:to|with)"
            r"(?: [\w’'-]+){0,4}? (?:companies|firms|suppliers?|institutes?|universit\w+"
            r"|organi[sz]ations?|partners?|developers|businesses|vendors|providers|labs?)"
            r"[\w ]{0,40}?,? (?:(?:which|who|that) (?:\w+ ){0,3}?(?:train|use)"
            r"|(?:to|so that they (?:can|may)) (?:train|develop))",
            r"(?:other|AI|selected|outside|external|technology) (?:companies|firms|developers"
            r"|labs?) (?:\w+ ){0,2}?(?:may|can|will|to|licen[sc]e|train|use)",
            r"(?:shared|disclosed|licensed|sold|provided) (?:with|to) (?:\w+ ){0,3}(?:others"
            r"|third[- ]part\w+|providers|partners|vendors|companies)[\w ,]{0,30}? (?:and|to"
            r"|for) (?:be )?(?:used|train\w*)",
            NOT_A_SOURCE
            + r"(?:recipients|third[- ]part(?:y|ies)|(?:model |AI |LLM |service )?providers?"
            r"|vendors?|sub-?processors?|suppliers?|other companies|licensees)" + OTHERS_ACT,
        ),
    },
    data_kinds={
        "chats": words(
            r"chats?",
            r"conversations?",
            r"prompts?",
            r"inputs?",
            r"outputs?",
            r"dialogues?",
            r"interactions? with (?:\w+ )?(?:AI|Grok|Gemini|Bard|ChatGPT|Claude|Copilot"
            r"|the assistant)",
            r"queries",
            r"responses",
        ),
        "files": words(
            r"files?", r"uploads?", r"uploaded \w+", r"attachments?", r"documents you upload"
        ),
        # A model that recognises speech may learn from other data.
        "voice": words(r"(?:voice|speech)(?![ -]recognition)", r"audio", r"recordings?"),
        "images-and-video": words(
            r"images?",
            r"photos?",
            r"photographs?",
            r"videos?",
            r"pictures?",
            r"screenshares?",
            r"screenshots?",
            r"camera",
            r"artworks?",
        ),
        "public-posts": words(
            r"(?:public|your|user|published) posts?",
            r"posts",
            r"publicly (?:available|shared|accessible)(?: \w+)?",
            r"public (?:content|posts?|information|data|profiles?)",
            r"comments?",
            r"tweets?",
            r"reviews",
            r"user[- ]generated",
        ),
        "private-messages": words(r"(?:private|direct) messages?", r"messages", r"DMs"),
        "mail-and-documents": words(r"e-?mails?", r"documents?", r"calendars?", r"workspace"),
        "code": words(r"code", r"repositor(?:y|ies)", r"snippets?", r"repls?"),
        "usage-and-feedback": words(
            r"usage(?: data| information)?",
            r"feedback",
            r"telemetry",
            r"diagnostics?",
            r"interactions?",
            r"activity",
            r"log data",
            r"service[- ]generated data",
            r"how you use",
        ),
        "profile": words(
            r"profiles?",
            r"personal (?:data|information)",
            r"account (?:data|information)",
            r"demographics?",
            r"location",
        ),
    },
    retention=words(
        r"(?:retain|retention|kept|stor(?:e|ed)|keep|saved?)\w*[^.;]{0,80}? (?:\w+ )?(?:days"
        r"|months|years|indefinitely|for as long as|as long as)",
        r"(?:days|months|years|indefinitely)[^.;]{0,60}? (?:retain|retention|kept|stored|keep)\w*",
    ),
    control_over=words(
        r"prefer (?:that )?(?:we|us|your)",
        r"(?:toggle|switch|turn)(?:ed|ing)? (?:it )?off",
        r"do(?:es)? not wish for (?:your|\w+)",
        r"opt(?:ed|ing|s)?[- ]?out (?:of|from)",
        r"object(?:ing)? to",
        r"(?:control|controls|choose|decide|manage)(?: \w+){0,2} (?:whether|how|if|when)",
        r"in control of",
        r"(?:refuse|prevent|stop|cease|limit"
        r"|restrict)(?:ing)?(?: or opt out of)?(?: the)? (?:us(?:e|ing)|processing|us|our)",
        r"(?:disable|turn off|deactivate|switch off)",
        r"(?:clear|untick|deselect|unselect)",
        r"(?:keep|leave|take) (?:\S+ ){1,4}(?:away from|out of)",
        r"right to (?:object|refuse|opt)",
        r"do(?:es)? not want (?:us|your|\w+) to",
        r"don[’']t want (?:us|your|\w+) to",
        r"withdraw (?:your )?consent",
    ),
    control_beside={
        "opt-out": words(
            r"(?<!has )(?<!have )opt(?:ed|ing|s)?[- ]?out",
            r"(?:turn|switch|toggl)(?:e|ed|ing)?(?: \w+){0,5} off",
            r"turned off",
            r"(?:disabl|deactivat)(?:e|ed|ing)",
            r"(?:do not|don[’']t) want (?:us|your|\w+) to (?:\w+ )?(?:use|be used|train)",
            r"(?:control|choose|decide|select|elect|electing)s? (?:whether|if)",
            r"in control of",
            r"(?:training|model improvement) (?:\w+ )?(?:controls?|toggle|settings?)",
            r"toggle",
            r"improve the model for everyone",
        ),
        "objection": words(
            r"right to object", r"object to (?:\w+ ){0,6}(?:use|processing|training)"
        ),
        "opt-in": words(r"opt(?:ed|ing|s)?[- ]?in"),
    },
    control_topic=words(
        r"(?:training|train|improv\w+|models?|AI|machine learning)",
        r"(?:your|customer|user) (?:data|content|information|inputs?|chats?|conversations?"
        r"|activity|files|posts|text)",
        r"(?:this|these|such|the) (?:use|uses|setting|settings|processing|purpose|purposes)",
        r"toggle",
        r"(?:turn|switch) (?:this|it|that) off",
        r"(?:stop|refuse|prevent|decline) (?:this|it|that)",
        # A bare "opt out" followed by the way to it can only be over what was just said.
        r"opt[- ]?out (?:at any time|here|by|in|on|via|through|under)",
        r"(?:clear|uncheck|untick) (?:the|this) (?:check ?)?box",
    ),
    control_elsewhere=words(
        r"cookies?",
        r"communications?",
        r"marketing",
        r"advertis\w+",
        r"ads",
        r"newsletters?",
        r"arbitrat\w+",
        r"notifications?",
        r"sale",
        r"sell",
        r"SMS",
        r"text messages?",
        r"promotional",
        r"tracking",
        r"unsubscribe",
        r"class action",
        r"cross-context",
        r"targeted",
    ),
    exception_nearby=words(
        r"(?:will|do|does|shall|may) not (?:\w+ly )?(?:collect|use|store|retain|review|access"
        r"|share|process)(?:,? (?:or |and )?\w+){0,3} (?:your|any|customer|user|prompts?"
        r"|content|inputs?|interactions?|conversations?|this data|files)",
        r"(?:is|are|will be)(?: not|n[’']t) (?:\w+ly )?(?:used|collected|stored|retained"
        r"|reviewed|saved)",
        r"won[’']t be (?:used|reviewed|saved)",
    ),
    regions={
        "EU": words(
            r"EU", r"EEA", r"European (?:Union|Economic Area)", r"Europe", flags=re.RegexFlag(0)
        ),
        "UK": words(r"UK", r"United Kingdom", flags=re.RegexFlag(0)),
        "CH": words(r"Switzerland", r"Swiss"),
        "US": words(r"US", r"U\.S\.", r"USA", r"United States", flags=re.RegexFlag(0)),
        "California": words(r"California\w*"),
        "Brazil": words(r"Brazil\w*"),
        "India": words(r"India"),
        "Canada": words(r"Canad\w+"),
        "Japan": words(r"Japan"),
        "South Korea": words(r"(?:South )?Korea"),
        "Australia": words(r"Australia"),
        "China": words(r"China"),
        "Hong Kong": words(r"Hong Kong"),
    },
    audiences={
        "enterprise": words(
            r"enterprise",
            r"business(?: customers?| users?| accounts?| plans?)",
            r"Workspace",
            r"teams? (?:plan|account)s?",
            r"organi[sz]ations?",
            r"commercial customers",
        ),
        "education": words(r"education(?:al)?", r"schools?", r"students?"),
        "free": words(r"free (?:plan|tier|users?|accounts?|version)s?", r"unpaid"),
        "paid": words(
            r"paid (?:plan|tier|users?|accounts?|services?|subscri\w+)s?",
            r"premium",
            r"pro (?:plan|users?|accounts?)",
        ),
        "consumers": words(r"consumers?(?: services?)?", r"individuals?(?: users?)?"),
        "minors": words(r"minors?", r"children", r"teens?", r"under (?:the age of )?(?:13|16|18)"),
        "api": words(r"API(?: users?| customers?)?"),
    },
    since=words(
        r"(?:from|starting|as of|effective|beginning|since|after|on) (?:on "
        r"|from )?(?:(?:January|February|March|April|May|June|July|August|September|October"
        r"|November|December) \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd"
        r"|th)? (?:January|February|March|April|May|June|July|August|September|October|November"
        r"|December),? \d{4}|\d{4}-\d\d-\d\d|(?:January|February|March|April|May|June|July"
        r"|August|September|October|November|December) \d{4})"
    ),
)
