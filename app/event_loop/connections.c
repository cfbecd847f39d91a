/*
 * Operations on all connections: one of them is closed when another client waits for its place, and
 * all of them end with the server.
 */
#include "event_loop/connections.h"

#include "event_loop/connection.h"
#include "event_loop/connection_write.h"
#include "event_loop/exchange.h"

/* The idle one to be closed first. */
static struct connection *find_dispensable(const struct connections *all)
{
	struct connection *first = NULL, *each;

	LIST_FOREACH (each, &all->list, others) {
		if (connection_is_idle(each) &&
			(first == NULL || connection_goes_before(each, first)))
			first = each;
	}
	return first;
}

void connections_make_room(struct connections *all)
{
	struct connection *connection = find_dispensable(all);

	all->room = connection != NULL ? ROOM_COMING : ROOM_WANTED;
	if (connection == NULL)
		return;
	if (connection->is_used)
		connection_ask_to_close(connection);
	else
		connection_enter(connection, CONNECTION_LEAVING);
}

void connections_end(struct connections *all)
{
	struct connection *each;

	all->ending = true;
	LIST_FOREACH (each, &all->list, others)
		connection_rest(each);
}

void connections_close(struct connections *all)
{
	struct connection *each;

	LIST_FOREACH (each, &all->list, others)
		connection_close(each, CLOSED_FOR_ROOM);
}

void connections_free(struct connections *all)
{
	exchanges_free(all);
	buffer_free(&all->records);
}
