"""What makes an address a credential: parameters known by their whole names, and nothing of the rest.

An advertiser's own link may have the word "signature" in it, or a parameter `design_token`: it is data.
"""

from __future__ import annotations

import re

MARK = "[secret]"
OPENING = (
    "access_token", "refresh_token", "id_token", "input_token", "fb_exchange_token", "client_secret",
    "app_secret", "appsecret_proof", "code_verifier",
)  # fmt: skip
"""Names that credentials have in addresses and forms."""
FAMILIES = ("x-amz-", "x-li-ambry")
"""How the names begin that sign an address, which are left out with their values."""
COMPANIONS = {"signature": ("key-pair-id", "awsaccesskeyid", "googleaccessid"), "sig": ("se", "skoid")}
"""Names that sign an address only beside one of these."""
_WHOLE = r"(?:(?<![\w.\[-])|(?<=26)|(?<=3F))"
_IS = r"(?:=|%(?:25)*3D|\\+u003D)"
_VALUE = r"""(?:[^&#;"'\s\\<>%]|%(?!26)|\\+(?!u0026)[^"'\s\\nrt])+"""
_NAMES = "|".join([*map(re.escape, OPENING), *(rf"{begins}[\w-]{{0,60}}" for begins in FAMILIES)])
_PAIR = re.compile(rf"{_WHOLE}({_NAMES})({_IS}){_VALUE}", re.IGNORECASE)
_BESIDE = re.compile(rf"{_WHOLE}({'|'.join(COMPANIONS)})({_IS}){_VALUE}", re.IGNORECASE)
_AGAIN = re.compile(r"\[secret\](?:(?:&(?:amp;)*|%26|\\+u0026)\[secret\])+")
_ADDRESS = re.compile(r"[hH][tT][tT][pP][sS\u017f]?:(?:[^\s\"'<>\\]|\\[^\"'\s])+")
"""Where these begin is found many times faster with both cases of each letter spelt out."""
_UPLOADS = "dms-uploads"
"""In the path of addresses that uploads go to, whose whole query is a ticket."""
_HINTS = (*OPENING, *FAMILIES)


def unsigned(text: str) -> str:
    """The text without what opens something in an address or a form; all else of these stays."""
    words = text.casefold()
    if any(hint in words for hint in _HINTS):
        text = _AGAIN.sub(MARK, _PAIR.sub(_marked, text))
    if _UPLOADS in words or any(f"{name}=" in words for name in COMPANIONS):
        text = _ADDRESS.sub(_without_ticket, text)
    return text


def _marked(pair: re.Match[str]) -> str:
    signs = pair[1].casefold().startswith(FAMILIES)
    return MARK if signs else f"{pair[1]}{pair[2]}{MARK}"


def _without_ticket(address: re.Match[str]) -> str:
    place, mark, query = address[0].partition("?")
    if _UPLOADS in place.casefold():
        return f"{place}{mark}{MARK}" if query else address[0]
    names = {pair.partition("=")[0] for pair in re.split(r"[?&;]|\\+u0026", query.casefold())}
    signed = {name for name, beside in COMPANIONS.items() if names & {*beside}}
    hidden = _BESIDE.sub(lambda pair: _marked(pair) if pair[1].casefold() in signed else pair[0], query)
    return f"{place}{mark}{hidden}"
