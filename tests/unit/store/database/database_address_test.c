/* What a database's address may be, what is refused, and that no secret comes out of it. */
#include "store/database/database_address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/temporary_directory.h"
#include "support/test.h"

#define SECRET "hunter2"

struct fixture {
	struct libpq libpq;
	struct database_address address;
	struct reason reason;
	struct temporary_directory credentials;
};

static int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));

	*state = fixture;
	unsetenv("PGHOSTADDR");
	unsetenv("PGSERVICE");
	temporary_directory_make(&fixture->credentials);
	setenv("CREDENTIALS_DIRECTORY", fixture->credentials.path, 1);
	if (libpq_open(&fixture->libpq, &fixture->reason) != RESULT_OK)
		fail_msg("%s", fixture->reason.text);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	database_address_free(&fixture->address);
	libpq_close(&fixture->libpq);
	temporary_directory_remove(&fixture->credentials);
	test_free(fixture);
	return 0;
}

static void take(struct fixture *fixture, const char *url, bool is_insecure)
{
	database_address_free(&fixture->address);
	if (database_address_parse(&fixture->libpq, url, is_insecure, &fixture->address,
		    &fixture->reason) != RESULT_OK)
		fail_msg("%s: %s", url, fixture->reason.text);
}

/* And nothing is left in the address. */
static void refuse(struct fixture *fixture, const char *url, const char *why)
{
	static const struct database_address empty;

	database_address_free(&fixture->address);
	assert_int_equal(database_address_parse(
				 &fixture->libpq, url, false, &fixture->address, &fixture->reason),
		RESULT_MALFORMED);
	if (strstr(fixture->reason.text, why) == NULL)
		fail_msg("%s: %s, not: %s", url, fixture->reason.text, why);
	assert_null(strstr(fixture->reason.text, SECRET));
	assert_memory_equal(&fixture->address, &empty, sizeof(empty));
}

/* What libpq would take: the last of those with that keyword. */
static const char *word(const struct database_words *words, const char *keyword)
{
	const char *value = "";

	for (size_t i = 0; words->keywords[i] != NULL; i++) {
		if (strcmp(words->keywords[i], keyword) == 0)
			value = words->values[i];
	}
	return value;
}

static const char *word_of(struct fixture *fixture, size_t host, const char *keyword)
{
	struct database_words words;

	database_address_words(&fixture->address, host, NULL, &words);
	return word(&words, keyword);
}

FIXTURE_TEST(a_socket_needs_no_encryption)
{
	take(fixture, "postgresql://rollcall_app@/rollcall?host=/run/postgresql", false);
	assert_int_equal(fixture->address.host_count, 1);
	assert_true(fixture->address.hosts[0].is_socket);
	assert_string_equal(fixture->address.hosts[0].name, "/run/postgresql");
	assert_string_equal(fixture->address.hosts[0].port, "5432");
	assert_string_equal(
		fixture->address.text, "postgresql://rollcall_app@/run/postgresql:5432/rollcall");
	assert_string_equal(word_of(fixture, 0, "host"), "/run/postgresql");
	assert_string_equal(word_of(fixture, 0, "user"), "rollcall_app");
	assert_string_equal(word_of(fixture, 0, "dbname"), "rollcall");
	assert_string_equal(word_of(fixture, 0, "target_session_attrs"), "read-write");
	assert_string_equal(word_of(fixture, 0, "application_name"), "rollcall");
}

FIXTURE_TEST(a_url_without_a_host_is_the_usual_socket)
{
	take(fixture, "postgresql:///rollcall", false);
	assert_int_equal(fixture->address.host_count, 1);
	assert_true(fixture->address.hosts[0].is_socket);
	assert_string_equal(fixture->address.hosts[0].name, "/var/run/postgresql");
	take(fixture, "host=@abstract dbname=rollcall", false);
	assert_true(fixture->address.hosts[0].is_socket);
}

FIXTURE_TEST(several_hosts)
{
	take(fixture, "postgresql://app@db1:5433,db2/list?sslmode=verify-full", false);
	assert_int_equal(fixture->address.host_count, 2);
	assert_false(fixture->address.hosts[0].is_socket);
	assert_string_equal(fixture->address.text, "postgresql://app@db1:5433,db2:5432/list");
	assert_string_equal(word_of(fixture, 1, "host"), "db2");
	assert_string_equal(word_of(fixture, 1, "port"), "5432");
	assert_string_equal(word_of(fixture, DATABASE_ALL_HOSTS, "host"), "db1,db2");
	assert_string_equal(word_of(fixture, DATABASE_ALL_HOSTS, "port"), "5433,5432");
	assert_string_equal(word_of(fixture, DATABASE_ALL_HOSTS, "hostaddr"), "");
}

FIXTURE_TEST(a_port_for_all_and_numeric_addresses)
{
	struct database_words words;

	take(fixture, "host=db1,db2 hostaddr=10.0.0.1,10.0.0.2 port=6000 sslmode=verify-full",
		false);
	assert_string_equal(fixture->address.hosts[1].port, "6000");
	assert_string_equal(fixture->address.hosts[1].address, "10.0.0.2");
	assert_string_equal(word_of(fixture, 1, "hostaddr"), "10.0.0.2");
	assert_string_equal(word_of(fixture, DATABASE_ALL_HOSTS, "hostaddr"), "10.0.0.1,10.0.0.2");
	database_address_words(&fixture->address, 1, "10.0.0.9", &words);
	assert_string_equal(word(&words, "hostaddr"), "10.0.0.9");
	take(fixture, "hostaddr=10.0.0.1 sslmode=verify-full", false);
	assert_string_equal(fixture->address.hosts[0].name, "10.0.0.1");
	assert_false(fixture->address.hosts[0].is_socket);
}

FIXTURE_TEST(hosts_and_ports_must_match)
{
	refuse(fixture, "host=/a,/b,/c port=1,2", "not as many ports");
	refuse(fixture, "host=a,b hostaddr=10.0.0.1 sslmode=verify-full", "not as many");
	refuse(fixture, "host=/a port=0", "a port that is not a number");
	refuse(fixture, "host=/a port=65536", "a port that is not a number");
	refuse(fixture, "host=/a port=-1", "a port that is not a number");
	refuse(fixture, "postgresql:///list?host=run/postgresql", "begins with /");
	refuse(fixture, "postgresql:///list?host=/x&connect_timeout=x",
		"connect_timeout is not a number");
	take(fixture, "postgresql:///list?host=/x&connect_timeout=3", false);
}

FIXTURE_TEST(tcp_needs_a_verified_server)
{
	refuse(fixture, "postgresql://app@db1/list", "sslmode=verify-full");
	refuse(fixture, "postgresql://app@db1/list?sslmode=require", "sslmode=verify-full");
	refuse(fixture, "host=/run/postgresql,db1", "db1");
	refuse(fixture, "hostaddr=127.0.0.1", "sslmode=verify-full");
	refuse(fixture, "host=/run/postgresql hostaddr=127.0.0.1", "sslmode=verify-full");
	take(fixture, "postgresql://app@db1/list", true);
	assert_string_equal(word_of(fixture, 0, "sslmode"), "");
	take(fixture, "postgresql://app@db1/list?sslmode=require", true);
	assert_string_equal(word_of(fixture, 0, "sslmode"), "require");
}

FIXTURE_TEST(passwords_are_refused_and_not_told)
{
	refuse(fixture, "postgresql://app:" SECRET "@db1/list", "PGPASSFILE");
	refuse(fixture, "postgresql:///list?password=" SECRET, "PGPASSFILE");
	refuse(fixture, "host=/x password=" SECRET, "PGPASSFILE");
	refuse(fixture, "host=/x sslpassword=" SECRET, "PGPASSFILE");
	refuse(fixture, "postgresql://app:" SECRET "@[db1/list", "not a database's address");
	refuse(fixture, "postgresql://app:" SECRET "/x@db1/list", "");
	refuse(fixture, "postgresql://app:12/" SECRET "@db1/list?sslmode=verify-full", "an @");
	refuse(fixture, "password=" SECRET " " SECRET, "not a database's address");
	refuse(fixture, "postgresql://app:%zz" SECRET "@db1/list", "not a database's address");
}

FIXTURE_TEST(what_libpq_says_is_told_if_it_cannot_be_secret)
{
	refuse(fixture, "postgresql:///list?sslmod=verify-full", "sslmod");
	refuse(fixture, "rollcall", "not a database's address");
	refuse(fixture, "postgressql:///rollcall?host=/x", "not a database's address");
	refuse(fixture, "mysql:///rollcall", "not a database's address");
	refuse(fixture, "host=/x color=blue", "color");
}

FIXTURE_TEST(nothing_leads_past_the_checks)
{
	refuse(fixture, "service=other", "service");
	refuse(fixture, "postgresql:///list?host=/x&replication=database", "replication");
	setenv("PGSERVICE", "other", 1);
	refuse(fixture, "host=/x", "PGSERVICE");
	unsetenv("PGSERVICE");
	setenv("PGHOSTADDR", "10.0.0.1", 1);
	refuse(fixture, "host=/x", "PGHOSTADDR");
	unsetenv("PGHOSTADDR");
	take(fixture, "host=/x target_session_attrs=any gssencmode=require", false);
	assert_string_equal(word_of(fixture, 0, "target_session_attrs"), "read-write");
	assert_string_equal(word_of(fixture, 0, "gssencmode"), "disable");
	assert_string_equal(word_of(fixture, 0, "client_encoding"), "UTF8");
}

FIXTURE_TEST(what_is_usual_can_be_otherwise)
{
	take(fixture, "host=/x application_name=other", false);
	assert_string_equal(word_of(fixture, 0, "application_name"), "other");
	assert_string_equal(word_of(fixture, 0, "keepalives_idle"), "5");
}

static void write_password(const struct fixture *fixture, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/database-password", fixture->credentials.path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

FIXTURE_TEST(the_password_is_systemds)
{
	take(fixture, "host=/x", false);
	assert_null(fixture->address.password);
	assert_string_equal(word_of(fixture, 0, "password"), "");
	write_password(fixture, SECRET "\n");
	take(fixture, "host=/x user=app", false);
	assert_string_equal(fixture->address.password, SECRET);
	assert_string_equal(word_of(fixture, 0, "password"), SECRET);
	assert_string_equal(word_of(fixture, DATABASE_ALL_HOSTS, "password"), SECRET);
	assert_null(strstr(fixture->address.text, SECRET));
	unsetenv("CREDENTIALS_DIRECTORY");
	take(fixture, "host=/x", false);
	assert_null(fixture->address.password);
}

FIXTURE_TEST(a_password_that_cannot_be_read_is_a_fault)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/database-password", fixture->credentials.path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(database_address_parse(&fixture->libpq, "host=/x", false,
				 &fixture->address, &fixture->reason),
		RESULT_SYSTEM);
	assert_non_null(strstr(fixture->reason.text, path));
	assert_null(fixture->address.hosts);
}

FIXTURE_TEST(a_password_has_its_length)
{
	char text[2000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	write_password(fixture, text);
	assert_int_equal(database_address_parse(&fixture->libpq, "host=/x", false,
				 &fixture->address, &fixture->reason),
		RESULT_SYSTEM);
}

/* So many hosts, in the folder of sockets /x. */
static void list_hosts(char *text, size_t size, int count)
{
	int length = snprintf(text, size, "dbname=list host=/x");

	for (int i = 1; i < count; i++)
		length += snprintf(text + length, size - (size_t)length, ",/x");
}

FIXTURE_TEST(as_many_hosts_as_there_may_be)
{
	char text[256];

	list_hosts(text, sizeof(text), 32);
	take(fixture, text, false);
	assert_int_equal(fixture->address.host_count, 32);
	list_hosts(text, sizeof(text), 33);
	refuse(fixture, text, "more than 32 hosts");
	take(fixture, "host=/a,/b,/c", false);
	assert_string_equal(word_of(fixture, DATABASE_ALL_HOSTS, "hostaddr"), "");
	refuse(fixture, "host=a,b,c hostaddr=,10.0.0.2, ", "sslmode=verify-full");
	take(fixture, "host=a,b,c hostaddr=,10.0.0.2, sslmode=verify-full", false);
	assert_string_equal(word_of(fixture, DATABASE_ALL_HOSTS, "hostaddr"), ",10.0.0.2,");
	assert_string_equal(word_of(fixture, 0, "hostaddr"), "");
	assert_string_equal(word_of(fixture, 1, "hostaddr"), "10.0.0.2");
	assert_null(fixture->address.hosts[2].address);
}

FIXTURE_TEST(the_highest_numbers)
{
	take(fixture, "host=/x port=1", false);
	take(fixture, "host=/x port=65535", false);
	assert_string_equal(word_of(fixture, 0, "port"), "65535");
	take(fixture, "host=/x port=05432", false);
	refuse(fixture, "host=/x port=005432", "a port that is not a number");
	refuse(fixture, "host=/x port=54x2", "a port that is not a number");
	take(fixture, "host=/x connect_timeout=999999999", false);
	refuse(fixture, "host=/x connect_timeout=1000000000", "connect_timeout is not a number");
	refuse(fixture, "host=/x keepalives_idle=-1", "keepalives_idle is not a number");
	refuse(fixture, "postgres:///list?host=/x&color=blue", "color");
}

FIXTURE_TEST(a_password_ends_where_its_line_does)
{
	char longest[1026];

	write_password(fixture, "");
	take(fixture, "host=/x", false);
	assert_string_equal(fixture->address.password, "");
	write_password(fixture, "\r\n");
	take(fixture, "host=/x", false);
	assert_string_equal(fixture->address.password, "");
	write_password(fixture, " " SECRET " \r\n\r\n");
	take(fixture, "host=/x", false);
	assert_string_equal(fixture->address.password, " " SECRET " ");
	memset(longest, 'x', sizeof(longest));
	longest[1024] = '\0';
	write_password(fixture, longest);
	take(fixture, "host=/x", false);
	assert_string_equal(fixture->address.password, longest);
	longest[1024] = 'x';
	longest[1025] = '\0';
	write_password(fixture, longest);
	database_address_free(&fixture->address);
	assert_int_equal(database_address_parse(&fixture->libpq, "host=/x", false,
				 &fixture->address, &fixture->reason),
		RESULT_SYSTEM);
	assert_non_null(strstr(fixture->reason.text, "is longer than 1024 bytes"));
}
