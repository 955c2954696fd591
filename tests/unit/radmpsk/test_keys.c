/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "radmpsk/keys.h"
#include "reply.h"

#define ALL ((1u << KEYS_MAX) - 1)
#define PMK "0123456789abcdef0123456789ABCDEF"	/* as octets */
#define PMK_HEX "30313233343536373839616263646566" "30313233343536373839414243444546"

static radius_secret_t const secret = { .len = sizeof(REPLY_SECRET) - 1, .octets = REPLY_SECRET };
static uint8_t const request[RADIUS_HEADER_LEN] = { 1, 9, 0, 20 };
static keys_context_t const context = { .secret = &secret, .authenticator = request + 4 };

/* A vendor's attribute, its value as given. */
static radius_attribute_t vendor(uint8_t *room, uint32_t number, uint8_t type, void const *value, size_t len)
{
	uint8_t const head[] = {
		(uint8_t) (number >> 24), (uint8_t) (number >> 16), (uint8_t) (number >> 8), (uint8_t) number, type,
		(uint8_t) (len + 2),
	};

	memcpy(room, head, sizeof(head));
	memcpy(room + sizeof(head), value, len);
	return (radius_attribute_t) { .type = 26, .len = (uint8_t) (len + sizeof(head)), .value = room };
}

static void test_in_the_clear(void **state)
{
	static struct {
		unsigned	kind;
		uint32_t	vendor;
		uint8_t		type;
		char const	*value;
		size_t		len;
		char const	*psk;	/* NULL: it cannot be used */
	} const rows[] = {
		{ KEYS_BIT(CISCO), 9, 1, "psk=correct horse", 17, "correct horse" },
		{ KEYS_BIT(CISCO), 9, 1, "psk=short", 9, NULL },
		{ KEYS_BIT(MIKROTIK), 14988, 16, "correct horse", 13, "correct horse" },
		{ KEYS_BIT(HUAWEI), 2011, 206, "correct horse", 13, "correct horse" },
		{ KEYS_BIT(LANCOM), 2356, 6, "correct horse", 13, "correct horse" },
		{ KEYS_BIT(RUCKUS_DPSK), 25053, 142, "\0" PMK, 33, PMK_HEX },
		{ KEYS_BIT(RUCKUS_DPSK), 25053, 142, "\1" PMK, 33, NULL },
		{ KEYS_BIT(RUCKUS_DPSK), 25053, 142, "\0" PMK, 32, NULL },
		{ KEYS_BIT(FOUND_KEY), 11863, 4, "\1\42" PMK, 34, PMK_HEX },
		{ KEYS_BIT(FOUND_KEY), 11863, 4, "\1\40" PMK, 34, NULL },
		{ KEYS_BIT(FOUND_KEY), 11863, 4, "\2\42" PMK, 34, NULL },
	};
	uint8_t room[RADIUS_VALUE_MAX];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		radius_attribute_t attribute = vendor(room, rows[i].vendor, rows[i].type, rows[i].value, rows[i].len);
		wpa_psk_t psk = { 0 };
		mpsk_error_t err = { "" };
		mpsk_status_t status = keys_read(&psk, &attribute, rows[i].kind, &context, &err);

		assert_true(keys_is_one(&attribute, ALL));
		assert_int_equal(keys_read(&psk, &attribute, ALL & ~rows[i].kind, &context, &err), MPSK_MISS);
		assert_int_equal(status, rows[i].psk ? MPSK_OK : MPSK_BAD);
		if (!rows[i].psk) {
			assert_true(err.text[0]);
			continue;
		}
		assert_int_equal(psk.len, strlen(rows[i].psk));
		assert_memory_equal(psk.octets, rows[i].psk, psk.len);
	}
}

/* What a Tunnel-Password hides behind its tag is hidden there from the first octet on. */
static void test_hidden(void **state)
{
	static struct {
		unsigned	kind;
		uint32_t	vendor;
		uint8_t		type;
		char const	*plain;
		size_t		len;
		char const	*psk;
	} const rows[] = {
		{ KEYS_BIT(ARUBA), 14823, 44, "correct horse", 13, "correct horse" },
		{ KEYS_BIT(MPPE), 311, 17, PMK, 32, PMK_HEX },
		{ KEYS_BIT(MPPE), 311, 17, PMK, 31, NULL },
	};
	uint8_t room[RADIUS_VALUE_MAX];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		radius_attribute_t attribute;
		radius_packet_t packet;
		wpa_psk_t psk = { 0 };
		mpsk_error_t err = { "" };

		reply_begin(&packet, 2, request);
		reply_tunnel_password_add(&packet, request, rows[i].plain, rows[i].len, 5);
		attribute = vendor(room, rows[i].vendor, rows[i].type, packet.octets + 23, packet.len - 23);
		assert_int_equal(keys_read(&psk, &attribute, rows[i].kind, &context, &err),
				 rows[i].psk ? MPSK_OK : MPSK_BAD);
		if (rows[i].psk) assert_memory_equal(psk.octets, rows[i].psk, strlen(rows[i].psk));
		room[7] ^= 1;	/* the salt */
		assert_int_equal(keys_read(&psk, &attribute, rows[i].kind, &context, &err), MPSK_BAD);
	}
}

static void test_other_attributes(void **state)
{
	uint8_t room[RADIUS_VALUE_MAX];
	radius_attribute_t attribute = vendor(room, 9, 1, "psk-mode=ascii", 14);

	(void) state;
	assert_false(keys_is_one(&attribute, ALL));
	attribute = vendor(room, 9, 2, "psk=correct horse", 17);
	assert_false(keys_is_one(&attribute, ALL));
	/* Two in one, or one that does not fill it. */
	attribute = vendor(room, 14988, 16, "correct horse", 13);
	attribute.len--;
	assert_false(keys_is_one(&attribute, ALL));
	attribute = vendor(room, 14988, 26, "\0\0\0\24", 4);
	assert_false(keys_is_one(&attribute, ALL));
	assert_int_equal(keys_mikrotik_vlan(&attribute), 20);
	attribute = vendor(room, 14988, 26, "\0\0\20\0", 4);
	assert_int_equal(keys_mikrotik_vlan(&attribute), 0);
	attribute = vendor(room, 14988, 26, "\0\0\24", 3);
	assert_int_equal(keys_mikrotik_vlan(&attribute), 0);
}

int main(void)
{
	static struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_in_the_clear),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_other_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
