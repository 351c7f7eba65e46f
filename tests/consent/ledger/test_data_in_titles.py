"""The kinds of data that titles of uses name are those by which the uses are found."""

import re
import tomllib
from pathlib import Path

import yaml
from django.conf import settings

from consent.vocabulary import DataKind

# What a word of a title may mean besides the kind that a question with it asks for.
_ALSO = {
    "messages": {DataKind.MAIL_AND_DOCUMENTS, DataKind.CHATS, DataKind.CODE},
    "texts": {DataKind.MAIL_AND_DOCUMENTS, DataKind.PROFILE},
    "recording": {DataKind.IMAGES_AND_VIDEO},
    "recordings": {DataKind.IMAGES_AND_VIDEO},
    "comments": {DataKind.FILES},
    "upload": {DataKind.IMAGES_AND_VIDEO},
}


def _kinds_of_words():
    words = tomllib.loads((Path(settings.LOCALE_PATHS[0]) / "en/search.toml").read_text())["kinds"]
    return {word: DataKind(kind) for kind, listed in words.items() for word in listed.split()}


def test_a_use_has_the_kinds_of_data_that_its_title_names():
    kinds, lacking = _kinds_of_words(), []
    for path in sorted((Path(settings.BASE_DIR) / "platforms/catalog").glob("[!_]*.yaml")):
        for use in yaml.load(path.read_text(), Loader=yaml.CSafeLoader).get("uses", ()):
            data = re.split(r" (?:trains?|to|steers?|uploads) ", use["title"])[0]
            data = data[0].lower() + data[1:]  # other capitals begin names
            for word in re.findall(r"\b[a-z-]+\b", data):
                meant = {kinds[word], *_ALSO.get(word, ())} if word in kinds else set()
                if meant and meant.isdisjoint(use["data_kinds"]):
                    lacking.append(f"{path.stem}/{use['slug']}: {word} ({kinds[word]})")
    assert lacking == []
