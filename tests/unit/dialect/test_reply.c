/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "rlm_mpsk/dialect/reply.h"

#define ROOM 8

/* What was written, one text each: a name, and octets as they are or a number. */
typedef struct {
	size_t	n;
	char	lines[ROOM][160];
	size_t	fail_at;	/* the n-th is refused; 0: none */
} written_t;

static mpsk_status_t keep_octets(void *uctx, dialect_attribute_t attribute, void const *octets, size_t len)
{
	written_t *written = uctx;

	if (++written->n == written->fail_at) return MPSK_ERR;
	assert_true(written->n <= ROOM && len <= 253);
	snprintf(written->lines[written->n - 1], sizeof(written->lines[0]), "%s=%.*s",
		 dialect_attributes[attribute].name, (int) len, (char const *) octets);
	return MPSK_OK;
}

static mpsk_status_t keep_number(void *uctx, dialect_attribute_t attribute, uint32_t number)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", number);

	return keep_octets(uctx, attribute, text, (size_t) len);
}

static mpsk_outcome_t outcome;

static int setup(void **state)
{
	(void) state;
	outcome = (mpsk_outcome_t) { .name = "Room 12", .vlan = 20, .session_timeout = 600, .has_pmk = true };
	wpa_psk_set(&outcome.psk, "correct horse", 13, NULL);
	memset(outcome.pmk.octets, 'P', WPA_PMK_LEN);
	return 0;
}

static void assert_written(char const *style, char const *const *lines)
{
	size_t n = 0;

	for (size_t fail_at = 0; fail_at <= n; fail_at++) {
		written_t written = { .n = 0, .fail_at = fail_at };
		dialect_reply_t const reply = { .uctx = &written, .octets = keep_octets, .number = keep_number };
		mpsk_status_t status = dialect_style_find(style)->write(&reply, &outcome);

		if (fail_at) {
			assert_int_equal(status, MPSK_ERR);
			continue;
		}
		assert_int_equal(status, MPSK_OK);
		for (n = 0; lines[n]; n++) assert_string_equal(written.lines[n], lines[n]);
		assert_int_equal(written.n, n);
	}
}

#define VLAN "Tunnel-Type=13", "Tunnel-Medium-Type=6", "Tunnel-Private-Group-Id=20"
#define PMK "PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP"
#define LINES(...) ((char const *const[]) { __VA_ARGS__, NULL })

static void styles_write_what_is_taken(void **state)
{
	(void) state;
	assert_written("tunnel-password", LINES("Tunnel-Password=correct horse", VLAN));
	assert_written("ruckus-mppe", LINES("MS-MPPE-Recv-Key=" PMK, VLAN));
	assert_written("ruckus-dpsk", LINES("Ruckus-DPSK=", VLAN));	/* an octet of zero is its first */
	assert_written("cisco", LINES("Cisco-AVPair=psk-mode=ascii", "Cisco-AVPair=psk=correct horse", VLAN));
	assert_written("aruba", LINES("Aruba-MPSK-Key-Name=Room 12", "Aruba-MPSK-Passphrase=correct horse", VLAN));
	assert_written("huawei", LINES("Huawei-DPSK-Info=correct horse", VLAN));
	assert_written("lancom", LINES("LCS-WPA-Passphrase=correct horse", VLAN));
	assert_written("mikrotik", LINES("Mikrotik-Wireless-PSK=correct horse", "Mikrotik-Wireless-VLANID=20",
					 "Mikrotik-Wireless-VLANIDtype=0"));
	assert_written("foundkey", LINES("TPLink-Authentication-FoundKey=\1\"" PMK, "Tunnel-Password=correct horse",
					 VLAN));
	outcome.vlan = 0;
	assert_written("tunnel-password", LINES("Tunnel-Password=correct horse"));
	assert_written("mikrotik", LINES("Mikrotik-Wireless-PSK=correct horse"));
}

static void digits_are_a_pmk(void **state)
{
	static char const digits[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	char pair[sizeof(digits) + 32];

	(void) state;
	wpa_psk_set(&outcome.psk, digits, 64, NULL);
	snprintf(pair, sizeof(pair), "Cisco-AVPair=psk=%s", digits);
	assert_written("cisco", LINES("Cisco-AVPair=psk-mode=hex", pair, VLAN));
}

static void a_pmk_is_asked_for_where_it_is_written(void **state)
{
	static char const *const names[] = { "ruckus-dpsk", "ruckus-mppe", "foundkey" };

	(void) state;
	for (size_t i = 0; i < 3; i++) assert_true(dialect_style_find(names[i])->needs_pmk);
	assert_false(dialect_style_find("tunnel-password")->needs_pmk);
	assert_false(dialect_style_find("cisco")->needs_pmk);
}

static void the_rest_goes_with_every_key(void **state)
{
	written_t written = { .n = 0 };
	dialect_reply_t const reply = { .uctx = &written, .octets = keep_octets, .number = keep_number };

	(void) state;
	assert_int_equal(dialect_reply_common(&reply, &outcome, true), MPSK_OK);
	assert_int_equal(written.n, 3);
	assert_string_equal(written.lines[0], "Session-Timeout=600");
	assert_string_equal(written.lines[1], "User-Name=Room 12");
	assert_string_equal(written.lines[2], "Chargeable-User-Identity=Room 12");
	written.n = 0;
	assert_int_equal(dialect_reply_common(&reply, &outcome, false), MPSK_OK);
	assert_int_equal(written.n, 2);
	outcome.session_timeout = (int64_t) UINT32_MAX + 1;
	written.n = 0;
	assert_int_equal(dialect_reply_common(&reply, &outcome, true), MPSK_OK);
	assert_string_equal(written.lines[0], "Session-Timeout=4294967295");
}

int main(void)
{
	static struct CMUnitTest const tests[] = {
		cmocka_unit_test_setup(styles_write_what_is_taken, setup),
		cmocka_unit_test_setup(digits_are_a_pmk, setup),
		cmocka_unit_test_setup(a_pmk_is_asked_for_where_it_is_written, setup),
		cmocka_unit_test_setup(the_rest_goes_with_every_key, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
