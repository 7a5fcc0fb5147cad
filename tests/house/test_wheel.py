"""The distribution as a stranger gets it: alone, without a single dependency."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from datetime import date, time
from importlib.metadata import distributions

from totetaxi_core import PriceBook, QuoteRequest, ServiceType, quote

book = PriceBook.default()
priced = quote(
    QuoteRequest(
        service_type=ServiceType.MINI_MOVE,
        mini_move_package_id=book.mini_move_packages[0].id,
        pickup_date=date(2026, 12, 1),
        pickup_time=time(9, 30),
        pickup_zip="10001",
        delivery_zip="11937",
    ),
    book,
)
print(priced.total_cents, sorted(found.name for found in distributions()))
"""


@pytest.fixture(scope="module")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it alone; return the environment's interpreter."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    venv.create(folder / "environment", with_pip=False)
    python = folder / "environment" / "bin" / "python"
    (wheel,) = folder.glob("totetaxi-*.whl")
    install = ["-m", "pip", "--python", str(python), "install", "--no-index", str(wheel)]
    subprocess.run([sys.executable, *install], check=True, capture_output=True)
    return python


def run(python: Path, program: str) -> str:
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-I", "-c", program], check=True, capture_output=True, text=True, env=bare
    )
    return done.stdout


def test_given_the_wheel_alone_when_quoting_a_mini_move_then_it_costs_995_dollars(
    empty_environment: Path,
) -> None:
    output = run(empty_environment, PROGRAM)

    assert output.split() == ["99500", "['totetaxi']"]


def test_given_the_readme_when_its_python_is_run_then_it_prints_what_it_shows(
    empty_environment: Path,
) -> None:
    readme = (ROOT / "README.md").read_text()
    program, _, after = readme.partition("```python\n")[2].partition("```\n")
    shown = [line.strip() for line in after.strip().split("\n\n")[0].splitlines()]

    output = run(empty_environment, program)

    assert [line.strip() for line in output.splitlines()] == shown
