"""An act's place in the chain of digests."""

import re
from dataclasses import dataclass

from totetaxi_core.refusal import FieldFault, InvalidInputError

GENESIS = "0" * 64
_HEAD = re.compile(r"([1-9]\d{0,17}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of the chain: `position` counts from 1; 0 is the empty chain's."""

    position: int = 0
    digest: str = GENESIS

    def __str__(self) -> str:
        return f"{self.position}:{self.digest}"

    @classmethod
    def parse(cls, text: str) -> "ChainHead":
        """Read what `str` wrote.

        Raises:
            InvalidInputError: it is not that.
        """
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            message = "must be a position, a colon and 64 hexadecimal digits"
            raise InvalidInputError([FieldFault(field="head", code="bad_format", message=message)])
        return cls(int(found[1]), found[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLink:
    """`digest` covers the act, `values_digest` and `previous_digest`, the digest before it.

    `values_digest` covers the values that can be erased, with `salt`, which goes with them.
    """

    position: int
    salt: str | None
    values_digest: str
    previous_digest: str
    digest: str

    @property
    def head(self) -> ChainHead:
        return ChainHead(self.position, self.digest)
