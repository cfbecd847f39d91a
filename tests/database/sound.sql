-- What is so of a list at any time whose names are plain words in ASCII. Each line that this prints is a fault.
SELECT 'users: ' || users FROM rollcall.state WHERE users <> (SELECT count(*) FROM rollcall.users);
SELECT 'newest: ' || newest FROM rollcall.state WHERE newest <> (SELECT coalesce(max(number), 0) FROM rollcall.users);
SELECT 'next: ' || next_number FROM rollcall.state WHERE next_number <= newest;
SELECT 'last seat: ' || last_seat FROM rollcall.state WHERE last_seat <> CASE WHEN seats = 0 OR users <= seats THEN 0
	ELSE (SELECT number FROM rollcall.users ORDER BY number OFFSET seats - 1 LIMIT 1) END;
SELECT 'words of ' || number FROM (SELECT number, array_agg(convert_from(text, 'UTF8') ORDER BY rank) AS words
	FROM rollcall.words GROUP BY number) w FULL JOIN rollcall.users u USING (number)
WHERE words[1] IS DISTINCT FROM lower(name);
SELECT 'letters: ' || letters FROM rollcall.state
WHERE (SELECT string_agg(l, '' ORDER BY l) FROM regexp_split_to_table(letters, '') l)
	<> (SELECT coalesce(string_agg(DISTINCT left(convert_from(text, 'UTF8'), 1), ''), '') FROM rollcall.words WHERE form = 0);
SELECT 'earlier than the one before: ' || number FROM (SELECT number, created, lag(created) OVER (ORDER BY number) AS before
	FROM rollcall.users) u WHERE created < before;
