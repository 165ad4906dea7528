"""Who it was that did something: by Facebook's keys, hashed wherever it takes hashes."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from mcp_ads.connectors.facebook_marketing.audiences import people
from mcp_ads.connectors.facebook_marketing.audiences.people_names import CONTACT, device, is_called

SHORT = 200
TWICE = "given twice, and not the same"
HASHED = {
    "em": "EMAIL", "ph": "PHONE", "fn": "FN", "ln": "LN", "ge": "GEN", "ct": "CT", "st": "ST", "zp": "ZIP",
    "country": "COUNTRY", "fi": "FI", "doby": "DOBY", "dobm": "DOBM", "dobd": "DOBD", "db": "",
}  # fmt: skip
"""What Facebook takes hashed only -> what customer files call it."""
PLAIN = (
    "external_id", "client_ip_address", "client_user_agent", "fbc", "fbp", "lead_id", "subscription_id",
    "fb_login_id", "madid", "anon_id", "ctwa_clid", "page_id",
)  # fmt: skip
"""What it takes as it is; an external_id also hashed."""
ALSO = {
    "email": "em", "phone": "ph", "first_name": "fn", "last_name": "ln", "gender": "ge", "gen": "ge",
    "date_of_birth": "db", "dob": "db", "birthday": "db", "city": "ct", "state": "st", "zip": "zp",
    "zip_code": "zp", "postcode": "zp", "ip": "client_ip_address", "user_agent": "client_user_agent",
}  # fmt: skip
WHO = frozenset({
    "em", "ph", "fn", "ln", "db", "email", "mail", "e_mail", "email_address", "phone", "phone_number",
    "telephone", "mobile", "first_name", "last_name", "full_name", "date_of_birth", "dob", "birthday",
})  # fmt: skip
"""Names of what somebody is told by, wherever these stand."""


def short(value: Any) -> str:
    """A text of bounded length. Raises ValueError."""
    text = str(value).strip()
    if isinstance(value, bool | float | dict | list) or not 0 < len(text) <= SHORT:
        raise ValueError(f"a text of at most {SHORT} characters")
    return text


def user_of(user: Any) -> tuple[dict[str, Any], list[str]]:
    """Who it was, by Facebook's keys: a list of hashes for each that it takes hashed only.

    And what is wrong, a line for each key, without its value.
    """
    found, wrong = dict[str, Any](), list[str]()
    given = user if isinstance(user, dict) else {}
    country = next((value for key, value in given.items() if key == "country" and isinstance(value, str)), "")
    for number, (key, value) in enumerate(given.items(), 1):
        name = ALSO.get(str(key).strip().lower(), str(key).strip().lower())
        several = value if isinstance(value, list) else [value]
        values = [one for one in several if one not in (None, "")]
        if name not in HASHED and name not in PLAIN:
            wrong.append(f"user_data: key {number} is none of {', '.join([*HASHED, *PLAIN])}")
            continue
        try:
            parts = [_person(name, one, country) for one in values]
        except ValueError as mistake:
            wrong.append(f"user_data.{name}: {mistake}")
            continue
        if kept := list(dict.fromkeys(part for part in parts if part)):
            new = kept if name in HASHED or name == "external_id" else kept[0]
            wrong += [f"user_data.{name}: {TWICE}"] if found.setdefault(name, new) != new else []
    if not found and not wrong:
        wrong.append(
            "user_data: it has to say who it was by at least one of em, ph, fbc, fbp, external_id, …"
        )
    return found, wrong


def _person(name: str, value: Any, country: str) -> str:
    if name == "db":
        return _birthday(short(value))
    if name == "client_user_agent":
        text = str(value).strip()
        if CONTACT.fullmatch(text) or is_called(text):
            raise ValueError("is no browser's name")
        return text
    if name in PLAIN:
        text = short(value)
        if CONTACT.search(text) or is_called(text):
            raise ValueError(
                "holds an e-mail address or telephone number, and is sent as it is; em and ph are hashed"
            )
        return device(text) if name == "madid" else text
    key = HASHED[name]
    try:
        row = {key: value} if key in ("COUNTRY", "PHONE") or not country else {key: value, "COUNTRY": country}
        return str(people.hashed(row)[key])
    except ValueError as mistake:
        raise ValueError(str(mistake).partition(" ")[2]) from None


def _birthday(text: str) -> str:
    if people.HASHED.fullmatch(text):
        return text.lower()
    digits = re.sub(r"[\s./-]", "", text)
    if not re.fullmatch(r"(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])", digits):
        raise ValueError("is no day of birth as 19800131")
    return hashlib.sha256(digits.encode()).hexdigest()
