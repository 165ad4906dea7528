"""The reference: an index of each platform, and a page an entity with every action, its example and its request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from docs_site.examples import Example, Key
from docs_site.parameters import Parameter, described
from docs_site.prose import code, laid_out, plain, quoted, table, tabs
from docs_site.recorded import Sent
from mcp_ads.core import Action, Offer, describe

FOLDER = "reference"
TOOL = "{}_execute"
ROW = re.compile(r"^\| ([\w-]+) \| `(\w+)` \|", re.MULTILINE)
MOST_SENT = 4
"""Requests that are shown of one example."""
ABOUT = """# Reference

This reference is generated from the declarations that the server itself runs on. Each entity has a page with its actions: what each does, every parameter, an
example as an MCP call and as a command, and the request that the example made in the [sandbox](../sandbox.md) when this site was built. The ids in the examples
stand for your own, which lists return. `mcp-ads describe` and the tool `ads_describe` give the same information.

| word | means |
|---|---|
| read, write, delete | whether an action changes something. A change is [planned first](../safety.md) and carried out by `ads_apply`; a delete cannot be undone |
| money | `"50 EUR"`, `"+20%"`, `"-10 EUR"`, or a bare number in the platform's own unit under its own name |
| dates | `yesterday`, `last_7d`, `last_30d`, `last_week`, `mtd`, `last_month`, or `2026-10-01..2026-10-31`: whole days in the account's time zone |
| [text] | a list |
| text, integer, number, true or false, object, file | a value of that kind; an object has the platform's own keys |
"""
SHARED = frozenset({
    "fields", "limit", "cursor", "where", "sort", "top", "group_by", "accounts", "from", "over", "save_to", "totals",
    "items", "append_to", "steps",
})  # fmt: skip
"""Parameters that actions have in common: they come last."""
KINDS = frozenset({"…", "text", "integer", "number", "object", "money", "dates", "file"})
"""Words that stand for a kind of value, not for themselves."""
NOTHING_SENT = "Nothing is sent: the answer is known here."


def pages(found: Offer, examples: Mapping[Key, Example]) -> dict[str, str]:
    """Paths below the folder of the documents -> the pages of one connector."""
    made = {f"{FOLDER}/{found.slug}/index.md": "\n".join(_index(found))}
    for name, doc, _ in found.entities:
        made[f"{FOLDER}/{found.slug}/{name}.md"] = "\n".join(_entity(found, name, doc, examples))
    return made


def front(offers: Mapping[str, Offer]) -> str:
    """The page that leads to the platforms."""
    rows = [
        (
            f"[{found.title}]({found.slug}/index.md)",
            code(TOOL.format(found.name)),
            str(len(found.entities)),
            str(sum(len(found.entity(name).actions) for name, _, _ in found.entities)),
        )
        for found in offers.values()
    ]
    return "\n".join([ABOUT, *table(("platform", "tool", "entities", "actions"), rows), ""])


def linked(table: str) -> str:
    """The table of all entities with a link to the page of each."""
    return ROW.sub(rf"| \1 | [`\2`]({FOLDER}/\1/\2.md) |", table)


def _index(found: Offer) -> Iterator[str]:
    yield f"# {found.title}"
    yield ""
    yield f"Every entity of {found.title}. The tool is `{TOOL.format(found.name)}`; in a shell it is `mcp-ads call {found.slug}`."
    yield ""
    rows = (
        (f"[{plain(name)}]({name}.md)", ", ".join(found.entity(name).actions), plain(doc))
        for name, doc, _ in found.entities
    )
    yield from table(("entity", "actions", "what it is"), rows)
    yield ""


def _entity(found: Offer, name: str, doc: str, examples: Mapping[Key, Example]) -> Iterator[str]:
    kinds = found.entity(name).actions
    yield f"# {plain(name)}"
    yield ""
    yield f"{plain(doc)} [{found.title}](index.md), `{TOOL.format(found.name)}`."
    yield ""
    rows = (
        (f"[{plain(action)}](#{action})", kind.risk, plain(describe.summary(kind)))
        for action, kind in kinds.items()
    )
    yield from table(("action", "kind", "what it does"), rows)
    for action, kind in kinds.items():
        yield from _action(found, name, action, kind, examples[name, action])


def _action(found: Offer, entity: str, action: str, kind: type[Action], example: Example) -> Iterator[str]:
    known = described(found, entity, action, kind)
    yield from ("", f"## {plain(action)} {{#{action}}}", "", f"**{kind.risk}.** {plain(known.does)}", "")
    yield from table(
        ("parameter", "what it takes"),
        (_row(one) for one in sorted(known.parameters, key=lambda one: one.name in SHARED)),
    )
    if known.columns:
        yield from ("", f"Default columns, unless `fields` names others: {plain(known.columns)}.")
    yield ""
    yield from tabs(_ways(found, entity, action, example))
    if example.why:
        yield f"The request is not shown, because the sandbox has nothing to do this with: “{plain(example.why)}”."
    elif not example.sent:
        yield NOTHING_SENT


def _row(one: Parameter) -> tuple[str, ...]:
    takes = [_type(one.type), *(["required"] if one.required else []), *_default(one.default)]
    line = "; ".join(filter(None, takes))
    kind = f'<span class="kind">{line}</span>' if line else ""
    return code(one.name), "<br>".join(filter(None, (kind, plain(one.said))))


def _type(text: str) -> str:
    """A type; words to choose from stand one by one."""
    is_list = text.startswith("[") and text.endswith("]") and text.count("[") == 1
    inner = text[1:-1] if is_list else text
    if "|" not in inner:
        return plain(text)
    words = ", ".join(word if word in KINDS else code(word) for word in inner.split("|"))
    return f"list of {words}" if is_list else words


def _default(text: str) -> list[str]:
    return [f"{code(text)} unless given"] if text else []


def _ways(found: Offer, entity: str, action: str, example: Example) -> dict[str, tuple[str, str]]:
    """The example as a call of a tool and as a command, and what it sends."""
    call: dict[str, Any] = {"entity": entity, "action": action, "params": example.params}
    tool = {"name": TOOL.format(found.name), "arguments": call}
    shell = f"mcp-ads call {found.slug} {entity} {action} --params {quoted(example.params)}"
    ways = {"MCP": ("json", laid_out(tool)), "Shell": ("sh", shell)}
    if example.sent:
        ways["Request"] = ("http", _requests(example.sent))
    return ways


def _requests(sent: tuple[Sent, ...]) -> str:
    shown = [one.text() for one in sent[:MOST_SENT]]
    rest = len(sent) - len(shown)
    return "\n\n###\n\n".join([*shown, *([f"# and {rest} more"] if rest else [])])
