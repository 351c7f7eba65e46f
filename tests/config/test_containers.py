"""The containers of docker-compose.yml, read as Docker would read them."""

import contextlib
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config.supervise import PARTS
from tests.containers.compose import services

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("default-on:")}
REQUIRED = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
SERVING = {"web", "worker-visits", "worker-general", "beat"}
WITH_BROWSER = yaml.safe_load((ROOT / "docker-compose.browser.yml").read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_foreign_images_are_named_with_their_version():
    images = {service["image"] for name, service in SERVICES.items() if name not in OURS}
    images |= {name for name in re.findall(r"^FROM (\S+)", DOCKERFILE, re.M) if name != "app"}
    assert len(images) == 5
    for image in images:
        assert re.search(r":v?\d", image), image


def test_all_that_is_ours_runs_from_one_image_that_one_service_builds():
    assert {one["image"] for one in OURS.values()} == {"default-on:${VERSION:-local}"}
    assert [name for name, one in SERVICES.items() if "build" in one] == ["prepare"]
    # Docker must not look for it in a registry, where it could be somebody else's.
    never = {name for name, one in OURS.items() if one["pull_policy"] == "never"}
    assert never == set(OURS) - {"prepare"}


def test_what_should_run_for_good_is_started_again():
    assert {name for name, service in SERVICES.items() if service.get("restart") == "no"} == {
        "prepare"
    }
    for name in set(SERVICES) - {"prepare"}:
        assert SERVICES[name]["restart"] == "unless-stopped", name


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_has_more_rights_memory_or_log_than_it_needs(name):
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert service["mem_limit"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    given = {"db": 5, "proxy": 1}  # capabilities: to become another user, to listen below 1024
    assert len(service.get("cap_add", ())) == given.get(name, 0)


def test_what_serves_has_a_health_check():
    assert {name for name in OURS if "healthcheck" in OURS[name]} == SERVING


def test_the_cache_may_forget_and_the_queue_may_not():
    policies = {
        name: command[command.index("--maxmemory-policy") + 1]
        for name in ("redis", "cache")
        if (command := SERVICES[name]["command"])
    }
    assert policies == {"redis": "noeviction", "cache": "allkeys-lru"}
    environment = OURS["web"]["environment"]
    assert environment["REDIS_URL"].startswith("redis://redis:")
    assert environment["CACHE_URL"].startswith("redis://cache:")


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
    volumes = {volume for one in SERVICES.values() for volume in one.get("volumes", ())}
    # ${BACKUPS:-backups}:/backups is the volume "backups" unless BACKUPS names a folder.
    used = {re.sub(r"^\$\{\w+:-(\w+)\}", r"\1", volume).split(":")[0] for volume in volumes}
    assert used - {"./deploy/Caddyfile", "./deploy/maintenance.html"} == set(COMPOSE["volumes"])


def test_every_queue_has_a_worker_of_its_own_here_and_on_one_machine():
    queues = sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)
    commands = [one["command"] for one in OURS.values() if "worker" in one.get("command", ())]
    assert sorted(command[command.index("--queues") + 1] for command in commands) == queues
    assert {name.partition("-")[0] for name in PARTS} == {"web", "beat", *queues}


def test_beat_runs_once():
    beats = [name for name, one in OURS.items() if "beat" in str(one.get("command"))]
    assert beats == ["beat"]


def test_only_web_and_proxy_are_reached_from_outside_web_through_this_machine_alone():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {
        "web": ["${LISTEN:-127.0.0.1}:${PORT:-8000}:8000"],
        "mailpit": ["127.0.0.1:8025:8025"],
        "proxy": ["80:80", "443:443", "443:443/udp"],
    }
    assert SERVICES["proxy"]["profiles"] == ["proxy"]


def test_nobody_runs_as_root():
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.M)[1:]
    last_users = [re.findall(r"^USER (\S+)", stage, re.M)[-1:] for stage in stages]
    # The last stage is the first one under another name.
    assert last_users == [["999:999"], ["999:999"], []]


def test_the_files_that_the_image_is_made_of_are_there():
    named = set(re.findall(r"requirements[\w-]*\.txt", DOCKERFILE))
    assert len(named) == 5
    assert all((ROOT / name).is_file() for name in named)


def test_workers_with_a_browser_are_workers_from_a_stage_of_the_same_image():
    assert set(WITH_BROWSER) == {"worker-visits"}
    stage = WITH_BROWSER["worker-visits"]["build"]["target"]
    assert f"FROM app AS {stage}\n" in DOCKERFILE
    # What is built without a name is the last stage: the one without a browser.
    assert DOCKERFILE.rstrip().endswith("\nFROM app")


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
@pytest.mark.parametrize("files", [(), ("docker-compose.yml", "docker-compose.browser.yml")])
def test_docker_compose_reads_the_files_without_a_warning(files):
    given = dict.fromkeys(
        re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()), "x"
    )
    profiles = ("--profile", "proxy", "--profile", "try")
    read = services(given, *profiles, *(word for file in files for word in ("--file", file)))
    assert set(read) == set(SERVICES)
    image = "default-on-browser:local" if files else "default-on:local"
    assert read["worker-visits"]["image"] == image


@pytest.mark.parametrize("missing", ["SECRET_KEY", "POSTGRES_PASSWORD", "SITE_URL"])
@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_docker_compose_names_what_is_missing_in_env(missing):
    with pytest.raises(subprocess.CalledProcessError) as refused:
        services(dict.fromkeys(REQUIRED - {missing}, "x"))
    assert f"set {missing} in .env" in refused.value.stderr


def test_hadolint_finds_nothing_in_the_dockerfile():
    program = Path(sys.executable).parent / "hadolint"
    if not program.exists():
        pytest.skip("hadolint is not installed")
    done = subprocess.run(
        [program, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


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
    assert asked == ([] if status is None else [("/healthz/web", "example.org")])
