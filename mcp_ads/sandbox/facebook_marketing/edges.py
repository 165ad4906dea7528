"""Everything this Graph answers: `METHOD kind[/edge]` to the function that does, family by family.

A new edge is one line in its family's table; its parameters and its nodes' fields are in fields.json.
"""

from __future__ import annotations

from .access.edges import EDGES as ACCESS
from .audiences.edges import EDGES as AUDIENCES
from .catalogs.edges import EDGES as CATALOGS
from .creative.edges import EDGES as CREATIVE
from .delivery.edges import EDGES as DELIVERY
from .measuring.edges import EDGES as MEASURING
from .objects import Edges

EDGES: Edges = {**ACCESS, **DELIVERY, **CREATIVE, **MEASURING, **AUDIENCES, **CATALOGS}
