-- name: in_utc
-- Times of this transaction are written in UTC.
set local time zone 'UTC'

-- name: lines
-- Every row that a case has in the stores beside the ledger, as one line of JSON; its stamp is the SHA-256 of the line
-- as it stands. What is encrypted or long is in it as its own SHA-256. ``only``: these keys, or all. Under ``ops``: what
-- belongs to no case.
select key, line from (
    select 'case' as key, jsonb_build_array(
        id, kind, policy_version, application_date, opened_at, maker, amount_cents, product, content_digest,
        application, simulation, parent, idempotency_key, maker_country, workflow)::text as line
    from countersign.cases where id = %(case)s
    union all
    select 'end', jsonb_build_array(status, outcome, closed_at)::text
    from countersign.cases where id = %(case)s and (outcome is not null or closed_at is not null)
    union all
    select 'record/' || event_id, jsonb_build_array(
        id, kind, party, body, digest, event_id, received_at, encode(sent, 'hex'))::text
    from source.records where case_id = %(case)s
    union all
    select format('request/%%s/%%s/%%s/%%s', assignment, attempt, digest, n), jsonb_build_array(
        assignment, attempt, digest, n, gateway, target, encode(sha256(request), 'hex'), requested_at)::text
    from countersign.journal where case_id = %(case)s
    union all
    select format('answer/%%s/%%s/%%s/%%s', assignment, attempt, digest, n), jsonb_build_array(
        encode(sha256(response), 'hex'), answered_at)::text
    from countersign.journal where case_id = %(case)s and (response is not null or answered_at is not null)
    union all
    select 'approval/' || a.id, jsonb_build_array(
        a.id, a.boundary, a.request, a.digest, a.status, a.groups, a.quorum, a.claimed_by, a.claimed_at,
        a.opened_at, a.due_at,
        (select jsonb_agg(jsonb_build_array(d.person, d.decision, d.at) order by d.at, d.person)
         from countersign.approval_decisions d where d.approval_id = a.id))::text
    from countersign.approvals a where a.case_id = %(case)s
    union all
    select 'effect/' || key, jsonb_build_array(
        key, step, effect, action, authority, status, receipt, read_back, reason, waits_until, updated_at)::text
    from countersign.effects where case_id = %(case)s
    union all
    select 'notice/' || notice, jsonb_build_array(notice, key, due_on, body, written_at)::text
    from countersign.notices where case_id = %(case)s
    union all
    select 'standing/' || id, jsonb_build_array(
        id, boundary, day, digest, amount_cents, sampled, specialists)::text
    from countersign.standing_uses where case_id = %(case)s
    union all
    select 'quarantine/' || token, jsonb_build_array(token, place, guardrail, version, rule, event, at)::text
    from countersign.quarantine where case_id = %(case)s
    union all
    select 'erasure', jsonb_build_array(
        asked_by, reason, asked_at, erasable_from, erased_by, erased_at)::text
    from countersign.erasures where case_id = %(case)s
    union all
    select 'condition/' || code, jsonb_build_array(
        code, text, stage, satisfied_by, approval, before, opened_at, due_at, met_at, met_by, waived)::text
    from countersign.conditions where case_id = %(case)s
    union all
    select 'waiver/' || approval_id, jsonb_build_array(
        approval_id, condition, approval, reason_code, asked_at)::text
    from countersign.waivers where case_id = %(case)s
    union all
    select 'information/' || name, jsonb_build_array(
        name, needs, body, send_by, answer_by, asked_at, answered_at, lapsed_at)::text
    from countersign.information_requests where case_id = %(case)s
    union all
    select 'referral', jsonb_build_array(
        kind, missing, owners, escalates_to, opened_at, due_at, settled_by, settled_as, reason, settled_at)::text
    from countersign.referrals where case_id = %(case)s
    union all
    select 'register', jsonb_build_array(key, year, uli, entry, written_at)::text
    from countersign.register_entries where case_id = %(case)s
    union all
    select format('clearance/%%s/%%s/%%s/%%s', approval_id, list_name, entry_number, encode(
        sha256(convert_to(subject || '/' || entry_version, 'UTF8')), 'hex')), jsonb_build_array(
        list_name, entry_number, entry_version, approval_id, cleared_at)::text
    from countersign.clearances where case_id = %(case)s
    union all
    select use_id || '/review', jsonb_build_array(r.use_id, r.verdict, r.reason, r.by, r.reviewed_at)::text
    from countersign.standing_reviews r join countersign.standing_uses u on u.id = r.use_id
    where u.case_id = %(case)s
    union all
    select 'proposal', jsonb_build_array(
        kind, action, version, encode(sha256(convert_to(source, 'UTF8')), 'hex'), source_sha256, replaces, replaces_n,
        encode(sha256(convert_to(report::text, 'UTF8')), 'hex'), report_digest, not_primary, reason, proposed_by,
        proposed_at)::text
    from countersign.proposals where case_id = %(case)s
    union all
    select 'publication', jsonb_build_array(n, kind, version, replaces, order_key, published_at)::text
    from countersign.publications where case_id = %(case)s
    union all
    select 'turn/' || n, jsonb_build_array(
        n, person, groups, key, encode(sha256(message), 'hex'), asked_at)::text
    from countersign.chat_turns where case_id = %(case)s
    union all
    select 'answered/' || n, jsonb_build_array(encode(sha256(answer), 'hex'), answered_at)::text
    from countersign.chat_turns where case_id = %(case)s and (answer is not null or answered_at is not null)
    union all
    select format('autonomy/%%s/%%s', workflow, specialist), jsonb_build_array(level, since, reason, by)::text
    from countersign.autonomy where %(case)s = 'ops'
    union all
    select format('reference/%%s in %%s/%%s', specialist, workflow, countersign.iso(frozen_at)), jsonb_build_array(
        models, prompt, n, counts, by, reason)::text
    from countersign.drift_references where %(case)s = 'ops'
    union all
    select format('golden/%%s/%%s/%%s', specialist, model, countersign.iso(ran_at)), jsonb_agg(jsonb_build_array(
        asked_as, version, score, by) order by version)::text
    from countersign.golden_results where %(case)s = 'ops' group by specialist, model, ran_at
    union all
    select id, jsonb_build_array(
        kind, subject, owners, escalates_to, opened_at, due_at, settled_by, reason, settled_at)::text
    from countersign.incidents where %(case)s = 'ops'
    union all
    select 'shadow/' || id, jsonb_build_array(
        kind, version, encode(sha256(convert_to(source, 'UTF8')), 'hex'), reason, started_by, started_at, ended_by,
        ended_at)::text
    from countersign.shadows where %(case)s = 'ops'
    union all
    select format('seen/%%s/%%s/%%s', shadow_id, case_id, decision), jsonb_build_array(
        live, shadow, rows, other, reason, seen_at)::text
    from countersign.shadow_decisions where %(case)s = 'ops'
    union all
    select 'book/' || version, jsonb_build_array(kind, encode(sha256(convert_to(source, 'UTF8')), 'hex'), kept_at)::text
    from countersign.books where %(case)s = 'ops'
    union all
    select format('hold/%%s/%%s/%%s', target, matter, countersign.iso(at)), jsonb_build_array(
        by, reason, lifted_by, lift_reason, lifted_at)::text
    from countersign.legal_holds where %(case)s = 'ops'
    union all
    select format('checkpoint/%%s/%%s', checkpoint_ns, checkpoint_id), jsonb_build_array(
        checkpoint_ns, checkpoint_id, parent_checkpoint_id, type,
        encode(sha256(convert_to(checkpoint::text, 'UTF8')), 'hex'),
        encode(sha256(convert_to(metadata::text, 'UTF8')), 'hex'))::text
    from public.checkpoints where thread_id = %(case)s
    union all
    select format('state/%%s/%%s/%%s', checkpoint_ns, channel, version), jsonb_build_array(
        checkpoint_ns, channel, version, type, encode(sha256(blob), 'hex'))::text
    from public.checkpoint_blobs where thread_id = %(case)s
    union all
    select format('writes/%%s/%%s', checkpoint_ns, checkpoint_id), jsonb_agg(jsonb_build_array(
        task_id, idx, channel, type, encode(sha256(blob), 'hex'), task_path) order by task_id, idx)::text
    from public.checkpoint_writes where thread_id = %(case)s group by checkpoint_ns, checkpoint_id
) lines where %(only)s::text[] is null or key = any(%(only)s) order by key

-- name: threads
-- Chats in which something was said.
select distinct case_id from countersign.chat_turns order by case_id

-- name: stamps
-- The events of a case that hold stamps, in order.
select seq, body -> 'stamps' as stamps from countersign.ledger where stream = %s and body ? 'stamps' order by seq

-- name: rests
-- Whether everything that was done on a case is stamped: nobody is at work on it.
select stamped from countersign.leases where case_id = %s

-- name: at_work
-- What is done from here on has no stamp yet.
update countersign.leases set stamped = false where case_id = %s

-- name: at_rest
-- Everything that was done has its stamp, or is about to get it: under the lease of before nothing more is written.
update countersign.leases set stamped = true, epoch = epoch + 1 where case_id = %s

-- name: ended_at_work
-- Cases that ended, and whose runner died before it stamped what it had done.
select l.case_id from countersign.leases l join countersign.cases c on c.id = l.case_id
where not l.stamped and c.status in ('closed', 'referred') order by l.case_id limit %s

-- name: secrets
-- What was asked and answered, encrypted as it stands, under the keys of their lines.
select format('request/%%s/%%s/%%s/%%s', assignment, attempt, digest, n) as key, request as body
from countersign.journal where case_id = %(case)s
union all
select format('answer/%%s/%%s/%%s/%%s', assignment, attempt, digest, n), response
from countersign.journal where case_id = %(case)s and response is not null
order by key
