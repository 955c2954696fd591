/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "store/redirect.h"

typedef struct {
	char const		*text;
	mpsk_redirect_kind_t	kind;
	unsigned		slot;
	char const		*host;
	unsigned		port;
} row_t;

static row_t const rows[] = {
	{ "MOVED 3999 127.0.0.1:6381", MPSK_REDIRECT_MOVED, 3999, "127.0.0.1", 6381 },
	{ "MOVED 0 :6381", MPSK_REDIRECT_MOVED, 0, "", 6381 },
	{ "MOVED 16383 2001:db8::1:6381", MPSK_REDIRECT_MOVED, 16383, "2001:db8::1", 6381 },
	{ "ASK 1 redis.example.org:65535", MPSK_REDIRECT_ASK, 1, "redis.example.org", 65535 },
	{ "TRYAGAIN Multiple keys request during rehashing of slot", MPSK_REDIRECT_TRYAGAIN, 0, NULL, 0 },
	{ "READONLY You can't write against a read only replica.", MPSK_REDIRECT_REPLICA, 0, NULL, 0 },
	{ "MASTERDOWN Link with MASTER is down", MPSK_REDIRECT_REPLICA, 0, NULL, 0 },
	{ "ERR MOVED 3999 127.0.0.1:6381", MPSK_REDIRECT_NONE, 0, NULL, 0 },
	{ "MOVEDED 3999 127.0.0.1:6381", MPSK_REDIRECT_NONE, 0, NULL, 0 },
	{ "MOVED", MPSK_REDIRECT_NONE, 0, NULL, 0 },
	{ "MOVED ", MPSK_REDIRECT_NONE, 0, NULL, 0 },
	{ "MOVED 3999", MPSK_REDIRECT_NONE, 0, NULL, 0 },
	{ "MOVED 3999 127.0.0.1", MPSK_REDIRECT_NONE, 0, NULL, 0 },
	{ "MOVED 16384 127.0.0.1:6381", MPSK_REDIRECT_NONE, 0, NULL, 0 },
	{ "MOVED -1 127.0.0.1:6381", MPSK_REDIRECT_NONE, 0, NULL, 0 },
	{ "MOVED 1 127.0.0.1:0", MPSK_REDIRECT_NONE, 0, NULL, 0 },
	{ "MOVED 1 127.0.0.1:65536", MPSK_REDIRECT_NONE, 0, NULL, 0 },
	{ "MOVED 1 127.0.0.1:6381 x", MPSK_REDIRECT_NONE, 0, NULL, 0 },
};

static void read_text(mpsk_redirect_t *redirect, char *text)
{
	redisReply reply = { .type = REDIS_REPLY_ERROR, .str = text, .len = strlen(text) };

	mpsk_redirect_read(redirect, &reply);
}

static void test_rows(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_redirect_t redirect = { .kind = MPSK_REDIRECT_ASK };
		char text[80];

		snprintf(text, sizeof(text), "%s", rows[i].text);
		read_text(&redirect, text);
		if (redirect.kind != rows[i].kind) fail_msg("%s", text);
		if (!rows[i].host) continue;
		assert_int_equal(redirect.slot, rows[i].slot);
		assert_string_equal(redirect.host, rows[i].host);
		assert_int_equal(redirect.port, rows[i].port);
	}
}

static void test_long_host(void **state)
{
	char text[MPSK_REDIRECT_HOST_MAX + 20];
	mpsk_redirect_t redirect;

	(void) state;
	for (int len = MPSK_REDIRECT_HOST_MAX - 1; len <= MPSK_REDIRECT_HOST_MAX; len++) {
		char host[MPSK_REDIRECT_HOST_MAX + 1];

		memset(host, 'a', sizeof(host));
		snprintf(text, sizeof(text), "ASK 1 %.*s:1", len, host);
		read_text(&redirect, text);
		assert_int_equal(redirect.kind,
				 len < MPSK_REDIRECT_HOST_MAX ? MPSK_REDIRECT_ASK : MPSK_REDIRECT_NONE);
	}
}

static void test_no_error(void **state)
{
	char text[] = "MOVED 1 h:1";
	redisReply reply = { .type = REDIS_REPLY_STRING, .str = text, .len = strlen(text) };
	mpsk_redirect_t redirect = { .kind = MPSK_REDIRECT_ASK };

	(void) state;
	mpsk_redirect_read(&redirect, &reply);
	assert_int_equal(redirect.kind, MPSK_REDIRECT_NONE);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_long_host),
		cmocka_unit_test(test_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
