/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "key/session.h"

#define MAC	"\"mac\":\"00-00-5e-00-53-01\""

static mpsk_session_t session;
static mpsk_error_t err;

static mpsk_status_t parse(char const *field, char const *record)
{
	err.text[0] = '\0';
	memset(&session, 0xff, sizeof(session));
	return mpsk_session_parse(&session, "bob", field, strlen(field), record, strlen(record), &err);
}

static void test_whole(void **state)
{
	(void) state;
	assert_int_equal(parse("ap-1/5F/00\\x00", "{" MAC ",\"bssid\":\"00-00-5e-00-53-a0\",\"ssid\":\"Acme\\\\x00\","
			       "\"site\":\"north\",\"address\":\"2001:db8::1\",\"name\":\"b\\\\xffb\",\"vlan\":20,"
			       "\"role\":\"G\\\\xc3\\\\xa4ste\",\"print\":\"aa\",\"since\":1700000000,"
			       "\"seen\":1700000600,\"ended\":1700000900,\"cause\":\"User-Request\","
			       "\"in\":\"18446744073709551615\","
			       "\"out\":\"4294967296\",\"more\":[1]}"), MPSK_OK);
	assert_string_equal(session.id, "bob");
	assert_string_equal(session.nas, "ap-1");
	assert_int_equal(session.sid.len, 6);
	assert_memory_equal(session.sid.octets, "5F/00\0", 6);
	assert_memory_equal(session.mac.octets, "\x00\x00\x5e\x00\x53\x01", 6);
	assert_true(session.has_bssid);
	assert_memory_equal(session.bssid.octets, "\x00\x00\x5e\x00\x53\xa0", 6);
	assert_int_equal(session.ssid.len, 5);
	assert_memory_equal(session.ssid.octets, "Acme\0", 5);
	assert_string_equal(session.site, "north");
	assert_string_equal(session.address, "2001:db8::1");
	assert_int_equal(session.name.len, 3);
	assert_memory_equal(session.name.octets, "b\xff" "b", 3);
	assert_int_equal(session.vlan, 20);
	assert_string_equal(session.role, "G\xc3\xa4ste");
	assert_string_equal(session.print, "aa");
	assert_int_equal(session.since, 1700000000);
	assert_int_equal(session.seen, 1700000600);
	assert_int_equal(session.ended, 1700000900);
	assert_string_equal(session.cause, "User-Request");
	assert_true(session.in == UINT64_MAX);
	assert_true(session.out == 4294967296);
}

static void test_little(void **state)
{
	(void) state;
	assert_int_equal(parse("2001:db8::1/", "{" MAC "}"), MPSK_OK);
	assert_string_equal(session.nas, "2001:db8::1");
	assert_int_equal(session.sid.len, 0);
	assert_false(session.has_bssid);
	assert_int_equal(session.ssid.len, 0);
	assert_int_equal(session.vlan, 0);
	assert_int_equal(session.ended, 0);
	assert_true(session.in == 0 && session.out == 0);
	/* As a person writes it. */
	assert_int_equal(parse("a/b", " { " MAC ", \"in\": 12, \"vlan\": \"7\", \"seen\": \"5\" }\n"), MPSK_OK);
	assert_true(session.in == 12);
	assert_int_equal(session.vlan, 7);
	assert_int_equal(session.seen, 5);
}

static struct {
	char const	*record;
	char const	*names;		/* in the error's text */
} const bad[] = {
	{ "", "JSON" },
	{ "{", "JSON" },
	{ "[]", "JSON" },
	{ "\"x\"", "JSON" },
	{ "{" MAC "} x", "JSON" },
	{ "{" MAC "," MAC "}", "JSON" },
	{ "{" MAC ",\"ssid\":\"\xff\"}", "JSON" },
	{ "{}", "mac" },
	{ "{\"mac\":null}", "mac" },
	{ "{\"mac\":\"00-00-5e-00-53\"}", "mac" },
	{ "{\"mac\":5}", "mac" },
	{ "{" MAC ",\"bssid\":\"x\"}", "bssid" },
	{ "{" MAC ",\"ssid\":\"\\\\x0\"}", "ssid" },
	{ "{" MAC ",\"ssid\":\"123456789012345678901234567890123\"}", "ssid" },
	{ "{" MAC ",\"role\":\"a\\\\x00b\"}", "role" },
	{ "{" MAC ",\"role\":\"a\\u0000b\"}", "role" },
	{ "{" MAC ",\"print\":\"01234567890123456789012345678901234567890\"}", "print" },
	{ "{" MAC ",\"cause\":\"01234567890123456789012345678901\"}", "cause" },
	{ "{" MAC ",\"address\":\"0123456789012345678901234567890123456789012345\"}", "address" },
	{ "{" MAC ",\"vlan\":4095}", "vlan" },
	{ "{" MAC ",\"vlan\":-1}", "vlan" },
	{ "{" MAC ",\"vlan\":1.5}", "vlan" },
	{ "{" MAC ",\"vlan\":true}", "vlan" },
	{ "{" MAC ",\"since\":\"\"}", "since" },
	{ "{" MAC ",\"seen\":1000000000000}", "seen" },
	{ "{" MAC ",\"ended\":[]}", "ended" },
	{ "{" MAC ",\"in\":\"18446744073709551616\"}", "in" },
	{ "{" MAC ",\"in\":\"\"}", "in" },
	{ "{" MAC ",\"out\":-1}", "out" },
	{ "{" MAC ",\"out\":99999999999999999999}", "JSON" },
};

static void test_refuses(void **state)
{
	mpsk_session_t empty;

	(void) state;
	memset(&empty, 0, sizeof(empty));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(parse("a/b", bad[i].record), MPSK_BAD);
		assert_memory_equal(&session, &empty, sizeof(session));
		if (!strstr(err.text, bad[i].names)) fail_msg("%s: %s", bad[i].record, err.text);
	}
}

static void test_refuses_fields(void **state)
{
	static char const *const fields[] = {
		"", "a", "/", "/b", "a/\\", "a/\\x0",
		"12345678901234567890123456789012345678901234567890123456789012345/b",
	};
	char long_one[400] = "a/";

	(void) state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		assert_int_equal(parse(fields[i], "{" MAC "}"), MPSK_BAD);
	}
	assert_int_equal(mpsk_session_parse(&session, "bob", "a\0b/c", 5, "{" MAC "}", strlen("{" MAC "}"), &err),
			 MPSK_BAD);
	memset(long_one + 2, 'x', MPSK_OCTETS_MAX);
	assert_int_equal(parse(long_one, "{" MAC "}"), MPSK_OK);
	long_one[2 + MPSK_OCTETS_MAX] = 'x';
	assert_int_equal(parse(long_one, "{" MAC "}"), MPSK_BAD);
}

/* No cut of a record, and no octet of it changed, does harm; what is still taken is whole. */
static void test_hostile(void **state)
{
	static char const record[] = "{" MAC ",\"ssid\":\"A\\\\x00\",\"vlan\":20,\"in\":\"12\",\"seen\":1700000000}";

	(void) state;
	for (size_t len = 0; len < sizeof(record) - 1; len++) {
		char *cut = malloc(len ? len : 1);

		assert_non_null(cut);
		memcpy(cut, record, len);
		assert_int_equal(mpsk_session_parse(&session, "bob", "a/b", 3, cut, len, &err), MPSK_BAD);
		free(cut);
	}
	for (size_t at = 0; at < sizeof(record) - 1; at++) {
		for (int octet = 0; octet < 256; octet++) {
			char changed[sizeof(record)];

			memcpy(changed, record, sizeof(record));
			changed[at] = (char) octet;
			if (mpsk_session_parse(&session, "bob", "a/b", 3, changed, sizeof(record) - 1,
					       &err) == MPSK_OK) {
				assert_string_equal(session.id, "bob");
			} else {
				assert_true(err.text[0] && !session.id[0]);
			}
		}
	}
}

static void test_field_reads_back(void **state)
{
	char out[MPSK_SESSION_FIELD_MAX];
	mpsk_octets_t sid;
	uint8_t all[MPSK_OCTETS_MAX];
	size_t len;

	(void) state;
	for (size_t i = 0; i < sizeof(all); i++) all[i] = (uint8_t) i;
	assert_true(mpsk_octets_set(&sid, all, sizeof(all)));
	len = mpsk_session_field(out, "2001:db8::1", &sid);
	assert_int_equal(len, strlen(out));
	assert_int_equal(parse(out, "{" MAC "}"), MPSK_OK);
	assert_string_equal(session.nas, "2001:db8::1");
	assert_memory_equal(&session.sid, &sid, sizeof(sid));
}

static void test_active(void **state)
{
	(void) state;
	session = (mpsk_session_t) { .seen = 1000 };
	assert_true(mpsk_session_active(&session, 1599, 600));
	assert_false(mpsk_session_active(&session, 1600, 600));
	assert_true(mpsk_session_active(&session, 1000000, 0));
	session.ended = 1001;
	assert_false(mpsk_session_active(&session, 1002, 600));
	assert_false(mpsk_session_active(&session, 1002, 0));
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_little),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_refuses_fields),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_field_reads_back),
		cmocka_unit_test(test_active),
	};

	return cmocka_run_group_tests_name("key/session", tests, NULL, NULL);
}
