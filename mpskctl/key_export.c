/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/secret.h"
#include "columns.h"
#include "csv.h"
#include "escape.h"
#include "key/fields.h"
#include "record.h"
#include "select.h"
#include "uses.h"
#include "verb.h"
#include "whole.h"

enum {
	OPT_FORMAT = 0x300,
	OPT_SHOW_PSK,
	OPT_NO_DEVICES
};

typedef struct export export_t;

typedef struct {
	char const	*name;
	void		(*begin)(FILE *out);
	void		(*key)(FILE *out, mpsk_key_t const *key, ctl_use_t const *use);
	char const	*between, *end;
	bool		devices;	/* it holds them */
} format_t;

typedef struct {
	char	id[MPSK_ID_MAX + 1];
	char	*text;
	size_t	len;
} row_t;

struct export {
	ctl_t		*ctl;
	ctl_args_t	args;
	ctl_select_t	select;
	format_t const	*format;
	bool		show_psk;
	bool		no_devices;
	ctl_uses_t	*uses;		/* NULL: devices are left out */
	row_t		*rows;
	size_t		n, room;
	size_t		malformed;
};

/*
 * --- The forms ---
 */

/* The value of a field as the store holds it, but no PSK sealed; NULL where it is absent. Belongs to ctx. */
static char *stored(TALLOC_CTX *ctx, mpsk_key_field_t const *field, mpsk_key_t const *key, size_t *len)
{
	char *value = NULL;
	mpsk_status_t status = mpsk_key_field_print_clear(ctx, field, key, &value, len);

	if (status == MPSK_OK) return value;
	if (status != MPSK_MISS) ctl_need(NULL);
	*len = 0;
	return NULL;
}

static void stored_free(char *value, size_t len)
{
	if (value) mpsk_secret_wipe(value, len);
	talloc_free(value);
}

/* Fields whose octets may be any, and which have a second column for those that are no printable ASCII. */
static bool is_secret(mpsk_key_field_t const *field)
{
	return field->secret;
}

static bool is_ascii(char const *text, size_t len)
{
	for (size_t i = 0; i < len; i++) if (text[i] < ' ' || text[i] > '~') return false;
	return true;
}

static void csv_begin(FILE *out)
{
	fputs("id", out);
	for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++)
		fprintf(out, is_secret(field) ? ",%s,%s_hex" : ",%s", field->name, field->name);
	putc('\n', out);
}

static void csv_secret(FILE *out, char const *value, size_t len)
{
	bool plain = is_ascii(value, len);
	char hex[2 * WPA_PSK_MAX + 1];

	mpsk_hex_encode(hex, (uint8_t const *) (value ? value : ""), len);
	ctl_csv_write(out, value, plain ? len : 0, 1);
	ctl_csv_write(out, hex, plain ? 0 : 2 * len, 1);
	mpsk_secret_wipe(hex, sizeof(hex));
}

static void csv_key(FILE *out, mpsk_key_t const *key, ctl_use_t const *use __attribute__((unused)))
{
	ctl_csv_write(out, key->id, strlen(key->id), 0);
	for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++) {
		size_t len = 0;
		char *value = stored(NULL, field, key, &len);

		if (is_secret(field)) {
			csv_secret(out, value, len);
		} else if (strcmp(field->name, "ssid") == 0 && !key->any_ssid) {
			char text[MPSK_SSID_TEXT_MAX];

			ctl_csv_write(out, text, strlen(mpsk_ssid_print(text, &key->ssid)), 1);
		} else {
			ctl_csv_write(out, value, len, 1);
		}
		stored_free(value, len);
	}
	putc('\n', out);
}

static ctl_column_t const *column_find(char const *name)
{
	for (ctl_column_t const *column = ctl_record_keys; column->name; column++)
		if (strcmp(column->name, name) == 0) return column;
	return NULL;
}

static void member(json_t *object, char const *name, char const *suffix, json_t *value)
{
	char *full = ctl_need(talloc_asprintf(NULL, "%s%s", name, suffix));

	if (json_object_set_new(object, full, ctl_need(value)) < 0) ctl_need(NULL);
	talloc_free(full);
}

/* As `key list --json` has it; octets that JSON cannot spell, in hex. */
static void json_field(json_t *object, mpsk_key_field_t const *field, mpsk_key_t const *key)
{
	ctl_record_t const record = { .id = key->id, .key = key };
	ctl_column_t const *column = column_find(field->name);
	size_t len = 0;
	char *value = stored(NULL, field, key, &len);
	json_t *text = value ? json_stringn(value, len) : NULL;

	if (!value) return;
	if (strcmp(field->name, "ssid") == 0 || (text && column)) {
		member(object, field->name, "", column->value(&record));
	} else if (text && field->number) {
		member(object, field->name, "", json_integer(strtoll(value, NULL, 10)));
	} else if (text && (!is_secret(field) || is_ascii(value, len))) {
		member(object, field->name, "", json_incref(text));
	} else {
		char *hex = ctl_need(talloc_size(NULL, 2 * len + 1));

		mpsk_hex_encode(hex, (uint8_t const *) value, len);
		member(object, field->name, "_hex", json_string(hex));
		stored_free(hex, 2 * len);
	}
	json_decref(text);
	stored_free(value, len);
}

static void json_begin(FILE *out)
{
	fputs("[\n", out);
}

static json_t *devices_value(ctl_use_t const *use)
{
	json_t *array = ctl_need(json_array());

	for (int64_t i = 0; i < use->devices; i++) {
		char text[MPSK_MAC_TEXT_MAX];
		json_t *device = json_pack("{s:s, s:I}", "mac", mpsk_mac_print(text, &use->list[i].mac),
					   "last_seen", (json_int_t) use->list[i].last_seen);

		if (json_array_append_new(array, ctl_need(device)) < 0) ctl_need(NULL);
	}
	return array;
}

static void json_key(FILE *out, mpsk_key_t const *key, ctl_use_t const *use)
{
	json_t *object = ctl_need(json_object());

	member(object, "id", "", json_string(key->id));
	for (mpsk_key_field_t const *field = mpsk_key_fields; field->name; field++) json_field(object, field, key);
	if (use->devices) member(object, "devices", "", devices_value(use));
	if (json_dumpf(object, out, JSON_COMPACT) != 0) ctl_need(NULL);
	json_decref(object);
}

static void mist_header(FILE *out, size_t n)
{
	for (size_t i = 0; i < n; i++) ctl_csv_write(out, ctl_columns_mist[i], strlen(ctl_columns_mist[i]), i);
	putc('\n', out);
}

static void mist_cell(FILE *out, size_t column, mpsk_key_t const *key)
{
	char const *name = ctl_columns_mist[column];
	char const *field_name = ctl_column_field(ctl_column_find(CTL_COLUMNS_MIST, name, strlen(name)));
	mpsk_key_field_t const *field = mpsk_key_field(field_name, strlen(field_name));
	size_t len = 0;
	char *value = stored(NULL, field, key, &len);

	if (strcmp(field_name, "name") == 0) {
		ctl_csv_write(out, key->name, strlen(key->name), column);
	} else if (strcmp(field_name, "usage") == 0 && !value) {
		ctl_csv_write(out, "multi", strlen("multi"), column);
	} else if (strcmp(field_name, "ssid") == 0 && !value) {
		ctl_csv_write(out, "*", 1, column);
	} else if (strncmp(field_name, "notify_e", strlen("notify_e")) == 0) {
		ctl_csv_write(out, value ? "true" : "false", strlen(value ? "true" : "false"), column);
	} else {
		ctl_csv_write(out, value, len, column);
	}
	stored_free(value, len);
}

static void mist_cells(FILE *out, size_t n, mpsk_key_t const *key)
{
	for (size_t i = 0; i < n; i++) mist_cell(out, i, key);
	putc('\n', out);
}

static void mist_begin(FILE *out)
{
	mist_header(out, CTL_COLUMNS_MIST_ORG);
}

static void mist_key(FILE *out, mpsk_key_t const *key, ctl_use_t const *use __attribute__((unused)))
{
	mist_cells(out, CTL_COLUMNS_MIST_ORG, key);
}

static void site_begin(FILE *out)
{
	mist_header(out, CTL_COLUMNS_MIST_SITE);
}

static void site_key(FILE *out, mpsk_key_t const *key, ctl_use_t const *use __attribute__((unused)))
{
	mist_cells(out, CTL_COLUMNS_MIST_SITE, key);
}

static format_t const formats[] = {
	{ "csv", csv_begin, csv_key, "", "", false },
	{ "json", json_begin, json_key, ",\n", "\n]\n", true },
	{ "mist", mist_begin, mist_key, "", "", false },
	{ "mist-site", site_begin, site_key, "", "", false },
};
#define N_FORMATS (sizeof(formats) / sizeof(*formats))

/*
 * --- The command line ---
 */
static struct argp_option const options[] = {
	{ .name = "format", .key = OPT_FORMAT, .arg = "FORMAT", .group = 1,
	  .doc = "csv or json: every field; mist or mist-site: Mist's CSV of an organisation or of a site [json where "
		 "FILE ends in .json, or with --json; else csv]" },
	{ .name = "show-psk", .key = OPT_SHOW_PSK, .group = 1,
	  .doc = "Print to the standard output, passphrases and all" },
	{ .name = "no-devices", .key = OPT_NO_DEVICES, .group = 1,
	  .doc = "Leave the devices of the keys out of JSON; the other forms have no place for them" },
	{ 0 }
};

static format_t const *format_find(char const *name)
{
	for (size_t i = 0; i < N_FORMATS; i++) if (strcmp(formats[i].name, name) == 0) return &formats[i];
	return NULL;
}

static void settle(export_t *export, struct argp_state *state)
{
	char const *file = export->args.n ? export->args.v[0] : "";
	size_t len = strlen(file);

	if (!export->args.n == !export->show_psk)
		ctl_stop(state, CTL_USAGE, "give FILE, which nobody else may read then, or --show-psk to print the "
			 "passphrases");
	if (export->format) return;
	export->format = format_find(export->ctl->format == CTL_JSON ||
				     (len > 5 && strcmp(file + len - 5, ".json") == 0) ? "json" : "csv");
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	export_t *export = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &export->select;
		state->child_inputs[1] = export->ctl;
		return 0;

	case OPT_FORMAT:
		export->format = format_find(arg);
		if (!export->format) ctl_stop(state, CTL_INVALID, "--format: expected csv, json, mist or mist-site");
		return 0;

	case OPT_SHOW_PSK:
		export->show_psk = true;
		return 0;

	case OPT_NO_DEVICES:
		export->no_devices = true;
		return 0;

	case ARGP_KEY_SUCCESS:
		settle(export, state);
		return 0;

	default:
		return ctl_args_parse(&export->args, key, state, 0, 1);
	}
}

static char const doc[] =
	"Write keys, passphrases and all, to FILE, which only its owner may read; a file that is there is replaced "
	"once the new one is whole. `key import` reads it."
	"\vExamples:\n"
	"  mpskctl key export keys.json\n"
	"  mpskctl key export --site north --format mist-site north.csv\n"
	"  mpskctl key export --show-psk --json | jq -r '.[].id'\n\n"
	"The keys stand in the order of their ids. JSON holds their devices too. PMKs are not in it: they are "
	"derived anew. A key that is malformed is left out, and named." CTL_EXIT_DOC;

/*
 * --- The keys ---
 */
static int rows_wipe(row_t *rows)
{
	for (size_t i = 0; i < talloc_array_length(rows); i++) {
		if (!rows[i].text) continue;
		mpsk_secret_wipe(rows[i].text, rows[i].len);
		free(rows[i].text);
	}
	return 0;
}

static mpsk_status_t take(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	export_t *export = uctx;
	ctl_use_t use = { .devices = 0 };
	row_t *row;
	FILE *out;

	if (!key) {
		ctl_fail(CTL_OK, "key %s is malformed, and left out: %s", id, err->text);
		export->malformed++;
		return MPSK_OK;
	}
	if (!ctl_select_key(&export->select, key)) return MPSK_OK;
	if (export->n == export->room) {
		size_t room = export->room ? 2 * export->room : 256;
		row_t *rows = ctl_need(talloc_zero_array(export->ctl->mem, row_t, room));

		if (export->n) memcpy(rows, export->rows, export->n * sizeof(*rows));
		if (export->rows) talloc_set_destructor(export->rows, NULL);
		talloc_free(export->rows);
		talloc_set_destructor(rows, rows_wipe);
		export->rows = rows;
		export->room = room;
	}
	if (export->uses) use = ctl_uses_of(export->uses, id);
	row = &export->rows[export->n++];
	snprintf(row->id, sizeof(row->id), "%s", id);
	out = ctl_need(open_memstream(&row->text, &row->len));
	export->format->key(out, key, &use);
	if (fclose(out) != 0) ctl_need(NULL);
	return MPSK_OK;
}

static int row_cmp(void const *a, void const *b)
{
	return strcmp(((row_t const *) a)->id, ((row_t const *) b)->id);
}

static size_t print(export_t const *export, FILE *out)
{
	size_t n = 0;

	if (export->n > 0) qsort(export->rows, export->n, sizeof(*export->rows), row_cmp);
	export->format->begin(out);
	for (size_t i = 0; i < export->n; i++) {
		/* A walk may come by one key twice. */
		if (i > 0 && strcmp(export->rows[i].id, export->rows[i - 1].id) == 0) continue;
		if (n++ > 0) fputs(export->format->between, out);
		fwrite(export->rows[i].text, 1, export->rows[i].len, out);
	}
	fputs(export->format->end, out);
	return n;
}

typedef struct {
	export_t const	*export;
	size_t		*n;
} printing_t;

static bool print_whole(FILE *out, void const *uctx)
{
	printing_t const *printing = uctx;

	*printing->n = print(printing->export, out);
	return true;
}

static ctl_exit_t export_keys(export_t *export)
{
	ctl_t *ctl = export->ctl;
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;
	size_t n = 0;

	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	if (export->format->devices && !export->no_devices &&
	    (code = ctl_uses_read(ctl, &export->uses, true)) != CTL_OK) return code;
	status = mpsk_store_key_each(ctl->store, take, export, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	if (export->show_psk) {
		print(export, stdout);
	} else {
		printing_t const printing = { .export = export, .n = &n };

		code = ctl_whole_write(ctl, export->args.v[0], print_whole, &printing);
		if (code != CTL_OK) return code;
		if (!ctl->quiet) printf("%zu keys written to %s\n", n, export->args.v[0]);
	}
	return export->malformed ? CTL_INVALID : CTL_OK;
}

ctl_exit_t key_export(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = {
		{ &ctl_select_argp, 0, "Which keys [all]:", 2 },
		{ &ctl_argp, 0, "Common options:", 3 },
		{ 0 }
	};
	struct argp const argp = {
		.options = options, .parser = parse_opt, .args_doc = "[FILE]", .doc = doc, .children = children
	};
	export_t export = { .ctl = ctl, .select = { .ctl = ctl } };

	if (ctl_parse(&argp, argc, argv, 0, &export) != CTL_OK) return CTL_USAGE;
	return export_keys(&export);
}
