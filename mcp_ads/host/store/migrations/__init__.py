"""Migrations of the database, run by alembic whenever a process of the host begins."""
