"""What the host writes of itself has none of its own secrets."""

from __future__ import annotations

import base64
import logging
from pathlib import Path

import pytest

from mcp_ads.errors import BadSettings
from mcp_ads.host.assembly import assembled
from mcp_ads.host.logs import JsonLines, log_as_json
from mcp_ads.host.settings import host_settings


def test_the_hosts_own_secrets_are_in_no_line(tmp_path: Path) -> None:
    """Neither its key nor its database's password, whoever logs them."""
    key, password = base64.b64encode(b"k" * 32).decode(), "MARKER-password"
    url = f"postgresql://u:{password}@127.0.0.1:1/none"
    with pytest.raises(BadSettings) as refused:
        assembled(host_settings(environ={"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_HOST_KEY": key,
                                         "DATABASE_URL": url}))  # fmt: skip
    record = logging.LogRecord("x", logging.ERROR, "", 1, "%s %s", (key, url), None)
    for text in (JsonLines().format(record), str(refused.value)):
        assert key not in text
        assert password not in text


@pytest.mark.parametrize(
    "writes_all", ["aiosqlite", "sqlalchemy.engine.Engine", "psycopg.pool", "alembic.runtime"]
)
def test_no_statement_is_logged(writes_all: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the drivers of databases tell at DEBUG has plans and addresses in it: it is not asked for."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [*root.handlers])
    monkeypatch.setattr(root, "level", root.level)
    log_as_json("DEBUG")
    assert not logging.getLogger(writes_all).isEnabledFor(logging.INFO)
