"""The JSON of the desk is as its description says, whatever is asked: schemathesis makes the questions up."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from desk import app_of

EXAMPLES = 15  # questions of each path


@pytest.mark.filterwarnings("ignore")
def test_answers_are_as_described(example_db: Path) -> None:
    app = app_of(example_db, host="0.0.0.0", hosts=("testserver",))
    described = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    operations = [found.ok() for found in described.get_all_operations()]
    assert {"/api/entries", "/api/entry/{id}", "/api/report/{doc}", "/api/search"} <= {o.path for o in operations}
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def asked(case: schemathesis.Case) -> None:
            # What a codebook does not know is refused, which no description of the JSON can tell.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        asked()
