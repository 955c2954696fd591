/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "key/fields.h"
#include "mpskctl/record.h"

static mpsk_key_t *parse(ctl_changes_t const *fields)
{
	mpsk_error_t err = { "" };
	mpsk_key_t *key;

	if (mpsk_key_parse(NULL, &key, "bob", 3, fields->fields, fields->n, NULL, &err) != MPSK_OK) {
		fail_msg("%s", err.text);
	}
	return key;
}

/* A value for each row of the table that is not its default, so that a field which gets lost is seen. */
static char const *sample(char const *name)
{
	static struct {
		char const *name, *value;
	} const samples[] = {
		{ "name", "Bob B." }, { "enabled", "0" }, { "psk", "caf\xe9-caf\xe9" }, { "ssid", "a\xff\\" },
		{ "org", "acme" }, { "site", "north,south" }, { "usage", "macs" },
		{ "macs", "00-00-5e-00-53-01,aabbc*,*" }, { "max", "3" }, { "concurrent", "2" }, { "idle", "60" },
		{ "when_full", "reject" },
		{ "vlan", "20" }, { "role", "staff" }, { "nbf", "5" }, { "exp", "6" }, { "old_psk", "old-\xe9-old" },
		{ "old_exp", "7" }, { "email", "bob@example.com" }, { "note", "flat 3" }, { "tags", "roof,cellar" },
		{ "notify_expiry", "1" }, { "notify_days", "14" }, { "notify_edit", "1" }, { "created", "8" },
		{ "modified", "9" }, { "valid_for", "60" }, { "activated", "4" }, { "old_used", "3" },
		{ "rotate_every", "604800" }, { "rotated", "2" },
		{ "hours", "Mo-Fr 08:00-18:00 Europe/Berlin" },
	};

	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		if (strcmp(samples[i].name, name) == 0) return samples[i].value;
	fail_msg("no sample for %s", name);
	return NULL;
}

static void test_stored_holds_every_field(void **state)
{
	ctl_changes_t *typed = ctl_changes_create(NULL), *stored = ctl_changes_create(NULL);
	mpsk_key_t *key;

	(void) state;
	for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++)
		ctl_changes_set(typed, field->name, sample(field->name));
	key = parse(typed);
	ctl_record_stored(stored, key);
	assert_int_equal(stored->n, typed->n);
	for (mpsk_key_field_t const *row = mpsk_key_fields; row->name; row++) {
		mpsk_field_t const *field = ctl_changes_find(stored, row->name);

		if (!field) fail_msg("%s is lost", row->name);
		assert_int_equal(field->value_len, strlen(sample(row->name)));
		assert_memory_equal(field->value, sample(row->name), field->value_len);
	}
	talloc_free(key);
	talloc_free(typed);
	talloc_free(stored);
}

/* A record of defaults stays one of defaults. */
static void test_stored_defaults(void **state)
{
	ctl_changes_t *typed = ctl_changes_create(NULL), *stored = ctl_changes_create(NULL);
	mpsk_key_t *key, *again;

	(void) state;
	ctl_changes_set(typed, "psk", "correct-horse");
	key = parse(typed);
	ctl_record_stored(stored, key);
	again = parse(stored);
	assert_true(again->any_ssid);
	assert_null(again->sites);
	assert_int_equal(again->max, MPSK_LIMIT_DEFAULT);
	assert_int_equal(again->concurrent, MPSK_LIMIT_DEFAULT);
	assert_int_equal(again->idle, MPSK_LIMIT_DEFAULT);
	assert_int_equal(again->vlan, 0);
	assert_int_equal(again->n_macs, 0);
	assert_true(again->enabled);
	assert_null(again->role);
	assert_int_equal(again->old_psk.len, 0);
	assert_string_equal(again->fingerprint, key->fingerprint);
	talloc_free(key);
	talloc_free(again);
	talloc_free(typed);
	talloc_free(stored);
}

static json_t *value(char const *column, ctl_record_t const *record)
{
	for (ctl_column_t const *c = ctl_record_keys; c->name; c++)
		if (strcmp(c->name, column) == 0) return c->value(record);
	fail_msg("no column %s", column);
	return NULL;
}

static void assert_state(mpsk_key_t *key, int64_t now, char const *expected)
{
	ctl_record_t const record = { .id = "bob", .key = key, .now = now };
	json_t *text = value("state", &record);

	assert_string_equal(json_string_value(text), expected);
	json_decref(text);
}

static void test_state(void **state)
{
	mpsk_key_t key = { .enabled = true };

	(void) state;
	assert_state(NULL, 0, "malformed");
	assert_state(&key, 100, "enabled");
	key.exp = 100;
	assert_state(&key, 99, "enabled");
	assert_state(&key, 100, "expired");
	key.exp = 0;
	key.nbf = 100;
	assert_state(&key, 99, "not yet");
	assert_state(&key, 100, "enabled");
	key.enabled = false;
	assert_state(&key, 100, "disabled");
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_stored_holds_every_field),
		cmocka_unit_test(test_stored_defaults),
		cmocka_unit_test(test_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
