"""The platforms: declarations and spelling, no I/O. They do not know each other."""

from __future__ import annotations

import importlib

from mcp_ads.core import Connector
from mcp_ads.core.synonyms import closest, cut
from mcp_ads.errors import UnknownConnector

NAMES = ("facebook_marketing", "linkedin_ads", "amazon_ads")
ALSO = {
    **dict.fromkeys(
        ("facebook", "facebook_ads", "meta", "meta_ads", "fb", "instagram"), "facebook_marketing"
    ),
    **dict.fromkeys(("linkedin", "linkedin_marketing"), "linkedin_ads"),
    **dict.fromkeys(("amazon", "amazon_advertising"), "amazon_ads"),
}
"""What people call them for short."""


def canonical(name: str) -> str:
    """The connector's name for what a person may write for it; anything else as it was written."""
    known = "_".join(str(name).lower().replace("-", " ").replace("_", " ").split())
    known = ALSO.get(known, known)
    return known if known in NAMES else str(name)


def connector(name: str, *others: str) -> Connector:
    """The connector of that name, with - or _, or a short one as in `ALSO`.

    Raises UnknownConnector, which names the `others` that a caller may mean, too.
    """
    known = canonical(name)
    if known not in NAMES:
        meant = closest(known, (*others, *NAMES, *ALSO))
        hint = f"; did you mean {canonical(meant[0])}?" if meant else ";"
        raise UnknownConnector(f"no connector {cut(known)!r}{hint} there are {', '.join((*others, *NAMES))}")
    found = getattr(importlib.import_module(f"{__name__}.{known}"), known)
    assert isinstance(found, Connector)
    return found
