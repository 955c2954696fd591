/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "radius/disconnect.h"
#include "reply.h"

static radius_secret_t const secret = { sizeof(REPLY_SECRET) - 1, REPLY_SECRET };
static mpsk_mac_t const mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x0a } };
static mpsk_octets_t const session = { 4, "S-01" }, user = { 3, "bob" };

/* The types of a request's attributes after the first, which is Message-Authenticator. */
static size_t types_of(uint8_t types[static 16], radius_packet_t const *packet)
{
	radius_reply_t read;
	radius_attribute_t attribute;
	mpsk_cursor_t c;
	size_t n = 0;

	assert_int_equal(radius_reply_parse(&read, packet->octets, packet->len, NULL), MPSK_OK);
	c = radius_attributes(&read);
	assert_true(radius_attribute_next(&c, &attribute));
	assert_int_equal(attribute.type, RADIUS_MESSAGE_AUTHENTICATOR);
	while (n < 16 && radius_attribute_next(&c, &attribute)) types[n++] = attribute.type;
	return n;
}

/* What hostapd takes, and not an attribute more: any other makes it refuse. */
static void test_hostapd(void **state)
{
	static char const *const ways[] = { "hostapd", "generic" };
	radius_disconnect_t const what = { .mac = mac, .session = &session, .user = &user, .now = 0x12345678 };
	radius_packet_t packet;
	uint8_t types[16];

	(void) state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(radius_disconnect_build(&packet, radius_disconnect_way(ways[i]), &what, 9, &secret,
							 NULL), MPSK_OK);
		assert_int_equal(packet.octets[0], 40);
		assert_int_equal(packet.octets[1], 9);
		assert_int_equal(types_of(types, &packet), 3);
		assert_memory_equal(types, "\x1f\x2c\x37", 3);
		assert_memory_equal(packet.octets + 38, "\x1f\x13" "00-00-5E-00-53-0A" "\x2c\x06" "S-01"
				    "\x37\x06\x12\x34\x56\x78", 31);
	}
}

static void test_ways(void **state)
{
	radius_disconnect_t const what = { .mac = mac, .session = &session, .user = &user, .now = 1 };
	radius_packet_t packet;
	uint8_t types[16];

	(void) state;
	assert_string_equal(radius_disconnect_ways[0].name, "generic");
	assert_null(radius_disconnect_way("acme"));
	assert_int_equal(radius_disconnect_way("cisco")->port, 1700);
	assert_int_equal(radius_disconnect_way("hostapd")->port, 3799);
	for (radius_disconnect_way_t const *way = radius_disconnect_ways; way->name; way++) {
		assert_ptr_equal(radius_disconnect_way(way->name), way);
		assert_int_equal(radius_disconnect_build(&packet, way, &what, 1, &secret, NULL), MPSK_OK);
		assert_int_equal(types_of(types, &packet), way->with_user ? 4 : 3);
	}
}

static void test_by_mac_alone(void **state)
{
	radius_disconnect_t const what = { .mac = mac, .now = 1 };
	radius_packet_t packet;
	uint8_t types[16];

	(void) state;
	assert_int_equal(radius_disconnect_build(&packet, radius_disconnect_way("aruba"), &what, 1, &secret, NULL),
			 MPSK_OK);
	assert_int_equal(types_of(types, &packet), 2);
	assert_memory_equal(types, "\x1f\x37", 2);
}

static mpsk_status_t read_answer(radius_disconnect_answer_t *answer, radius_packet_t const *reply, size_t len,
				 radius_packet_t const *request, mpsk_error_t *err)
{
	return radius_disconnect_read(answer, reply->octets, len, request->octets, &secret, err);
}

static void request_make(radius_packet_t *packet)
{
	radius_disconnect_t const what = { .mac = mac, .session = &session, .now = 1 };

	assert_int_equal(radius_disconnect_build(packet, radius_disconnect_ways, &what, 7, &secret, NULL), MPSK_OK);
}

static void test_answers(void **state)
{
	static struct {
		uint8_t		code;
		uint32_t	cause;
		bool		with_signature;
		mpsk_status_t	status;
	} const rows[] = {
		{ 41, 0, true, MPSK_OK }, { 41, 0, false, MPSK_OK }, { 42, 503, true, MPSK_OK },
		{ 42, 401, false, MPSK_OK }, { 42, 0, true, MPSK_OK }, { 2, 0, true, MPSK_BAD },
		{ 44, 0, true, MPSK_BAD },
	};
	radius_packet_t request, reply;

	(void) state;
	request_make(&request);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t const cause[] = { 0, 0, (uint8_t) (rows[i].cause >> 8), (uint8_t) rows[i].cause };
		radius_disconnect_answer_t answer;
		mpsk_error_t err = { "" };

		reply_begin(&reply, rows[i].code, request.octets);
		if (rows[i].cause) reply_add(&reply, 101, cause, 4);
		reply_end(&reply, request.octets, rows[i].with_signature);
		assert_int_equal(read_answer(&answer, &reply, reply.len, &request, &err), rows[i].status);
		if (rows[i].status != MPSK_OK) continue;
		assert_int_equal(answer.ack, rows[i].code == 41);
		assert_int_equal(answer.cause, rows[i].cause);
	}
	assert_string_equal(radius_disconnect_cause(503), "Session Context Not Found");
	assert_null(radius_disconnect_cause(0));
}

/* No octet of an answer may be another one, nor may it be shorter or answer another request. */
static void test_answers_that_are_none(void **state)
{
	radius_packet_t request, reply, changed;
	radius_disconnect_answer_t answer;
	mpsk_error_t err = { "" };

	(void) state;
	request_make(&request);
	reply_begin(&reply, 41, request.octets);
	reply_end(&reply, request.octets, true);
	for (size_t i = 0; i < reply.len; i++) {
		changed = reply;
		changed.octets[i] ^= 1;
		assert_int_equal(read_answer(&answer, &changed, changed.len, &request, &err), MPSK_BAD);
		assert_false(answer.ack);
		assert_int_equal(read_answer(&answer, &reply, i, &request, &err), MPSK_BAD);
	}
	request.octets[4] ^= 1;
	assert_int_equal(read_answer(&answer, &reply, reply.len, &request, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "authenticator is wrong"));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_hostapd),
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_by_mac_alone),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_answers_that_are_none),
	};

	return cmocka_run_group_tests_name("radius/disconnect", tests, NULL, NULL);
}
