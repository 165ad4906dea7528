"""Errors in the words of who reads them: with the calls of a connector class, or of its tools."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mcp_ads.errors import AdsError, ApiError

from .backend import Backend


@contextmanager
def in_words(backend: Backend) -> Iterator[None]:
    """What an error says with the calls there are; what a platform says in it stays as it is."""
    words = backend.words
    try:
        yield
    except AdsError as error:
        error.fix = words.error(error.fix)
        if error.args and not isinstance(error, ApiError):
            error.args = (words.error(str(error.args[0])), *error.args[1:])
        raise
