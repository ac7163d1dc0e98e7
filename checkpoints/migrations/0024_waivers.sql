-- Waivers: who asked to do without a condition of an approval, and why; others countersign at the desk.
alter table countersign.conditions add column waived boolean not null default false;  -- met_by is the waiver's approval
create table countersign.waivers (
    approval_id text primary key references countersign.approvals (id),
    case_id     text not null,
    condition   text not null,
    approval    text not null,           -- whose condition it was when this was asked
    reason_code text not null,
    asked_at    timestamptz not null,
    foreign key (case_id, condition) references countersign.conditions (case_id, code)
);
create index waivers_of_case on countersign.waivers (case_id, asked_at);
