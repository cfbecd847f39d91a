-- A list of users in PostgreSQL 15 or later, and everything that can be done to it. To be run in one transaction (psql -1) by a
-- role that may make roles and schemas; `rollcall migrate` does. Nodes send calls of these functions and SELECT, and their role may do
-- no more with the tables. A program with that role can still sign up, rename and remove users, read the secrets, and hinder the other
-- nodes: by their ids in `nodes`, by ending their connections, and by what a role may set for itself.
--
-- A function begins by locking the one row of `state`, and so batches of all nodes come one after the other. Every statement in a
-- VOLATILE function sees what was committed before it (READ COMMITTED), not before the call: so a batch sees all of the ones
-- before, numbers have no gaps, and a reader that sees a number sees all lower ones that there will ever be. The call is one message,
-- with all that it needs: nothing of the client's is waited for while the row is locked.
--
-- A batch has an id that its node made up, higher than those of its batches before. If its answer is lost, the node sends it again,
-- and gets the same outcomes (`nodes`). A copy that was under way for long is refused if a later batch is stored by then: it would
-- bring back a user who was removed since, or a name from before a rename.

-- rollcall_owner owns it all and nobody is; nodes are rollcall_app; commands that change what functions cannot, such as an import,
-- are rollcall_operator. Roles are the server's, so another list may have made them.
DO $$
DECLARE
	role text;
BEGIN
	IF current_setting('server_encoding') NOT IN ('UTF8', 'SQL_ASCII') THEN
		RAISE EXCEPTION 'the database has the encoding %, which lacks characters of names: make one with createdb --encoding=UTF8 --template=template0',
			current_setting('server_encoding') USING ERRCODE = 'feature_not_supported';
	END IF;
	FOREACH role IN ARRAY ARRAY['rollcall_owner NOLOGIN', 'rollcall_app LOGIN', 'rollcall_operator LOGIN'] LOOP
		IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = split_part(role, ' ', 1)) THEN
			EXECUTE 'CREATE ROLE ' || role;
		END IF;
	END LOOP;
	BEGIN
		SET LOCAL ROLE rollcall_owner;
		RESET ROLE;
	EXCEPTION WHEN insufficient_privilege THEN
		EXECUTE format('GRANT rollcall_owner TO %I', current_user);
	END;
	EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
	EXECUTE format('GRANT CONNECT ON DATABASE %I TO rollcall_app, rollcall_operator', current_database());
	EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO rollcall_operator', current_database());
END $$;

CREATE SCHEMA rollcall AUTHORIZATION rollcall_owner;
SET LOCAL ROLE rollcall_owner;

-- Times are milliseconds since 1970, of the database's clock.
CREATE TABLE rollcall.users (
	number bigint NOT NULL PRIMARY KEY CHECK (number > 0),
	created bigint NOT NULL,
	key bytea NOT NULL UNIQUE, -- name_key_fold(): names with the same key are the same
	name text NOT NULL -- as it was entered
);

-- The words of names, for searches: every word in its base form (0), and the accented ones as in the key (1). A search reads the
-- range of one prefix in the order of this key. shared: bytes that the word has in common with an earlier one of the same name.
CREATE TABLE rollcall.words (
	form smallint NOT NULL,
	text bytea NOT NULL, -- from the word to the end of the name
	rank integer NOT NULL, -- offset * 2, and 1 if the base form differs from the key
	number bigint NOT NULL,
	shared smallint NOT NULL,
	PRIMARY KEY (form, text, rank, number) INCLUDE (shared)
);

-- Hashes of how names look that are not in ASCII and could be taken for one of another script: as shown, and in small letters,
-- which never meet. Those in ASCII are found by their keys. Two names with the same hash are a pair, unless they are of one
-- script: both Latin, or with a bit of scripts in common, or both with none (name_rows.h).
CREATE TABLE rollcall.looks (
	hash bigint NOT NULL,
	number bigint NOT NULL,
	is_latin boolean NOT NULL,
	scripts bigint NOT NULL,
	PRIMARY KEY (hash, number)
);
CREATE INDEX looks_number ON rollcall.looks (number);

-- One row, which every batch locks, and changes if the batch changes anything. While any transaction stays open, such as pg_dump's,
-- the server keeps all versions of the row since then, and a look-up by a key that they share reads over them all: a batch took
-- 0.12 ms more after every 1000 batches. So the version is part of the key, and the row is read from its end.
CREATE TABLE rollcall.state (
	id integer NOT NULL CHECK (id = 1),
	schema integer NOT NULL, -- of this file
	unicode text NOT NULL, -- version of the tables that keys were made with; empty: not told yet
	site bigint NOT NULL, -- random, made anew when the list is put back from a copy
	version bigint NOT NULL, -- one more with every batch that changed anything
	revision bigint NOT NULL, -- random, of the last batch that did: changes that were lost and made anew have another
	next_number bigint NOT NULL,
	users bigint NOT NULL, -- how many there are
	newest bigint NOT NULL, -- the number of the newest of them, or 0
	seats bigint NOT NULL, -- with a waiting list: the seats that last_seat is for; else 0
	last_seat bigint NOT NULL, -- as in store.h
	change bigint NOT NULL, -- the number of the last row of changes
	sheet bigint NOT NULL, -- the revision of settings; 0: none was ever set
	letters text NOT NULL, -- each letter that words in base form begin with, as they have it, once
	changed bigint NOT NULL, -- when; never goes back
	PRIMARY KEY (id, version)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- What organisers set, by enum sheet_setting. Texts as they are; a time as decimal, as timestamp.h has it; seats as decimal; yes or
-- no. NULL: given back to the option.
CREATE TABLE rollcall.settings (
	setting smallint NOT NULL PRIMARY KEY,
	value text,
	revision bigint NOT NULL
);

-- The last changes of users but for creates, by enum store_change_kind: LIMIT_HISTORY of them.
CREATE TABLE rollcall.changes (
	change bigint NOT NULL PRIMARY KEY,
	kind smallint NOT NULL, -- 0: removed; 1: renamed
	number bigint NOT NULL
);

-- How something of a batch ended. place: its index in the batch, from 1.
--   0  it was done. For creates one row with place 0: number of the first user that was created, and when; every place without a
--      row of its own was created as well, and has the next number.
--   1  the name is taken, 2: it looks like one that is: by the user in the row
--   3  no seat was left
--   4  no user has that number
--   5  the user has that name already
--   6  a setting is not any more what it was
--   7  the user in the row has another name than the caller gave: with that name's words, as another batch, it may work
CREATE TYPE rollcall.outcome AS (place integer, result smallint, number bigint, created bigint, name text);

-- The last batch of each node that was active in the last day, so that it can be answered once more. tries: how often it came.
CREATE TABLE rollcall.nodes (
	node bigint NOT NULL,
	batch bigint NOT NULL,
	tries integer NOT NULL,
	changed bigint NOT NULL,
	outcomes rollcall.outcome[] NOT NULL,
	PRIMARY KEY (node, batch) -- one row for each node; the key is as that of state
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Keys that all nodes of a list share.
CREATE TABLE rollcall.secrets (
	name text NOT NULL PRIMARY KEY,
	value bytea NOT NULL
);

-- A number from the operating system's source of randomness, not negative. Six of the 128 bits of a UUID are fixed, none of the
-- last 60.
CREATE FUNCTION rollcall.random_number() RETURNS bigint LANGUAGE sql VOLATILE
AS $$
	SELECT ('x0' || right(gen_random_uuid()::text, 3) || right(gen_random_uuid()::text, 12))::bit(64)::bigint;
$$;

-- Numbers of changes begin far from those of other lists, as those of history.c do.
INSERT INTO rollcall.state
SELECT 1, 1, '', rollcall.random_number(), 0, 0, 1, 0, 0, 0, 0,
	100000000000000000 + rollcall.random_number() % 500000000000000000, 0, '',
	floor(extract(epoch FROM clock_timestamp()) * 1000);
INSERT INTO rollcall.secrets
SELECT 'leave', substr(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 1, 16);

-- Now, by the database's clock, but never before what was stored last.
CREATE FUNCTION rollcall.moment_after(p_changed bigint) RETURNS bigint LANGUAGE sql VOLATILE
AS $$
	SELECT greatest(p_changed, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint);
$$;

-- Begins a batch: locks the state and returns it, with the time that the batch has. No row: the node's last batch was this very
-- one, and last_outcomes() has what became of it. What is written then is committed after them: so an answer proves that they are as
-- durable as the server makes a commit, too.
--
-- p_unicode: the version of the tables that keys and words of the batch were made with, if it has any. Those of other tables would
-- not be found, or be another user's: a node that was started before a migration may have waited for it with a batch.
CREATE FUNCTION rollcall.begin_batch(p_node bigint, p_batch bigint, p_unicode text) RETURNS SETOF rollcall.state
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
	site rollcall.state;
	last bigint;
BEGIN
	SELECT * INTO site FROM rollcall.state WHERE id = 1 ORDER BY version DESC LIMIT 1 FOR UPDATE;
	SELECT batch INTO last FROM rollcall.nodes WHERE node = p_node ORDER BY batch DESC LIMIT 1;
	IF last > p_batch THEN
		RAISE EXCEPTION 'a batch arrives when a later one of its node is stored' USING ERRCODE = 'object_not_in_prerequisite_state';
	ELSIF last = p_batch THEN
		UPDATE rollcall.nodes SET tries = tries + 1 WHERE node = p_node AND batch = p_batch;
		RETURN;
	END IF;
	IF site.unicode <> '' AND site.unicode <> p_unicode COLLATE "C" THEN
		RAISE EXCEPTION 'names in the database are compared with the tables of Unicode %, and the program has those of %',
			site.unicode, p_unicode USING ERRCODE = 'UNI01';
	END IF;
	site.changed := rollcall.moment_after(site.changed);
	RETURN NEXT site;
END $$;

CREATE FUNCTION rollcall.last_outcomes(p_node bigint) RETURNS SETOF rollcall.outcome LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
	RETURN QUERY SELECT o.* FROM unnest(
		(SELECT outcomes FROM rollcall.nodes WHERE node = p_node ORDER BY batch DESC LIMIT 1)) o;
END $$;

CREATE FUNCTION rollcall.random_revision() RETURNS bigint LANGUAGE sql VOLATILE
AS $$
	SELECT (random() * 9007199254740991)::bigint;
$$;

-- Ends a batch: keeps its outcomes.
CREATE FUNCTION rollcall.end_batch(p_node bigint, p_batch bigint, p_now bigint, p_outcomes rollcall.outcome[]) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
	UPDATE rollcall.nodes SET batch = p_batch, tries = 1, changed = p_now, outcomes = p_outcomes
	WHERE node = p_node AND batch = (SELECT batch FROM rollcall.nodes WHERE node = p_node ORDER BY batch DESC LIMIT 1);
	IF NOT FOUND THEN
		IF random() < 0.05 THEN -- it reads all of them, and every command and CGI process is a node
			DELETE FROM rollcall.nodes WHERE changed < p_now - 86400000;
		END IF;
		INSERT INTO rollcall.nodes VALUES (p_node, p_batch, 1, p_now, p_outcomes);
	END IF;
END $$;

-- Users who have the names already, by places (1), or names that look like them (2).
CREATE FUNCTION rollcall.holders(p_keys bytea[],
	p_look_places integer[], p_look_hashes bigint[], p_look_latin boolean[], p_look_scripts bigint[],
	p_alike_places integer[], p_alike_keys bytea[], p_alike_names text[])
RETURNS rollcall.outcome[] LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
	found_holders rollcall.outcome[] := ARRAY(
		SELECT ROW(g.place, 1, u.number, u.created, u.name)::rollcall.outcome
		FROM unnest(p_keys) WITH ORDINALITY AS g(key, place) JOIN rollcall.users u ON u.key = g.key);
BEGIN
	IF cardinality(p_look_places) > 0 THEN
		found_holders := found_holders || ARRAY(
			SELECT ROW(g.place, 2, u.number, u.created, u.name)::rollcall.outcome
			FROM unnest(p_look_places, p_look_hashes, p_look_latin, p_look_scripts) AS g(place, hash, is_latin, scripts)
			JOIN rollcall.looks l ON l.hash = g.hash
			JOIN rollcall.users u ON u.number = l.number
			WHERE l.scripts & g.scripts = 0 AND l.scripts <> g.scripts AND NOT (l.is_latin AND g.is_latin));
	END IF;
	IF cardinality(p_alike_places) > 0 THEN
		found_holders := found_holders || ARRAY(
			SELECT ROW(g.place, 2, u.number, u.created, u.name)::rollcall.outcome
			FROM unnest(p_alike_places, p_alike_keys, p_alike_names) AS g(place, key, name)
			JOIN rollcall.users u ON u.key = g.key AND (g.name IS NULL OR u.name = g.name COLLATE "C"));
	END IF;
	RETURN found_holders;
END $$;

-- The seats that count, given those of the options, and whether there is a waiting list. waited: the same with one, else 0.
CREATE FUNCTION rollcall.seats_of(p_sheet bigint, p_seats bigint, p_waits boolean, OUT seats bigint, OUT waited bigint)
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
	seats := p_seats;
	IF p_sheet > 0 THEN -- SHEET_SETTING_SEATS, SHEET_SETTING_WAITING_LIST
		seats := coalesce((SELECT value::bigint FROM rollcall.settings WHERE setting = 6), p_seats);
		p_waits := coalesce((SELECT value = 'yes' FROM rollcall.settings WHERE setting = 7), p_waits);
	END IF;
	waited := CASE WHEN p_waits THEN seats ELSE 0 END;
END $$;

-- The number of the user with the last of these seats, of so many users; 0: all have one. Counts from the nearer end.
CREATE FUNCTION rollcall.last_seat_of(p_seats bigint, p_users bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
	IF p_seats = 0 OR p_users <= p_seats THEN
		RETURN 0;
	ELSIF p_users - p_seats < p_seats THEN
		RETURN (SELECT number FROM rollcall.users ORDER BY number DESC OFFSET p_users - p_seats LIMIT 1);
	END IF;
	RETURN (SELECT number FROM rollcall.users ORDER BY number OFFSET p_seats - 1 LIMIT 1);
END $$;

-- Those of the letters that are not among those known, and that words begin with: not those of names that were refused.
CREATE FUNCTION rollcall.new_letters(p_known text, p_letters text[]) RETURNS text LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
	letter text;
	new text := '';
BEGIN
	FOREACH letter IN ARRAY p_letters LOOP
		IF strpos(p_known, letter) = 0 AND strpos(new, letter) = 0 AND rollcall.has_letter(letter) THEN
			new := new || letter;
		END IF;
	END LOOP;
	RETURN new;
END $$;

-- Whether a word begins with it. No byte of UTF-8 is 0xff.
CREATE FUNCTION rollcall.has_letter(p_letter text) RETURNS boolean LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
	first bytea := convert_to(p_letter, 'UTF8');
BEGIN
	RETURN (SELECT number FROM rollcall.words WHERE form = 0 AND text >= first AND text < first || decode('ff', 'hex')
		ORDER BY form, text, rank, number LIMIT 1) IS NOT NULL;
END $$;

-- The user with a number, and whether the caller knows the name: 0, else 4 or 7.
CREATE FUNCTION rollcall.known_user(p_number bigint, p_name text) RETURNS rollcall.outcome LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
	outcome rollcall.outcome;
BEGIN
	SELECT 0, CASE WHEN name = p_name COLLATE "C" THEN 0 ELSE 7 END, number, created, name INTO outcome
	FROM rollcall.users WHERE number = p_number;
	IF NOT FOUND THEN
		outcome := ROW(0, 4, NULL, NULL, NULL);
	END IF;
	RETURN outcome;
END $$;

CREATE FUNCTION rollcall.remove_words(p_number bigint, p_forms smallint[], p_texts bytea[], p_ranks integer[]) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
	DELETE FROM rollcall.words w USING unnest(p_forms, p_texts, p_ranks) AS g(form, text, rank)
	WHERE w.form = g.form AND w.text = g.text AND w.rank = g.rank AND w.number = p_number;
END $$;

-- LIMIT_HISTORY changes are kept.
CREATE FUNCTION rollcall.add_change(p_change bigint, p_kind smallint, p_number bigint) RETURNS void LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
	INSERT INTO rollcall.changes (change, kind, number) VALUES (p_change, p_kind, p_number);
	DELETE FROM rollcall.changes WHERE change <= p_change - 1024;
END $$;

-- Those of the letters known that are not among these, or that words begin with still.
CREATE FUNCTION rollcall.letters_left(p_known text, p_letters text[]) RETURNS text LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
	letter text;
BEGIN
	FOREACH letter IN ARRAY p_letters LOOP
		IF NOT rollcall.has_letter(letter) THEN
			p_known := replace(p_known, letter, '');
		END IF;
	END LOOP;
	RETURN p_known;
END $$;

-- Creates users, in their order. unicode: of the tables that their keys were made with. most: users that there may be. seats: the option's, 0 for none, and whether there is a waiting
-- list; what organisers set counts before them. Each name has its key; by places come its looks (kept: false for a name in ASCII,
-- which is only compared), keys of names in ASCII that look like it, with their spelling or NULL for any, words, and the first
-- letters of all words.
CREATE FUNCTION rollcall.create_users(p_node bigint, p_batch bigint, p_unicode text, p_most bigint, p_seats bigint, p_waits boolean,
	p_keys bytea[], p_names text[],
	p_look_places integer[], p_look_hashes bigint[], p_look_latin boolean[], p_look_scripts bigint[], p_look_kept boolean[],
	p_alike_places integer[], p_alike_keys bytea[], p_alike_names text[],
	p_word_places integer[], p_word_forms smallint[], p_word_texts bytea[], p_word_ranks integer[], p_word_shared smallint[],
	p_letters text[])
RETURNS SETOF rollcall.outcome LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	site rollcall.state;
	outcomes rollcall.outcome[];
	refused rollcall.outcome;
	places integer := cardinality(p_keys);
	numbers bigint[]; -- of each place; 0: it is refused
	room bigint;
	added bigint := 0;
BEGIN
	SELECT * INTO site FROM rollcall.begin_batch(p_node, p_batch, p_unicode);
	IF NOT FOUND THEN
		RETURN QUERY SELECT * FROM rollcall.last_outcomes(p_node);
		RETURN;
	END IF;

	outcomes := rollcall.holders(p_keys, p_look_places, p_look_hashes, p_look_latin, p_look_scripts,
		p_alike_places, p_alike_keys, p_alike_names);

	-- LIMIT_PLACE is the greatest number that is given.
	SELECT r.waited, least(least(p_most, CASE WHEN r.waited = 0 AND r.seats > 0 THEN r.seats END) - site.users,
		1000000000000000000 - site.next_number)
	INTO p_seats, room
	FROM rollcall.seats_of(site.sheet, p_seats, p_waits) r;
	IF cardinality(outcomes) = 0 AND room >= places THEN
		added := places;
		numbers := ARRAY(SELECT site.next_number + i FROM generate_series(0, places - 1) i);
	ELSE
		outcomes := ARRAY(SELECT DISTINCT ON (o.place) o FROM unnest(outcomes) o ORDER BY o.place, o.result, o.number);
		numbers := array_fill(0::bigint, ARRAY[places]);
		FOREACH refused IN ARRAY outcomes LOOP
			numbers[refused.place] := -1;
		END LOOP;
		FOR i IN 1..places LOOP
			IF numbers[i] = 0 AND added < room THEN
				numbers[i] := site.next_number + added;
				added := added + 1;
			ELSIF numbers[i] = 0 THEN
				outcomes := outcomes || ROW(i, 3, NULL, NULL, NULL)::rollcall.outcome;
			END IF;
		END LOOP;
	END IF;

	IF added > 0 THEN
		INSERT INTO rollcall.users (number, created, key, name)
		SELECT numbers[g.place], site.changed, g.key, g.name
		FROM unnest(p_keys, p_names) WITH ORDINALITY AS g(key, name, place) WHERE numbers[g.place] > 0;
		INSERT INTO rollcall.words (form, text, rank, number, shared)
		SELECT g.form, g.text, g.rank, numbers[g.place], g.shared
		FROM unnest(p_word_places, p_word_forms, p_word_texts, p_word_ranks, p_word_shared)
			AS g(place, form, text, rank, shared)
		WHERE numbers[g.place] > 0;
		IF true = ANY (p_look_kept) THEN
			INSERT INTO rollcall.looks (hash, number, is_latin, scripts)
			SELECT g.hash, numbers[g.place], g.is_latin, g.scripts
			FROM unnest(p_look_places, p_look_hashes, p_look_latin, p_look_scripts, p_look_kept)
				AS g(place, hash, is_latin, scripts, is_kept)
			WHERE numbers[g.place] > 0 AND g.is_kept;
		END IF;
		outcomes := ROW(0, 0, site.next_number, site.changed, NULL)::rollcall.outcome || outcomes;
		site.users := site.users + added;
		site.next_number := site.next_number + added;
		UPDATE rollcall.state SET version = version + 1, revision = rollcall.random_revision(), changed = site.changed,
			next_number = site.next_number, users = site.users, newest = site.next_number - 1, seats = p_seats,
			last_seat = CASE WHEN seats = p_seats AND (p_seats = 0 OR last_seat > 0) THEN last_seat
				ELSE rollcall.last_seat_of(p_seats, site.users) END,
			letters = site.letters || rollcall.new_letters(site.letters, p_letters)
		WHERE id = 1 AND version = site.version;
	END IF;
	PERFORM rollcall.end_batch(p_node, p_batch, site.changed, outcomes);
	RETURN QUERY SELECT * FROM unnest(outcomes);
END $$;

-- Removes a user, and what was stored with the name that the caller knows. Returns one row, with the user as it was.
CREATE FUNCTION rollcall.remove_user(p_node bigint, p_batch bigint, p_seats bigint, p_waits boolean, p_number bigint, p_name text,
	p_word_forms smallint[], p_word_texts bytea[], p_word_ranks integer[], p_letters text[])
RETURNS SETOF rollcall.outcome LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	site rollcall.state;
	outcome rollcall.outcome;
BEGIN
	SELECT * INTO site FROM rollcall.begin_batch(p_node, p_batch, NULL);
	IF NOT FOUND THEN
		RETURN QUERY SELECT * FROM rollcall.last_outcomes(p_node);
		RETURN;
	END IF;
	outcome := rollcall.known_user(p_number, p_name);
	IF outcome.result = 0 THEN
		DELETE FROM rollcall.users WHERE number = p_number;
		PERFORM rollcall.remove_words(p_number, p_word_forms, p_word_texts, p_word_ranks);
		DELETE FROM rollcall.looks WHERE number = p_number;
		site.users := site.users - 1;
		IF p_number = site.newest THEN
			site.newest := coalesce((SELECT number FROM rollcall.users ORDER BY number DESC LIMIT 1), 0);
		END IF;
		SELECT waited INTO p_seats FROM rollcall.seats_of(site.sheet, p_seats, p_waits);
		IF site.seats <> p_seats OR site.users <= p_seats THEN
			site.last_seat := rollcall.last_seat_of(p_seats, site.users);
		ELSIF p_number <= site.last_seat THEN -- the first who waited has it now
			site.last_seat := (SELECT number FROM rollcall.users WHERE number > site.last_seat ORDER BY number LIMIT 1);
		END IF;
		PERFORM rollcall.add_change(site.change + 1, 0::smallint, p_number);
		UPDATE rollcall.state SET version = version + 1, revision = rollcall.random_revision(), changed = site.changed,
			change = change + 1, users = site.users, newest = site.newest, seats = p_seats, last_seat = site.last_seat,
			letters = rollcall.letters_left(letters, p_letters)
		WHERE id = 1 AND version = site.version;
	END IF;
	PERFORM rollcall.end_batch(p_node, p_batch, site.changed, ARRAY[outcome]);
	RETURN NEXT outcome;
END $$;

-- Gives a user another name, which comes with all that create_users() takes of one. Returns one row, with the user as it is now.
CREATE FUNCTION rollcall.rename_user(p_node bigint, p_batch bigint, p_unicode text, p_number bigint, p_old_name text,
	p_old_word_forms smallint[], p_old_word_texts bytea[], p_old_word_ranks integer[], p_old_letters text[],
	p_key bytea, p_name text,
	p_look_hashes bigint[], p_look_latin boolean[], p_look_scripts bigint[], p_look_kept boolean[],
	p_alike_keys bytea[], p_alike_names text[],
	p_word_forms smallint[], p_word_texts bytea[], p_word_ranks integer[], p_word_shared smallint[], p_letters text[])
RETURNS SETOF rollcall.outcome LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	site rollcall.state;
	outcome rollcall.outcome;
	holder rollcall.outcome;
BEGIN
	SELECT * INTO site FROM rollcall.begin_batch(p_node, p_batch, p_unicode);
	IF NOT FOUND THEN
		RETURN QUERY SELECT * FROM rollcall.last_outcomes(p_node);
		RETURN;
	END IF;
	outcome := rollcall.known_user(p_number, p_old_name);
	IF outcome.result IN (0, 7) AND outcome.name = p_name COLLATE "C" THEN
		outcome.result := 5;
	ELSIF outcome.result = 0 THEN
		SELECT h.* INTO holder FROM unnest(rollcall.holders(ARRAY[p_key], array_fill(1, ARRAY[cardinality(p_look_hashes)]),
			p_look_hashes, p_look_latin, p_look_scripts, array_fill(1, ARRAY[cardinality(p_alike_keys)]),
			p_alike_keys, p_alike_names)) h
		WHERE h.number <> p_number ORDER BY h.result, h.number LIMIT 1;
		IF FOUND THEN
			outcome := holder;
			outcome.place := 0;
		END IF;
	END IF;
	IF outcome.result = 0 THEN
		UPDATE rollcall.users SET key = p_key, name = p_name WHERE number = p_number;
		PERFORM rollcall.remove_words(p_number, p_old_word_forms, p_old_word_texts, p_old_word_ranks);
		INSERT INTO rollcall.words (form, text, rank, number, shared)
		SELECT g.form, g.text, g.rank, p_number, g.shared
		FROM unnest(p_word_forms, p_word_texts, p_word_ranks, p_word_shared) AS g(form, text, rank, shared);
		DELETE FROM rollcall.looks WHERE number = p_number;
		INSERT INTO rollcall.looks (hash, number, is_latin, scripts)
		SELECT g.hash, p_number, g.is_latin, g.scripts
		FROM unnest(p_look_hashes, p_look_latin, p_look_scripts, p_look_kept)
			AS g(hash, is_latin, scripts, is_kept) WHERE g.is_kept;
		PERFORM rollcall.add_change(site.change + 1, 1::smallint, p_number);
		site.letters := rollcall.letters_left(site.letters, p_old_letters);
		UPDATE rollcall.state SET version = version + 1, revision = rollcall.random_revision(), changed = site.changed,
			change = change + 1, letters = site.letters || rollcall.new_letters(site.letters, p_letters)
		WHERE id = 1 AND version = site.version;
		outcome.name := p_name;
	END IF;
	PERFORM rollcall.end_batch(p_node, p_batch, site.changed, ARRAY[outcome]);
	RETURN NEXT outcome;
END $$;

-- Sets what organisers set: each of these settings gets the text beside it, or NULL, which gives it back; unless one of
-- `unchanged` was set after that revision. Without settings it only finds the last seat anew, for seats of the options.
CREATE FUNCTION rollcall.set_sheet(p_node bigint, p_batch bigint, p_seats bigint, p_waits boolean,
	p_settings smallint[], p_texts text[], p_unchanged smallint[], p_revision bigint)
RETURNS SETOF rollcall.outcome LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	site rollcall.state;
	outcome rollcall.outcome := ROW(0, 0, NULL, NULL, NULL);
BEGIN
	SELECT * INTO site FROM rollcall.begin_batch(p_node, p_batch, NULL);
	IF NOT FOUND THEN
		RETURN QUERY SELECT * FROM rollcall.last_outcomes(p_node);
		RETURN;
	END IF;
	IF (SELECT count(*) FROM rollcall.settings WHERE setting = ANY (p_unchanged) AND revision > p_revision) > 0 THEN
		outcome.result := 6;
	ELSE
		IF cardinality(p_settings) > 0 THEN
			site.sheet := site.sheet + 1;
			INSERT INTO rollcall.settings (setting, value, revision)
			SELECT g.setting, g.value, site.sheet FROM unnest(p_settings, p_texts) AS g(setting, value)
			ON CONFLICT (setting) DO UPDATE SET value = excluded.value, revision = excluded.revision;
		END IF;
		SELECT waited INTO p_seats FROM rollcall.seats_of(site.sheet, p_seats, p_waits);
		UPDATE rollcall.state SET version = version + 1, revision = rollcall.random_revision(), changed = site.changed,
			sheet = site.sheet, seats = p_seats, last_seat = rollcall.last_seat_of(p_seats, users)
		WHERE id = 1 AND version = site.version;
	END IF;
	PERFORM rollcall.end_batch(p_node, p_batch, site.changed, ARRAY[outcome]);
	RETURN NEXT outcome;
END $$;

-- Ends an import, whose rows are in the tables: their users have the highest numbers.
CREATE FUNCTION rollcall.end_import(p_batch bigint, p_added bigint, p_newest bigint, p_unicode text, p_letters text[])
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	site rollcall.state;
BEGIN
	SELECT * INTO site FROM rollcall.state WHERE id = 1 ORDER BY version DESC LIMIT 1 FOR UPDATE;
	site.users := site.users + p_added;
	IF site.last_seat = 0 THEN
		site.last_seat := rollcall.last_seat_of(site.seats, site.users);
	END IF;
	UPDATE rollcall.state SET version = version + 1, revision = rollcall.random_revision(), changed = rollcall.moment_after(changed),
		next_number = p_newest + 1, newest = p_newest, users = site.users, last_seat = site.last_seat,
		unicode = CASE WHEN unicode = '' THEN p_unicode ELSE unicode END,
		letters = site.letters || rollcall.new_letters(site.letters, p_letters)
	WHERE id = 1 AND version = site.version;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA rollcall FROM PUBLIC;
GRANT USAGE ON SCHEMA rollcall TO rollcall_app, rollcall_operator;
GRANT SELECT ON ALL TABLES IN SCHEMA rollcall TO rollcall_app, rollcall_operator;
GRANT EXECUTE ON FUNCTION rollcall.create_users, rollcall.remove_user, rollcall.rename_user, rollcall.set_sheet
TO rollcall_app, rollcall_operator;

-- An import is a COPY of all that a batch would have written.
GRANT INSERT ON rollcall.users, rollcall.words, rollcall.looks TO rollcall_operator;
GRANT UPDATE ON rollcall.state TO rollcall_operator;
GRANT EXECUTE ON FUNCTION rollcall.end_import TO rollcall_operator;

-- Or the planner takes one row for hundreds.
ANALYZE rollcall.state;
RESET ROLE;
