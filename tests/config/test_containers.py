"""The containers of docker-compose.yml, read as Docker would read them."""

import contextlib
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config.supervise import PARTS

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
WITH_BROWSER = yaml.safe_load((ROOT / "docker-compose.browser.yml").read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_foreign_images_are_named_with_their_version():
    images = [service["image"] for service in SERVICES.values() if "image" in service]
    images += [name for name in re.findall(r"^FROM (\S+)", DOCKERFILE, re.M) if name != "app"]
    assert len(images) == 4
    for image in images:
        assert re.search(r":v?\d", image), image


def test_what_should_run_for_good_is_started_again():
    assert {name for name, service in SERVICES.items() if service.get("restart") == "no"} == {
        "prepare"
    }
    for name in {*OURS, "db", "redis"} - {"prepare"}:
        assert SERVICES[name]["restart"] == "unless-stopped", name


def test_nothing_of_ours_starts_before_the_database_is_there_and_prepared():
    for name, service in OURS.items():
        waits_for = service["depends_on"]
        assert set(waits_for) <= set(SERVICES)
        if name == "prepare":
            assert all(each["condition"] == "service_healthy" for each in waits_for.values())
            assert all("healthcheck" in SERVICES[other] for other in waits_for)
        else:
            assert waits_for == {"prepare": {"condition": "service_completed_successfully"}}


def test_every_volume_is_declared():
    used = {volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", ())}
    assert used == set(COMPOSE["volumes"])


def test_every_queue_has_a_worker_of_its_own_here_and_on_one_machine():
    queues = sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)
    commands = [one["command"] for one in OURS.values() if "worker" in one.get("command", ())]
    assert sorted(command[command.index("--queues") + 1] for command in commands) == queues
    assert sorted(set(PARTS) - {"web"}) == queues


def test_beat_runs_once():
    beats = [name for name, one in OURS.items() if "beat" in str(one.get("command"))]
    assert beats == ["beat"]


def test_only_the_web_server_is_reached_from_outside_and_through_this_machine_alone():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {
        "web": ["${LISTEN:-127.0.0.1}:${PORT:-8000}:8000"],
        "mailpit": ["127.0.0.1:8025:8025"],
    }


def test_nobody_runs_as_root():
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.M)[1:]
    last_users = [re.findall(r"^USER (\S+)", stage, re.M)[-1:] for stage in stages]
    # The last stage is the first one under another name.
    assert last_users == [["default-on"], ["default-on"], []]


def test_the_files_that_the_image_is_made_of_are_there():
    named = set(re.findall(r"requirements[\w-]*\.txt", DOCKERFILE))
    assert len(named) == 4
    assert all((ROOT / name).is_file() for name in named)


def test_workers_with_a_browser_are_workers_from_a_stage_of_the_same_image():
    assert set(WITH_BROWSER) == {"worker-visits"}
    stage = WITH_BROWSER["worker-visits"]["build"]["target"]
    assert f"FROM app AS {stage}\n" in DOCKERFILE
    # What is built without a name is the last stage: the one without a browser.
    assert DOCKERFILE.rstrip().endswith("\nFROM app")


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (None, False)])
def test_a_web_server_is_healthy_when_it_says_so_to_the_name_of_the_site(tmp_path, status, healthy):
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["Host"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server, contextlib.ExitStack() as stack:
        if status is None:
            server.server_close()
        else:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            stack.callback(server.shutdown)
        done = subprocess.run(
            [sys.executable, "-m", "config.healthy", str(server.server_port)],
            cwd=ROOT,
            env={"VAR_DIR": str(tmp_path), "SITE_URL": "https://example.org"},
            check=False,
        )
    assert done.returncode == (0 if healthy else 1)
    assert asked == ([] if status is None else [("/healthz", "example.org")])
