-- What the records of sign_up.c say, beside what is in the database. Each line that this prints is a fault of the store; a list
-- that only sign_up.c has written, from its first user, has none. psql -v answers=FILE -v most=MILLISECONDS -f judge.sql
\set QUIET on
\set ON_ERROR_STOP on
\pset format unaligned
\pset tuples_only on
CREATE TEMPORARY TABLE answers (node integer, took integer, status integer, number bigint, name text);
\set copy '\\copy answers FROM ' :answers ' WITH (DELIMITER '' '')'
:copy

-- The client is told something in time, and only this.
SELECT 'not answered in time: ' || name || ', after ' || took || ' ms' FROM answers WHERE status = 1 OR took > :most;
SELECT 'status ' || status || ': ' || name FROM answers WHERE status NOT IN (0, 1, 201, 409, 503);

SELECT 'acknowledged, and not there: ' || a.number || ' ' || a.name
FROM answers a WHERE status = 201 AND NOT EXISTS (SELECT FROM rollcall.users u WHERE u.number = a.number AND u.name = a.name);

SELECT 'acknowledged twice: ' || name FROM answers WHERE status = 201 GROUP BY name HAVING count(*) > 1;
SELECT 'two users have number ' || number FROM answers WHERE status = 201 GROUP BY number HAVING count(*) > 1;

-- Names that are asked for once can be taken by nobody else. Of those that were asked for more than once, one request got the
-- name, or was not told that it did.
SELECT 'told that it is taken, by itself: ' || name
FROM answers GROUP BY name HAVING bool_and(status = 409);
SELECT 'told of a holder who is not: ' || a.number || ' ' || a.name
FROM answers a WHERE status = 409 AND NOT EXISTS (SELECT FROM rollcall.users u WHERE u.number = a.number AND u.name = a.name);

SELECT 'nobody asked for it: ' || name FROM rollcall.users u WHERE NOT EXISTS (SELECT FROM answers a WHERE a.name = u.name);
SELECT 'there twice: ' || name FROM rollcall.users GROUP BY name HAVING count(*) > 1;

SELECT 'the state says ' || s.users || ' users, newest ' || s.newest || ', next ' || s.next_number || ': there are ' || u.count
	|| ', newest ' || u.newest
FROM rollcall.state s, (SELECT count(*), coalesce(max(number), 0) AS newest FROM rollcall.users) u
WHERE (s.users, s.newest, s.next_number) <> (u.count, u.count, u.count + 1) OR u.newest <> u.count;

SELECT 'earlier than the user before: ' || number
FROM (SELECT number, created, lag(created) OVER (ORDER BY number) AS before FROM rollcall.users) u WHERE created < before;

SELECT 'cannot be found by a word: ' || name
FROM rollcall.users u LEFT JOIN (SELECT DISTINCT number FROM rollcall.words WHERE form = 0) w USING (number) WHERE w.number IS NULL;
SELECT 'a word of nobody: ' || number FROM rollcall.words w WHERE NOT EXISTS (SELECT FROM rollcall.users u WHERE u.number = w.number);
