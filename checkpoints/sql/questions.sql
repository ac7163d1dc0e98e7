-- name: closest
-- How much of a question's words (stems, without stop words) each phrasing shares, in basis points of both together.
with asked as (
    select tsvector_to_array(to_tsvector('english', %s)) as words
), known as (
    select id, tsvector_to_array(to_tsvector('english', phrasing)) as words
    from unnest(%s::text[], %s::text[]) as written (id, phrasing)
), shared as (
    select known.id, cardinality(known.words) + cardinality(asked.words) as both_sides,
        (select count(*) from unnest(asked.words) word where word = any(known.words)) as common
    from known, asked
)
select id, max((20000 * common / both_sides)::int) as match_bps
from shared where common > 0 group by id order by match_bps desc, id
