"""A ready letter alone, in whatever language: an address, an opening, the letter, a greeting."""

from __future__ import annotations

from tracker.documents.layouts import Layout, words

LAYOUT = Layout(
    family="letter",
    letter_only=True,
    signs=(
        (
            words(
                r"(?:^|\n)\W*(?:sehr geehrte|exzellenz|eure exzellenz|estimad[oa]|excelencia|"
                r"su excelencia|"
                r"excelent[ií]sim|señor|señora|distinguid|muy señor|monsieur|madame|excellence|"
                r"votre excellence|"
                r"sehr verehrte)"
            ),
            3,
        ),
        (
            words(
                r"hochachtungsvoll",
                r"mit (?:freundlichen|besten|vorzüglicher) ",
                r"atentamente",
                r"respetuosamente",
                r"le saluda",
                r"cordialmente",
                r"veuillez agréer",
                r"je vous prie d['’]agréer",
                r"salutations",
                r"veuillez recevoir",
                r"dans l['’]attente",
            ),
            3,
        ),
        (words(r"(?:^|\n)\W*(?:betreff|betrifft|objet|asunto)\s*:"), 3),
        (words(r"(?:^|\n)\W*(?:yours (?:sincerely|faithfully|respectfully)|respectfully)"), 1),
        (words(r"(?:^|\n)\W*(?:dear|your excellency)\b"), 1),
    ),
    labels={},
    heads=words(
        r"briefvorschlag\b.{0,60}",
        r"carta (?:tipo|modelo)\b.{0,60}",
        r"lettre type\b.{0,60}",
        r"modèle de lettre\b.{0,60}",
        r"musterbrief\b.{0,60}",
        r"modelo de carta\b.{0,60}",
    ),
    advice=words(r"(?:absender|expéditeur|remitente|\[.{2,60}\]$)"),
)
