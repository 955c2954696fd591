/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "radius/peer.h"

static void test_forms(void **state)
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
		radius_peer_t peer;

		assert_int_equal(radius_peer_find(&peer, good[i].text, 1812, NULL), MPSK_OK);
		assert_string_equal(peer.text, good[i].resolved);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		radius_peer_t peer;
		mpsk_error_t err = { "" };

		assert_int_equal(radius_peer_find(&peer, bad[i], 1812, &err), MPSK_BAD);
		assert_true(err.text[0] != '\0');
	}
}

static void test_default_port(void **state)
{
	radius_peer_t peer;

	(void) state;
	assert_int_equal(radius_peer_find(&peer, "192.0.2.1", RADIUS_PORT_DYNAMIC, NULL), MPSK_OK);
	assert_string_equal(peer.text, "192.0.2.1:3799");
	assert_int_equal(radius_peer_find(&peer, "2001:db8::1", 65535, NULL), MPSK_OK);
	assert_string_equal(peer.text, "[2001:db8::1]:65535");
}

static void test_connect(void **state)
{
	radius_peer_t peer;
	uint8_t local[16];
	int fd;

	(void) state;
	assert_int_equal(radius_peer_find(&peer, "127.0.0.1", 9, NULL), MPSK_OK);
	assert_int_equal(radius_peer_connect(&fd, &peer, NULL), MPSK_OK);
	assert_int_equal(radius_peer_local_address(local, fd), 4);
	assert_memory_equal(local, "\x7f\0\0\1", 4);
	close(fd);
	assert_int_equal(radius_peer_failure(EHOSTUNREACH), MPSK_AGAIN);
	assert_int_equal(radius_peer_failure(EBADF), MPSK_ERR);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_default_port),
		cmocka_unit_test(test_connect),
	};

	return cmocka_run_group_tests_name("radius/peer", tests, NULL, NULL);
}
