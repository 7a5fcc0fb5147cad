"""Every name an act is recorded under is explained."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from totetaxi_core.staff.act_names import ACTS

SOURCE = Path(__file__).parents[3] / "src"
CORE = SOURCE / "totetaxi_core"


def names_in(path: Path) -> Iterator[str]:
    """Yield what stands as an act's name in a module that records acts."""
    tree = ast.parse(path.read_text())
    module = import_module(".".join(path.relative_to(SOURCE).with_suffix("").parts))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "_act" and node.args:
            yield from value_of(node.args[0], module)
        for keyword in node.keywords:
            if keyword.arg == "action_type":
                yield from value_of(keyword.value, module)


def value_of(node: ast.expr, module: object) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id.isupper():
        yield getattr(module, node.id)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        yield from getattr(module, node.value.id).values()


def test_given_the_core_s_acts_when_recorded_then_each_name_is_explained() -> None:
    recording = [path for path in CORE.rglob("*.py") if "StaffAct(" in path.read_text()]

    named = {name for path in recording for name in names_in(path)}

    assert len(recording) > 8
    assert named - set(ACTS) == set()
    assert set(ACTS) - named == {
        "permission_denied",  # by the code of its error
        "staff_changed",  # by what of it changed
        "staff_disabled",
        "staff_enabled",
    }
