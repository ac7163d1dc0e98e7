-- Rows that are stamped are found by their case.
create index standing_by_case on countersign.standing_uses (case_id);
create index clearances_by_case on countersign.clearances (case_id);
