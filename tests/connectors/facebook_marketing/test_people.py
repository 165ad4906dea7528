"""How each key of a customer file is normalised before it is hashed, by Meta's table."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from facebook_calls import call

from mcp_ads.errors import InvalidParams


def sent(row: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What a row becomes, by Meta's keys."""
    made: Any = call("custom_audiences", "add_users", audience_id="7", users=[row], **more)
    columns, cells = map(json.loads, made.users.content.decode().split("\n"))
    return dict(zip(columns, cells, strict=True))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("row", "key", "normal"),
    [
        ({"email": " Mary@Example.COM "}, "EMAIL", "mary@example.com"),
        ({"phone": "+1 (555) 010-0199"}, "PHONE", "15550100199"),
        ({"phone": "0044 20 7946 0018"}, "PHONE", "442079460018"),
        ({"phone": "+44 (0)20 7946 0018"}, "PHONE", "442079460018"),
        ({"Phone Number": "+1 555 010 0199"}, "PHONE", "15550100199"),
        ({"Telefon": "+49 30 1234567"}, "PHONE", "49301234567"),
        ({"E-Mail": "mary@example.com"}, "EMAIL", "mary@example.com"),
        ({"Vorname": "Jörg"}, "FN", "jörg"),
        ({"Zip Code": "94110", "country": "US"}, "ZIP", "94110"),
        ({"phone": "030 1234567", "country": "DE"}, "PHONE", "301234567"),
        ({"first_name": "Zoë-Anne"}, "FN", "zoëanne"),
        ({"fn": "Zoe\u0308"}, "FN", "zoë"),
        ({"ln": "山田"}, "LN", "山田"),
        ({"ln": "O'Brien"}, "LN", "obrien"),
        ({"fi": "M."}, "FI", "m"),
        ({"fi": "Mary"}, "FI", "m"),
        ({"gender": "Female"}, "GEN", "f"),
        ({"doby": 1980}, "DOBY", "1980"),
        ({"dobm": "7"}, "DOBM", "07"),
        ({"dobd": "07"}, "DOBD", "07"),
        ({"city": "São Paulo"}, "CT", "saopaulo"),
        ({"state": "California", "country": "us"}, "ST", "ca"),
        ({"state": "CA", "country": "US"}, "ST", "ca"),
        ({"st": "NY"}, "ST", "ny"),
        ({"state": "Île-de-France", "country": "FR"}, "ST", "iledefrance"),
        ({"zip": "94110-1234", "country": "US"}, "ZIP", "94110"),
        ({"zip": "SW1A 1AA", "country": "GB"}, "ZIP", "sw1a1"),
        ({"zip": "SW1A 1AA", "country": "UK"}, "ZIP", "sw1a1"),
        ({"zip": "SW1A1", "country": "GB"}, "ZIP", "sw1a1"),
        ({"zip": "M1 1AE", "country": "GB"}, "ZIP", "m11"),
        ({"zip": "75 001", "country": "FR"}, "ZIP", "75001"),
        ({"country": "US"}, "COUNTRY", "us"),
        ({"country": "uk"}, "COUNTRY", "gb"),
    ],
)
def test_what_is_hashed(row: dict[str, Any], key: str, normal: str) -> None:
    """The SHA-256 of the normalised value, lower case."""
    assert sent(row)[key] == digest(normal)


@pytest.mark.parametrize(
    ("row", "key", "value"),
    [
        ({"madid": "AECE52E7-03EE-455A-B3C4-E57283966239"}, "MADID", "aece52e7-03ee-455a-b3c4-e57283966239"),
        ({"extern_id": "Crm 7"}, "EXTERN_ID", "Crm 7"),
        ({"value": 44.5}, "LOOKALIKE_VALUE", "44.5"),
        ({"lookalike_value": "0"}, "LOOKALIKE_VALUE", "0"),
        ({"email": digest("a@b.co").upper()}, "EMAIL", digest("a@b.co")),
        ({"email": "a@b.co", "data_processing_options": "LDU"}, "DATA_PROCESSING_OPTIONS", ["LDU"]),
        ({"email": "a@b.co", "data_processing_options": '["LDU"]'}, "DATA_PROCESSING_OPTIONS", ["LDU"]),
        ({"email": "a@b.co", "data_processing_options": []}, "DATA_PROCESSING_OPTIONS", []),
        ({"email": "a@b.co", "data_processing_options_state": 1000}, "DATA_PROCESSING_OPTIONS_STATE", "1000"),
    ],
)
def test_what_is_not(row: dict[str, Any], key: str, value: Any) -> None:
    """Ids, worths and options go as they are, and what is a hash already is not hashed again."""
    assert sent(row)[key] == value


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        ({"email": "mary"}, "EMAIL is no e-mail address"),
        ({"phone": "(555) 010-0199 x4"}, "PHONE"),
        ({"gen": "x"}, "GEN is neither m nor f"),
        ({"doby": "1899"}, "DOBY is no number from 1900"),
        ({"dobm": 13}, "DOBM is no number"),
        ({"country": "XX"}, "COUNTRY is no country"),
        ({"country": "Germany"}, "COUNTRY is no country"),
        ({"st": "Kalifornia", "country": "US"}, "ST is no American state"),
        ({"zip": "2116", "country": "US"}, "ZIP is no American code of five digits"),
        ({"value": "-3"}, "LOOKALIKE_VALUE is no number"),
        ({"extern_id": 2**60}, "a number of this length has lost digits on its way"),
        ({"extern_id": 1.5}, "EXTERN_ID is no whole number"),
        ({"data_processing_options": "OTHER"}, "DATA_PROCESSING_OPTIONS is neither empty nor LDU"),
        ({"email": "a@b.co", "E-mail": "c@d.co"}, "EMAIL is given twice"),
        ({"email": "a@b.co", "Hobby": "chess"}, 'column 2 of 2 ("Hobby" of "email", "Hobby"): none of EMAIL'),
        ({"extern_id": "mary@example.com"}, "EXTERN_ID holds an e-mail address"),
        ({"extern_id": "+15550100199"}, "EXTERN_ID holds an e-mail address or telephone number"),
        ({"extern_id": "(555) 010-0199"}, "EXTERN_ID holds"),
        ({"extern_id": "555 010 0199"}, "EXTERN_ID holds"),
        ({"madid": "mary@example.com"}, "MADID is no advertiser id"),
        ({"madid": "15550100199"}, "MADID is no advertiser id"),
        ({"email": "a@b.co", "data_processing_options_state": "15550100199"}, "STATE is no whole number of"),
        ({"email": "a@b.co", "data_processing_options_country": "15550100199"}, "COUNTRY is no whole number"),
        ({"phone": "1234567"}, "PHONE has no country code"),
        ({"email": "a@b.co", "EMAIL": "c@d.co"}, "EMAIL is given twice"),
        ({"pageuid": "7"}, "page_ids: the page"),
    ],
)
def test_what_is_refused(row: dict[str, Any], mistake: str) -> None:
    """What would match nobody without a word is said, by its key and never by its value."""
    with pytest.raises(InvalidParams) as refused:
        sent(row)
    assert mistake in str(refused.value)
    assert not any(str(value) in str(refused.value) for value in row.values() if len(str(value)) > 4)


def test_users_of_a_page_come_with_it() -> None:
    """PAGEUID means nothing without the page, and a page nothing without it."""
    assert sent({"pageuid": "42"}, page_ids=["104857600000001"]) == {"PAGEUID": "42"}
    with pytest.raises(InvalidParams, match="page_ids: the page, if and only if"):
        sent({"email": "a@b.co"}, page_ids=["104857600000001"])
