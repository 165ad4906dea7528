"""Amazon's actions as an agent calls them, for the tests beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Account, Action, Context, Flow, Result, Write, validate

PROFILE = "1234567890123456"
TODAY = date(2026, 11, 22)
CONTEXT = Context(TODAY, Account(PROFILE, "Tern", "USD", "America/Los_Angeles", "NA"), ("NA", "EU", "FE"))


def call(entity: str, action: str, **params: Any) -> Action:
    """A valid call of the test profile."""
    kind = amazon_ads.action(entity, action)
    known = {"profile_id": PROFILE} if "profile_id" in kind.model_fields else {}
    return validate.call(entity, action, kind, {**known, **params})


def write(entity: str, action: str, live: Mapping[str, Any] | None = None, **params: Any) -> Write:
    """A valid write with its money and dates settled."""
    made = call(entity, action, **params).settled(CONTEXT, live)
    assert isinstance(made, Write)
    return made


def result_of(steps: Flow, answer: Any) -> Result:
    """What a recipe returns on its last answer."""
    with pytest.raises(StopIteration) as end:
        steps.send(answer)
    assert isinstance(end.value.value, Result)
    return end.value.value
