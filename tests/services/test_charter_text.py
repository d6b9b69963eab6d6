"""The charter as it is shown: plain text in pieces, nothing of it markup."""

from casework.services.membership.signatures import blocks

TEXT = """# Charte *de* la ville

**En gras** et l'apostrophe
sur deux lignes.

## Article 1. Objet
Premier.
- un
- deux
<script>alert(1)</script>
"""


def test_pieces_in_order() -> None:
    """Titles, paragraphs joined, items apart, marks of emphasis gone, tags left as text."""
    assert [(each.kind, each.text) for each in blocks(TEXT)] == [
        ("title", "Charte de la ville"),
        ("text", "En gras et l’apostrophe sur deux lignes."),
        ("heading", "Article 1. Objet"),
        ("text", "Premier."),
        ("item", "un"),
        ("item", "deux <script>alert(1)</script>"),
    ]
