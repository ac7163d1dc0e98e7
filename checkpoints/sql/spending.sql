-- name: charged
-- Tokens and money of every answered model call of a case; a recalled answer has one event only.
select coalesce(sum((body ->> 'tokens')::bigint), 0)::bigint as tokens,
    coalesce(sum((body ->> 'cost_microusd')::bigint), 0)::bigint as cost_microusd
from countersign.ledger where stream = %s and kind = 'model_called'

-- name: waited
-- Time that a case waited for models; a call that was never answered counts as the longest there is.
select coalesce(sum(least(coalesce(answered_at - requested_at, longest), longest)), interval '0') as waited
from countersign.journal, (select %s::interval as longest) as bound
where case_id = %s and gateway = 'model'
