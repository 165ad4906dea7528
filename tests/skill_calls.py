"""The calls that a skill prints, made by a client as they stand there, in their order."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple

from agent import Agent

from mcp_ads.sandbox.store import Store
from mcp_ads.skills import body, skills

PRINTED = re.compile(r"`(ads_describe|ads_apply|\w+_execute) (\{[^`]*\})`")
BEFORE = "…"
"""What stands for a plan_id that an answer before it named."""
PLAN = re.compile(r'^PLAN (\S+)|"plan":"([^"]+)"', re.MULTILINE)
WAITS = "not ready"
MINUTES = 1200
MOST_WAITS = 3


class Call(NamedTuple):
    """A tool and its arguments."""

    tool: str
    arguments: dict[str, Any]


def printed(name: str, accounts: str = "", **others: str) -> list[Call]:
    """The calls of a skill, with these accounts where none are named; `others` are ids to put where examples
    stand, each by `_` and the example.
    """
    text = body(skills()[name])
    for example, other in others.items():
        text = re.sub(rf"(?<!\d){example.removeprefix('_')}(?!\d)", other, text)
    calls = [Call(tool, json.loads(arguments)) for tool, arguments in PRINTED.findall(text)]
    for call in calls:
        if accounts and call.tool == "ads_execute":
            call.arguments.setdefault("params", {}).setdefault("accounts", accounts)
    return calls


@dataclass
class Answer:
    """A call and what was answered."""

    call: Call
    text: str

    @property
    def meta(self) -> dict[str, Any]:
        """The first line of a table."""
        line = next(line for line in self.text.splitlines() if line.startswith("meta: "))
        found: dict[str, Any] = json.loads(line.removeprefix("meta: "))
        return found

    def __contains__(self, text: str) -> bool:
        return text in self.text


@dataclass
class Session:
    """Makes the calls as a skill says; `plans` are those that were named and not applied yet."""

    agent: Agent
    store: Store
    answers: list[Answer] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)

    async def follow(self, name: str, accounts: str = "", **others: str) -> list[Answer]:
        """Every call of a skill, each plan approved, and the answers."""
        for call in printed(name, accounts, **others):
            await self._made(call)
        return self.answers

    async def _made(self, call: Call) -> None:
        if BEFORE not in call.arguments.values():
            answer = await self._asked(call)
            for _ in range(MOST_WAITS):
                if WAITS not in answer.text.partition("\n")[0]:
                    break
                self.store.clock.forward(MINUTES)
                more = {**call.arguments, "params": {"from": answer.meta["result"]}}
                answer = await self._asked(Call(call.tool, more))
            self.plans += [one or other for one, other in PLAN.findall(answer.text)]
            return
        assert self.plans, f"no plan for {call}"
        (word,) = call.arguments
        for plan in list(self.plans):
            await self._asked(Call(call.tool, {word: plan}))
        if call.tool == "ads_apply":
            self.plans.clear()

    async def _asked(self, call: Call) -> Answer:
        answer = Answer(call, await self.agent.good(call.tool, **call.arguments))
        self.answers.append(answer)
        return answer

    def changes(self) -> list[str]:
        """What was carried out at the platforms, without orders of reports."""
        done = [f"{write['what']} {write['id']}" for write in self.store.writes()]
        return [line for line in done if "report" not in line]


def weighed(answers: list[Answer]) -> int:
    """Tokens of calls and of their answers, as o200k counts them; 0 without the extra `tokens`."""
    return sum(tokens(json.dumps(answer.call, ensure_ascii=False) + answer.text) for answer in answers)


def tokens(text: str) -> int:
    """As o200k counts them; 0 without the extra `tokens`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it reads its table in an old way
        try:
            bpe_openai = import_module("bpe_openai")
        except ImportError:
            return 0
        return len(bpe_openai.get_encoding("o200k_base").encode(text))
