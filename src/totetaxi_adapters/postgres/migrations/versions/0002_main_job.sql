-- The tables of quoting, booking, paying and settling. A later revision changes them; this file
-- stays as it is.

CREATE TABLE bookings (
    id UUID NOT NULL,
    booking_number TEXT NOT NULL,
    status TEXT NOT NULL,
    service_type TEXT NOT NULL,
    pickup_date DATE NOT NULL,
    pickup_time TIME WITHOUT TIME ZONE NOT NULL,
    pickup_at TIMESTAMP WITH TIME ZONE NOT NULL,
    estimated_hours INTEGER NOT NULL,
    price_book_version INTEGER NOT NULL,
    total_cents BIGINT NOT NULL,
    pricing_fields JSONB NOT NULL,
    guest_first_name TEXT,
    guest_last_name TEXT,
    guest_email TEXT,
    guest_phone TEXT,
    customer_id UUID,
    pickup_address JSONB NOT NULL,
    delivery_address JSONB,
    item_description TEXT NOT NULL,
    special_instructions TEXT NOT NULL,
    cart_key TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    hold_expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    started_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    cancellation_reason TEXT,
    version INTEGER NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_bookings PRIMARY KEY (id),
    CONSTRAINT ck_bookings_status CHECK (status IN ('pending', 'confirmed', 'in_progress', 'completed', 'cancelled')),
    CONSTRAINT ck_bookings_service_type CHECK (service_type IN ('mini_move', 'standard_delivery', 'organizing_only', 'blade_delivery')),
    CONSTRAINT ck_bookings_cancellation_reason CHECK (cancellation_reason IN ('payment_timeout', 'customer', 'staff')),
    CONSTRAINT ck_bookings_guest_or_customer CHECK (num_nonnulls(guest_email, customer_id) = 1),
    CONSTRAINT ck_bookings_whole_guest CHECK (num_nulls(guest_first_name, guest_last_name, guest_email, guest_phone) IN (0, 4)),
    CONSTRAINT ck_bookings_pickup_time CHECK (pickup_time BETWEEN '07:00' AND '12:00'),
    CONSTRAINT ck_bookings_estimated_hours CHECK (estimated_hours >= 1),
    CONSTRAINT ck_bookings_total_cents CHECK (total_cents >= 0),
    CONSTRAINT ck_bookings_hold_expires_at CHECK ((status = 'pending') = (hold_expires_at IS NOT NULL)),
    CONSTRAINT ck_bookings_cancelled_at CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CONSTRAINT ck_bookings_why_cancelled CHECK (num_nulls(cancelled_at, cancellation_reason) IN (0, 2)),
    CONSTRAINT ck_bookings_version CHECK (version >= 1),
    CONSTRAINT uq_bookings_booking_number UNIQUE (booking_number)
);
CREATE INDEX ix_bookings_cart_key_standing ON bookings (cart_key)
    WHERE status IN ('pending', 'confirmed', 'in_progress');
CREATE INDEX ix_bookings_created_at_id ON bookings (created_at, id);
CREATE INDEX ix_bookings_customer_id_created_at_id ON bookings (customer_id, created_at, id)
    WHERE customer_id IS NOT NULL;
CREATE INDEX ix_bookings_hold_expires_at ON bookings (hold_expires_at) WHERE status = 'pending';
CREATE INDEX ix_bookings_pickup_date_pickup_time ON bookings (pickup_date, pickup_time);
CREATE INDEX ix_bookings_status_created_at_id ON bookings (status, created_at, id);
CREATE UNIQUE INDEX uq_bookings_cart_key_pending ON bookings (cart_key)
    WHERE status = 'pending' AND deleted_at IS NULL;

CREATE TABLE crew_dates (
    on_date DATE NOT NULL,
    crews SMALLINT NOT NULL,
    CONSTRAINT pk_crew_dates PRIMARY KEY (on_date),
    CONSTRAINT uq_crew_dates_on_date_crews UNIQUE (on_date, crews),
    CONSTRAINT ck_crew_dates_crews CHECK (crews >= 0)
);

CREATE TABLE heartbeats (
    name TEXT NOT NULL,
    beat_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_heartbeats PRIMARY KEY (name)
);

CREATE TABLE owed_effects (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    cause TEXT NOT NULL,
    payload JSONB NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    done_at TIMESTAMP WITH TIME ZONE,
    last_error TEXT,
    deferred_at TIMESTAMP WITH TIME ZONE,
    job_id BIGINT,
    CONSTRAINT pk_owed_effects PRIMARY KEY (id),
    CONSTRAINT ck_owed_effects_state CHECK (state IN ('due', 'waiting', 'done', 'failed')),
    CONSTRAINT ck_owed_effects_attempts CHECK (attempts >= 0),
    CONSTRAINT ck_owed_effects_done_at CHECK ((state = 'done') = (done_at IS NOT NULL)),
    CONSTRAINT uq_owed_effects_cause UNIQUE (cause)
);
CREATE INDEX ix_owed_effects_due_at ON owed_effects (due_at) WHERE state = 'due';

CREATE TABLE price_books (
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    document JSONB NOT NULL,
    effective_at TIMESTAMP WITH TIME ZONE NOT NULL,
    published_by TEXT NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_price_books PRIMARY KEY (version),
    CONSTRAINT ck_price_books_version CHECK (version >= 1)
);

CREATE TABLE provider_events (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_provider_events PRIMARY KEY (id)
);

CREATE UNLOGGED TABLE rate_limits (
    key TEXT NOT NULL,
    hits INTEGER NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_rate_limits PRIMARY KEY (key),
    CONSTRAINT ck_rate_limits_hits CHECK (hits >= 1)
);
CREATE INDEX ix_rate_limits_ends_at ON rate_limits (ends_at);

CREATE TABLE crew_half_hours (
    on_date DATE NOT NULL,
    half_hour SMALLINT NOT NULL,
    taken SMALLINT NOT NULL,
    crews SMALLINT NOT NULL,
    CONSTRAINT pk_crew_half_hours PRIMARY KEY (on_date, half_hour),
    CONSTRAINT fk_crew_half_hours_on_date_crews FOREIGN KEY(on_date, crews) REFERENCES crew_dates (on_date, crews) ON UPDATE CASCADE,
    CONSTRAINT ck_crew_half_hours_half_hour CHECK (half_hour BETWEEN 0 AND 47),
    CONSTRAINT ck_crew_half_hours_taken CHECK (taken BETWEEN 0 AND crews)
);

CREATE TABLE discount_uses (
    booking_id UUID NOT NULL,
    code_id UUID NOT NULL,
    email_key TEXT NOT NULL,
    CONSTRAINT pk_discount_uses PRIMARY KEY (booking_id),
    CONSTRAINT fk_discount_uses_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id)
);
CREATE INDEX ix_discount_uses_code_id_email_key ON discount_uses (code_id, email_key);

CREATE TABLE idempotency_records (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    booking_id UUID NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_idempotency_records PRIMARY KEY (scope, key),
    CONSTRAINT fk_idempotency_records_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ix_idempotency_records_created_at ON idempotency_records (created_at);

CREATE TABLE messages (
    id UUID NOT NULL,
    booking_id UUID,
    kind TEXT NOT NULL,
    "to" TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_messages PRIMARY KEY (id),
    CONSTRAINT fk_messages_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id)
);
CREATE INDEX ix_messages_to_created_at_id ON messages (lower("to"), created_at, id);

CREATE TABLE payments (
    id UUID NOT NULL,
    booking_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    status TEXT NOT NULL,
    amount_cents BIGINT NOT NULL,
    customer_email TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    completed_at TIMESTAMP WITH TIME ZONE,
    stripe_charge_id TEXT,
    card_brand TEXT,
    card_last_four TEXT,
    CONSTRAINT pk_payments PRIMARY KEY (id),
    CONSTRAINT ck_payments_purpose CHECK (purpose IN ('booking', 'duplicate')),
    CONSTRAINT ck_payments_status CHECK (status IN ('pending', 'processing', 'succeeded', 'failed', 'canceled')),
    CONSTRAINT ck_payments_amount_cents CHECK (amount_cents >= 0),
    CONSTRAINT uq_payments_booking_id_id UNIQUE (booking_id, id),
    CONSTRAINT fk_payments_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id),
    CONSTRAINT uq_payments_stripe_charge_id UNIQUE (stripe_charge_id)
);

CREATE TABLE quote_lines (
    booking_id UUID NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    amount_cents BIGINT NOT NULL,
    rule_id UUID,
    quantity INTEGER NOT NULL,
    unit_cents BIGINT,
    rate_bp INTEGER,
    CONSTRAINT pk_quote_lines PRIMARY KEY (booking_id, position),
    CONSTRAINT ck_quote_lines_kind CHECK (kind IN ('base', 'specialty', 'organizing', 'addon', 'time_surcharge', 'geographic_surcharge', 'discount', 'adjustment', 'tax')),
    CONSTRAINT ck_quote_lines_quantity CHECK (quantity >= 1),
    CONSTRAINT ck_quote_lines_position CHECK (position >= 0),
    CONSTRAINT fk_quote_lines_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id)
);

CREATE TABLE staff_acts (
    id UUID NOT NULL,
    staff_name TEXT NOT NULL,
    action_type TEXT NOT NULL,
    description TEXT NOT NULL,
    booking_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_staff_acts PRIMARY KEY (id),
    CONSTRAINT fk_staff_acts_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id)
);
CREATE INDEX ix_staff_acts_booking_id_created_at_id ON staff_acts (booking_id, created_at, id);

CREATE TABLE payment_attempts (
    id UUID NOT NULL,
    payment_id UUID NOT NULL,
    booking_id UUID NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    intent_id TEXT,
    checked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_payment_attempts PRIMARY KEY (id),
    CONSTRAINT fk_payment_attempts_booking_id_payment_id FOREIGN KEY(booking_id, payment_id) REFERENCES payments (booking_id, id),
    CONSTRAINT ck_payment_attempts_state CHECK (state IN ('live', 'succeeded', 'ended')),
    CONSTRAINT ck_payment_attempts_number CHECK (number >= 1),
    CONSTRAINT uq_payment_attempts_payment_id_number UNIQUE (payment_id, number),
    CONSTRAINT uq_payment_attempts_intent_id UNIQUE (intent_id)
);
CREATE INDEX ix_payment_attempts_booking_id ON payment_attempts (booking_id);
CREATE INDEX ix_payment_attempts_unchecked_since ON payment_attempts (coalesce(checked_at, created_at))
    WHERE state = 'live';
CREATE UNIQUE INDEX uq_payment_attempts_booking_id_live ON payment_attempts (booking_id)
    WHERE state = 'live';

CREATE TABLE refunds (
    id UUID NOT NULL,
    payment_id UUID NOT NULL,
    booking_id UUID NOT NULL,
    amount_cents BIGINT NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    stripe_refund_id TEXT,
    failure_reason TEXT,
    CONSTRAINT pk_refunds PRIMARY KEY (id),
    CONSTRAINT fk_refunds_booking_id_payment_id FOREIGN KEY(booking_id, payment_id) REFERENCES payments (booking_id, id),
    CONSTRAINT ck_refunds_status CHECK (status IN ('requested', 'approved', 'rejected', 'sent', 'succeeded', 'failed')),
    CONSTRAINT ck_refunds_amount_cents CHECK (amount_cents > 0),
    CONSTRAINT uq_refunds_stripe_refund_id UNIQUE (stripe_refund_id)
);
CREATE INDEX ix_refunds_booking_id ON refunds (booking_id);
-- A published price book is for ever.
CREATE FUNCTION refuse_price_book_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published price book is never changed'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'price_books_immutable';
END;
$$;

CREATE TRIGGER price_books_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON price_books
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_price_book_change();

-- A new refund, with those that count already, stays within its payment, whatever runs at once.
CREATE FUNCTION refuse_refund_beyond_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid_cents bigint;
    refunded_cents bigint;
BEGIN
    SELECT amount_cents INTO paid_cents FROM payments WHERE id = NEW.payment_id FOR UPDATE;
    SELECT COALESCE(sum(amount_cents), 0) INTO refunded_cents FROM refunds
        WHERE payment_id = NEW.payment_id AND status NOT IN ('rejected', 'failed');
    IF NEW.status NOT IN ('rejected', 'failed')
        AND refunded_cents + NEW.amount_cents > paid_cents THEN
        RAISE EXCEPTION 'refunds of payment % would exceed it', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_payment';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER refunds_within_payment BEFORE INSERT ON refunds
    FOR EACH ROW EXECUTE FUNCTION refuse_refund_beyond_payment();
