from pathlib import Path

import pytest

from totetaxi_adapters.routing.matrix_file import read_matrix
from totetaxi_core.refusal import InvalidInputError


def a_file(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_given_both_kinds_of_file_when_read_then_they_say_the_same(tmp_path: Path) -> None:
    csv = '\ufefffrom,to,minutes\n10021,11937,170\n\n"40.7712, -73.9649",11937,0\n'
    json = '{"10021": {"11937": 170}, "40.77120,-73.96490": {"11937": 0}}'

    by_csv = read_matrix(a_file(tmp_path, "m.csv", csv), field="--matrix")
    by_json = read_matrix(a_file(tmp_path, "m.JSON", json), field="--matrix")

    assert by_csv == by_json
    assert by_csv.minutes == {("10021", "11937"): 170, ("40.77120,-73.96490", "11937"): 0}


@pytest.mark.parametrize(
    ("name", "text", "fields"),
    [
        ("m.csv", "10021,11937,170\n", ["--matrix"]),
        ("m.csv", "", ["--matrix"]),
        ("m.csv", 'from,to,minutes\n"10021', ["--matrix"]),
        ("m.json", "[]", ["--matrix"]),
        ("m.json", "{", ["--matrix"]),
        (
            "m.csv",
            "from,to,minutes\n1002,11937,1\n10021,11937,1.5\n10021,11937\n10021,11937,1441\n",
            ["--matrix.line 2", "--matrix.line 3", "--matrix.line 4", "--matrix.line 5"],
        ),
        (
            "m.json",
            '{"10021": {"11937": -1, "x": 2}}',
            ["--matrix.10021.11937", "--matrix.10021.x"],
        ),
        ("m.json", '{"10021": {"11937": true}}', ["--matrix.10021.11937"]),
    ],
)
def test_given_a_file_that_is_no_matrix_when_read_then_every_fault_is_named(
    tmp_path: Path, name: str, text: str, fields: list[str]
) -> None:
    file = a_file(tmp_path, name, text)

    with pytest.raises(InvalidInputError) as refused:
        read_matrix(file, field="--matrix")

    assert [fault.field for fault in refused.value.faults] == fields
