"""Things that are made once."""

from __future__ import annotations

from recoupe.once import Once


def test_what_was_made_of_a_thing_is_kept_until_another_comes() -> None:
    made: list[str] = []

    def make(of: list[str]) -> int:
        made.append(of[0])
        return len(made)

    once, a, b = Once(make), ["a"], ["a"]
    assert [once(a), once(a), once(b), once(b), once(a)] == [1, 1, 2, 2, 3]
