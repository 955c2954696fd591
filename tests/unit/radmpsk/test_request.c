/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "radmpsk/request.h"
#include "vector_rig.h"
#include "wpa/akm.h"

static radius_secret_t const secret = { .len = sizeof(VECTOR_SECRET) - 1, .octets = VECTOR_SECRET };

static request_t request_of(vector_t const *v)
{
	return (request_t) {
		.mac = v->sta,
		.bssid = v->bssid,
		.ssid = v->ssid,
		.nas_id = strcmp(v->name, "ft-psk-short-id") ? "lab-ap" : "ap1",
		.nas_address_len = 4,
		.nas_address = { 127, 0, 0, 1 },
		.suite = v->akm,
		.anonce = v->anonce,
		.frame = v->frame,
		.frame_len = v->frame_len,
	};
}

static void test_it_is_what_hostapd_sends(void **state)
{
	(void) state;
	for (size_t i = 0; i < VECTOR_COUNT; i++) {
		vector_t const *v = &vectors[i];
		request_t const request = request_of(v);
		radius_packet_t packet;

		assert_int_equal(request_build(&packet, &request, &secret, v->request[1], v->request + 4, NULL),
				 MPSK_OK);
		assert_int_equal(packet.len, v->request_len);
		assert_memory_equal(packet.octets, v->request, v->request_len);
	}
}

static void test_bound_holds_no_handshake(void **state)
{
	request_t request = request_of(&vectors[1]);
	radius_packet_t packet;
	radius_reply_t parsed;
	mpsk_cursor_t c;
	radius_attribute_t attribute;
	size_t n = 0;

	(void) state;
	request.suite = 0;
	assert_int_equal(request_build(&packet, &request, &secret, 1, vectors[1].request + 4, NULL), MPSK_OK);
	assert_int_equal(radius_reply_parse(&parsed, packet.octets, packet.len, NULL), MPSK_OK);
	c = radius_attributes(&parsed);
	for (; radius_attribute_next(&c, &attribute); n++) {
		assert_int_not_equal(attribute.type, RADIUS_WLAN_AKM_SUITE);
		assert_int_not_equal(attribute.type, RADIUS_LONG_EXTENDED_5);
		if (!n) assert_int_equal(attribute.type, RADIUS_MESSAGE_AUTHENTICATOR);
	}
	assert_int_equal(n, 9);
}

/* RFC 7268, 2.16. */
static void test_bound_may_tell_its_akm(void **state)
{
	static uint8_t const sae[] = { 0x00, 0x0f, 0xac, 0x08 };
	request_t request = request_of(&vectors[1]);
	radius_packet_t packet;
	radius_reply_t parsed;
	mpsk_cursor_t c;
	radius_attribute_t attribute;
	size_t n = 0;

	(void) state;
	request.suite = 0;
	request.bound_suite = WPA_AKM_SAE;
	for (size_t i = 0; dialects[i].name; i++) {
		request.dialect = &dialects[i];
		assert_int_equal(request_build(&packet, &request, &secret, 1, vectors[1].request + 4, NULL), MPSK_OK);
		assert_int_equal(radius_reply_parse(&parsed, packet.octets, packet.len, NULL), MPSK_OK);
		c = radius_attributes(&parsed);
		while (radius_attribute_next(&c, &attribute)) {
			if (attribute.type != RADIUS_WLAN_AKM_SUITE) continue;
			assert_int_equal(attribute.len, sizeof(sae));
			assert_memory_equal(attribute.value, sae, sizeof(sae));
			n++;
		}
		assert_int_equal(n, i + 1);
	}
}

static void test_a_frame_that_is_too_long_is_refused(void **state)
{
	static uint8_t frame[1025];
	request_t request = request_of(&vectors[1]);
	radius_packet_t packet;
	mpsk_error_t err = { "" };

	(void) state;
	request.frame = frame;
	request.frame_len = 1024;
	assert_int_equal(request_build(&packet, &request, &secret, 1, vectors[1].request + 4, &err), MPSK_OK);
	request.frame_len = 1025;
	assert_int_equal(request_build(&packet, &request, &secret, 1, vectors[1].request + 4, &err), MPSK_BAD);
	assert_non_null(strstr(err.text, "245.26.11344.2 of 1025 octets does not fit"));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_it_is_what_hostapd_sends),
		cmocka_unit_test(test_bound_holds_no_handshake),
		cmocka_unit_test(test_bound_may_tell_its_akm),
		cmocka_unit_test(test_a_frame_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests_name("radmpsk/request", tests, vectors_setup, NULL);
}
