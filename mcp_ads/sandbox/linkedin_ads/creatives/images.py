"""Images: /images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from mcp_ads.sandbox.linkedin_ads.errors import gateway
from mcp_ads.sandbox.linkedin_ads.params import PAGED, Params, urn_of
from mcp_ads.sandbox.linkedin_ads.resource import Method
from mcp_ads.sandbox.linkedin_ads.state import IMAGE, Answer, Call

from .media import LIBRARY, Media

IN_LIBRARY = Params({**PAGED, "associatedAccount": urn_of("sponsoredAccount")}, ("associatedAccount",))


class Images(Media):
    """Images of a Page: JPEG, PNG and GIF."""

    path, noun, kind, urn_kind, first = "images", "image", IMAGE, "image", "C4E10AQFsandbox"
    also: ClassVar = LIBRARY
    begins = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")

    def named(self) -> Mapping[str, Method]:
        return {**super().named(), "FINDER associatedAccount": Method(self.library, IN_LIBRARY)}

    def library(self, call: Call) -> Answer:
        """Closed to all but a few applications."""
        text = f"Not enough permissions to access: partnerApi{self.path.title()}.FINDER-associatedAccount"
        raise gateway(403, "ACCESS_DENIED", f"{text} for {call.query['associatedAccount']}", 100)
