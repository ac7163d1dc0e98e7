-- What people said of uses of standing authority that were drawn for review.
create table countersign.standing_reviews (
    use_id      text primary key references countersign.standing_uses (id),
    verdict     text not null check (verdict in ('agreed', 'disagreed')),
    reason      text not null,
    by          text not null,
    reviewed_at timestamptz not null
);
