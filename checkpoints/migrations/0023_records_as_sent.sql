-- Whether an event that comes again is the one that came: a keyed hash over all of it, identity included.
alter table source.records add column sent bytea;  -- none for records of before this revision
