"""Every block that a document prints is run, read, or in the table of those that are not run here."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest
from cyclopts import CycloptsError, MissingArgumentError
from fenced import ELSEWHERE, PLACE, ROOT, SHELL, Block, blocks, commands, pages, way
from shell import Shell

from mcp_ads.across import offer
from mcp_ads.cli import app
from mcp_ads.variables import VARIABLES

INLINE = re.compile(r"(?<!`)`(?:\S*/)?mcp-ads ([a-z][^`…|\[]*)`(?!`)")
CLIENTS = {
    "claude-code": "claude-code",
    "claude-desktop": "claude-desktop",
    "cursor": "cursor",
    "vscode": "vscode",
}


def test_every_block_is_held() -> None:
    """A new one that no test runs or reads fails here until it has a way, or a reason."""
    assert len(blocks()) > 150
    assert [block.name for block in blocks() if not way(block)] == []


def test_the_table_has_no_row_too_many() -> None:
    """Each row is of some block, and the test it names is there."""
    assert [row.said for row in ELSEWHERE if row.by and not (ROOT / row.by).exists()] == []


@pytest.mark.slow
def test_each_printed_command_is_understood() -> None:
    """It exists, with its options: also where it is not run here."""
    found = [(block.name, words) for block in blocks() if is_script(block) for words in commands(block.text)]
    assert len(found) > 70
    assert [said for said in found if not understood(said[1])] == []


@pytest.mark.slow
def test_each_command_in_a_sentence_is_understood() -> None:
    """Those without a placeholder, as `mcp-ads doctor --reads`."""
    found = [words for path in pages() for words in INLINE.findall(path.read_text("utf-8"))]
    whole = [words for words in found if not re.search(r"\b[A-Z]{2,}\b|\bX\b|'", words)]
    assert len(whole) > 30
    assert [words for words in whole if not understood(words.split())] == []


def is_script(block: Block) -> bool:
    return block.kind in SHELL or way(block) == "shell"


def understood(words: list[str]) -> bool:
    """Whether a command line of ours is one."""
    if not words:
        return True
    try:
        called, *_ = app.parse_args(words, exit_on_error=False, print_error=False)
    except MissingArgumentError:
        return True
    except CycloptsError:
        return False
    return bool(called)


def test_each_call_names_what_there_is() -> None:
    """Entity and action exist at the tool that is named, and so do those of its steps."""
    found = [
        (block.title.removesuffix("_execute"), json.loads(block.text))
        for block in blocks()
        if way(block) == "transcript" and block.kind == "json"
    ]
    asked = [call for call in found if "entity" in call[1]]
    asked += [
        (step.get("connector", tool), step)
        for tool, call in asked
        for step in call.get("params", {}).get("steps", ())
    ]
    assert len(asked) > 30
    assert [
        call for tool, call in asked if call["action"] not in offer(tool).entity(call["entity"]).actions
    ] == []


def test_each_call_of_a_transcript_has_a_good_answer() -> None:
    """It stands right after the call, and is neither an error nor a part."""
    found = [block for block in blocks() if way(block) == "transcript"]
    calls, answers = found[::2], found[1::2]
    assert {(call.kind, answer.title) for call, answer in zip(calls, answers, strict=True)} == {
        ("json", "answer")
    }
    assert [answer.name for answer in answers if answer.text.startswith(("ERROR", "PARTIAL"))] == []
    assert len(calls) > 30


def test_each_toml_is_read() -> None:
    """It is valid, and not empty."""
    texts = [block.text for block in blocks() if way(block) == "toml"]
    assert all(tomllib.loads(text) for text in texts)
    assert len(texts) > 2


def test_each_configuration_starts_the_server() -> None:
    """One entry: an absolute command with `serve` and variables there are, or an address."""
    for block in blocks():
        for entry in servers_of(block):
            if "url" in entry:
                assert (entry["type"], entry["url"]) == ("http", "http://127.0.0.1:8000/mcp"), block.name
            else:
                assert (entry["command"], entry["args"]) == (PLACE, ["serve"]), block.name
                assert entry["env"].keys() <= VARIABLES.keys(), block.name


def servers_of(block: Block) -> list[dict[str, Any]]:
    """The entries of a client's configuration."""
    if way(block) != "config":
        return []
    (servers,) = json.loads(block.text).values()
    return list(servers.values())


@pytest.mark.parametrize("client", CLIENTS)
def test_what_a_page_prints_is_what_install_writes(shell: Shell, client: str) -> None:
    """The entry by hand is that of `mcp-ads install`, but for the path."""
    shell.set(MCP_ADS_SANDBOX="1")
    code, printed, _ = shell.run("install", client, "--print")
    (page,) = (
        json.loads(b.text) for b in blocks() if b.page == f"docs/start/{client}.md" and way(b) == "config"
    )
    written = json.loads(printed)
    for servers in written.values():
        servers["mcp-ads"]["command"] = PLACE
        servers["mcp-ads"]["env"].pop("MCP_ADS_HOME", None)
        servers["mcp-ads"]["env"].pop("MCP_ADS_KEYRING", None)
    assert (code, written) == (0, page)
