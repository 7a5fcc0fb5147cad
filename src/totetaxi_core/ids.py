"""Where new ids come from: random in production, seeded in a simulation."""

from random import Random
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH = 8


class IdSource:
    """Draws ids from a source of randomness: `random.SystemRandom()` in production."""

    def __init__(self, source: Random) -> None:
        self._source = source

    def new_id(self) -> UUID:
        return UUID(int=self._source.getrandbits(128), version=4)

    def new_booking_number(self) -> str:
        """Return `TT-` and 8 Crockford base-32 characters: no sequence, no guessing."""
        return "TT-" + "".join(self._source.choices(CROCKFORD, k=NUMBER_LENGTH))
