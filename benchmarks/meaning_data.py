"""The shared labelled changes and sentences, and who runs what, for training and measurement."""

import json
import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.shared_data import SHARED_DATA

Case = dict[str, Any]

ORIGIN = (
    "Open Terms Archive (contrib, genai, genai-eu, vlopses-us, pga versions), "
    "Open Data Commons Attribution License"
)

# Products of one company are one operator, so that none is tested on its sister's wording.
PRODUCTS_OF = {
    "Alibaba": ["Alibaba.com", "AliExpress"],
    "Amazon": ["Alexa", "Alexa Skills", "Amazon", "Amazon Mechanical Turk", "IMDb"],
    "Apple": ["App Store", "Apple Business Connect"],
    "Automattic": ["Tumblr", "WordPress.com"],
    "Aylo": ["Pornhub", "RedTube"],
    "Brevo": ["Sendinblue"],
    "Bumble": ["Badoo", "Bumble", "Fruitz"],
    "Canonical": ["ubuntu.com"],
    "Delivery Hero": ["Dame jidlo", "foodora"],
    "Epic Games": ["ArtStation"],
    "Google": [
        "AdSense",
        "Blogger",
        "Gmail",
        "Google",
        "Google Ads",
        "Google Analytics",
        "Google Antigravity",
        "Google Calendar",
        "Google Cloud Platform",
        "Google Drive",
        "Google Generative AI Services",
        "Google Maps",
        "Google Merchant Center",
        "Google One",
        "Google Pay",
        "Google Play",
        "Google Shopping",
        "YouTube",
    ],
    "Hearst": ["Hearst.com", "Womans Day"],
    "Match Group": ["OkCupid", "Tinder"],
    "Meta": [
        "Facebook",
        "Facebook Ads",
        "Instagram",
        "Llama API",
        "Meta AI",
        "Threads",
        "WhatsApp",
    ],
    "Microsoft": ["Blizzard", "Blizzard Entertainment", "LinkedIn"],
    "Mistral": ["Le Chat", "Mistral AI", "Vibe"],
    "Mozilla": ["Firefox", "Firefox Monitor", "Thunderbird"],
    "OpenAI": ["ChatGPT", "DALL·E", "OpenAI"],
    "ParshipMeet": ["LoveScout24", "Parship", "Tagged", "eharmony"],
    "Rakuten": ["Rakuten", "Viber"],
    "SHEIN": ["SHEIN", "Shein"],
    "SNCF": ["SNCF Connect", "SNCF Pro"],
    "Snap": ["Snapchat"],
    "Spark Networks": ["ChristianMingle", "Zoosk"],
    "SpaceX": ["Grok", "Starlink", "Twitter", "X", "xAI"],
    "StackBlitz": ["Bolt.new"],
    "Superhuman": ["Grammarly"],
    "Veepee": ["Privalia", "Veepee"],
    "Wikimedia": ["Wikimedia Foundation", "Wikipedia"],
    "Wolfram": ["Wolfram", "WolframAlpha"],
    "Ziff Davis": ["IGN Entertainment"],
}
_COMPANY = {product: name for name, products in PRODUCTS_OF.items() for product in products}


LABELLED = ("changes-dev", "changes-more", "changes-four", "help-pages")  # "check" only scores


def company(platform: str) -> str:
    """Return who runs a platform; a platform that stands alone is its own company."""
    return _COMPANY.get(platform, platform)


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a JSON-lines file, compressed with xz or not."""
    opening = lzma.open if path.suffix == ".xz" else open
    with opening(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def shared_changes(*names: str) -> Iterator[Case]:
    """Yield the labelled changes of some files, of all that are learned from if none is named."""
    for name in names or LABELLED:
        yield from read_cases(SHARED_DATA / "data" / f"{name}.jsonl.xz")


def shared_sentences() -> list[Case]:
    return read_cases(SHARED_DATA / "data" / "sentences.jsonl.xz")


def in_folds(cases: Iterable[Case], folds: int = 10) -> dict[str, int]:
    """Return the fold of each company, so that folds hold about as many relevant cases."""
    weights: dict[str, float] = {}
    for case in cases:
        name = company(case["platform"])
        weights[name] = weights.get(name, 0.0) + (1.0 if case.get("relevant") else 0.05)
    loads = [0.0] * folds
    fold_of: dict[str, int] = {}
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        lightest = loads.index(min(loads))
        fold_of[name] = lightest
        loads[lightest] += weights[name]
    return fold_of
