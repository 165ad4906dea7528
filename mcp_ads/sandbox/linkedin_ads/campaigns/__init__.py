"""Ad accounts, campaign groups and campaigns."""

from .accounts import USERS, Accounts
from .campaigns import Campaigns
from .groups import Groups

RESOURCES = (Accounts().resource(), USERS, Groups().resource(), Campaigns().resource())
