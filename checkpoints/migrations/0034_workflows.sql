-- Workflow versions: which version of its graph a case is pinned to; cases from before have the first.
alter table countersign.cases add column workflow text not null default '';
