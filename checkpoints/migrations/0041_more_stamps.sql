-- More rows are stamped: what supervision keeps beside a case, and what is the whole bank's (under the ops stream).
create function countersign.iso(at timestamptz) returns text language sql stable as $$
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
        || case when date_trunc('second', at) = at then '' else to_char(at at time zone 'UTC', '.US') end || '+00:00'
$$;
-- Cases that have such rows from before count as work under way: their next runner stamps them as they stand.
update countersign.leases set stamped = false where case_id in (
    select case_id from countersign.conditions union select case_id from countersign.waivers
    union select case_id from countersign.information_requests union select case_id from countersign.referrals
    union select case_id from countersign.register_entries union select case_id from countersign.clearances
    union select case_id from countersign.proposals union select case_id from countersign.publications
    union select u.case_id from countersign.standing_reviews r join countersign.standing_uses u on u.id = r.use_id);
