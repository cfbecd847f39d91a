/*
 * The SQL of reading. Every statement is planned once, for an empty database as for one of 10^9
 * users: so each part of it is a walk along one index from a place that is given, with a limit, and
 * nothing is joined but users to so many numbers.
 */
#include "store/database/node/database_statements.h"

/* Settings count before the options of the node: so it is decided here, in the same snapshot. The
 * database keeps the last seat for the seats that the last change was made with; a node that has
 * other options counts them off, which takes time in proportion to the seats. */
#define STATE                                                                                      \
	"WITH s AS MATERIALIZED ("                                                                 \
	"SELECT schema, unicode, version, revision, site, next_number - 1 AS last, users, "        \
	"newest, change, sheet,"                                                                   \
	" letters, seats, last_seat,"                                                              \
	" ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint AS timeline"    \
	" FROM rollcall.state WHERE id = 1"                                                        \
	" ORDER BY version DESC LIMIT 1), "                                                        \
	"e AS MATERIALIZED (SELECT CASE WHEN coalesce("                                            \
	"(SELECT value = 'yes' FROM rollcall.settings WHERE setting = 7), $2) "                    \
	"THEN coalesce((SELECT value::bigint FROM rollcall.settings WHERE setting = 6), $1) "      \
	"ELSE 0 END AS seats) "                                                                    \
	"SELECT 0::smallint AS kind, 0::bigint AS place, NULL::bigint, NULL::bigint,"              \
	" CASE WHEN s.version <> $3 THEN s.letters END,"                                           \
	" s.version, s.revision, s.site, s.last, s.users, s.newest,"                               \
	" CASE WHEN e.seats = 0 OR s.users <= e.seats THEN 0"                                      \
	" WHEN s.seats = e.seats THEN s.last_seat"                                                 \
	" ELSE (SELECT number FROM rollcall.users ORDER BY number OFFSET e.seats - 1 LIMIT 1) "    \
	"END,"                                                                                     \
	" s.change, s.sheet, s.schema, s.unicode, s.timeline FROM s, e "

#define NOT_STATE                                                                                  \
	", NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint,"    \
	" NULL::bigint, NULL::bigint, NULL::bigint, NULL::integer, NULL::text, NULL::bigint "

#define IN_ORDER "ORDER BY 1, 2"

#define ONE_USER(kind, parameter)                                                                  \
	"UNION ALL SELECT " kind "::smallint, 0, number, created, name" NOT_STATE                  \
	"FROM rollcall.users WHERE number = " parameter " "

/* The greatest number that was given is a bound for users, so that those of before are not read
 * again when the newest are removed. */
static const char head_sql[] = STATE
	"UNION ALL SELECT 1::smallint, u.number, u.number, u.created, u.name" NOT_STATE
	"FROM s CROSS JOIN LATERAL (SELECT number, created, name FROM rollcall.users"
	" WHERE number > $4 ORDER BY number DESC LIMIT 2048) u WHERE s.version <> $3 "
	"UNION ALL SELECT (CASE c.kind WHEN 0 THEN 6 ELSE 5 END)::smallint, c.change, c.number,"
	" u.created, u.name" NOT_STATE
	"FROM s CROSS JOIN LATERAL (SELECT change, kind, number FROM rollcall.changes"
	" WHERE change > $5 ORDER BY change DESC LIMIT 1024) c"
	" LEFT JOIN rollcall.users u ON u.number = c.number WHERE s.version <> $3 "
	"UNION ALL SELECT 7::smallint, t.setting, t.revision, NULL, t.value" NOT_STATE
	"FROM s CROSS JOIN rollcall.settings t WHERE s.sheet <> $6 "
	"UNION ALL SELECT 8::smallint, 0, NULL, NULL, encode(k.value, 'hex')" NOT_STATE
	"FROM s CROSS JOIN rollcall.secrets k WHERE k.name = 'leave' AND s.sheet <> $6 " IN_ORDER;

static const char page_sql[] =
	STATE "UNION ALL SELECT 1::smallint, -row_number() OVER (), b.*" NOT_STATE
	      "FROM (SELECT number, created, name FROM rollcall.users"
	      " WHERE number < $4 ORDER BY number DESC LIMIT $5) b "
	      "UNION ALL SELECT 1::smallint, row_number() OVER (), a.*" NOT_STATE
	      "FROM (SELECT number, created, name FROM rollcall.users"
	      " WHERE number >= $4 ORDER BY number LIMIT $6) a " ONE_USER("2", "$7") IN_ORDER;

static const char named_sql[] =
	STATE "UNION ALL SELECT 1::smallint, 1, number, created, name" NOT_STATE
	      "FROM rollcall.users WHERE key = $4 " ONE_USER("2", "$5") IN_ORDER;

#define FOUND_WORDS "FROM rollcall.words WHERE form = $6::smallint AND shared < $9::integer"

static const char search_sql[] = STATE ONE_USER("2", "$4") ONE_USER("3",
	"$5") "UNION ALL SELECT 4::smallint, count(*), NULL, NULL, NULL" NOT_STATE
	      "FROM (SELECT 1 " FOUND_WORDS " AND text >= $7 AND text < $8 LIMIT $15) f "
	      "UNION ALL SELECT 1::smallint, -b.place, u.number, u.created, u.name" NOT_STATE
	      "FROM (SELECT number, row_number() OVER () AS place FROM (SELECT number " FOUND_WORDS
	      " AND text >= $7 AND (text, rank, number) < ($10, $11::integer, $12)"
	      " ORDER BY text DESC, rank DESC, number DESC LIMIT $13) w) b"
	      " JOIN rollcall.users u ON u.number = b.number "
	      "UNION ALL SELECT 1::smallint, a.place, u.number, u.created, u.name" NOT_STATE
	      "FROM (SELECT number, row_number() OVER () AS place FROM (SELECT number " FOUND_WORDS
	      " AND text < $8 AND (text, rank, number) >= ($10, $11::integer, $12)"
	      " ORDER BY text, rank, number LIMIT $14) w) a"
	      " JOIN rollcall.users u ON u.number = a.number " IN_ORDER;

static const Oid head_types[] = {
	TYPE_NUMBER, TYPE_BOOLEAN, TYPE_NUMBER, TYPE_NUMBER, TYPE_NUMBER, TYPE_NUMBER};
static const Oid page_types[] = {
	TYPE_NUMBER, TYPE_BOOLEAN, TYPE_NUMBER, TYPE_NUMBER, TYPE_NUMBER, TYPE_NUMBER, TYPE_NUMBER};
static const Oid named_types[] = {TYPE_NUMBER, TYPE_BOOLEAN, TYPE_NUMBER, TYPE_BYTES, TYPE_NUMBER};
static const Oid search_types[] = {TYPE_NUMBER, TYPE_BOOLEAN, TYPE_NUMBER, TYPE_NUMBER, TYPE_NUMBER,
	TYPE_NUMBER, TYPE_BYTES, TYPE_BYTES, TYPE_NUMBER, TYPE_BYTES, TYPE_NUMBER, TYPE_NUMBER,
	TYPE_NUMBER, TYPE_NUMBER, TYPE_NUMBER};

#define STATEMENT(statement)                                                                       \
	{                                                                                          \
		.name = #statement, .sql = statement##_sql,                                        \
		.parameters = sizeof(statement##_types) / sizeof(*statement##_types),              \
		.types = statement##_types                                                         \
	}

const struct statement reading_statements[READINGS] = {
	[READING_HEAD] = STATEMENT(head),
	[READING_PAGE] = STATEMENT(page),
	[READING_NAMED] = STATEMENT(named),
	[READING_SEARCH] = STATEMENT(search),
};
