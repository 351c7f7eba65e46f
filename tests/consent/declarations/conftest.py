"""A small catalog of three made-up platforms, written to a folder of its own."""

import textwrap

import pytest

REFERENCES = """\
references:
- {slug: gdpr, name: GDPR, kind: law, country: European Union, url: 'https://gdpr.example'}
- {slug: noyb, name: noyb, kind: organisation, country: Austria, url: 'https://noyb.example'}
"""

CHIRP = """\
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
settings:
- slug: training
  label: Allow training
  covers: Public posts
  data_kinds: [public-posts]
  path: Settings › Privacy
  route: switch
  reach: future-only
  pages: [https://chirp.example/help]
  states:
  - value: not-used
  - value: on-by-default
    since: '2024-07'
    opened_by: chirp-2024-07-default-on
  - value: off-by-default
    since: '2025-03-01'
    opened_by: chirp-2025-03-01-default-off
entries:
- key: chirp-2024-07-default-on
  title: Chirp now uses public posts for training unless users opt out
  summary: A switch appears, and it is on.
  settings: [training]
  effects: [default-on, opt-out-added]
  direction: less-control
  data_kinds: [public-posts]
  regions: [worldwide]
  effective: '2024-07'
  confidence: high
  basis: stated
  sources:
  - url: https://news.example/chirp
    publisher: The News
    date: '2024-07-26'
- key: chirp-2025-03-01-default-off
  title: Chirp turns training off by default
  summary: The switch is now off.
  settings: [training]
  references: [gdpr]
  effects: [default-off]
  direction: more-control
  regions: [worldwide]
  announced: '2025-02-10'
  effective: '2025-03-01'
  confidence: high
  basis: stated
  sources:
  - date: '2025-02-10'
    ota:
      repo: OpenTermsArchive/demo-versions
      path: Chirp/Privacy Policy.md
      commit: 0123456789abcdef0123456789abcdef01234567
guides:
- slug: chirp-training
  title: Turn off training on Chirp
  settings: [training]
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
  how_to_check: Reload the page.
  caveats: [Works for the future only.]
  sources:
  - url: https://chirp.example/help
    publisher: Chirp
"""

DUCK = """\
name: Duck
operator: Duck Ltd.
category: assistant
homepage: https://duck.example
summary: Chats train its model.
settings:
- slug: chats
  label: Improve Duck
  covers: Chats
  data_kinds: [chats]
  route: none
  states:
  - value: on-no-opt-out
    since: '2024-01-01'
    opened_by: duck-2024-use
entries:
- key: duck-2024-use
  title: Duck and Goose use chats for training, without an opt-out
  summary: The terms of both say so.
  platforms: [duck, goose]
  settings: [chats, goose/chats]
  references: [noyb, gdpr]
  effects: [use-introduced]
  direction: less-control
  regions: [EU, UK]
  effective: '2024-01-01'
  confidence: medium
  basis: reported
  note: Sources disagree on the day.
  sources:
  - {url: 'https://news.example/duck', publisher: The News, date: '2024'}
- key: duck-2024-rumour
  title: Duck may share chats
  summary: One report says so.
  effects: [sharing-widened]
  direction: less-control
  regions: [worldwide]
  effective: '2024'
  confidence: low
  basis: unclear
  status: draft
  reason: One report only.
"""

GOOSE = """\
name: Goose
operator: Duck Ltd.
category: assistant
homepage: https://goose.example
summary: Chats train its model.
settings:
- slug: chats
  label: Improve Goose
  covers: Chats
  route: none
  states:
  - value: on-no-opt-out
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
