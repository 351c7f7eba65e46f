"""The ideas that French help pages speak of; see english_concepts."""

import re

from consent.classification.lexicon import words

FRENCH_CONCEPTS = {
    "learn": words(
        r"(?:r[ée]-?)?entra[iî]n\w+",
        r"(?:appren(?:d|ds|nent|dre|ant|ne)|appris|apprentissage)(?! (?:à utiliser|davantage))",
        r"(?:enseign|instrui|éduqu)\w+",
        r"(?:aliment|nourri)\w*",
        r"(?:affin|perfectionn)\w+",
        r"(?:jeux? de données|corpus|données d[’']apprentissage)",
        r"(?:comme|d[’']) ?exemples?",
        r"plus (?:intelligent|malin)\w*",
    ),
    "improve": words(
        r"(?:am[ée]lior|optimis|d[ée]velopp|perfectionn|peaufin|enrichi|contribu|construi|conce)\w*",
        r"(?:meilleur\w*|mieux|progress\w+|recherche\w*|qualité|évalu\w+|tests?)",
        r"(?:prochaine|nouvelle|future)s? (?:versions?|générations?)",
        r"(?:aide|aider|aident|aidez)",
    ),
    "ai": words(
        r"(?-i:IA|AI|LLM)",
        r"intelligence artificielle",
        r"(?:modèle|algorithme|assistant|robot|chatbot|agent conversationnel|moteur|réseau)\w*",
        r"(?:machines?|automatique|neurones?|reconnaissance|traduction|transcription|suggestions?)",
        r"(?:outil|logiciel|système|programme|technologie|fonction|générateur)\w*",
    ),
    "name": re.compile(r"(?!)"),
    "people": words(r"(?:vous|vos|votre|vôtres?|tu|tes|ton|ta|mes|mon|ma|je|moi)"),
    "company": words(r"(?:nous|nos|notre)"),
    "data": words(
        r"(?:conversation|message|question|réponse|texte|photo|image|vidéo|enregistrement|voix"
        r"|fichier|document|donnée|contenu|publication|commentaire|avis|annonce|note|historique"
        r"|recherche|trajet|dessin|chanson|œuvre|brouillon|échange|demande|recette|appel)\w*",
    ),
    "use": words(
        r"(?:utilis|serv|recour|exploit|analys|trait|collect|emplo|transmet|envoy|partag)\w*",
    ),
    "refuse": words(
        r"(?:désactiv|décoch|refus|oppos|exclu|retir|arrêt|interrom|empêch|révoqu|bloqu|retrait)\w*",
        r"(?:ne (?:\w+ )?(?:souhait|veu|voul|désir)\w*)",
        r"(?:dire|dites) non",
        r"(?:préfér\w+|plutôt) (?:ne )?pas",
    ),
    "way": words(
        r"(?:réglage|paramètre|bouton|case|interrupteur|formulaire|menu|option|choix|préférence)\w*",
        r"(?:cliqu|touch|appuy|ouvr|choisi|sélectionn|écri|rendez-vous|adress|curseur)\w*",
        r"(?:administrat\w+|compte|e-?mail|courriel|espace)",
        r"[›→>»]",
    ),
    "agree": words(
        r"(?:accept|consent|autoris|permet|activ|coch|adhér|particip|rejoi|volontai|accord)\w*",
        r"(?:seulement|uniquement|que) (?:si|avec|après|lorsque|quand)",
        r"(?:sauf si|à moins que|tant que|avant que|si vous)",
    ),
    "state": words(
        r"(?:par défaut|activé\w*|désactivé\w*|coché\w*|décoché\w*|actif|active|inactif|inactive)",
        r"(?:déjà|automatiquement|au départ|dès le (?:début|départ)|d[’']office|initial\w*)",
        r"(?:oui|non|jamais|toujours|tous|toutes|personne)",
    ),
    "deny": words(
        r"(?:ne|n[’'](?=\w)|pas|jamais|aucun\w*|ni|sans|rien|plus|non|personne)",
        r"n[’']\w+",
        r"(?:reste|restent) (?:\w+ )?(?:privé|chez|en dehors|hors)\w*",
    ),
    "others": words(
        r"(?:partenaire|tiers|tierce|fournisseur|prestataire|entreprise|société|université"
        r"|laboratoire|chercheur|éditeur|studio)\w*",
        r"(?:vend|vendu|cèd|céd|licence|transm|fourni|autre)\w*",
    ),
    "keep": words(
        r"(?:conserv|gard|stock|supprim|effac|durée)\w*",
        r"(?:\d+|un|une|deux|trois|six|douze) (?:jour|semaine|mois|an|année)s?",
    ),
    "review": words(r"(?:relecteur|réviseur|employé|collègue|équipe|humain|écoute|annot)\w*"),
    "rule for users": words(
        r"vous ne (?:pouvez|devez) pas", r"(?:interdit|prohibé|il est interdit)\w*"
    ),
    "staff or sport": words(
        r"(?:formation|cours|stage|collaborateur|salarié|séance|sport|muscle|coach|certificat"
        r"|webinaire|exercice|atelier|académie)\w*",
    ),
    "other purposes": words(
        r"(?:publicit|annonceur|personnalis|recommand|newsletter|notification|prix|facture"
        r"|paiement|mot de passe|connexion|sauvegarde|plantage|diagnostic|spam|fraude|cookie"
        r"|statistique|audience|traduit|résum|mémoire)\w*",
    ),
    "general talk": words(r"(?:nouveau|dernier|nouvelle) modèle\w*", r"(?:signifie|désigne|terme)"),
}
