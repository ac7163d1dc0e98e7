-- In which order effects were counted, and what sort each was; how many places each window of a rate has left.
create sequence countersign.effect_uses_n;
alter table countersign.effect_uses
    add column sort text not null default '',   -- of the effect: the change that an amendment makes
    add column n bigint not null default nextval('countersign.effect_uses_n');

create table countersign.rate_windows (
    rate    text not null,
    subject text not null,              -- bank, a case, a keyed hash, or the id of one of the bank's people
    begins  timestamptz not null,
    used    integer not null,
    primary key (rate, subject, begins)
);
create index rate_windows_by_age on countersign.rate_windows (begins);
