/* libpq takes the URL apart, so that it means here what it means to psql. This file looks at what
 * came of it: hosts become a list, since the program goes round them by itself, and what is unsafe
 * is refused. Of what libpq said of a URL nothing is shown that may be part of a password. */
#include "store/database/database_address.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"

#define MOST_WORDS    40
#define MOST_HOSTS    32
#define MOST_PASSWORD 1024

static const char default_folder[] = "/var/run/postgresql";
static const char default_port[] = "5432";
static const char password_file[] = "database-password";

struct word {
	const char *keyword;
	const char *value;
};

/* What a URL can have otherwise: a lost server is noticed within a quarter of a minute. */
static const struct word usual_words[] = {
	{"application_name", "rollcall"},
	{"keepalives_idle", "5"},
	{"keepalives_interval", "2"},
	{"keepalives_count", "3"},
	{"tcp_user_timeout", "10000"},
	{"connect_timeout", "10"},
};

/* What it cannot. GSS would be tried first, and its library looks for tickets in files. */
static const struct word fixed_words[] = {
	{"gssencmode", "disable"},
	{"client_encoding", "UTF8"},
	{"target_session_attrs", "read-write"},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *given(const PQconninfoOption *options, const char *keyword)
{
	for (; options->keyword != NULL; options++) {
		if (strcmp(options->keyword, keyword) == 0)
			return options->val != NULL && *options->val != '\0' ? options->val : NULL;
	}
	return NULL;
}

static char *copy_of(const char *text, size_t length)
{
	char *copy = memory_zeroed(length + 1);

	memcpy(copy, text, length);
	return copy;
}

/* The element of a list with commas, by its number; the one there is, if that is for all; NULL: it
 * is empty, or is not there. */
static char *element(const char *list, size_t number, bool is_for_all)
{
	if (list == NULL)
		return NULL;
	if (is_for_all && strchr(list, ',') == NULL)
		number = 0;
	for (; number > 0; number--) {
		list = strchr(list, ',');
		if (list == NULL)
			return NULL;
		list++;
	}
	size_t length = strcspn(list, ",");
	return length > 0 ? copy_of(list, length) : NULL;
}

static size_t elements(const char *list)
{
	size_t count = list != NULL ? 1 : 0;

	for (; list != NULL && *list != '\0'; list++)
		count += *list == ',';
	return count;
}

/* What a colon or a slash in a password makes of it is a port that is no number. */
static bool is_port(const char *text)
{
	size_t length = strlen(text);

	return length <= 5 && strspn(text, "0123456789") == length && atoi(text) > 0 &&
	       atoi(text) <= 65535;
}

static enum result fill_hosts(
	const PQconninfoOption *options, struct database_address *address, struct reason *reason)
{
	const char *names = given(options, "host");
	const char *numerics = given(options, "hostaddr");
	const char *ports = given(options, "port");
	size_t count = names != NULL ? elements(names) : numerics != NULL ? elements(numerics) : 1;

	if (count > MOST_HOSTS)
		return reason_fail(reason, RESULT_MALFORMED, "more than %d hosts", MOST_HOSTS);
	if ((numerics != NULL && elements(numerics) != count) ||
		(elements(ports) > 1 && elements(ports) != count))
		return reason_fail(reason, RESULT_MALFORMED,
			"not as many ports, or values of hostaddr, as hosts");
	address->hosts = memory_zeroed(count * sizeof(*address->hosts));
	address->host_count = count;
	for (size_t i = 0; i < count; i++) {
		struct database_host *host = &address->hosts[i];
		char *port = element(ports, i, true);
		host->address = element(numerics, i, false);
		host->name = element(names, i, false);
		if (host->name == NULL)
			host->name = memory_printf(
				"%s", host->address != NULL ? host->address : default_folder);
		host->port = port != NULL ? port : memory_printf("%s", default_port);
		host->is_socket = host->address == NULL && strchr("/@", host->name[0]) != NULL;
		if (!is_port(host->port))
			return reason_fail(reason, RESULT_MALFORMED, "a port that is not a number");
		if (strchr("/@", host->name[0]) == NULL && strchr(host->name, '/') != NULL)
			return reason_fail(reason, RESULT_MALFORMED,
				"the host %s: a folder of sockets begins with /", host->name);
	}
	return RESULT_OK;
}

static bool is_one_of(const char *const *keywords, const char *keyword)
{
	for (; *keywords != NULL; keywords++) {
		if (strcmp(*keywords, keyword) == 0)
			return true;
	}
	return false;
}

static bool is_number(const char *text)
{
	return strlen(text) <= 9 && text[strspn(text, "0123456789")] == '\0';
}

static enum result fill_words(
	const PQconninfoOption *options, struct database_address *address, struct reason *reason)
{
	static const char *const own[] = {"host", "hostaddr", "port", NULL};
	static const char *const numbers[] = {"connect_timeout", "keepalives", "keepalives_idle",
		"keepalives_interval", "keepalives_count", "tcp_user_timeout", NULL};

	address->keywords = memory_zeroed(MOST_WORDS * sizeof(*address->keywords));
	address->values = memory_zeroed(MOST_WORDS * sizeof(*address->values));
	for (; options->keyword != NULL; options++) {
		if (options->val == NULL || *options->val == '\0' ||
			is_one_of(own, options->keyword))
			continue;
		if (is_one_of(numbers, options->keyword) && !is_number(options->val))
			return reason_fail(
				reason, RESULT_MALFORMED, "%s is not a number", options->keyword);
		if (address->word_count == MOST_WORDS)
			return reason_fail(
				reason, RESULT_MALFORMED, "more than %d options", MOST_WORDS);
		address->keywords[address->word_count] = memory_printf("%s", options->keyword);
		address->values[address->word_count++] = memory_printf("%s", options->val);
	}
	return RESULT_OK;
}

static void buffer_joined(struct buffer *list, size_t number, const char *text)
{
	if (number > 0)
		buffer_string(list, ",");
	buffer_string(list, text != NULL ? text : "");
}

/* Terminated, and the caller's. */
static char *whole_text(struct buffer *text)
{
	buffer_append(text, "", 1);
	char *copy = text->failed ? memory_zeroed(1) : copy_of(text->bytes, text->length - 1);
	buffer_free(text);
	return copy;
}

static void fill_lists(struct database_address *address)
{
	struct buffer names = {0}, addresses = {0}, ports = {0};
	bool has_addresses = false;

	for (size_t i = 0; i < address->host_count; i++) {
		const struct database_host *host = &address->hosts[i];
		buffer_joined(&names, i, host->name);
		buffer_joined(&addresses, i, host->address);
		buffer_joined(&ports, i, host->port);
		has_addresses = has_addresses || host->address != NULL;
	}
	if (!has_addresses)
		buffer_clear(&addresses);
	address->lists.names = whole_text(&names);
	address->lists.addresses = whole_text(&addresses);
	address->lists.ports = whole_text(&ports);
}

static void fill_text(const PQconninfoOption *options, struct database_address *address)
{
	const char *user = given(options, "user");
	const char *database = given(options, "dbname");
	struct buffer text = {0};

	buffer_string(&text, "postgresql://");
	if (user != NULL)
		buffer_printf(&text, "%s@", user);
	for (size_t i = 0; i < address->host_count; i++) {
		const struct database_host *host = &address->hosts[i];
		buffer_joined(&text, i, host->name);
		buffer_printf(&text, ":%s", host->port);
	}
	if (database != NULL)
		buffer_printf(&text, "/%s", database);
	address->text = whole_text(&text);
}

/* Of what libpq would do by itself, and so behind what is checked here. */
static enum result refuse_detours(const PQconninfoOption *options, struct reason *reason)
{
	static const char *const variables[] = {"PGSERVICE", "PGHOSTADDR"};

	for (size_t i = 0; i < COUNT(variables); i++) {
		const char *value = getenv(variables[i]);
		if (value != NULL && *value != '\0')
			return reason_fail(reason, RESULT_MALFORMED,
				"%s is set in the environment, and would change where the database "
				"is",
				variables[i]);
	}
	if (given(options, "service") != NULL)
		return reason_fail(reason, RESULT_MALFORMED, "a service in place of hosts");
	if (given(options, "replication") != NULL)
		return reason_fail(
			reason, RESULT_MALFORMED, "replication is for standbys of the server");
	return RESULT_OK;
}

/* In a URL, the first slash ends the hosts: what a password has behind one is taken for the
 * database, up to the host, and would be shown as that. */
static enum result refuse_secrets(const PQconninfoOption *options, struct reason *reason)
{
	const char *database = given(options, "dbname");

	if (database != NULL && strchr(database, '@') != NULL)
		return reason_fail(reason, RESULT_MALFORMED,
			"a database whose name has an @: it may be the end of a password, which "
			"must not be in the address");
	if (given(options, "password") == NULL && given(options, "sslpassword") == NULL)
		return RESULT_OK;
	return reason_fail(reason, RESULT_MALFORMED,
		"a password in the database's address can be read by others, in the list of "
		"processes; keep it in a file that PGPASSFILE names, or in the systemd "
		"credential %s",
		password_file);
}

static enum result refuse_open_tcp(const PQconninfoOption *options,
	const struct database_address *address, struct reason *reason)
{
	const char *mode = given(options, "sslmode");

	for (size_t i = 0; i < address->host_count; i++) {
		const struct database_host *host = &address->hosts[i];
		if (!host->is_socket && (mode == NULL || strcmp(mode, "verify-full") != 0))
			return reason_fail(reason, RESULT_MALFORMED,
				"the database at %s would be reached without knowing that it is "
				"the one; add sslmode=verify-full, or --store-insecure if nobody "
				"else is on that network",
				host->name);
	}
	return RESULT_OK;
}

/* What cannot be read is as much of a fault as a wrong password. */
static enum result read_password(const char *path, char **password, struct reason *reason)
{
	char text[MOST_PASSWORD + 1];
	enum result result = RESULT_OK;
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (file < 0)
		return errno == ENOENT ? RESULT_OK : reason_fail_errno(reason, "%s", path);
	ssize_t got = read(file, text, sizeof(text));
	int cause = errno;
	close(file);
	errno = cause;
	size_t length = got > 0 ? (size_t)got : 0;
	while (length > 0 && strchr("\r\n", text[length - 1]) != NULL && text[length - 1] != '\0')
		length--;
	if (got < 0)
		result = reason_fail_errno(reason, "%s", path);
	else if (got > MOST_PASSWORD)
		result = reason_fail(
			reason, RESULT_SYSTEM, "%s is longer than %d bytes", path, MOST_PASSWORD);
	else
		*password = copy_of(text, length);
	explicit_bzero(text, sizeof(text));
	return result;
}

static enum result find_password(struct database_address *address, struct reason *reason)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	if (folder == NULL || *folder == '\0')
		return RESULT_OK;
	char *path = memory_printf("%s/%s", folder, password_file);
	enum result result = read_password(path, &address->password, reason);
	free(path);
	return result;
}

static enum result take_options(const PQconninfoOption *options, bool is_insecure,
	struct database_address *address, struct reason *reason)
{
	enum result result = refuse_secrets(options, reason);

	if (result == RESULT_OK)
		result = refuse_detours(options, reason);
	if (result == RESULT_OK)
		result = fill_hosts(options, address, reason);
	if (result == RESULT_OK && !is_insecure)
		result = refuse_open_tcp(options, address, reason);
	if (result == RESULT_OK)
		result = fill_words(options, address, reason);
	if (result == RESULT_OK)
		result = find_password(address, reason);
	if (result == RESULT_OK) {
		fill_lists(address);
		fill_text(options, address);
	}
	return result;
}

/* libpq takes keywords and values as well: of any other text it says that a "=" is missing. */
static bool is_no_address(const char *url)
{
	return strchr(url, '=') == NULL ||
	       (strstr(url, "://") != NULL && strncmp(url, "postgresql://", 13) != 0 &&
		       strncmp(url, "postgres://", 11) != 0);
}

/* libpq repeats parts of the text, or all of it. */
static enum result fail_to_parse(const char *url, const char *said, struct reason *reason)
{
	bool may_have_secret = strstr(url, "password") != NULL || strchr(url, '@') != NULL;
	int length = said != NULL ? (int)strcspn(said, "\n") : 0;

	if (may_have_secret || is_no_address(url) || length == 0)
		return reason_fail(reason, RESULT_MALFORMED,
			"not a database's address as postgresql://USER@HOST/DATABASE, in which "
			"other characters are written as %%40 for @");
	return reason_fail(reason, RESULT_MALFORMED, "%.*s", length, said);
}

enum result database_address_parse(const struct libpq *libpq, const char *url, bool is_insecure,
	struct database_address *address, struct reason *reason)
{
	char *said = NULL;
	PQconninfoOption *options = libpq->PQconninfoParse(url, &said);
	enum result result;

	*address = (struct database_address){0};
	if (options == NULL) {
		result = fail_to_parse(url, said, reason);
		libpq->PQfreemem(said);
		return result;
	}
	result = take_options(options, is_insecure, address, reason);
	libpq->PQconninfoFree(options);
	if (result != RESULT_OK)
		database_address_free(address);
	return result;
}

void database_address_free(struct database_address *address)
{
	for (size_t i = 0; i < address->host_count; i++) {
		free(address->hosts[i].name);
		free(address->hosts[i].address);
		free(address->hosts[i].port);
	}
	for (size_t i = 0; i < address->word_count; i++) {
		free(address->keywords[i]);
		free(address->values[i]);
	}
	if (address->password != NULL)
		explicit_bzero(address->password, strlen(address->password));
	free(address->password);
	free(address->hosts);
	free(address->keywords);
	free(address->values);
	free(address->lists.names);
	free(address->lists.addresses);
	free(address->lists.ports);
	free(address->text);
	*address = (struct database_address){0};
}

/* Empty values count as not given, to libpq too. */
static void add_word(
	struct database_words *words, size_t *count, const char *keyword, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	words->keywords[*count] = keyword;
	words->values[(*count)++] = value;
}

/* Of a word that is there twice, libpq takes the last. */
void database_address_words(const struct database_address *address, size_t host,
	const char *numeric, struct database_words *words)
{
	const struct database_lists *lists = &address->lists;
	struct database_host all = {lists->names, lists->addresses, lists->ports, false};
	const struct database_host *one = host == DATABASE_ALL_HOSTS ? &all : &address->hosts[host];
	size_t count = 0;

	*words = (struct database_words){0};
	for (size_t i = 0; i < COUNT(usual_words); i++)
		add_word(words, &count, usual_words[i].keyword, usual_words[i].value);
	for (size_t i = 0; i < address->word_count; i++)
		add_word(words, &count, address->keywords[i], address->values[i]);
	for (size_t i = 0; i < COUNT(fixed_words); i++)
		add_word(words, &count, fixed_words[i].keyword, fixed_words[i].value);
	add_word(words, &count, "host", one->name);
	add_word(words, &count, "hostaddr", numeric != NULL ? numeric : one->address);
	add_word(words, &count, "port", one->port);
	add_word(words, &count, "password", address->password);
	_Static_assert(
		COUNT(words->keywords) > MOST_WORDS + COUNT(usual_words) + COUNT(fixed_words) + 4,
		"there is room for all, and a NULL");
}
