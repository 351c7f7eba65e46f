"""Whatever the OpenAPI description lets programs ask, and more, is answered as it says."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator, FormatChecker
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, positive_data_acceptance

from config.wsgi import application
from consent.open_data.requests import description
from consent.web import limits
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import DRILL


@pytest.mark.django_db
def test_an_empty_value_is_taken_where_the_description_has_one(client):
    """As forms send it. For all that can be asked without knowing an id."""
    make_entry(make_platform("x"))
    described, differing = description(), []
    for path, item in described["paths"].items():
        parameters = item["get"].get("parameters", [])
        if any(each["required"] for each in parameters) or path.endswith("/verdicts"):
            continue  # verdicts want one of two parameters
        for each in parameters:
            asked = f"{path}?{each['name']}="
            schema = each["schema"] | {"components": described["components"]}
            shape = Draft202012Validator(schema, format_checker=FormatChecker())
            if (client.get(asked).status_code == 200) != shape.is_valid(""):
                differing.append(asked)
    assert differing == []


#: A platform or a place that there is not is refused, and no description lists all that there are.
NOT_PROMISED = [positive_data_acceptance]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_described(monkeypatch, mode):
    monkeypatch.setattr(limits, "MOST", 10**9)
    platform = make_platform("x")
    use = make_use(platform, slug="posts", data_kinds=["chats"])
    make_state(use)
    make_guide(platform, make_control(use))
    make_entry(platform)
    make_page(platform)
    load_all_checks()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if mode == GenerationMode.NEGATIVE and not list(operation.iter_parameters()):
            continue

        @settings(
            max_examples=12 if DRILL else 1,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            nonlocal asked
            asked += 1
            case.call_and_validate(
                excluded_checks=NOT_PROMISED, headers={"Accept-Encoding": "identity"}
            )

        ask()
    assert asked > (100 if DRILL else 15)
