/*
 * A connection's bytes, through framing, codec, router and store, and back. The whole site is
 * behind a real server with a real socket, on a loop that is driven (driven_loop.h).
 *
 * The input: a byte that says how the site is set, a byte that is the seed of the peer (peer.h),
 * and the bytes of the connection. What else happens stands in the byte of a record's header that
 * FastCGI reserves, which the program does not look at: after such a record the worker runs, time
 * passes, and so on (requests_model.h).
 *
 * With an odd seed, the same bytes are sent twice, in one piece and cut anyhow, by a quick peer and
 * by another: the server must answer the same. With an even one the peer does as it likes: it does
 * not read, goes away, comes back; the disk is full. More bits of the seed: the peer sends much at
 * once (2), or takes little (4); of one that does as it likes, the connections that it leaves stay
 * open (8), the server stops while some are (16), and the store answers later (32).
 */
#include "event_loop/connection.h"

#include <fastcgi.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "event_loop/server.h"
#include "fuzz/event_loop/driven_loop.h"
#include "fuzz/event_loop/peer.h"
#include "fuzz/event_loop/records_check.h"
#include "fuzz/event_loop/requests_model.h"
#include "fuzz/fuzz.h"
#include "fuzz/routes/fuzz_site.h"
#include "routes/routes.h"

/* What the peer does in any case at the end: it waits for as long as streams are served in. */
#define ROUND_MS 150

#define MOST_CONNECTIONS 3 /* that the server takes */
#define MOST_OTHERS      5
#define MOST_ROUTES      64
#define SMALL_BUFFER     4608 /* bytes that the kernel keeps of what the peer has not read */

struct run {
	struct fuzz_site site;
	struct server *server;
	struct sockaddr_un address;
	socklen_t address_length;
	struct peer peer;
	uint64_t last_created; /* of the connections before this one */
	bool is_wild;
	bool is_disk_full;
	bool keeps_others; /* connections stay open beside the newest, which gets all bytes */
	bool stops_first;  /* the server, before the connections are closed */
	int others[MOST_OTHERS];
	size_t other_count;
};

static struct codec *codec; /* one for a loop, and so for the process */
static bool has_small_buffers;

int __real_uv_accept(uv_stream_t *listener, uv_stream_t *connection);
int __wrap_uv_accept(uv_stream_t *listener, uv_stream_t *connection);

/* What the peer does not read soon has to wait in the server. */
int __wrap_uv_accept(uv_stream_t *listener, uv_stream_t *connection)
{
	int failed = __real_uv_accept(listener, connection), descriptor, size = SMALL_BUFFER;

	if (failed == 0 && has_small_buffers) {
		must(uv_fileno((uv_handle_t *)connection, &descriptor) == 0);
		must(setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) == 0);
	}
	return failed;
}

static void begin_process(void)
{
	codec = codec_open();
	signal(SIGPIPE, SIG_IGN);
}

/* At an address that the kernel chooses, and that is not in the file system. */
static struct listener listen_anywhere(struct run *run)
{
	struct listener listener = {.descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	const struct sockaddr_un nowhere = {.sun_family = AF_UNIX};

	must(listener.descriptor >= 0);
	must(bind(listener.descriptor, (const struct sockaddr *)&nowhere,
		     sizeof(nowhere.sun_family)) == 0);
	must(listen(listener.descriptor, MOST_CONNECTIONS) == 0);
	run->address_length = sizeof(run->address);
	must(getsockname(listener.descriptor, (struct sockaddr *)&run->address,
		     &run->address_length) == 0);
	return listener;
}

/* Pages that show what the loop has done are different each time. */
static const struct route *const *steady_routes(void)
{
	static const struct route *routes[MOST_ROUTES];
	size_t count = 0;

	for (size_t i = 0; all_routes[i] != NULL; i++) {
		must(count < MOST_ROUTES - 1);
		if (all_routes[i] != &metrics_route && all_routes[i] != &loop_route &&
			all_routes[i] != &loop_events_route && all_routes[i] != &admin_status_route)
			routes[count++] = all_routes[i];
	}
	return routes;
}

static void open_run(struct run *run, unsigned options, uint32_t seed, bool is_wild)
{
	fuzz_site_open(&run->site, options, is_wild && (seed & 32) != 0 ? seed : 0);
	const struct listener listener = listen_anywhere(run);
	const struct options *limits = &run->site.options;
	const struct server_settings settings = {.loop = &run->site.loop,
		.codec = codec,
		.router = &run->site.router,
		.limits = {.params = (size_t)limits->max_params,
			.body = (size_t)limits->max_body,
			.drain = 65536},
		.max_connections = MOST_CONNECTIONS,
		.timeouts = {.first = (uint64_t)limits->first_request_timeout,
			.idle = (uint64_t)limits->idle_timeout,
			.request = (uint64_t)limits->request_timeout},
		.stop_timeout = (uint64_t)limits->stop_timeout};
	must(server_open(&settings, &listener, &run->server) == RESULT_OK);
	if (!is_wild)
		run->site.router.routes = steady_routes();
	run->is_wild = is_wild;
	run->is_disk_full = false;
	run->last_created = 0;
	run->other_count = 0;
	run->keeps_others = is_wild && (seed & 8) != 0;
	run->stops_first = is_wild && (seed & 16) != 0;
	run->peer.seed = seed;
	run->peer.is_coarse = (seed & 2) != 0;
	run->peer.is_slow = (seed & 4) != 0;
	has_small_buffers = seed != 0;
	peer_connect(&run->peer, &run->site, &run->address, run->address_length);
}

static struct records_seen check_sent(struct run *run, bool may_be_cut)
{
	struct records_seen seen = records_check(&run->peer.taken, may_be_cut);

	must(!run->peer.taken.failed);
	if (seen.last_number > run->last_created)
		run->last_created = seen.last_number;
	return seen;
}

static void close_connections(struct run *run)
{
	peer_close(&run->peer);
	while (run->other_count > 0)
		must(close(run->others[--run->other_count]) == 0);
}

/* All that the server must have kept by now is there after a power cut. */
static void check_durable(const struct run *run)
{
	if (run->last_created > 0)
		must(fuzz_site_durable(&run->site).last >= run->last_created);
}

static void close_run(struct run *run)
{
	uint64_t patience = (uint64_t)run->site.options.stop_timeout + ROUND_MS;

	if (!run->stops_first)
		close_connections(run);
	server_stop(run->server);
	peer_work(&run->peer);
	check_durable(run);
	fuzz_site_stop(&run->site);
	if (run->is_wild)
		driven_loop_pass(&run->site.loop, patience);
	close_connections(run);
	fuzz_site_settle(&run->site);
	fuzz_site_close(&run->site);
	server_close(run->server);
	driven_loop_allow_errors(false);
}

static void let_pass(struct run *run, uint64_t milliseconds)
{
	driven_loop_pass(&run->site.loop, milliseconds);
	peer_work(&run->peer);
}

static void turn_disk(struct run *run)
{
	driven_loop_allow_errors(true); /* the log tells of a disk that is full */
	run->is_disk_full = !run->is_disk_full;
	simulated_disk_fill(run->site.disk, run->is_disk_full);
}

static void connect_anew(struct run *run)
{
	(void)check_sent(run, true);
	if (run->keeps_others && run->other_count < MOST_OTHERS) {
		run->others[run->other_count++] = run->peer.socket;
		run->peer.socket = -1;
	}
	peer_close(&run->peer);
	driven_loop_turn(&run->site.loop);
	peer_connect(&run->peer, &run->site, &run->address, run->address_length);
}

/* What only a peer does that does as it likes. */
static void act_wildly(struct run *run, unsigned actions)
{
	if ((actions & ACTION_DEAF) != 0)
		run->peer.is_deaf = !run->peer.is_deaf;
	if ((actions & ACTION_FINISH) != 0)
		peer_finish(&run->peer);
	if ((actions & ACTION_DISK) != 0)
		turn_disk(run);
	if ((actions & ACTION_ANEW) != 0)
		connect_anew(run);
}

static void act(struct run *run, unsigned actions)
{
	if (run->is_wild)
		act_wildly(run, actions);
	else
		peer_settle(&run->peer);
	if ((actions & ACTION_WORK) != 0)
		peer_work(&run->peer);
	if ((actions & ACTION_TENTH) != 0)
		let_pass(run, 100);
	if ((actions & ACTION_SECOND) != 0)
		let_pass(run, 1000);
	if ((actions & ACTION_MINUTE) != 0)
		let_pass(run, 60000);
}

static void play(struct run *run, const struct fuzz_input *input)
{
	struct segment segment = {.next = 0};

	while (segment_next(input, &segment)) {
		peer_send(&run->peer, input->bytes + segment.from, segment.next - segment.from);
		act(run, segment.actions);
	}
}

/* When all was answered, and the peer has finished, the server closes. */
static void finish(struct run *run)
{
	peer_work(&run->peer);
	let_pass(run, ROUND_MS);
	peer_finish(&run->peer);
	peer_work(&run->peer);
	must(run->peer.has_closed);
}

static void play_steadily(const struct fuzz_input *input, unsigned options, uint32_t seed)
{
	static struct run run;
	struct buffer first = {0};

	open_run(&run, options, 0, false);
	play(&run, input);
	finish(&run);
	buffer_append(&first, run.peer.taken.bytes, run.peer.taken.length);
	requests_check(input, &run.site.options, check_sent(&run, false));
	close_run(&run);

	open_run(&run, options, seed, false);
	play(&run, input);
	finish(&run);
	must(run.peer.taken.length == first.length);
	must(first.length == 0 || memcmp(run.peer.taken.bytes, first.bytes, first.length) == 0);
	(void)check_sent(&run, false);
	close_run(&run);
	buffer_free(&first);
	buffer_free(&run.peer.taken);
}

static void play_wildly(const struct fuzz_input *input, unsigned options, uint32_t seed)
{
	static struct run run;

	open_run(&run, options, seed, true);
	play(&run, input);
	(void)check_sent(&run, true);
	close_run(&run);
	buffer_free(&run.peer.taken);
}

/* The least descriptor that is free. */
static int spare_descriptor(void)
{
	int spare = dup(STDERR_FILENO);

	must(spare >= 0);
	must(close(spare) == 0);
	return spare;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {.bytes = bytes, .length = length};

	if (codec == NULL)
		begin_process();
	int spare = spare_descriptor();
	unsigned options = fuzz_take_byte(&input);
	uint32_t seed = fuzz_take_byte(&input);
	if (seed % 2 == 1)
		play_steadily(&input, options, seed);
	else
		play_wildly(&input, options, seed);
	must(spare_descriptor() == spare);
	return 0;
}
