"""Of the tokens with which a server was called the latest are hidden, and no more than so many are kept."""

from __future__ import annotations

from mcp_ads.engine.wire.redaction import Secrets


def test_a_forgotten_secret_is_looked_for_no_more() -> None:
    """In texts and in bytes; another stays hidden, and what was forgotten can be hidden again."""
    first, second = "first-token-of-a-caller", "second-token-of-a-caller"
    secrets = Secrets([first, second])
    secrets.forget(first)
    said = f"{first} {second}"
    for text in (secrets.known(said), secrets.scrubbed(said.encode()).decode()):
        assert first in text
        assert second not in text
    secrets.hide(first)
    assert first not in secrets.known(said)
    assert first not in secrets.scrubbed(said.encode()).decode()
