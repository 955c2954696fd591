/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "changes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "ctl.h"

static int changes_wipe(ctl_changes_t *changes)
{
	for (size_t i = 0; i < changes->n; i++) {
		mpsk_field_t *field = &changes->fields[i];

		if (field->value) mpsk_secret_wipe((char *) field->value, field->value_len);
	}
	return 0;
}

ctl_changes_t *ctl_changes_create(TALLOC_CTX *ctx)
{
	ctl_changes_t *changes = ctl_need(talloc_zero(ctx, ctl_changes_t));

	talloc_set_destructor(changes, changes_wipe);
	return changes;
}

static mpsk_field_t *find(ctl_changes_t const *changes, void const *name, size_t name_len)
{
	for (size_t i = 0; i < changes->n; i++) {
		mpsk_field_t *field = &changes->fields[i];

		if (field->name_len == name_len && memcmp(field->name, name, name_len) == 0) return field;
	}
	return NULL;
}

static mpsk_field_t *add(ctl_changes_t *changes, void const *name, size_t name_len)
{
	mpsk_field_t *field;
	char *copy = ctl_need(talloc_zero_size(changes, name_len + 1));

	memcpy(copy, name, name_len);
	if (changes->n == changes->room) {
		changes->room = changes->room ? 2 * changes->room : 16;
		changes->fields = ctl_need(talloc_realloc(changes, changes->fields, mpsk_field_t, changes->room));
	}
	field = &changes->fields[changes->n++];
	*field = (mpsk_field_t) { .name = copy, .name_len = name_len };
	return field;
}

void ctl_changes_put(ctl_changes_t *changes, void const *name, size_t name_len, void const *value, size_t len)
{
	mpsk_field_t *field = find(changes, name, name_len);

	if (!field) field = add(changes, name, name_len);
	if (field->value) {
		mpsk_secret_wipe((char *) field->value, field->value_len);
		talloc_free((char *) field->value);
	}
	field->value = NULL;
	field->value_len = 0;
	if (!value) return;

	/* With a NUL after it, so that an empty value is an allocation too: NULL would remove the field. */
	field->value = ctl_need(talloc_zero_size(changes, len + 1));
	field->value_len = len;
	memcpy((char *) field->value, value, len);
}

void ctl_changes_set(ctl_changes_t *changes, char const *name, char const *value)
{
	ctl_changes_put(changes, name, strlen(name), value, strlen(value));
}

void ctl_changes_number(ctl_changes_t *changes, char const *name, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	ctl_changes_set(changes, name, text);
}

void ctl_changes_remove(ctl_changes_t *changes, char const *name)
{
	ctl_changes_put(changes, name, strlen(name), NULL, 0);
}

void ctl_changes_drop(ctl_changes_t *changes, char const *name)
{
	mpsk_field_t *field = find(changes, name, strlen(name));

	if (!field) return;
	ctl_changes_remove(changes, name);
	*field = changes->fields[--changes->n];
}

mpsk_field_t const *ctl_changes_find(ctl_changes_t const *changes, char const *name)
{
	return find(changes, name, strlen(name));
}
