/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "audit.h"
#include "bulk.h"
#include "fields.h"
#include "key/fields.h"
#include "key/pmk_field.h"
#include "lines.h"
#include "progress.h"
#include "twins.h"
#include "verb.h"

enum {
	OPT_DRY_RUN = 0x300,
	OPT_UPDATE,
	OPT_SKIP_EXISTING,
	OPT_NO_PMK
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	ctl_fields_t	defaults;
	bool		dry_run;
	bool		update;
	bool		skip_existing;
	bool		no_pmk;

	ctl_lines_t	lines;
	ctl_twins_t	*twins;
	ctl_progress_t	progress;
} import_t;

static struct argp_option const options[] = {
	{ .name = "dry-run", .key = OPT_DRY_RUN, .group = 1, .doc = "Say what would be done, and write nothing" },
	{ .name = "update", .key = OPT_UPDATE, .group = 1,
	  .doc = "Change keys that are there and differ: each column of the file is set, an empty cell removes the "
		 "field, and what the file has no column for stays" },
	{ .name = "skip-existing", .key = OPT_SKIP_EXISTING, .group = 1,
	  .doc = "Leave keys that are there and differ as they are" },
	{ .name = "no-pmk", .key = OPT_NO_PMK, .group = 1, .doc = "Leave the derivation of the PMKs to the servers" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	import_t *import = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &import->defaults;
		state->child_inputs[1] = import->ctl;
		return 0;

	case OPT_DRY_RUN:
		import->dry_run = true;
		return 0;

	case OPT_UPDATE:
		import->update = true;
		return 0;

	case OPT_SKIP_EXISTING:
		import->skip_existing = true;
		return 0;

	case OPT_NO_PMK:
		import->no_pmk = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		if (import->update && import->skip_existing)
			ctl_stop(state, CTL_USAGE, "one of --update and --skip-existing");
		return 0;

	default:
		return ctl_args_parse(&import->args, key, state, 1, 1);
	}
}

static char const doc[] =
	"Add the keys of FILE, or of the standard input where FILE is -: CSV or JSON as `key export` writes it, or the "
	"CSV of Mist's preshared keys, of an organisation or of a site."
	"\vExamples:\n"
	"  mpskctl key import psks.csv --dry-run\n"
	"  mpskctl key import psks.csv --site north\n"
	"  mpskctl key import keys.json --update\n\n"
	"A CSV file's first line holds the names of its columns, in any order: those of Mist's files where one of them "
	"is 'passphrase', else the fields of a key and 'id'. Commas, semicolons or tabs stand between the cells. A "
	"line without an id gets one that is made of its name, SSID, organisation and site, and so the same one each "
	"time. A field's option is for lines that do not say it themselves.\n\n"
	"Each line counts on its own: it is written whole, with its PMK, or not at all and named with column and "
	"reason. A line whose key is there with all that it says is passed over, so that an import which was broken "
	"off is simply run again. With --json or --tsv each line is reported; otherwise those that were refused are."
	CTL_EXIT_DOC;

/*
 * --- Keys that are there already ---
 */
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

static void edit(import_t const *import, ctl_line_t *line, mpsk_key_t const *old, mpsk_key_t const *key)
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

static void meet(import_t const *import, ctl_line_t *line, mpsk_key_t const *old)
{
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	mpsk_error_t err = { "" };
	mpsk_key_t *key;
	char *names;

	if (ctl_line_key(ctx, &key, line, old, ctl_keyring(import->ctl), &err) != MPSK_OK) {
		ctl_line_refuse(line, NULL, "%s", err.text);
	} else if (!*(names = difference(ctx, old, key))) {
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
	import_t *import = uctx;
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

/* What is left once the store is known: new keys and changes. Returns how many. */
static size_t settle(import_t *import)
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

/*
 * --- Writing ---
 */
static void complete(import_t const *import, ctl_changes_t *changes, ctl_line_t const *line, wpa_pmk_t const *pmk)
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
static mpsk_status_t write_failed(import_t const *import, ctl_line_t *line, mpsk_status_t status,
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
	import_t *import = uctx;
	ctl_line_t *line = what;
	mpsk_error_t err = { "" };
	ctl_changes_t *changes;
	mpsk_status_t status;

	if (pmk && ctl_twins_has_pmk(import->twins, line, pmk)) return MPSK_OK;
	changes = ctl_line_unpack(NULL, line);
	/* The passphrase that is there, sealed or not, stays as it is, and so do the PMKs that hang on it. */
	if (line->edits && strcmp(line->expect, line->fingerprint) == 0) ctl_changes_drop(changes, "psk");
	complete(import, changes, line, pmk);
	status = mpsk_store_key_write(import->ctl->store, line->id, line->edits ? MPSK_WRITE_EDIT : MPSK_WRITE_ADD,
				      changes->fields, changes->n, line->edits ? line->expect : NULL, &err);
	talloc_free(changes);
	ctl_progress_step(&import->progress);
	if (status != MPSK_OK) return write_failed(import, line, status, &err);
	line->result = line->edits ? CTL_LINE_CHANGED : CTL_LINE_ADDED;
	return MPSK_OK;
}

static ctl_exit_t write_all(import_t *import, size_t n)
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

/*
 * --- The report ---
 */
static char const *const results[CTL_LINE_RESULTS] = {
	[CTL_LINE_NEW] = "new",
	[CTL_LINE_ADDED] = "added",
	[CTL_LINE_CHANGED] = "changed",
	[CTL_LINE_UNCHANGED] = "unchanged",
	[CTL_LINE_SKIPPED] = "skipped",
	[CTL_LINE_REFUSED] = "refused",
	[CTL_LINE_UNDONE] = "not done",
};

static json_t *text_value(char const *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *id_value(void const *line)
{
	return json_string(((ctl_line_t const *) line)->id);
}

static json_t *number_value(void const *line)
{
	return json_integer((json_int_t) ((ctl_line_t const *) line)->number);
}

static json_t *result_value(void const *line)
{
	return json_string(results[((ctl_line_t const *) line)->result]);
}

static json_t *column_value(void const *line)
{
	return text_value(((ctl_line_t const *) line)->column);
}

static json_t *reason_value(void const *line)
{
	return text_value(((ctl_line_t const *) line)->reason);
}

static ctl_column_t const columns[] = {
	{ .name = "id", .value = id_value },
	{ .name = "line", .value = number_value },
	{ .name = "result", .value = result_value },
	{ .name = "column", .value = column_value },
	{ .name = "reason", .value = reason_value },
	{ .name = NULL }
};

static void say_lines(import_t const *import)
{
	for (size_t i = 0; i < import->lines.n; i++) {
		ctl_line_t const *line = import->lines.lines[i];

		if (line->result != CTL_LINE_REFUSED && line->result != CTL_LINE_SKIPPED) continue;
		ctl_fail(CTL_OK, "%s:%zu: %s%s%s%s", import->args.v[0], line->number,
			 line->result == CTL_LINE_SKIPPED ? "skipped: " : "", line->column ? line->column : "",
			 line->column ? ": " : "", line->reason);
	}
}

static void say_counts(import_t const *import)
{
	size_t counts[CTL_LINE_RESULTS] = { 0 };
	bool first = true;

	for (size_t i = 0; i < import->lines.n; i++) counts[import->lines.lines[i]->result]++;
	printf("%zu lines%s", import->lines.n, import->dry_run ? ", nothing was written" : "");
	for (size_t i = 0; i < CTL_LINE_RESULTS; i++) {
		if (counts[i] == 0) continue;
		printf("%s %zu %s", first ? ":" : ",", counts[i], results[i]);
		first = false;
	}
	putchar('\n');
}

static void report(import_t const *import)
{
	if (import->ctl->format != CTL_TEXT) {
		ctl_table_t *table = ctl_table_create(import->ctl->mem, columns, import->ctl->format, 0);

		for (size_t i = 0; i < import->lines.n; i++) ctl_table_add(table, import->lines.lines[i]);
		ctl_table_print(table);
		return;
	}
	say_lines(import);
	if (!import->ctl->quiet) say_counts(import);
}

static ctl_exit_t import_file(import_t *import)
{
	ctl_t *ctl = import->ctl;
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;
	size_t n;

	code = ctl_lines_read(ctl, &import->lines, import->args.v[0], import->defaults.changes);
	if (code != CTL_OK) return code;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	ctl_audit_brief(ctl);
	import->twins = ctl_twins_create(ctl->mem, &import->lines);
	status = mpsk_store_key_each(ctl->store, look, import, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	n = settle(import);
	if (!import->dry_run) code = write_all(import, n);
	report(import);
	for (size_t i = 0; i < import->lines.n && code == CTL_OK; i++) {
		if (import->lines.lines[i]->result == CTL_LINE_REFUSED) code = CTL_INVALID;
	}
	return code;
}

ctl_exit_t key_import(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = {
		{ ctl_fields_argp(), 0, "For lines that do not say it themselves:", 2 },
		{ &ctl_argp, 0, "Common options:", 3 },
		{ 0 }
	};
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "FILE", .doc = doc, .children = children
	};
	import_t import = { .ctl = ctl, .defaults = { .ctl = ctl, .changes = ctl_changes_create(ctl->mem) } };

	if (ctl_parse(&argp, argc, argv, 0, &import) != CTL_OK) return CTL_USAGE;
	return import_file(&import);
}
