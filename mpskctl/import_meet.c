/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "import.h"
#include "key/fields.h"
#include "key/pmk_field.h"
#include "uses.h"

static bool field_equal(mpsk_key_field_t const *field, mpsk_key_t const *a, mpsk_key_t const *b)
{
	char *x = NULL, *y = NULL;
	size_t x_len = 0, y_len = 0;
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	mpsk_status_t first = mpsk_key_field_print_clear(ctx, field, a, &x, &x_len);
	mpsk_status_t second = mpsk_key_field_print_clear(ctx, field, b, &y, &y_len);
	bool equal;

	if (first == MPSK_ERR || second == MPSK_ERR) ctl_need(NULL);
	equal = x_len == y_len && (!x_len || mpsk_secret_equal(x, y, x_len));
	if (x) mpsk_secret_wipe(x, x_len);
	if (y) mpsk_secret_wipe(y, y_len);
	talloc_free(ctx);
	return equal;
}

/* The names of the fields in which two records differ, "" where they are equal. Belongs to ctx. */
static char *difference(TALLOC_CTX *ctx, mpsk_key_t const *a, mpsk_key_t const *b)
{
	char *names = ctl_need(talloc_strdup(ctx, ""));

	for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++) {
		if (field_equal(field, a, b)) continue;
		names = ctl_need(talloc_asprintf_append_buffer(names, "%s%s", *names ? ", " : "", field->name));
	}
	return names;
}

static char *differences(TALLOC_CTX *ctx, ctl_line_t const *line, mpsk_key_t const *old, mpsk_key_t const *key)
{
	char *names = difference(ctx, old, key);

	if (!line->n_devices) return names;
	return ctl_need(talloc_asprintf_append_buffer(names, "%sdevices", *names ? ", " : ""));
}

static bool sets(ctl_line_t const *line, char const *name)
{
	for (size_t i = 0; i < line->n_fields; i++) {
		if (line->fields[i].name_len == strlen(name) && memcmp(line->fields[i].name, name, strlen(name)) == 0)
			return true;
	}
	return false;
}

/* The PMKs of old that the key has no use for any more go with the passphrase that they are of. */
static void drop_pmks(ctl_line_t *line, mpsk_key_t const *old, mpsk_key_t const *key)
{
	ctl_changes_t *changes = ctl_line_unpack(NULL, line);

	for (size_t i = 0; i < old->n_pmks; i++) {
		char name[MPSK_PMK_NAME_MAX];
		mpsk_ssid_t const *ssid = &old->pmks[i].ssid;

		if (strcmp(old->fingerprint, key->fingerprint) == 0 && mpsk_key_has_ssid(key, ssid)) continue;
		ctl_changes_put(changes, name, mpsk_pmk_field_name(name, ssid), NULL, 0);
	}
	ctl_line_pack(line, changes);
	talloc_free(changes);
}

static void edit(ctl_import_t const *import, ctl_line_t *line, mpsk_key_t const *old, mpsk_key_t const *key)
{
	/* Where the PSK moves to, it has to be looked for among all others; the file's PSKs were. */
	if (!line->psk.len && (sets(line, "ssid") || sets(line, "site") || sets(line, "org"))) {
		ctl_line_refuse(line, NULL, "a file with a column for ssid, site or org wants one for the passphrase "
				"too, to change key %s", line->id);
		return;
	}
	line->edits = true;
	memcpy(line->expect, old->fingerprint, sizeof(line->expect));
	memcpy(line->fingerprint, key->fingerprint, sizeof(line->fingerprint));
	line->psk = key->psk;
	line->any_ssid = key->any_ssid;
	line->ssid = key->ssid;
	drop_pmks(line, old, key);
	line->derive = !import->no_pmk && !key->any_ssid && !mpsk_key_pmk(key, &key->ssid) &&
		       (strcmp(line->expect, line->fingerprint) != 0 || sets(line, "ssid"));
}

/* The key has a passphrase: none was wanted. */
static void unmake(ctl_line_t *line)
{
	ctl_line_drop(line, "psk");
	mpsk_secret_wipe(&line->psk, sizeof(line->psk));
	line->made_bits = 0;
}

static void meet(ctl_import_t const *import, ctl_line_t *line, mpsk_key_t const *old)
{
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	mpsk_error_t err = { "" };
	mpsk_key_t *key;
	char *names;

	if (line->made_bits) unmake(line);
	if (ctl_line_key(ctx, &key, line, old, ctl_keyring(import->ctl), &err) != MPSK_OK) {
		ctl_line_refuse(line, NULL, "%s", err.text);
	} else if (!*(names = differences(ctx, line, old, key))) {
		line->result = CTL_LINE_UNCHANGED;
	} else if (import->update) {
		edit(import, line, old, key);
	} else if (import->skip_existing) {
		line->result = CTL_LINE_SKIPPED;
		line->reason = ctl_need(talloc_asprintf(line, "key %s differs in %s", line->id, names));
	} else {
		ctl_line_refuse(line, NULL, "there is a key %s already, which differs in %s: --update changes it, "
				"--skip-existing leaves it", line->id, names);
	}
	talloc_free(ctx);
}

static mpsk_status_t look(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	ctl_import_t *import = uctx;
	ctl_line_t *line = ctl_twins_line(import->twins, id);

	if (!key) {
		if (line) {
			ctl_line_refuse(line, NULL, "key %s of the store is malformed (%s): mend or delete it first",
					id, err->text);
		} else {
			ctl_fail(CTL_OK, "warning: key %s is malformed and was not compared: %s", id, err->text);
		}
		return MPSK_OK;
	}
	/* A walk may come by one key twice. */
	if (line && line->result == CTL_LINE_NEW && !line->edits) meet(import, line, key);
	ctl_twins_meet(import->twins, key);
	return MPSK_OK;
}

/* Of the devices of the lines, those that the store does not have leave something to do. */
static ctl_exit_t meet_devices(ctl_import_t *import)
{
	ctl_uses_t *uses = NULL;
	bool any = false;
	ctl_exit_t code;

	for (size_t i = 0; i < import->lines.n; i++) any = any || import->lines.lines[i]->n_devices;
	if (!any) return CTL_OK;
	if ((code = ctl_uses_read(import->ctl, &uses, true)) != CTL_OK) return code;
	for (size_t i = 0; i < import->lines.n; i++) {
		ctl_line_t *line = import->lines.lines[i];
		ctl_use_t const use = ctl_uses_of(uses, line->id);
		size_t n = 0;

		for (size_t j = 0; j < line->n_devices; j++) {
			mpsk_device_t const *device = &line->devices[j], *known = ctl_use_find(&use, &device->mac);

			if (!known || known->last_seen < device->last_seen) line->devices[n++] = *device;
		}
		line->n_devices = n;
	}
	talloc_free(uses);
	return CTL_OK;
}

/* What is left once the store is known: new keys and changes. Returns how many. */
static size_t settle(ctl_import_t *import)
{
	size_t n = 0;

	ctl_twins_seal(import->twins);
	for (size_t i = 0; i < import->lines.n; i++) {
		ctl_line_t *line = import->lines.lines[i];

		if (line->result != CTL_LINE_NEW) continue;
		if (!line->edits && !line->psk.len) {
			ctl_line_refuse(line, NULL, "has no passphrase, and there is no key %s that it could change",
					line->id);
			continue;
		}
		if (!line->edits) line->derive = !import->no_pmk && !line->any_ssid;
		if (wpa_psk_is_pmk(&line->psk)) line->derive = false;
		line->result = import->dry_run ? (line->edits ? CTL_LINE_CHANGED : CTL_LINE_ADDED) : CTL_LINE_UNDONE;
		n++;
	}
	return n;
}

ctl_exit_t ctl_import_meet(ctl_import_t *import, size_t *n)
{
	ctl_t *ctl = import->ctl;
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;

	import->twins = ctl_twins_create(ctl->mem, &import->lines);
	if ((code = meet_devices(import)) != CTL_OK) return code;
	status = mpsk_store_key_each(ctl->store, look, import, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	*n = settle(import);
	return CTL_OK;
}
