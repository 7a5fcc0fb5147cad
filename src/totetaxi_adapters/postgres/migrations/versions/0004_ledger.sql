-- The ledger. A later revision changes it; this file stays as it is.

CREATE TABLE ledger_entries (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    cause TEXT NOT NULL,
    booking_id UUID NOT NULL,
    payment_id UUID,
    amount_cents BIGINT NOT NULL,
    posted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ledger_entries PRIMARY KEY (id),
    CONSTRAINT ck_ledger_entries_kind CHECK (kind IN ('charge', 'refund', 'refund_failed', 'dispute', 'dispute_returned')),
    CONSTRAINT ck_ledger_entries_amount_cents CHECK (amount_cents > 0),
    CONSTRAINT ck_ledger_entries_payment_id CHECK (payment_id IS NOT NULL OR kind = 'charge'),
    CONSTRAINT uq_ledger_entries_cause UNIQUE (cause),
    CONSTRAINT fk_ledger_entries_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id),
    CONSTRAINT fk_ledger_entries_booking_id_payment_id FOREIGN KEY(booking_id, payment_id) REFERENCES payments (booking_id, id)
);
CREATE INDEX ix_ledger_entries_booking_id_posted_at_id ON ledger_entries (booking_id, posted_at, id);
CREATE INDEX ix_ledger_entries_posted_at ON ledger_entries (posted_at);

CREATE TABLE ledger_postings (
    entry_id UUID NOT NULL,
    account TEXT NOT NULL,
    amount_cents BIGINT NOT NULL,
    CONSTRAINT pk_ledger_postings PRIMARY KEY (entry_id, account),
    CONSTRAINT ck_ledger_postings_account CHECK (account IN ('stripe', 'revenue', 'discounts', 'tax_payable', 'refunds', 'customer_money', 'dispute_losses')),
    CONSTRAINT ck_ledger_postings_amount_cents CHECK (amount_cents <> 0),
    CONSTRAINT fk_ledger_postings_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entries (id)
);

-- What was recorded before there was a ledger. Nothing may be settled meanwhile.
LOCK TABLE bookings, payments, refunds IN SHARE ROW EXCLUSIVE MODE;

CREATE TEMPORARY TABLE movements (
    entry_id UUID DEFAULT gen_random_uuid(),
    kind TEXT,
    cause TEXT,
    booking_id UUID,
    payment_id UUID,
    posted_at TIMESTAMP WITH TIME ZONE,
    stripe BIGINT DEFAULT 0,
    revenue BIGINT DEFAULT 0,
    discounts BIGINT DEFAULT 0,
    tax_payable BIGINT DEFAULT 0,
    refunds BIGINT DEFAULT 0,
    customer_money BIGINT DEFAULT 0
) ON COMMIT DROP;

CREATE TEMPORARY TABLE quoted ON COMMIT DROP AS
    SELECT booking_id,
        COALESCE(sum(amount_cents) FILTER (WHERE kind NOT IN ('discount', 'tax')), 0) AS revenue,
        -COALESCE(sum(amount_cents) FILTER (WHERE kind = 'discount'), 0) AS discounts,
        COALESCE(sum(amount_cents) FILTER (WHERE kind = 'tax'), 0) AS tax
    FROM quote_lines GROUP BY booking_id;

-- Charges of bookings, then bookings that cost nothing, then money that came twice.
INSERT INTO movements (kind, cause, booking_id, payment_id, posted_at, stripe, revenue, discounts, tax_payable)
    SELECT 'charge', 'charge:' || payments.id, payments.booking_id, payments.id,
        COALESCE(completed_at, updated_at), amount_cents, -revenue, discounts, -tax
    FROM payments JOIN quoted USING (booking_id)
    WHERE status = 'succeeded' AND purpose = 'booking';
INSERT INTO movements (kind, cause, booking_id, posted_at, revenue, discounts, tax_payable)
    SELECT 'charge', 'charge:' || bookings.id, bookings.id, confirmed_at, -revenue, discounts, -tax
    FROM bookings JOIN quoted ON booking_id = bookings.id
    WHERE total_cents = 0 AND confirmed_at IS NOT NULL AND (revenue <> 0 OR discounts <> 0);
INSERT INTO movements (kind, cause, booking_id, payment_id, posted_at, stripe, customer_money)
    SELECT 'charge', 'charge:' || id, booking_id, id, COALESCE(completed_at, updated_at),
        amount_cents, -amount_cents
    FROM payments
    WHERE status = 'succeeded' AND purpose = 'duplicate';

-- Each refund brings the tax given back to the part of its charge that is given back.
INSERT INTO movements (kind, cause, booking_id, payment_id, posted_at, stripe, tax_payable, refunds, customer_money)
    SELECT 'refund', 'refund:' || id, booking_id, payment_id, updated_at, -amount_cents,
        taxed, CASE WHEN is_ours THEN amount_cents - taxed ELSE 0 END,
        CASE WHEN is_ours THEN 0 ELSE amount_cents END
    FROM (
        SELECT made.*, charge.customer_money = 0 AS is_ours,
            div(-charge.tax_payable::numeric * gone, charge.stripe)
                - div(-charge.tax_payable::numeric * (gone - amount_cents), charge.stripe) AS taxed
        FROM (
            SELECT refunds.*, sum(amount_cents) OVER (
                PARTITION BY payment_id ORDER BY updated_at, id
            ) AS gone
            FROM refunds WHERE status IN ('sent', 'succeeded') AND stripe_refund_id IS NOT NULL
        ) AS made
        JOIN movements AS charge ON charge.cause = 'charge:' || made.payment_id
    ) AS shared;

INSERT INTO ledger_entries (id, kind, cause, booking_id, payment_id, amount_cents, posted_at)
    SELECT entry_id, kind, cause, booking_id, payment_id,
        GREATEST(stripe, 0) + GREATEST(revenue, 0) + GREATEST(discounts, 0)
            + GREATEST(tax_payable, 0) + GREATEST(refunds, 0) + GREATEST(customer_money, 0),
        posted_at
    FROM movements;
INSERT INTO ledger_postings (entry_id, account, amount_cents)
    SELECT entry_id, account, cents
    FROM movements CROSS JOIN LATERAL (VALUES
        ('stripe', stripe), ('revenue', revenue), ('discounts', discounts),
        ('tax_payable', tax_payable), ('refunds', refunds), ('customer_money', customer_money)
    ) AS sides (account, cents)
    WHERE cents <> 0;

-- The triggers below watch only what is posted from now on.
DO $$
DECLARE
    broken text;
BEGIN
    SELECT cause INTO broken FROM movements
        WHERE stripe + revenue + discounts + tax_payable + refunds + customer_money <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% does not balance: a payment is not its quote''s total', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balanced';
    END IF;
END;
$$;

-- What was posted is for ever.
CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the ledger has is never changed'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_append_only';
END;
$$;

CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();

-- By commit an entry balances, and its debits are what it says: nothing can be added to it later.
CREATE FUNCTION refuse_unbalanced_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked_id uuid;
BEGIN
    IF TG_TABLE_NAME = 'ledger_entries' THEN
        checked_id := NEW.id;
    ELSE
        checked_id := NEW.entry_id;
    END IF;
    PERFORM 1 FROM ledger_entries
        WHERE id = checked_id
        AND amount_cents = (
            SELECT sum(amount_cents) FROM ledger_postings
            WHERE entry_id = checked_id AND amount_cents > 0
        )
        AND amount_cents = (
            SELECT -sum(amount_cents) FROM ledger_postings
            WHERE entry_id = checked_id AND amount_cents < 0
        );
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger entry % does not balance', checked_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balanced';
    END IF;
    RETURN NULL;
END;
$$;

CREATE CONSTRAINT TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_ledger_entry();
CREATE CONSTRAINT TRIGGER ledger_postings_balanced AFTER INSERT ON ledger_postings
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_ledger_entry();
