"""Ad accounts, campaign groups and campaigns."""

from .account_users import USERS
from .accounts import Accounts
from .campaigns import Campaigns
from .groups import Groups

RESOURCES = (Accounts().resource(), USERS, Groups().resource(), Campaigns().resource())
