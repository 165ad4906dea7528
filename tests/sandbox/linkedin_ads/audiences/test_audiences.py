"""What the make-believe LinkedIn says of audiences and whom they reach, and what it refuses."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import pytest
from linkedin_client import DAY, EU, US, Client, codes, enc, urn

pytestmark = pytest.mark.anyio
FACET = "urn:li:adTargetingFacet:"
WHERE = f"(or:({enc(FACET + 'locations')}:List({enc(urn('geo', 103644278))})))"
CRITERIA = f"(include:(and:List({WHERE})))"
ACCOUNT = enc(urn("sponsoredAccount", US))
PRICES = (
    f"/rest/adBudgetPricing?q=criteriaV2&account={ACCOUNT}&campaignType=SPONSORED_UPDATES&matchType=EXACT"
)
ENTITIES = "/rest/adTargetingEntities?q="
WRONG_FACET = "INVALID_SEGMENT_ID_AND_FACET_COMBINATION_PROVIDED"
HASH = hashlib.sha256(b"mary@example.com").hexdigest()


def only(*clauses: str, exclude: str = "") -> str:
    """Criteria with these clauses; what is excluded is a facet."""
    out = f",exclude:(or:({exclude}))" if exclude else ""
    return f"(include:(and:List({','.join(clauses)})){out})"


def facet(name: str, kind: str, *ids: object) -> str:
    return f"{enc(FACET + name)}:List({','.join(enc(urn(kind, number)) for number in ids)})"


async def total(api: Client, criteria: str) -> int:
    found = await api.get(f"/rest/audienceCounts?q=targetingCriteriaV2&targetingCriteria={criteria}")
    return int(found["elements"][0]["total"])


async def test_audiences_grow_and_shrink() -> None:
    """Values widen, clauses narrow, exclusions take away; the same question has the same answer."""
    api = Client()
    one, two = (f"(or:({facet('titles', 'title', *ids)}))" for ids in ((9,), (9, 10)))
    narrow, wide = await total(api, only(WHERE, one)), await total(api, only(WHERE, two))
    assert 300 < narrow < wide < await total(api, CRITERIA)
    assert narrow == await total(api, only(WHERE, one))
    assert await total(api, only(WHERE, exclude=facet("skills", "skill", 17))) < await total(api, CRITERIA)
    assert await total(api, only(WHERE, f"(or:({facet('dynamicSegments', 'adSegment', 8006)}))")) == 0


@pytest.mark.parametrize(
    ("criteria", "code"),
    [
        ("List()", "PARAM_INVALID"),
        (f"(include:{WHERE})", "PARAM_INVALID"),
        (f"(include:(and:List((or:(locations:List({enc(urn('geo', 1))}))))))", "PARAM_INVALID"),
        (only(f"(or:({facet('titles', 'skill', 9)}))"), "INVALID_VALUE_FOR_FIELD"),
        (only(WHERE, exclude=facet("genders", "gender", "MALE")), "INCOMPATIBLE_TARGETING_COMBINATION"),
        (
            only(f"(or:({facet('titles', 'title', 9)}))", f"(or:({facet('seniorities', 'seniority', 6)}))"),
            "INCOMPATIBLE_TARGETING_COMBINATION",
        ),
        (only(WHERE, f"(or:({facet('dynamicSegments', 'adSegment', 8001)}))"), WRONG_FACET),
        (only(WHERE, exclude=facet("audienceMatchingSegments", "adSegment", 8006)), WRONG_FACET),
        (
            only(WHERE, exclude=facet("audienceMatchingSegments", "adSegment", 8003)),
            "FIELD_VALUE_NOT_ALLOWED_FOR_SEGMENT_STATUS",
        ),
        (
            only(WHERE, exclude=facet("audienceMatchingSegments", "adSegment", 99999)),
            "FIELD_VALUE_DOES_NOT_EXIST",
        ),
    ],
)
async def test_criteria_that_are_none(criteria: str, code: str) -> None:
    """Facets by their URN, values of their kind, and only those together that go together."""
    api = Client()
    answer = await api.call("GET", f"/rest/audienceCounts?q=targetingCriteriaV2&targetingCriteria={criteria}")
    assert answer.status_code == 400
    assert codes(answer) == {code}


async def test_prices_are_in_the_accounts_currency() -> None:
    """By way of bidding; none of an audience that is too small, and no other currency's budget."""
    api = Client()
    found = {
        bid: (await api.get(f"{PRICES}&bidType={bid}&targetingCriteria={CRITERIA}"))["elements"][0]
        for bid in ("CPC", "CPM")
    }
    assert {money["currencyCode"] for prices in found["CPC"].values() for money in prices.values()} == {"USD"}
    usual = [float(found[bid]["suggestedBid"]["default"]["amount"]) for bid in ("CPC", "CPM")]
    assert usual[0] < usual[1]
    few = only(
        WHERE,
        f"(or:({facet('employers', 'organization', 1037)}))",
        f"(or:({facet('skills', 'skill', 17)}))",
        f"(or:({facet('jobFunctions', 'function', 3)}))",
    )
    assert (await api.get(f"{PRICES}&bidType=CPC&targetingCriteria={few}"))["elements"] == []
    euros = await api.call(
        "GET",
        f"{PRICES}&bidType=CPC&targetingCriteria={CRITERIA}&dailyBudget=(amount:50,currencyCode:EUR)",
    )
    assert codes(euros) == {"CURRENCY_MISMATCH"}
    strange = await api.call("GET", f"{PRICES}&bidType=CPC&targetingCriteria={CRITERIA}&currency=USD")
    assert codes(strange) == {"QUERY_PARAM_NOT_ALLOWED"}
    lacking = await api.call("GET", f"{PRICES}&targetingCriteria={CRITERIA}")
    assert codes(lacking) == {"PARAM_INVALID"}


async def test_forecasts_are_of_days_to_come() -> None:
    """One budget, one way of bidding, a range that is neither past nor too far ahead."""
    api, now = Client(), int(time.time() * 1000)
    base = f"/rest/adSupplyForecasts?q=criteriaV2&account={ACCOUNT}&campaignType=SPONSORED_UPDATES"
    bid, budget = "&optimizationTarget=MAX_CLICK", "&dailyBudget=(amount:50,currencyCode:USD)"

    def url(first: int, last: int, more: str = bid + budget) -> str:
        days = f"(start:{now + first * DAY},end:{now + last * DAY})"
        return f"{base}&timeRange={days}&targetingCriteria={CRITERIA}{more}"

    found = (await api.get(url(1, 8)))["elements"]
    days = next(row for row in found if (row["metricType"], row["granularity"]) == ("IMPRESSION", "DAILY"))
    whole = next(row for row in found if (row["metricType"], row["granularity"]) == ("IMPRESSION", "CUSTOM"))
    assert len(days["timeSeries"]) == 7
    assert sum(point["value"] for point in days["timeSeries"]) == pytest.approx(
        whole["timeSeries"][0]["value"]
    )
    refused = {
        url(-3, 4): "DATE_TOO_EARLY",
        url(4, 4): "START_DATE_AFTER_END_DATE",
        url(4, 900): "END_DATE_MAX_HORIZON_FOR_FORECAST",
        url(1, 8, bid): "CONDITIONAL_MISSING_FIELD",
        url(1, 8, budget): "CONDITIONAL_MISSING_FIELD",
        url(1, 8, bid + budget + "&connectedTelevisionOnly=true"): "CONDITIONAL_INVALID_VALUE",
    }
    assert {address: codes(await api.call("GET", address)) for address in refused} == {
        address: {code} for address, code in refused.items()
    }


async def test_each_facet_is_found_in_its_ways() -> None:
    """A finder that a facet does not support is refused; fifty URNs are named at once, and no more."""
    api = Client()
    facets = (await api.get("/rest/adTargetingFacets"))["elements"]
    finders = {row["facetName"]: row["availableEntityFinders"] for row in facets}
    assert finders["locations"] == ["TYPEAHEAD"]
    assert finders["dynamicSegments"] == []
    titles = await api.get(f"{ENTITIES}typeahead&facet={enc(FACET + 'titles')}&query=market")
    assert titles["elements"][0] == {
        "urn": "urn:li:title:26",
        "facetUrn": f"{FACET}titles",
        "name": "Marketing Manager",
    }
    urns = [enc(urn("seniority", number)) for number in range(1, 52)]
    assert len((await api.get(f"{ENTITIES}urns&urns=List({','.join(urns[:50])})"))["elements"]) == 10
    for wrong in (
        f"adTargetingFacet&facet={enc(FACET + 'locations')}",
        f"typeahead&facet={enc(FACET + 'seniorities')}&query=dir",
        "typeahead&facet=titles&query=dir",
        f"typeahead&facet={enc(FACET + 'titles')}",
        f"urns&urns=List({','.join(urns)})",
        "urns&urns=List(9)",
    ):
        answer = await api.call("GET", f"{ENTITIES}{wrong}")
        assert codes(answer) == {"PARAM_INVALID"}, wrong


def new(**changes: Any) -> dict[str, Any]:
    body = {
        "account": urn("sponsoredAccount", US),
        "name": "New",
        "accessPolicy": "PRIVATE",
        "type": "USER",
        "sourcePlatform": "API",
        "destinations": [{"destination": "LINKEDIN"}],
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


async def made(api: Client, **changes: Any) -> str:
    answer = await api.call("POST", "/rest/dmpSegments", new(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.headers["x-restli-id"])


async def stream(api: Client, key: str, *elements: Any, to: str = "users") -> list[dict[str, Any]]:
    answer = await api.call(
        "POST", f"/rest/dmpSegments/{key}/{to}", {"elements": list(elements)}, method="BATCH_CREATE"
    )
    assert answer.status_code == 200, answer.text
    verdicts: list[dict[str, Any]] = answer.json()["elements"]
    return verdicts


def person(value: str, action: str = "ADD", kind: str = "SHA256_EMAIL") -> dict[str, Any]:
    return {"action": action, "userIds": [{"idType": kind, "idValue": value}]}


async def test_a_segment_becomes_what_campaigns_target() -> None:
    """It has an ad segment from the start, is ready with 300 matches, and members come and go once."""
    api = Client()
    key = await made(api)
    people = [person(hashlib.sha256(str(number).encode()).hexdigest()) for number in range(700)]
    assert {verdict["status"] for verdict in await stream(api, key, *people, *people)} == {201}
    segment = await api.get(f"/rest/dmpSegments/{key}")
    (target,) = segment["destinations"]
    assert (target["status"], segment["inputCount"]) == ("READY", 700)
    found = await api.get(f"/rest/adSegments?q=accounts&accounts=List({ACCOUNT})&count=100")
    (ours,) = [
        row for row in found["elements"] if urn("adSegment", row["id"]) == target["destinationSegmentId"]
    ]
    assert ours["approximateMemberCount"] == target["audienceSize"] > 300
    await stream(api, key, *({**one, "action": "REMOVE"} for one in people))
    assert (await api.get(f"/rest/dmpSegments/{key}"))["inputCount"] == 0
    assert (await api.call("DELETE", f"/rest/dmpSegments/{key}")).status_code == 204
    found = await api.get(f"/rest/adSegments?q=accounts&accounts=List({ACCOUNT})&count=100")
    assert target["destinationSegmentId"] not in [urn("adSegment", row["id"]) for row in found["elements"]]


async def test_each_member_has_its_verdict() -> None:
    """A plain address is no hash, nobody is matched by nothing; the others are taken all the same."""
    api = Client()
    verdicts = await stream(
        api, await made(api),
        person(HASH), person("mary@example.com"), {"action": "ADD"}, person(HASH, "DROP"),
        person(HASH, kind="SHA256_PHONE"), {**person(HASH), "phone": "1"},
    )  # fmt: skip
    assert [verdict["status"] for verdict in verdicts] == [201, 422, 400, 422, 422, 422]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"account": urn("sponsoredAccount", 9)}, 403),
        ({"account": "512345678"}, 422),
        ({"type": "STATIC"}, 422),
        ({"destinations": [{"destination": "FACEBOOK"}]}, 422),
        ({"sourcePlatform": None}, 400),
        ({"name": None}, 400),
        ({"size": 4}, 422),
    ],
)
async def test_segments_that_cannot_be_made(changes: dict[str, Any], status: int) -> None:
    """Of a known account, type and destination, and with nothing LinkedIn does not know."""
    api = Client()
    assert (await api.call("POST", "/rest/dmpSegments", new(**changes))).status_code == status
    assert api.writes() == []


async def test_what_a_segment_does_not_take() -> None:
    """Its kind is fixed; members come in batches of its own kind, 5,000 at most, while it is not over."""
    api = Client()
    key = await made(api)
    assert (await api.patch(f"/rest/dmpSegments/{key}", type="COMPANY")).status_code == 400
    assert (await api.patch(f"/rest/dmpSegments/{key}", id=4)).status_code == 400
    assert (await api.patch(f"/rest/dmpSegments/{key}", name="Other")).status_code == 204
    acme = {"action": "ADD", "companyName": "Acme"}
    for path, elements in (
        (f"{key}/companies", [acme]),
        (f"{key}/users", [person(HASH)] * 5_001),
        ("11003/users", [person(HASH)]),
        ("11004/users", [person(HASH)]),
    ):
        body = {"elements": elements}
        answer = await api.call("POST", f"/rest/dmpSegments/{path}", body, method="BATCH_CREATE")
        assert answer.status_code == 400, path
    assert (await api.call("POST", f"/rest/dmpSegments/{key}/users", person(HASH))).status_code == 405
    assert (await api.call("DELETE", "/rest/dmpSegments/11002")).status_code == 400


async def test_segments_are_listed_by_account() -> None:
    """By offset, of one account, of one source if that is asked for."""
    api = Client()
    url = f"/rest/dmpSegments?q=account&account={ACCOUNT}"
    page = await api.get(f"{url}&count=2")
    assert [row["id"] for row in page["elements"]] == [11001, 11002]
    assert page["paging"]["links"]
    assert [row["id"] for row in (await api.get(f"{url}&sourcePlatform=LIST_UPLOAD"))["elements"]] == [11004]
    other = await api.get(f"/rest/dmpSegments?q=account&account={enc(urn('sponsoredAccount', EU))}")
    assert [row["name"] for row in other["elements"]] == ["Bestandskunden"]
    assert codes(await api.call("GET", f"{url}&pageSize=2")) == {"QUERY_PARAM_NOT_ALLOWED"}
    assert (await api.call("GET", "/rest/dmpSegments?q=account&account=9")).status_code == 400
