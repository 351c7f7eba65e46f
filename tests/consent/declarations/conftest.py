"""A small catalog of three made-up platforms, written to a folder of its own."""

import textwrap

import pytest

#: What the first state of Chirp rests on.
FIRST_SOURCE = """\
    basis: stated
    sources: [{url: 'https://chirp.example/2023', publisher: Chirp, date: '2023'}]
"""
REFERENCES = """\
references:
- {slug: gdpr, name: GDPR, kind: law, place: EU, url: 'https://gdpr.example'}
- {slug: noyb, name: noyb, kind: organisation, place: AT, url: 'https://noyb.example'}
"""

CHIRP = """\
format: 2
name: Chirp
operator: Chirp Ltd.
category: social
homepage: https://chirp.example
aliases: [chirp.example, Tweety]
summary: Public posts train Chirp's model unless people opt out.
pages:
- url: https://chirp.example/help
  kind: help
  title: About our model
  fetch_mode: auto
  select: [main]
uses:
- slug: training
  title: Your public posts train Chirp's model
  title_if_not: Your posts train no model
  purpose: training
  covers: Public posts
  data_kinds: [public-posts]
  pages: [https://chirp.example/help]
  states:
  - value: not-used
    basis: stated
    sources: [{url: 'https://chirp.example/2023', publisher: Chirp, date: '2023'}]
  - value: unless-refused
    since: '2024-07'
    opened_by: chirp-2024-07-default-on
  - value: only-if-agreed
    since: '2025-03-01'
    opened_by: chirp-2025-03-01-default-off
controls:
- slug: switch
  label: Allow training
  labels:
    de: {label: Training erlauben, source: "https://news.example/anleitung"}
  uses: [training]
  refuse: turn-off
  reach: future-only
  surfaces:
  - surface: web
    path: Settings › Privacy
  pages: [https://chirp.example/help]
entries:
- key: chirp-2024-07-default-on
  title: Chirp now uses public posts for training unless users opt out
  summary: A switch appears, and it is on.
  uses: [training]
  controls: [switch]
  effects: [default-on, opt-out-added]
  direction: less-control
  data_kinds: [public-posts]
  effective: '2024-07'
  told: [in-product, blog]
  confidence: high
  basis: stated
  sources:
  - url: https://news.example/chirp
    publisher: The News
    date: '2024-07-26'
- key: chirp-2025-03-01-default-off
  title: Chirp turns training off by default
  summary: The switch is now off.
  uses: [training]
  references: [gdpr]
  effects: [default-off]
  direction: more-control
  announced: '2025-02-10'
  effective: '2025-03-01'
  confidence: high
  basis: stated
  sources:
  - date: '2025-03-02'
    ota:
      repo: OpenTermsArchive/demo-versions
      path: Chirp/Privacy Policy.md
      commit: 0123456789abcdef0123456789abcdef01234567
guides:
- slug: chirp-training
  title: Turn off training on Chirp
  controls: [switch]
  pages: [https://chirp.example/help]
  minutes: 2
  before_you_start: [Sign in.]
  surfaces:
  - surface: web
    verified: 2025-04-01
    verified_by: AB
    steps:
    - act: Open Settings, then Privacy.
    - act: Switch Allow training off.
      expect: The switch is off.
  frictions: [hidden, resets]
  how_to_check: Reload the page.
  caveats: [Works for the future only.]
  sources:
  - url: https://chirp.example/help
    publisher: Chirp
"""

DUCK = """\
format: 2
name: Duck
operator: Duck Ltd.
category: assistant
homepage: https://duck.example
summary: Chats train its model.
uses:
- slug: chats
  title: Your chats train Duck's model
  purpose: training
  covers: Chats
  data_kinds: [chats]
  branches:
  - except: [EEA]
    states:
    - value: no-way-out
      since: '2024-01-01'
      opened_by: duck-2024-use
  - places: [EEA]
    people: [personal, organisation]
    states:
    - value: unclear
      why: reports-only
      basis: reported
      sources:
      - {url: 'https://news.example/eea', publisher: The News, date: '2024'}
entries:
- key: duck-2024-use
  title: Duck and Goose use chats for training, without an opt-out
  summary: The terms of both say so.
  platforms: [duck, goose]
  uses: [chats, goose/chats]
  references: [noyb, gdpr]
  effects: [use-introduced]
  direction: less-control
  except: [EEA]
  people: [personal]
  effective: '2024-01-01'
  confidence: medium
  basis: reported
  note: Sources disagree on the day.
  sources:
  - {url: 'https://news.example/duck', publisher: The News, date: '2024'}
- key: duck-2024-rumour
  title: Duck may share chats
  summary: One report says so.
  uses: [chats]
  effects: [sharing-widened]
  direction: less-control
  effective: '2024'
  confidence: low
  basis: unclear
  status: draft
  reason: One report only.
"""

GOOSE = """\
format: 2
name: Goose
operator: Duck Ltd.
category: assistant
homepage: https://goose.example
summary: Chats train its model.
uses:
- slug: chats
  title: Your chats train Goose's model
  purpose: training
  covers: Chats
  data_kinds: [chats]
  states:
  - value: no-way-out
    since: '2024-01-01'
    opened_by: duck-2024-use
    disputed: true
    note: Not all agree.
"""


class Folder:
    """A catalog folder whose files tests change by replacing a passage."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        for name, text in (
            ("_references", REFERENCES),
            ("chirp", CHIRP),
            ("duck", DUCK),
            ("goose", GOOSE),
        ):
            self.write(name, text)

    def write(self, name, text):
        (self.path / f"{name}.yaml").write_text(textwrap.dedent(text), encoding="utf-8")

    def replace(self, name, old, new):
        path = self.path / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def line_of(self, name, passage):
        """Return the number of the first line with a passage."""
        lines = (self.path / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if passage in line)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "catalog")
