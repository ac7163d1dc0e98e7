-- name: keep
-- Keep one run.
insert into countersign.golden_results (specialist, model, asked_as, version, ran_at, score, by)
values (%(specialist)s, %(model)s, %(asked_as)s, %(version)s, %(ran_at)s, %(score)s, %(by)s)

-- name: newest
-- The newest run of each version.
select distinct on (specialist, model, version) * from countersign.golden_results
order by specialist, model, version, ran_at desc

-- name: of_version
-- The newest run of one version.
select * from countersign.golden_results where specialist = %s and model = %s and version = %s
order by ran_at desc limit 1

-- name: asked_as
-- The newest run of one version whose model was asked for by a name, whichever model answered.
select * from countersign.golden_results where specialist = %s and asked_as = %s and version = %s
order by ran_at desc limit 1
