"""The clock: every instant the domain sees comes from it, aware and in UTC."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
