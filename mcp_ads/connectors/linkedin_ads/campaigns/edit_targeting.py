"""Editing an audience: values come in and go out, and LinkedIn is given the whole, as it takes no less."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.linkedin_ads.types import Object
from mcp_ads.core import Action, Context
from mcp_ads.core.marks import Found
from mcp_ads.errors import InvalidParams

from . import audience_edits, notices, rules
from .campaign_base import DECLARED, TARGETING, Aimed, OneCampaign, Political
from .reads import AUDIENCE

EDITS = ("add", "remove", "exclude_add", "exclude_remove")
FACETS = [{"locations": ["urn:li:geo:103644278"], "seniorities": ["urn:li:seniority:6"]}]
Edit = Annotated[
    Object | None,
    BeforeValidator(audience_edits.parse),
    Field(exclude=True, examples=FACETS, description="{facet: [URN, …]}"),
]


class EditTargeting(OneCampaign, Aimed):
    """Change a campaign's audience by parts: values added to facets or taken out, included or excluded.

    Facets by short name (titles, locations, companies, …) or URN; `targeting_entities` finds values. A facet
    that is added anew narrows the audience, a value of one that is there widens it.
    """

    add: Edit = None
    remove: Edit = None
    exclude_add: Edit = None
    exclude_remove: Edit = None
    political_intent: Annotated[Political | None, Field(description=DECLARED)] = None
    targeting_criteria: Annotated[Object | None, Found()] = None

    said = f"{AUDIENCE}, exclude companies, add locations, retarget, exclusion list"
    sample = {"add": FACETS[0]}
    watch = (*OneCampaign.watch, TARGETING, "politicalIntent")

    @model_validator(mode="after")
    def _edits_something(self) -> Self:
        if not self.edits():
            raise ValueError(f"nothing to change: give {', '.join(EDITS)}")
        return self

    def sets(self) -> dict[str, Any]:
        given = super().sets()
        return given if TARGETING in given else {**given, TARGETING: self.edited({})[0]}

    def edited(self, live: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The whole audience as it will be, and the mistakes in that."""
        return audience_edits.edited(live.get(TARGETING) or {}, self.edits())

    def edits(self) -> dict[str, Any]:
        return {name: given for name in EDITS if (given := getattr(self, name))}

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        call = self.model_copy(update={"targeting_criteria": self.edited(live)[0]})
        return super(EditTargeting, call).beside(account, live)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        after, mistakes = self.edited(live or {})
        if mistakes and live is not None:
            raise InvalidParams("\n".join(mistakes))
        call = self.model_copy(update={"targeting_criteria": after})
        return super(EditTargeting, call).settled(context, live)

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        yield from super().refused(live, today)
        yield from notices.undeclared(self.campaign(live))
        yield from rules.stale_draft(self.sets(), live, today)
