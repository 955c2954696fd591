/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "radius/exchange.h"
#include "radius/packet.h"
#include "fake_server.h"

#define MANY 1000	/* more than a window */

static uint8_t const request[RADIUS_HEADER_LEN] = { 1, 42, 0, RADIUS_HEADER_LEN };

typedef struct {
	radius_exchange_t	exchange;
	uint8_t			id;		/* of the reply */
	size_t			len;
	unsigned		refuse;		/* so many datagrams are not the reply */
	unsigned		taken;
} asking_t;

static bool take(radius_exchange_t *exchange, uint8_t const *octets, size_t len)
{
	asking_t *asking = (asking_t *) (void *) exchange;

	asking->taken++;
	if (asking->refuse) {
		asking->refuse--;
		return false;
	}
	asking->id = octets[1];
	asking->len = len;
	return true;
}

static bool take_any(radius_exchange_t *exchange, uint8_t const *octets, size_t len)
{
	(void) exchange;
	(void) octets;
	(void) len;
	return true;
}

static unsigned run(asking_t *asking, fake_mode_t mode, radius_patience_t const *patience)
{
	radius_exchange_t *const exchange = &asking->exchange;
	radius_peer_t server;
	fake_server_t fake;

	asking->exchange = (radius_exchange_t) {
		.peer = &server, .request = request, .request_len = sizeof(request), .take = take
	};
	fake_server_start(&fake, mode);
	assert_int_equal(radius_peer_find(&server, fake.address, RADIUS_PORT_AUTH, NULL), MPSK_OK);
	assert_int_equal(radius_exchange_run(&exchange, 1, patience, NULL), MPSK_OK);
	fake_server_stop(&fake);
	return fake.requests;
}

static void test_reply(void **state)
{
	radius_patience_t const patience = { .timeout_ms = 20000, .retransmit_ms = 10000, .retries = 1 };
	asking_t asking = { .refuse = 0 };

	(void) state;
	assert_int_equal(run(&asking, FAKE_ACCEPT, &patience), 1);
	assert_int_equal(asking.exchange.status, MPSK_OK);
	assert_int_equal(asking.exchange.sent, 1);
	assert_int_equal(asking.id, 42);
	assert_true(asking.exchange.took_us > 0 && asking.exchange.took_us < 10000000);
}

static void test_replies_to_others_are_passed_over(void **state)
{
	radius_patience_t const patience = { .timeout_ms = 20000, .retransmit_ms = 10000, .retries = 1 };
	asking_t asking = { .refuse = 0 };

	(void) state;
	run(&asking, FAKE_NOISY, &patience);
	assert_int_equal(asking.exchange.status, MPSK_OK);
	assert_int_equal(asking.id, 42);
	assert_true(asking.len > RADIUS_HEADER_LEN);
	assert_int_equal(asking.taken, 1);
}

/* What is none to whoever asked is waited past, and the next one is asked for. */
static void test_reply_that_is_refused(void **state)
{
	radius_patience_t const patience = { .timeout_ms = 20000, .retransmit_ms = 20, .retries = 500 };
	asking_t asking = { .refuse = 2 };

	(void) state;
	assert_true(run(&asking, FAKE_ACCEPT, &patience) >= 3);
	assert_int_equal(asking.exchange.status, MPSK_OK);
	assert_int_equal(asking.taken, 3);
	assert_true(asking.exchange.took_us >= 39000);
}

static void test_retransmit(void **state)
{
	radius_patience_t const patience = { .timeout_ms = 20000, .retransmit_ms = 20, .retries = 500 };
	asking_t asking = { .refuse = 0 };

	(void) state;
	assert_true(run(&asking, FAKE_DEAF_AT_FIRST, &patience) >= 2);
	assert_int_equal(asking.exchange.status, MPSK_OK);
	assert_true(asking.exchange.took_us >= 19000);
}

static void test_silence(void **state)
{
	radius_patience_t const patience = { .timeout_ms = 100, .retransmit_ms = 20, .retries = 2 };
	asking_t asking = { .refuse = 0 };
	unsigned requests;

	(void) state;
	requests = run(&asking, FAKE_SILENT, &patience);
	assert_int_equal(asking.exchange.status, MPSK_AGAIN);
	assert_non_null(strstr(asking.exchange.err.text, "no reply within 100 ms"));
	assert_true(requests >= 1 && requests <= 3);
	assert_true(asking.exchange.took_us >= 99000);
}

/* 10, 20, 40, 80, 80, 80 ms, give or take a tenth: the seventh transmission comes after 279 ms at the soonest. */
static void test_times_double(void **state)
{
	radius_patience_t const patience = {
		.timeout_ms = 10000, .retransmit_ms = 10, .retransmit_max_ms = 80, .retries = 6
	};
	asking_t asking = { .refuse = 6 };

	(void) state;
	run(&asking, FAKE_ACCEPT, &patience);
	assert_int_equal(asking.exchange.status, MPSK_OK);
	assert_int_equal(asking.exchange.sent, 7);
	assert_true(asking.exchange.took_us >= 278000);
}

static void test_nobody_listens(void **state)
{
	radius_patience_t const patience = { .timeout_ms = 60000, .retransmit_ms = 50000, .retries = 0 };
	radius_exchange_t exchange = { .request = request, .request_len = sizeof(request), .take = take_any };
	radius_exchange_t *const row = &exchange;
	radius_peer_t server;
	fake_server_t fake;

	(void) state;
	fake_server_start(&fake, FAKE_SILENT);
	fake_server_stop(&fake);
	assert_int_equal(radius_peer_find(&server, fake.address, RADIUS_PORT_AUTH, NULL), MPSK_OK);
	exchange.peer = &server;
	assert_int_equal(radius_exchange_run(&row, 1, &patience, NULL), MPSK_OK);
	assert_int_equal(exchange.status, MPSK_AGAIN);
	assert_string_equal(exchange.err.text, "nothing listens on that port");
}

/* Two peers, one of them silent: whoever waits behind its first is given up with them, and the other's all come. */
static void test_many(void **state)
{
	radius_patience_t const patience = { .timeout_ms = 2000, .retransmit_ms = 500, .retries = 100 };
	radius_exchange_t *exchanges = calloc(2 * MANY, sizeof(*exchanges)), *row[2 * MANY];
	radius_peer_t servers[2];
	fake_server_t fakes[2];
	size_t done = 0, given_up = 0;

	(void) state;
	assert_non_null(exchanges);
	fake_server_start(&fakes[0], FAKE_ACCEPT);
	fake_server_start(&fakes[1], FAKE_SILENT);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(radius_peer_find(&servers[i], fakes[i].address, RADIUS_PORT_AUTH, NULL), MPSK_OK);
	}
	for (size_t i = 0; i < 2 * MANY; i++) {
		exchanges[i] = (radius_exchange_t) {
			.peer = &servers[i % 2], .request = request, .request_len = sizeof(request), .take = take_any
		};
		row[i] = &exchanges[i];
	}
	assert_int_equal(radius_exchange_run(row, 2 * MANY, &patience, NULL), MPSK_OK);
	for (size_t i = 0; i < 2 * MANY; i++) {
		if (i % 2 == 0) assert_int_equal(exchanges[i].status, MPSK_OK);
		else assert_int_equal(exchanges[i].status, MPSK_AGAIN);
		if (exchanges[i].status == MPSK_OK) done++;
		if (!exchanges[i].sent) given_up++;
	}
	assert_int_equal(done, MANY);
	assert_true(given_up >= MANY - RADIUS_EXCHANGE_WINDOW);
	fake_server_stop(&fakes[0]);
	fake_server_stop(&fakes[1]);
	free(exchanges);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_replies_to_others_are_passed_over),
		cmocka_unit_test(test_reply_that_is_refused),
		cmocka_unit_test(test_retransmit),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_times_double),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("radius/exchange", tests, NULL, NULL);
}
