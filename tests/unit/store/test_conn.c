/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connection against peers that misbehave: a socket on which this test
 * itself plays the server, and a real server that is stopped.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#include "redis.h"
#include "store/conn.h"
#include "store/reply.h"

#define PATIENCE_MS	10000

static redis_t redis;
static char dir[40], path[64];
static int listener, peer;
static mpsk_uri_t *uri;
static mpsk_access_t const no_access;
static mpsk_conn_t *conn;
static redisReply *reply;
static mpsk_error_t err;

static mpsk_deadline_t patience(void)
{
	return mpsk_deadline_in(PATIENCE_MS);
}

/* A connection to ourselves: the backlog accepts before we do. */
static int fake_start(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char text[80];

	(void) state;
	snprintf(dir, sizeof(dir), "/tmp/mpsk-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/fake.sock", dir);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr const *) &address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 1), 0);
	snprintf(text, sizeof(text), "unix://%s", path);
	assert_int_equal(mpsk_uri_parse(NULL, &uri, text, &err), MPSK_OK);
	assert_int_equal(mpsk_conn_open(NULL, &conn, uri->addresses, &no_access, -1, patience(), &err), MPSK_OK);
	peer = accept(listener, NULL, NULL);
	assert_true(peer >= 0);
	reply = NULL;
	return 0;
}

static int fake_stop(void **state)
{
	(void) state;
	mpsk_reply_free(&reply);
	talloc_free(conn);
	talloc_free(uri);
	if (peer >= 0) close(peer);
	close(listener);
	unlink(path);
	rmdir(dir);
	return 0;
}

/* The server says. */
static void say_octets(void const *octets, size_t len)
{
	assert_int_equal(send(peer, octets, len, MSG_NOSIGNAL), len);
}

static void say(char const *text)
{
	say_octets(text, strlen(text));
}

static void hang_up(void)
{
	close(peer);
	peer = -1;
}

static void assert_useless(void)
{
	assert_null(reply);
	assert_false(mpsk_conn_usable(conn));
	/* Nor may the next command get what belonged to this one. */
	assert_int_not_equal(mpsk_conn_callf(conn, &reply, patience(), &err, "PING"), MPSK_OK);
	assert_null(reply);
}

static void test_replies(void **state)
{
	char sent[64] = "";

	(void) state;
	say("+PONG\r\n:42\r\n$-1\r\n*2\r\n$1\r\na\r\n*-1\r\n-ERR no\r\n");
	assert_int_equal(mpsk_conn_callf(conn, &reply, patience(), &err, "PING %b", "a\0b", (size_t) 3), MPSK_OK);
	assert_true(mpsk_reply_is_text(reply, "PONG"));
	assert_int_equal(recv(peer, sent, sizeof(sent), 0), 23);
	assert_memory_equal(sent, "*2\r\n$4\r\nPING\r\n$3\r\na\0b\r\n", 23);
	assert_true(mpsk_conn_usable(conn));
	mpsk_reply_free(&reply);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(mpsk_conn_callf(conn, &reply, patience(), &err, "GET x"), MPSK_OK);
		if (i == 0) assert_int_equal(reply->integer, 42);
		if (i == 1) assert_int_equal(reply->type, REDIS_REPLY_NIL);
		if (i == 2) assert_true(mpsk_reply_is_array(reply, 2));
		mpsk_reply_free(&reply);
	}
	assert_int_equal(mpsk_conn_callf(conn, &reply, patience(), &err, "GET x"), MPSK_ERR);
	assert_null(reply);
	assert_true(mpsk_conn_usable(conn));
}

static void test_try(void **state)
{
	(void) state;
	assert_int_equal(mpsk_conn_try(conn, &reply, &err), MPSK_MISS);
	say("+O");
	assert_int_equal(mpsk_conn_try(conn, &reply, &err), MPSK_MISS);
	say("K\r\n+B\r\n");
	assert_int_equal(mpsk_conn_try(conn, &reply, &err), MPSK_OK);
	assert_true(mpsk_reply_is_text(reply, "OK"));
	mpsk_reply_free(&reply);
	assert_int_equal(mpsk_conn_try(conn, &reply, &err), MPSK_OK);
	mpsk_reply_free(&reply);
	assert_int_equal(mpsk_conn_try(conn, &reply, &err), MPSK_MISS);
	hang_up();
	assert_int_equal(mpsk_conn_try(conn, &reply, &err), MPSK_AGAIN);
	assert_useless();
}

static void test_silence(void **state)
{
	int64_t start = mpsk_monotonic_ms();

	(void) state;
	assert_int_equal(mpsk_conn_callf(conn, &reply, mpsk_deadline_in(60), &err, "PING"), MPSK_AGAIN);
	assert_in_range(mpsk_monotonic_ms() - start, 59, PATIENCE_MS / 2);
	/* What comes late is nobody's. */
	say("+PONG\r\n");
	assert_useless();
}

static atomic_bool dripping;

static void *drip(void *arg)
{
	(void) arg;
	say("$1000000\r\n");
	while (atomic_load(&dripping)) {
		if (send(peer, "x", 1, MSG_NOSIGNAL) < 0) break;
		usleep(2000);
	}
	return NULL;
}

/* One deadline for all, not one for each octet. */
static void test_drip(void **state)
{
	int64_t start = mpsk_monotonic_ms();
	pthread_t thread;

	(void) state;
	atomic_store(&dripping, true);
	assert_int_equal(pthread_create(&thread, NULL, drip, NULL), 0);
	assert_int_equal(mpsk_conn_callf(conn, &reply, mpsk_deadline_in(100), &err, "GET x"), MPSK_AGAIN);
	assert_in_range(mpsk_monotonic_ms() - start, 99, PATIENCE_MS / 2);
	atomic_store(&dripping, false);
	pthread_join(thread, NULL);
	assert_useless();
}

/* A peer that reads nothing: the send has to end too. */
static void test_full_pipe(void **state)
{
	static char big[1 << 20];
	mpsk_status_t status = MPSK_OK;

	(void) state;
	for (int i = 0; i < 8 && status == MPSK_OK; i++) {
		assert_int_equal(mpsk_conn_appendf(conn, "SET x %b", big, sizeof(big)), MPSK_OK);
		status = mpsk_conn_flush(conn, mpsk_deadline_in(50), &err);
	}
	assert_int_equal(status, MPSK_AGAIN);
	assert_useless();
}

static void test_hang_up_inside(void **state)
{
	(void) state;
	say("$100\r\nhalf a rep");
	hang_up();
	assert_int_equal(mpsk_conn_callf(conn, &reply, patience(), &err, "GET x"), MPSK_AGAIN);
	assert_useless();
}

static void test_no_protocol(void **state)
{
	static struct {
		char const	*text;
		mpsk_status_t	status;
	} const rows[] = {
		{ "HTTP/1.1 400 Bad Request\r\n\r\n", MPSK_ERR },
		{ "SSH-2.0-x\r\n", MPSK_ERR },
		{ "$abc\r\n", MPSK_ERR },
		{ "$-2\r\n", MPSK_ERR },
		{ "*-2\r\n", MPSK_ERR },
		{ ":12x\r\n", MPSK_ERR },
		{ "*1\r\n@\r\n", MPSK_ERR },
		/* More elements than anybody has. */
		{ "*2147483647\r\n", MPSK_ERR },
		{ "*1048577\r\n", MPSK_ERR },
		{ "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n", MPSK_ERR },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (i) {
			fake_stop(NULL);
			fake_start(NULL);
		}
		say(rows[i].text);
		assert_int_equal(mpsk_conn_callf(conn, &reply, patience(), &err, "GET x"), rows[i].status);
		assert_useless();
	}
}

static void *flood(void *arg)
{
	static char const block[1 << 16];

	(void) arg;
	(void) send(peer, "$1000000000\r\n", 13, MSG_NOSIGNAL);
	for (int i = 0; i < 1100; i++) {
		if (send(peer, block, sizeof(block), MSG_NOSIGNAL) < 0) break;
	}
	return NULL;
}

/* A bulk of a gigabyte is given up at our limit, long before it has come. */
static void test_too_large(void **state)
{
	pthread_t thread;

	(void) state;
	assert_int_equal(pthread_create(&thread, NULL, flood, NULL), 0);
	assert_int_equal(mpsk_conn_callf(conn, &reply, mpsk_deadline_in(60000), &err, "GET x"), MPSK_ERR);
	assert_non_null(strstr(err.text, "too large"));
	assert_useless();
	TALLOC_FREE(conn);
	pthread_join(thread, NULL);
}

/* Large replies one after the other are not one that is too large. */
static void test_many_large(void **state)
{
	static char block[8 << 20];

	(void) state;
	redis_do(&redis, "SET big %b", block, sizeof(block));
	talloc_free(conn);
	talloc_free(uri);
	assert_int_equal(mpsk_uri_parse(NULL, &uri, redis.uri, &err), MPSK_OK);
	assert_int_equal(mpsk_conn_open(NULL, &conn, uri->addresses, &no_access, -1, patience(), &err), MPSK_OK);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(mpsk_conn_callf(conn, &reply, mpsk_deadline_in(60000), &err, "GET big"), MPSK_OK);
		assert_int_equal(reply->len, sizeof(block));
		mpsk_reply_free(&reply);
	}
}

/* A stopped server still accepts connections, and its kernel takes commands. */
static void test_stopped_server(void **state)
{
	int64_t start;

	(void) state;
	talloc_free(conn);
	talloc_free(uri);
	assert_int_equal(mpsk_uri_parse(NULL, &uri, redis.uri, &err), MPSK_OK);
	assert_int_equal(mpsk_conn_open(NULL, &conn, uri->addresses, &no_access, -1, patience(), &err), MPSK_OK);
	kill(redis.pid, SIGSTOP);
	start = mpsk_monotonic_ms();
	assert_int_equal(mpsk_conn_callf(conn, &reply, mpsk_deadline_in(80), &err, "PING"), MPSK_AGAIN);
	kill(redis.pid, SIGCONT);
	assert_in_range(mpsk_monotonic_ms() - start, 79, PATIENCE_MS / 2);
	assert_useless();
}

static void test_cancel(void **state)
{
	int stop = eventfd(1, 0);
	int64_t start = mpsk_monotonic_ms();

	(void) state;
	talloc_free(conn);
	assert_int_equal(mpsk_conn_open(NULL, &conn, uri->addresses, &no_access, stop, patience(), &err), MPSK_OK);
	assert_int_equal(mpsk_conn_callf(conn, &reply, patience(), &err, "PING"), MPSK_AGAIN);
	assert_true(mpsk_monotonic_ms() - start < PATIENCE_MS / 2);
	assert_useless();
	close(stop);
}

static void test_nobody_there(void **state)
{
	static char const *const uris[] = {
		"unix:///nonexistent/redis.sock", "redis://127.0.0.1:1", "redis://[::1]:1"
	};
	mpsk_conn_t *none;

	(void) state;
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		talloc_free(uri);
		assert_int_equal(mpsk_uri_parse(NULL, &uri, uris[i], &err), MPSK_OK);
		assert_int_equal(mpsk_conn_open(NULL, &none, uri->addresses, &no_access, -1, patience(), &err),
				 MPSK_AGAIN);
		assert_null(none);
		assert_non_null(strstr(err.text, uris[i]));
	}
}

/* A server that accepts nobody any more. */
static void test_full_backlog(void **state)
{
	mpsk_conn_t *waiting[8] = { NULL };
	mpsk_status_t status = MPSK_OK;
	int64_t start = 0;

	(void) state;
	for (int i = 0; i < 8 && status == MPSK_OK; i++) {
		start = mpsk_monotonic_ms();
		status = mpsk_conn_open(NULL, &waiting[i], uri->addresses, &no_access, -1, mpsk_deadline_in(60), &err);
	}
	assert_int_equal(status, MPSK_AGAIN);
	assert_in_range(mpsk_monotonic_ms() - start, 59, PATIENCE_MS / 2);
	for (int i = 0; i < 8; i++) talloc_free(waiting[i]);
}

/* Who is refused is told so, and never with the password. */
static void test_refused(void **state)
{
	static struct {
		char const	*user, *password;
		int		db;
		mpsk_status_t	status;
	} const rows[] = {
		{ NULL, "right", 0, MPSK_OK }, { "default", "right", 15, MPSK_OK }, { NULL, "wRoNg", 0, MPSK_BAD },
		{ "eve", "wRoNg", 0, MPSK_BAD }, { NULL, "right", 16, MPSK_BAD }, { NULL, NULL, 3, MPSK_BAD },
	};
	mpsk_conn_t *c;

	(void) state;
	redis_do(&redis, "CONFIG SET requirepass right");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_address_t address = { .path = redis.socket, .name = redis.uri };
		mpsk_access_t access = { .user = rows[i].user, .password = rows[i].password, .db = rows[i].db };

		err.text[0] = '\0';
		assert_int_equal(mpsk_conn_open(NULL, &c, &address, &access, -1, patience(), &err), rows[i].status);
		assert_null(strstr(err.text, "wRoNg"));
		talloc_free(c);
	}
	redis_do(&redis, "AUTH right");
	redis_do(&redis, "CONFIG SET requirepass %s", "");
}

static void test_error_replies(void **state)
{
	static struct {
		char const	*text;
		mpsk_status_t	status;
		bool		usable;
	} const rows[] = {
		{ "-NOAUTH Authentication required.", MPSK_BAD, false },
		{ "-WRONGPASS x", MPSK_BAD, false },
		{ "-NOPERM x", MPSK_BAD, true },
		{ "-WRONGTYPE x", MPSK_BAD, true },
		{ "-LOADING x", MPSK_AGAIN, false },
		{ "-READONLY x", MPSK_AGAIN, false },
		{ "-MASTERDOWN x", MPSK_AGAIN, false },
		{ "-CLUSTERDOWN x", MPSK_AGAIN, false },
		{ "-BUSY x", MPSK_AGAIN, false },
		{ "-TRYAGAIN x", MPSK_AGAIN, true },
		{ "-OOM x", MPSK_AGAIN, true },
		{ "-MISCONF x", MPSK_AGAIN, true },
		{ "-NOREPLICAS x", MPSK_AGAIN, true },
		{ "-BUSYKEY x", MPSK_ERR, true },
		{ "-NOSCRIPT x", MPSK_ERR, true },
		{ "-ERR x", MPSK_ERR, true },
		{ "-", MPSK_ERR, true },
		{ "-ERR unknown command 'HSET', with args beginning with: 'psk' 'SECRET'", MPSK_ERR, true },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		say(rows[i].text);
		say("\r\n");
		assert_int_equal(mpsk_conn_callf(conn, &reply, patience(), &err, "GET x"), rows[i].status);
		assert_null(strstr(err.text, "SECRET"));
		assert_int_equal(mpsk_conn_usable(conn), rows[i].usable);
		if (rows[i].usable) continue;
		fake_stop(NULL);
		fake_start(NULL);
	}
}

static int server_start(void **state)
{
	(void) state;
	redis_start(&redis);
	return 0;
}

static int server_stop(void **state)
{
	(void) state;
	redis_stop(&redis);
	return 0;
}

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, fake_start, fake_stop)

int main(void)
{
	struct CMUnitTest const tests[] = {
		TEST(test_replies), TEST(test_try), TEST(test_silence), TEST(test_drip), TEST(test_full_pipe),
		TEST(test_hang_up_inside), TEST(test_no_protocol), TEST(test_too_large), TEST(test_many_large),
		TEST(test_stopped_server), TEST(test_cancel), TEST(test_nobody_there), TEST(test_full_backlog),
		TEST(test_refused), TEST(test_error_replies),
	};

	return cmocka_run_group_tests(tests, server_start, server_stop);
}
