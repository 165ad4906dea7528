"""How a platform lets a request be signed as something the user acts for, such as a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .request import Request


@dataclass(frozen=True)
class Signature:
    """What it takes to sign as a thing that is not the user: the platform gives a token for it.

    `noun` names one, `ask` is the request for the token of the one with this id, `read` the token in its
    answer ("" where it has none), and `lacking` what to do then.
    """

    noun: str
    ask: Callable[[str], Request]
    read: Callable[[Any], str]
    lacking: str
