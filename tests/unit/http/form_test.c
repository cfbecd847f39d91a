#include "http/form.h"

#include <string.h>

#include "support/test.h"

#define FIELDS      2
#define MOST_PIECES 3

/* What became of an input. */
struct outcome {
	enum result result;
	const char *reason;
	bool is_present[FIELDS];
	struct buffer values[FIELDS];
};

static void init_fields(struct form_field fields[FIELDS])
{
	fields[0] = (struct form_field){.name = "username"};
	fields[1] = (struct form_field){.name = "b"};
}

static struct outcome finish(struct form *form, struct form_field fields[FIELDS])
{
	struct outcome outcome = {.result = form_finish(form), .reason = form->reason};

	for (size_t i = 0; i < FIELDS; i++) {
		outcome.is_present[i] = fields[i].is_present;
		outcome.values[i] = fields[i].value;
	}
	return outcome;
}

static void free_outcome(struct outcome *outcome)
{
	for (size_t i = 0; i < FIELDS; i++)
		buffer_free(&outcome->values[i]);
}

/* Decodes an input that comes in three pieces, each of its own allocation so that a sanitizer sees
 * a byte read beyond it. */
static struct outcome decode(const char *input, size_t length, size_t first, size_t second)
{
	const size_t cuts[MOST_PIECES + 1] = {0, first, second, length};
	struct form_field fields[FIELDS];
	struct form form;

	init_fields(fields);
	form_begin(&form, fields, FIELDS);
	for (size_t i = 0; i < MOST_PIECES; i++) {
		struct buffer piece = {0};
		buffer_append(&piece, input + cuts[i], cuts[i + 1] - cuts[i]);
		form_feed(&form, piece.bytes, piece.length);
		buffer_free(&piece);
	}
	return finish(&form, fields);
}

static void expect_same(const struct outcome *a, const struct outcome *b)
{
	assert_int_equal(a->result, b->result);
	assert_ptr_equal(a->reason, b->reason);
	for (size_t i = 0; i < FIELDS && a->result == RESULT_OK; i++) {
		assert_int_equal(a->is_present[i], b->is_present[i]);
		assert_int_equal(a->values[i].length, b->values[i].length);
		if (a->values[i].length > 0)
			assert_memory_equal(
				a->values[i].bytes, b->values[i].bytes, a->values[i].length);
	}
}

/* Whole, in every two pieces and in every three: always the same. */
static struct outcome decode_every_way(const char *input, size_t length)
{
	struct outcome whole = decode(input, length, length, length);

	for (size_t first = 0; first <= length; first++) {
		for (size_t second = first; second <= length; second++) {
			struct outcome cut = decode(input, length, first, second);
			expect_same(&whole, &cut);
			free_outcome(&cut);
		}
	}
	return whole;
}

static void expect_field(const struct outcome *outcome, size_t i, const char *value)
{
	assert_int_equal(outcome->is_present[i], value != NULL);
	assert_int_equal(outcome->values[i].length, value != NULL ? strlen(value) : 0);
	if (outcome->values[i].length > 0)
		assert_memory_equal(outcome->values[i].bytes, value, outcome->values[i].length);
}

/* NULL: the field is not there. */
static void expect(const char *input, const char *username, const char *b)
{
	struct outcome outcome = decode_every_way(input, strlen(input));

	if (outcome.result != RESULT_OK || outcome.reason != NULL)
		fail_msg("not taken: %s", input);
	expect_field(&outcome, 0, username);
	expect_field(&outcome, 1, b);
	free_outcome(&outcome);
}

static void expect_malformed_bytes(const char *input, size_t length, const char *reason)
{
	struct outcome outcome = decode_every_way(input, length);

	if (outcome.result != RESULT_MALFORMED)
		fail_msg("taken: %s", input);
	assert_string_equal(outcome.reason, reason);
	free_outcome(&outcome);
}

static void expect_malformed(const char *input, const char *reason)
{
	expect_malformed_bytes(input, strlen(input), reason);
}

TEST(fields)
{
	expect("", NULL, NULL);
	expect("username=alice", "alice", NULL);
	expect("username=alice&b=2", "alice", "2");
	expect("b=2&username=alice", "alice", "2");
	expect("username=", "", NULL);
	expect("username", "", NULL);
	expect("username&b", "", "");
	expect("username=a=b==c", "a=b==c", NULL);
}

TEST(empty_pairs)
{
	expect("&", NULL, NULL);
	expect("&&&username=a&&b=1&&", "a", "1");
	expect("=", NULL, NULL);
	expect("=value&=&username=a", "a", NULL);
	expect("==username=a", NULL, NULL);
}

TEST(encoding)
{
	expect("username=a+b%20c%2Bd", "a b c+d", NULL);
	expect("user%6eame=%61%4a%4A", "aJJ", NULL);
	expect("username%3Da", NULL, NULL);
	expect("username=a%26b%3D1", "a&b=1", NULL);
	expect("username=%25%32%35", "%25", NULL);
	expect("username=%09%0D%0A%7F", "\t\r\n\x7f", NULL);
	expect("username=~!*()'<>\"", "~!*()'<>\"", NULL);
	expect("user+name=x&b=+", NULL, " ");
}

TEST(broken_percent)
{
	expect_malformed("username=%", "a % without two hexadecimal digits after it");
	expect_malformed("username=%4", "a % without two hexadecimal digits after it");
	expect_malformed("username=%4&b=1", "a % without two hexadecimal digits after it");
	expect_malformed("username=%g0", "a % without two hexadecimal digits after it");
	expect_malformed("username=%0g", "a % without two hexadecimal digits after it");
	expect_malformed("username=%%41", "a % without two hexadecimal digits after it");
	expect_malformed("username=%+1", "a % without two hexadecimal digits after it");
	expect_malformed("username=%-1", "a % without two hexadecimal digits after it");
	expect_malformed("username=% 1", "a % without two hexadecimal digits after it");
	expect_malformed("username=%0x41", "a % without two hexadecimal digits after it");
	expect_malformed("%=1", "a % without two hexadecimal digits after it");
	expect_malformed("other=%zz&username=a", "a % without two hexadecimal digits after it");
	expect_malformed("username=a&%", "a % without two hexadecimal digits after it");
}

TEST(nul)
{
	expect_malformed("username=%00", "a NUL");
	expect_malformed("username=a%00b", "a NUL");
	expect_malformed("user%00name=a", "a NUL");
	expect_malformed("username%00=a", "a NUL");
	expect_malformed("other=%00", "a NUL");
	expect_malformed_bytes("username=a\0b", 12, "a NUL");
	expect_malformed_bytes("\0", 1, "a NUL");
}

TEST(repeated_fields)
{
	expect_malformed("username=a&username=a", "a repeated field");
	expect_malformed("username=a&b=1&username=b", "a repeated field");
	expect_malformed("username&username", "a repeated field");
	expect_malformed("username=a&user%6Eame=b", "a repeated field");
	expect_malformed("b=&b=", "a repeated field");
	expect("other=1&other=2&username=a", "a", NULL);
}

TEST(unknown_fields_are_skipped)
{
	expect("usernam=x&usernamee=y&Username=z&username=a", "a", NULL);
	expect("x=%FF%FE&username=a", "a", NULL);
	expect("\xff=1&username=a", "a", NULL);
	expect("bb=1&b=2&bbb=3", NULL, "2");
}

TEST(names_longer_than_anybody_asks_for)
{
	expect("usernameusernameusernameusernameusername=x&username=a", "a", NULL);
	expect("usernameusernameusernameusername=x", NULL, NULL);
	expect("username%20%20%20%20%20%20%20%20%20%20%20%20%20%20%20%20%20%20%20%20%20%20%20%20=x",
		NULL, NULL);
}

/* A name that is known and as long as what is kept of one: a longer one must not look like it. */
TEST(a_longer_name_is_another_name)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz012345";

	assert_int_equal(strlen(name), sizeof(((struct form *)NULL)->name));
	for (size_t extra = 0; extra < 3; extra++) {
		struct form_field field = {.name = name};
		struct form form;
		form_begin(&form, &field, 1);
		form_feed(&form, name, strlen(name));
		form_feed(&form, "67", extra);
		form_feed(&form, "=x", 2);
		assert_int_equal(form_finish(&form), RESULT_OK);
		assert_int_equal(field.is_present, extra == 0);
		buffer_free(&field.value);
	}
}

TEST(utf8)
{
	expect("username=Zo\xc3\xab", "Zoë", NULL);
	expect("username=Zo%C3%AB", "Zoë", NULL);
	expect("username=Zo\xc3%ab", "Zoë", NULL);
	expect("username=%F0%9F%8E%89", "🎉", NULL);
	expect("username=%F4%8F%BF%BF", "\xf4\x8f\xbf\xbf", NULL);
	expect("username=%ED%9F%BF", "\xed\x9f\xbf", NULL);
}

TEST(what_is_not_utf8)
{
	static const char *const wrong[] = {"%80", "%BF", "%C3", "%C3%28", "%C0%80", "%C1%BF",
		"%E2%82", "%E0%80%80", "%E0%9F%BF", "%ED%A0%80", "%ED%BF%BF", "%F0%9F%8E",
		"%F0%80%80%80", "%F0%8F%BF%BF", "%F4%90%80%80", "%F5%80%80%80", "%F8%88%80%80%80",
		"%FE", "%FF", "a%C3", "%C3&b=%AB", "\xff", "\xc3", "a\x80z"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct buffer input = {0};
		buffer_printf(&input, "username=%s", wrong[i]);
		expect_malformed_bytes(input.bytes, input.length, "not UTF-8");
		buffer_printf(&input, "&x=1");
		expect_malformed_bytes(input.bytes, input.length, "not UTF-8");
		buffer_free(&input);
	}
}

TEST(large_values)
{
	struct form_field field = {.name = "username"};
	struct buffer input = {0};
	struct form form;

	buffer_string(&input, "username=");
	for (int i = 0; i < 50000; i++)
		buffer_string(&input, "%41b");
	form_begin(&form, &field, 1);
	for (size_t i = 0; i < input.length; i += 4096)
		form_feed(
			&form, input.bytes + i, input.length - i < 4096 ? input.length - i : 4096);
	assert_int_equal(form_finish(&form), RESULT_OK);
	assert_int_equal(field.value.length, 100000);
	for (size_t i = 0; i < 100000; i += 2)
		assert_memory_equal(field.value.bytes + i, "Ab", 2);
	buffer_free(&field.value);
	buffer_free(&input);
}

TEST(no_memory_for_a_value)
{
	struct form_field field = {.name = "username"};
	struct form form;

	form_begin(&form, &field, 1);
	form_feed(&form, "username=a", 10);
	field.value.failed = true;
	form_feed(&form, "b", 1);
	assert_int_equal(form_finish(&form), RESULT_MEMORY);
	buffer_free(&field.value);
}

/* One reason is enough. */
TEST(more_than_one_fault)
{
	expect_malformed("username=a&username=%00", "a repeated field");
	expect_malformed("username=%FF&b=%00", "a NUL");
	expect_malformed("username=%FF&b=%", "a % without two hexadecimal digits after it");
}

TEST(nobody_asks_for_a_field)
{
	struct form form;

	form_begin(&form, NULL, 0);
	form_feed(&form, "username=a&b=1", 14);
	assert_int_equal(form_finish(&form), RESULT_OK);
	form_begin(&form, NULL, 0);
	form_feed(&form, "a=%", 3);
	assert_int_equal(form_finish(&form), RESULT_MALFORMED);
}

/* Every byte is the same after encoding and decoding. */
TEST(what_is_encoded)
{
	struct form_field field = {.name = "q"};
	struct buffer out = {0}, query = {0};
	struct form form;

	form_encode(&out, "", 0);
	assert_int_equal(out.length, 0);
	form_encode(&out, "Zo\u00eb & 1+1=%2/*-._~\"<", 21);
	buffer_append(&out, "", 1);
	assert_string_equal(out.bytes, "Zo%C3%AB+%26+1%2B1%3D%252%2F*-._%7E%22%3C");
	buffer_string(&query, "q=");
	buffer_append(&query, out.bytes, out.length - 1);
	form_begin(&form, &field, 1);
	form_feed(&form, query.bytes, query.length);
	assert_int_equal(form_finish(&form), RESULT_OK);
	assert_int_equal(field.value.length, 21);
	assert_memory_equal(field.value.bytes, "Zo\u00eb & 1+1=%2/*-._~\"<", 21);
	buffer_free(&field.value);
	buffer_free(&query);
	buffer_free(&out);
}
