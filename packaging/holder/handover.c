#include "handover.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* Room for the descriptors in a message. */
union control {
	char room[CMSG_SPACE(sizeof(int) * MOST_SOCKETS)];
	struct cmsghdr alignment;
};

bool handover_send(int taker, const struct sockets *sockets)
{
	size_t size = sizeof(int) * sockets->count;
	union control control = {.room = ""};
	char byte = 0;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = CMSG_SPACE(size)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(header), sockets->at, size);
	return sendmsg(taker, &message, MSG_NOSIGNAL) == 1;
}

bool handover_receive(int connection, struct sockets *sockets)
{
	union control control = {.room = ""};
	char byte;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room)};
	ssize_t length = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);

	sockets->count = 0;
	if (length < 0)
		return false;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (length == 0 || header == NULL || header->cmsg_level != SOL_SOCKET ||
		header->cmsg_type != SCM_RIGHTS) {
		errno = ECONNRESET;
		return false;
	}
	size_t size = header->cmsg_len - CMSG_LEN(0);
	memcpy(sockets->at, CMSG_DATA(header), size);
	sockets->count = size / sizeof(int);
	return true;
}
