"""The mail domains of disposable mailboxes, from a list that is kept up to date."""

from typing import Final

from disposable_email_domains import blocklist

# Named by the house; https://github.com/disposable-email-domains/disposable-email-domains, which
# lists about ten thousand, does not have all of them.
OUR_OWN: Final = frozenset({"tempmail.com", "10minutemail.com"})


class ListedDisposableDomains:
    """Implements the core's port. A newer release of the package knows more of them."""

    def __init__(self) -> None:
        self._domains = OUR_OWN | blocklist

    def include(self, domain: str) -> bool:
        labels = domain.lower().rstrip(".").split(".")
        return any(".".join(labels[start:]) in self._domains for start in range(len(labels)))
