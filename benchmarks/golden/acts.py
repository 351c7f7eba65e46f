"""A script of acts, done as curators and readers do them: forms are opened, filled in and sent.

After each act its folder has the rows that changed, the mails that left, the numbers that programs
ask for, and the pages on which readers see it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks.golden.rows import Names, changes, read_rows
from benchmarks.golden.site import API, HOST, Reader, write_answer
from benchmarks.golden.writing import in_json, write_bytes, write_text
from config.celery import app
from tests.pages import doubts_in, fields_in, press
from tests.practice.site import PracticeSite

PAGE = "/help/perch"
_POSTS = (
    "From November 20, 2026, we use your public posts to train our AI models. This setting is on "
    "by default. You can opt out at any time in Settings by turning off “Train on my posts”."
)
_CHATS = (
    "From November 28, 2026, we also use your chats with Perch to train our AI models, and your "
    "public posts if you live in the EEA."
)
_EUROPE = (
    "In the EEA, the use of public posts to train our AI models is off by default from "
    "November 29, 2026."
)
#: What the watched page says, version by version.
VERSIONS = ((), (_POSTS,), (_POSTS, _CHATS), (_POSTS, _CHATS, _EUROPE))
CHIRP = """\
format: 2
name: Chirp
operator: Chirp Networks
category: social
homepage: {url}
summary: A platform for practice.
pages:
- {{url: "{url}{page}", kind: help, title: About Perch, select: [main], fetch_mode: http}}
uses:
- slug: posts
  title: Your public posts train Perch
  title_if_not: Your public posts do not train Perch
  purpose: training
  covers: Public posts
  data_kinds: [public-posts]
  pages: ["{url}{page}"]
  branches:
  - {{except: [EEA], states: [{{value: not-used}}]}}
  - {{places: [EEA], states: [{{value: not-used}}]}}
- slug: chats
  title: Your chats train Perch
  title_if_not: Your chats do not train Perch
  purpose: training
  covers: Chats with Perch
  data_kinds: [chats]
  pages: ["{url}{page}"]
  states: [{{value: not-used}}]
controls:
- slug: switch
  label: Train on my posts
  uses: [posts]
  refuse: turn-off
  surfaces: [{{surface: web, path: Settings › Privacy}}]
  pages: ["{url}{page}"]
guides:
- slug: chirp-posts
  title: Keep your posts out of Perch
  controls: [switch]
  minutes: 1
  surfaces: [{{surface: web, steps: [{{act: Open the settings.}}, {{act: Turn the switch off.}}]}}]
  caveats: [Does not undo past training.]
  sources: [{{url: "{url}{page}", publisher: Chirp Networks, date: "2026-11-01"}}]
"""


def write_acts(folder: Path, clock: Any, port: int) -> None:
    """Do every act, and write what it did into folder/acts. The clock moves on."""
    with _practice_site(port) as practice:
        script = Script(folder, clock, practice)
        for number, (name, act) in enumerate(script.acts(), start=1):
            script.write(f"{number:02}-{name}", act)
    write_text(folder / "costs.json", in_json(script.costs))


def _practice_site(port: int) -> PracticeSite:
    """Return the practice platform; wait up to half an hour for a run of another worktree."""
    for _ in range(1800):
        try:
            return PracticeSite(port)
        except OSError:
            time.sleep(1)
    return PracticeSite(port)


class Script:
    """The acts in their order, by two editors, for two readers who get mail."""

    def __init__(self, folder: Path, clock: Any, practice: PracticeSite) -> None:
        self.folder, self.clock, self.practice = folder, clock, practice
        self.reader = Reader()
        self.ada, self.bob = Client(SERVER_NAME=HOST), Client(SERVER_NAME=HOST)
        self.people = {_editor("ada"): self.ada, _editor("bob"): self.bob}
        self.names = Names()
        self.rows = read_rows()
        self.names.learn(self.rows)
        self.declared = Path(settings.VAR_DIR) / "declared"
        self.cursor = "0"
        self.costs: dict[str, dict[str, Any]] = {}
        self.said: list[str] = []
        app.loader.import_default_modules()
        practice.answers[PAGE] = lambda _: _page(self.version)
        self.version = 0

    def acts(self) -> Iterator[tuple[str, Callable[[], object]]]:
        yield "declare", self.declare
        yield "sign-up", self.sign_up
        yield "first-visit", self.visit
        yield "change-seen", self.see_change
        yield "publish", lambda: self.publish("the first", states={"posts 1": "unless-refused"})
        yield "mails", self.send_mails
        yield "change-seen", self.see_change
        two = {"posts 2": "unless-refused", "chats 1": "no-way-out"}
        yield "publish-two-uses", lambda: self.publish("the second", states=two)
        yield "undo", self.undo
        yield "publish-again", lambda: self.publish("the second", states=two)
        yield "mails", self.send_mails
        yield "ask-for-second-review", self.ask_for_second_review
        yield "change-seen", self.see_change
        europe = {"posts 2": "only-if-agreed"}
        yield "propose", lambda: self.publish("the third", states=europe)
        yield "send-back", lambda: self.review("return", note="The wrong place.")
        yield "propose-again", lambda: self.publish("the third", states=europe)
        yield "confirm", lambda: self.review("confirm")
        yield "mails", self.send_mails
        yield "correct", lambda: self.revise("correction", correct__title="Chirp trains on posts")
        yield "undo-correction", self.take_back_revision
        yield (
            "correct-again",
            lambda: self.revise(
                "correction",
                correct__summary="Another summary.",
                correct__effective_on="2026-11-21",
            ),
        )
        yield "mails", self.send_mails
        yield "take-back-correction", lambda: self.take_back_revision(reason="It was right before.")
        yield "move-date", lambda: self.revise("postponement", postpone__to="2027-02-01")
        yield "retract", lambda: self.revise("retraction")
        yield "mails", self.send_mails
        yield "take-back-retraction", lambda: self.take_back_revision(reason="It did happen.")
        yield "mails", self.send_mails
        yield "verify-guide", lambda: self.check_guide("still-right")
        yield (
            "change-steps",
            lambda: self.check_guide("steps-changed", act=["Open it.", "Turn it."]),
        )
        yield "rename-guide", lambda: self.edit("guide", slug="chirp-posts-off")
        yield "rename-use", lambda: self.edit("use", slug="posts-of-people")
        yield "rename-platform", lambda: self.edit("platform", slug="chirper")
        yield "edit-use", lambda: self.edit("use", covers="Public posts and replies")
        yield "undo-edit", self.undo_edit
        yield "edit-use-again", lambda: self.edit("use", covers="Public posts and replies")
        yield "load-with-conflict", lambda: self.load(covers="Posts and likes")
        yield "load-taking-the-file", lambda: self.load("--take", "file", covers="Posts and likes")
        yield "close-day", self.close_day
        yield "mails", self.send_mails
        yield "export", self.export

    def write(self, name: str, act: Callable[[], object]) -> None:
        """Do an act, and write what came of it."""
        self.clock.shift(dt.timedelta(minutes=1))
        mail.outbox.clear()
        self.said.clear()
        for person, client in self.people.items():  # a login lasts a working day
            client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        act()
        folder = self.folder / "acts" / name
        before, self.rows = self.rows, read_rows()
        write_text(folder / "rows.txt", changes(before, self.rows, self.names))
        write_text(folder / "said.txt", "".join(f"{line}\n" for line in self.said))
        write_text(folder / "mails.txt", "".join(map(_in_text, _sorted(mail.outbox))))
        write_text(folder / "numbers.json", in_json(self.numbers()))
        self.write_pages(folder)

    def numbers(self) -> dict[str, Any]:
        """What programs ask for: totals and times of the lists, and what is new by number."""
        lists = self.reader.get(API).json()["resources"]
        numbers = {}
        for name in sorted(lists.keys() - {"verdict", "matrix"}):
            page = self.reader.get(f"{API}/{name}?limit=1").json()
            numbers[name] = {each: page[each] for each in ("total", "last_modified")}
        new = self.reader.get(f"{API}/entries?since={self.cursor}&limit=100&wording=on&topic=all")
        return {"lists": numbers, "since": _number(self.cursor)} | self._news(new.json())

    def _news(self, answer: Any) -> dict[str, Any]:
        if self.cursor == "0":  # all of the catalog
            answer |= {"items": [], "gone": []}
            counter = self.rows_of("platforms.versioncounter")[0]
            answer["cursor"] = f"{counter['epoch']}.{counter['last']}"
        self.cursor = answer["cursor"] or self.cursor
        # Each database has an epoch of its own, made up by chance.
        answer["cursor"] = _number(self.cursor)
        return {name: answer[name] for name in ("cursor", "items", "gone")}

    def write_pages(self, folder: Path) -> None:
        platform = self.one("platforms.platform", name="Chirp")["slug"]
        entries = f"{API}/entries?platform={platform}&wording=on&topic=all"
        addresses = [
            f"/platforms/{platform}",
            f"/de/platforms/{platform}",
            f"/feeds/timeline.atom?platform={platform}",
            entries,
            *(f"{API}/{name}?platform={platform}" for name in ("states", "uses", "guides")),
            f"{API}/verdict?platform={platform}&place=DE",
            *(f"/changes/{row['public_id']}" for row in self._entries()),
        ]
        rows = []
        for address in addresses:
            answer = self.reader.get(address)
            rows.append(write_answer(folder, address, answer))
            if answer.status_code == 301:
                rows.append(write_answer(folder, address, self.reader.get(answer["Location"])))
        write_text(folder / "answers.tsv", "".join(rows))

    # What is there

    def rows_of(self, label: str) -> list[dict[str, Any]]:
        return [values for (each, _), values in self.rows.items() if each == label]

    def one(self, label: str, **fields: Any) -> dict[str, Any]:
        """Return the newest row with these values."""
        return [row for row in self.rows_of(label) if row.items() >= fields.items()][-1]

    def _entries(self) -> list[dict[str, Any]]:
        return [row for row in self.rows_of("consent.entry") if row["key"].startswith("chirp")]

    # Acts

    def declare(self) -> None:
        self._write_file({})
        self._command("load_catalog", self.declared)

    def _write_file(self, changed: dict[str, str]) -> None:
        self.declared.mkdir(exist_ok=True)
        file = yaml.safe_load(CHIRP.format(url=self.practice.url, page=PAGE))
        file["uses"][0] |= changed
        (self.declared / "chirp.yaml").write_text(yaml.safe_dump(file, sort_keys=False))

    def load(self, *how: str, **changed: str) -> None:
        self._write_file(changed)
        self._command("load_catalog", self.declared, *how)

    def _command(self, *words: Any) -> None:
        said = io.StringIO()
        try:
            call_command(*words, stdout=said, stderr=said)
        except SystemExit as end:
            said.write(f"exit {end.code}\n")
        lines = said.getvalue().replace(str(settings.VAR_DIR), "").splitlines()
        # The file is loaded alone, so that all other records are named as missing.
        self.said += [line for line in lines if not re.match(r"  \w", line) or "chirp" in line]

    def sign_up(self) -> None:
        for address, what, frequency in (
            ("all@reader.example", "everything", "as-it-happens"),
            ("week@reader.example", "everything", "weekly"),
        ):
            client = Client(SERVER_NAME=HOST)
            page = client.get(f"/subscribe?what={what}")
            self.clock.shift(dt.timedelta(minutes=1))  # nobody types so fast
            sent = fields_in(page.content, "[name=address]")
            client.post("/subscribe", sent | {"address": address, "frequency": frequency})
            self.send_mails()
            link = re.search(r"/confirm/\S+", str(mail.outbox[-1].body))
            assert link, mail.outbox[-1].body
            page = client.get(link[0])
            client.post(link[0], fields_in(page.content, "main form, form [type=submit], button"))

    def visit(self) -> None:
        self._command("check_pages", "--platform", "chirp")
        self._task("suggest_missing")

    def see_change(self) -> None:
        """The page says more, and a visit on the next day finds it."""
        self.version += 1
        self.clock.shift(dt.timedelta(days=1))
        self.visit()

    def publish(self, title: str, *, states: dict[str, str]) -> None:
        """Ada fills in the form of the newest change, looks at it and publishes it."""
        change = self.one("consent.change")["id"]
        address = f"/admin/consent/change/{change}/publish/"
        page = self.ada.get(address)
        sent = fields_in(page.content, "[name=version]")
        for name in list(sent):
            if name.startswith("branch-") and name.endswith("-value"):
                sent[name] = ""
        day = timezone.localdate().isoformat()
        for place, value in states.items():
            slug, number = place.split()
            use = self.one("consent.use", slug=slug)["id"]
            branches = [row for row in self.rows_of("consent.branch") if row["use_id"] == use]
            prefix = f"branch-{branches[int(number) - 1]['id']}"
            sent |= {f"{prefix}-value": value, f"{prefix}-starts_on": day}
            if f'name="{prefix}-agreed"' in page.text:  # the state was proposed
                sent[f"{prefix}-agreed"] = "on"
        sent |= {"title": f"Chirp says {title} thing about posts", "effective_on": day}
        sent |= {"due_on": "", "summary": f"It is {title}.", "note": ""}
        look = self.ada.post(address, sent)
        assert look.status_code == 200, (look.status_code, _mistakes(look))
        sent = fields_in(look.content, "[name=publish]") | doubts_in(look.content)
        sent["publish"] = "now"
        with self._costing("publish"):
            done = self.ada.post(address, sent)
        assert done.status_code == 302, _said(done)
        self._hear(self.ada.get(done["Location"], follow=True))

    def undo(self) -> None:
        change = self.one("consent.change")["id"]
        with self._costing("undo"):
            done = self.ada.post(f"/admin/consent/change/{change}/undo/")
        self._hear(self.ada.get(done["Location"], follow=True))

    def ask_for_second_review(self) -> None:
        self.edit("platform", second_review="on")

    def review(self, button: str, **typed: str) -> None:
        entry = self._entries()[-1]["id"]
        page = self.bob.get(f"/admin/consent/entry/{entry}/review/")
        self._hear(press(self.bob, page, button, **typed))

    def revise(self, kind: str, **typed: str) -> None:
        """Ada revises the first entry of the script, with a reason."""
        prefix = {"correction": "correct", "postponement": "postpone", "retraction": "retract"}
        address = f"/admin/consent/entry/{self._entries()[0]['id']}/revise/"
        page = self.ada.get(address)
        sent = fields_in(page.content, f"[name=kind][value={kind}]")
        sent |= {name.replace("__", "-"): value for name, value in typed.items()}
        sent |= {f"{prefix[kind]}-reason": f"A reason for this {kind}.", "look": "1"}
        look = self.ada.post(address, sent)
        assert look.status_code == 200, (look.status_code, _mistakes(look))
        self._hear(press(self.ada, look, "publish", "now"))

    def take_back_revision(self, reason: str = "") -> None:
        entry = self._entries()[0]["id"]
        revision = self.one("consent.revision", entry_id=entry, undoes_id=None)["id"]
        address = f"/admin/consent/entry/{entry}/revise/undo/"
        sent = {"revision": revision, "reason": reason}
        self._hear(self.ada.post(address, sent, follow=True))

    def check_guide(self, outcome: str, **typed: Any) -> None:
        guide = self.one("consent.guide", slug="chirp-posts")["id"]
        page = self.ada.get(f"/admin/consent/guide/{guide}/check/")
        self._hear(press(self.ada, page, "outcome", outcome, **typed))

    def edit(self, kind: str, **typed: str) -> None:
        """Ada edits the platform, its use of posts or its guide on the page of the record."""
        self._hear(press(self.ada, self.ada.get(self._address(kind)), "_save", **typed))

    def undo_edit(self) -> None:
        address = self._address("use").replace("change/", "undo/")
        self._hear(self.ada.post(address, follow=True))

    def _address(self, kind: str) -> str:
        app = "platforms" if kind == "platform" else "consent"
        platform = self.one("platforms.platform", name="Chirp")["id"]
        named = {"name": "Chirp"} if kind == "platform" else {"platform_id": platform}
        rows = [row for row in self.rows_of(f"{app}.{kind}") if row.items() >= named.items()]
        return f"/admin/{app}/{kind}/{rows[0]['id']}/change/"

    def send_mails(self) -> None:
        """Enough time passes that corrections leave too."""
        self.clock.shift(dt.timedelta(minutes=15))
        for task in ("make_digests", "send_work_mail", "send_mails"):
            self._task(task)

    def close_day(self) -> None:
        """A week later, so that the weekly mail is due."""
        self.clock.shift(dt.timedelta(days=7))
        self._task("close_day")

    def export(self) -> None:
        """What can be taken home of it: file, bundles, package."""
        folder = self.folder / "after"
        call_command("export_catalog", folder / "catalog", verbosity=0, stdout=io.StringIO())
        for path in (folder / "catalog").iterdir():
            if path.name != "chirper.yaml":
                path.unlink()
        for number, row in enumerate(self._entries(), start=1):
            answer = self.reader.get(f"/changes/{row['public_id']}/evidence.wacz")
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            write_bytes(folder / f"bundle-{number}.wacz", body)
        for address in ("/", "/timeline", "/corrections", "/status", "/evidence", "/evidence.csv"):
            write_answer(folder, address, self.reader.get(address))

    def _task(self, name: str) -> None:
        app.conf.task_always_eager = True  # the tasks that it queues run at once
        self.said.append(f"{name}: {app.tasks[f'consent.tasks.{name}']()}")
        app.conf.task_always_eager = False

    def _hear(self, page: Any) -> None:
        """Keep what the desk says, so that a refused act is seen."""
        self.said += _said(page)

    @contextmanager
    def _costing(self, act: str) -> Iterator[None]:
        """Count what the request that does an act takes, the first time.

        Its statements, those of them in a transaction (the act itself; the rest is the form), and
        the modules of ours that run in one.
        """
        statements, inside = 0, 0
        modules: set[str] = set()

        def count(execute: Callable[..., Any], *statement: Any) -> Any:
            nonlocal statements, inside
            statements += 1
            inside += connection.in_atomic_block
            return execute(*statement)

        def profile(frame: Any, event: str, _: Any) -> None:
            name = frame.f_globals.get("__name__", "")
            ours = event == "call" and name.startswith(("consent.", "platforms."))
            if ours and connection.in_atomic_block:
                modules.add(name)

        sys.setprofile(profile)
        try:
            with connection.execute_wrapper(count):
                yield
        finally:
            sys.setprofile(None)
        cost = {"statements": statements, "inside": inside, "modules": sorted(modules)}
        self.costs.setdefault(act, cost)


def _number(cursor: str) -> int:
    return int(cursor.rpartition(".")[2])


def _editor(name: str) -> User:
    user = User.objects.create_user(name, f"{name}@golden.example", is_staff=True)
    user.groups.add(Group.objects.get(name="Administrator"))
    return user


def _page(version: int) -> tuple[int, dict[str, str], bytes]:
    paragraphs = "".join(f"<p>{words}</p>" for words in ("Perch answers.", *VERSIONS[version]))
    body = (
        f'<!doctype html><html lang="en"><title>Perch</title><main><h1>About Perch</h1>{paragraphs}'
    )
    return 200, {"Content-Type": "text/html; charset=utf-8"}, f"{body}</main></html>".encode()


def _said(page: Any) -> list[str]:
    """Return the messages and mistakes that a page of the desk shows."""
    said = re.findall(r'<li class="(?:success|warning|error|info)">(.*?)</li>', page.text, re.S)
    return [" ".join(re.sub("<[^>]+>", "", each).split()) for each in said] + _mistakes(page)


def _mistakes(page: Any) -> list[str]:
    lists = re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', page.text, re.S)
    return [" ".join(re.sub("<[^>]+>", " ", each).split()) for each in lists]


def _sorted(mails: list[Any]) -> list[Any]:
    return sorted(mails, key=lambda each: (each.to, each.subject))


def _in_text(message: Any) -> str:
    html = [str(part[0]) for part in getattr(message, "alternatives", [])]
    headers = "".join(f"{name}: {value}\n" for name, value in message.extra_headers.items())
    return "\n".join(
        (
            f"To: {message.to}",
            f"Subject: {message.subject}",
            headers,
            message.body,
            *html,
            "=" * 80,
            "",
        )
    )
