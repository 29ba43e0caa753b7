"""Groups of commands: how they are loaded, and how their failures are told."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from recoupe.cli import output
from recoupe.errors import CodebookError, GoldError, RecoupeError, ReviewsError

_PLAIN: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False, "add_completion": False}


class Commands(TyperGroup):
    """Commands whose failures end in one clear line each, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; a RecoupeError is told on standard error and ends with exit code 1."""
        try:
            return super().invoke(ctx)
        except (CodebookError, GoldError, ReviewsError) as error:
            for mistake in error.mistakes:
                output.complain(mistake)
        except RecoupeError as error:
            output.complain(str(error))
        except KeyboardInterrupt:
            output.complain("interrupted; what is in the ledger stays, and the next run goes on from there")
            raise typer.Exit(130) from None
        raise typer.Exit(1)


class Loaded(UserDict[str, Any]):
    """Commands by name. One is loaded when it is asked for: what the others need would take its time to load.

    They are given as `module:name`, where a module has the function of a command, or a group of commands.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        super().__init__()
        self.data = dict(places)

    def __getitem__(self, name: str) -> Any:
        module, _, what = self.data[name].partition(":")
        found = getattr(import_module(module), what)
        return typer.main.get_command(found if isinstance(found, typer.Typer) else _alone(name, found))


def group(says: str, cls: type[Commands] = Commands) -> typer.Typer:
    """A group of commands; `says` tells what they do."""
    made = typer.Typer(cls=cls, help=says, no_args_is_help=True, **_PLAIN)
    made.callback()(_nothing)  # so that it is a group, however few commands it has
    return made


def _nothing() -> None:
    pass


def _alone(name: str, function: Any) -> typer.Typer:
    """A function as the only command."""
    made = typer.Typer(**_PLAIN)
    made.command(name)(function)
    return made
