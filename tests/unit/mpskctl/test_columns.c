/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "key/fields.h"
#include "mpskctl/columns.h"

#define NOW 1700000000

typedef struct {
	ctl_columns_t	kind;
	char const	*column, *cell;
	char const	*field, *value;	/* value NULL: removed; field NULL: refused */
} row_t;

static void test_put(void **state)
{
	static row_t const rows[] = {
		{ CTL_COLUMNS_MIST, "name", "Bob B.", "name", "Bob B." },
		{ CTL_COLUMNS_MIST, "SSID", "a\\x41", "ssid", "a\\x41" },
		{ CTL_COLUMNS_OWN, "ssid", "a\\x41", "ssid", "aA" },
		{ CTL_COLUMNS_MIST, "passphrase", "correct horse ", "psk", "correct horse " },
		{ CTL_COLUMNS_MIST, "passphrase", "caf\xe9-caf\xe9", NULL, NULL },
		{ CTL_COLUMNS_MIST, "vlan_id", "20", "vlan", "20" },
		{ CTL_COLUMNS_MIST, "vlan_id", "", "vlan", NULL },
		{ CTL_COLUMNS_MIST, "mac", "00005e005301;aabbcc*", "macs", "00005e005301,aabbcc*" },
		{ CTL_COLUMNS_MIST, "max_usage", "0", "concurrent", "0" },
		{ CTL_COLUMNS_MIST, "expire_time", "1900000000", "exp", "1900000000" },
		{ CTL_COLUMNS_MIST, "expire_time", "soon", NULL, NULL },
		{ CTL_COLUMNS_MIST, "notify_expiry", "TRUE", "notify_expiry", "1" },
		{ CTL_COLUMNS_MIST, "notify_on_create_or_edit", "false", "notify_edit", "0" },
		{ CTL_COLUMNS_MIST, "notify_expiry", "perhaps", NULL, NULL },
		{ CTL_COLUMNS_MIST, "expiry_notification_time", "7", "notify_days", "7" },
		{ CTL_COLUMNS_OWN, "psk_hex", "636166e9", "psk", "caf\xe9" },
		{ CTL_COLUMNS_OWN, "name_hex", "6", NULL, NULL },
		{ CTL_COLUMNS_OWN, "enabled", "false", "enabled", "0" },
		{ CTL_COLUMNS_OWN, "idle", "30d", "idle", "2592000" },
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		row_t const *row = &rows[i];
		ctl_column_rule_t const *rule = ctl_column_find(row->kind, row->column, strlen(row->column));
		ctl_changes_t *changes = ctl_changes_create(NULL);
		mpsk_error_t err = { "" };
		mpsk_field_t const *field;
		mpsk_status_t status;

		assert_non_null(rule);
		status = ctl_column_put(rule, changes, row->cell, strlen(row->cell), NOW, &err);
		assert_int_equal(status, row->field ? MPSK_OK : MPSK_BAD);
		if (row->field) {
			assert_string_equal(ctl_column_field(rule), row->field);
			field = ctl_changes_find(changes, row->field);
			assert_non_null(field);
			if (row->value) {
				assert_int_equal(field->value_len, strlen(row->value));
				assert_memory_equal(field->value, row->value, field->value_len);
			} else {
				assert_null(field->value);
			}
		} else {
			assert_true(err.text[0]);
		}
		talloc_free(changes);
	}
}

static void test_find(void **state)
{
	(void) state;
	for (size_t i = 0; i < CTL_COLUMNS_MIST_ORG; i++) {
		char const *name = ctl_columns_mist[i];

		assert_non_null(ctl_column_find(CTL_COLUMNS_MIST, name, strlen(name)));
	}
	for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++)
		assert_non_null(ctl_column_find(CTL_COLUMNS_OWN, field->name, strlen(field->name)));
	assert_null(ctl_column_find(CTL_COLUMNS_OWN, "passphrase", 10));
	assert_null(ctl_column_find(CTL_COLUMNS_OWN, "nothing_hex", 11));
	assert_null(ctl_column_find(CTL_COLUMNS_OWN, "_hex", 4));
	assert_null(ctl_column_find(CTL_COLUMNS_MIST, "", 0));
	assert_true(ctl_column_is_id(ctl_column_find(CTL_COLUMNS_OWN, "id", 2)));
}

/* An empty cell takes away what a default would say, but not what its column in hex said. */
static void test_hex_first(void **state)
{
	ctl_column_rule_t const *hex = ctl_column_find(CTL_COLUMNS_OWN, "psk_hex", 7);
	ctl_column_rule_t const *text = ctl_column_find(CTL_COLUMNS_OWN, "psk", 3);
	ctl_changes_t *changes = ctl_changes_create(NULL);
	mpsk_error_t err;

	(void) state;
	assert_int_equal(ctl_column_put(hex, changes, "6162", 4, NOW, &err), MPSK_OK);
	assert_int_equal(ctl_column_put(text, changes, "", 0, NOW, &err), MPSK_OK);
	assert_non_null(ctl_changes_find(changes, "psk")->value);
	talloc_free(changes);
}

int main(void)
{
	struct CMUnitTest const tests[] = {
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_hex_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
