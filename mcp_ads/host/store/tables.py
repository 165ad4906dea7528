"""The tables. Secrets stand in them sealed or hashed, never in clear; ids are UUIDs as text.

Times are Unix seconds. `sealed` columns are AEAD ciphertext of `keys`, bound to the row they stand in.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_KEY = BigInteger().with_variant(Integer, "sqlite")


def _of(table: str, *, primary: bool = False) -> Column[str]:
    """A column that names a row of another table, and goes with it."""
    name = {"organizations": "organization_id", "workspaces": "workspace_id", "clients": "client_id"}[table]
    there = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(name, String(36), there, nullable=False, primary_key=primary)


organizations = Table(
    "organizations", METADATA,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("audit_head", String(64), nullable=False, server_default=""),  # SHA-256 of its last audit line
    Column("created_at", Float, nullable=False),
)  # fmt: skip
clients = Table(
    "clients", METADATA,
    Column("id", String(36), primary_key=True),  # the client_id that callers send
    _of("organizations"),
    Column("name", String(200), nullable=False),
    Column("secret_hash", String(64), nullable=False),  # SHA-256 in hex of a secret of 256 random bits
    Column("writes", String(10), nullable=False),  # off, plan or direct
    Column("workspaces", JSON),  # names; null is all of the organization's
    Column("accounts", JSON),  # connector name -> ids; null is all
    Column("caps", JSON),  # daily, lifetime: currency -> amount as text; increase_pct as text; null is none
    Column("redirects", JSON),  # redirect URLs that are registered; null or empty is any https or loopback
    Column("created_at", Float, nullable=False),
    Column("revoked_at", Float),
)  # fmt: skip
workspaces = Table(
    "workspaces", METADATA,
    Column("id", String(36), primary_key=True),
    _of("organizations"),
    Column("name", String(255), nullable=False),
    Column("status", String(10), nullable=False),  # active, inactive, or trying: in no list
    Column("revision", Integer, nullable=False),  # another one whenever its connectors are others
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    UniqueConstraint("organization_id", "name"),
)  # fmt: skip
connectors = Table(
    "connectors", METADATA,
    Column("id", String(36), primary_key=True),
    _of("organizations"),
    _of("workspaces"),
    Column("slug", String(40), nullable=False),
    Column("label", String(60), nullable=False),  # what a call names its connection by; never used again
    Column("name", String(255), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # credentials as JSON
    Column("replication_config", JSON, nullable=False),
    Column("environment", JSON, nullable=False),
    Column("entities", JSON),  # what may be done of what: [{entity, modes}]; null is all
    Column("secret_id", String(64), unique=True),  # SHA-256 of the grant it was made of
    Column("ends_at", Float),  # when its credentials end, where that is known
    Column("verified_at", Float),  # when the platform last accepted its credentials
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Index("ix_connectors_workspace", "workspace_id", "slug"),
)  # fmt: skip
consents = Table(
    "consents", METADATA,  # a consent that was asked for; its row goes when it was answered
    Column("state_hash", String(64), primary_key=True),
    _of("organizations"),
    _of("workspaces"),
    Column("client_id", String(36), nullable=False),  # "" for an end user's link
    Column("slug", String(40), nullable=False),
    Column("redirect_url", Text, nullable=False),  # "" for an end user's link
    Column("callback", Text, nullable=False),  # the redirect_uri that the platform was told
    Column("sealed", LargeBinary, nullable=False),  # PKCE verifier and the app's credentials
    Column("asked", JSON, nullable=False),  # name, replication_config, environment, variant
    Column("expires_at", Float, nullable=False),
)  # fmt: skip
grants = Table(
    "grants", METADATA,  # credentials that a consent gave, until a connector is made of them
    Column("secret_hash", String(64), primary_key=True),
    _of("organizations"),
    _of("workspaces"),
    Column("slug", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("connector_id", String(36)),
    Column("expires_at", Float, nullable=False),
)  # fmt: skip
links = Table(
    "links", METADATA,  # one-time links of end users
    Column("token_hash", String(64), primary_key=True),
    _of("organizations"),
    _of("workspaces"),
    Column("slug", String(40), nullable=False),
    Column("asked", JSON, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used_at", Float),
)  # fmt: skip
oauth_apps = Table(
    "oauth_apps", METADATA,  # an organization's own apps at the platforms
    Column("id", String(36), primary_key=True),
    _of("organizations"),
    Column("slug", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    UniqueConstraint("organization_id", "slug"),
)  # fmt: skip
mcp_tokens = Table(
    "mcp_tokens", METADATA,  # long-lived tokens of one workspace
    Column("id", String(36), primary_key=True),
    _of("organizations"),
    _of("workspaces"),
    Column("name", String(60), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scope", String(10), nullable=False),  # read, plan or write
    Column("accounts", JSON),
    Column("caps", JSON),
    Column("created_at", Float, nullable=False),
    Column("revoked_at", Float),
)  # fmt: skip
signing_keys = Table(
    "signing_keys", METADATA,  # what signs bearer tokens: the newest signs, all are believed
    Column("id", String(36), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Float, nullable=False),
)  # fmt: skip
repeats = Table(
    "repeats", METADATA,  # answers to writes, for when they are asked again
    Column("key", String(64), primary_key=True),  # SHA-256 of client and Idempotency-Key, or of the write
    _of("organizations"),
    Column("asked", String(64), nullable=False),  # SHA-256 of the request
    Column("status", Integer),  # null while it is under way
    Column("answer", JSON),
    Column("created_at", Float, nullable=False),
)  # fmt: skip

plans = Table(
    "plans", METADATA,
    _of("workspaces", primary=True),
    Column("plan_id", String(200), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("content", Text, nullable=False),
    Column("holder", String(36), nullable=False),  # who applies it, another one each time; "" for nobody
    Column("intent", String(512), nullable=False),
    Column("created_at", Float, nullable=False),
)  # fmt: skip
plan_lines = Table(
    "plan_lines", METADATA,  # the journal of a plan that is applied
    Column("id", _KEY, primary_key=True, autoincrement=True),
    _of("workspaces"),
    Column("plan_id", String(200), nullable=False),
    Column("line", Text, nullable=False),
    Index("ix_plan_lines_plan", "workspace_id", "plan_id", "id"),
)  # fmt: skip
audit_lines = Table(
    "audit_lines", METADATA,  # appended to and never changed; no foreign keys: it outlives what it is about
    Column("id", _KEY, primary_key=True, autoincrement=True),
    Column("organization_id", String(36), nullable=False),
    Column("workspace_id", String(36), nullable=False),
    Column("at", Float, nullable=False),
    Column("line", Text, nullable=False),
    Column("prev", String(64), nullable=False),  # SHA-256 of the organization's line before
    Index("ix_audit_lines_organization", "organization_id", "at"),
    Index("ix_audit_lines_chain", "organization_id", "id"),
    Index("ix_audit_lines_workspace", "workspace_id", "at"),
)  # fmt: skip
TOKENS = "tokens"
"""The kind of papers that access tokens are."""
papers = Table(
    "papers", METADATA,  # what the engine keeps between calls, by kind and name: notes, lists, results, facts
    Column("workspace_id", String(36), ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(120), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_papers_at", "at"),
)  # fmt: skip
blobs = Table(
    "blobs", METADATA,  # files in parts of a mebibyte
    Column("workspace_id", String(36), ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("last", Boolean, nullable=False),
    Column("at", Float, nullable=False),
)  # fmt: skip
