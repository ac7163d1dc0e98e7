-- A clearance counts for a time and may be given again: every decision about a scope is kept, the newest counts.
alter table countersign.clearances drop constraint clearances_pkey;
alter table countersign.clearances
    add primary key (subject, list_name, entry_number, entry_version, approval_id);
