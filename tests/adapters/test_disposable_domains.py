import pytest

from totetaxi_adapters.disposable_domains import ListedDisposableDomains

LISTED = ListedDisposableDomains()


@pytest.mark.parametrize(
    "domain",
    [
        "tempmail.com",
        "10minutemail.com",
        "Mailinator.COM",
        "deep.below.mailinator.com",
        "yopmail.com.",
    ],
)
def test_given_a_throw_away_domain_when_asked_then_it_is_one(domain: str) -> None:
    assert LISTED.include(domain)


@pytest.mark.parametrize(
    "domain", ["gmail.com", "example.com", "totetaxi.com", "notmailinator.com.example", "com", ""]
)
def test_given_a_domain_of_people_when_asked_then_it_is_none(domain: str) -> None:
    assert not LISTED.include(domain)
