"""What documents print for a shell, pasted into one: page after page, in the order it stands there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from fenced import Block, blocks, way
from printed_shell import free_row, pasted

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240), pytest.mark.skipif(os.name == "nt", reason="sh")]
FILES = {"docs/agency-clients.md": "~/.mcp-ads/sandbox/clients.toml"}
"""Where a reader puts what a page prints as a file, in whose place it does not name one just before."""


def is_file(block: Block) -> bool:
    """Whether it is to be saved, not typed."""
    return bool(block.saved_as or (block.kind == "toml" and block.page in FILES))


def typed(block: Block) -> str:
    """What a reader types: the block, or what saves it."""
    if not is_file(block):
        return block.text
    return f"cat > {block.saved_as or FILES[block.page]} <<'END-OF-BLOCK'\n{block.text}END-OF-BLOCK\n"


SCRIPTS = {
    page: [b for b in blocks() if b.page == page and (way(b) == "shell" or is_file(b))]
    for page in sorted({b.page for b in blocks() if way(b) == "shell"})
}
STARTED = 'eval "$(mcp-ads sandbox &)"\n'
BEFORE = {
    "docs/reliability.md": STARTED,
    "docs/sandbox.md": "unset MCP_ADS_SANDBOX\n",
}
"""What a reader has done before: the page says so in its text."""


def script(page: str) -> str:
    """All of a page's blocks, at ports that are free."""
    text = BEFORE.get(page, "") + "\n".join(typed(block) for block in SCRIPTS[page])
    row = str(free_row())
    text = re.sub(r"mcp-ads sandbox( &|\s*$)", rf"mcp-ads sandbox --port {row}\1", text)
    return text.replace("127.0.0.1:8600", f"127.0.0.1:{row}")


@pytest.mark.parametrize("page", SCRIPTS)
def test_a_page_runs_as_it_is_printed(page: str, tmp_path: Path) -> None:
    """Every command of it succeeds, and says nothing of a mistake."""
    done = pasted(script(page), tmp_path)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-1000:]
    assert "ERROR" not in done.stdout
