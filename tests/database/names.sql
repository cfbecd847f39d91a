-- The functions of schema.sql for names of plain words in ASCII, for the sake of tests: with the key, words and letters that nodes
-- send with a name (name_rows.h). They are gone with the session.
CREATE FUNCTION pg_temp.words(names text[], OUT place integer[], OUT form smallint[], OUT text bytea[], OUT rank integer[],
	OUT shared smallint[])
LANGUAGE sql AS $$
	SELECT coalesce(array_agg(n.place), '{}'), coalesce(array_agg(0::smallint), '{}'),
		coalesce(array_agg(convert_to(substr(lower(n.name), w.at), 'UTF8')), '{}'),
		coalesce(array_agg((w.at - 1) * 2), '{}'), coalesce(array_agg(0::smallint), '{}')
	FROM unnest(names) WITH ORDINALITY n(name, place),
		LATERAL (SELECT 1 AS at UNION ALL SELECT strpos(n.name, ' ') + 1 WHERE strpos(n.name, ' ') > 0) w
$$;
CREATE FUNCTION pg_temp.letters(names text[]) RETURNS text[] LANGUAGE sql AS $$
	SELECT coalesce(array_agg(DISTINCT left(convert_from(t, 'UTF8'), 1)), '{}')
	FROM unnest((pg_temp.words(names)).text) t
$$;
CREATE FUNCTION pg_temp.keys(names text[]) RETURNS bytea[] LANGUAGE sql AS $$
	SELECT array_agg(convert_to(lower(n), 'UTF8')) FROM unnest(names) n
$$;
CREATE FUNCTION pg_temp.create_users(node bigint, batch bigint, names text[], most bigint = 1000000, seats bigint = 0,
	waits boolean = false)
RETURNS SETOF rollcall.outcome LANGUAGE sql AS $$
	SELECT o.* FROM pg_temp.words(names) w, rollcall.create_users(node, batch,
		(SELECT unicode FROM rollcall.state), most, seats, waits, pg_temp.keys(names), names,
		'{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
		w.place, w.form, w.text, w.rank, w.shared, pg_temp.letters(names)) o
$$;
CREATE FUNCTION pg_temp.remove_user(node bigint, batch bigint, number bigint, name text, seats bigint = 0, waits boolean = false)
RETURNS SETOF rollcall.outcome LANGUAGE sql AS $$
	SELECT o.* FROM pg_temp.words(ARRAY[name]) w,
		rollcall.remove_user(node, batch, seats, waits, number, name, w.form, w.text, w.rank, pg_temp.letters(ARRAY[name])) o
$$;
CREATE FUNCTION pg_temp.rename_user(node bigint, batch bigint, number bigint, old text, name text)
RETURNS SETOF rollcall.outcome LANGUAGE sql AS $$
	SELECT o.* FROM pg_temp.words(ARRAY[old]) v, pg_temp.words(ARRAY[name]) w,
		rollcall.rename_user(node, batch, (SELECT unicode FROM rollcall.state), number, old, v.form, v.text, v.rank, pg_temp.letters(ARRAY[old]),
			(pg_temp.keys(ARRAY[name]))[1], name, '{}', '{}', '{}', '{}', '{}', '{}',
			w.form, w.text, w.rank, w.shared, pg_temp.letters(ARRAY[name])) o
$$;
