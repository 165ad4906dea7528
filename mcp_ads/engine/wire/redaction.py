"""What opens an account is cut out of every text where it comes in, before anything is shortened or kept."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from mcp_ads.core.links import MARK, unsigned
from mcp_ads.errors import AdsError, ApiError

from .spellings import Spellings, loosened

SHORTEST = 8
"""Characters from which on a secret is one; cutting shorter texts out would garble everything."""
MOST_SAID, MOST_MESSAGE, MOST_CODE = 2_000, 1_000, 200
"""Characters of a platform's words that an error carries."""
NAMES = ("token", "secret", "signature", "credential", "password", "appsecret_proof", "code_verifier")
"""How the names of secrets end."""
_NAMES = "|".join(NAMES)
_IN_JSON = re.compile(rf'((?:{_NAMES})"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)
_QUOTE = r"""\\+"|'|&(?:amp;)*(?:quot|apos|\#34|\#39|\#x2[27]);|\\+u002[27]|%22"""
_IN_QUOTES = re.compile(
    rf"((?:{_NAMES})({_QUOTE})\s*(?::|%3A)\s*\2)(?:(?!\2)\\*.)*(\2)?", re.IGNORECASE | re.DOTALL
)
"""In JSON that stands in a text, or with other quotes."""
_IN_PROSE = re.compile(
    r"""(?<![\w?&;#+./%-])((?:token|secret|signature|credential|password)(?:=|\\+u003D))"""
    r"""(?:[^&"'\s\\]|\\+[^"'\s\\nrt])+""",
    re.IGNORECASE,
)
"""Not in an address: a parameter of an advertiser's link may be called so."""
_NAMED = (
    (('"',), _IN_JSON, rf'\1"{MARK}"'),
    (("\\", "'", "&", "%"), _IN_QUOTES, rf"\1{MARK}\2"),
    (("=", "\\"), _IN_PROSE, rf"\1{MARK}"),
)
"""What stands right after a name there, in what it is found, and what is put there."""
_LINKS = re.compile(r'("(?:next|previous|uploadUrl|downloadUrl)"\s*:\s*)"https?:[^"]*"?')
_BEARER = re.compile(r"([bB][eE][aA][rR][eE][rR]\s+)[^\s\"'\\]+")
"""Where this begins is found many times faster with both cases of each letter spelt out."""
_META = re.compile(r"\bEAA(?=[A-Za-z]*[0-9])[A-Za-z0-9]{40,}")
"""An access token of Meta's, which is known by its beginning and its length: no word or name is so long."""
_CUT = "…(cut)"
_GZIP = b"\x1f\x8b"
_AS_IS = "latin-1"
"""Bytes as a text, one character a byte."""
_ESCAPED = re.compile(rb"\\u00[2-7]")
_HALVES = re.compile(rb"\\u[dD][89a-fA-F]")


class Secrets:
    """What is known to open an account, in every spelling in which a platform may give it back."""

    def __init__(self, known: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._texts: list[Spellings] = []
        self._bytes: list[Spellings] = []
        for secret in known:
            self.hide(secret)
        for name in names:
            self._hide_text(name)

    def hide(self, secret: str) -> None:
        """A secret to be cut out of everything from now on, such as a token just got."""
        self._hide_text(secret)
        if len(secret) >= SHORTEST and not secret.isdigit():
            self._bytes = _longest_first(self._bytes, secret.encode().decode(_AS_IS))

    def forget(self, secret: str) -> None:
        """A secret that opens nothing any more, such as a token run out: it is no longer looked for."""
        self._texts = [spellings for spellings in self._texts if spellings.secret != secret]
        as_bytes = secret.encode().decode(_AS_IS)
        self._bytes = [spellings for spellings in self._bytes if spellings.secret != as_bytes]

    def _hide_text(self, name: str) -> None:
        """A name that is only not shown: an id that platforms also use in data, where it stays."""
        if len(name) >= SHORTEST:
            self._texts = _longest_first(self._texts, name)

    def scrubbed(self, content: bytes) -> bytes:
        """An answer's bytes without known secrets; packed files are left as they are."""
        if content.startswith(_GZIP):
            return content
        text = content.decode(_AS_IS)
        clean = _unnamed(_without(self._bytes, text))
        return content if clean is text else clean.encode(_AS_IS)

    def decoded(self, answer: Any, content: bytes) -> Any:
        """The answer without the secrets that its bytes spelt in other characters."""
        return mapped(answer, self.known) if _ESCAPED.search(content) else answer

    def suspect(self, text: str) -> bool:
        """Whether a text may have something to be cut out."""
        loose = loosened(text)
        known = any(spellings.within(text, loose) for spellings in self._texts)
        return known or bool(_META.search(text)) or unsigned(text) != text

    def known(self, text: str) -> str:
        """The text without secrets that are known, or known for what they are; all else stays."""
        return _unnamed(_without(self._texts, text))

    def without_secrets(self, text: str) -> str:
        """The text without known credentials and without what makes a link a credential; all else stays."""
        return unsigned(self.known(text))

    def redact(self, text: str) -> str:
        """The text without credentials, signed links and page links."""
        return _without_credentials(self.without_secrets(text))

    def clean(self, error: AdsError) -> None:
        """Take credentials out of what an error says, then bound what a platform wrote."""
        error.args = (_bounded(self.redact(str(error)), MOST_MESSAGE, error), *error.args[1:])
        error.fix = self.redact(error.fix)
        if isinstance(error, ApiError):
            error.platform_text = _bounded(self.redact(error.platform_text), MOST_SAID, error)
            error.code = _bounded(self.redact(error.code), MOST_CODE, error)
            error.request_id = _bounded(self.redact(error.request_id), MOST_CODE, error)


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed, names of fields too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {mapped(name, change): mapped(inner, change) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [mapped(item, change) for item in value]
    return value


def with_whole_characters(answer: Any, content: bytes) -> Any:
    """The answer without halves of characters, which cannot be written anywhere."""
    return mapped(answer, _whole) if _HALVES.search(content) else answer


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def redact_log(record: logging.LogRecord) -> bool:
    """A filter for the logger of httpx, which writes down every request with its whole address."""
    record.msg, record.args = _without_credentials(unsigned(record.getMessage())), ()
    return True


def _bounded(text: str, most: int, error: AdsError) -> str:
    """The text of a platform's error cut; ours list every mistake."""
    if not isinstance(error, ApiError) or len(text) <= most + len(_CUT):
        return text
    return f"{text[:most]}{_CUT}"


def _without(secrets: Iterable[Spellings], text: str) -> str:
    loose = loosened(text)
    for secret in secrets:
        text = secret.replaced(text, loose, MARK)
    return text


def _longest_first(known: list[Spellings], secret: str) -> list[Spellings]:
    others = [spellings for spellings in known if spellings.secret != secret]
    return sorted([*others, Spellings(secret)], key=lambda spellings: len(spellings.secret), reverse=True)


def _unnamed(text: str) -> str:
    """The text without tokens that nobody has told us of."""
    return _META.sub(MARK, text) if "EAA" in text else text


def _without_credentials(text: str) -> str:
    """The text without what names or links mark as a credential; without such words it is quickly done."""
    text = _unnamed(text)
    if "http" in text:
        text = _LINKS.sub(r'\1"[link]"', text)
    words = text.replace(MARK, "").lower()
    if "bearer" in words:
        text = _BEARER.sub(rf"\1{MARK}", text)
    for marks, pattern, instead in _NAMED:
        if any(f"{name}{mark}" in words for name in NAMES for mark in marks):
            text = pattern.sub(instead, text)
    return text
