/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "key/standing.h"
#include "key_make.h"

#define NOW 1700000000	/* Tuesday, 22:13 UTC */

/* A session that began with the key, and the facts of a device that it knows. */
static mpsk_session_t session_of(mpsk_key_t const *key)
{
	mpsk_session_t session = { .mac = { { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x01 } }, .vlan = 20, .site = "hq" };

	assert_true(mpsk_ssid_set(&session.ssid, "Acme", 4));
	strcpy(session.role, "staff");
	strcpy(session.print, key->fingerprint);
	return session;
}

static mpsk_standing_facts_t const known = { .now = NOW, .known = true };

/* The key before a change, and fields of the one after it. */
#define BEFORE "psk", "correct-horse", "ssid", "Acme", "site", "hq, lab", "vlan", "20", "role", "staff"

typedef struct {
	char const	*name;
	char const	*value;
	mpsk_standing_t	standing;
} row_t;

static mpsk_standing_t standing_with(char const *name, char const *value)
{
	mpsk_key_t *before = key_make("bob", BEFORE, NULL);
	mpsk_key_t *after = key_make("bob", BEFORE, name, value, NULL);
	mpsk_session_t session = session_of(before);
	mpsk_standing_t standing = mpsk_standing_of(&session, after, &known);

	talloc_free(before);
	talloc_free(after);
	return standing;
}

static void test_what_changed(void **state)
{
	static row_t const rows[] = {
		{ "note", "of the lab", MPSK_STANDING_STAYS },
		{ "enabled", "0", MPSK_STANDING_DISABLED },
		{ "enabled", "1", MPSK_STANDING_STAYS },
		{ "nbf", "1700000001", MPSK_STANDING_NOT_YET },
		{ "nbf", "1700000000", MPSK_STANDING_STAYS },
		{ "exp", "1700000000", MPSK_STANDING_EXPIRED },
		{ "exp", "1700000001", MPSK_STANDING_STAYS },
		{ "exp", "0", MPSK_STANDING_STAYS },
		{ "hours", "Tu 08:00-18:00 UTC", MPSK_STANDING_OUTSIDE_HOURS },
		{ "hours", "Tu 22:00-23:00 UTC", MPSK_STANDING_STAYS },
		{ "psk", "battery-staple", MPSK_STANDING_PASSPHRASE },
		{ "ssid", "Elsewhere", MPSK_STANDING_WRONG_SSID },
		{ "ssid", "*", MPSK_STANDING_STAYS },
		{ "site", "lab", MPSK_STANDING_WRONG_SITE },
		{ "site", "*", MPSK_STANDING_STAYS },
		{ "macs", "00005e005302", MPSK_STANDING_STAYS },
		{ "vlan", "30", MPSK_STANDING_VLAN },
		{ "vlan", "0", MPSK_STANDING_VLAN },
		{ "role", "guest", MPSK_STANDING_ROLE },
		{ "role", "", MPSK_STANDING_ROLE },
		{ "max", "1", MPSK_STANDING_STAYS },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_standing_t standing = standing_with(rows[i].name, rows[i].value);

		if (standing != rows[i].standing) {
			fail_msg("%s %s: %s, not %s", rows[i].name, rows[i].value, mpsk_standing_name(standing),
				 mpsk_standing_name(rows[i].standing));
		}
	}
}

static void test_devices(void **state)
{
	static struct {
		char const	*usage, *macs;
		bool		known;
		mpsk_standing_t	standing;
	} const rows[] = {
		{ "multi", "00005e005302", true, MPSK_STANDING_STAYS },
		{ "multi", "", false, MPSK_STANDING_FORGOTTEN },
		{ "macs", "00005e005301", true, MPSK_STANDING_STAYS },
		{ "macs", "00005e00530*", true, MPSK_STANDING_STAYS },
		{ "macs", "00005e005302", true, MPSK_STANDING_WRONG_MAC },
		{ "macs", "00005e005302", false, MPSK_STANDING_WRONG_MAC },
		{ "single", "", true, MPSK_STANDING_STAYS },
		{ "single", "00005e005302", true, MPSK_STANDING_WRONG_MAC },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_key_t *key = key_make("bob", BEFORE, "usage", rows[i].usage, "macs", rows[i].macs, NULL);
		mpsk_session_t session = session_of(key);
		mpsk_standing_facts_t facts = { .now = NOW, .known = rows[i].known };

		assert_int_equal(mpsk_standing_of(&session, key, &facts), rows[i].standing);
		talloc_free(key);
	}
}

/* A session that began with the passphrase before: until its grace ends. */
static void test_grace(void **state)
{
	mpsk_key_t *before = key_make("bob", BEFORE, NULL), *key;
	mpsk_session_t session = session_of(before);
	mpsk_standing_facts_t facts = known;

	(void) state;
	key = key_make("bob", BEFORE, "psk", "battery-staple", "old_psk", "correct-horse", "old_exp", "1700000001",
		       NULL);
	assert_int_equal(mpsk_standing_of(&session, key, &facts), MPSK_STANDING_STAYS);
	facts.now++;
	assert_int_equal(mpsk_standing_of(&session, key, &facts), MPSK_STANDING_PASSPHRASE);
	talloc_free(key);
	key = key_make("bob", BEFORE, "psk", "battery-staple", "old_psk", "correct-horse", NULL);
	assert_int_equal(mpsk_standing_of(&session, key, &facts), MPSK_STANDING_STAYS);
	talloc_free(key);
	key = key_make("bob", BEFORE, "psk", "battery-staple", "old_psk", "another horse", NULL);
	assert_int_equal(mpsk_standing_of(&session, key, &facts), MPSK_STANDING_PASSPHRASE);
	talloc_free(key);
	talloc_free(before);
}

/* What a session does not tell is held against nobody. */
static void test_what_is_not_told(void **state)
{
	mpsk_key_t *before = key_make("bob", BEFORE, NULL);
	mpsk_key_t *key = key_make("bob", BEFORE, "psk", "battery-staple", "ssid", "Elsewhere", "site", "lab", NULL);
	mpsk_session_t session = session_of(before);

	(void) state;
	session.print[0] = session.site[0] = '\0';
	session.ssid.len = 0;
	assert_int_equal(mpsk_standing_of(&session, key, &known), MPSK_STANDING_STAYS);
	/* As the key for unknown devices lets them in. */
	assert_int_equal(mpsk_standing_of(&session, key, &(mpsk_standing_facts_t) { .now = NOW }), MPSK_STANDING_STAYS);
	talloc_free(key);
	talloc_free(before);
}

static void test_vlan_by_name(void **state)
{
	static struct {
		char const	*vlans;
		mpsk_standing_t	standing;
	} const rows[] = {
		{ NULL, MPSK_STANDING_STAYS },
		{ "guest=20, staff=30", MPSK_STANDING_STAYS },
		{ "guest=21", MPSK_STANDING_VLAN },
		{ "staff=20", MPSK_STANDING_VLAN },
	};
	mpsk_key_t *key = key_make("bob", BEFORE, "vlan", "guest", NULL);
	mpsk_session_t session = session_of(key);

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mpsk_standing_facts_t facts = { .now = NOW, .known = true, .vlans = rows[i].vlans };

		assert_int_equal(mpsk_standing_of(&session, key, &facts), rows[i].standing);
	}
	talloc_free(key);
}

/* Sealed anew, by whatever steps, a passphrase is the one that it was; another one is not. */
static void test_sealed_anew(void **state)
{
	static char const first[] = "1111111111111111aaaaaaaaaaaaaaaaaaaaaaaa";
	mpsk_key_t *key = key_make("bob", BEFORE, NULL);
	char now[17] = "", steps[128], broken[128];
	mpsk_session_t session = session_of(key);

	(void) state;
	memcpy(now, key->fingerprint, 16);
	snprintf(steps, sizeof(steps), "1111111111111111>2222222222222222 2222222222222222>%s ", now);
	snprintf(broken, sizeof(broken), "1111111111111111>2222222222222222 x 3333333333333333>%s", now);
	talloc_free(key);
	strcpy(session.print, first);

	key = key_make("bob", BEFORE, NULL);
	assert_int_equal(mpsk_standing_of(&session, key, &known), MPSK_STANDING_PASSPHRASE);
	talloc_free(key);
	key = key_make("bob", BEFORE, "resealed", steps, NULL);
	assert_int_equal(mpsk_standing_of(&session, key, &known), MPSK_STANDING_STAYS);
	talloc_free(key);
	key = key_make("bob", BEFORE, "resealed", broken, NULL);
	assert_int_equal(mpsk_standing_of(&session, key, &known), MPSK_STANDING_PASSPHRASE);
	talloc_free(key);
	key = key_make("bob", BEFORE, "psk", "battery-staple", "resealed", steps, NULL);
	assert_int_equal(mpsk_standing_of(&session, key, &known), MPSK_STANDING_PASSPHRASE);
	talloc_free(key);
	key = key_make("bob", BEFORE, "psk", "battery-staple", "old_psk", "correct-horse", "resealed", steps, NULL);
	assert_int_equal(mpsk_standing_of(&session, key, &known), MPSK_STANDING_STAYS);
	talloc_free(key);
}

static void test_gone(void **state)
{
	mpsk_session_t session = { .vlan = 0 };

	(void) state;
	assert_int_equal(mpsk_standing_of(&session, NULL, &known), MPSK_STANDING_GONE);
	for (int i = MPSK_STANDING_STAYS; i <= MPSK_STANDING_ROLE; i++) {
		assert_non_null(mpsk_standing_name((mpsk_standing_t) i));
		assert_non_null(mpsk_standing_text((mpsk_standing_t) i));
	}
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_what_changed),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_grace),
		cmocka_unit_test(test_what_is_not_told),
		cmocka_unit_test(test_vlan_by_name),
		cmocka_unit_test(test_sealed_anew),
		cmocka_unit_test(test_gone),
	};

	return cmocka_run_group_tests_name("key/standing", tests, NULL, NULL);
}
