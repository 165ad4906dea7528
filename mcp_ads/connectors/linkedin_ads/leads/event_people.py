"""Who it was that did something: by LinkedIn's kinds of ids, hashed wherever it takes hashes."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mcp_ads.core.texts import ADDRESS as MAIL

LONGEST = 255
TWICE = "given twice, and not the same"
EMAIL, CLICK, ADDRESS = "SHA256_EMAIL", "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", "SHA256_IP_ADDRESS"
IDS = {
    "email": EMAIL,
    "em": EMAIL,
    "mail": EMAIL,
    "e_mail": EMAIL,
    "email_address": EMAIL,
    "sha256_email": EMAIL,
    "li_fat_id": CLICK,
    "ip_address": ADDRESS,
    "ip": ADDRESS,
    "acxiom_id": "ACXIOM_ID",
    "oracle_moat_id": "ORACLE_MOAT_ID",
    "google_aid": "GOOGLE_AID",
}
"""What people call an id of somebody -> LinkedIn's kind of it."""
INFO = {
    "first_name": "firstName",
    "last_name": "lastName",
    "title": "title",
    "job_title": "title",
    "company_name": "companyName",
    "company": "companyName",
    "country_code": "countryCode",
    "country": "countryCode",
}
PLAIN = {"userInfo": "names with title, company and country", "externalIds": "external ids"}
"""What LinkedIn takes as it is."""
PARTS = ("userIds", "userInfo", "externalIds", "lead")
KNOWN = ", ".join(["email", "li_fat_id", "ip_address", *dict.fromkeys(INFO), "external_id", "lead"])
LEAD = "urn:li:leadGenFormResponse:"
_CONTACT, _CALLED = re.compile("@|%40"), re.compile(r"(?:\+|%2B|00)[0-9][0-9 ().-]{6,20}")
_HASH = re.compile(r"[0-9a-fA-F]{64}")
_KIND = re.compile(r"[A-Z][A-Z0-9_]{2,60}")
_LEAD = re.compile(rf"(?:{LEAD})?([A-Za-z0-9_-]{{4,80}})")


def short(value: Any, most: int = LONGEST) -> str:
    """A text of bounded length. Raises ValueError."""
    text = str(value).strip()
    if isinstance(value, bool | float | dict | list) or not 0 < len(text) <= most:
        raise ValueError(f"a text of at most {most} characters")
    return text


def contact(text: str) -> str:
    """A text that is sent as it is. Raises ValueError for an e-mail address or a telephone number."""
    if _CONTACT.search(text) or _CALLED.fullmatch(text):
        raise ValueError(
            "it holds an e-mail address or telephone number, and is sent as it is; email is hashed"
        )
    return text


def user_of(given: Any, more: Iterable[tuple[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Who it was, in LinkedIn's shape, from that shape or from names such as email; and what is wrong with
    it, a line each, without a value.
    """
    found: dict[str, dict[str, Any]] = {"userIds": {}, "userInfo": {}, "": {}}
    wrong = list[str]()
    if given is not None and not isinstance(given, dict):
        return {}, ["user: an object"]
    for number, (name, value) in enumerate(_flat(given or {}, more), 1):
        try:
            part, key, read = _placed(name, value)
            if found[part].setdefault(key, read) != read:
                wrong.append(f"{name}: {TWICE}")
        except KeyError:
            wrong.append(f"user: field {number} is none of {KNOWN}")
        except ValueError as mistake:
            wrong.append(f"{name}: {mistake}")
    ids = [{"idType": kind, "idValue": value} for kind, value in found["userIds"].items()]
    info, others = found["userInfo"], found[""]
    if info and not {"firstName", "lastName"} <= info.keys():
        wrong.append("first_name and last_name: LinkedIn takes them together, with title and the rest beside")
    user = {**({"userIds": ids} if ids else {}), **({"userInfo": info} if info else {}), **others}
    if not user and not wrong:
        wrong.append("user: it has to say who it was, by email, li_fat_id, first_name and last_name, …")
    return user, wrong


def _placed(name: str, value: Any) -> tuple[str, str, Any]:
    """The part of LinkedIn's user that a value goes to, its name there, and what it is. Raises KeyError for a
    name that is none, ValueError for a value that does not fit it.
    """
    if info := INFO.get(name):
        return "userInfo", info, INFO_READ.get(info, _as_it_is)(value)
    if name in ("external_id", "external_ids"):
        several = value if isinstance(value, list) else [value]
        return "", "externalIds", [contact(short(one)) for one in several]
    if name == "lead":
        return "", "lead", _lead(value)
    kind = name if _KIND.fullmatch(name) else IDS[name]
    return "userIds", kind, ID_READ.get(kind, _as_it_is)(value)


def _flat(user: Mapping[str, Any], more: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Who it was as names and values, in lower case; LinkedIn's own kinds of ids as they are."""
    for key, value in user.items():
        if key == "userIds" and isinstance(value, list):
            pairs = [(str(one.get("idType")), one.get("idValue")) for one in value if isinstance(one, dict)]
            yield from pairs if len(pairs) == len(value) else [("user_ids", value)]
        elif key == "userInfo" and isinstance(value, dict):
            yield from ((lower(name), part) for name, part in value.items() if part not in (None, ""))
        elif value not in (None, "", []):
            yield lower(key), value
    yield from more


def lower(name: Any) -> str:
    """A name in lower case with _ between its words, as firstName, First Name or first-name."""
    return re.sub(r"[\s-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(name).strip())).lower()


def _email(value: Any) -> str:
    text = re.sub(r"(?<!\s)\s*@\s*", "@", short(value)).lower()
    if _HASH.fullmatch(text):
        return text
    if not MAIL.fullmatch(text):
        raise ValueError("is no e-mail address")
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _address(value: Any) -> str:
    text = short(value)
    if _HASH.fullmatch(text):
        return text.lower()
    try:
        plain = str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError("is no IP address") from None
    return hashlib.sha256(plain.encode()).hexdigest()


def _as_it_is(value: Any) -> str:
    return contact(short(value))


def _lead(value: Any) -> str:
    found = _LEAD.fullmatch(str(value).strip())
    if not found:
        raise ValueError(f"an id of lead_form_responses, or {LEAD}…")
    return f"{LEAD}{found[1]}"


def _country(value: Any) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text := short(value)):
        raise ValueError("is no country of two letters")
    return text.upper()


ID_READ: Mapping[str, Callable[[Any], str]] = {EMAIL: _email, ADDRESS: _address}
INFO_READ: Mapping[str, Callable[[Any], str]] = {"countryCode": _country}
