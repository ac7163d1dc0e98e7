-- A case is unwound by one case at a time.
create unique index one_unwinding on countersign.cases ((application ->> 'unwinds'))
    where kind = 'unwinding' and not simulation and status not in ('closed', 'referred');

-- What was asked for to take an effect back.
create index undoing on countersign.effects ((action -> 'args' ->> 'undoes')) where action -> 'args' ? 'undoes';
