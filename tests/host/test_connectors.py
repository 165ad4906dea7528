"""Connectors over REST: what is taken, what is answered, what is refused and how."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from control_plane import AMAZON, FACEBOOK, LINKEDIN, PATH, SECRET, SLUGS, Api, control_plane, created, listed
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.host.catalog import DEFINITIONS
from mcp_ads.host.store.tables import connectors, papers, workspaces

LONG = "x" * 300


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host for all tests of this file, each of which has workspaces of its own."""
    with control_plane(tmp_path_factory.mktemp("host")) as found:
        yield found


@pytest.mark.parametrize(
    ("prefix", "field", "kind", "asked", "slug"),
    [
        ("/v1", "external_user_id", {"connector_type": "Facebook-Marketing"}, FACEBOOK, SLUGS[0]),
        ("/api/v1", "workspace_name", {"connector_type": "Linkedin-Ads"}, LINKEDIN, SLUGS[1]),
        ("/v1", "customer_name", {"connector_type": "Amazon Ads"}, AMAZON, SLUGS[2]),
        ("/api/v1", "customer_name", {"connector_type": "amazon_ads"}, AMAZON, SLUGS[2]),
        (
            "/v1",
            "external_user_id",
            {"definition_id": DEFINITIONS["linkedin-ads"].id},
            LINKEDIN,
            "linkedin-ads",
        ),
    ],
)
def test_every_form_of_the_seeds_is_kept(
    api: Api, prefix: str, field: str, kind: dict[str, str], asked: dict[str, Any], slug: str
) -> None:
    """Both prefixes, all names of a workspace and all forms of a kind; a credential is never answered."""
    where, answers = f"w{uuid.uuid4().hex}", []
    status, made = api("POST", f"{prefix}{PATH}", {field: where, **kind, **asked, "name": "Mine"})
    assert (status, made["name"]) == (200, "Mine")
    assert made["source_template"]["source_definition_id"] == DEFINITIONS[slug].id
    again = {field: where, "source_template_id": made["source_template"]["id"], **asked}
    answers.append(made)
    answers.append(api("POST", f"{prefix}{PATH}", again)[1])
    assert answers[1]["source_template"] == made["source_template"]
    for name in ("workspace_name", "customer_name", "external_user_id"):
        status, found = api("GET", f"{prefix}{PATH}?{name}={where}&definition_id={DEFINITIONS[slug].id}")
        assert [known["id"] for known in found["data"]] == [made["id"], answers[1]["id"]]
        assert found["data"][0]["summarized_source_template"]["connector_name"] == slug
        answers.append(found)
    oldest = api("GET", f"/connectors/connectors_for_user?external_user_id={where}")[1]
    assert [known["id"] for known in oldest["connectors"]] == [made["id"], answers[1]["id"]]
    answers += [api("GET", f"{prefix}{PATH}/{made['id']}{more}")[1] for more in ("", "/inspect")]
    assert answers[-2] == made
    assert SECRET not in json.dumps(answers)


CONFIG, REGION = "replication_config", "environment.region"
OF_AMAZON = {"connector_type": "amazon-ads", **AMAZON, CONFIG: None}
NOT_AMAZON = "https://advertising-api.amazon.com.evil.example"


@pytest.mark.parametrize(
    ("change", "fields", "said"),
    [
        ({CONFIG: None}, f"{CONFIG}.account_ids", "missing, required"),
        (
            {CONFIG: {"acount_ids": "1"}},
            f"{CONFIG}.account_ids {CONFIG}.acount_ids",
            "did you mean account_ids",
        ),
        ({CONFIG: {"account_ids": 101}}, f"{CONFIG}.account_ids", "ids as text"),
        ({CONFIG: {"account_ids": " , "}}, f"{CONFIG}.account_ids", "ids as text"),
        ({CONFIG: {"account_ids": "1", "start_date": "2024-02-30"}}, f"{CONFIG}.start_date", "no such day"),
        ({"account_ids": "1", "nam": "x"}, "account_ids nam", "did you mean name"),
        ({"credentials": {SECRET[:20]: "x", "access_token": SECRET}}, "credentials", "{access_token}"),
        ({"credentials": {"access_token": " "}}, "credentials.access_token", "not empty"),
        ({"credentials": {"access_token": [SECRET]}}, "credentials.access_token", "text"),
        ({"credentials": None}, "credentials", "or {account_key}"),
        ({"credentials": SECRET}, "credentials", "dictionary"),
        ({"connector_type": None}, "connector_type", "facebook-marketing, linkedin-ads, amazon-ads"),
        ({"connector_type": "facebook-marketting"}, "connector_type", "did you mean facebook-marketing"),
        ({"definition_id": DEFINITIONS["amazon-ads"].id}, "connector_type", "different kinds"),
        ({"external_user_id": "another"}, "workspace_name", "different workspaces"),
        ({"workspace_name": LONG}, "workspace_name", "at most 255"),
        ({"workspace_name": "a\nb"}, "workspace_name", "one line"),
        ({"name": LONG}, "name", "at most 255"),
        ({"environment": {"region": "EU"}}, REGION, "has none"),
        ({"entities": [{"entity": "campaings", "modes": ["read"]}]}, "entities.0.entity", "mean campaigns"),
        ({"entities": [{"entity": "ads", "modes": ["rite"]}]}, "entities.0.modes.0", "'read' or 'write'"),
        ({"server_side_oauth_secret_id": "x", "name": 7}, "name", "text"),
        ({**OF_AMAZON, "environment": {"region": NOT_AMAZON}}, REGION, "one of NA, EU, FE"),
        (
            {**OF_AMAZON, CONFIG: {"region": "NA"}, "environment": {"region": "EU"}},
            REGION,
            "different regions",
        ),
    ],
)
def test_a_mistake_is_named_and_nothing_is_kept(
    api: Api, change: dict[str, Any], fields: str, said: str
) -> None:
    """Each mistake is an entry with its field and what would be right, without a value of the body."""
    where = f"w{uuid.uuid4().hex}"
    body = {"workspace_name": where, "connector_type": "facebook-marketing", **FACEBOOK, **change}
    status, answer = api("POST", PATH, body)
    assert [error["field"] for error in answer["errors"]] == fields.split()
    assert status == (400 if fields == "credentials" and "{" in said else 422)
    assert said in " ".join(error["message"] for error in answer["errors"])
    assert answer["message"] == answer["errors"][0]["message"]
    assert SECRET not in json.dumps(answer)
    assert listed(api, where) == []


def test_anothers_connector_is_as_one_there_is_not(api: Api) -> None:
    """Another organization, and a client of other workspaces, get what they would for an unknown id."""
    made = created(api, "mine", name="before")
    for stranger in (api.by("other"), api.by("narrow")):
        for method, more, body in (
            ("GET", "", None), ("GET", "/inspect", None), ("PUT", "", {"name": "x"}), ("DELETE", "", None),
        ):  # fmt: skip
            foreign = stranger(method, f"{PATH}/{made['id']}{more}", body)
            assert foreign == stranger(method, f"{PATH}/{uuid.uuid4()}{more}", body)
            assert foreign[0] == 404
        assert listed(stranger, "mine") == []
        by_id = stranger("GET", f"{PATH}?workspace_id={made['workspace_id']}")
        assert by_id == stranger("GET", f"{PATH}?workspace_id={uuid.uuid4()}")
    body = {"workspace_name": "mine", "connector_type": "facebook-marketing", **FACEBOOK}
    assert api.by("narrow")("POST", PATH, body)[0] == 404
    assert api.by("other")("POST", PATH, body)[0] == 200
    assert listed(api, "mine") == [made["id"]]
    assert api("GET", f"{PATH}/{made['id']}")[1]["name"] == "before"
    assert created(api.by("narrow"), "theirs")["workspace_name"] == "theirs"


@pytest.mark.parametrize("who", ["reads", "plans"])
def test_who_may_not_write_changes_no_connector(api: Api, who: str) -> None:
    """A client whose writes are off, and a token that only plans, read connectors and nothing else."""
    made = created(api, f"of-{who}")
    other = api.by(who)
    body = {"workspace_name": f"of-{who}", "connector_type": "facebook-marketing", **FACEBOOK}
    path = f"{PATH}/{made['id']}"
    refused = [other("POST", PATH, body), other("PUT", path, {"name": "x"}), other("DELETE", path)]
    assert [status for status, _ in refused] == [403] * 3
    assert other("GET", path) == (200, made)


def test_what_is_changed_and_deleted_is_another_revision(api: Api) -> None:
    """A change keeps the label and what it does not name; deletion takes the row, and its label with it."""
    made = created(api, "changing", entities=[{"entity": "ads", "modes": ["read"]}])
    revisions = [revision(api, made["workspace_id"])]
    changed = api("PUT", f"{PATH}/{made['id']}", {"name": "Neu", "entities": None})[1]
    revisions.append(revision(api, made["workspace_id"]))
    assert changed == {**made, "name": "Neu", "entities": None, "updated_at": changed["updated_at"]}
    assert api("PUT", f"{PATH}/{made['id']}", {"credentials": {"access_token": SECRET}})[0] == 422
    status, answer = api("DELETE", f"{PATH}/{made['id']}")
    assert (status, str(uuid.UUID(answer["job_id"]))) == (202, answer["job_id"])
    revisions.append(revision(api, made["workspace_id"]))
    assert len(set(revisions)) == 3
    assert api("DELETE", f"{PATH}/{made['id']}")[0] == 404
    assert listed(api, "changing") == []
    assert created(api, "changing")["connection"] != made["connection"]


def test_a_request_with_its_key_is_done_once(api: Api) -> None:
    """The first answer again, for the same client and body alone; other keys and clients make others."""
    body = {"workspace_name": "once", "connector_type": SLUGS[0], **FACEBOOK}
    first, again = (api("POST", PATH, body, **{"Idempotency-Key": "k 1"}) for _ in range(2))
    assert api.answer.headers["idempotent-replayed"] == "true"
    assert first == again
    status, answer = api("POST", PATH, {**body, "name": "Other"}, **{"Idempotency-Key": "k 1"})
    assert (status, answer["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert api("POST", PATH, body, **{"Idempotency-Key": "x" * 256})[0] == 422
    assert listed(api, "once") == [first[1]["id"]]
    others = [api("POST", PATH, body, **{"Idempotency-Key": "k 2"}), api("POST", PATH, body)]
    theirs = api.by("other")("POST", PATH, body, **{"Idempotency-Key": "k 1"})
    assert len({answer["id"] for _, answer in [first, *others, theirs]}) == 4
    api("DELETE", f"{PATH}/{first[1]['id']}")
    assert api("POST", PATH, body, **{"Idempotency-Key": "k 1"})[0] == 404


def test_credentials_lie_sealed_to_their_place(api: Api) -> None:
    """In the table stands neither the secret nor anything that opens as another row's."""
    made = created(api, "sealed")
    keys, place = api.host.keys, (made["workspace_id"], made["id"])

    async def work(connection: AsyncConnection) -> Any:
        return (await connection.execute(select(connectors).where(connectors.c.id == made["id"]))).one()

    row = api.host.database.wait(work)
    assert SECRET not in repr(row)
    assert json.loads(keys.open(row.sealed, row.organization_id, *place)) == FACEBOOK["credentials"]
    with pytest.raises(Exception, match="not as it was sealed"):
        keys.open(row.sealed, row.organization_id, place[0], str(uuid.uuid4()))


def test_what_was_sealed_of_a_deleted_connector_is_in_no_file(api: Api) -> None:
    """Once a deletion is answered, neither the database nor its log has credentials or access tokens."""
    made, token = created(api, "gone"), SECRET.encode()

    async def work(connection: AsyncConnection) -> bytes:
        kept = {
            "workspace_id": made["workspace_id"],
            "kind": "tokens",
            "name": "n",
            "content": token,
            "at": 0,
        }
        await connection.execute(insert(papers).values(**kept))
        wanted = select(connectors.c.sealed).where(connectors.c.id == made["id"])
        return bytes((await connection.execute(wanted)).scalar_one())

    sealed = api.host.database.wait(work)
    files = [file for file in api.host.settings.folder.rglob("*") if file.is_file()]
    assert all(any(text in file.read_bytes() for file in files) for text in (sealed, token))
    assert api("DELETE", f"{PATH}/{made['id']}")[0] == 202
    assert not any(text in file.read_bytes() for file in files for text in (sealed, token))


def revision(api: Api, workspace_id: str) -> int:
    async def work(connection: AsyncConnection) -> Any:
        wanted = select(workspaces.c.revision).where(workspaces.c.id == workspace_id)
        return (await connection.execute(wanted)).scalar_one()

    return int(api.host.database.wait(work))
