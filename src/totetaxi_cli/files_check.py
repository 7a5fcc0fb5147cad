"""The doctor's look at where files are kept: one of a few bytes goes there and back."""

from typing import Final
from uuid import uuid4

from totetaxi_adapters.files.opening import file_store
from totetaxi_adapters.settings import Settings
from totetaxi_cli.health_check import HealthCheck, failed, passed
from totetaxi_core.refusal import DomainError

NAME: Final = "files"
CONTENT: Final = b"a look whether files can be kept"


async def check_files(settings: Settings) -> HealthCheck:
    """Keep a file, read it, and remove it again."""
    place = "the place of STORAGE_URL" if settings.storage_url else "the folder of files"
    store, key = file_store(settings), f"doctor/{uuid4().hex}"
    try:
        await store.put(key, CONTENT, content_type="text/plain", file_name="look.txt")
        came_back = await store.read(key) == CONTENT
        await store.delete(key)
    except DomainError as error:
        return failed(
            NAME,
            f"{place}: {error.code}: {error}",
            advice="check STORAGE_URL and the keys of AWS, or the room and rights in the folder",
        )
    if not came_back:
        advice = "see what else writes there"
        return failed(NAME, f"{place} gave back something else", advice=advice)
    return passed(NAME, f"{place} takes and gives them")
