from pathlib import Path

import pytest

from totetaxi_adapters.files.local import LocalFileStore
from totetaxi_adapters.files.opening import file_store
from totetaxi_adapters.files.s3 import S3FileStore
from totetaxi_adapters.files.storage_url import S3Place, read_storage_url
from totetaxi_adapters.settings import SettingsError, settings_from


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("file:///var/lib/totetaxi%20files", Path("/var/lib/totetaxi files")),
        ("s3://papers", S3Place(bucket="papers")),
        ("s3:///kept", S3Place(bucket=None, prefix="kept")),
        (
            "s3://papers/kept/here/?region=eu-west-1&endpoint=http://127.0.0.1:9000",
            S3Place(
                bucket="papers",
                prefix="kept/here",
                region="eu-west-1",
                endpoint="http://127.0.0.1:9000",
            ),
        ),
    ],
)
def test_given_a_storage_url_when_read_then_it_says_where(url: str, place: object) -> None:
    assert read_storage_url(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "ftp://papers",
        "papers",
        "file://host/x",
        "file:///",
        "file:///x?y=1",
        "s3://key:secret@b",
        "s3://b?x=1",
        "s3://b?region",
        "s3://b?region=",
        "s3://b?region=a&region=b",
        "s3://b#x",
        "s3://b?endpoint=localhost:9000",
        "s3://[b",
    ],
)
def test_given_a_bad_storage_url_when_the_settings_are_read_then_it_is_named_and_not_shown(
    url: str,
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from({"STORAGE_URL": url})

    assert list(caught.value.problems) == ["STORAGE_URL"]
    assert "secret" not in str(caught.value)


def test_given_one_half_of_aws_keys_when_the_settings_are_read_then_that_is_refused() -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from({"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE"})

    assert list(caught.value.problems) == ["AWS_SECRET_ACCESS_KEY"]


def test_given_settings_when_the_store_is_chosen_then_it_is_a_folder_unless_told(
    tmp_path: Path,
) -> None:
    unset = file_store(settings_from({"TOTETAXI_DATA_DIR": str(tmp_path)}))
    folder = file_store(settings_from({"STORAGE_URL": f"file://{tmp_path}/kept"}))
    bucket = file_store(settings_from({"STORAGE_URL": "s3://papers"}))

    assert isinstance(unset, LocalFileStore)
    assert isinstance(folder, LocalFileStore)
    assert (unset.folder, folder.folder) == (tmp_path / "files", tmp_path / "kept")
    assert isinstance(bucket, S3FileStore)
    assert list(tmp_path.iterdir()) == []
