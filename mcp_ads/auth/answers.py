"""What token endpoints answer, read without trusting it."""

from __future__ import annotations

import math
from typing import Any

import httpx


def json_object(response: httpx.Response) -> dict[str, Any]:
    """The answer's object; empty for anything else."""
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def life_of(seconds: object, otherwise: float) -> float:
    """How many seconds something lives; `otherwise` where the answer does not say it in a number."""
    try:
        life = float(str(seconds or otherwise))
    except ValueError:
        return otherwise
    return life if math.isfinite(life) else otherwise
