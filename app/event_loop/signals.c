/*
 * The program has handlers of its own, not libuv's: they work before there is a loop and after it,
 * and closing one of libuv's handles restores the usual effect of its signal, which for SIGHUP is
 * the end. A handler only notes what is wanted, and wakes the loop. Signal dispositions belong to
 * the process, so the notes are global, too.
 */
#include "event_loop/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/meters/loop_span.h"

static const struct stop_signal {
	const char *name;
	int number;
	bool is_kept; /* caught again: the kernel sends it every second */
} stop_signals[] = {
	{"SIGTERM", SIGTERM, false},
	{"SIGINT", SIGINT, false},
	{"SIGQUIT", SIGQUIT, false},
	{"SIGXCPU", SIGXCPU, true},
};

#define STOP_SIGNALS (sizeof(stop_signals) / sizeof(stop_signals[0]))

/* A reader that goes away, or a file-size limit, must be an error of the call that meets it. The
 * others are timers, and signals sent by mistake. */
static const int ignored[] = {
	SIGPIPE,
	SIGXFSZ,
	SIGUSR1,
	SIGUSR2,
	SIGALRM,
	SIGVTALRM,
	SIGPROF,
	SIGIO,
	SIGPWR,
#ifdef SIGSTKFLT
	SIGSTKFLT,
#endif
};

static atomic_int stop_wanted; /* the number of the signal, or 0 */
static atomic_bool is_reload_wanted;
static _Atomic(uv_async_t *) waker;

static void on_signal(int number);

static void dispose(int number, void (*handler)(int))
{
	const struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

	/* Fails only for signals that cannot be caught: under valgrind, those it reserves. */
	(void)sigaction(number, &action, NULL);
}

void signals_ignore(void)
{
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		dispose(ignored[i], SIG_IGN);
	for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
		dispose(number, SIG_IGN);
}

void signals_catch(void)
{
	sigset_t caught;

	sigemptyset(&caught);
	sigaddset(&caught, SIGHUP);
	for (size_t i = 0; i < STOP_SIGNALS; i++)
		sigaddset(&caught, stop_signals[i].number);
	for (size_t i = 0; i < STOP_SIGNALS; i++)
		dispose(stop_signals[i].number, on_signal);
	dispose(SIGHUP, on_signal);
	/* The parent process may have blocked them. */
	pthread_sigmask(SIG_UNBLOCK, &caught, NULL);
}

void signals_let_go(void)
{
	for (size_t i = 0; i < STOP_SIGNALS; i++) {
		if (!stop_signals[i].is_kept)
			dispose(stop_signals[i].number, SIG_DFL);
	}
}

/* Calls only sigaction() and uv_async_send(), which are allowed in signal handlers. The note is
 * written before the loop is woken to read it. */
static void on_signal(int number)
{
	int none = 0, error = errno;

	if (number == SIGHUP)
		atomic_store(&is_reload_wanted, true);
	else
		atomic_compare_exchange_strong(&stop_wanted, &none, number);
	uv_async_t *async = atomic_load(&waker);
	if (async != NULL)
		uv_async_send(async);
	else if (number != SIGHUP)
		signals_let_go();
	errno = error;
}

const char *signals_stop_wanted(void)
{
	int number = atomic_load(&stop_wanted);

	for (size_t i = 0; i < STOP_SIGNALS; i++) {
		if (stop_signals[i].number == number)
			return stop_signals[i].name;
	}
	return NULL;
}

static void on_wake(uv_async_t *wake)
{
	struct signals *signals = wake->data;
	const char *stop = signals_stop_wanted();
	bool is_reload = atomic_exchange(&is_reload_wanted, false);

	loop_span_begin(PHASE_POLL, __func__);
	if (signals->is_stopping)
		return;
	if (stop != NULL) {
		signals->is_stopping = true;
		signals_let_go();
		signals->on_stop(signals->argument, stop);
	} else if (is_reload) {
		signals->on_reload(signals->argument);
	}
}

bool signals_watch(struct signals *signals, uv_loop_t *loop)
{
	if (uv_async_init(loop, &signals->wake, on_wake) != 0)
		return false;
	signals->wake.data = signals;
	uv_unref((uv_handle_t *)&signals->wake);
	atomic_store(&waker, &signals->wake);
	uv_async_send(&signals->wake); /* what came before */
	return true;
}

void signals_unwatch(struct signals *signals)
{
	if (atomic_exchange(&waker, NULL) != NULL)
		uv_close((uv_handle_t *)&signals->wake, NULL);
}
