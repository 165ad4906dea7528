"""Pages: /organizations, /organizationsLookup and the roles people have on them, /organizationAcls."""

from __future__ import annotations

from mcp_ads.sandbox.linkedin_ads.errors import ApiError, gateway, not_found
from mcp_ads.sandbox.linkedin_ads.paging import offset_page
from mcp_ads.sandbox.linkedin_ads.params import Params, enum, integer, listed, number_key, text
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import MEMBER, Answer, Body, Call, public, urn
from mcp_ads.sandbox.store import Store

PAGE = "linkedin.organization"
PAGED = {"q": text, "fields": text, "start": integer(0, 10**9), "count": integer(1, 1000)}
ROLES = (
    "ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER", "LEAD_GEN_FORMS_MANAGER",
    "LEAD_CAPTURE_ADMINISTRATOR", "RECRUITING_POSTER", "ANALYST", "CURATOR",
)  # fmt: skip
STATES = ("APPROVED", "REQUESTED", "REJECTED", "REVOKED")
OPEN = ("localizedName", "vanityName", "primaryOrganizationType", "logoV2")
"""What somebody without a role sees of a Page."""
OWN = (
    (2414183, "Tern & Tide", "tern-and-tide", "ADMINISTRATOR", "APPROVED"),
    (2414184, "Tern & Tide Europe", "tern-and-tide-eu", "ADMINISTRATOR", "APPROVED"),
    (2414190, "Tern & Tide Outlet", "tern-and-tide-outlet", "ANALYST", "REQUESTED"),
)
OTHERS = (
    "Contoso Shipping", "Fabrikam Freight", "Northwind Retail", "Adatum Legal", "Proseware Media", "Litware",
    "Wingtip Toys", "Tailspin Air", "Lucerne Books", "Margie's Travel", "Graphic Design Institute",
    "Blue Yonder Rail", "Alpine Ski House", "Coho Winery", "Consolidated Messenger", "City Power & Light",
    "Fourth Coffee", "Humongous Insurance", "Southridge Video", "The Phone Company", "Trey Research",
    "Woodgrove Bank", "VanArsdel", "Relecloud",
)  # fmt: skip


def fill(store: Store) -> None:
    """The advertiser's Pages, and the companies whose people saw the ads."""
    for number, name, vanity, role, state in OWN:
        own(store, number, name, vanity, role, state, "Rain gear that lasts.")
    companies(store)


def own(
    store: Store,
    number: int,
    name: str,
    vanity: str,
    role: str = "ADMINISTRATOR",
    state: str = "APPROVED",
    about: str = "",
) -> None:
    """A Page on which the member has a role."""
    more = {"localizedWebsite": f"https://{vanity}.example", "_role": role, "_state": state}
    _put(store, number, name, vanity, {**more, "localizedDescription": about})


def companies(store: Store) -> None:
    """Those whose people saw the ads."""
    for place, name in enumerate(OTHERS):
        _put(store, 1000 + 37 * place, name, "-".join(name.lower().split()), {})


def _put(store: Store, number: int, name: str, vanity: str, more: Body) -> None:
    page = {"id": number, "localizedName": name, "vanityName": vanity, **more}
    sized = {"primaryOrganizationType": "NONE", "staffCountRange": "SIZE_51_TO_200"}
    store.put(PAGE, str(number), {**page, **sized, "logoV2": {"original": urn("digitalmediaAsset", number)}})


def get(call: Call) -> Answer:
    """A Page, to those who administer it."""
    found = call.store.get(PAGE, call.keys["id"])
    if found is None:
        raise not_found("organization", call.keys["id"])
    if found.get("_role") != "ADMINISTRATOR":
        raise gateway(403, "ACCESS_DENIED", "Not enough permissions to access: organizations.GET", 100)
    return Answer(200, public(found))


def by_name(call: Call) -> Answer:
    named = [page for page in call.store.all(PAGE) if page["vanityName"] == call.query["vanityName"]]
    return Answer(200, offset_page(call, [_seen(page) for page in named]))


def lookup(call: Call) -> Answer:
    """Several Pages, as anybody sees them."""
    results, errors = {}, {}
    for id_ in call.query["ids"]:
        try:
            results[id_] = _open(call.store, id_)
        except ApiError as problem:
            errors[id_] = problem.body
    return Answer(200, {"results": results, "statuses": dict.fromkeys(results, 200), "errors": errors})


def roles(call: Call) -> Answer:
    """The member's roles on Pages."""
    wanted = {f"_{name}": call.query[name] for name in ("role", "state") if name in call.query}
    mine = [page for page in call.store.all(PAGE) if "_role" in page and wanted.items() <= page.items()]
    rows = [
        {
            "organization": urn("organization", page["id"]),
            "roleAssignee": MEMBER,
            "role": page["_role"],
            "state": page["_state"],
        }
        for page in mine
    ]
    return Answer(200, offset_page(call, rows))


def _open(store: Store, id_: str) -> Body:
    found = store.get(PAGE, id_)
    if found is None:
        raise not_found("organization", id_)
    return _seen(found)


def _seen(page: Body) -> Body:
    return {"id": page["id"], **{name: page[name] for name in OPEN}}


BY_NAME = Params({**PAGED, "vanityName": text}, ("vanityName",))
OF_ROLES = Params({**PAGED, "role": enum(*ROLES), "state": enum(*STATES)})
RESOURCES = (
    Resource(
        "organizations",
        number_key,
        {"GET": Method(get, Params({"fields": text})), "FINDER vanityName": Method(by_name, BY_NAME)},
    ),
    Resource(
        "organizationsLookup",
        number_key,
        {"BATCH_GET": Method(lookup, Params({"ids": listed(number_key), "fields": text}, ("ids",)))},
    ),
    Resource("organizationAcls", number_key, {"FINDER roleAssignee": Method(roles, OF_ROLES)}),
)
