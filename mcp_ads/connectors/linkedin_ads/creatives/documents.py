"""Documents: presentations, texts and PDFs that posts show page by page."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import GET, POST, Entity
from mcp_ads.core.media import ENDINGS
from mcp_ads.core.upload import Upload, UploadedFile

from .media import MediaRead, MediaUpload

KINDS = tuple(kind for kind, end in ENDINGS.items() if end in ("pdf", "pptx", "docx", "ppt", "doc"))
MOST_BYTES = 100 * 2**20


class GetDocument(MediaRead):
    """Read whether documents are ready: WAITING_UPLOAD, PROCESSING, AVAILABLE or PROCESSING_FAILED."""

    document_id: Annotated[
        str | list[str],
        Urn("document", "either", whole=True, digits=False),
        Field(examples=["urn:li:document:D561FAQH2ZN2ZPhlH9g"], description="One, or a list."),
    ]

    http, subject = GET("/documents/{document_id}"), "document_id"
    known = ("id", "status", "owner")


class UploadDocument(MediaUpload):
    """Upload a document of a Page, for a post to show, and wait until it can be used.

    PDF, PPTX, DOCX, PPT or DOC, at most 100 MB and 300 pages.
    """

    file: Annotated[
        UploadedFile,
        Upload(KINDS, MOST_BYTES),
        Field(
            description="The name of a file inside MCP_ADS_FILES; a PDF up to 1 MB also as base64.",
            examples=["JVBERi0xLjcKJSVFT0Y="],
        ),
    ]

    http, noun = POST("/documents"), "document"


documents = Entity(get=GetDocument, upload=UploadDocument)
