"""The rules for Prometheus that are shipped: valid, about figures that there are, and tested."""

import re
import shutil
import subprocess

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.factories import make_fetch, make_page, make_platform
from tests.main_job.installation import ROOT

RULES = ROOT / "deploy/prometheus/alerts.yml"
SERIES = ROOT / "tests/config/alert_rules.yml"


@pytest.mark.django_db
def test_every_figure_that_a_rule_reads_is_there(client, settings):
    settings.METRICS_TOKEN = "a-token-for-tests"
    make_fetch(make_page(make_platform()))
    text = client.get("/metrics", headers={"Authorization": "Bearer a-token-for-tests"}).text
    samples = {
        sample.name: sample.labels
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    rules = [
        rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
    ]
    read = {name for rule in rules for name in re.findall(r"default_on_\w+", rule["expr"])}
    assert len(read) > 10
    assert read <= set(samples)
    assert samples["default_on_heartbeat_timestamp_seconds"].keys() == {"part"}
    assert 'default_on_visits_24h{outcome="own-fault"}' in text


def test_the_rules_are_valid_and_fire_when_they_should():
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian's package is prometheus)")
    for arguments in (["check", "rules", RULES], ["test", "rules", SERIES]):
        done = subprocess.run([promtool, *arguments], text=True, capture_output=True)
        assert done.returncode == 0, done.stdout + done.stderr
