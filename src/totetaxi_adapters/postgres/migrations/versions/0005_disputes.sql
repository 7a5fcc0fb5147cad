-- Disputes. A later revision changes them; this file stays as it is.

CREATE TABLE disputes (
    id UUID NOT NULL,
    payment_id UUID NOT NULL,
    booking_id UUID NOT NULL,
    stripe_dispute_id TEXT NOT NULL,
    amount_cents BIGINT NOT NULL,
    withdrawn_cents BIGINT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    due_by TIMESTAMP WITH TIME ZONE,
    is_refundable BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_disputes PRIMARY KEY (id),
    CONSTRAINT ck_disputes_status CHECK (status IN ('inquiry', 'open', 'won', 'lost')),
    CONSTRAINT ck_disputes_amount_cents CHECK (amount_cents > 0),
    CONSTRAINT ck_disputes_withdrawn_cents CHECK (withdrawn_cents BETWEEN 0 AND amount_cents),
    CONSTRAINT uq_disputes_stripe_dispute_id UNIQUE (stripe_dispute_id),
    CONSTRAINT fk_disputes_booking_id_payment_id FOREIGN KEY(booking_id, payment_id) REFERENCES payments (booking_id, id)
);
CREATE INDEX ix_disputes_booking_id ON disputes (booking_id);

-- A new refund, with those that count already, stays within its payment, whatever runs at once.
-- One still to be made at Stripe also leaves alone what disputes withdrew, and a payment that an
-- open dispute has; one that Stripe has made is a fact.
CREATE OR REPLACE FUNCTION refuse_refund_beyond_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid_cents bigint;
    claimed_cents bigint;
    disputed_cents bigint := 0;
    is_held boolean := false;
BEGIN
    SELECT amount_cents INTO paid_cents FROM payments WHERE id = NEW.payment_id FOR UPDATE;
    SELECT COALESCE(sum(amount_cents), 0) INTO claimed_cents FROM refunds
        WHERE payment_id = NEW.payment_id AND status NOT IN ('rejected', 'failed');
    IF NEW.stripe_refund_id IS NULL THEN
        SELECT COALESCE(sum(withdrawn_cents), 0),
                COALESCE(bool_or(status = 'open' AND NOT is_refundable), false)
            INTO disputed_cents, is_held FROM disputes
            WHERE booking_id = NEW.booking_id AND payment_id = NEW.payment_id;
    END IF;
    IF NEW.status NOT IN ('rejected', 'failed')
        AND (is_held OR claimed_cents + disputed_cents + NEW.amount_cents > paid_cents) THEN
        RAISE EXCEPTION 'refunds of payment % would exceed it', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_payment';
    END IF;
    RETURN NEW;
END;
$$;
