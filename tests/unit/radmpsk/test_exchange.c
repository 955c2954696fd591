/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "radmpsk/exchange.h"
#include "fake_server.h"

static uint8_t const request[RADIUS_HEADER_LEN] = { 1, 42, 0, RADIUS_HEADER_LEN };

static void test_server_forms(void **state)
{
	static struct {
		char const	*text;
		char const	*resolved;
	} const good[] = {
		{ "127.0.0.1:1812", "127.0.0.1:1812" },
		{ "127.0.0.1", "127.0.0.1:1812" },
		{ "127.0.0.1:18120", "127.0.0.1:18120" },
		{ "::1", "[::1]:1812" },
		{ "[::1]", "[::1]:1812" },
		{ "[::1]:18120", "[::1]:18120" },
	};
	static char const *const bad[] = { "", ":1812", "127.0.0.1:", "[::1", "[]:1", "[::1]18", "127.0.0.1:radius!" };

	(void) state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		exchange_server_t server;

		assert_int_equal(exchange_server_find(&server, good[i].text, NULL), MPSK_OK);
		assert_string_equal(server.text, good[i].resolved);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		exchange_server_t server;
		mpsk_error_t err = { "" };

		assert_int_equal(exchange_server_find(&server, bad[i], &err), MPSK_BAD);
		assert_true(err.text[0] != '\0');
	}
}

typedef struct {
	mpsk_status_t	status;
	radius_packet_t	reply;
	int64_t		took_us;
	mpsk_error_t	err;
	unsigned	requests;
} outcome_t;

static void run(outcome_t *outcome, fake_mode_t mode, exchange_patience_t const *patience)
{
	exchange_server_t server;
	fake_server_t fake;
	uint8_t local[16];
	int fd;

	memset(outcome, 0, sizeof(*outcome));
	fake_server_start(&fake, mode);
	assert_int_equal(exchange_server_find(&server, fake.address, NULL), MPSK_OK);
	assert_int_equal(exchange_connect(&fd, &server, NULL), MPSK_OK);
	assert_int_equal(exchange_local_address(local, fd), 4);
	assert_memory_equal(local, "\x7f\0\0\1", 4);
	outcome->status = exchange_run(fd, request, sizeof(request), patience, &outcome->reply, &outcome->took_us,
				       &outcome->err);
	close(fd);
	fake_server_stop(&fake);
	outcome->requests = fake.requests;
}

static void test_reply(void **state)
{
	exchange_patience_t const patience = { .timeout_ms = 20000, .retransmit_ms = 10000, .retries = 1 };
	outcome_t outcome;

	(void) state;
	run(&outcome, FAKE_ACCEPT, &patience);
	assert_int_equal(outcome.status, MPSK_OK);
	assert_int_equal(outcome.reply.octets[1], 42);
	assert_int_equal(outcome.requests, 1);
	assert_true(outcome.took_us > 0 && outcome.took_us < 10000000);
}

static void test_replies_to_others_are_passed_over(void **state)
{
	exchange_patience_t const patience = { .timeout_ms = 20000, .retransmit_ms = 10000, .retries = 1 };
	outcome_t outcome;

	(void) state;
	run(&outcome, FAKE_NOISY, &patience);
	assert_int_equal(outcome.status, MPSK_OK);
	assert_int_equal(outcome.reply.octets[1], 42);
	assert_true(outcome.reply.len > RADIUS_HEADER_LEN);
}

static void test_retransmit(void **state)
{
	exchange_patience_t const patience = { .timeout_ms = 20000, .retransmit_ms = 20, .retries = 500 };
	outcome_t outcome;

	(void) state;
	run(&outcome, FAKE_DEAF_AT_FIRST, &patience);
	assert_int_equal(outcome.status, MPSK_OK);
	assert_true(outcome.requests >= 2);
	assert_true(outcome.took_us >= 19000);
}

static void test_silence(void **state)
{
	exchange_patience_t const patience = { .timeout_ms = 100, .retransmit_ms = 20, .retries = 2 };
	outcome_t outcome;

	(void) state;
	run(&outcome, FAKE_SILENT, &patience);
	assert_int_equal(outcome.status, MPSK_AGAIN);
	assert_non_null(strstr(outcome.err.text, "no reply within 100 ms"));
	assert_true(outcome.requests >= 1 && outcome.requests <= 3);
	assert_true(outcome.took_us >= 99000);
}

static void test_nobody_listens(void **state)
{
	exchange_patience_t const patience = { .timeout_ms = 60000, .retransmit_ms = 50000, .retries = 0 };
	radius_packet_t reply;
	mpsk_error_t err = { "" };
	exchange_server_t server;
	fake_server_t fake;
	int64_t took_us;
	int fd;

	(void) state;
	fake_server_start(&fake, FAKE_SILENT);
	fake_server_stop(&fake);
	assert_int_equal(exchange_server_find(&server, fake.address, NULL), MPSK_OK);
	assert_int_equal(exchange_connect(&fd, &server, NULL), MPSK_OK);
	assert_int_equal(exchange_run(fd, request, sizeof(request), &patience, &reply, &took_us, &err), MPSK_AGAIN);
	assert_string_equal(err.text, "nothing listens on that port");
	close(fd);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_server_forms),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_replies_to_others_are_passed_over),
		cmocka_unit_test(test_retransmit),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_nobody_listens),
	};

	return cmocka_run_group_tests_name("radmpsk/exchange", tests, NULL, NULL);
}
