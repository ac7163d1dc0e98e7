-- name: found
-- Events of all streams that fit, oldest first, after a place; what is null is not asked for.
select stream, seq, key, kind, schema_version, at, actor, body, prev, hash from countersign.ledger
where (%(actor)s::text is null or actor = %(actor)s)
    and (%(kind)s::text is null or kind = %(kind)s)
    and (%(stream)s::text is null or stream = %(stream)s)
    and (%(since)s::text is null or at >= %(since)s)
    and (%(until)s::text is null or at < %(until)s)
    and (%(row)s::text is null or body -> 'rows_hit' ? %(row)s or body ->> 'price_row' = %(row)s
        or %(row)s = any(string_to_array(body ->> 'rule', '+')))
    and (%(agent)s::text is null or body ->> 'specialist' = %(agent)s or body -> 'specialists' ? %(agent)s
        or right(split_part(key, '/', 1), length(%(agent)s) + 1) = '.' || %(agent)s)
    and (%(at)s::text is null or (at, stream, seq) > (%(at)s, %(after)s::text, %(seq)s::bigint))
order by at, stream, seq limit %(limit)s
