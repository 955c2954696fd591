/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/peer.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#define UNIX	"unix://"
#define WAIT_MS	10000

static char folder[] = "/tmp/mpsk-fuzz-XXXXXX";
static char uri_text[sizeof(UNIX) + sizeof(folder) + sizeof("/s")];
static char *const path = uri_text + sizeof(UNIX) - 1;
static int listener = -1;
static int accepted = -1;

/* What the serving thread says; set between two connections alone. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint8_t served[PEER_INPUT_MAX];
static size_t served_len;

static void folder_remove(void)
{
	unlink(path);
	rmdir(folder);
}

static void peer_listen(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (listener >= 0) return;
	FUZZ_CHECK(mkdtemp(folder));
	atexit(folder_remove);
	snprintf(uri_text, sizeof(uri_text), UNIX "%s/s", folder);
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	FUZZ_CHECK(listener >= 0);
	FUZZ_CHECK(bind(listener, (struct sockaddr *) &address, sizeof(address)) == 0 && listen(listener, 16) == 0);
}

static void say(int fd, uint8_t const *octets, size_t len)
{
	while (len) {
		ssize_t n = send(fd, octets, len, MSG_NOSIGNAL);

		if (n <= 0) return;	/* it has hung up */
		octets += n;
		len -= (size_t) n;
	}
	shutdown(fd, SHUT_WR);
}

mpsk_conn_t *peer_conn(uint8_t const *octets, size_t len)
{
	mpsk_conn_t *conn;
	mpsk_address_t address = { .path = path, .name = uri_text };
	mpsk_access_t access = { .db = 0 };
	mpsk_error_t err = { "" };

	peer_listen();
	FUZZ_CHECK(mpsk_conn_open(NULL, &conn, &address, &access, -1, mpsk_deadline_in(WAIT_MS), &err) == MPSK_OK);
	accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	FUZZ_CHECK(accepted >= 0 && len <= PEER_INPUT_MAX);
	say(accepted, octets, len);
	return conn;
}

void peer_close(void)
{
	close(accepted);
	accepted = -1;
}

static void *serve(void *arg)
{
	(void) arg;
	for (;;) {
		char asked[4096];
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0) continue;
		if (recv(fd, asked, sizeof(asked), 0) > 0) {
			pthread_mutex_lock(&lock);
			say(fd, served, served_len);
			pthread_mutex_unlock(&lock);
			/* To close with something unread would take away what was said. */
			while (recv(fd, asked, sizeof(asked), 0) > 0) continue;
		}
		close(fd);
	}
	return NULL;
}

char const *peer_serve(uint8_t const *octets, size_t len)
{
	static int serving;
	pthread_t thread;

	peer_listen();
	FUZZ_CHECK(len <= sizeof(served));
	pthread_mutex_lock(&lock);
	memcpy(served, octets, len);
	served_len = len;
	pthread_mutex_unlock(&lock);
	if (!serving) FUZZ_CHECK(pthread_create(&thread, NULL, serve, NULL) == 0 && pthread_detach(thread) == 0);
	serving = 1;
	return uri_text;
}
