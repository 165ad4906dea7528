"""Documents: /documents."""

from __future__ import annotations

from .media import KIND, Media


class Documents(Media):
    """Documents of a Page: PDF, and Word's and PowerPoint's files, new and old."""

    path, noun, kind, urn_kind = "documents", "document", KIND.format("document"), "document"
    first = "D561FAQHsandbox"
    begins = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
