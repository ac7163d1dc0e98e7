-- Searching the record across streams: by time, and by who.
create index ledger_by_time on countersign.ledger (at, stream, seq);
create index ledger_by_actor on countersign.ledger (actor, at);
