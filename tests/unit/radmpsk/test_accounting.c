/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "radius/digest.h"
#include "radmpsk/accounting.h"

static radius_secret_t const secret = { .len = 6, .octets = "secret" };
static mpsk_error_t err;

static request_t request_make(void)
{
	request_t request = {
		.mac = { { 0, 0, 0x5e, 0, 0x53, 1 } }, .bssid = { { 0, 0, 0x5e, 0, 0x53, 0xa0 } }, .nas_id = "ap",
	};

	assert_true(mpsk_ssid_set(&request.ssid, "Acme", 4));
	return request;
}

/* The attribute of a type, or one without a value. */
static radius_attribute_t attribute_of(radius_packet_t const *packet, unsigned type)
{
	radius_attribute_t attribute;
	radius_reply_t parsed;
	mpsk_cursor_t cursor;

	assert_int_equal(radius_reply_parse(&parsed, packet->octets, packet->len, &err), MPSK_OK);
	assert_int_equal(parsed.code, RADIUS_ACCOUNTING_REQUEST);
	cursor = radius_attributes(&parsed);
	while (radius_attribute_next(&cursor, &attribute)) if (attribute.type == type) return attribute;
	return (radius_attribute_t) { 0 };
}

static uint32_t number_of(radius_packet_t const *packet, unsigned type)
{
	radius_attribute_t attribute = attribute_of(packet, type);
	uint8_t const *o = attribute.value;

	assert_int_equal(attribute.len, 4);
	return (uint32_t) o[0] << 24 | (uint32_t) o[1] << 16 | (uint32_t) o[2] << 8 | o[3];
}

/* RFC 2866, 3: over the packet with an authenticator of zeros, and the secret. */
static void assert_signed(radius_packet_t const *packet)
{
	static uint8_t const zeros[RADIUS_AUTHENTICATOR_LEN];
	wpa_part_t const parts[] = {
		{ packet->octets, 4 }, { zeros, sizeof(zeros) },
		{ packet->octets + RADIUS_HEADER_LEN, packet->len - RADIUS_HEADER_LEN }, { secret.octets, secret.len },
	};
	uint8_t digest[16];

	assert_int_equal(radius_digest_md5(digest, parts, 4), MPSK_OK);
	assert_memory_equal(packet->octets + 4, digest, sizeof(digest));
}

static void a_stop(void **state)
{
	request_t const request = request_make();
	accounting_event_t event = {
		.status = ACCOUNTING_STOP, .user_name = "Room 12", .at = 1700000000, .session_time = 60,
		.in = 5, .out = 0x100000002, .cause = 1,
	};
	radius_packet_t packet;

	(void) state;
	assert_true(mpsk_octets_set(&event.sid, "S\0", 2));
	assert_int_equal(accounting_build(&packet, &request, &event, &secret, 7, &err), MPSK_OK);
	assert_signed(&packet);
	assert_int_equal(packet.octets[1], 7);
	assert_int_equal(number_of(&packet, 40), 2);
	assert_int_equal(number_of(&packet, 42), 5);
	assert_int_equal(number_of(&packet, 43), 2);
	assert_int_equal(number_of(&packet, 53), 1);
	assert_int_equal(number_of(&packet, 55), 1700000000);
	assert_null(attribute_of(&packet, 52).value);
	assert_int_equal(attribute_of(&packet, 44).len, 2);
	assert_memory_equal(attribute_of(&packet, 1).value, "Room 12", 7);
	assert_memory_equal(attribute_of(&packet, 30).value, "00-00-5E-00-53-A0:Acme", 22);
	assert_memory_equal(attribute_of(&packet, 31).value, "00-00-5E-00-53-01", 17);
}

static void an_on(void **state)
{
	request_t const request = request_make();
	accounting_event_t const event = { .status = ACCOUNTING_ON };
	radius_packet_t packet;

	(void) state;
	assert_int_equal(accounting_build(&packet, &request, &event, &secret, 0, &err), MPSK_OK);
	assert_signed(&packet);
	assert_int_equal(number_of(&packet, 40), 7);
	assert_null(attribute_of(&packet, 1).value);
	assert_null(attribute_of(&packet, 31).value);
	assert_non_null(attribute_of(&packet, 30).value);
}

/* Each session once; three in four end; MACs by turns, and with a carry. */
static void the_model(void **state)
{
	accounting_plan_t plan = { .request = request_make(), .sessions = 400, .stations = 300, .now = 1700000000 };
	char *text = NULL, *line, *rest = NULL;
	size_t len, n = 0, open = 0;
	FILE *out = open_memstream(&text, &len);

	(void) state;
	plan.request.mac.octets[5] = 0xff;
	assert_non_null(out);
	assert_int_equal(accounting_model(out, &plan), MPSK_OK);
	assert_int_equal(fclose(out), 0);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest), n++) {
		open += strstr(line, "\t0\t") != NULL;
		if (n == 0) assert_non_null(strstr(line, "ap/00000000\t00-00-5e-00-53-ff\t"));
		if (n == 1) assert_non_null(strstr(line, "ap/00000001\t00-00-5e-00-54-00\t"));
		if (n == 5) assert_non_null(strstr(line, "ap/00000005/\\x22\\x5c\\xff\\x01\t"));
		if (n == 300) assert_non_null(strstr(line, "ap/0000012C\t00-00-5e-00-53-ff\t"));
	}
	assert_int_equal(n, 400);
	assert_int_equal(open, 100);
	free(text);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(a_stop),
		cmocka_unit_test(an_on),
		cmocka_unit_test(the_model),
	};

	return cmocka_run_group_tests_name("radmpsk/accounting", tests, NULL, NULL);
}
