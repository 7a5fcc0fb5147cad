from dataclasses import replace

from tests.builders import a_booking, a_payment, a_refund
from totetaxi_core.customers.erasure import ERASED, erased_payment, erased_refund


def test_given_money_that_moved_when_its_person_is_erased_then_it_moved_when_it_did() -> None:
    payment = a_payment(a_booking())
    refund = replace(a_refund(payment), requested_by="maria", reason="Ada was unhappy")

    erased = erased_payment(payment), erased_refund(refund)

    assert erased == (replace(payment, customer_email=""), replace(refund, reason=ERASED))
    assert payment.customer_email
