/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/hex.h"
#include "radius/packet.h"
#include "reply.h"
#include "vector_rig.h"

#define MUTATIONS 200000

static radius_secret_t secret = { .len = sizeof(VECTOR_SECRET) - 1, .octets = VECTOR_SECRET };

/* RFC 2865, 7.1: an Access-Accept, of a time before Message-Authenticator. */
static void test_rfc_2865_example(void **state)
{
	static uint8_t const octets[] =
		"\x02\x00\x00\x26\x86\xfe\x22\x0e\x76\x24\xba\x2a\x10\x05\xf6\xbf\x9b\x55\xe0\xb2"
		"\x06\x06\x00\x00\x00\x01\x0f\x06\x00\x00\x00\x00\x0e\x06\xc0\xa8\x01\x03";
	static uint8_t const authenticator[] = "\x0f\x40\x3f\x94\x73\x97\x80\x57\xbd\x83\xd5\xcb\x98\xf4\x22\x7a";
	radius_secret_t const xyzzy = { .len = 9, .octets = "xyzzy5461" };
	radius_reply_t reply;
	mpsk_error_t err = { "" };

	(void) state;
	assert_int_equal(radius_reply_parse(&reply, octets, sizeof(octets) - 1, &err), MPSK_OK);
	assert_int_equal(reply.code, RADIUS_ACCESS_ACCEPT);
	assert_int_equal(reply.id, 0);
	assert_int_equal(radius_reply_verify(&reply, authenticator, &xyzzy, &err), MPSK_MISS);
	assert_non_null(strstr(err.text, "no Message-Authenticator"));
	assert_int_equal(radius_reply_verify(&reply, authenticator, &secret, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "shared secret"));
}

static void test_captured_answers(void **state)
{
	(void) state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		vector_t const *v = &vectors[i];
		uint8_t octets[VECTOR_PACKET_MAX], authenticator[RADIUS_AUTHENTICATOR_LEN];
		radius_reply_t reply;

		memcpy(octets, v->answer, v->answer_len);
		memcpy(authenticator, v->request + 4, sizeof(authenticator));
		assert_int_equal(radius_reply_parse(&reply, octets, v->answer_len, NULL), MPSK_OK);
		assert_int_equal(radius_reply_verify(&reply, authenticator, &secret, NULL), MPSK_OK);
		for (size_t bit = 0; bit < 8 * v->answer_len; bit++) {
			octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
			if (radius_reply_parse(&reply, octets, v->answer_len, NULL) == MPSK_OK) {
				assert_int_equal(radius_reply_verify(&reply, authenticator, &secret, NULL), MPSK_BAD);
			}
			octets[bit / 8] ^= (uint8_t) (1 << bit % 8);
		}
		authenticator[0] ^= 1;
		assert_int_equal(radius_reply_parse(&reply, octets, v->answer_len, NULL), MPSK_OK);
		assert_int_equal(radius_reply_verify(&reply, authenticator, &secret, NULL), MPSK_BAD);
	}
}

/* A right response authenticator beside a wrong, doubled or short Message-Authenticator. */
static void test_message_authenticator(void **state)
{
	uint8_t const *request = vectors[0].request;
	static uint8_t const wrong[17];
	radius_packet_t packet;
	radius_reply_t reply;
	mpsk_error_t err = { "" };

	(void) state;
	for (size_t len = 15; len <= 17; len++) {
		reply_begin(&packet, 2, request);
		reply_add(&packet, 80, wrong, len);
		reply_end(&packet, request, false);
		assert_int_equal(radius_reply_parse(&reply, packet.octets, packet.len, NULL), MPSK_OK);
		assert_int_equal(radius_reply_verify(&reply, request + 4, &secret, &err), MPSK_BAD);
		assert_non_null(strstr(err.text, "Message-Authenticator"));
	}
	reply_begin(&packet, 2, request);
	reply_add(&packet, 80, wrong, 16);
	reply_end(&packet, request, true);
	assert_int_equal(radius_reply_parse(&reply, packet.octets, packet.len, NULL), MPSK_OK);
	assert_int_equal(radius_reply_verify(&reply, request + 4, &secret, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "twice"));
}

static void test_truncated(void **state)
{
	vector_t const *v = vector_find(vectors, "wpa2-tkip");

	(void) state;
	for (size_t len = 0; len < v->answer_len; len++) {
		uint8_t *octets = malloc(len ? len : 1);
		radius_reply_t reply;
		mpsk_error_t err = { "" };

		assert_non_null(octets);
		memcpy(octets, v->answer, len);
		assert_int_equal(radius_reply_parse(&reply, octets, len, &err), MPSK_BAD);
		assert_true(err.text[0] != '\0');
		if (len > RADIUS_HEADER_LEN) {
			octets[2] = (uint8_t) (len >> 8);
			octets[3] = (uint8_t) len;
			/* The two attributes end at 38 and at the end; every other length cuts one. */
			assert_int_equal(radius_reply_parse(&reply, octets, len, &err), len == 38 ? MPSK_OK : MPSK_BAD);
		}
		free(octets);
	}
}

static void test_lengths(void **state)
{
	static struct {
		char const	*hex;	/* of code, id, length */
		char const	*attributes;
		char const	*text;	/* NULL: well-formed */
	} const cases[] = {
		{ "02010014", "", NULL },
		{ "02010014", "ffff", NULL },		/* padding: RFC 2865, section 3 */
		{ "02010016", "0102", NULL },		/* an empty value */
		{ "02010013", "", "length field is 19" },
		{ "02010000", "", "length field is 0" },
		{ "02010015", "", "length field is 21" },
		{ "0201ffff", "", "length field is 65535" },
		{ "02010015", "01", "attribute 1 does not fit" },
		{ "02010016", "0100", "attribute 1 does not fit" },
		{ "02010016", "4501", "attribute 69 does not fit" },
		{ "02010016", "0103", "attribute 1 does not fit" },
		{ "02010018", "010350ff", "attribute 255 does not fit" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t octets[64] = { 0 };
		size_t n = strlen(cases[i].attributes) / 2;
		radius_reply_t reply;
		mpsk_error_t err = { "" };
		mpsk_status_t status;

		assert_true(mpsk_hex_decode(octets, 4, cases[i].hex, 8));
		assert_true(mpsk_hex_decode(octets + 20, n, cases[i].attributes, 2 * n));
		status = radius_reply_parse(&reply, octets, 20 + n, &err);
		assert_int_equal(status, cases[i].text ? MPSK_BAD : MPSK_OK);
		if (cases[i].text && !strstr(err.text, cases[i].text)) fail_msg("%s", err.text);
	}
}

static void test_build_has_its_limits(void **state)
{
	static uint8_t const authenticator[RADIUS_AUTHENTICATOR_LEN];
	static uint8_t const value[1025];
	radius_packet_t packet;
	mpsk_error_t err = { "" };
	size_t before;

	(void) state;
	radius_request_begin(&packet, RADIUS_ACCESS_REQUEST, 7, authenticator);
	assert_int_equal(packet.len, 38);
	assert_int_equal(packet.octets[20], RADIUS_MESSAGE_AUTHENTICATOR);
	assert_int_equal(radius_attribute_add(&packet, RADIUS_USER_NAME, value, 254, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "attribute 1 of 254 octets"));
	assert_int_equal(radius_long_vendor_add(&packet, RADIUS_LONG_EXTENDED_5, 11344, 2, value, 1025, &err),
			 MPSK_BAD);
	assert_non_null(strstr(err.text, "245.26.11344.2 of 1025 octets"));
	assert_int_equal(packet.len, 38);

	assert_int_equal(radius_long_vendor_add(&packet, RADIUS_LONG_EXTENDED_5, 11344, 2, value, 246, &err), MPSK_OK);
	assert_int_equal(packet.len, 38 + 255);
	assert_memory_equal(packet.octets + 38, "\xf5\xff\x1a\x00\x00\x00\x2c\x50\x02", 9);

	while (radius_long_vendor_add(&packet, RADIUS_LONG_EXTENDED_5, 11344, 2, value, 1024, &err) == MPSK_OK);
	assert_int_equal(packet.len, 38 + 255 + 3 * (1024 + 5 + 5 * 4));

	do before = packet.len;
	while (radius_attribute_add(&packet, RADIUS_USER_NAME, value, 253, &err) == MPSK_OK);
	assert_int_equal(packet.len, before);
	assert_true(packet.len > RADIUS_PACKET_MAX - 255);
	assert_int_equal(packet.octets[2] << 8 | packet.octets[3], packet.len);
}

/* RFC 5176, 3.5: the Message-Authenticator over an authenticator of zeros, then the authenticator over all. */
static void test_a_disconnect_is_signed(void **state)
{
	static radius_secret_t const other = { 10, "testing123" };
	radius_packet_t packet, again;
	uint8_t whole[128], mac[16];
	unsigned len = sizeof(mac);

	(void) state;
	radius_request_begin(&packet, RADIUS_DISCONNECT_REQUEST, 7, NULL);
	assert_int_equal(packet.octets[0], 40);
	assert_int_equal(radius_attribute_add(&packet, RADIUS_ACCT_SESSION_ID, "0123", 4, NULL), MPSK_OK);
	memset(packet.octets + 4, 0x55, 16);
	assert_int_equal(radius_request_sign(packet.octets, packet.len, &other), MPSK_OK);

	again = packet;
	memset(again.octets + 4, 0, 16);
	memset(again.octets + 22, 0, 16);
	assert_non_null(HMAC(EVP_md5(), "testing123", 10, again.octets, again.len, mac, &len));
	assert_memory_equal(packet.octets + 22, mac, 16);
	memcpy(whole, packet.octets, packet.len);
	memset(whole + 4, 0, 16);
	memcpy(whole + packet.len, "testing123", 10);
	assert_true(EVP_Digest(whole, packet.len + 10, mac, NULL, EVP_md5(), NULL));
	assert_memory_equal(packet.octets + 4, mac, 16);
}

/* RFC 6929, 2.2: the More flag on all fragments but the last, the vendor in the first alone. */
static void test_a_long_value_is_split(void **state)
{
	static uint8_t const authenticator[RADIUS_AUTHENTICATOR_LEN];
	uint8_t value[600];
	radius_packet_t packet;
	uint8_t const *p;

	(void) state;
	for (size_t i = 0; i < sizeof(value); i++) value[i] = (uint8_t) (i % 251);
	for (size_t len = 0; len <= sizeof(value); len++) {
		size_t n = len < 246 ? len : 246, done = n;

		radius_request_begin(&packet, RADIUS_ACCESS_REQUEST, 7, authenticator);
		p = packet.octets + packet.len;
		assert_int_equal(radius_long_vendor_add(&packet, RADIUS_LONG_EXTENDED_5, 11344, 2, value, len, NULL),
				 MPSK_OK);
		assert_int_equal(p[0], 245);
		assert_int_equal(p[1], 9 + n);
		assert_int_equal(p[2], 26);
		assert_int_equal(p[3], len > n ? 0x80 : 0);
		assert_memory_equal(p + 4, "\x00\x00\x2c\x50\x02", 5);
		assert_memory_equal(p + 9, value, n);
		for (p += 9 + n; done < len; p += 4 + n) {
			n = len - done < 251 ? len - done : 251;
			assert_int_equal(p[0], 245);
			assert_int_equal(p[1], 4 + n);
			assert_int_equal(p[2], 26);
			assert_int_equal(p[3], len - done > n ? 0x80 : 0);
			assert_memory_equal(p + 4, value + done, n);
			done += n;
		}
		assert_ptr_equal(p, packet.octets + packet.len);
	}
}

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void test_random_mutations(void **state)
{
	uint32_t seed = 0x72616469;
	size_t taken = 0, refused = 0;

	(void) state;
	for (unsigned i = 0; i < MUTATIONS; i++) {
		vector_t const *v = &vectors[next_random(&seed) % VECTOR_COUNT];
		size_t len = v->answer_len - next_random(&seed) % 2;
		uint8_t *octets = malloc(len);
		radius_reply_t reply;

		assert_non_null(octets);
		memcpy(octets, v->answer, len);
		for (unsigned n = next_random(&seed) % 4; n; n--) {
			octets[next_random(&seed) % len] = (uint8_t) next_random(&seed);
		}
		if (radius_reply_parse(&reply, octets, len, NULL) == MPSK_OK) {
			mpsk_cursor_t c = radius_attributes(&reply);
			radius_attribute_t attribute;
			size_t total = 0;

			while (radius_attribute_next(&c, &attribute)) total += 2u + attribute.len;
			assert_int_equal(total, reply.len - RADIUS_HEADER_LEN);
			taken++;
		} else {
			refused++;
		}
		free(octets);
	}
	assert_true(taken > MUTATIONS / 100);
	assert_true(refused > MUTATIONS / 100);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_rfc_2865_example),
		cmocka_unit_test(test_captured_answers),
		cmocka_unit_test(test_message_authenticator),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_build_has_its_limits),
		cmocka_unit_test(test_a_disconnect_is_signed),
		cmocka_unit_test(test_a_long_value_is_split),
		cmocka_unit_test(test_random_mutations),
	};

	return cmocka_run_group_tests_name("radius/packet", tests, vectors_setup, NULL);
}
