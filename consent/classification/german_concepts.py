"""The ideas that German help pages speak of; see english_concepts."""

import re

from consent.classification.lexicon import words

GERMAN_CONCEPTS = {
    "learn": words(
        r"(?:vor|nach|weiter|an)?(?:ge)?trainier\w*",
        r"\w*training\w*",
        r"(?:an|ge|dazu|ver|aus)?(?:ge)?lern(?:e|en|t|te|ten|end\w*)(?! (?:Sie|du|mehr)\b)",
        r"(?:bei(?:zu)?bring\w+|beigebracht|anlern\w*|schul(?:en|t|ung der Modelle))",
        r"(?:schlauer|klüger|intelligenter)",
        r"(?:fütter\w+|gefüttert|einspeis\w+|eingespeist|Datensatz|Datensätze|Lernmaterial)",
        r"(?:als|zu) (?:Beispiele?n?|Muster\w*)",
        r"fein\w*abgestimmt|Feinabstimmung",
    ),
    "improve": words(
        r"\w*verbesser\w*",
        r"besser\w*",
        r"(?:weiter)?entwick\w+",
        r"\w*optimier\w*",
        r"verfeiner\w+",
        r"(?:auf)?bau(?:en|t)",
        r"\w*forsch\w+",
        r"beitrag\w*|beiträg\w*|mithelf\w+|mithilf\w*",
        r"(?:nächste|neue|künftige)\w* (?:Version|Fassung|Modell)\w*",
        r"(?:genauer|treffender|zuverlässiger)\w*",
        r"(?:erstell|test|Qualität)\w*",
    ),
    "ai": words(
        r"(?-i:KI|AI|LLM)\S*",
        r"künstliche\w* Intelligenz",
        r"\w*modell\w*",
        r"\w*algorithm\w+",
        r"(?:Sprach|Bild|Text|Spracherkennung)\w*(?:erkennung|generator|modell)\w*",
        r"\w*(?:assistent|helfer|Chatbot|Bot|Begleiter)\w*",
        r"(?:Maschine|maschinell|neuronal|Netz)\w*",
        r"(?:Erkennung|Übersetz\w+|Vorschläge|Software|Programm|System|Technik|Funktion)\w*",
    ),
    "name": re.compile(r"(?!)"),
    "people": words(
        r"(?:Sie|Ihre?\w*|Ihnen|du|dein\w*|dir|dich|ihr|euch|eure?\w*|mein\w*|ich|mich|mir)"
    ),
    "company": words(r"(?:wir|uns|unser\w*)"),
    "data": words(
        r"\w*(?:chats?|gespräch|unterhaltung|nachricht|text|beitr[aä]g|kommentar|bewertung|frage"
        r"|antwort|eingabe|foto|bild|video|aufnahme|stimme|sprach|datei|dokument|daten|inhalt"
        r"|notiz|anfrage|aufzeichnung|verlauf|suche|anzeige|entwurf|entwürf|werk|lied|karte)\w*",
    ),
    "use": words(
        r"(?:ver)?(?:nutz|wend)\w*",
        r"(?:genutzt|verwendet|genommen|ausgewertet|einbezogen|verarbeite\w*)",
        r"(?:dien(?:en|t)|fließ\w+|nehmen|auswert\w+|einfließ\w+|gehen|geben|senden)",
    ),
    "refuse": words(
        r"(?:aus|ab)(?:zu)?(?:schalt|stell|wähl)\w*",
        r"(?:aus|ab)geschaltet|abgewählt|deaktivier\w*|Häkchen (?:\S+ ){0,6}entfern\w*",
        r"(?:\w*widersprech\w*|\w*widerspruch\w*|widersprichst|ablehn\w*|verweiger\w*|untersag\w*)",
        r"(?:aus(?:zu)?(?:nehm|schließ)|stopp|beend|verhinder|widerruf|entzieh|zurückzieh)\w*",
        r"(?:ausgenommen|ausgeschlossen)",
        r"(?:nicht|kein\w*) (?:\w+ )?(?:möcht|woll|will|einverstanden|wünsch)\w*",
        r"(?:möcht|will|woll)\w* (?:\w+ ){0,4}nicht",
        r"aus",
    ),
    "way": words(
        r"(?:Einstellung|Schalter|Option|Häkchen|Kästchen|Formular|Knopf|Menü|Regler|Auswahl)\w*",
        r"(?:klick|tipp|öffn|wähl|schreib|geh|schieb|entfern)\w*",
        r"(?:E-Mail|Mail|Konto|Profil|Verwaltung|Administrat\w+|Admin)",
        r"[›→>»]",
    ),
    "agree": words(
        r"(?:zu(?:zu)?stimm|zugestimmt|Zustimmung|einwillig|Einwilligung|erlaub|freigeb|frei(?:ge)?geb"
        r"|ein(?:zu)?schalt|eingeschaltet|aktivier|mitmach|teilnehm|teilnimm|beitret|ankreuz)\w*",
        r"nur,? (?:wenn|mit|nach|falls|sofern)",
        r"(?:erst|es sei denn|sofern|solange|bevor|wenn) (?:Sie|du|ihr|nachdem|wenn)?",
        r"(?:freiwillig|ausdrücklich)\w*",
    ),
    "state": words(
        r"(?:an|aus|ein|aktiv|inaktiv|eingeschaltet|ausgeschaltet|aktiviert|deaktiviert|angehakt)",
        r"(?:standardmäßig|Voreinstellung|voreingestellt|Standard|anfangs|automatisch|von Anfang)",
        r"(?:ja|nein|nie|immer)",
        r"(?:alle|alles|jede\w*|niemand)",
    ),
    "deny": words(
        r"(?:nicht|nie|niemals|kein\w*|niemand|weder|noch|ohne|nichts|nicht mehr|nein)",
        r"(?:bleib\w*|außen vor|tabu)",
    ),
    "others": words(
        r"(?:Partner|Dritt|Anbieter|Unternehmen|Firm|Dienstleister|Universität|Hochschul|Institut"
        r"|Labor|Forscher|Lieferant|Verlag)\w*",
        r"(?:weiter(?:zu)?geb|weitergegeben|weitergereicht|lizenzier|verkauf|überlass|ander)\w*",
    ),
    "keep": words(
        r"(?:speicher|aufbewahr|gelöscht|lösch|behalt|Aufbewahrung|Frist)\w*",
        r"(?:\d+|ein\w*|zwei|drei|vier|fünf|sechs|zwölf) (?:Tag|Woche|Monat|Jahr)\w*",
    ),
    "review": words(r"(?:Menschen|Mitarbeit\w+|Prüfer\w*|Team|anhör\w*|durchseh\w*|Gutachter\w*)"),
    "rule for users": words(
        r"(?:darfst|dürft|dürfen Sie|müssen Sie) (?:\w+ ){0,4}(?:nicht|keine?)",
        r"(?:verboten|untersagt|nicht gestattet|nicht erlaubt)",
    ),
    "staff or sport": words(
        r"(?:Schulung|Kurs|Seminar|Mitarbeitende|Kolleg|Trainer|Sport|Muskel|Fitness|Zertifikat"
        r"|Akademie|Lernpfad|Webinar|Übung|Lektion)\w*",
    ),
    "other purposes": words(
        r"(?:Werbung|Anzeigen|Empfehlung|personalisier|Newsletter|Benachrichtigung|Preis|Rechnung"
        r"|Zahlung|Passw|Anmeld|Sicherung|Absturz|Diagnose|Spam|Betrug|Cookie|Statistik)\w*",
        r"(?:übersetz|zusammenfass|erinner|merkt)\w*",
    ),
    "general talk": words(
        r"(?:neue\w*|neueste\w*|größere\w*) (?:\w+ )?Modell\w*", r"(?:heißt|bedeutet|Begriff)\w*"
    ),
}
