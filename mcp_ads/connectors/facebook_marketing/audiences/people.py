"""People as Facebook matches them: each value normalised, then hashed, by Meta's rules for customer files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from mcp_ads.connectors.facebook_marketing.delivery.geography import COUNTRIES
from mcp_ads.core.private import PrivateRows
from mcp_ads.core.texts import ADDRESS
from mcp_ads.core.unsendable import MOST_EXACT

from .people_names import ALSO, FEWEST_DIGITS, MOST_DIGITS, STATES, device, not_contact

HASHED = re.compile(r"[0-9a-fA-F]{64}")
ABROAD = re.compile(r"[\s(]*(\+|00)")
"""How a number begins that has its country code."""
LOCAL = re.compile(r"[\s(]*(0|[2-9][0-9]{2}[\s().-]*[2-9][0-9]{2}[\s.-]*[0-9]{4}\s*$)")
"""How one begins, or looks, that has none: with a nought, or as the ten digits of North America."""
SHORTEST_LOCAL = 7
"""Digits of a number that cannot have its country code in them."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
YEAR, US_ZIP = 4, 5
US, UK = ("us",), ("gb", "uk")
LIMITED = "LDU"
UK_CODE = re.compile(r"([a-z]{1,2}[0-9][a-z0-9]?[0-9])[a-z]{2}")
"""A whole British postcode: its last two letters name a few houses."""
MOST_OPTION = 4
"""Digits of a country or a state in data processing options."""


def hashed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A person under Meta's keys: hashed, or as they are where Meta takes no hash; a hash passes as it is.

    Raises ValueError naming the keys that are wrong, without their values; of columns that are none it says
    the number only, for a table without a first line has people in their place.
    """
    found, wrong = dict[str, Any](), list[str]()
    given = [(_key(name), value) for name, value in row.items()]
    country = next((str(value).strip().lower() for key, value in given if key == "COUNTRY"), "")
    for number, (key, value) in enumerate(given, 1):
        try:
            if key in found:
                wrong.append(f"{key} is given twice")
            found[key] = _cell(key, value, country)
        except KeyError:
            wrong.append(f"column {number} is {NONE}")
        except ValueError as mistake:
            wrong.append(f"{key} {mistake}")
    if wrong:
        raise ValueError("; ".join(wrong))
    return found


def refuses(name: Any) -> str:
    """Why a column of this name is none; empty when it is one."""
    known = _key(name) in {*NORMAL, *PLAIN, OPTIONS}
    return "" if known else NONE


def told(rows: PrivateRows) -> str:
    """How many rows have which keys, what of them is hashed, and how many were given more than once."""
    counts = ", ".join(f"{count:,} with {key}" for key, count in rows.filled.items())
    plain = ", ".join(key for key in rows.columns if key not in NORMAL)
    but = f", but for {plain}, which Facebook takes as they are" if plain else ""
    same = rows.get("same", 0)
    twice = f"; {same:,} given more than once {'is' if same == 1 else 'are'} sent once" if same else ""
    rest = rows.get("left_out", 0)
    others = f"; {rest:,} other column{'s stay' if rest > 1 else ' stays'} here" if rest else ""
    empty = rows.get("empty", 0)
    blank = f"; {empty:,} row{'s' if empty > 1 else ''} with nothing to match by left out" if empty else ""
    first = f"{counts}; " if counts else ""
    return f"{first}hashed here (SHA-256) before anything is kept or sent{but}{twice}{others}{blank}"


def _key(name: Any) -> str:
    plain = re.sub(r"[\s-]+", "_", str(name).strip()).upper().removesuffix("_SHA256")
    return ALSO.get(plain, plain)


def _text(value: Any) -> str:
    """A value as text; nothing but what somebody is worth has a fraction."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("is no text")  # noqa: TRY004 - one kind of mistake
    if isinstance(value, int) and abs(value) > MOST_EXACT:
        raise ValueError("is a number that has lost digits on its way: write it as text")
    return str(value).strip()


def _cell(key: str, value: Any, country: str) -> str | tuple[str, ...]:
    """Raises KeyError for a key that is none, ValueError for a value that does not fit it."""
    if key == OPTIONS:
        return _options(value)
    if isinstance(value, float) and key != "LOOKALIKE_VALUE":
        raise ValueError("is no whole number, and may have lost digits: write it as text")
    text, normal = _text(value), PLAIN.get(key) or NORMAL[key]
    if not text or key in PLAIN:
        return normal(text) if text else ""
    if HASHED.fullmatch(text):
        return text.lower()
    local = LOCAL.match(text) or len(re.sub(r"[^0-9]", "", text)) <= SHORTEST_LOCAL
    if key == "PHONE" and not country and not ABROAD.match(text) and local:
        raise ValueError(
            "has no country code, so it can match nobody: write +1 555 010 0199, or give country"
        )
    known = PLACED[key](text, country) if key in PLACED else normal(text)
    return hashlib.sha256(known.encode(errors="replace")).hexdigest() if known else ""


def _options(value: Any) -> tuple[str, ...]:
    """Limited data use, or none: a list in the row, as Meta takes it."""
    text = "".join(map(str, value)) if isinstance(value, list) else _text(value)
    plain = re.sub(r"[^A-Z]", "", text.upper())
    if plain not in ("", LIMITED):
        raise ValueError(f"is neither empty nor {LIMITED}")
    return (LIMITED,) if plain else ()


def _email(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise ValueError("is no e-mail address")
    return text.lower()


def _phone(text: str) -> str:
    digits = re.sub(r"[\s()./+-]", "", re.sub(r"(?<=[0-9])[\s./-]*\(0\)", "", text)).lstrip("0")
    if not (digits.isascii() and digits.isdecimal() and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS):
        raise ValueError("is no telephone number with its country code")
    return digits


def _letters(text: str) -> str:
    """Lower case, without spaces and punctuation; letters of every script stay."""
    whole = unicodedata.normalize("NFC", text.lower())
    return "".join(letter for letter in whole if unicodedata.category(letter)[0] in "LMN")


def _initial(text: str) -> str:
    return _letters(text)[:1]


def _city(text: str) -> str:
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", text.lower()))


def _gender(text: str) -> str:
    first = text.lower()
    if first not in ("m", "f", "male", "female"):
        raise ValueError("is neither m nor f")
    return first[0]


def _country(text: str) -> str:
    code = "GB" if text.upper() == "UK" else text.upper()
    if code not in COUNTRIES:
        raise ValueError("is no country of two letters (ISO 3166)")
    return code.lower()


def _state(text: str, country: str) -> str:
    """Two letters in the United States; elsewhere as people write it."""
    plain = _city(text) or _letters(text)
    if country in US and plain not in STATES.values():
        if plain not in STATES:
            raise ValueError("is no American state: write two letters, such as CA")
        return STATES[plain]
    return plain


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
    american = country in US or (not country and re.fullmatch(r"\d{5}-\d{4}", text))
    if american and not re.fullmatch(r"[0-9]{5}([0-9]{4})?", plain):
        raise ValueError("is no American code of five digits; a table may have lost its first nought")
    if american:
        return plain[:US_ZIP]
    whole = UK_CODE.fullmatch(plain) if country in UK else None
    return whole[1] if whole else plain


def _as_it_is(text: str) -> str:
    return text


def _worth(text: str) -> str:
    """What somebody is worth beside the others: 0 or more, in any unit."""
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,15})?", text):
        raise ValueError("is no number of 0 or more, such as 44.5")
    return text


def _digits(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,32}", text):
        raise ValueError("is no whole number")
    return text


def _option(text: str) -> str:
    if len(_digits(text)) > MOST_OPTION:
        raise ValueError(f"is no whole number of at most {MOST_OPTION} digits")
    return text


NORMAL: Mapping[str, Callable[[str], str]] = {
    "EMAIL": _email,
    "PHONE": _phone,
    "FN": _letters,
    "LN": _letters,
    "FI": _initial,
    "GEN": _gender,
    "DOBY": _between(FIRST_YEAR, LAST_YEAR, YEAR),
    "DOBM": _between(1, 12, 2),
    "DOBD": _between(1, 31, 2),
    "CT": _city,
    "ST": _as_it_is,
    "ZIP": _as_it_is,
    "COUNTRY": _country,
}
PLACED: Mapping[str, Callable[[str, str], str]] = {"ST": _state, "ZIP": _zip}
"""What depends on the country of the row."""
PLAIN: Mapping[str, Callable[[str], str]] = {
    "MADID": device,
    "EXTERN_ID": not_contact,
    "PAGEUID": _digits,
    "LOOKALIKE_VALUE": _worth,
    "DATA_PROCESSING_OPTIONS_COUNTRY": _option,
    "DATA_PROCESSING_OPTIONS_STATE": _option,
}
"""What Meta takes without a hash."""
OPTIONS = "DATA_PROCESSING_OPTIONS"
NONE = f"none of {', '.join([*NORMAL, *PLAIN, OPTIONS])}"
