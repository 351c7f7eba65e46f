"""Whoever is erased is in no file of the installation any more."""

import os
import re
import time
from contextlib import suppress

from consent.backups.erasure import MAILS_KEPT
from tests.main_job.installation import Installation, Reader, copy_database, until
from tests.pages import fields_in
from tests.practice.site import declare

ERASES = "quetzal-7f3a@mail.example"
ASKS = "Axolotl-9c1d@mail.example"
STAYS = "stays@mail.example"
WORDS, SOURCE = "my landlord Xanthippe", "https://example.org/of-xanthippe"


def files_with(folder, text):
    """Names of the files below a folder that contain a text, in small letters or not."""
    found = []
    for path in sorted(folder.rglob("*")):
        # The database's own files beside it come and go while it is in use.
        with suppress(FileNotFoundError):
            if path.is_file() and text.lower().encode() in path.read_bytes().lower():
                found.append(path.relative_to(folder).as_posix())
    return found


def link_to(place, address, pattern):
    """The last link of this kind in a mail to an address, once it is sent."""

    def found():
        place.run("from consent.alerts.sending.delivery import send_due; send_due()")
        return [
            link
            for mail in place.mails()
            if mail["To"].lower() == address.lower()
            for link in re.findall(pattern, mail.get_body(("plain",)).get_content())
        ]

    return until(found, f"a mail with {pattern} is sent")[-1]


def sign_up(place, address):
    reader = Reader(place.url, address)
    reader.sign_up()
    reader.confirm(link_to(place, address, r"/confirm/[\w:.~-]+"))
    return reader


def test_who_is_erased_is_in_no_file_any_more(tmp_path, migrated_database, collected_static):
    place = Installation(tmp_path, site_port=1, STATIC_ROOT=str(collected_static))
    copy_database(migrated_database, tmp_path / "var")
    declare("http://127.0.0.1:1", tmp_path / "catalog")
    place.manage("load_catalog", "--verbosity", "0")
    with place.web():
        for address in (ERASES, ASKS, STAYS):
            reader = sign_up(place, address)
            if address == ASKS:
                page = reader._asked("GET", "/report").text
                said = {"text": f"Tell {WORDS}", "url": SOURCE, "address": address}
                started = fields_in(page, "main [name=started]")
                time.sleep(2.5)  # forms filled in at once are taken for a program's
                reader._asked("POST", "/report", started | said)
        manage = link_to(place, ERASES, r"/alerts/[\w:.~-]+")
        erasing = Reader(place.url, ERASES)
        form = fields_in(erasing._asked("GET", manage).text, "main [name=csrfmiddlewaretoken]")
        erasing._asked("POST", manage, form | {"act": "erase", "sure": "yes"})
        var = tmp_path / "var"
        for text in (ERASES, ASKS, WORDS, SOURCE, STAYS):
            assert files_with(var, text) != []

        said = place.manage("erase_reader", ASKS).stdout
        assert "1 report" in said
        assert "1 subscriber" in said
        for text in (ASKS, WORDS, SOURCE):
            assert files_with(var, text) == []

        # Mails that an embedded installation wrote go when their time is up; then comes the night.
        for path in (var / "mail").iterdir():
            if ERASES.encode() in path.read_bytes():
                old = time.time() - MAILS_KEPT.total_seconds() - 60
                os.utime(path, (old, old))
        place.run("from consent.tasks import delete_old_feedback; delete_old_feedback()")
        assert files_with(var, ERASES) == []
        assert "default-on.sqlite3" in files_with(var, STAYS)
        assert any(name.startswith("mail/") for name in files_with(var, STAYS))
