"""What the Nu HTML checker says of pages, mails and style sheets, on the whole catalog.

It needs Java and the checker, which Debian does not package: VNU_JAR names a vnu.jar.
Without them the cases are skipped.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings as project
from django.template.loader import render_to_string
from django.utils import translation

from consent.alerts.mails.previews import previews
from consent.models import Entry, Guide
from platforms.models import Platform

JAR = os.environ.get("VNU_JAR", "")
JAVA = shutil.which("java")
pytestmark = pytest.mark.skipif(
    not (JAR and JAVA), reason="needs Java, and VNU_JAR naming the Nu HTML checker"
)

PATHS = (
    *("/", "/timeline", "/timeline?platform=x&effect=default-on", "/timeline?q=nothing-like-this"),
    *("/timeline?since=bogus", "/matrix", "/matrix?asof=bogus", "/matrix?view=list", "/guides"),
    *("/platforms", "/platforms?asof=2024-01-01", "/checklist", "/checklist?p=x&p=slack"),
    *("/search", "/search?q=twiter", "/search?q=nothing-like-this", "/subscribe", "/alerts"),
    *("/about", "/methodology", "/corrections", "/feeds", "/status", "/report", "/report/platform"),
    *("/report/sent", "/nowhere", "/subscribe/code", "/confirm/x", "/u/x"),
    "/styleguide",
)
FORMS = ("/subscribe", "/report", "/report/platform", "/alerts", "/subscribe/code")
#: Layout tables and paddings of its own are how Outlook is spoken to; nothing else may be obsolete.
FOR_OUTLOOK = ("obsolete", "mso-padding-alt")
#: Defined by SVG 2, which the checker's list of properties leaves out.
UNKNOWN_TO_IT = ("Property “vector-effect” doesn't exist",)


def complaints(folder: Path, *options: str, but: tuple[str, ...] = ()) -> list[str]:
    """What the checker says of the files in a folder."""
    assert JAVA
    command = [JAVA, "-Xss4m", "-jar", JAR, *options, "--exit-zero-always", "--format", "json"]
    answer = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=True)
    return [
        f"{Path(each['url']).name}:{each.get('lastLine', '')} {each['message']}"
        for each in json.loads(answer.stderr)["messages"]
        if not any(words in each["message"] for words in but)
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("styleguide")
def test_every_kind_of_page_is_valid_in_every_language(client, tmp_path, whole_catalog):
    changes = Entry.objects.published()[:5]
    records = [*Platform.objects.listed()[:5], *Guide.objects.published()[:5], *changes]
    paths = [*PATHS, *(record.get_absolute_url() for record in records)]
    views = ("changes", "inline", "side", "before", "after")
    paths += [f"{changes[0].get_absolute_url()}?view={view}" for view in views]
    answers = [client.get(f"{prefix}{path}") for path in paths for prefix in ("", "/de")]
    answers += [client.post(f"{prefix}{path}") for path in FORMS for prefix in ("", "/de")]
    for number, answer in enumerate(answers):
        name = answer.request["PATH_INFO"].strip("/").replace("/", "-")
        (tmp_path / f"{number}-{name}.html").write_text(answer.text, encoding="utf-8")
    for code in ("400", "403", "403_csrf", "500"):
        (tmp_path / f"{code}.html").write_text(render_to_string(f"{code}.html"), encoding="utf-8")
    assert complaints(tmp_path) == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _name in project.LANGUAGES])
def test_every_mail_is_valid_but_for_what_outlook_needs(tmp_path, language):
    with translation.override(language):
        for name, mail in previews().items():
            (tmp_path / f"{name}.html").write_text(mail.html, encoding="utf-8")
    assert complaints(tmp_path, but=FOR_OUTLOOK) == []


def test_every_style_sheet_is_valid():
    folder = project.BASE_DIR / "static" / "css"
    assert complaints(folder, "--css", but=UNKNOWN_TO_IT) == []
