"""What the reader makes of the repository's coded reports does not fall below the floors of `gold/floors.toml`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import floors
from coded import OWN, GoldSet, referenced
from recoupe.codebook import Codebook

FLOORS = floors.read_floors()


def fallen(gold: GoldSet, codebook: Codebook) -> dict[str, str]:
    """The figures of a gold set that are below their floors, with both."""
    now = floors.measured(gold, codebook)
    return {
        f"{name}.{key}": f"{now.get(name, {}).get(key, 0.0):.3f} < {FLOORS[name][key]:.2f}"
        for name, key in floors.below(now, FLOORS)
    }


def test_the_reports_written_for_this_project(codebook: Codebook) -> None:
    assert fallen(OWN, codebook) == {}


def test_the_reports_that_are_coded_by_reference(shared: Path, codebook: Codebook) -> None:
    assert fallen(referenced(shared), codebook) == {}


def test_there_is_a_floor_for_both_languages_and_for_kinds() -> None:
    for name in ("own", "own.fr", "own.en", "referenced", "referenced.fr", "referenced.en"):
        assert {"reading", "found", "status", "attribution", "quotes_strict", "quotes_loose", "speaker"} <= {
            *FLOORS[name]
        }
        assert FLOORS[name]["grounded"] == 1
        assert FLOORS[f"{name}.kinds"]
        assert all(0 < floor <= 1 for floor in FLOORS[name].values())


def test_what_falls_is_named_with_its_table() -> None:
    now = {"own": {"reading": 0.5, "found": 0.6}, "own.kinds": {"attack": 0.7}}
    floor = {"own": {"reading": 0.5, "found": 0.61}, "own.kinds": {"attack": 0.7, "pledge": 0.1}}
    assert list(floors.below(now, floor)) == [("own", "found"), ("own.kinds", "pledge")]
    assert list(floors.below(now, {})) == []


def test_what_is_no_longer_measured_has_fallen() -> None:
    now = {"own": {"reading": 0.5}}
    floor = {"own": {"reading": 0.5}, "own.fr": {"found": 0.3}, "own.kinds": {"attack": 0.7}, "other": {"found": 0.9}}
    assert list(floors.below(now, floor)) == [("own.fr", "found"), ("own.kinds", "attack")]


def test_floors_are_lowered_only_where_they_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        floors.main(["--lower"])
    assert stopped.value.code == 2
    assert "--lower takes --write" in capsys.readouterr().err


def test_floors_rise_and_fall_only_where_that_is_allowed() -> None:
    now, old = {"own": {"reading": 0.537, "found": 0.437}}, {"own": {"reading": 0.4, "found": 0.5}}
    assert floors.renewed(now, old, lower=False) == {"own": {"reading": 0.52, "found": 0.5}}
    assert floors.renewed(now, old, lower=True) == {"own": {"reading": 0.52, "found": 0.42}}
    assert floors.renewed({"own": {"found": 0.005}}, {}, lower=False) == {"own": {}}


def test_the_file_is_as_the_script_writes_it() -> None:
    text = floors.FLOORS.read_text("utf-8")
    assert floors.written(FLOORS) == text
    assert len(re.findall(r"^\[", text, re.MULTILINE)) == len(FLOORS)
