from datetime import timedelta

import pytest

from totetaxi_cli.elapsed import spoken


@pytest.mark.parametrize(
    ("elapsed", "words"),
    [
        (timedelta(seconds=-3), "0 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=3, minutes=12), "3 h 12 min"),
        (timedelta(days=2, hours=5, minutes=59), "2 d 5 h"),
        (timedelta(days=40), "40 d"),
    ],
)
def test_given_a_length_of_time_when_spoken_then_two_units_say_it(
    elapsed: timedelta, words: str
) -> None:
    assert spoken(elapsed) == words
