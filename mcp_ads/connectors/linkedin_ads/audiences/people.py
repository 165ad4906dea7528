"""Members of a segment as LinkedIn matches them: e-mail addresses hashed here, companies as they are.

Source: LinkedIn's pages on DMP segment users and companies: SHA256_EMAIL of the address in lower case without
any white space, GOOGLE_AID as it is; companies by name, web domain or organization.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from mcp_ads.core.private import Private, PrivateRows
from mcp_ads.core.texts import ADDRESS

HASHED = re.compile(r"[0-9a-fA-F]{64}")
DEVICE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
ORGANIZATION = re.compile(r"(?:urn:li:organization:)?([0-9]{1,20})")
LONGEST_NAME = 255
ALSO = {
    "mail": "email", "emailaddress": "email", "emailadresse": "email", "workemail": "email",
    "businessemail": "email", "sha256email": "email", "emailsha256": "email", "gaid": "googleaid",
    "madid": "googleaid", "companyname": "company", "name": "company", "firma": "company",
    "unternehmen": "company", "accountname": "company", "companywebsitedomain": "domain",
    "companywebsite": "domain", "companydomain": "domain", "website": "domain", "url": "domain",
    "organizationurn": "organization", "organizationid": "organization",
    "linkedincompanyid": "organization", "companypageurl": "page", "linkedinpage": "page",
}  # fmt: skip
"""What people call the columns of their tables, without spaces, - and _."""


def hashed(row: Mapping[str, Any]) -> dict[str, str]:
    """A member under LinkedIn's own names. Raises ValueError naming the columns, never their values."""
    found, wrong = dict[str, str](), list[str]()
    for number, (name, value) in enumerate(row.items(), 1):
        key = _key(name)
        if key not in READ:
            wrong.append(f"column {number} is {NONE}")
            continue
        column, read = READ[key]
        if column in found:
            wrong.append(f"{key} is given twice")
        try:
            found[column] = read(_text(value)) if value not in (None, "") else ""
        except ValueError as mistake:
            wrong.append(f"{key} {mistake}")
    if wrong:
        raise ValueError("; ".join(wrong))
    return found


def refuses(name: Any) -> str:
    """Why a column of this name is none; empty when it is one."""
    return "" if _key(name) in READ else NONE


def suggested(names: Iterable[Any]) -> str:
    """A mapping of these columns, as far as they are ones, for people and for companies."""
    kinds: dict[str, dict[str, str]] = {"people": {}, "companies": {}}
    for key, name in {_key(name): str(name) for name in names}.items():
        kinds["people" if READ[key][0] in PEOPLE else "companies"][name] = key
    told = [f"{json.dumps(of, ensure_ascii=False)} for {kind}" for kind, of in kinds.items() if of]
    return " or ".join(told) or '{"Email Address": "email"}'


class Members(PrivateRows):
    """Rows on their way to a segment: an element for each, with what is to become of it."""

    does: ClassVar[str] = ""

    @property
    def companies(self) -> bool:
        """Whether they are companies, and not people."""
        return not set(self.columns) <= set(PEOPLE)

    def spelled(self, rows: list[list[str]]) -> list[Any]:
        return [{"action": self.does, **_element(self.columns, row)} for row in rows]

    def counted(self) -> str:
        """How many rows have which keys, what is hashed, and what is left out."""
        counts = ", ".join(f"{count:,} with {NAMES[column]}" for column, count in self.filled.items())
        how = "" if self.companies else "e-mail addresses are hashed here (SHA-256), before anything is kept"
        notes = {
            "given more than once, sent once": self.get("same", 0),
            "with nothing to match by, left out": self.get("empty", 0),
            "other columns, which stay here": self.get("left_out", 0),
        }
        told = (f"{count:,} {what}" for what, count in notes.items() if count)
        return "; ".join(filter(None, [counts, how, *told]))


class Added(Members):
    does = "ADD"


class Removed(Members):
    does = "REMOVE"


class PrivateAdded(Private):
    """Marks the rows that are added."""

    kind = Added


class PrivateRemoved(Private):
    """Marks the rows that are removed."""

    kind = Removed


def mixed(columns: Iterable[str]) -> bool:
    """Whether people and companies stand in one table."""
    kinds = {column in PEOPLE for column in columns}
    return len(kinds) > 1


def _element(columns: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    given = {column: cell for column, cell in zip(columns, row, strict=True) if cell}
    ids = [{"idType": column, "idValue": given.pop(column)} for column in PEOPLE if column in given]
    return {**({"userIds": ids} if ids else {}), **given}


def _key(name: Any) -> str:
    plain = re.sub(r"[\s_-]+", "", str(name)).lower()
    return ALSO.get(plain, plain)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("is no text")  # noqa: TRY004 - one kind of mistake
    return str(value).strip()


def _email(text: str) -> str:
    if HASHED.fullmatch(text):
        return text.lower()
    plain = re.sub(r"(?<!\s)\s*@\s*", "@", text.lower())
    if not ADDRESS.fullmatch(plain):
        raise ValueError("is no e-mail address, and no SHA-256 of one")
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()


def _device(text: str) -> str:
    if not DEVICE.fullmatch(text.lower()):
        raise ValueError("is no advertising id of Android")
    return text.lower()


def _name(text: str) -> str:
    if "@" in text or len(text) > LONGEST_NAME or not text.isprintable():
        raise ValueError("is no name of a company")
    return text


def _domain(text: str) -> str:
    address = urlsplit(text if "//" in text else f"//{text}")
    host = (address.hostname or "").removeprefix("www.")
    if "@" in text or not DOMAIN.fullmatch(host):
        raise ValueError("is no web domain, such as example.com")
    return host


def _organization(text: str) -> str:
    found = ORGANIZATION.fullmatch(text)
    if not found:
        raise ValueError("is no organization, such as urn:li:organization:2414183 or its number")
    return f"urn:li:organization:{found[1]}"


def _page(text: str) -> str:
    address = urlsplit(text)
    if not (address.hostname or "").endswith("linkedin.com") or not address.path.startswith("/company/"):
        raise ValueError("is no address of a company page, such as https://www.linkedin.com/company/acme")
    return f"https://www.linkedin.com{address.path}"


READ: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "email": ("SHA256_EMAIL", _email),
    "googleaid": ("GOOGLE_AID", _device),
    "company": ("companyName", _name),
    "domain": ("companyWebsiteDomain", _domain),
    "organization": ("organizationUrn", _organization),
    "page": ("companyPageUrl", _page),
}
PEOPLE = ("SHA256_EMAIL", "GOOGLE_AID")
NAMES = {column: name for name, (column, _) in READ.items()}
NONE = f"none of {', '.join(READ)}"
