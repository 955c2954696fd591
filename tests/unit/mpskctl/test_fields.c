/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "key/fields.h"
#include "mpskctl/fields.h"

#define NOW 1700000000

typedef struct {
	char const	*option;
	char const	*text;
	char const	*field;
	char const	*value;
	size_t		len;
} row_t;

#define ROW(_option, _text, _field, _value) { _option, _text, _field, _value, sizeof(_value) - 1 }

/* What is typed, and what is stored for it. */
static void test_put(void **state)
{
	static row_t const rows[] = {
		ROW("name", "Bob B.", "name", "Bob B."),
		ROW("note", "", "note", ""),
		ROW("vlan", "20", "vlan", "20"),
		ROW("vlan", "none of our business here", "vlan", "none of our business here"),
		ROW("max", "0", "max", "0"),
		ROW("site", "a,b", "site", "a,b"),
		ROW("ssid", "Acme", "ssid", "Acme"),
		ROW("ssid", "*", "ssid", "*"),
		ROW("ssid", "**", "ssid", "**"),
		ROW("ssid", "\\x00\\xff\\\\", "ssid", "\0\377\\"),
		ROW("ssid-hex", "00ff5C", "ssid", "\0\377\\"),
		ROW("exp", "never", "exp", "0"),
		ROW("expires", "+1d", "exp", "1700086400"),
		ROW("nbf", "+1d", "nbf", "1700086400"),
		ROW("not-before", "12", "nbf", "12"),
		ROW("idle", "30d", "idle", "2592000"),
		ROW("enabled", "0", "enabled", "0"),
		ROW("valid-for", "30d", "valid_for", "2592000"),
		ROW("rotate-every", "7d", "rotate_every", "604800"),
		ROW("rotate-every", "never", "rotate_every", "0"),
		ROW("rotate-every", "1h", "rotate_every", "3600"),
		ROW("valid_for", "60", "valid_for", "60"),
		ROW("hours", "Mo-Fr 08:00-18:00 UTC", "hours", "Mo-Fr 08:00-18:00 UTC"),
		ROW("tags", "a,b", "tags", "a,b"),
		ROW("notify-days", "7", "notify_days", "7"),
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ctl_changes_t *changes = ctl_changes_create(NULL);
		mpsk_error_t err = { "" };
		mpsk_field_t const *field;

		if (ctl_fields_put(changes, rows[i].option, rows[i].text, NOW, &err) != MPSK_OK)
			fail_msg("--%s '%s': %s", rows[i].option, rows[i].text, err.text);
		assert_int_equal(changes->n, 1);
		field = ctl_changes_find(changes, rows[i].field);
		assert_non_null(field);
		assert_int_equal(field->value_len, rows[i].len);
		assert_memory_equal(field->value, rows[i].value, rows[i].len);
		talloc_free(changes);
	}
}

static void test_put_refused(void **state)
{
	static struct {
		char const *option, *text;
	} const rows[] = {
		{ "ssid", "" }, { "ssid", "\\x2a" }, { "ssid", "\\xg0" }, { "ssid", "a\\" },
		{ "ssid", "123456789012345678901234567890123" },
		{ "ssid-hex", "" }, { "ssid-hex", "2a" }, { "ssid-hex", "123" }, { "ssid-hex", "zz" },
		{ "ssid-hex", "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f00" },
		{ "vlan", "" }, { "max", "" }, { "concurrent", "" }, { "site", "" }, { "usage", "" },
		{ "enabled", "" }, { "exp", "" }, { "nbf", "never" }, { "idle", "" }, { "idle", "30x" },
	};
	ctl_changes_t *changes = ctl_changes_create(NULL);

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		mpsk_error_t err = { "" };

		if (ctl_fields_put(changes, rows[i].option, rows[i].text, NOW, &err) != MPSK_BAD)
			fail_msg("--%s '%s' was taken", rows[i].option, rows[i].text);
		assert_true(err.text[0] != '\0');
	}
	assert_int_equal(changes->n, 0);
	talloc_free(changes);
}

/* Secrets and what mpskctl keeps itself are no options; everything else in the table is one. */
/* valid-for is that of valid_for. */
static bool is_option_of(char const *option, char const *field)
{
	for (; *option && (*option == *field || (*option == '-' && *field == '_')); option++) field++;
	return *option == *field;
}

static void test_every_field(void **state)
{
	static char const *const own[] = {
		"psk", "old_psk", "old_exp", "old_used", "rotated", "activated", "created", "modified"
	};
	struct argp const *argp = ctl_fields_argp();

	(void) state;
	for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++) {
		bool is_own = false, is_option = false;

		for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) is_own |= strcmp(own[i], field->name) == 0;
		for (struct argp_option const *option = argp->options; option->name; option++)
			is_option |= is_option_of(option->name, field->name);
		if (is_own == is_option) fail_msg("%s", field->name);
	}
	assert_ptr_equal(ctl_fields_argp(), argp);
}

static void test_own_fields(void **state)
{
	static char const *const names[] = {
		"psk", "old_psk", "old_exp", "old_used", "rotated", "activated", "created", "modified", "id", "",
		"nothing"
	};
	ctl_changes_t *changes = ctl_changes_create(NULL);
	mpsk_error_t err = { "" };

	(void) state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_int_equal(ctl_fields_put(changes, names[i], "1", NOW, &err), MPSK_MISS);
	talloc_free(changes);
}

static void test_unset(void **state)
{
	static char const *const stays[] = { "psk", "created", "modified", "enabled", "id", "", "pmk:Acme" };
	ctl_changes_t *changes = ctl_changes_create(NULL);
	mpsk_error_t err = { "" };

	(void) state;
	assert_int_equal(ctl_fields_put(changes, "vlan", "20", NOW, &err), MPSK_OK);
	assert_int_equal(ctl_fields_unset(changes, "vlan", &err), MPSK_OK);
	assert_int_equal(ctl_fields_unset(changes, "expires", &err), MPSK_OK);
	assert_int_equal(ctl_fields_unset(changes, "old_psk", &err), MPSK_OK);
	assert_int_equal(changes->n, 3);
	assert_null(ctl_changes_find(changes, "vlan")->value);
	assert_null(ctl_changes_find(changes, "exp")->value);
	assert_null(ctl_changes_find(changes, "old_psk")->value);

	for (size_t i = 0; i < sizeof(stays) / sizeof(*stays); i++)
		assert_int_equal(ctl_fields_unset(changes, stays[i], &err), MPSK_BAD);
	assert_int_equal(changes->n, 3);

	/* The last word counts. */
	assert_int_equal(ctl_fields_put(changes, "vlan", "30", NOW, &err), MPSK_OK);
	assert_non_null(ctl_changes_find(changes, "vlan")->value);
	talloc_free(changes);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_put_refused),
		cmocka_unit_test(test_every_field),
		cmocka_unit_test(test_own_fields),
		cmocka_unit_test(test_unset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
