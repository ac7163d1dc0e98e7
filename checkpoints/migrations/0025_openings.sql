-- Why an effect did not happen at once, and when it may.
alter table countersign.effects
    add column reason      text,        -- of a guardrail that held or refused it
    add column waits_until timestamptz; -- when it may happen by itself; null where a person is asked
