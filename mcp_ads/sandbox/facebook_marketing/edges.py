"""Everything this Graph answers: `METHOD kind[/edge]` to the function that does, family by family.

What kinds.json says of a kind is answered as it stands; what has a rule of its own is a line in its family's
table. Parameters of edges and fields of nodes are in fields.json.
"""

from __future__ import annotations

from .access.edges import EDGES as ACCESS
from .audiences.edges import EDGES as AUDIENCES
from .catalogs.edges import EDGES as CATALOGS
from .creative.edges import EDGES as CREATIVE
from .delivery.edges import EDGES as DELIVERY
from .measuring.edges import EDGES as MEASURING
from .objects import Edges, generic
from .pages.edges import EDGES as PAGES

EDGES: Edges = {
    **dict(generic()),
    **ACCESS,
    **DELIVERY,
    **CREATIVE,
    **CATALOGS,
    **MEASURING,
    **AUDIENCES,
    **PAGES,
}
