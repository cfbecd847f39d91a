/* The key that is made once and kept. */
#include "store/files/key_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "support/temporary_directory.h"
#include "support/test.h"

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

TEST(a_key_is_made_once_for_its_owner_alone)
{
	struct temporary_directory directory;
	unsigned char key[KEY_FILE_BYTES], again[KEY_FILE_BYTES];
	struct reason reason;
	struct stat status;

	temporary_directory_make(&directory);
	char *path = memory_printf("%s/" KEY_FILE_NAME, directory.path);
	char *temporary = memory_printf("%s.new", path);
	write_file(temporary, "left by a crash");
	assert_int_equal(key_file_load(directory.path, key, &reason), RESULT_OK);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_not_equal(access(temporary, F_OK), 0);
	assert_int_equal(key_file_load(directory.path, again, &reason), RESULT_OK);
	assert_memory_equal(key, again, sizeof(key));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(key_file_load(directory.path, again, &reason), RESULT_OK);
	assert_memory_not_equal(key, again, sizeof(key));
	assert_int_equal(unlink(path), 0);
	free(path);
	free(temporary);
	temporary_directory_remove(&directory);
}

TEST(a_file_that_is_no_key_is_left_alone)
{
	static const char *const texts[] = {"", "\n", "0123456789abcdef0123456789abcdef",
		"0123456789abcdef0123456789abcdef0\n", "0123456789abcdef0123456789abcdeg\n",
		"0123456789abcdef0123456789abcdef\n\n"};
	struct temporary_directory directory;
	unsigned char key[KEY_FILE_BYTES];
	struct reason reason;

	temporary_directory_make(&directory);
	char *path = memory_printf("%s/" KEY_FILE_NAME, directory.path);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct stat status;
		write_file(path, texts[i]);
		assert_int_equal(key_file_load(directory.path, key, &reason), RESULT_MALFORMED);
		assert_non_null(strstr(reason.text, "not a key"));
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_size, strlen(texts[i]));
	}
	write_file(path, "000102030405060708090a0b0c0d0e0f\n");
	assert_int_equal(key_file_load(directory.path, key, &reason), RESULT_OK);
	for (unsigned char i = 0; i < KEY_FILE_BYTES; i++)
		assert_int_equal(key[i], i);
	assert_int_equal(unlink(path), 0);
	free(path);
	temporary_directory_remove(&directory);
}

TEST(a_directory_that_is_not_there)
{
	unsigned char key[KEY_FILE_BYTES];
	struct reason reason;

	assert_int_equal(key_file_load("/nonexistent", key, &reason), RESULT_SYSTEM);
	assert_non_null(strstr(reason.text, "/nonexistent/leave.key: No such file"));
}
