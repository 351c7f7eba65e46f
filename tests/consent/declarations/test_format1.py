"""Files of format 1 become files of format 2, except for what only a person can decide."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from consent.declarations import check, convert_catalog, read_catalog
from consent.declarations.author_help import PLACEHOLDERS
from consent.declarations.format1 import PURPOSE, TITLE
from consent.migrations import _format1 as rules
from consent.vocabulary import DataKind, People, Purpose, StateValue
from platforms.declarations import CatalogError
from platforms.migrations import _format1 as frozen
from platforms.places import Where, errors

FORMAT_1 = Path(__file__).parent / "format1"

#: All regions of settings and entries, and all audiences, that files of format 1 ever had.
REGIONS = {
    "worldwide": ([], [], []),
    "certain markets": ([], [], ["world"]),
    "certain markets, not named": ([], [], ["world"]),
    "US": (["US"], [], []),
    "UK": (["GB"], [], []),
    "Brazil": (["BR"], [], []),
    "US and Canada": (["US", "CA"], [], []),
    "EU and UK": (["EU", "GB"], [], []),
    "EU and EEA": (["EEA"], [], []),
    "EEA and UK": (["EEA", "GB"], [], []),
    "EU, EEA and UK": (["EEA", "GB"], [], []),
    "EU, UK and Switzerland": (["EU", "GB", "CH"], [], []),
    "EEA, UK, Switzerland and Japan": (["EEA", "GB", "CH", "JP"], [], []),
    "EU, EEA, Switzerland, Canada and Hong Kong": (["EEA", "CH", "CA", "HK"], [], []),
    "US, UK, Brazil, Thailand, South Africa, Türkiye, South Korea, Ecuador, Nigeria and Kenya": (
        ["US", "GB", "BR", "TH", "ZA", "TR", "KR", "EC", "NG", "KE"],
        [],
        [],
    ),
    "California and other US states with privacy laws": (["US-CA"], [], ["US"]),
    "outside the EU and UK": ([], ["EU", "GB"], []),
    "outside the EU, UK and South Korea": ([], ["EU", "GB", "KR"], []),
    "outside the EU and EEA": ([], ["EEA"], []),
    "outside the EEA and UK": ([], ["EEA", "GB"], []),
    "outside the EU, EEA and UK": ([], ["EEA", "GB"], []),
    "outside the US, EEA and UK": ([], ["US", "EEA", "GB"], []),
    "outside Canada, the UK and the EEA": ([], ["CA", "GB", "EEA"], []),
    "outside the EU, EEA, UK and Brazil": ([], ["EEA", "GB", "BR"], []),
    "outside the EU, EEA, UK and Switzerland": ([], ["EEA", "GB", "CH"], []),
    "outside the EEA, UK, Switzerland and Japan": ([], ["EEA", "GB", "CH", "JP"], []),
    "outside the EU, EEA, UK, Switzerland, Canada and Hong Kong": (
        [],
        ["EEA", "GB", "CH", "CA", "HK"],
        [],
    ),
    "outside the US states with privacy laws, the EU, UK and Switzerland": (
        [],
        ["US-CA", "EU", "GB", "CH"],
        [],
    ),
    "worldwide except the EEA, Switzerland and the UK": ([], ["EEA", "CH", "GB"], []),
    "Bosnia and Herzegovina and the Netherlands": (["BA", "NL"], [], []),
}


@pytest.mark.parametrize(("phrase", "codes"), REGIONS.items(), ids=REGIONS)
def test_a_region_in_words_is_read_as_codes(phrase, codes):
    assert frozen.read(phrase) == codes
    assert errors(Where(*map(tuple, codes))) == []


def test_regions_of_an_entry_are_read_together():
    assert frozen.read_list(["EU", "EEA", "UK"]) == (["EEA", "GB"], [], [])
    assert frozen.read_list(["Netherlands", "EU"]) == (["NL", "EU"], [], [])
    assert frozen.read_list(["worldwide", "UK"]) == ([], [], [])
    assert frozen.read_list(["UK", "outside the EU"]) is None
    assert frozen.read_list(["UK", "Atlantis"]) is None


def test_every_known_audience_names_people_and_none_is_lost():
    for phrase in rules._AUDIENCES:
        people, plans, who = rules.people_of(phrase)
        assert people
        assert set(people) <= set(People.values)
        assert plans or who or phrase in _SAID_BY_PEOPLE, phrase
    assert rules.people_of("people with a beard") == (["personal"], [], "people with a beard")
    assert rules.people_of("everyone", of_entry=True) == ([], [], "")
    assert rules.people_of("Team", of_entry=True) == (["organisation"], ["Team"], "")


_SAID_BY_PEOPLE = {
    "personal accounts",
    "personal accounts of adults",
    "adults",
    "everyone",
    "organisations",
    "everyone, with or without an account",
    "people without an account",
}


def test_titles_by_rule_never_name_a_switch_and_fit():
    for kinds in ([], ["voice"], ["code", "chats"], list(DataKind.values)):
        title, title_if_not = rules.titles(kinds)
        assert title.startswith("Your ")
        assert title.endswith(" used for AI")
        assert title_if_not == title.replace(" used", " not used")
        assert len(title_if_not) <= 80


@pytest.mark.parametrize(
    ("label", "refuse"),
    [
        ("Improve the model for everyone", "turn-off"),
        ("Block AI training", "turn-on"),
        ("Don’t save recordings", "turn-on"),
        ("Do Not Send Voice Recordings", "turn-on"),
        ("Opt out of training", "turn-on"),
        ("Blockchain research", "turn-off"),
    ],
)
def test_a_switch_whose_words_refuse_is_turned_on(label, refuse):
    assert rules.control_of("switch", "unstated", label)["refuse"] == refuse


def test_converted_files_lack_only_what_is_asked(tmp_path):
    questions = convert_catalog(FORMAT_1, tmp_path)

    # As they are, they are refused: nobody has written what happens.
    with pytest.raises(CatalogError) as refused:
        read_catalog(tmp_path)
    assert sum("PURPOSE" in str(problem) for problem in refused.value.problems) == 5
    assert PURPOSE not in Purpose.values
    assert TITLE in PLACEHOLDERS
    answer(tmp_path)
    catalog = read_catalog(tmp_path)
    assert not [finding for finding in check(catalog, today=dt.date(2026, 1, 1)) if finding.error]
    assert questions["_references"] == ["reference noyb: place, which was “Cloud Cuckoo Land”"]
    assert questions["goose"] == [
        "use chats: title and purpose; it was “Improve Goose”",
        "use chats: which kinds of data",
    ]
    chirp = questions["chirp"]
    for asked in (
        "uses: which matters most to most people; put it first",
        "use training: title and purpose; it was “Allow training”",
        "use training: what holds from 2024-03 on; no state said so",
        "use object-form: places, which were “the moon”",
        "use object-form: people, who were “people with a beard”",
        "control block-training-control: is it “turn-on” that refuses “Block AI training”",
        "control object-form-control: is it binding",
        "entry chirp-2099-announced: due, and outcome once another entry settled it",
        "entry chirp-2024-05-02-regulator: where its source has the words “Chirp has stopped.”",
    ):
        assert asked in chirp
    assert len(chirp) == len(set(chirp))


def answer(folder):
    """Write what only a person can decide."""
    for path in folder.glob("*.yaml"):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for use in data.get("uses", []):
            use["title"] = f"Your {use['slug'].replace('-', ' ')} data trains a model"
            use["purpose"] = "training"
            use.setdefault("data_kinds", ["chats"])
            if "title_if_not" in use:
                use["title_if_not"] = "Your data trains no model"
        for reference in data.get("references", []):
            if len(reference["place"]) > 3:
                reference["place"] = "AT"
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def test_what_a_rule_can_say_is_said(tmp_path):
    convert_catalog(FORMAT_1, tmp_path)
    chirp = yaml.safe_load((tmp_path / "chirp.yaml").read_text(encoding="utf-8"))
    uses = {use["slug"]: use for use in chirp["uses"]}
    assert [state["value"] for state in uses["training"]["states"]] == [
        StateValue.NOT_USED,
        StateValue.UNCLEAR,
        StateValue.UNLESS_REFUSED,
        StateValue.ONLY_IF_AGREED,
    ]
    assert uses["block-training"]["except"] == ["EU", "GB", "KR"]
    assert uses["block-training"]["plans"] == ["Free", "Pro"]
    assert uses["block-training"]["states"][1] == {
        "value": "unclear",
        "since": "2024-05-02",
        "opened_by": "chirp-2024-05-02-regulator",
    }
    controls = {control["slug"]: control for control in chirp["controls"]}
    assert controls["training-control"]["surfaces"] == [
        {
            "surface": "web",
            "path": "Settings › Privacy",
            "deep_link": "https://chirp.example/settings",
        }
    ]
    entries = {entry["key"]: entry for entry in chirp["entries"]}
    regulator = entries["chirp-2024-05-02-regulator"]
    assert (regulator["topic"], regulator["decided"]) == ("enforcement", "2024-05-02")
    assert "effective" not in regulator
    assert "quote" not in regulator["sources"][0]
    (guide,) = chirp["guides"]
    assert (guide["controls"], guide["who"]) == (["training-control"], "adults")
    assert {"settings", "applies_to", "deep_link"}.isdisjoint(guide)


def test_the_command_lists_the_questions_and_keeps_the_old_files(tmp_path, capsys):
    source, target = tmp_path / "old", tmp_path / "new"
    shutil.copytree(FORMAT_1, source)
    call_command("convert_catalog", source, target)
    printed = capsys.readouterr().out
    assert "chirp.yaml\n  uses: which matters most to most people; put it first" in printed
    assert printed.rstrip().endswith("questions to decide.")
    with pytest.raises(CommandError, match="another folder"):
        call_command("convert_catalog", source, source)
    with pytest.raises(CommandError, match=r"chirp\.yaml.* is not of format 1"):
        call_command("convert_catalog", target, tmp_path / "third")
    assert not (tmp_path / "third").exists()
