from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def fresh_logging() -> Iterator[None]:
    """Let no test log into another's stream."""
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()
