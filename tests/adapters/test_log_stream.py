import errno
from io import StringIO

from totetaxi_adapters.log_stream import LogStream


class FullDisk(StringIO):
    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", text)

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_given_a_full_disk_when_a_line_is_logged_then_it_is_lost_and_nobody_fails() -> None:
    stream = LogStream(FullDisk())

    written = stream.write("a line\n")
    stream.flush()

    assert written == len("a line\n")


def test_given_room_when_a_line_is_logged_then_it_arrives() -> None:
    target = StringIO()

    LogStream(target).write("a line\n")

    assert target.getvalue() == "a line\n"
