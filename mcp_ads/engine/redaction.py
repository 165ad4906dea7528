"""What opens an account is cut out of every text where it comes in, before anything is shortened or kept."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from mcp_ads.errors import AdsError, ApiError

SHORTEST = 8
"""Characters from which on a secret is one; cutting shorter texts out would garble everything."""
MARK = "[secret]"
MOST_SAID, MOST_MESSAGE, MOST_CODE = 2_000, 1_000, 200
"""Characters of a platform's words that an error carries."""
NAMES = ("token", "secret", "signature", "credential", "password", "appsecret_proof", "code_verifier")
"""How the names of secrets end."""
_IN_JSON = re.compile(
    rf"""("(?=\s*:)(?:{"|".join(f'(?<={each}")' for each in NAMES)})\s*:\s*)"(?:[^"\\]|\\.)*"?""",
    re.IGNORECASE,
)
_IN_QUERY = re.compile(rf"(=(?:{'|'.join(f'(?<={each}=)' for each in NAMES)}))[^&\"'\s\\]+", re.IGNORECASE)
"""Both look back from a mark that is rare in text: not every letter is tried as the first of a name."""
_LINKS = re.compile(r'("(?:next|previous|url)"\s*:\s*)"https?:[^"]*"?')
_ADDRESS = re.compile(r"[hH][tT][tT][pP][sS\u017f]?:(?:[^\s\"'<>\\]|\\[^\"'\s])+")
_SIGNED = ("x-amz-", "signature", "sig=", "access_token")
_BEARER = re.compile(r"([bB][eE][aA][rR][eE][rR]\s+)[^\s\"'\\]+")
"""Where these begin is found many times faster with both cases of each letter spelt out."""
_CUT = "…(cut)"
_GZIP = b"\x1f\x8b"
_ESCAPED = re.compile(rb"\\u00[2-7]")
_PLAIN = re.compile(r"[\w.~-]", re.ASCII)


class Secrets:
    """What is known to open an account, in every spelling in which a platform may give it back."""

    def __init__(self, known: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._spellings: list[str] = []
        self._bytes: list[bytes] = []
        for each in known:
            self.hide(each)
        for each in names:
            self._hide_text(each)

    def hide(self, secret: str) -> None:
        """A secret to be cut out of everything from now on, such as a token just got."""
        self._hide_text(secret)
        if len(secret) >= SHORTEST and not secret.isdigit():
            fresh = [each.encode() for each in _spellings(secret)]
            self._bytes = _longest_first({*self._bytes, *fresh})

    def _hide_text(self, name: str) -> None:
        """A name that is only not shown: an id that platforms also use in data, where it stays."""
        if len(name) >= SHORTEST:
            self._spellings = _longest_first({*self._spellings, *_spellings(name)})

    def scrubbed(self, content: bytes) -> bytes:
        """An answer's bytes without known secrets; packed files are left as they are."""
        if not content.startswith(_GZIP):
            for each in self._bytes:
                content = content.replace(each, MARK.encode())
        return content

    def decoded(self, answer: Any, content: bytes) -> Any:
        """The answer without the secrets that its bytes spelt in other characters."""
        return mapped(answer, self.known) if _ESCAPED.search(content) else answer

    def suspect(self, text: str) -> bool:
        """Whether a text may have something to be cut out."""
        return any(each in text for each in self._spellings) or any(
            _signed(found[0]) for found in _ADDRESS.finditer(text)
        )

    def known(self, text: str) -> str:
        """The text without known secrets; all else stays."""
        for each in self._spellings:
            text = text.replace(each, MARK)
        return text

    def without_secrets(self, text: str) -> str:
        """The text without known credentials and without what makes a link a credential; all else stays."""
        return _ADDRESS.sub(_unsigned, self.known(text))

    def redact(self, text: str) -> str:
        """The text without credentials, signed links and page links."""
        return _without_credentials(self.without_secrets(text))

    def clean(self, error: AdsError) -> None:
        """Take credentials out of what an error says, then bound what a platform wrote."""
        error.args = (_bounded(self.redact(str(error)), MOST_MESSAGE, error), *error.args[1:])
        error.fix = self.redact(error.fix)
        if isinstance(error, ApiError):
            error.says = _bounded(self.redact(error.says), MOST_SAID, error)
            error.code = _bounded(self.redact(error.code), MOST_CODE, error)
            error.request_id = _bounded(self.redact(error.request_id), MOST_CODE, error)


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed, names of fields too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {mapped(name, change): mapped(each, change) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [mapped(each, change) for each in value]
    return value


def redact_log(record: logging.LogRecord) -> bool:
    """A filter for the logger of httpx, which writes down every request with its whole address."""
    record.msg, record.args = _without_credentials(_ADDRESS.sub(_unsigned, record.getMessage())), ()
    return True


def _bounded(text: str, most: int, error: AdsError) -> str:
    """The text of a platform's error cut; ours list every mistake."""
    if not isinstance(error, ApiError) or len(text) <= most + len(_CUT):
        return text
    return f"{text[:most]}{_CUT}"


def _spellings(secret: str) -> set[str]:
    """The secret as it is, in an address, and in JSON that escapes more than it must."""
    spelt = {secret, quote(secret), quote(secret, safe=""), secret.replace("/", "\\/")}
    for form in ("\\u{:04x}", "\\u{:04X}"):
        spelt.add("".join(each if _PLAIN.match(each) else form.format(ord(each)) for each in secret))
    return spelt


def _longest_first(found: set[Any]) -> list[Any]:
    return sorted(found, key=len, reverse=True)


def _unsigned(address: re.Match[str]) -> str:
    """An address without its query, where that makes it a credential."""
    place, mark, query = address[0].partition("?")
    return f"{place}{mark}{MARK}" if _signed(query) else address[0]


def _signed(text: str) -> bool:
    """Whether a text has what makes an address a credential."""
    words = text.casefold()
    return any(each in words for each in _SIGNED)


def _without_credentials(text: str) -> str:
    """The text without what names or links mark as a credential."""
    text = _BEARER.sub(rf"\1{MARK}", _LINKS.sub(r'\1"[link]"', text))
    return _IN_QUERY.sub(rf"\1{MARK}", _IN_JSON.sub(rf'\1"{MARK}"', text))
