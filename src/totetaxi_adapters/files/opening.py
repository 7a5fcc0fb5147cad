"""The store that the settings name."""

from pathlib import Path

from totetaxi_adapters.files.local import LocalFileStore
from totetaxi_adapters.files.s3 import S3FileStore
from totetaxi_adapters.files.storage_url import read_storage_url
from totetaxi_adapters.settings import Settings
from totetaxi_core.documents.file_store import FileStore

FOLDER = "files"
"""Below the data folder, where files are unless STORAGE_URL says otherwise."""


def file_store(settings: Settings) -> FileStore:
    """Return the store of STORAGE_URL; nothing is opened before it is used."""
    url = settings.storage_url
    place = read_storage_url(url.reveal()) if url else settings.totetaxi_data_dir / FOLDER
    if isinstance(place, Path):
        return LocalFileStore(place)
    return S3FileStore(
        place,
        bucket=settings.aws_storage_bucket_name,
        region=settings.aws_s3_region_name,
        key_id=settings.aws_access_key_id,
        secret=settings.aws_secret_access_key,
    )
