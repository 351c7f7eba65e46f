"""What the migrations to format 2 need of format 1: its places in words, and its digests.

Frozen: migrations must do the same for ever, so they share nothing with the rest of the code.
`convert_catalog` reads the same tables.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

Where = tuple[list[str], list[str], list[str]]  # places, except, some_of
Said = dict[str, Any]

#: Of a record loaded from a file of format 1 and not edited since, in place of its digest
#: (platforms/declarations/reconciliation.py).
CONVERTED = "converted"

_NAMES = """
    AD Andorra; AE United Arab Emirates; AF Afghanistan; AG Antigua and Barbuda; AI Anguilla; AL
    Albania; AM Armenia; AO Angola; AQ Antarctica; AR Argentina; AS American Samoa; AT Austria;
    AU Australia; AW Aruba; AX Åland Islands; AZ Azerbaijan; BA Bosnia and Herzegovina; BB
    Barbados; BD Bangladesh; BE Belgium; BF Burkina Faso; BG Bulgaria; BH Bahrain; BI Burundi;
    BJ Benin; BL Saint Barthélemy; BM Bermuda; BN Brunei; BO Bolivia; BR Brazil; BS Bahamas; BT
    Bhutan; BW Botswana; BY Belarus; BZ Belize; CA Canada; CC Cocos (Keeling) Islands; CF
    Central African Republic; CH Switzerland; CI Côte d'Ivoire; CK Cook Islands; CL Chile; CM
    Cameroon; CN China; CO Colombia; CR Costa Rica; CU Cuba; CV Cabo Verde; CW Curaçao; CX
    Christmas Island; CY Cyprus; CZ Czechia; DE Germany; DJ Djibouti; DK Denmark; DM Dominica;
    DO Dominican Republic; DZ Algeria; EC Ecuador; EE Estonia; EG Egypt; EH Western Sahara; ER
    Eritrea; ES Spain; ET Ethiopia; FI Finland; FJ Fiji; FK Falkland Islands; FM Micronesia; FO
    Faroe Islands; FR France; GA Gabon; GB United Kingdom; GD Grenada; GE Georgia; GF French
    Guiana; GG Guernsey; GH Ghana; GI Gibraltar; GL Greenland; GM Gambia; GN Guinea; GP
    Guadeloupe; GQ Equatorial Guinea; GR Greece; GT Guatemala; GU Guam; GW Guinea-Bissau; GY
    Guyana; HK Hong Kong; HN Honduras; HR Croatia; HT Haiti; HU Hungary; ID Indonesia; IE
    Ireland; IL Israel; IM Isle of Man; IN India; IO British Indian Ocean Territory; IQ Iraq; IR
    Iran; IS Iceland; IT Italy; JE Jersey; JM Jamaica; JO Jordan; JP Japan; KE Kenya; KG
    Kyrgyzstan; KH Cambodia; KI Kiribati; KM Comoros; KN Saint Kitts and Nevis; KP North Korea;
    KR South Korea; KW Kuwait; KY Cayman Islands; KZ Kazakhstan; LA Laos; LB Lebanon; LC Saint
    Lucia; LI Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho; LT Lithuania; LU Luxembourg;
    LV Latvia; LY Libya; MA Morocco; MC Monaco; MD Moldova; ME Montenegro; MF Saint Martin; MG
    Madagascar; MH Marshall Islands; MK North Macedonia; ML Mali; MM Myanmar; MN Mongolia; MO
    Macao; MP Northern Mariana Islands; MQ Martinique; MR Mauritania; MS Montserrat; MT Malta;
    MU Mauritius; MV Maldives; MW Malawi; MX Mexico; MY Malaysia; MZ Mozambique; NA Namibia; NC
    New Caledonia; NE Niger; NF Norfolk Island; NG Nigeria; NI Nicaragua; NL Netherlands; NO
    Norway; NP Nepal; NR Nauru; NU Niue; NZ New Zealand; OM Oman; PA Panama; PE Peru; PF French
    Polynesia; PG Papua New Guinea; PH Philippines; PK Pakistan; PL Poland; PM Saint Pierre and
    Miquelon; PN Pitcairn; PR Puerto Rico; PS Palestine; PT Portugal; PW Palau; PY Paraguay; QA
    Qatar; RE Réunion; RO Romania; RS Serbia; RU Russia; RW Rwanda; SA Saudi Arabia; SB Solomon
    Islands; SC Seychelles; SD Sudan; SE Sweden; SG Singapore; SH Saint Helena; SI Slovenia; SJ
    Svalbard and Jan Mayen; SK Slovakia; SL Sierra Leone; SM San Marino; SN Senegal; SO Somalia;
    SR Suriname; SS South Sudan; ST Sao Tome and Principe; SV El Salvador; SX Sint Maarten; SY
    Syria; SZ Eswatini; TC Turks and Caicos Islands; TD Chad; TG Togo; TH Thailand; TJ
    Tajikistan; TK Tokelau; TL Timor-Leste; TM Turkmenistan; TN Tunisia; TO Tonga; TR Türkiye;
    TT Trinidad and Tobago; TV Tuvalu; TW Taiwan; TZ Tanzania; UA Ukraine; UG Uganda; US United
    States; UY Uruguay; UZ Uzbekistan; VA Vatican City; VC Saint Vincent and the Grenadines; VE
    Venezuela; VN Vietnam; VU Vanuatu; WF Wallis and Futuna; WS Samoa; YE Yemen; YT Mayotte; ZA
    South Africa; ZM Zambia; ZW Zimbabwe
"""
_STATES = """
    US-AK Alaska; US-AL Alabama; US-AR Arkansas; US-AZ Arizona; US-CA California; US-CO
    Colorado; US-CT Connecticut; US-DE Delaware; US-FL Florida; US-HI Hawaii; US-IA Iowa; US-ID
    Idaho; US-IL Illinois; US-IN Indiana; US-KS Kansas; US-KY Kentucky; US-LA Louisiana; US-MA
    Massachusetts; US-MD Maryland; US-ME Maine; US-MI Michigan; US-MN Minnesota; US-MO Missouri;
    US-MS Mississippi; US-MT Montana; US-NC North Carolina; US-ND North Dakota; US-NE Nebraska;
    US-NH New Hampshire; US-NJ New Jersey; US-NM New Mexico; US-NV Nevada; US-NY New York; US-OH
    Ohio; US-OK Oklahoma; US-OR Oregon; US-PA Pennsylvania; US-RI Rhode Island; US-SC South
    Carolina; US-SD South Dakota; US-TN Tennessee; US-TX Texas; US-UT Utah; US-VA Virginia;
    US-VT Vermont; US-WA Washington; US-WI Wisconsin; US-WV West Virginia; US-WY Wyoming
"""
_OTHER_NAMES = """
    AE UAE; CZ Czech Republic; EEA EEA; EEA European Economic Area; EU EU; EU European Union; GB
    Britain; GB Great Britain; GB UK; HK Hong Kong SAR; KR Korea; KR Republic of Korea; MO
    Macau; NL The Netherlands; TR Turkey; TR Turkiye; US U.S.; US US; US USA; US United States of
    America; VN Viet Nam; CD DR Congo; CI Ivory Coast; MM Burma; GB U.K.
"""
_CODES = {
    name.casefold(): code
    for code, name in (
        " ".join(item.split()).split(" ", 1)
        for text in (_NAMES, _STATES, _OTHER_NAMES)
        for item in text.split(";")
    )
}
_WITH_AND = sorted((name for name in _CODES if " and " in name), key=len, reverse=True)
#: Phrases that no rule reads: places, except, some_of.
_PHRASES: dict[str, Where] = {
    "certain markets": ([], [], ["world"]),
    "certain markets, not named": ([], [], ["world"]),
    "california and other us states with privacy laws": (["US-CA"], [], ["US"]),
    # Which states have such laws is not said; the line about these states covers them perhaps.
    "outside the us states with privacy laws, the eu, uk and switzerland": (
        [],
        ["US-CA", "EU", "GB", "CH"],
        [],
    ),
}
_WORLDWIDE = ("", "worldwide", "world", "everywhere", "global")
_EXCEPT = re.compile(r"(?:outside|(?:worldwide|everywhere|world) (?:except|outside)) (.+)")


def read(phrase: str) -> Where | None:
    """Return places, except and some_of of a region in words; None if no rule reads it."""
    words = " ".join(phrase.split()).casefold()
    if words in _WORLDWIDE:
        return [], [], []
    if words in _PHRASES:
        places, except_places, some_of = _PHRASES[words]
        return list(places), list(except_places), list(some_of)
    outside = _EXCEPT.fullmatch(words)
    codes = _codes(outside[1] if outside else words)
    if codes is None:
        return None
    return ([], codes, []) if outside else (codes, [], [])


def read_list(phrases: Sequence[str]) -> Where | None:
    """Return places, except and some_of of the regions of an entry; None if no rule reads one."""
    found: list[Where] = []
    for phrase in phrases:
        where = read(phrase)
        if where is None:
            return None
        found.append(where)
    if len(found) == 1:
        return found[0]
    if any(except_places or some_of for _places, except_places, some_of in found):
        return None
    if any(not places for places, _except, _some_of in found):
        return [], [], []
    return _together(code for places, _except, _some_of in found for code in places), [], []


def code_of(name: str) -> str:
    """Return the code of one place; "" if the name is not known."""
    codes = _codes(name.casefold())
    return codes[0] if codes and len(codes) == 1 else ""


def _codes(words: str) -> list[str] | None:
    for name in _WITH_AND:
        words = words.replace(name, name.replace(" and ", " & "))
    names = [name.strip().removeprefix("the ") for name in re.split(r",| and ", words)]
    codes = [_CODES.get(name.replace(" & ", " and "), "") for name in names if name]
    return _together(codes) if codes and all(codes) else None


def _together(codes: Iterable[str]) -> list[str]:
    """Each code once; the EEA includes the EU."""
    once = list(dict.fromkeys(codes))
    return [code for code in once if code != "EU" or "EEA" not in once]


def with_phrase(note: str, region: str) -> str:
    """Return a note that keeps the words of a region that no rule reads."""
    kept = f"Region as written before: {region}."
    return f"{note}\n\n{kept}" if note else kept


def digest(said: Said) -> str:
    """Return what `platforms.declarations.digest` made of a declaration of format 1."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def without_defaults(said: Said, **defaults: Any) -> Said:
    """Return what a file would say: what has its default value is left out."""
    return {
        key: value
        for key, value in said.items()
        if key not in defaults or value != defaults[key]
    }


def moment(at: datetime.datetime | None) -> str | None:
    """Return a time as files write it."""
    if at is None:
        return None
    at = at.astimezone(datetime.UTC)
    return at.date().isoformat() if at.time() == datetime.time() else at.isoformat()


def page(row: Any) -> Said:
    """Return what a file of format 1 says of a page."""
    paused = None
    if row.paused_at is not None:
        paused = {"since": moment(row.paused_at), "reason": row.paused_reason}
    return without_defaults(
        {
            "url": row.url,
            "further_urls": list(row.further_urls),
            "kind": row.kind,
            "title": row.title,
            "language": row.language,
            "region": row.region,
            "select": list(row.select),
            "remove": list(row.remove),
            "fetch_mode": row.fetch_mode,
            "access": row.access,
            "note": row.note,
            "robots_override_reason": row.robots_override_reason,
            "paused": paused,
        },
        further_urls=[],
        language="en",
        region="",
        select=[],
        remove=[],
        fetch_mode="http",
        access="public",
        note="",
        robots_override_reason="",
        paused=None,
    )
