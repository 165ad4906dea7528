"""Automated rules: Facebook looks at objects by itself, and pauses, switches on or changes budgets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphDelete,
    GraphGet,
    GraphRead,
    GraphWrite,
    Object,
    ObjectId,
)
from mcp_ads.core import GET, POST, Account, Column, Context, Entity, States
from mcp_ads.errors import InvalidParams

from . import ad_rule_fields, ad_rule_specs, ad_rule_words
from .ad_rule_money import in_minor, in_words

SPECS = ("evaluation_spec", "execution_spec", "schedule_spec")
TYPES = {
    "evaluation_spec": "evaluation_type",
    "execution_spec": "execution_type",
    "schedule_spec": "schedule_type",
}
"""By what a spec that is given is told to be a whole one."""
LEAN = ("id", "name", "status", "disable_error_code", "updated_time")
LIMITS = [
    {"field": "entity_type", "operator": "EQUAL", "value": "ADSET"},
    {"field": "time_preset", "operator": "EQUAL", "value": "LAST_7D"},
    {"field": "spent", "operator": "GREATER_THAN", "value": "50 USD"},
    {"field": "results", "operator": "LESS_THAN", "value": 1},
]
Evaluation = Annotated[
    Object | None,
    Field(
        examples=[{"evaluation_type": "SCHEDULE", "filters": LIMITS}],
        description='{"evaluation_type": "SCHEDULE", "filters": [{"field", "operator", "value"}]}, all of '
        'which hold; entity_type or id says of what, time_preset over which days; money as "50 USD". Fields: '
        f"{', '.join(ad_rule_fields.USUAL)}, daily_budget, hours_since_creation, …",
    ),
]
Execution = Annotated[
    Object | None,
    Field(
        examples=[{"execution_type": "PAUSE"}],
        description='{"execution_type": "PAUSE"}; CHANGE_BUDGET needs execution_options with change_spec '
        '{"amount": 20, "unit": "PERCENTAGE", "limit": "100 USD"}.',
    ),
]
Schedule = Annotated[
    Object | None,
    Field(description='{"schedule_type": "DAILY"}, HOURLY, SEMI_HOURLY, or CUSTOM with a schedule.'),
]
Status = Literal["ENABLED", "DISABLED"]
ON, DOING = "ENABLED", "execution_spec"


class RuleRead(GraphRead):
    """Amounts in its specs are shown as they are written: "50.00 USD"."""

    node = "AdRule"

    def kinds(self) -> Mapping[str, Column]:
        """Specs may hold money, so that the account's currency has to be known."""
        return {**super().kinds(), **{f"{name}_major": Column("money") for name in SPECS[:2]}}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        return super().to_row(in_words(record, account.currency if account else ""), account)


class ListAdRules(RuleRead):
    """List the automated rules of one ad account."""

    account_id: AdAccountId

    http = GET("/act_{account_id}/adrules_library")
    pages, records, lean, said = CURSOR, "data", LEAN, "automated rules automation stop loss scaling"


class GetAdRule(RuleRead, GraphGet):
    """Read one automated rule, or several with a list of ids: what it looks at, does, and when."""

    rule_id: ObjectId

    http = GET("/{rule_id}")
    subject, lean = "rule_id", (*LEAN, *SPECS, "created_time")


class RuleWrite(GraphWrite):
    """A rule acts later, by itself: a plan says what it will do."""

    states = States(fields=("status",), endings={"DELETED": "delete"})


class RuleFields(RuleWrite):
    """What creating and updating share."""

    name: Annotated[str | None, Field(min_length=1)] = None
    evaluation_spec: Evaluation = None
    execution_spec: Execution = None
    schedule_spec: Schedule = None
    status: Status | None = None

    _currency: str = PrivateAttr("")
    _live: dict[str, Any] = PrivateAttr(default_factory=dict)

    def given(self) -> dict[str, Any]:
        """The specs of the call."""
        return {name: spec for name in SPECS if (spec := getattr(self, name)) is not None}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With amounts in minor units, and specs whole: a part is completed from the rule as it is now.

        What is switched on is sent along, so that no other step of a plan puts something else in its place.
        """
        call = super().settled(context, live)
        try:
            specs = in_minor(self.given(), context.currency)
        except ValueError as mistake:
            raise InvalidParams(f"evaluation_spec, execution_spec: {mistake}") from None
        whole = {name: _over((live or {}).get(name), spec, TYPES[name]) for name, spec in specs.items()}
        if self.status == ON and live and live.get(DOING):
            whole.setdefault(DOING, live[DOING])
        call = call.model_copy(update=whole)
        call._currency, call._live = context.currency, dict(live or {})  # noqa: SLF001 - the copy is its own
        return call

    def as_it_will_be(self, live: Mapping[str, Any]) -> dict[str, Any]:
        """The specs and the status after the call."""
        return {name: getattr(self, name) or live.get(name) for name in (*SPECS, "status")}

    def unpriced(self, live: Mapping[str, Any]) -> str:
        rule = self.as_it_will_be(live)
        does = (rule["execution_spec"] or {}).get("execution_type")
        renames = not self.given() and self.status is None
        if renames or rule["status"] == "DISABLED" or does in ad_rule_specs.QUIET:
            return ""
        return f"what an enabled rule that does {does} will spend cannot be read beforehand"

    def delivers(self) -> bool:
        """Whether a rule that moves money begins to, or does so otherwise: asked for as delivery is."""
        return bool(self.unpriced(self._live))

    def will_do(self, live: Mapping[str, Any]) -> str:
        """What the rule does by itself after the call."""
        return ad_rule_words.sentence(in_words(self.as_it_will_be(live), self._currency))

    @classmethod
    def put_back(cls, name: str, before: Any, currency: str) -> Any:
        """Amounts in words: a bare number is refused."""
        return in_words({name: before}, currency)[name]

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        evaluated, executed = self.evaluation_spec or {}, self.execution_spec or {}
        looked_at = [*(evaluated.get("filters") or ()), evaluated.get("trigger")]
        yield from ad_rule_fields.unknown(looked_at)
        yield from ad_rule_specs.unknown_options(executed)
        if self.as_it_will_be(live)["status"] != "DISABLED":
            yield f"the rule acts without anybody being asked again: {self.will_do(live)}"
        if self.unpriced(live):
            yield "this rule moves money by itself, without plans and without the caps of this server"


class CreateAdRule(RuleFields):
    """Create an automated rule. It starts DISABLED, for it acts by itself: status ENABLED has it run."""

    account_id: AdAccountId
    name: Annotated[str, Field(min_length=1, examples=["Stop what spends and brings nothing"])]
    evaluation_spec: Evaluation
    execution_spec: Execution
    status: Status = "DISABLED"

    http, does = POST("/act_{account_id}/adrules_library"), "makes"
    sample = {"schedule_spec": {"schedule_type": "SEMI_HOURLY"}}

    @model_validator(mode="after")
    def _is_a_rule(self) -> Self:
        if mistakes := list(_wrong(self.given(), SPECS)):
            raise ValueError("\n".join(mistakes))
        return self

    def effect(self) -> str:
        return f"makes a rule: {self.will_do({})}"

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "fields": ["id", "name", "created_time"]}


class OneAdRule(RuleWrite):
    """What changing a rule takes."""

    rule_id: ObjectId

    http, subject, watch = POST("/{rule_id}"), "rule_id", ("name", "status", *SPECS)


class UpdateAdRule(OneAdRule, RuleFields):
    """Change or switch an automated rule. A spec with its type replaces the old one, a part completes it."""

    sample = {"status": "DISABLED"}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        if live.get("status") == "DELETED":
            return "it is deleted already"
        rule = {name: _over(live.get(name), getattr(self, name), TYPES[name]) for name in SPECS}
        return "; ".join(_wrong(rule, self.given()))


class DeleteAdRule(GraphDelete, OneAdRule):
    """Delete automated rules: they do nothing any more."""

    watch = ("name", "status", *SPECS)


def _over(now: Any, given: Mapping[str, Any] | None, kind: str) -> Any:
    """A spec as it will be."""
    if given is None or kind in given or not isinstance(now, Mapping):
        return now if given is None else given
    return {**now, **given}


def _wrong(rule: Mapping[str, Any], given: Collection[str]) -> Iterable[str]:
    """Mistakes in the specs that are given, and, where no spec of the rule has one, of these with each other.

    What a rule has from elsewhere is Facebook's to judge.
    """
    checks = (ad_rule_specs.evaluation, ad_rule_specs.execution, ad_rule_specs.schedule)
    mistakes = {
        name: list(check(rule.get(name) or {}))
        for name, check in zip(SPECS, checks, strict=True)
        if rule.get(name) or name != SPECS[-1]
    }
    if not any(mistakes.values()):
        return ad_rule_specs.together(*(rule.get(name) or {} for name in SPECS)) if given else ()
    return [line for name, lines in mistakes.items() if name in given for line in lines]


ad_rules = Entity(
    noun="rule",
    list=ListAdRules,
    get=GetAdRule,
    create=CreateAdRule,
    update=UpdateAdRule,
    delete=DeleteAdRule,
)
