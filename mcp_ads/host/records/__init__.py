"""What a workspace's engine keeps between calls and processes, in the host's database."""

from .intents import INTENT
from .sql import SqlRecords

__all__ = ["INTENT", "SqlRecords"]
