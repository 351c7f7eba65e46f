"""Places for an installation that is lost and for the one that is restored from its backup."""

import pytest
import redis

from tests.services import copied_in_postgresql


@pytest.fixture(
    params=[
        "embedded",
        pytest.param(
            "services",
            marks=[
                pytest.mark.services,
                pytest.mark.xdist_group("services"),
                pytest.mark.drill,
            ],
        ),
    ]
)
def databases(request):
    """Two places for a database: the first has all tables, the second is empty."""
    if request.param == "embedded":
        return {}, {}
    services = request.getfixturevalue("services")
    redis.Redis.from_url(services["REDIS_URL"]).flushall()
    migrated = copied_in_postgresql(services["DATABASE_URL"])
    empty = copied_in_postgresql(services["DATABASE_URL"].rpartition("/")[0] + "/template0")
    return services | {"DATABASE_URL": migrated}, services | {"DATABASE_URL": empty}
