"""Parameters of examples for which no object of the sandbox fits that its lists have first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

GIVEN: Mapping[tuple[str, str, str], Mapping[str, Any]] = {}
"""By connector, entity and action: what stands in place of the parameters of the declared example."""
