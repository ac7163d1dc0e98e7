-- What an inbox lists of a request stands beside it: packets are long, and an inbox shows none.
alter table countersign.approvals
    add column asked text generated always as (request #>> '{packet,asked}') stored,
    add column amount_cents bigint generated always as ((request ->> 'amount_cents')::bigint) stored,
    add column product text generated always as (request ->> 'product') stored,
    add column risk text generated always as (request ->> 'risk') stored,
    add column maker text generated always as (request ->> 'maker') stored;
