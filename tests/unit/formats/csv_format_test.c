#include <string.h>

#include "base/limit.h"
#include "formats/format.h"
#include "support/test.h"
#include "support/unit/list.h"

#define HEADER "number,created,username\r\n"
#define TIME   "2025-11-24T16:00:00.000Z"

static void expect(const char *input, const char *expected)
{
	list_expect(&csv_format, input, expected);
}

TEST(columns_in_any_order)
{
	expect(HEADER "1," TIME ",alice\r\n", "2:[alice] 1764000000000\n");
	expect("username,created,number\nalice," TIME ",1\n", "2:[alice] 1764000000000\n");
	expect("\"username\",\"created\"\nalice," TIME "\n", "2:[alice] 1764000000000\n");
	expect("username\nalice\n\"bob\"", "2:[alice]\n3:[bob]\n");
	expect("created,username\n,alice\n", "2:[alice]\n");
}

TEST(the_number_is_not_looked_at)
{
	expect("number,username\nnonsense,alice\n,bob\n", "2:[alice]\n3:[bob]\n");
}

TEST(no_users)
{
	expect(HEADER, "");
	expect("username", "");
}

TEST(headers_that_are_refused)
{
	expect("", "1: there is no header row that names the columns\nrefused\n");
	expect("number,created\n1,\n", "1: there is no column username\nrefused\n");
	expect("username,email\na,b\n",
		"1: column 2 is not number, created or username\nrefused\n");
	expect("alice\nbob\n", "1: column 1 is not number, created or username\nrefused\n");
	expect("user name\nbob\n", "1: column 1 is not number, created or username\nrefused\n");
	expect("username,Username\n", "1: column 2 is repeated\nrefused\n");
	expect("username|created\n", "1: column 1 is not number, created or username\nrefused\n");
	expect("username;email\n", "1: column 2 is not number, created or username\nrefused\n");
	expect("user\n", "1: column 1 is not number, created or username\nrefused\n");
	expect("\nusername\n", "1: there is no column username\nrefused\n");
	expect("username,number,username\n", "1: column 3 is repeated\nrefused\n");
	expect(",username\nnumber,alice\n", "2: a field in a column without a heading\n");
	expect(",\n,\n", "1: there is no column username\nrefused\n");
	expect("PK\x03\x04 and so on\n",
		"1: a workbook and not CSV; spreadsheets save it as \"CSV UTF-8\"\nrefused\n");
	expect("user\"name\nbob\n", "1: a quote within a field that is not quoted\nrefused\n");
	expect("username\rbob\r", "1: a carriage return without a line feed\nrefused\n");
	expect("\"username\nbob\n",
		"1: a quoted field that is not closed (the row ends on line 3)\nrefused\n");
}

TEST(rows_with_too_few_or_too_many_fields)
{
	expect("number,username\n1\n1,alice\n1,bob,x\n\n",
		"2: 1 fields, but 2 columns\n3:[alice]\n4: 3 fields, but 2 columns\n");
	expect("username\n,,,,,,,,,,,a\n", "2: 12 fields, but 1 columns\n");
	expect("created;username\nalice,\n", "2: 1 fields, but 2 columns\n");
}

/* Cells that were emptied are written, but not in each row. */
TEST(rows_with_nothing_at_their_end)
{
	expect("username;created;\nalice\nbob; ;;;\ncarol;" TIME "\ndave\n;;;\n",
		"2:[alice]\n3:[bob]\n4:[carol] 1764000000000\n5:[dave]\n");
	expect("number,username,,,,,,,,,,,\n1,alice,,,,,,,,,,,\n2,bob,,,x\n",
		"2:[alice]\n3: a field in a column without a heading\n");
}

/* `count` of them, behind the only column. */
static void expect_separators(size_t count, const char *expected)
{
	struct buffer input = {0};

	buffer_string(&input, "username\nalice");
	for (size_t i = 0; i < count; i++)
		buffer_string(&input, ",");
	buffer_string(&input, "\nbob\n");
	list_expect_bytes(&csv_format, input.bytes, input.length, expected);
	buffer_free(&input);
}

TEST(more_fields_than_are_looked_at)
{
	struct buffer header = {0};

	expect_separators(LIMIT_IMPORT_FIELDS - 1, "2:[alice]\n3:[bob]\n");
	expect_separators(LIMIT_IMPORT_FIELDS, "2: 65 fields, but 1 columns\n3:[bob]\n");
	for (size_t i = 0; i < LIMIT_IMPORT_FIELDS; i++)
		buffer_string(&header, ",");
	list_expect_bytes(
		&csv_format, header.bytes, header.length, "1: more than 64 columns\nrefused\n");
	buffer_free(&header);
}

/* Writing puts the apostrophe there. */
TEST(an_apostrophe_that_keeps_a_name_from_being_a_formula)
{
	expect("username\n'=1+1\n'+1\n'-1\n'@a\n'\ta\n\"'\ra\"\n''=1\n",
		"2:[=1+1]\n3:[+1]\n4:[-1]\n5:[@a]\n6:[\ta]\n7:[\ra]\n8:['=1]\n");
	expect("username\n't Hooft\n=1\n'\n''\n", "2:['t Hooft]\n3:[=1]\n4:[']\n5:['']\n");
}

TEST(times)
{
	static const char reason[] = ": created: expected a time like 2026-01-02T03:04:05.678Z\n";
	static const char *const wrong[] = {"yesterday", "2026-02-30T00:00:00.000Z",
		"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678+00:00", "1969-12-31T23:59:59.999Z",
		"\"\t" TIME "\"", "0"};

	expect("created,username\n1970-01-01T00:00:00.000Z,alice\n", "2:[alice] 0\n");
	expect("username, created\nalice, 1970-01-01T00:00:00.000Z \nbob, \n",
		"2:[alice] 0\n3:[bob]\n");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct buffer input = {0};
		struct buffer expected = {0};
		buffer_printf(&input, "created,username\n%s,alice\n,bob\n", wrong[i]);
		buffer_printf(&expected, "2%s3:[bob]\n%c", reason, '\0');
		list_expect_bytes(&csv_format, input.bytes, input.length, expected.bytes);
		buffer_free(&input);
		buffer_free(&expected);
	}
}

TEST(names_are_any_bytes)
{
	static const char nul[] = "username\na\0b\n";

	expect("username\n\"a,b\"\n\"say \"\"hi\"\"\"\n", "2:[a,b]\n3:[say \"hi\"]\n");
	expect("username\n\"a\r\nb\"\n;\n\talice\t\n", "2:[a\r\nb]\n4:[;]\n5:[\talice\t]\n");
	list_expect_bytes(&csv_format, nul, sizeof(nul) - 1, "2:[a0b]\n");
}

/* As programs with another language of their own than English have it, and people. */
TEST(headers_and_separators_of_others)
{
	expect("Username\nalice\n", "2:[alice]\n");
	expect("NUMBER; Created ;uSeRnAmE\n1;" TIME ";a,b\n", "2:[a,b] 1764000000000\n");
	expect("number, created, username\r\n1, " TIME ", Anna\r\n", "2:[ Anna] 1764000000000\n");
	expect("username\tcreated\nalice\t\n\"b\tc\"\t" TIME "\n",
		"2:[alice]\n3:[b\tc] 1764000000000\n");
	expect("\"username\" ; \"created\"\n\"alice\" ; \"" TIME "\"\n",
		"2:[alice] 1764000000000\n");
	expect("sep=;\r\nusername;created\r\nalice;\r\n", "3:[alice]\n");
	expect("sep=,\nusername\nalice\n", "3:[alice]\n");
}

/* At the end they are nothing; before a user somebody may be missing. */
TEST(blank_rows)
{
	expect("username\r\nalice\r\n\r\n", "2:[alice]\n");
	expect("username\nalice\n\n \n\t\n\"\"\n,,,,,,,,,,,\n , \n", "2:[alice]\n");
	expect("number,created,username\n1,,alice\n,,\n\n,,", "2:[alice]\n");
	expect("username;created\nalice;\n;\n;\n", "2:[alice]\n");
	expect("username\n\n", "");
	expect("username\n\n\nalice\n\n\"\"\nbob\n\n",
		"2:[]\n3:[]\n4:[alice]\n5:[]\n6:[]\n7:[bob]\n");
	expect("number,username\n,\n\na\"b\n,\n",
		"2:[]\n3:[]\n4: a quote within a field that is not quoted\n");
}

TEST(what_is_not_utf8)
{
	static const char wide[] = "u\0s\0e\0r\0n\0a\0m\0e\0\n\0a\0\n\0";

	expect("username\nZo\xeb\nalice\n",
		"2: not UTF-8; spreadsheets save it as \"CSV UTF-8\"\n3:[alice]\n");
	expect("n\xf6mber,username\n1,alice\n",
		"1: not UTF-8; spreadsheets save it as \"CSV UTF-8\"\nrefused\n");
	expect("number,username\n\xff,alice\n", "2:[alice]\n");
	list_expect_bytes(&csv_format, wide, sizeof(wide) - 1,
		"1: not UTF-8; spreadsheets save it as \"CSV UTF-8\"\nrefused\n");
}

/* `text` has no characters but ASCII, é, half of a pair as !, and 😀 as *. */
static void expect_utf16(const char *text, const char *expected)
{
	for (int is_little = 0; is_little <= 1; is_little++) {
		struct buffer input = {0};
		buffer_append(&input, is_little ? "\xff\xfe" : "\xfe\xff", 2);
		for (const char *at = text; *at != '\0'; at++) {
			const unsigned units[2] = {*at == '*' || *at == '!' ? 0xd83d
						   : *at == '~'             ? 0xe9
						   : *at == '^'             ? 0xfeff
									    : (unsigned char)*at,
				0xde00};
			for (size_t i = 0; i < (*at == '*' ? 2 : 1); i++) {
				const char bytes[] = {(char)(units[i] >> 8), (char)units[i]};
				buffer_append(&input, &bytes[is_little], 1);
				buffer_append(&input, &bytes[!is_little], 1);
			}
		}
		list_expect_bytes(&csv_format, input.bytes, input.length, expected);
		buffer_free(&input);
	}
}

TEST(utf16)
{
	expect_utf16("username\r\nZo~\r\nb*b\r\n\r\n", "2:[Zo\u00e9]\n3:[b\U0001f600b]\n");
	expect_utf16("username\tcreated\nalice\t", "2:[alice]\n");
	expect_utf16("^username\nalice", "2:[alice]\n");
	expect_utf16("username\na!b\n!!\n!*\nc!",
		"2:[a\ufffdb]\n3:[\ufffd\ufffd]\n4:[\ufffd\U0001f600]\n5:[c\ufffd]\n");
	expect_utf16("", "1: there is no header row that names the columns\nrefused\n");
}

/* A byte is missing at the end; and the first two are those of a mark, in text that goes on in
 * UTF-8. */
TEST(utf16_that_is_none)
{
	static const char cut[] = "\xff\xfeu\0s\0e\0r\0n\0a\0m\0e\0\n\0a\0\n";

	list_expect_bytes(&csv_format, cut, sizeof(cut) - 1, "2:[a\ufffd]\n");
	expect("\xff\xfeusername\nalice\n",
		"1: column 1 is not number, created or username\nrefused\n");
	expect("\xff", "1: not UTF-8; spreadsheets save it as \"CSV UTF-8\"\nrefused\n");
	expect("\xfe", "1: not UTF-8; spreadsheets save it as \"CSV UTF-8\"\nrefused\n");
}

TEST(rows_that_are_not_csv)
{
	expect("username\na\"b\nbob\n", "2: a quote within a field that is not quoted\n3:[bob]\n");
	expect("username\n\"a\"b\nbob\n",
		"2: something follows the closing quote of a field\n3:[bob]\n");
	expect("username\na\rb\nbob\n", "2: a carriage return without a line feed\n3:[bob]\n");
	expect("username\n\"a\nbob\ncarol\n",
		"2: a quoted field that is not closed (the row ends on line 5)\n");
}

TEST(a_row_that_is_too_long)
{
	struct buffer input = {0};

	buffer_string(&input, "username\n\"");
	for (size_t i = 0; i <= LIMIT_IMPORT_ROW; i++)
		buffer_string(&input, "x");
	buffer_string(&input, "\"\nbob\n");
	list_expect_bytes(
		&csv_format, input.bytes, input.length, "2: the row is too long\n3:[bob]\n");
	buffer_free(&input);
}

TEST(a_byte_order_mark)
{
	expect("\xef\xbb\xbfusername\nalice\n", "2:[alice]\n");
	expect("\xef\xbb\xbf\"username\"\nalice\n", "2:[alice]\n");
	expect("\xef\xbb\xbf", "1: there is no header row that names the columns\nrefused\n");
	expect("\xef\xbb\xbf\xef\xbb\xbfusername\nalice\n", "2:[alice]\n");
	expect("\xef\xbb\xbf\xef\xbbusername\n",
		"1: not UTF-8; spreadsheets save it as \"CSV UTF-8\"\nrefused\n");
	expect("\xef\xbbusername\n",
		"1: not UTF-8; spreadsheets save it as \"CSV UTF-8\"\nrefused\n");
	expect("\xef", "1: not UTF-8; spreadsheets save it as \"CSV UTF-8\"\nrefused\n");
	expect("username\n\xef\xbb\xbf"
	       "alice\n",
		"2:[\xef\xbb\xbf"
		"alice]\n");
}

TEST(the_head)
{
	struct buffer out = {0};

	csv_format.write_head(&out);
	assert_int_equal(out.length, strlen(HEADER));
	assert_memory_equal(out.bytes, HEADER, out.length);
	buffer_free(&out);
}

static void expect_written(const char *name, const char *expected)
{
	struct buffer row = {0};

	buffer_printf(&row, "18," TIME ",%s\r\n%c", expected, '\0');
	list_expect_written(&csv_format, 18, INT64_C(1764000000000), name, row.bytes);
	buffer_free(&row);
}

TEST(users_are_quoted_where_that_is_needed)
{
	expect_written("alice", "alice");
	expect_written("Zoë von Ö", "Zoë von Ö");
	expect_written("a,b", "\"a,b\"");
	expect_written("\"", "\"\"\"\"");
	expect_written("say \"hi\"!", "\"say \"\"hi\"\"!\"");
	expect_written("a\nb", "\"a\nb\"");
	expect_written("a\rb", "\"a\rb\"");
}

TEST(what_a_spreadsheet_takes_for_a_formula_has_an_apostrophe_before_it)
{
	expect_written("=1+1", "'=1+1");
	expect_written("+1", "'+1");
	expect_written("-1", "'-1");
	expect_written("@a", "'@a");
	expect_written("\ta", "'\ta");
	expect_written("\ra", "\"'\ra\"");
	expect_written("=\"a\"", "\"'=\"\"a\"\"\"");
	expect_written("'=1", "''=1");
	expect_written("'t Hooft", "'t Hooft");
	expect_written("O'=", "O'=");
	expect_written("'", "'");
}

TEST(the_greatest_number)
{
	list_expect_written(&csv_format, UINT64_MAX, INT64_C(253402300799999), "a",
		"18446744073709551615,9999-12-31T23:59:59.999Z,a\r\n");
}
