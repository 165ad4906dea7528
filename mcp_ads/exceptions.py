"""The errors, where programs written for Airbyte's packages import them from."""

from .errors import *  # noqa: F403 - each of them
from .sdk.airbyte_names import *  # noqa: F403 - and by the other names
