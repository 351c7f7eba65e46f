"""Words for places and people."""

import pytest
from django.utils import translation

from consent.ledger.place_words import (
    is_in_page_language,
    people_words,
    place_name,
    place_words,
)
from consent.vocabulary import People
from platforms.places import WORLDWIDE, Where, cells, errors, expanded

REGIONS = {
    "worldwide": (WORLDWIDE, "worldwide", "weltweit"),
    "certain markets": (Where(some_of=("world",)), "certain countries", "bestimmte Länder"),
    "US": (Where(("US",)), "US", "USA"),
    "UK": (Where(("GB",)), "UK", "Vereinigtes Königreich"),
    "Brazil": (Where(("BR",)), "Brazil", "Brasilien"),
    "US and Canada": (Where(("US", "CA")), "US and Canada", "USA und Kanada"),
    "EU and UK": (Where(("EU", "GB")), "EU and UK", "EU und Vereinigtes Königreich"),
    "EU and EEA": (Where(("EEA",)), "EU and EEA", "EU und EWR"),
    "EEA and UK": (
        Where(("EEA", "GB")),
        "EU, EEA and UK",
        "EU, EWR und Vereinigtes Königreich",
    ),
    "EU, EEA and UK": (
        Where(("EEA", "GB")),
        "EU, EEA and UK",
        "EU, EWR und Vereinigtes Königreich",
    ),
    "EU, UK and Switzerland": (
        Where(("EU", "GB", "CH")),
        "EU, UK and Switzerland",
        "EU, Vereinigtes Königreich und Schweiz",
    ),
    "EEA, UK, Switzerland and Japan": (
        Where(("EEA", "GB", "CH", "JP")),
        "EU, EEA, UK, Switzerland and Japan",
        "EU, EWR, Vereinigtes Königreich, Schweiz und Japan",
    ),
    "EU, EEA, Switzerland, Canada and Hong Kong": (
        Where(("EEA", "CH", "CA", "HK")),
        "EU, EEA, Switzerland, Canada and Hong Kong",
        "EU, EWR, Schweiz, Kanada und Hongkong",
    ),
    "US, UK, Brazil, Thailand, South Africa, Türkiye, South Korea, Ecuador, Nigeria and Kenya": (
        Where(("US", "GB", "BR", "TH", "ZA", "TR", "KR", "EC", "NG", "KE")),
        "US, UK, Brazil, Thailand, South Africa, Türkiye, South Korea, Ecuador, Nigeria and Kenya",
        "USA, Vereinigtes Königreich, Brasilien, Thailand, Südafrika, Türkei, Südkorea, Ecuador,"
        " Nigeria und Kenia",
    ),
    "California and other US states with privacy laws": (
        Where(("US-CA",), some_of=("US",)),
        "California and other parts of the US",
        "Kalifornien und andere Gebiete in den USA",
    ),
    "outside the EU and UK": (
        Where(except_places=("EU", "GB")),
        "outside the EU and UK",
        "überall außer in der EU und im Vereinigten Königreich",
    ),
    "outside the EU, UK and South Korea": (
        Where(except_places=("EU", "GB", "KR")),
        "outside the EU, UK and South Korea",
        "überall außer in der EU, im Vereinigten Königreich und in Südkorea",
    ),
    "outside the EU and EEA": (
        Where(except_places=("EEA",)),
        "outside the EU and EEA",
        "überall außer in der EU und im EWR",
    ),
    "outside the EU, UK, Iceland, Liechtenstein and Norway": (
        Where(except_places=("EU", "GB", "IS", "LI", "NO")),
        "outside the EU, EEA and UK",
        "überall außer in der EU, im EWR und im Vereinigten Königreich",
    ),
    "outside the EEA and UK": (
        Where(except_places=("EEA", "GB")),
        "outside the EU, EEA and UK",
        "überall außer in der EU, im EWR und im Vereinigten Königreich",
    ),
    "outside the EU, EEA and UK": (
        Where(except_places=("EEA", "GB")),
        "outside the EU, EEA and UK",
        "überall außer in der EU, im EWR und im Vereinigten Königreich",
    ),
    "outside the US, EEA and UK": (
        Where(except_places=("US", "EEA", "GB")),
        "outside the US, EU, EEA and UK",
        "überall außer in den USA, in der EU, im EWR und im Vereinigten Königreich",
    ),
    "outside Canada, the UK and the EEA": (
        Where(except_places=("CA", "GB", "EEA")),
        "outside Canada, the UK, EU and EEA",
        "überall außer in Kanada, im Vereinigten Königreich, in der EU und im EWR",
    ),
    "outside the EU, EEA, UK and Brazil": (
        Where(except_places=("EEA", "GB", "BR")),
        "outside the EU, EEA, UK and Brazil",
        "überall außer in der EU, im EWR, im Vereinigten Königreich und in Brasilien",
    ),
    "outside the EU, EEA, UK and Switzerland": (
        Where(except_places=("EEA", "GB", "CH")),
        "outside the EU, EEA, UK and Switzerland",
        "überall außer in der EU, im EWR, im Vereinigten Königreich und in der Schweiz",
    ),
    "outside the EEA, UK, Switzerland and Japan": (
        Where(except_places=("EEA", "GB", "CH", "JP")),
        "outside the EU, EEA, UK, Switzerland and Japan",
        "überall außer in der EU, im EWR, im Vereinigten Königreich, in der Schweiz und in Japan",
    ),
    "outside the EU, EEA, UK, Switzerland, Canada and Hong Kong": (
        Where(except_places=("EEA", "GB", "CH", "CA", "HK")),
        "outside the EU, EEA, UK, Switzerland, Canada and Hong Kong",
        "überall außer in der EU, im EWR, im Vereinigten Königreich, in der Schweiz, in Kanada und"
        " Hongkong",
    ),
    # The states with privacy laws are not named: the branch beside this one may cover them.
    "outside the US states with privacy laws, the EU, UK and Switzerland": (
        Where(except_places=("EU", "GB", "CH", "US-CA")),
        "outside the EU, UK, Switzerland and California",
        "überall außer in der EU, im Vereinigten Königreich, in der Schweiz und in Kalifornien",
    ),
}


@pytest.mark.parametrize(("where", "english", "german"), REGIONS.values(), ids=REGIONS)
def test_every_kind_of_place_reads_well(where, english, german):
    assert errors(where) == []
    with translation.override("en"):
        assert place_words(where) == english
    with translation.override("de"):
        assert place_words(where) == german


@pytest.mark.parametrize(
    ("where", "english", "german"),
    [
        (Where(some_of=("EU",)), "certain countries in the EU", "bestimmte Länder in der EU"),
        (
            Where(("EEA", "GB"), some_of=("world",)),
            "EU, EEA, UK and certain other countries",
            "EU, EWR, Vereinigtes Königreich und bestimmte weitere Länder",
        ),
        (
            Where(("US", "CA"), ("US-IL", "US-TX")),
            "US and Canada, except Illinois and Texas",
            "USA und Kanada, außer in Illinois und Texas",
        ),
        (
            Where(except_places=("EEA",), some_of=("world",)),
            "certain countries outside the EU and EEA",
            "bestimmte Länder, aber nicht in der EU und im EWR",
        ),
        (
            Where(except_places=("NL", "PH")),
            "outside the Netherlands and Philippines",
            "überall außer in den Niederlanden und auf den Philippinen",
        ),
    ],
)
def test_places_that_are_not_named_and_exceptions_read_well(where, english, german):
    with translation.override("en"):
        assert place_words(where) == english
    with translation.override("de"):
        assert place_words(where) == german


@pytest.mark.parametrize(
    ("where", "french"),
    [
        (Where(("EEA", "GB")), "UE, EEE et Royaume-Uni"),
        (
            Where(except_places=("EEA", "GB", "CH", "JP", "US", "CU")),
            "partout sauf dans l’UE, dans l’EEE, au Royaume-Uni, en Suisse, au Japon,"
            " aux États-Unis et à Cuba",
        ),
        (
            Where(("US", "CA"), ("US-IL", "CA-QC")),
            "États-Unis et Canada, sauf dans l’Illinois et au Québec",
        ),
        (
            Where(except_places=("IM", "DE-BY")),
            "partout sauf sur l’île de Man et dans la région Bavière",
        ),
        (Where(some_of=("EU",)), "certains pays dans l’UE"),
        (Where(("US-CA",), some_of=("US",)), "Californie et d’autres régions aux États-Unis"),
        (
            Where(except_places=("EEA",), some_of=("world",)),
            "certains pays, mais pas dans l’UE et dans l’EEE",
        ),
    ],
)
def test_french_says_a_preposition_before_each_place(where, french):
    with translation.override("fr"):
        assert place_words(where) == french


def test_the_cells_of_a_platform_are_named_by_groups_not_by_forty_countries():
    cut = cells("", [Where(("EEA", "GB")), Where(("US-CA",))])
    assert [place_words(cell.where) for cell in cut] == [
        "outside the EU, EEA, UK and US",
        "EU, EEA and UK",
        "US, except California",
        "California",
    ]
    norway = tuple(sorted(expanded(("EU",)) | {"NO"}))
    assert place_words(Where(norway)) == "EU and Norway"


def test_a_state_with_the_name_of_a_country_says_so():
    assert place_name("US-GA") == "Georgia (US)"
    assert place_name("GE") == "Georgia"


PERSONAL = (People.PERSONAL,)
ORGANISATION = (People.ORGANISATION,)
EVERYONE = tuple(People)
AUDIENCES = {
    "personal accounts": (PERSONAL, (), "", "personal accounts", "private Konten"),
    "personal accounts of adults": (PERSONAL, (), "", "personal accounts", "private Konten"),
    "adults": (PERSONAL, (), "", "personal accounts", "private Konten"),
    "organisations": (ORGANISATION, (), "", "organisations", "Organisationen"),
    "everyone": (EVERYONE, (), "", "everyone", "alle"),
    "everyone, with or without an account": (EVERYONE, (), "", "everyone", "alle"),
    "people without an account": (
        (People.NO_ACCOUNT,),
        (),
        "",
        "people without an account",
        "Menschen ohne Konto",
    ),
    "everyone; in organisations the admin may decide": (
        (People.PERSONAL, People.ORGANISATION),
        (),
        "",
        "personal accounts and organisations",
        "private Konten und Organisationen",
    ),
    "everyone; teams can enforce it": (
        (People.ORGANISATION, People.PERSONAL),
        (),
        "",
        "personal accounts and organisations",
        "private Konten und Organisationen",
    ),
    "personal plans, also signed out": (
        (People.PERSONAL, People.NO_ACCOUNT),
        (),
        "",
        "personal accounts and people without an account",
        "private Konten und Menschen ohne Konto",
    ),
    "Free and Pro": (
        PERSONAL,
        ("Free", "Pro"),
        "",
        "personal accounts on Free and Pro",
        "private Konten mit Free und Pro",
    ),
    "Free, Pro and Max": (
        PERSONAL,
        ("Free", "Pro", "Max"),
        "",
        "personal accounts on Free, Pro and Max",
        "private Konten mit Free, Pro und Max",
    ),
    "Free, Pro and Pro+": (
        PERSONAL,
        ("Free", "Pro", "Pro+"),
        "",
        "personal accounts on Free, Pro and Pro+",
        "private Konten mit Free, Pro und Pro+",
    ),
    "Free": (PERSONAL, ("Free",), "", "personal accounts on Free", "private Konten mit Free"),
    "Business, Enterprise, Edu and API": (
        ORGANISATION,
        ("Business", "Enterprise", "Edu", "API"),
        "",
        "organisations on Business, Enterprise, Edu and API",
        "Organisationen mit Business, Enterprise, Edu und API",
    ),
    "Starter and Professional": (
        (People.PERSONAL, People.ORGANISATION),
        ("Starter", "Professional"),
        "",
        "personal accounts and organisations on Starter and Professional",
        "private Konten und Organisationen mit Starter und Professional",
    ),
    "Team": (ORGANISATION, ("Team",), "", "organisations on Team", "Organisationen mit Team"),
    "creators": ((People.CREATORS,), (), "", "creators", "Kreative"),
    "artists": ((People.CREATORS,), (), "artists", "artists", "Künstlerinnen und Künstler"),
    "contributors": ((People.CREATORS,), (), "contributors", "contributors", "Beitragende"),
    "channel owners": (
        (People.CREATORS,),
        (),
        "channel owners",
        "channel owners",
        "Inhaber von Kanälen",
    ),
    "site owners": ((People.CREATORS,), (), "site owners", "site owners", "Inhaber von Websites"),
    "owners of a publication": (
        (People.CREATORS,),
        (),
        "owners of a publication",
        "owners of a publication",
        "Inhaber einer Publikation",
    ),
    "business customers": (
        ORGANISATION,
        (),
        "business customers",
        "business customers",
        "Geschäftskunden",
    ),
    "work and school accounts": (
        ORGANISATION,
        (),
        "work and school accounts",
        "work and school accounts",
        "Konten von Arbeitgebern und Schulen",
    ),
    "workspaces, free and paid": (
        ORGANISATION,
        (),
        "workspaces, free and paid",
        "workspaces, free and paid",
        "Arbeitsbereiche, kostenlose und bezahlte",
    ),
    "minors": ((People.MINORS,), (), "", "minors", "Minderjährige"),
}


@pytest.mark.parametrize(
    ("people", "plans", "who", "english", "german"), AUDIENCES.values(), ids=AUDIENCES
)
def test_every_kind_of_people_reads_well(people, plans, who, english, german):
    with translation.override("en"):
        assert people_words(people, plans, who) == english
    with translation.override("de"):
        assert people_words(people, plans, who) == german
        assert is_in_page_language(who)


def test_a_group_without_words_in_the_language_is_named_and_marked_in_english():
    who = "owners of a made-up device"
    with translation.override("de"):
        assert people_words((People.PERSONAL,), (), who) == who
        assert not is_in_page_language(who)
    with translation.override("en"):
        assert is_in_page_language(who)
