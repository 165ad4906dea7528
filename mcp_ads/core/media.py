"""What kind of file something is, by its first bytes: its name is only what somebody called it."""

from __future__ import annotations

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "image/tiff": "tif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-msvideo": "avi",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-powerpoint": "ppt",
    "application/msword": "doc",
}
"""Media types that are told apart here, each with the ending its files have."""
COMPOUND = "application/x-ole-storage"
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", COMPOUND),
)
_RIFF = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
_INSIDE = {"application/zip": ("pptx", "docx"), COMPOUND: ("ppt", "doc")}
"""Files that hold several kinds, which begin alike: what they are, only their names say."""


def media_of(head: bytes, name: str = "") -> str:
    """The media type of content that begins like this, at least 12 bytes of it; empty for any other.

    The name tells apart only what is kept in the same kind of file, such as documents and presentations.
    """
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    media = next((media for begins, media in _BEGINNINGS if head.startswith(begins)), "")
    ending = name.rpartition(".")[2].lower()
    return next((kind for kind, end in ENDINGS.items() if end == ending in _INSIDE.get(media, ())), media)


def is_bare(head: bytes, size: int) -> bool:
    """Whether content of this size that begins like this ends with its first box, which names its kind.

    MP4 and QuickTime are made of boxes, each with its length in front (ISO 14496-12).
    """
    return head[4:8] == b"ftyp" and int.from_bytes(head[:4]) >= size
