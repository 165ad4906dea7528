"""Amazon's actions as an agent calls them, for the tests beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Account, Action, Aside, Context, Flow, Result, Several, Write, validate
from mcp_ads.errors import ApiError

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


class Course:
    """A recipe's requests, one after the other: nothing is noted, and what is asked at once is one."""

    def __init__(self, made: Action) -> None:
        self._steps, self._several = made.flow(CONTEXT), False

    def send(self, answer: Any = None) -> Any:
        """The next request, pause or progress; an error is raised in the recipe."""
        if self._several:
            step: Any = self._steps.send([answer])
        else:
            step = self._steps.throw(answer) if isinstance(answer, ApiError) else self._steps.send(answer)
        while isinstance(step, Aside):
            step = self._steps.send(None)
        self._several = isinstance(step, Several)
        return step.requests[0] if isinstance(step, Several) else step

    def until(self, kind: type, answer: Any = None) -> Any:
        """The next step of a kind, the others answered with nothing."""
        step = self.send(answer)
        while not isinstance(step, kind):
            step = self.send()
        return step

    def ends(self, answer: Any) -> Result:
        """What the recipe returns on its last answer."""
        with pytest.raises(StopIteration) as end:
            self.send(answer)
        assert isinstance(end.value.value, Result)
        return end.value.value


def result_of(steps: Flow, answer: Any) -> Result:
    """What a recipe returns on its last answer."""
    with pytest.raises(StopIteration) as end:
        steps.send(answer)
    assert isinstance(end.value.value, Result)
    return end.value.value
