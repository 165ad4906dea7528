"""What alembic runs: it is handed the connection, within a transaction that is not its own."""

from __future__ import annotations

from alembic import context

from mcp_ads.host.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
