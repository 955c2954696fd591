/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/secret.h"
#include "bulk.h"
#include "import.h"
#include "key/pmk_field.h"

static void complete(ctl_import_t const *import, ctl_changes_t *changes, ctl_line_t const *line, wpa_pmk_t const *pmk)
{
	static char const *const times[] = { "created", "modified" };
	char name[MPSK_PMK_NAME_MAX], value[MPSK_PMK_VALUE_LEN + 1];

	for (size_t i = line->edits ? 1 : 0; i < sizeof(times) / sizeof(times[0]); i++) {
		mpsk_field_t const *said = ctl_changes_find(changes, times[i]);

		if (!said || !said->value) ctl_changes_number(changes, times[i], import->ctl->now);
	}
	/* A new passphrase in the place of another one. */
	if (line->edits && ctl_changes_find(changes, "psk")) {
		mpsk_field_t const *said = ctl_changes_find(changes, "rotated");

		if (!said || !said->value) ctl_changes_number(changes, "rotated", import->ctl->now);
	}
	if (!line->edits && !ctl_changes_find(changes, "enabled")) ctl_changes_set(changes, "enabled", "1");
	if (!pmk) return;
	mpsk_pmk_field_print(value, line->fingerprint, pmk);
	ctl_changes_put(changes, name, mpsk_pmk_field_name(name, &line->ssid), value, MPSK_PMK_VALUE_LEN);
	mpsk_secret_wipe(value, sizeof(value));
}

/* A line that another writer was faster with is refused; the import goes on where Redis still answers. */
static mpsk_status_t write_failed(ctl_import_t const *import, ctl_line_t *line, mpsk_status_t status,
				  mpsk_error_t const *err)
{
	mpsk_store_info_t info;
	mpsk_error_t ignored;

	if (status == MPSK_MISS || status == MPSK_BAD ||
	    (status == MPSK_AGAIN && mpsk_store_ping(import->ctl->store, &info, &ignored) == MPSK_OK)) {
		ctl_line_refuse(line, NULL, "%s", err->text);
		return MPSK_OK;
	}
	ctl_fail(CTL_FAILED, "line %zu: %s", line->number, err->text);
	return MPSK_ERR;
}

/* On threads of the bulk. */
static mpsk_status_t write_line(void *uctx, void *what, wpa_pmk_t const *pmk)
{
	ctl_import_t *import = uctx;
	ctl_line_t *line = what;
	mpsk_error_t err = { "" };
	ctl_changes_t *changes;
	mpsk_status_t status;

	if (pmk && ctl_twins_has_pmk(import->twins, line, pmk)) return MPSK_OK;
	changes = ctl_line_unpack(NULL, line);
	/* The passphrase that is there, sealed or not, stays as it is, and so do the PMKs that hang on it. */
	if (line->edits && strcmp(line->expect, line->fingerprint) == 0) ctl_changes_drop(changes, "psk");
	complete(import, changes, line, pmk);
	status = mpsk_store_key_restore(import->ctl->store, line->id, line->edits ? MPSK_WRITE_EDIT : MPSK_WRITE_ADD,
					changes->fields, changes->n, line->edits ? line->expect : NULL, line->devices,
					line->n_devices, &err);
	talloc_free(changes);
	ctl_progress_step(&import->progress);
	if (status != MPSK_OK) return write_failed(import, line, status, &err);
	line->result = line->edits ? CTL_LINE_CHANGED : CTL_LINE_ADDED;
	return MPSK_OK;
}

ctl_exit_t ctl_import_write(ctl_import_t *import, size_t n)
{
	mpsk_status_t status = MPSK_OK;
	ctl_bulk_t *bulk;

	if (n == 0) return CTL_OK;
	ctl_progress_begin(&import->progress, import->ctl, "keys", n);
	bulk = ctl_bulk_begin(write_line, import);
	for (size_t i = 0; i < import->lines.n && status == MPSK_OK; i++) {
		ctl_line_t *line = import->lines.lines[i];

		if (line->result != CTL_LINE_UNDONE) continue;
		status = ctl_bulk_add(bulk, &(ctl_bulk_want_t) {
			.psk = line->derive ? &line->psk : NULL, .ssid = &line->ssid, .what = line
		});
	}
	status = ctl_bulk_end(bulk);
	ctl_progress_end(&import->progress);
	return status == MPSK_OK ? CTL_OK : CTL_FAILED;
}

ctl_exit_t ctl_import_disconnect(ctl_import_t *import)
{
	ctl_exit_t code = CTL_OK;

	for (size_t i = 0; i < import->lines.n && code == CTL_OK; i++) {
		ctl_line_t const *line = import->lines.lines[i];

		if (line->result != CTL_LINE_CHANGED || !import->disconnect) continue;
		import->disconnect->new_psk = strcmp(line->expect, line->fingerprint) != 0;
		code = ctl_disconnect_key(import->disconnect, line->id, MPSK_STANDING_STAYS);
	}
	return code;
}
