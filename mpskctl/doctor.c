/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doctor.h"

#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "verb.h"

#define SHOWN_MAX	20	/* findings of one check that a person is shown */

typedef struct {
	doctor_t	doctor;
	ctl_args_t	args;
} call_t;

static char const *const level_names[] = {
	[DOCTOR_OK] = "ok",
	[DOCTOR_INFO] = "info",
	[DOCTOR_WARNING] = "warning",
	[DOCTOR_ERROR] = "error",
};

/* Of this verb alone: 1 and 2 mean other things with the others. */
static ctl_exit_t const level_exits[] = {
	[DOCTOR_OK] = (ctl_exit_t) 0,
	[DOCTOR_INFO] = (ctl_exit_t) 0,
	[DOCTOR_WARNING] = (ctl_exit_t) 1,
	[DOCTOR_ERROR] = (ctl_exit_t) 2,
};

/*
 * --- Printing ---
 */
static json_t *text_value(char const *text)
{
	return text ? ctl_escape_json(text, strlen(text)) : json_null();
}

static json_t *check_value(void const *finding)
{
	return text_value(((doctor_finding_t const *) finding)->check);
}

static json_t *level_value(void const *finding)
{
	return text_value(level_names[((doctor_finding_t const *) finding)->level]);
}

static json_t *node_value(void const *finding)
{
	return text_value(((doctor_finding_t const *) finding)->node);
}

static json_t *finding_value(void const *finding)
{
	return text_value(((doctor_finding_t const *) finding)->finding);
}

static json_t *cure_value(void const *finding)
{
	return text_value(((doctor_finding_t const *) finding)->cure);
}

static ctl_column_t const columns[] = {
	{ .name = "check", .value = check_value },
	{ .name = "level", .value = level_value },
	{ .name = "node", .value = node_value },
	{ .name = "finding", .value = finding_value },
	{ .name = "cure", .value = cure_value },
	{ .name = NULL }
};

static void print_table(doctor_t const *doctor)
{
	ctl_table_t *table = ctl_table_create(doctor->ctl->mem, columns, doctor->ctl->format, 0);

	for (size_t i = 0; i < doctor->n; i++) {
		if (doctor->ctl->quiet && doctor->findings[i].level < DOCTOR_WARNING) continue;
		ctl_table_add(table, &doctor->findings[i]);
	}
	ctl_table_print(table);
}

static void print_finding(doctor_finding_t const *finding)
{
	char *text = ctl_escape_text(NULL, finding->finding);

	printf("  %-7s  %-11s  %s\n", level_names[finding->level], finding->check, text);
	talloc_free(text);
}

static void print_cure(doctor_finding_t const *finding)
{
	char *cure;

	if (!finding->cure) return;
	cure = ctl_escape_text(NULL, finding->cure);
	printf("  %-7s  %-11s  -> %s\n", "", "", cure);
	talloc_free(cure);
}

static bool same_cure(doctor_finding_t const *a, doctor_finding_t const *b)
{
	return a->cure && b->cure ? strcmp(a->cure, b->cure) == 0 : a->cure == b->cure;
}

/* Where those end that are alike: of one check, level and node, with one cure. */
static size_t alike_end(doctor_t const *doctor, size_t first)
{
	doctor_finding_t const *a = &doctor->findings[first];
	size_t end = first + 1;

	for (; end < doctor->n; end++) {
		doctor_finding_t const *b = &doctor->findings[end];

		if (b->check != a->check || b->level != a->level || b->node != a->node) break;
		if (!same_cure(a, b)) break;
	}
	return end;
}

static void print_text(doctor_t const *doctor)
{
	char const *const nobody = "";
	char const *node = nobody;

	for (size_t i = 0, end; i < doctor->n; i = end) {
		doctor_finding_t const *first = &doctor->findings[i];

		end = alike_end(doctor, i);
		if (doctor->ctl->quiet && first->level < DOCTOR_WARNING) continue;
		if (first->node != node) {
			char *name = ctl_escape_text(NULL, first->node ? first->node : "Keys and devices");

			printf("%s%s\n", node == nobody ? "" : "\n", name);
			talloc_free(name);
			node = first->node;
		}
		for (size_t j = i; j < end && j < i + SHOWN_MAX; j++) print_finding(&doctor->findings[j]);
		if (end - i > SHOWN_MAX) {
			printf("  %-7s  %-11s  and %zu more: --json has them all\n", "", "", end - i - SHOWN_MAX);
		}
		print_cure(first);
	}
}

static void print_summary(doctor_t const *doctor)
{
	size_t n[DOCTOR_ERROR + 1] = { 0 };

	for (size_t i = 0; i < doctor->n; i++) n[doctor->findings[i].level]++;
	if (doctor->ctl->quiet && !n[DOCTOR_ERROR] && !n[DOCTOR_WARNING]) return;
	printf("\n%zu error%s, %zu warning%s\n", n[DOCTOR_ERROR], n[DOCTOR_ERROR] == 1 ? "" : "s",
	       n[DOCTOR_WARNING], n[DOCTOR_WARNING] == 1 ? "" : "s");
}

/*
 * --- Checking ---
 */
static void check_server(doctor_t *doctor, mpsk_checkup_t const *server)
{
	doctor->node = server->name;
	if (server->asked.status != MPSK_OK) {
		doctor->check = "answer";
		doctor_find(doctor, DOCTOR_ERROR, "bring it up, or let a replica take its place",
			    "it cannot be asked: %s", server->asked.why.text);
		return;
	}
	for (doctor_check_t const *check = doctor_server_checks; check->name; check++) {
		doctor->check = check->name;
		check->look(doctor, server);
	}
}

static ctl_exit_t check_servers(doctor_t *doctor)
{
	mpsk_checkup_t *servers;
	mpsk_error_t err = { "" };
	size_t n;
	bool whole;
	mpsk_status_t status = mpsk_store_checkup(doctor->ctl->store, doctor->ctl->mem, &servers, &n, &whole, &err);

	if (status != MPSK_OK) return ctl_fail(CTL_FAILED, "%s", err.text);
	/* With the one server away there is nothing to check. */
	if (n == 1 && servers[0].asked.status != MPSK_OK) return ctl_fail(CTL_FAILED, "%s", servers[0].asked.why.text);
	for (size_t i = 0; i < n; i++) check_server(doctor, &servers[i]);
	doctor->node = NULL;
	if (!whole) {
		doctor->check = "slots";
		doctor_find(doctor, DOCTOR_ERROR, "redis-cli --cluster fix",
			    "some slots of the cluster have no primary: the keys in them are away");
	}
	return CTL_OK;
}

static ctl_exit_t check_all(doctor_t *doctor)
{
	doctor_level_t worst = DOCTOR_OK;
	ctl_exit_t code = ctl_store(doctor->ctl);

	if (code == CTL_OK) code = check_servers(doctor);
	if (code != CTL_OK) return code;
	doctor_content(doctor);
	if (doctor->ctl->format != CTL_TEXT) {
		print_table(doctor);
	} else {
		print_text(doctor);
		print_summary(doctor);
	}
	for (size_t i = 0; i < doctor->n; i++) {
		if (doctor->findings[i].level > worst) worst = doctor->findings[i].level;
	}
	return level_exits[worst];
}

/*
 * --- The verb ---
 */
static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	call_t *call = state->input;

	if (key != ARGP_KEY_INIT) return ctl_args_parse(&call->args, key, state, 0, 0);
	state->child_inputs[0] = call->doctor.ctl;
	return 0;
}

static char const doc[] =
	"Check the servers, the keys and the devices, and say of each finding what cures it. Nothing is changed."
	"\v";

static char const doc_after[] =
	"\nExamples:\n"
	"  mpskctl doctor\n"
	"  mpskctl doctor --quiet || mail -s 'The key store' root\n"
	"  mpskctl doctor --json | jq '.[] | select(.level == \"error\")'\n\n"
	"The levels are ok, info (good to know, or not allowed to look), warning and error; --quiet leaves out the "
	"first two. The JSON is an array of objects: check, level, node (null for what all servers hold), finding, "
	"cure. "
	"Run it as the module's user, and on its machine: what it tells of access, clock and latency is theirs."
	"\n\nExit codes: 0 no warning and no error; 1 warnings; 2 errors, or a value of an option is wrong; 3 Redis "
	"cannot be reached or used, or the result cannot be written; 64 wrong options.";

static void print_checks(FILE *out, doctor_check_t const *checks)
{
	for (doctor_check_t const *check = checks; check->name; check++) {
		fprintf(out, "  %-13s%s\n", check->name, check->about);
	}
}

/* The tables of checks come before the examples. argp frees what is not the text that it gave. */
static char *help_filter(int key, char const *text, void *input __attribute__((unused)))
{
	char *help = NULL;
	size_t len = 0;
	FILE *out;

	if (key != ARGP_KEY_HELP_POST_DOC) return (char *) text;
	out = ctl_need(open_memstream(&help, &len));
	fputs("Checks of each server:\n", out);
	print_checks(out, doctor_server_checks);
	fputs("Checks of keys and devices:\n", out);
	print_checks(out, doctor_content_checks);
	fputs(doc_after, out);
	if (fclose(out) != 0) ctl_need(NULL);
	return help;
}

ctl_exit_t doctor(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = {
		.parser = parse_opt, .doc = doc, .children = children, .help_filter = help_filter
	};
	call_t call = { .doctor = { .ctl = ctl } };

	if (ctl_parse(&argp, argc, argv, 0, &call) != CTL_OK) return CTL_USAGE;
	return check_all(&call.doctor);
}
