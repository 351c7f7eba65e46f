"""How long readers wait on a site far larger than ours while editors publish.

    python -m benchmarks.traffic [--requests N] [--publish-every N] [--only sqlite or postgresql]

A real server (gunicorn, one worker, empty caches) has the database of benchmarks.large_site: 300
platforms and 10,000 entries. One reader after the other asks for a page. Kinds of pages come as
often as WEIGHTS says; within a kind, popular pages come more often (Zipf's law, exponent 1: the
tenth page a tenth as often as the first). Every so many requests an editor publishes an entry that
opens a state, which makes every kept page out of date. The publishing itself is not timed.

The times of a kind of page are all of its answers: those given out from the cache, those drawn
from known parts, and those drawn anew after a publishing. Processor time of the worker counts, as
other work on the machine makes requests wait but costs them none. It is read in steps of a
hundredth of a second, so a quick answer shows 0 or 10 ms; sums and high percentiles are right.
"""

import argparse
import itertools
import json
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from benchmarks.public_pages import MOST_MS, Ask, embedded, in_child, server, with_services
from tests.services import ServiceAbsent

#: How often each kind of page is asked for. Chosen: readers come by search engines and links to
#: platforms, changes and guides; fewer look around.
WEIGHTS = {
    "home": 10,
    "timeline": 8,
    "timeline, filtered": 6,
    "year": 2,
    "change": 20,
    "platforms": 6,
    "platform": 20,
    "compare": 4,
    "guides": 4,
    "guide": 10,
    "checklist": 3,
    "search": 5,
    "feed": 2,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--publish-every", type=int, default=200, help="requests (default 200)")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.requests, arguments.publish_every)))
        return
    slow = []
    for name, installation in (("sqlite", embedded), ("postgresql", with_services)):
        if arguments.only not in (None, name):
            continue
        try:
            with installation() as place:
                options = ["--requests", str(arguments.requests)]
                options += ["--publish-every", str(arguments.publish_every)]
                took = in_child(place, "benchmarks.traffic", options)
        except ServiceAbsent as absent:
            print(f"{name}: not measured, {absent}.", file=sys.stderr)
            continue
        slow += [f"{name}: {kind}" for kind in report(name, took)]
    if slow:
        sys.exit(f"95th percentile over {MOST_MS:.0f} ms: {', '.join(slow)}")


def report(name: str, took: dict[str, list[tuple[float, float]]]) -> list[str]:
    """Print a table; return the kinds of pages that are over the bar."""
    print(f"\n{name:<20}{'requests':>9}" + f"{'cpu p50':>9}{'p95':>7}{'p99':>7}{'max':>7}"
          f"{'wall p95':>10}")  # fmt: skip
    rows = took | {"all": list(itertools.chain.from_iterable(took.values()))}
    slow = []
    for kind, times in rows.items():
        cpu = _percentiles([cpu for cpu, _wall in times])
        wall = _percentiles([wall for _cpu, wall in times])
        print(
            f"{kind:<20}{len(times):>9}{cpu[49]:>9.0f}{cpu[94]:>7.0f}{cpu[98]:>7.0f}"
            f"{max(cpu for cpu, _ in times):>7.0f}{wall[94]:>10.0f}"
        )
        if cpu[94] > MOST_MS:
            slow.append(kind)
    return slow


def _percentiles(values: Sequence[float]) -> list[float]:
    return statistics.quantiles(values, n=100, method="inclusive")


def measure(requests: int, publish_every: int) -> dict[str, list[tuple[float, float]]]:
    """Return by kind of page what each answer took: processor and wall time in ms."""
    import django

    django.setup()
    from django.db import connection

    from benchmarks import large_site

    large_site.prepare()
    chance = random.Random(1)
    kinds = _kinds(chance)
    publish = _editor()
    connection.close()
    took: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with server(KEEP="pages") as ask:
        for number in range(requests):
            if number % publish_every == publish_every - 1:
                publish(number)
            (kind,) = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
            took[kind].append(_ask(ask, kinds[kind]()))
    return took


def _ask(ask: Ask, address: str) -> tuple[float, float]:
    cpu, wall = ask.cpu(), time.perf_counter()
    status, _etag = ask(address, {})
    wall, cpu = time.perf_counter() - wall, ask.cpu() - cpu
    assert status == 200, (address, status)
    return cpu * 1000, wall * 1000


def _kinds(chance: random.Random) -> dict[str, Callable[[], str]]:
    """Return for each kind of page a function that draws the address of one."""
    from django.utils import timezone

    from consent.models import Entry, Guide
    from consent.vocabulary import Direction, Effect
    from platforms.models import Platform

    platforms = list(Platform.objects.values_list("slug", flat=True))
    some = dict.fromkeys(["", "?place=DE", "?place=US", "?place=GB&people=creators"])
    views = [
        *(f"?direction={each}" for each in Direction),
        *(f"?kind={each}" for each in Effect),
        *(f"?platform={each}" for each in platforms),
        *("?place=DE", "?place=US", "?place=DE&kind=default-on", "?q=pictures"),
    ]
    words = ["pictures", "posts", "who trains on my photos", "pictuers", "opt out", *platforms]
    pools: dict[str, list[str]] = {
        "home": ["/"],
        "timeline": ["/timeline"],
        "timeline, filtered": [f"/timeline{each}" for each in views],
        "year": [f"/{timezone.localdate().year - each}" for each in range(4)],
        "change": [entry.get_absolute_url() for entry in Entry.objects.order_by("-timeline_on")],
        "platforms": [f"/platforms{each}" for each in some],
        "platform": [f"/platforms/{slug}{each}" for slug in platforms for each in some],
        "compare": [f"/compare{each}" for each in some],
        "guides": ["/guides"],
        "guide": [guide.get_absolute_url() for guide in Guide.objects.all()],
        "checklist": [f"/checklist?p={a}&p={b}" for a, b in itertools.pairwise(platforms)],
        "search": [f"/search?q={each.replace(' ', '+')}" for each in words],
        "feed": ["/feeds/timeline.atom"],
    }
    return {kind: _drawing(pool, chance) for kind, pool in pools.items()}


def _drawing(pool: Sequence[str], chance: random.Random) -> Callable[[], str]:
    sums = list(itertools.accumulate(1 / rank for rank in range(1, len(pool) + 1)))
    return lambda: chance.choices(pool, cum_weights=sums)[0]


def _editor() -> Callable[[int], None]:
    """Return a function that publishes an entry which opens a state, as the desk does."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.utils import timezone

    from consent.curation.decisions import publish_by_hand
    from consent.curation.publication import NewState
    from consent.models import Branch, Entry, Source
    from consent.vocabulary import StateValue

    editor = User.objects.create(username="editor")
    branches = iter(list(Branch.objects.select_related("use__platform").order_by("pk")))

    def publish(number: int) -> None:
        branch, today = next(branches), timezone.localdate()
        last = branch.states.order_by("starts_on").last()
        value = next(each for each in StateValue if last is None or each != last.value)
        entry = Entry.objects.create(
            key=f"news-{number}",
            title=f"{branch.use.platform} turns training on, number {number}",
            summary="Posts are used unless people refuse.",
            effects=["default-on"],
            direction="less-control",
            data_kinds=branch.use.data_kinds,
            confidence="high",
            basis="reported",
            effective_on=today,
        )
        entry.platforms.add(branch.use.platform)
        entry.uses.add(branch.use)
        Source.objects.create(
            entry=entry, url="https://news.example/", publisher="Times", published_on=today
        )
        publish_by_hand(entry, curator=editor, states=[NewState(branch, value, today)])
        connection.close()

    return publish


if __name__ == "__main__":
    main()
