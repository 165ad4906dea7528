"""Values of raw requests and answers: what their keys may be read as, and what is kept back of them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .links import unsigned

PEOPLE = frozenset({
    "email", "emails", "phone", "phones", "phonenumber", "userdata", "fielddata", "hashedemail",
    "hashedphone", "hashedemails", "userids", "userinfo", "ud", "em", "ph", "fn", "ln", "dob", "firstname",
    "lastname", "hashedfirstname", "hashedlastname", "externalids", "externaluserid", "madid", "advertiserid",
    "anonid", "personalinfo", "leads", "testleads", "leadformresponses",
})  # fmt: skip
"""Keys under which people stand, also as words of what is asked for; without case and underscores."""
SECRET = ("token", "secret", "signature", "password", "credential", "appsecretproof")
OPENS = frozenset({"paging", "uploadurl", "downloadurl"})
"""Names of what opens something although it is called otherwise; of `paging`, all that is in it."""
PAGES = frozenset({"nexttoken", "pagetoken", "nextpagetoken", "previouspagetoken"})
"""Names of what asks for another page, and opens nothing on its own."""
CUT = "[cut]"
MOST_DEEP = 12


def walk(value: Any, depth: int = 0) -> Iterator[tuple[int, str, Any]]:
    """Every key in a value with what stands under it."""
    value = read(value)
    if depth > MOST_DEEP:
        yield depth, "", None
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield depth, str(key), inner
            yield from walk(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, depth + 1)


def read(value: Any) -> Any:
    """The value; of JSON text what it says."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def text_of(value: Any) -> str:
    """A value as text: JSON of what is none."""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def words(value: Any) -> Iterator[str]:
    """The words of a parameter's value, in lower case."""
    return iter(re.findall(r"\w+", unicodedata.normalize("NFKC", text_of(value)).casefold()))


def spelt(key: str) -> set[str]:
    """What a key may be read as, as a whole and in its parts: without case, width and underscores."""
    plain = unicodedata.normalize("NFKC", key).casefold()
    return {re.sub(r"[^a-z0-9]", "", part) for part in (plain, *re.split(r"\W", plain))} - {""}


def without_secrets(value: Any) -> Any:
    """An answer without values that open something, under a secret's name at any depth or in an address, and
    without people.
    """
    return _cleaned(value, lambda key: any(map(_is_kept_back, spelt(key))))


def without_credentials(value: Any) -> Any:
    """Records without values that open something, under a secret's name at any depth or in an address."""
    return _cleaned(value, lambda key: any(map(_opens, spelt(key))))


def _opens(name: str) -> bool:
    return (name.endswith(SECRET) and name not in PAGES) or name in OPENS


def _is_kept_back(name: str) -> bool:
    return _opens(name) or name in PEOPLE


def _cleaned(value: Any, secret: Callable[[str], bool]) -> Any:
    if isinstance(value, Mapping):
        return {key: CUT if secret(str(key)) else _cleaned(inner, secret) for key, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner, secret) for inner in value]
    if not isinstance(value, str):
        return value
    if (found := read(value)) is not value:
        clean = _cleaned(found, secret)
        return value if clean == found else json.dumps(clean, ensure_ascii=False)
    return unsigned(value)
