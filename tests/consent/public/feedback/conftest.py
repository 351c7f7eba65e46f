"""Fixtures of reader feedback: no requests counted yet, and forms as people send them."""

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_counted():
    cache.clear()


@pytest.fixture
def fill_in(client, clock):
    """Open a form, take ten seconds to fill it in, and send it."""

    def send(path, *, seconds=10, **fields):
        page = BeautifulSoup(client.get(path).text, "lxml")
        form = page.select_one("main form[method=post]")
        filled = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
        clock.move(seconds=seconds)
        return client.post(path, filled | fields)

    return send
