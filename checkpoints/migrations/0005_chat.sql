-- Chat: what was said in a thread (a case of kind advisor), and its answers. Tokenised, and sealed with the case key.
create table countersign.chat_turns (
    case_id     text not null references countersign.cases (id),
    n           int not null,         -- from 1
    person      text not null,
    groups      text[] not null,      -- of the person when they asked: the scope of the answer
    key         text not null,        -- idempotency key: the same message again is the same turn
    message     bytea not null,       -- tokenised text, encrypted with the case key
    asked_at    timestamptz not null,
    answer      bytea,                -- ChatAnswer, encrypted; null until it was released
    answered_at timestamptz,
    primary key (case_id, n),
    unique (case_id, key)
);
create index chat_turns_by_person on countersign.chat_turns (person, asked_at);
