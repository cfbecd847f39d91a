/*
 * Decomposition and composition of text (UAX 15) by utf8proc, but for the order of marks. The
 * library sorts them by exchanging neighbours, which takes the square of their number: 1.5 ms for a
 * kilobyte of marks, a hundred times as long as a request. Here it is a radix sort: 10 µs.
 */
#include "store/names/code_points.h"

#include "base/scratch.h"
#include "base/utf8.h"

static uint32_t class_of(utf8proc_int32_t classed)
{
	return (uint32_t)classed >> CODE_POINT_CLASS_SHIFT;
}

/* Sorts by four bits of the classes. */
static void sort_by_class(
	const utf8proc_int32_t *from, utf8proc_int32_t *to, size_t count, unsigned shift)
{
	size_t starts[17] = {0};

	for (size_t i = 0; i < count; i++)
		starts[(class_of(from[i]) >> shift) % 16 + 1]++;
	for (size_t value = 1; value < 16; value++)
		starts[value] += starts[value - 1];
	for (size_t i = 0; i < count; i++)
		to[starts[(class_of(from[i]) >> shift) % 16]++] = from[i];
}

/* Marks in a row, by their classes; those of one class stay in their order. */
static void order_marks(utf8proc_int32_t *marks, size_t count)
{
	SCRATCH utf8proc_int32_t sorted[CODE_POINTS_MOST];

	sort_by_class(marks, sorted, count, 0);
	sort_by_class(sorted, marks, count, 4);
}

utf8proc_ssize_t code_points_decompose(
	utf8proc_int32_t point, utf8proc_int32_t *parts, size_t most, utf8proc_option_t options)
{
	int boundary = UTF8PROC_BOUNDCLASS_START;
	utf8proc_ssize_t count =
		utf8proc_decompose_char(point, parts, (utf8proc_ssize_t)most, options, &boundary);

	for (utf8proc_ssize_t i = 0; i < count && (size_t)count <= most; i++)
		parts[i] |= (utf8proc_int32_t)((uint32_t)utf8proc_get_property(parts[i])
						       ->combining_class
					       << CODE_POINT_CLASS_SHIFT);
	return count;
}

size_t code_points_compose(utf8proc_int32_t *points, size_t count, utf8proc_option_t options)
{
	size_t start = 0; /* of the marks in a row */
	bool is_ordered = true;

	for (size_t i = 1; i <= count; i++) {
		if (i < count && class_of(points[i]) != 0) {
			is_ordered &= class_of(points[i - 1]) <= class_of(points[i]);
			continue;
		}
		if (!is_ordered)
			order_marks(points + start, i - start);
		start = i;
		is_ordered = true;
	}
	for (size_t i = 0; i < count; i++)
		points[i] &= CODE_POINT_MASK;
	if ((options & UTF8PROC_COMPOSE) == 0)
		return count;
	/* Fails only for numbers that are no code points. */
	return (size_t)utf8proc_normalize_utf32(points, (utf8proc_ssize_t)count, options);
}

size_t code_point_nfkc(utf8proc_int32_t point, utf8proc_int32_t parts[static CODE_POINT_PARTS])
{
	const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
	utf8proc_ssize_t count = code_points_decompose(point, parts, CODE_POINT_PARTS, options);

	return count < 1 || count > CODE_POINT_PARTS
		       ? 0
		       : code_points_compose(parts, (size_t)count, options);
}

utf8proc_ssize_t code_points_normalize(const char *text, size_t length, utf8proc_int32_t *points,
	size_t most, utf8proc_option_t options)
{
	size_t count = 0;
	utf8proc_int32_t point;
	size_t step;

	for (size_t i = 0; i < length; i += step) {
		step = utf8_decode(text + i, length - i, &point);
		if (step == 0)
			return UTF8PROC_ERROR_INVALIDUTF8;
		utf8proc_ssize_t parts =
			code_points_decompose(point, points + count, most - count, options);
		if (parts < 0 || count + (size_t)parts > most)
			return parts < 0 ? parts : (utf8proc_ssize_t)(most + 1);
		count += (size_t)parts;
	}
	return (utf8proc_ssize_t)code_points_compose(points, count, options);
}
