"""What people call the columns of customer files, and how to tell who is meant where nothing is hashed."""

import re

ALSO = {
    "FIRST_NAME": "FN",
    "LAST_NAME": "LN",
    "FIRST_INITIAL": "FI",
    "MAIL": "EMAIL",
    "E_MAIL": "EMAIL",
    "EMAIL_ADDRESS": "EMAIL",
    "E_MAIL_ADDRESS": "EMAIL",
    "E_MAIL_ADRESSE": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "TELEPHONE": "PHONE",
    "MOBILE": "PHONE",
    "MOBILE_PHONE": "PHONE",
    "TELEFON": "PHONE",
    "TELEFONNUMMER": "PHONE",
    "HANDY": "PHONE",
    "MOBILTELEFON": "PHONE",
    "VORNAME": "FN",
    "NACHNAME": "LN",
    "GIVEN_NAME": "FN",
    "FAMILY_NAME": "LN",
    "SURNAME": "LN",
    "GESCHLECHT": "GEN",
    "GENDER": "GEN",
    "BIRTH_YEAR": "DOBY",
    "BIRTH_MONTH": "DOBM",
    "BIRTH_DAY": "DOBD",
    "CITY": "CT",
    "ORT": "CT",
    "STADT": "CT",
    "STATE": "ST",
    "ZIP_CODE": "ZIP",
    "POSTCODE": "ZIP",
    "POSTAL_CODE": "ZIP",
    "PLZ": "ZIP",
    "POSTLEITZAHL": "ZIP",
    "LAND": "COUNTRY",
    "MOBILE_ADVERTISER_ID": "MADID",
    "EXTERNAL_ID": "EXTERN_ID",
    "VALUE": "LOOKALIKE_VALUE",
}
"""Names people have for what Meta calls otherwise."""
_STATES = """
alabama al, alaska ak, arizona az, arkansas ar, california ca, colorado co, connecticut ct, delaware de,
districtofcolumbia dc, florida fl, georgia ga, hawaii hi, idaho id, illinois il, indiana in, iowa ia,
kansas ks, kentucky ky, louisiana la, maine me, maryland md, massachusetts ma, michigan mi, minnesota mn,
mississippi ms, missouri mo, montana mt, nebraska ne, nevada nv, newhampshire nh, newjersey nj,
newmexico nm, newyork ny, northcarolina nc, northdakota nd, ohio oh, oklahoma ok, oregon or,
pennsylvania pa, rhodeisland ri, southcarolina sc, southdakota sd, tennessee tn, texas tx, utah ut,
vermont vt, virginia va, washington wa, westvirginia wv, wisconsin wi, wyoming wy,
americansamoa as, guam gu, northernmarianaislands mp, puertorico pr, virginislands vi
"""
STATES = dict(state.split() for state in _STATES.split(","))
"""American states and territories, with the letters ANSI gives them."""
FEWEST_DIGITS, MOST_DIGITS = 7, 15
CONTACT = re.compile(r"[^\s@/?&=]{1,64}(?:@|%40)[^\s@/?&=]+\.[a-z]{2,}", re.IGNORECASE)
"""An e-mail address, also as addresses of pages spell it."""
CALLED = re.compile(
    r"(?:\+|%2B)[\s(]*[0-9](?:[\s().-]*[0-9]){6,14}"
    r"|(?=.*[ ()])\(?[0-9]{2,5}\)?(?:[ ().-]+[0-9]{2,}){1,5}|[0-9]{3}[.-][0-9]{3}[.-][0-9]{4}",
    re.IGNORECASE,
)
"""A telephone number as people write it: with a plus, or in groups."""
DEVICE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def not_contact(text: str) -> str:
    """An id that Meta takes as it is. Raises ValueError for what is hashed everywhere else."""
    if CONTACT.search(text) or is_called(text):
        raise ValueError("holds an e-mail address or telephone number, and is sent as it is")
    return text


def is_called(text: str) -> bool:
    """Whether a text is a telephone number as people write it."""
    digits = sum(letter.isdigit() for letter in text)
    return FEWEST_DIGITS <= digits <= MOST_DIGITS and bool(CALLED.fullmatch(text.strip()))


def device(text: str) -> str:
    """An advertiser's id of a device, in lower case. Raises ValueError."""
    if not DEVICE.fullmatch(text):
        raise ValueError("is no advertiser id such as aece52e7-03ee-455a-b3c4-e57283966239")
    return text.lower()
