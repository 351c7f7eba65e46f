"""Counts by the browser's events what a person does, and estimates how long that takes.

The estimate is a keystroke-level model: Card, Moran and Newell, "The Keystroke-Level Model for User
Performance Time with Interactive Systems", Communications of the ACM 23(7), 1980. It predicts the
time of somebody who knows the pages, makes no error and knows what to write; it is no measurement.
"""

from dataclasses import dataclass
from typing import NamedTuple

from tests.main_job.installation import ROOT

#: Seconds: a key at the speed of an average non-secretary typist, pointing with the mouse, pressing
#: and releasing its button (from Kieras, "Using the Keystroke-Level Model", 2001), moving the hand
#: between keyboard and mouse, and preparing one act.
KEY, POINT, CLICK, HOME, THINK = 0.28, 1.1, 0.2, 0.4, 1.35
#: Seconds for a page to come. The model leaves them open; chosen, longer than the desk takes.
LOAD = 1.0
#: Fetching something from the window of an article, besides pasting it: keys that switch there and
#: back, two each, and two that copy. An address is marked by two more keys, a passage by mouse.
COPY_PASSAGE = 2 * POINT + CLICK + 2 * HOME

#: Runs in every page of a window. What it counts outlives the page: it is in the session's storage.
_COUNTER = """(() => {
  if (window !== window.top || !location.protocol.startsWith("http")) return;
  const effort = JSON.parse(sessionStorage.getItem("effort") || "null") ||
    {keys: 0, clicks: 0, choices: 0, hands: 0, addresses: 0, passages: 0, loads: 0, device: "",
     fields: []};
  const keep = () => sessionStorage.setItem("effort", JSON.stringify(effort));
  const take = (device) => {
    if (effort.device && effort.device !== device) effort.hands += 1;
    effort.device = device;
  };
  const isText = (node) => node.matches?.(
    "textarea, input:not([type=checkbox], [type=radio], [type=submit], [type=button])");
  const on = (type, react) => addEventListener(type, (event) => {
    if (event.isTrusted) { react(event); keep(); }
  }, true);
  let typedInto = null;
  effort.loads += 1;
  keep();
  on("keydown", (event) => {
    if (event.repeat || event.key === "Shift") return;
    const shifted = event.key.length === 1 && /[A-Z~!@#$%^&*()_+{}|:"<>?]/.test(event.key);
    effort.keys += shifted ? 2 : 1;
    take("keyboard");
  });
  on("mousedown", (event) => {
    effort.clicks += 1;
    if (!isText(event.target)) effort.choices += 1;
    take("mouse");
  });
  on("paste", (event) => { effort[event.target.type === "url" ? "addresses" : "passages"] += 1; });
  on("focusin", () => { typedInto = null; });
  on("input", (event) => {
    if (!isText(event.target)) return;
    if (typedInto === null) {
      typedInto = {name: event.target.name, value: ""};
      effort.fields.push(typedInto);
    }
    typedInto.value = event.target.value;
  });
})()"""


@dataclass(frozen=True, slots=True)
class Effort:
    """What a person did.

    keys: pressed, with Shift. clicks: of the mouse; choices: those that are not into a field of
    text. hands: moves between keyboard and mouse. addresses, passages: pasted. fields: name and
    text of each field, once for every time somebody typed into it.
    """

    keys: int
    clicks: int
    choices: int
    hands: int
    addresses: int
    passages: int
    loads: int
    fields: tuple[tuple[str, str], ...]

    @property
    def seconds(self) -> float:
        """The estimate. Every field and every choice is prepared once; copying is part of that."""
        return self.seconds_at(KEY)

    def seconds_at(self, key: float) -> float:
        """The estimate for somebody who takes so many seconds for a key; 0.2 is a good typist."""
        thoughts = len(self.fields) + self.choices
        return (
            self.keys * key
            + self.clicks * (POINT + CLICK)
            + self.hands * HOME
            + thoughts * THINK
            + self.addresses * 8 * key
            + self.passages * (6 * key + COPY_PASSAGE)
            + self.loads * LOAD
        )

    @property
    def in_short(self) -> str:
        """The counts and both estimates."""
        counts = f"{self.keys} keys, {self.clicks} clicks, {self.loads} pages"
        return f"{counts}: {self.seconds:.0f} s, of a good typist {self.seconds_at(0.2):.0f} s"

    @property
    def in_words(self) -> str:
        """The estimate, as docs/curating.md has it."""
        return f"{self.seconds:.0f} seconds"


def count_effort(page) -> None:
    """Begin to count, on the page that is open; its load is counted."""
    page.add_init_script(_COUNTER)
    page.evaluate(_COUNTER)


def effort_of(page) -> Effort:
    """Return what was done since `count_effort`."""
    counted = page.evaluate("JSON.parse(sessionStorage.effort)")
    del counted["device"]
    fields = tuple((field["name"], field["value"]) for field in counted.pop("fields"))
    return Effort(**counted, fields=fields)


class Newspaper(NamedTuple):
    """What is copied from an article, and the name that is typed."""

    address: str
    name: str
    words: str


NEWSPAPERS = (
    Newspaper("herald.example", "The Herald", "Chirp began to train on posts this Sunday."),
    Newspaper("courier.example", "The Courier", "Posts now train the models of Chirp."),
    Newspaper("gazette.example", "The Gazette", "Since March, Chirp trains on what people post."),
)


def write(field, words: str) -> None:
    """Click into a field and type. The first part of a date is at its left."""
    field.click(position={"x": 14, "y": 12})
    field.page.keyboard.type(words)


def write_next(field, words: str) -> None:
    """Go to the next field, which is this one, with Tab, and type."""
    field.page.keyboard.press("Tab")
    assert field.evaluate("field => field === document.activeElement")
    field.page.keyboard.type(words)


def paste(field, words: str) -> None:
    """Click into a field and paste what was copied elsewhere."""
    field.page.evaluate("words => navigator.clipboard.writeText(words)", words)
    field.click()
    field.page.keyboard.press("Control+v")
    assert field.input_value() == words


def paste_here(page, words: str) -> None:
    """Paste what was copied elsewhere into the field that has the focus."""
    page.evaluate("words => navigator.clipboard.writeText(words)", words)
    page.keyboard.press("Control+v")


def require_little_effort(effort: Effort) -> None:
    """No field and no words twice; at most two minutes by the model, as docs/curating.md has it."""
    names, texts = zip(*effort.fields, strict=True)
    assert len(names) == len(set(names)) == 12
    assert len(texts) == len(set(texts))
    assert effort.loads == 5
    assert effort.seconds <= 120
    docs = (ROOT / "docs" / "curating.md").read_text(encoding="utf-8")
    assert effort.in_words in " ".join(docs.split()), effort.in_words
