"""Passwords hashed by argon2id, in threads: the event loop goes on meanwhile."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
"""Each takes 19 MiB and a core: more at once would only wait for each other."""
MEMORY_KIB, PASSES, LANES = 19 * 1_024, 2, 1
"""https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html"""
# The hash of a password that nobody knows, made with the figures above.
OF_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZWJvZHkgdW5rbm93bg$"
    "Yx3m9Hj0oF2c5k1bq7tV8wZ4aR6sN0uD1eG2hJ3iK4k"
)


class Argon2PasswordHasher:
    """Implements the core's port. What waits for a thread waits in its order."""

    def __init__(self) -> None:
        self._argon2 = PasswordHasher(memory_cost=MEMORY_KIB, time_cost=PASSES, parallelism=LANES)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")

    async def hash(self, password: str) -> str:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._argon2.hash, password)

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Tell whether it is the password; None, of nobody, takes as long and is False."""
        verify = partial(self._matches, password, password_hash or OF_NOBODY)
        is_right = await asyncio.get_running_loop().run_in_executor(self._threads, verify)
        return is_right and password_hash is not None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password: str, password_hash: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
