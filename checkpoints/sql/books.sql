-- name: insert
-- Keep a book as it was read; a version is never overwritten.
insert into countersign.books (version, kind, source, kept_at) values (%s, %s, %s, %s) on conflict do nothing

-- name: get
-- One version of a book.
select source from countersign.books where version = %s
