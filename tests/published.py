"""The examples that are published for Airbyte's packages: as they are printed, and as they run here.

`seeds/python` has their code with its indentation and without its comments, `seeds/curl.txt` their requests.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import httpx

SEEDS = Path(__file__).parent / "seeds"
EXAMPLES = {path.stem: path.read_text("utf-8") for path in sorted((SEEDS / "python").glob("*.txt"))}
PACKAGE = re.compile(r"^from airbyte_agent_(?:sdk|amazon_ads|facebook-marketing)(?=[. ])")
FUNCTION = re.compile(r"^async def facebook-marketing_execute\b")
PLACEHOLDER = re.compile(r"<([^<>]+)>")


def renamed(line: str) -> str:
    """A published line as it runs here: with our package's name, and no hyphen in a function's."""
    return FUNCTION.sub("async def facebook_marketing_execute", PACKAGE.sub("from mcp_ads", line))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with values in the place of its placeholders; one without a value stays."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def run(name: str, values: Mapping[str, str], **given: Any) -> dict[str, Any]:
    """What an example has defined once it has run, with values for some of its placeholders.

    `given` are the names it takes for granted.
    """
    module = ModuleType(name)
    vars(module).update(given)
    code = filled("\n".join(map(renamed, EXAMPLES[name].splitlines())), values)
    exec(compile(code, f"{name}.py", "exec", dont_inherit=True), vars(module))
    return vars(module)


@dataclass(frozen=True)
class Curl:
    """One published command, read as a shell reads it."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def path(self) -> str:
        """Where it goes, without the host."""
        return urlsplit(self.url).path

    def request(self, base: str, values: Mapping[str, str]) -> httpx.Request:
        """The same request to another host, with values for its placeholders; without one they stay."""
        headers = {name: filled(value, values) for name, value in self.headers.items()}
        body = filled(json.dumps(dict(self.body)), values).encode()
        return httpx.Request(self.method, f"{base}{filled(self.path, values)}", headers=headers, content=body)


def commands() -> dict[str, str]:
    """Every published command as it is printed, by the name it has in the file."""
    parts = (SEEDS / "curl.txt").read_text("utf-8").split("# ")[1:]
    return {name: command for name, _, command in (part.partition("\n") for part in parts)}


def curls() -> dict[str, Curl]:
    """Every published command by the name it has in the file."""
    return {name: _read(shlex.split(text.replace("\\\n", " "))) for name, text in commands().items()}


def _read(words: list[str]) -> Curl:
    program, *rest = words
    options: dict[str, list[str]] = {"-X": [], "-H": [], "-d": []}
    places = []
    words_left = iter(rest)
    for word in words_left:
        options[word].append(next(words_left)) if word in options else places.append(word)
    assert program == "curl"
    (method,), (url,), (body,) = options["-X"], places, options["-d"]
    headers = dict(line.split(": ", 1) for line in options["-H"])
    return Curl(method, url, headers, json.loads(body))
