"""What Facebook demands of audiences, checked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.connectors.facebook_marketing.delivery import geography, targeting_rules
from mcp_ads.core import Context, Request, dig
from mcp_ads.core.outline import Steps
from mcp_ads.errors import AuthError, Rejected

FLAGGED = 471
"""The operation_status of an audience that may violate Meta's terms."""
LEAST_RATIO, MOST_RATIO = 0.01, 0.20
"""A lookalike is 1 % to 20 % of a country."""
TYPES = ("similarity", "reach", "custom_ratio")
CHOICES = (("country", "location_spec"), ("type", "ratio"))
DAY_SECONDS = 86_400
NOT_A_LIST = ("rule", "retention_days", "prefill")
NOT_ALIKE = (*NOT_A_LIST, "customer_file_source", "is_value_based")
JOINED = ("and", "or")
OF_LOOKALIKE = frozenset({
    "allow_international_seeds", "conversion_type", "country", "is_financial_service", "location_spec",
    "origin", "origin_event_name", "origin_event_source_name", "origin_event_source_type", "origin_ids",
    "page_id", "product_set_name", "ratio", "starting_ratio", "target_countries", "target_country_names",
    "type",
})  # fmt: skip
"""What a lookalike's spec has (facebook-business, LookalikeSpec; Meta's page on lookalike audiences)."""
LEAST_SEED = 100
"""People a lookalike can be made of."""
SEED = ("name", "subtype", "operation_status", "approximate_count_upper_bound")
MOST_NAMED, MOST_ASKED = 10, 50
TERMS = "https://business.facebook.com/ads/manage/customaudiences/tos/?act={}"


def terms_accepted(context: Context) -> Steps[None]:
    """Ask whether somebody has accepted the terms of customer lists for the account. Raises Rejected.

    Where that may not be read, the upload itself is answered with what is missing.
    """
    if context.account is None:
        return
    try:
        answer = yield Request("GET", f"/act_{context.account.id}", {"fields": "tos_accepted"})
    except (AuthError, Rejected):
        return
    accepted = dig(answer, "tos_accepted")
    if accepted is not None and not dig(accepted, "custom_audience_tos"):
        where = TERMS.format(context.account.id)
        raise Rejected(
            f"nobody has accepted the custom audience terms for account {context.account.id}",
            fix=f"a person with a role on the account accepts them at {where}; a system user cannot",
        )


def kind(given: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in what a new audience is made of: a customer list, a seed, or a rule."""
    subtype = given.get("subtype")
    if subtype == "CUSTOM":
        if not given.get("customer_file_source"):
            yield "customer_file_source: subtype CUSTOM needs it; it says where the people come from"
        yield from (f"{name}: not with subtype CUSTOM" for name in NOT_A_LIST if name in given)
    elif subtype == "LOOKALIKE":
        if not given.get("lookalike_spec"):
            yield "lookalike_spec: subtype LOOKALIKE needs it"
        yield from seeds(given.get("lookalike_spec") or {}, given.get("origin_audience_id"))
        yield from (f"{name}: not with subtype LOOKALIKE" for name in NOT_ALIKE if name in given)
    elif not given.get("rule"):
        yield "subtype: missing; give CUSTOM (a customer list), LOOKALIKE, or a rule instead"
    if subtype != "LOOKALIKE":
        lone = ("origin_audience_id", "lookalike_spec")
        yield from (f"{name}: only with subtype LOOKALIKE" for name in lone if name in given)
    if subtype is None and "is_value_based" in given:
        yield "is_value_based: only with subtype CUSTOM"


def seeds(spec: Mapping[str, Any], origin: str | None) -> Iterable[str]:
    """Mistakes in whom a lookalike is made of: an audience, a campaign's converters, or a page's fans."""
    conversion = spec.get("conversion_type")
    if conversion is None:
        if origin is None:
            yield "origin_audience_id: a lookalike needs its seed, or a conversion_type in lookalike_spec"
        return
    needs = {"campaign_conversions": "origin_ids", "page_like": "page_id"}
    if str(conversion) not in needs:
        yield f"lookalike_spec.conversion_type: one of {', '.join(needs)}"
    elif not spec.get(needs[conversion]):
        yield f"lookalike_spec.{needs[conversion]}: conversion_type {conversion} needs it"
    if origin is not None:
        yield "origin_audience_id: not with a conversion_type, which has its own seed"


def lookalike(spec: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in how large a lookalike is, and where."""
    if unknown := spec.keys() - OF_LOOKALIKE:
        yield f"lookalike_spec: has no {', '.join(sorted(map(str, unknown)))}"
    places = spec.get("location_spec")
    if places is not None and not isinstance(places, Mapping):
        yield 'lookalike_spec.location_spec: such as {"geo_locations": {"countries": ["US"]}}'
    elif wrong := [code for code in geography.countries_in(places or {}) if code not in geography.COUNTRIES]:
        yield f"lookalike_spec.location_spec: no country {', '.join(sorted(wrong))}"
    for one, other in CHOICES:
        if (one in spec) == (other in spec):
            yield f"lookalike_spec: give either {one} or {other}"
    if "type" in spec and spec["type"] not in TYPES:
        yield f"lookalike_spec.type: similarity (1 %), reach (5 %) or {TYPES[-1]}"
    if "country" in spec and str(spec["country"]) not in geography.COUNTRIES:
        yield "lookalike_spec.country: two letters, such as US"
    wrong = [name for name in ("ratio", "starting_ratio") if name in spec and not _is_ratio(spec[name])]
    for name in wrong:
        yield (
            f"lookalike_spec.{name}: {LEAST_RATIO} to {MOST_RATIO:.2f} in steps of {LEAST_RATIO}, "
            "a part of the country's people"
        )
    if "starting_ratio" in spec and not wrong and not spec["starting_ratio"] < spec.get("ratio", 0):
        yield "lookalike_spec.starting_ratio: it needs a ratio above it"


def _is_ratio(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    hundredths = round(value * 100, 6)
    return LEAST_RATIO <= value <= MOST_RATIO and hundredths == int(hundredths)


def seed(record: Mapping[str, Any]) -> Iterable[str]:
    """Why a lookalike cannot be made of this audience, as its record has it."""
    if dig(record, "operation_status.code") == FLAGGED:
        yield "origin_audience_id: Facebook has flagged it; its content may violate the terms, take another"
    most = record.get("approximate_count_upper_bound")
    if isinstance(most, int) and 0 <= most < LEAST_SEED:
        yield f"origin_audience_id: it has {most} people at most, and a seed needs {LEAST_SEED}"


def made_of(origin: str | None) -> str:
    """The line of a plan that names the seed, which no record of a lookalike has under this name."""
    return f"origin_audience_id {origin}" if origin else ""


def ads_using(ads: Any) -> str:
    """Which ads use an audience that goes, as Graph lists them; the first fifty were asked for."""
    rows = dig(ads, "data")
    if not isinstance(rows, list):
        return "Facebook does not say which ads use it; those that do stop for good"
    if not rows:
        return "no ad uses it, but for archived ones"
    named = [f"{row.get('id')} {str(row.get('name') or '')[:60]!r}" for row in rows[:MOST_NAMED]]
    active = sum(row.get("effective_status") == "ACTIVE" for row in rows)
    most = f"{len(rows)}{' or more' if len(rows) >= MOST_ASKED else ''}"
    more = ", …" if len(rows) > MOST_NAMED else ""
    return f"ads using it stop for good: {most}, {active} of them delivering: {', '.join(named)}{more}"


def audience_rule(rule: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in the shape of an audience's rule (Meta's page on audience rules)."""
    if not isinstance(rule.get("inclusions"), Mapping) or not rule["inclusions"].get("rules"):
        yield 'rule: needs inclusions, such as {"inclusions": {"operator": "or", "rules": [{…}]}}'
        return
    if unknown := rule.keys() - {"inclusions", "exclusions"}:
        yield f"rule: inclusions and exclusions only, and not {', '.join(sorted(map(str, unknown)))}"
    for side in ("inclusions", "exclusions"):
        group = rule.get(side)
        if group is None:
            continue
        if not isinstance(group, Mapping) or group.get("operator") not in JOINED:
            yield f"rule.{side}.operator: one of {', '.join(JOINED)}"
            continue
        parts = group.get("rules")
        for number, part in enumerate(parts if isinstance(parts, list) else [parts], 1):
            sources = part.get("event_sources") if isinstance(part, Mapping) else None
            known = isinstance(sources, list) and sources and all(map(_is_source, sources))
            if not known:
                yield f'rule.{side}.rules: {number} needs event_sources: [{{"id": "7", "type": "pixel"}}]'


def retention(rule: Mapping[str, Any] | None, days: int | None) -> Iterable[str]:
    """How long people stay by a rule, where that is less than a day or not what retention_days says."""
    for group in filter(None, (rule or {}).values()):
        parts = group["rules"] if isinstance(group["rules"], list) else [group["rules"]]
        for seconds in dict.fromkeys(str(part.get("retention_seconds", "")) for part in parts):
            short = seconds.isdecimal() and int(seconds) < DAY_SECONDS
            other = seconds.isdecimal() and days is not None and int(seconds) != days * DAY_SECONDS
            if short or other:
                beside = f", and retention_days says {days}" if days is not None else ""
                yield f"rule: retention_seconds {seconds} is {int(seconds) / DAY_SECONDS:.4g} days{beside}"


def _is_source(value: Any) -> bool:
    return isinstance(value, Mapping) and {"id", "type"} <= value.keys() and str(value["id"]).isdecimal()


def pixels(rule: Mapping[str, Any] | None) -> list[str]:
    """The pixels whose events a rule is about."""
    return [
        str(source["id"])
        for group in filter(None, (rule or {}).values())
        for part in group["rules"]
        for source in part["event_sources"]
        if source["type"] == "pixel"
    ]


def link(address: str | None) -> Iterable[str]:
    """Mistakes in the address where people leave an audience."""
    if address and not re.fullmatch(r"https?://[^\s/]\S*", address):
        yield "opt_out_link: an address such as https://shop.example/privacy"


def seed_doubts(record: Mapping[str, Any] | None) -> Iterable[str]:
    """What to know of a seed of which Facebook does not say that it is large enough, or that is new."""
    most = (record or {}).get("approximate_count_upper_bound")
    if record is not None and not (isinstance(most, int) and most >= LEAST_SEED):
        yield (
            f"Facebook does not say how many people the seed has: with fewer than {LEAST_SEED} that it has "
            "matched, the lookalike stays empty"
        )


def targeting_spec(value: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in a targeting object that is only asked about; whether Facebook may widen it is open."""
    for line in targeting_rules.targeting(value, replaces=False):
        if not line.startswith("targeting.targeting_automation"):
            yield line.replace("targeting.", "targeting_spec.", 1)
