/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "radius/hide.h"
#include "reply.h"
#include "vector_rig.h"

static radius_secret_t const secret = { .len = sizeof(VECTOR_SECRET) - 1, .octets = VECTOR_SECRET };

/* RFC 2865, 7.1. */
static void test_rfc_2865_user_password(void **state)
{
	static uint8_t const authenticator[] = "\x0f\x40\x3f\x94\x73\x97\x80\x57\xbd\x83\xd5\xcb\x98\xf4\x22\x7a";
	radius_secret_t const xyzzy = { .len = 9, .octets = "xyzzy5461" };
	uint8_t out[RADIUS_HIDE_PASSWORD_MAX];
	size_t len;

	(void) state;
	assert_int_equal(radius_hide_password(out, &len, "arctangent", 10, &xyzzy, authenticator), MPSK_OK);
	assert_int_equal(len, 16);
	assert_memory_equal(out, "\x0d\xbe\x70\x8d\x93\xd4\x13\xce\x31\x96\xe4\x3f\x78\x2a\x0a\xee", 16);
}

static void test_user_password_lengths(void **state)
{
	static uint8_t const authenticator[RADIUS_AUTHENTICATOR_LEN], password[129];
	uint8_t out[RADIUS_HIDE_PASSWORD_MAX];

	(void) state;
	for (size_t n = 0; n <= 128; n++) {
		size_t len;

		assert_int_equal(radius_hide_password(out, &len, password, n, &secret, authenticator), MPSK_OK);
		assert_int_equal(len, n <= 16 ? 16 : (n + 15) / 16 * 16);
	}
	assert_int_equal(radius_hide_password(out, &(size_t) { 0 }, password, 129, &secret, authenticator), MPSK_BAD);
}

static void test_captured_tunnel_passwords(void **state)
{
	size_t found = 0;

	(void) state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		vector_t const *v = &vectors[i];
		mpsk_cursor_t c;
		radius_attribute_t attribute;
		radius_reply_t reply;

		assert_int_equal(radius_reply_parse(&reply, v->answer, v->answer_len, NULL), MPSK_OK);
		c = radius_attributes(&reply);
		while (radius_attribute_next(&c, &attribute)) {
			uint8_t out[RADIUS_HIDE_TUNNEL_MAX];
			size_t len;

			if (attribute.type != RADIUS_TUNNEL_PASSWORD) continue;
			assert_int_equal(radius_hide_tunnel_read(out, &len, attribute.value, attribute.len, &secret,
								   v->request + 4, NULL), MPSK_OK);
			assert_int_equal(len, v->passphrase_len);
			assert_memory_equal(out, v->passphrase, len);
			found++;
		}
	}
	assert_int_equal(found, VECTOR_COUNT - 1);	/* one was rejected */
}

static void test_every_length_comes_back(void **state)
{
	uint8_t request[RADIUS_HEADER_LEN] = { 1, 9, 0, 20, 1, 2, 3, 4 };
	char password[240];

	(void) state;
	for (size_t i = 0; i < sizeof(password); i++) password[i] = (char) i;
	for (size_t n = 0; n < sizeof(password); n++) {
		radius_packet_t packet;
		uint8_t out[RADIUS_HIDE_TUNNEL_MAX];
		size_t len;

		reply_begin(&packet, 2, request);
		reply_tunnel_password_add(&packet, request, password, n, 5);
		assert_int_equal(radius_hide_tunnel_read(out, &len, packet.octets + 22, packet.len - 22, &secret,
							   request + 4, NULL), MPSK_OK);
		assert_int_equal(len, n);
		assert_memory_equal(out, password, n);
	}
}

static void test_tunnel_password_refuses(void **state)
{
	uint8_t request[RADIUS_HEADER_LEN] = { 1, 9, 0, 20 };
	radius_packet_t packet;
	size_t wrong_inner = 0;

	(void) state;
	reply_begin(&packet, 2, request);
	reply_tunnel_password_add(&packet, request, "a passphrase of two blocks", 26, 5);
	for (size_t n = 0; n <= packet.len - 22; n++) {
		bool whole = n == 3 + 16 || n == 3 + 32;
		uint8_t *value = malloc(n ? n : 1), out[RADIUS_HIDE_TUNNEL_MAX];
		mpsk_error_t err = { "" };
		size_t len = 1;

		assert_non_null(value);
		memcpy(value, packet.octets + 22, n);
		/* With one block of two, the inner length is more than it holds. */
		assert_int_equal(radius_hide_tunnel_read(out, &len, value, n, &secret, request + 4, &err),
				 n == 3 + 32 ? MPSK_OK : MPSK_BAD);
		if (n != 3 + 32) {
			assert_int_equal(len, 0);
			assert_non_null(strstr(err.text, whole ? "inner length" : "tag and salt"));
			wrong_inner += whole;
		}
		free(value);
	}
	assert_int_equal(wrong_inner, 1);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_rfc_2865_user_password),
		cmocka_unit_test(test_user_password_lengths),
		cmocka_unit_test(test_captured_tunnel_passwords),
		cmocka_unit_test(test_every_length_comes_back),
		cmocka_unit_test(test_tunnel_password_refuses),
	};

	return cmocka_run_group_tests_name("radius/hide", tests, vectors_setup, NULL);
}
