"""Ad accounts, campaign groups and campaigns."""

from mcp_ads.sandbox.linkedin_ads.params import number_key
from mcp_ads.sandbox.linkedin_ads.resource import FIELDS, Method, Resource, everything, reads

from . import accounts
from .campaigns import SEARCH as CAMPAIGN_SEARCH
from .campaigns import Campaigns
from .groups import SEARCH as GROUP_SEARCH
from .groups import Groups

GROUPS, CAMPAIGNS = Groups(), Campaigns()
RESOURCES = (
    Resource(
        "adAccounts",
        number_key,
        {**reads(accounts, number_key), "FINDER search": Method(accounts.search, accounts.SEARCH)},
    ),
    Resource(
        "adAccountUsers",
        accounts.USER_KEY,
        {
            "GET": Method(accounts.get_user, FIELDS),
            "FINDER authenticatedUser": Method(accounts.my_users, accounts.MINE),
            "FINDER accounts": Method(accounts.users_of, accounts.OF_ACCOUNTS),
        },
    ),
    Resource(
        "adAccounts/{account}/adCampaignGroups",
        number_key,
        {**everything(GROUPS, number_key), "FINDER search": Method(GROUPS.search, GROUP_SEARCH)},
    ),
    Resource(
        "adAccounts/{account}/adCampaigns",
        number_key,
        {**everything(CAMPAIGNS, number_key), "FINDER search": Method(CAMPAIGNS.search, CAMPAIGN_SEARCH)},
    ),
)
