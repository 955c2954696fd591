/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "import.h"
#include "output.h"

static char const *const results[CTL_LINE_RESULTS] = {
	[CTL_LINE_NEW] = "new",
	[CTL_LINE_ADDED] = "added",
	[CTL_LINE_CHANGED] = "changed",
	[CTL_LINE_UNCHANGED] = "unchanged",
	[CTL_LINE_SKIPPED] = "skipped",
	[CTL_LINE_REFUSED] = "refused",
	[CTL_LINE_UNDONE] = "not done",
};

/* What a column is given. */
typedef struct {
	ctl_line_t const	*line;
	ctl_disconnect_t const	*disconnect;
} reported_t;

static ctl_line_t const *line_of(void const *p)
{
	return ((reported_t const *) p)->line;
}

/* A passphrase that was not written is nobody's. */
static bool is_made(ctl_line_t const *line)
{
	return line->made_bits && line->result == CTL_LINE_ADDED;
}

static json_t *text_value(char const *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *id_value(void const *p)
{
	return json_string(line_of(p)->id);
}

static json_t *number_value(void const *p)
{
	return json_integer((json_int_t) line_of(p)->number);
}

static json_t *result_value(void const *p)
{
	return json_string(results[line_of(p)->result]);
}

static json_t *column_value(void const *p)
{
	return text_value(line_of(p)->column);
}

static json_t *reason_value(void const *p)
{
	return text_value(line_of(p)->reason);
}

static json_t *psk_value(void const *p)
{
	wpa_psk_t const *psk = &line_of(p)->psk;

	return is_made(line_of(p)) ? json_stringn((char const *) psk->octets, psk->len) : json_null();
}

static json_t *bits_value(void const *p)
{
	return is_made(line_of(p)) ? json_integer((json_int_t) line_of(p)->made_bits) : json_null();
}

static json_t *sessions_value(void const *p)
{
	reported_t const *reported = p;

	return ctl_disconnect_json(reported->disconnect, reported->line->id, NULL);
}

/* In text a table of the passphrases that were made. */
static ctl_column_t const columns[] = {
	{ .name = "id", .heading = "ID", .value = id_value },
	{ .name = "line", .value = number_value },
	{ .name = "result", .value = result_value },
	{ .name = "column", .value = column_value },
	{ .name = "reason", .value = reason_value },
	{ .name = "psk", .heading = "PASSPHRASE", .value = psk_value, .needs = CTL_WANT_MADE },
	{ .name = "bits", .heading = "BITS", .value = bits_value, .needs = CTL_WANT_MADE },
	{ .name = "sessions", .value = sessions_value, .needs = CTL_WANT_SESSIONS },
	{ .name = NULL }
};

static void say_lines(ctl_import_t const *import)
{
	for (size_t i = 0; i < import->lines.n; i++) {
		ctl_line_t const *line = import->lines.lines[i];

		if (line->result != CTL_LINE_REFUSED && line->result != CTL_LINE_SKIPPED) continue;
		ctl_fail(CTL_OK, "%s:%zu: %s%s%s%s", import->args.v[0], line->number,
			 line->result == CTL_LINE_SKIPPED ? "skipped: " : "", line->column ? line->column : "",
			 line->column ? ": " : "", line->reason);
	}
}

static void say_counts(ctl_import_t const *import)
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

void ctl_import_report(ctl_import_t const *import)
{
	bool text = import->ctl->format == CTL_TEXT, made = import->made.source != CTL_INPUT_NONE && !import->dry_run;
	unsigned want = (made ? CTL_WANT_MADE : 0) | (import->disconnect ? CTL_WANT_SESSIONS : 0);
	ctl_table_t *table = ctl_table_create(import->ctl->mem, columns, import->ctl->format, want);

	for (size_t i = 0; i < import->lines.n; i++) {
		reported_t const reported = { .line = import->lines.lines[i], .disconnect = import->disconnect };

		if (!text || is_made(reported.line)) ctl_table_add(table, &reported);
	}
	if (text) say_lines(import);
	if (!text || made) ctl_table_print(table);
	if (text && !import->ctl->quiet) say_counts(import);
}
