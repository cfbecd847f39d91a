/* The sheet as JSON, as in the events of live lists. */
#include "views/home_json.h"

#include <string.h>

#include "support/test.h"

static void expect_sheet(uint64_t seats, uint64_t last_seat, const char *text)
{
	const struct sheet_text sheet = {
		.title = "Party", .intro = "", .contact = "", .privacy = ""};
	const struct sheet_status status = {.state = SHEET_OPEN, .seats = seats};
	struct buffer out = {0};

	sheet_json_view(&out, &sheet, &status, last_seat);
	buffer_append(&out, "", 1);
	assert_false(out.failed);
	assert_string_equal(out.bytes, text);
	buffer_free(&out);
}

TEST(the_last_seat_where_there_is_a_waiting_list)
{
	expect_sheet(0, 0, "{\"title\":\"Party\",\"state\":\"open\"}");
	expect_sheet(3, 0, "{\"title\":\"Party\",\"state\":\"open\",\"seats\":3}");
	expect_sheet(3, 7, "{\"title\":\"Party\",\"state\":\"open\",\"seats\":3,\"last_seat\":7}");
}
