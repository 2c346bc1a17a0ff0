"""Which names of fields and headers hold what must not be written down, whatever the provider calls them."""

from __future__ import annotations

import re

_SECRETS = (
    "secret", "password", "passwd", "passphrase", "passcode", "apikey", "privatekey", "authorization",
    "signature", "hmac", "accesstoken", "refreshtoken", "bearer", "cryptogram", "cavv", "credential",
    "ciphertext", "cookie", "encryptedblob", "encryptedcard",
)  # fmt: skip
_CODES_WORDS = """
    cvc cvc2 cvv cvv2 csc securitycode verificationvalue verificationcode encryptedsecuritycode pin
"""
_CODES = frozenset(_CODES_WORDS.split())
_PERSONAL_WORDS = """
    name firstname lastname middlename fullname givenname surname familyname maidenname holder holdername
    cardholder cardholdername accountholder accountholdername ownername shoppername customername payername
    recipientname contactname nickname username login displayname businessname individualname
    email emailaddress shopperemail receiptemail customeremail payeremail payeeemail replyto
    phone phonenumber telephone telephonenumber mobile mobilenumber fax nationalnumber
    line1 line2 line3 addressline1 addressline2 addressline3 street streetname houseno housenumber
    housenumberorname city town locality adminarea1 adminarea2 postalcode zip zipcode postcode
    stateorprovince province district birthdate birthday dateofbirth dob gender
    ssn socialsecuritynumber taxid taxnumber vatnumber nationalid idnumber documentnumber passport license
    ip ipaddress shopperip clientip customerip customeripaddress purchaseip useragent devicefingerprint
    iban accountnumber bankaccountnumber routingnumber sortcode bsbnumber latitude longitude
"""
_PERSONAL = frozenset(_PERSONAL_WORDS.split())
# Whatever stands inside is about a person or where a person lives.
_OF_PERSONS_WORDS = """
    address billingaddress shippingaddress deliveryaddress homeaddress billing shipping billingdetails
    shippingdetails customerdetails ownerdetails owner shippername shopperdetails payerinfo cardholderinfo
"""
_OF_PERSONS = frozenset(_OF_PERSONS_WORDS.split())
# What is told of an address without telling whose it is, and what a simulator holds to a list.
_PLAIN = frozenset({"country", "countrycode", "type", "object", "id", "status", "currency", "amount"})
_REFERENCE = re.compile(r"(?:^|_)(?:id|ids|reference|references|key)$|[a-z0-9](?:Id|Ids|Reference)$")
_ACCOUNTS = frozenset({"merchantaccount", "merchantaccountcode"})


def plain(name: str) -> str:
    """Give a name without the marks by which providers spell it apart."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def is_secret(name: str) -> bool:
    """Say whether a field or header of this name holds a secret, a credential or a signature."""
    return any(word in plain(name) for word in _SECRETS)


def is_code(name: str) -> bool:
    """Say whether a field of this name holds a card's verification code."""
    return plain(name) in _CODES


def is_personal(path: tuple[str, ...]) -> bool:
    """Say whether a field tells of a person: by its own name, or by what it stands in."""
    if not path:
        return False
    own = plain(path[-1])
    return own in _PERSONAL or (own not in _PLAIN and any(plain(name) in _OF_PERSONS for name in path))


def is_reference(name: str) -> bool:
    """Say whether a field of this name holds an identifier, whatever that looks like."""
    return bool(_REFERENCE.search(name)) or plain(name) in _ACCOUNTS
