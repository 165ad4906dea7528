"""The vocabulary: pure values, no I/O."""

from .action import Action, Fields, Read
from .bodies import File, Form
from .columns import COUNT, DAY, ID, MONEY, TEXT, Column
from .connector import AccountSource, Connector, Dialect, UnderWay
from .context import Account, Context
from .dates import Span
from .money import Amount, Spend
from .offer import Entity, Offer
from .outline import Leaves, Part, Shown, made_by
from .owner import NONE, OBJECT, PARAMETER, Owner, Ownership, via
from .paginators import Cursor, Offset, Paginator, dig
from .recipe import Aside, Contexts, Flow, Note, Progress, Recall, Recalled, Result, Several, Wait
from .request import DELETE, GET, POST, PUT, Fetched, Files, Reply, Request, Route, Wire
from .states import States
from .write import Delete, Write

__all__ = [
    "COUNT",
    "DAY",
    "DELETE",
    "GET",
    "ID",
    "MONEY",
    "NONE",
    "OBJECT",
    "PARAMETER",
    "POST",
    "PUT",
    "TEXT",
    "Account",
    "AccountSource",
    "Action",
    "Amount",
    "Aside",
    "Column",
    "Connector",
    "Context",
    "Contexts",
    "Cursor",
    "Delete",
    "Dialect",
    "Entity",
    "Fetched",
    "Fields",
    "File",
    "Files",
    "Flow",
    "Form",
    "Leaves",
    "Note",
    "Offer",
    "Offset",
    "Owner",
    "Ownership",
    "Paginator",
    "Part",
    "Progress",
    "Read",
    "Recall",
    "Recalled",
    "Reply",
    "Request",
    "Result",
    "Route",
    "Several",
    "Shown",
    "Span",
    "Spend",
    "States",
    "UnderWay",
    "Wait",
    "Wire",
    "Write",
    "dig",
    "made_by",
    "via",
]
