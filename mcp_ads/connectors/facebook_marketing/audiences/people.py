"""People as Facebook matches them: each value normalised, then hashed, by Meta's rules for customer files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from mcp_ads.core.private import PrivateRows

HASHED = re.compile(r"[0-9a-fA-F]{64}")
ALSO = {
    "FIRST_NAME": "FN",
    "LAST_NAME": "LN",
    "FIRST_INITIAL": "FI",
    "GENDER": "GEN",
    "BIRTH_YEAR": "DOBY",
    "BIRTH_MONTH": "DOBM",
    "BIRTH_DAY": "DOBD",
    "CITY": "CT",
    "STATE": "ST",
    "POSTCODE": "ZIP",
    "MOBILE_ADVERTISER_ID": "MADID",
    "EXTERNAL_ID": "EXTERN_ID",
}
"""Names people have for what Meta calls otherwise."""
FEWEST_DIGITS, MOST_DIGITS = 7, 15
ABROAD = re.compile(r"[\s(]*(\+|00)")
"""How a number begins that has its country code."""
LOCAL = re.compile(r"[\s(]*(0|[2-9][0-9]{2}[\s().-]*[2-9][0-9]{2}[\s.-]*[0-9]{4}\s*$)")
"""How one begins, or looks, that has none: with a nought, or as the ten digits of North America."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
YEAR, US_ZIP = 4, 5
UK_INWARD = 2
"""Letters at the end of a British postcode that name a few houses."""


def hashed(row: Mapping[str, Any]) -> dict[str, str]:
    """A person under Meta's keys: hashed, or as they are where Meta takes no hash; a hash passes as it is.

    Raises ValueError naming the keys that are wrong, without their values; of columns that are none it says
    the number only, for a table without a first line has people in their place.
    """
    found, wrong = dict[str, str](), list[str]()
    given = [(_key(name), value) for name, value in row.items()]
    country = next((str(value).strip() for key, value in given if key == "COUNTRY"), "")
    for number, (key, value) in enumerate(given, 1):
        try:
            found[key] = _value(key, _text(value), country)
        except KeyError:
            wrong.append(f"column {number} is none of {', '.join([*NORMAL, *PLAIN])}")
        except ValueError as mistake:
            wrong.append(f"{key} {mistake}")
    if wrong:
        raise ValueError("; ".join(wrong))
    return found


def told(rows: PrivateRows) -> str:
    """How many rows have which keys, what of them is hashed, and how many were given more than once."""
    counts = ", ".join(f"{count:,} with {key}" for key, count in rows.filled.items())
    plain = ", ".join(key for key in rows.columns if key in PLAIN)
    but = f", but for {plain}, which Facebook takes as they are" if plain else ""
    same = rows.get("same", 0)
    twice = f"; {same:,} given more than once {'is' if same == 1 else 'are'} sent once" if same else ""
    return f"{counts}; hashed here (SHA-256) before anything is kept or sent{but}{twice}"


def _key(name: Any) -> str:
    plain = re.sub(r"[\s-]+", "_", str(name).strip()).upper().removesuffix("_SHA256")
    return ALSO.get(plain, plain)


def _text(value: Any) -> str:
    """A value as text; a number that is no whole one has lost its digits already."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("is no text")  # noqa: TRY004 - one kind of mistake
    return str(value).strip()


def _value(key: str, text: str, country: str) -> str:
    """Raises KeyError for a key that is none, ValueError for a value that does not fit it."""
    normal = PLAIN.get(key) or NORMAL[key]
    if not text or key in PLAIN:
        return normal(text) if text else ""
    if HASHED.fullmatch(text):
        return text.lower()
    if key == "PHONE" and not country and not ABROAD.match(text) and LOCAL.match(text):
        raise ValueError(
            "has no country code, so it can match nobody: write +1 555 010 0199, or give country"
        )
    known = _zip(text, country) if key == "ZIP" else normal(text)
    return hashlib.sha256(known.encode(errors="replace")).hexdigest() if known else ""


def _email(text: str) -> str:
    user, at, host = text.lower().rpartition("@")
    if not (user and at and "." in host) or re.search(r"\s", text):
        raise ValueError("is no e-mail address")
    return text.lower()


def _phone(text: str) -> str:
    digits = re.sub(r"[\s()./+-]", "", text).lstrip("0")
    if not (digits.isascii() and digits.isdecimal() and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS):
        raise ValueError("is no telephone number with its country code")
    return digits


def _letters(text: str) -> str:
    """Lower case, without spaces and punctuation; letters of every script stay."""
    return "".join(letter for letter in text.lower() if unicodedata.category(letter)[0] in "LMN")


def _city(text: str) -> str:
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", text.lower()))


def _gender(text: str) -> str:
    first = text.lower()
    if first not in ("m", "f", "male", "female"):
        raise ValueError("is neither m nor f")
    return first[0]


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise ValueError("is no country of two letters")
    return text.lower()


def _between(first: int, last: int, digits: int) -> Callable[[str], str]:
    """A number of so many digits, with zeros before it."""

    def normal(text: str) -> str:
        fits = text.isascii() and text.isdecimal() and len(text) <= digits
        if not (fits and first <= int(text) <= last):
            raise ValueError(f"is no number from {first} to {last}")
        return f"{int(text):0{digits}d}"

    return normal


def _zip(text: str, country: str) -> str:
    """Of an American code the first five digits, of a British one without the houses."""
    plain = re.sub(r"[\s-]", "", text.lower())
    american = country.lower() == "us" or (not country and re.fullmatch(r"\d{5}-\d{4}", text))
    if american:
        return plain[:US_ZIP]
    return plain[:-UK_INWARD] if country.lower() in ("gb", "uk") and len(plain) > US_ZIP - 1 else plain


def _as_it_is(text: str) -> str:
    return text


NORMAL: Mapping[str, Callable[[str], str]] = {
    "EMAIL": _email,
    "PHONE": _phone,
    "FN": _letters,
    "LN": _letters,
    "FI": _letters,
    "GEN": _gender,
    "DOBY": _between(FIRST_YEAR, LAST_YEAR, YEAR),
    "DOBM": _between(1, 12, 2),
    "DOBD": _between(1, 31, 2),
    "CT": _city,
    "ST": _letters,
    "ZIP": _as_it_is,
    "COUNTRY": _country,
}
PLAIN: Mapping[str, Callable[[str], str]] = {"MADID": str.lower, "EXTERN_ID": _as_it_is}
"""What Meta takes without a hash."""
