"""What the host's tests may use: databases of both kinds."""

from host.postgres import cluster, database_url, postgres_url

__all__ = ["cluster", "database_url", "postgres_url"]
