"""What the make-believe platform lets ads be targeted by: searched, browsed, suggested, checked, said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.delivery import audience
from mcp_ads.sandbox.facebook_marketing.errors import invalid
from mcp_ads.sandbox.facebook_marketing.lists import page
from mcp_ads.sandbox.facebook_marketing.params import Body, as_names, checked
from mcp_ads.sandbox.facebook_marketing.tables import table
from mcp_ads.sandbox.facebook_marketing.writes import require

TABLE = table("targeting.json", __package__)
OPTIONS: list[Body] = TABLE["options"]
MOST, MOST_SUGGESTED = 1000, 45
NAMED = {
    "adinterest": "interests",
    "adeducationschool": "education_schools",
    "adeducationmajor": "education_majors",
    "adworkemployer": "work_employers",
    "adworkposition": "work_positions",
}
CLASSES = "interests behaviors demographics life_events industries income family_statuses user_device user_os"
LISTS = {
    "countries": "country",
    "country_groups": "country_group",
    "regions": "region",
    "cities": "city",
    "zips": "zip",
    "geo_markets": "geo_market",
}
HOUSING = {"HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES"}


def search(call: Call) -> Body:
    """GET /search: what is looked for depends on its type."""
    sent = checked(call.edge, call.params)
    require(sent, "type")
    kind = str(sent["type"])
    if kind in NAMED:
        require(sent, "q")
        return _page(call, [row for row in OPTIONS if row["type"] == NAMED[kind] and _has(row, sent)])
    answers: dict[str, Callable[[Call, Body], Body]] = {
        "adgeolocation": _places,
        "adgeolocationmeta": _places_by_key,
        "adlocale": lambda call, sent: _page(call, [row for row in TABLE["locales"] if _has(row, sent)]),
        "adcountry": lambda call, sent: _page(call, [row for row in _of_type("country") if _has(row, sent)]),
        **dict.fromkeys(("adTargetingCategory", "adtargetingcategory"), _categories),
        "adinterestsuggestion": _beside,
        "adinterestvalid": _still_there,
        "targetingoptionstatus": _statuses,
    }
    if kind not in answers:
        raise invalid(f"Param type must be one of {{{', '.join([*NAMED, *answers])}}} - got {kind!r}")
    return answers[kind](call, sent)


def _page(call: Call, rows: list[Body]) -> Body:
    shown: Callable[[Body], Body] = lambda row: {k: v for k, v in row.items() if k[0] != "_"}  # noqa: E731
    return page(call, rows, shown, most=MOST)


def _has(row: Body, sent: Body) -> bool:
    return str(sent.get("q") or "").casefold() in row["name"].casefold()


def _of_type(*types: str) -> list[Body]:
    return [row for row in TABLE["places"] if row["type"] in types]


def _places(call: Call, sent: Body) -> Body:
    types = sent.get("location_types") or list(LISTS.values())
    if wrong := sorted(
        {*map(str, types)} - {*LISTS.values(), "subcity", "neighborhood", "electoral_district"}
    ):
        raise invalid(f"Param location_types has no type {wrong[0]!r}")
    rows = [row for row in _of_type(*types) if _has(row, sent)]
    if sent.get("country_code"):
        rows.sort(key=lambda row: row.get("country_code") != sent["country_code"])
    if sent.get("match_country_code"):
        rows = [row for row in rows if row.get("country_code") == sent.get("country_code")]
    if sent.get("region_id"):
        rows = [row for row in rows if str(row.get("region_id")) == sent["region_id"]]
    return _page(call, rows)


def _places_by_key(_: Call, sent: Body) -> Body:
    """An object of objects: the lists asked for, and in them what there is of their keys."""
    asked = {name: as_names(name, sent[name]) for name in LISTS if name in sent}
    if not asked:
        raise invalid(f"One of {', '.join(LISTS)} is required")
    rows = {name: {row["key"]: row for row in _of_type(LISTS[name])} for name in asked}
    return {
        "data": {
            name: {key: rows[name][key] for key in keys if key in rows[name]} for name, keys in asked.items()
        }
    }


def _categories(call: Call, sent: Body) -> Body:
    wanted = sent.get("class")
    if wanted not in CLASSES.split():
        raise invalid(f"Param class must be one of {{{CLASSES}}} - got {wanted!r}")
    return _page(call, [row for row in OPTIONS if _in_class(row, wanted)])


def _in_class(row: Body, wanted: str) -> bool:
    return bool(row["type"] == wanted or row.get("path", [""])[0].lower() == wanted)


def _beside(call: Call, sent: Body) -> Body:
    """Interests of the same topic as one that is named."""
    require(sent, "interest_list")
    named = [row for row in OPTIONS if row["name"] in sent["interest_list"] and row["type"] == "interests"]
    topics = {row["topic"] for row in named}
    return _page(call, [row for row in OPTIONS if row.get("topic") in topics and row not in named])


def _still_there(_: Call, sent: Body) -> Body:
    names, ids = sent.get("interest_list") or [], [str(one) for one in sent.get("interest_fbid_list") or []]
    if not names and not ids:
        raise invalid("Param interest_list or interest_fbid_list is required")
    return {"data": [*_judged("name", names, "interests"), *_judged("id", ids, "interests")]}


def _judged(key: str, values: list[Any], type: str = "") -> Iterator[Body]:
    """For each value the option it names, or that it names none."""
    for value in values:
        found = next((row for row in OPTIONS if row[key] == str(value) and type in ("", row["type"])), None)
        yield {
            **{k: v for k, v in (found or {key: value}).items() if k[0] != "_"},
            "valid": found is not None,
        }


def _statuses(_: Call, sent: Body) -> Body:
    require(sent, "targeting_option_list")
    return {"data": [_status(str(option)) for option in sent["targeting_option_list"]]}


def _status(option: str) -> Body:
    if option in TABLE["retired"]:
        plan = [{"key": "2027-01-15", "value": "NON-DELIVERABLE"}]
        return {"id": option, "current_status": "DEPRECATING", "future_plan": plan}
    known = any(row["id"] == option for row in OPTIONS)
    return {"id": option, "current_status": "NORMAL" if known else "UNKNOWN", "future_plan": []}


def of_account(call: Call) -> Body:
    """GET targetingsearch: all kinds, within what special ad categories leave."""
    sent = checked(call.edge, call.params)
    require(sent, "q")
    return _page(call, [row for row in _allowed(sent) if _has(row, sent)])


def browse(call: Call) -> Body:
    """GET targetingbrowse."""
    return _page(call, _allowed(checked(call.edge, call.params)))


def suggest(call: Call) -> Body:
    """GET targetingsuggestions: options of the same branch as those that are chosen."""
    sent = checked(call.edge, call.params)
    chosen = {str(_option(number, one)["id"]) for number, one in enumerate(sent.get("targeting_list") or [])}
    branches = {tuple(row.get("path", [])[:2]) for row in OPTIONS if row["id"] in chosen}
    own = sent.get("mode") in ("recently_used", "best_performing")
    rows = [row for row in _allowed(sent) if own or tuple(row.get("path", [])[:2]) in branches]
    if int(call.params.get("limit") or 0) > MOST_SUGGESTED:
        raise invalid(f"Param limit must be at most {MOST_SUGGESTED}")
    return _page(call, [row for row in rows if row["id"] not in chosen])


def _allowed(sent: Body) -> list[Body]:
    regulated = HOUSING & set(sent.get("regulated_categories") or ())
    rows = [row for row in OPTIONS if not regulated or row.get("_open")]
    return [row for row in rows if sent.get("limit_type") in (None, row["type"])]


def _option(number: int, option: Any) -> Body:
    if not isinstance(option, dict) or not {"type", "id"} <= option.keys():
        raise invalid(f"Param targeting_list[{number}] must have type and id")
    return option


def validate(call: Call) -> Body:
    """GET targetingvalidation: each option asked for, and whether there is one."""
    sent = checked(call.edge, call.params)
    if len({"id_list", "name_list", "targeting_list"} & sent.keys()) != 1:
        raise invalid("One of id_list, name_list, targeting_list is required")
    options = [_option(number, one) for number, one in enumerate(sent.get("targeting_list") or [])]
    by_type = [row for one in options for row in _judged("id", [one["id"]], one["type"])]
    by_id, by_name = _judged("id", sent.get("id_list") or []), _judged("name", sent.get("name_list") or [])
    return {"data": [*by_type, *by_id, *by_name]}


def sentences(call: Call) -> Body:
    """GET targetingsentencelines of an ad account's spec, of an ad set, or of an ad."""
    sent = checked(call.edge, call.params)
    if call.kind == "account":
        require(sent, "targeting_spec")
        spec = sent["targeting_spec"]
    else:
        owner = call.node if call.kind == "adset" else call.state.get("adset", call.node["adset_id"])
        spec = (owner or {}).get("targeting") or {}
    audience.check({"targeting": spec})
    return {"params": spec, "targetingsentencelines": list(_lines(spec)), "id": call.node["id"]}


def _lines(spec: Body) -> Iterator[Body]:
    places = spec.get("geo_locations") or {}
    names = {row["key"]: row["name"] for row in TABLE["places"]}
    keys = [
        place["key"] if isinstance(place, dict) else place for kind in LISTS for place in places.get(kind, [])
    ]
    if keys:
        yield {"content": "Location - Living in:", "children": [names.get(key, str(key)) for key in keys]}
    low, high = spec.get("age_min", 18), spec.get("age_max", audience.OLDEST)
    yield {"content": "Age:", "children": [f"{low} - {high}{'+' if high == audience.OLDEST else ''}"]}
    if genders := spec.get("genders"):
        yield {"content": "Gender:", "children": [{1: "Male", 2: "Female"}[gender] for gender in genders]}
    groups = [spec, *(spec.get("flexible_spec") or [])]
    chosen = [one for group in groups for one in group.get("interests", []) + group.get("behaviors", [])]
    if chosen:
        yield {"content": "People who match:", "children": [one.get("name") or one["id"] for one in chosen]}
