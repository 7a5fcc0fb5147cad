"""What a subscriber can verify, while secrets rotate too."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from tests.core.bookings.memory_house import a_house
from tests.core.webhooks.subscribing import (
    content,
    deliver_all,
    subscribe,
    verified,
)
from totetaxi_core.webhooks.deliver_events import claim_deliveries, deliver
from totetaxi_core.webhooks.manage_subscriptions import (
    rotate_secret,
)
from totetaxi_core.webhooks.send_again import send_test_event
from totetaxi_core.webhooks.subscription import BOTH_SECRETS, SecretRotatingError
from totetaxi_core.webhooks.webhook_secrets import WebhookSecrets

OTHER = "https://other.example/hook"


async def test_given_an_event_when_verified_by_the_library_then_its_secret_alone_fits() -> None:
    house = await a_house(at=datetime.now(UTC))
    known, other = await subscribe(house), await subscribe(house, url=OTHER)

    event_id = await send_test_event(known.subscription.id, house.ports, staff_name="maria")
    await deliver_all(house)

    (received,) = house.subscribers.received
    assert verified(known, received) == content(received)
    assert received.headers["webhook-id"] == str(event_id) == content(received)["id"]
    for bad in (other, known):
        forged = received._replace(body=received.body + b" ") if bad is known else received
        with pytest.raises(WebhookVerificationError):
            verified(bad, forged)


async def test_given_a_rotated_secret_when_delivered_then_the_former_one_fits_for_a_day() -> None:
    house = await a_house(at=datetime.now(UTC) - BOTH_SECRETS)
    old = await subscribe(house)
    new = await rotate_secret(old.subscription.id, house.ports, house.terms, staff_name="maria")

    for minutes in (-1, 1):
        house.clock.set(datetime.now(UTC) + timedelta(minutes=minutes))
        await send_test_event(old.subscription.id, house.ports, staff_name="maria")
        await deliver_all(house)

    within, after = house.subscribers.received
    assert new.secret != old.secret
    assert verified(old, within) == verified(new, within)
    assert verified(new, after) == content(after)
    with pytest.raises(WebhookVerificationError):
        verified(old, after)


async def test_given_a_secret_that_rotates_when_rotated_again_then_no_one_is_cut_off() -> None:
    house = await a_house(at=datetime.now(UTC))
    first = await subscribe(house)
    webhook_id = first.subscription.id
    second = await rotate_secret(webhook_id, house.ports, house.terms, staff_name="maria")

    house.clock.advance(BOTH_SECRETS - timedelta(seconds=1))
    with pytest.raises(SecretRotatingError) as refused:
        await rotate_secret(webhook_id, house.ports, house.terms, staff_name="maria")
    house.clock.advance(timedelta(seconds=1))
    third = await rotate_secret(webhook_id, house.ports, house.terms, staff_name="maria")

    assert refused.value.until == house.clock()
    assert refused.value.code == "webhook_secret_rotating"
    assert len({first.secret, second.secret, third.secret}) == 3
    house.clock.set(datetime.now(UTC))
    await send_test_event(webhook_id, house.ports, staff_name="maria")
    await deliver_all(house)
    (received,) = house.subscribers.received
    assert verified(second, received) == verified(third, received) == content(received)


async def test_given_our_own_secret_rotates_when_delivered_then_the_former_one_signs_too() -> None:
    house = await a_house(at=datetime.now(UTC))
    known = await subscribe(house)
    rotated = WebhookSecrets("another", previous_secret="a secret of the tests")
    subscription = known.subscription

    await send_test_event(subscription.id, house.ports, staff_name="maria")
    (claim,) = await claim_deliveries(house.ports, limit=1)
    headers = rotated.headers(subscription, claim.delivery.event, at=house.clock())
    await deliver(claim, house.ports, house.terms)

    (received,) = house.subscribers.received
    assert rotated.secret(subscription) != known.secret
    assert verified(known, received._replace(headers=headers)) == content(received)
