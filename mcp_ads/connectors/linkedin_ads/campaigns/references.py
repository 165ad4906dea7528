"""Whom an account advertises for: a Page, which may be given by its digits, or a person."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.linkedin_ads import restli

_REFERENCE = re.compile(r"urn:li:(organization:[0-9]+|person:[A-Za-z0-9_-]+)")


def _read(value: Any) -> str:
    text = restli.decode(str(value).strip())
    found = f"urn:li:organization:{text}" if re.fullmatch("[0-9]+", text, re.ASCII) else text
    if not _REFERENCE.fullmatch(found):
        raise ValueError(
            f"{text[:60]!r} does not fit; write digits, urn:li:organization:… or urn:li:person:…"
        )
    return found


Reference = Annotated[str, BeforeValidator(_read), Field(examples=["urn:li:organization:2414183"])]
