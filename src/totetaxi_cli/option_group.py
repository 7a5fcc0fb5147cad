"""Options that several commands share: the fields of one dataclass."""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar, get_type_hints

Command = TypeVar("Command", bound=Callable[..., None])


def with_options(kind: type[Any]) -> Callable[[Command], Callable[..., None]]:
    """Give a command the fields of the dataclass `kind` as options.

    The command's first parameter gets them as one instance; its other parameters stay its own.
    """

    def decorate(command: Command) -> Callable[..., None]:
        shared = _parameters(kind)
        _, *own = inspect.signature(command, eval_str=True).parameters.values()

        def flat(**values: Any) -> None:  # noqa: ANN401  whatever the options hold
            options = kind(**{one.name: values.pop(one.name) for one in shared})
            command(options, **values)

        keyword_only = inspect.Parameter.KEYWORD_ONLY
        parameters = [*shared, *(one.replace(kind=keyword_only) for one in own)]
        # Typer reads these three.
        flat.__name__, flat.__doc__ = command.__name__, command.__doc__
        setattr(flat, "__signature__", inspect.Signature(parameters))  # noqa: B010  mypy knows none
        flat.__annotations__ = {one.name: one.annotation for one in parameters}
        return flat

    return decorate


def _parameters(kind: type[Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=_default(field),
            annotation=hints[field.name],
        )
        for field in fields(kind)
    ]


def _default(field: "Field[Any]") -> Any:  # noqa: ANN401
    if field.default_factory is not MISSING:
        return field.default_factory()
    return inspect.Parameter.empty if field.default is MISSING else field.default
