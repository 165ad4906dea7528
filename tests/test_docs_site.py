"""The documentation as a site: what becomes of documents, of declarations and of their examples."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from docs_site import build, checked, descriptions, reference, staging
from docs_site.examples import Example, Runner, actions
from docs_site.world import world
from mcp_ads.across import offer

ROOT = Path(__file__).parents[1]
PAGE = '<html><body><h2 id="here">x</h2>{}</body></html>'


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents as they are staged."""
    folder = tmp_path_factory.mktemp("docs")
    staging.staged(folder)
    (folder / "reference").mkdir()
    (folder / "reference" / "index.md").write_text("# Reference\n")
    return folder


def test_every_document_stands_in_the_navigation_once(sources: Path) -> None:
    """What somebody adds to docs/ is found by readers, and nothing is listed that there is not."""
    nav = tomllib.loads(build.config(sources))["project"]["nav"]
    listed = re.findall(r"'([\w/-]+\.md)'", str(nav))
    there = sorted([*staging.documents(), "reference/index.md"])
    assert sorted(listed) == there, "docs_site/zensical.toml says where each page stands"


def test_links_of_documents_lead_to_pages(sources: Path, tmp_path: Path) -> None:
    """Those to other documents, to files that are no pages, and names of documents in a text; code stays."""
    assert "](contributing.md)" in (sources / "architecture.md").read_text("utf-8")
    assert "](files/deploy/compose.yaml)" in (sources / "host.md").read_text("utf-8")
    assert "[docs/reliability.md](reliability.md)" in (sources / "changelog.md").read_text("utf-8")
    for name in staging.BESIDE:
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(
        "`docs/b.md`\n```\n[x](nope.md) docs/b.md\n```\n[x](b.md#y) [x\ny](b.md) docs/b.md\n"
    )
    (tmp_path / "docs" / "b.md").write_text("# b\n")
    for name in staging.BESIDE:
        (tmp_path / name).write_text("# x\n")
    staging.staged(tmp_path / "to", tmp_path)
    said = "`docs/b.md`\n```\n[x](nope.md) docs/b.md\n```\n[x](b.md#y) [x\ny](b.md) [docs/b.md](b.md)\n"
    assert (tmp_path / "to" / "a.md").read_text() == said
    (tmp_path / "docs" / "b.md").write_text("[x](gone.md)\n")
    with pytest.raises(ValueError, match=r"docs/b\.md: gone\.md leads to no file"):
        staging.staged(tmp_path / "to", tmp_path)


def test_each_page_has_its_own_description() -> None:
    """The first sentences as plain text, as short as search engines show them."""
    said = [descriptions.first(path.read_text("utf-8")) for path in staging.documents().values()]
    assert all(40 < len(one) <= descriptions.MOST for one in said), [one for one in said if len(one) < 41]
    assert len({*said}) == len(said)
    assert not [one for one in said if re.search(r"[`<>]|\*\*|\]\(", one)]
    text = "# T\n\n```sh\nx\n\ny\n```\n\n| a |\n\nA [b](c.md) `d` **e**\n&amp; f.\n\nNot this.\n"
    assert descriptions.first(text) == "A b d e & f."


@pytest.mark.anyio
async def test_an_action_has_its_parameters_its_example_and_its_request(tmp_path: Path) -> None:
    """The page of an entity says what the sandbox was asked when the example ran, and no token."""
    found, key = offer("linkedin_ads"), ("campaigns", "pause")
    kinds = {(entity, name): kind for entity, name, kind in actions(found)}
    (tmp_path / "home").mkdir()
    async with world(tmp_path / "home") as here:
        ran = await Runner(found, here, tmp_path).example(key, kinds[key])
    others = {name: Example({}, why="no | reason") for name in kinds}
    page = reference.pages(found, {**others, key: ran})["reference/linkedin-ads/campaigns.md"]
    section = page[page.index("{#pause}") :].split("\n## ")[0]
    assert "| <code>campaign&#95;<wbr>id</code> |" in section
    assert "required" in section
    assert "mcp-ads call linkedin-ads campaigns pause --params '{" in section
    assert '"name": "linkedin_ads_execute"' in section
    assert "POST https://api.linkedin.com/rest/adAccounts/512345678/adCampaigns/300000001" in section
    assert "Authorization: Bearer …" in section
    assert '"status": "PAUSED"' in section
    assert "sandbox-" not in page
    assert "“no &#124; reason”" in page
    row = reference.linked("| linkedin-ads | `campaigns` | list |")
    assert row == "| linkedin-ads | [`campaigns`](reference/linkedin-ads/campaigns.md) | list |"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<a href="b/#here">x</a> <a href="#here">x</a> <a href="mailto:a@b.c">x</a>', ""),
        ('<a href="b/#there">x</a>', "a.html: b/#there leads to no place in its page"),
        ('<a href="../c/">x</a>', "a.html: ../c/ leads to no page"),
        ('<img src="no.png">', "a.html: no.png leads to no page"),
        ('<a href="http:/x">x</a>', "a.html: http:/x is no address"),
        ('<link rel="stylesheet" href="https://x.yz/">', "a.html: https://x.yz/ is fetched from elsewhere"),
        ('<script src="//x.yz/x.js"></script>', "a.html: //x.yz/x.js is fetched from elsewhere"),
        ('<style>a{b:url("https://x.yz/x")}</style>', "a.html: https://x.yz/x is fetched from elsewhere"),
    ],
)  # fmt: skip
def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path, body: str, said: str) -> None:
    """Pages, places in them and pictures have to be there; of addresses elsewhere nothing is fetched."""
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "index.html").write_text(PAGE.format(""))
    (tmp_path / "a.html").write_text(PAGE.format(body))
    assert "\n".join(checked.wrong(tmp_path)) == said
