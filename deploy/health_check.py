#!/usr/bin/env python3
"""Exit 0 when the API in this container answers, else 1; PORT says where. It needs no curl."""

import http.client
import os
import sys
from http import HTTPStatus

PATIENCE_S = 5


def answer() -> str:
    """Return how the service answers, in a line."""
    port = int(os.environ.get("PORT") or 8_000)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/health/live")
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return f"no answer on port {port}: {error}"
    finally:
        connection.close()


if __name__ == "__main__":
    said = answer()
    print(said)  # noqa: T201  `docker inspect` shows it
    sys.exit(said != str(HTTPStatus.OK.value))
