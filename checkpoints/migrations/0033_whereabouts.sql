-- From where a case was made, as the token of whoever made it said; null where it said nothing.
alter table countersign.cases add column maker_country text;
