/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "key/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/secret.h"
#include "verb.h"

#define OPT_ID		0x300
#define FILE_MODE	0400

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	char const	*id;
} keyring_t;

static struct argp_option const options[] = {
	{ .name = "id", .key = OPT_ID, .arg = "ID", .group = 1,
	  .doc = "What the new key is called, in the file and in each value that it seals; of A-Z a-z 0-9 . _ - "
		 "[k, today's date, - and a number]" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	keyring_t *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = input->ctl;
		return 0;

	case OPT_ID:
		input->id = arg;
		return 0;

	default:
		return ctl_args_parse(&input->args, key, state, 1, 1);
	}
}

static ctl_exit_t parse(keyring_t *input, int argc, char **argv, struct argp_option const *own, char const *doc)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = {
		.options = own, .parser = parse_opt, .args_doc = "FILE", .doc = doc, .children = children
	};

	return ctl_parse(&argp, argc, argv, 0, input);
}

/*
 * --- Files ---
 */
static ctl_exit_t load(ctl_t *ctl, mpsk_keyring_t **keyring, char const *file)
{
	mpsk_error_t err = { "" };

	if (mpsk_keyring_load(ctl->mem, keyring, file, &err) == MPSK_OK) return CTL_OK;
	return ctl_fail(CTL_INVALID, "%s", err.text);
}

static bool write_all(int fd, char const *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0) return false;
		text += n;
		len -= (size_t) n;
	}
	return true;
}

/* Everything of one file into another, and a newline where its last line has none. */
static bool copy(int to, int from)
{
	char buf[4096], last = '\n';
	bool copied = true;
	ssize_t n;

	while (copied && (n = read(from, buf, sizeof(buf))) != 0) {
		copied = n > 0 && write_all(to, buf, (size_t) n);
		if (n > 0) last = buf[n - 1];
	}
	mpsk_secret_wipe(buf, sizeof(buf));
	return copied && (last == '\n' || write_all(to, "\n", 1));
}

/* A name that no KEK of the keyring has. */
static void id_make(char id[static MPSK_KEK_ID_MAX + 1], ctl_t const *ctl, mpsk_keyring_t const *keyring)
{
	time_t now = (time_t) ctl->now;
	char date[16] = "";
	struct tm tm;

	if (localtime_r(&now, &tm)) strftime(date, sizeof(date), "%Y%m%d", &tm);
	for (unsigned n = 1; n <= MPSK_KEYRING_MAX + 1; n++) {
		snprintf(id, MPSK_KEK_ID_MAX + 1, "k%s-%u", date, n);
		if (!keyring || !mpsk_keyring_find(keyring, id, strlen(id))) return;
	}
}

static ctl_exit_t line_make(char line[static MPSK_KEYRING_LINE_MAX], keyring_t const *input,
			    mpsk_keyring_t const *keyring, char id[static MPSK_KEK_ID_MAX + 1])
{
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	id_make(id, input->ctl, keyring);
	status = mpsk_keyring_line(line, input->id ? input->id : id, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "--id: %s", err.text);
	if (input->id) snprintf(id, MPSK_KEK_ID_MAX + 1, "%s", input->id);
	if (keyring && mpsk_keyring_find(keyring, id, strlen(id)))
		return ctl_fail(CTL_INVALID, "--id: the keyring has a key %s already", id);
	return CTL_OK;
}

static void say(ctl_t const *ctl, char const *file, char const *id)
{
	if (!ctl->quiet) printf("%s: the key %s seals from now on\n", file, id);
}

/*
 * --- init ---
 */
static char const init_doc[] =
	"Make a keyring, with one key: what seals passphrases and PMKs in Redis. Only its owner may read the file. It "
	"is to be copied to each server, and kept safe: without it what is sealed is lost."
	"\vExample:\n"
	"  mpskctl keyring init /etc/freeradius/3.0/certs/mpsk.keyring" CTL_EXIT_DOC;

static ctl_exit_t init_write(char const *file, char const *line)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	bool written;

	if (fd < 0) return ctl_fail(errno == EEXIST ? CTL_INVALID : CTL_FAILED, "%s: %s", file, strerror(errno));
	written = write_all(fd, line, strlen(line)) && fsync(fd) == 0;
	if (close(fd) == 0 && written) return CTL_OK;
	ctl_fail(CTL_FAILED, "%s: %s", file, strerror(errno));
	unlink(file);
	return CTL_FAILED;
}

ctl_exit_t keyring_init(ctl_t *ctl, int argc, char **argv)
{
	keyring_t input = { .ctl = ctl };
	char line[MPSK_KEYRING_LINE_MAX], id[MPSK_KEK_ID_MAX + 1];
	ctl_exit_t code;

	if (parse(&input, argc, argv, options, init_doc) != CTL_OK) return CTL_USAGE;
	if ((code = line_make(line, &input, NULL, id)) != CTL_OK) return code;
	code = init_write(input.args.v[0], line);
	mpsk_secret_wipe(line, sizeof(line));
	if (code == CTL_OK) say(ctl, input.args.v[0], id);
	return code;
}

/*
 * --- add ---
 */
static char const add_doc[] =
	"Add a new key to a keyring, which seals from now on; those that are there go on opening. Copy the file to "
	"each server and restart it before `mpskctl rekey`, for a server refuses what it cannot open."
	"\vExample:\n"
	"  mpskctl keyring add /etc/freeradius/3.0/certs/mpsk.keyring" CTL_EXIT_DOC;

/* The new file is whole, and a keyring, before it takes the name of the old one. */
static ctl_exit_t add_write(ctl_t *ctl, char const *file, char const *line)
{
	char *name = ctl_need(talloc_asprintf(ctl->mem, "%s.XXXXXX", file));
	int from = open(file, O_RDONLY | O_CLOEXEC), to = from < 0 ? -1 : mkstemp(name);
	mpsk_keyring_t *whole;
	struct stat st;
	bool written;
	ctl_exit_t code;

	if (to < 0) {
		code = ctl_fail(CTL_FAILED, "%s: %s", file, strerror(errno));
		if (from >= 0) close(from);
		return code;
	}
	written = fstat(from, &st) == 0 && fchown(to, st.st_uid, st.st_gid) == 0 &&
		  fchmod(to, st.st_mode & 07777) == 0 && copy(to, from) && write_all(to, line, strlen(line)) &&
		  fsync(to) == 0;
	code = written ? load(ctl, &whole, name) : ctl_fail(CTL_FAILED, "%s: %s", file, strerror(errno));
	close(from);
	close(to);
	if (code == CTL_OK && rename(name, file) != 0) code = ctl_fail(CTL_FAILED, "%s: %s", file, strerror(errno));
	if (code != CTL_OK) unlink(name);
	return code;
}

ctl_exit_t keyring_add(ctl_t *ctl, int argc, char **argv)
{
	keyring_t input = { .ctl = ctl };
	char line[MPSK_KEYRING_LINE_MAX], id[MPSK_KEK_ID_MAX + 1];
	mpsk_keyring_t *keyring;
	ctl_exit_t code;

	if (parse(&input, argc, argv, options, add_doc) != CTL_OK) return CTL_USAGE;
	if ((code = load(ctl, &keyring, input.args.v[0])) != CTL_OK) return code;
	if ((code = line_make(line, &input, keyring, id)) == CTL_OK) code = add_write(ctl, input.args.v[0], line);
	mpsk_secret_wipe(line, sizeof(line));
	if (code == CTL_OK) say(ctl, input.args.v[0], id);
	return code;
}

/*
 * --- list ---
 */
static char const list_doc[] =
	"List the keys of a keyring, the oldest first: their names, and which one seals."
	"\vExample:\n"
	"  mpskctl keyring list /etc/freeradius/3.0/certs/mpsk.keyring" CTL_EXIT_DOC;

typedef struct {
	char const	*id;
	bool		seals;
} row_t;

static json_t *id_value(void const *row)
{
	return json_string(((row_t const *) row)->id);
}

static json_t *seals_value(void const *row)
{
	return json_boolean(((row_t const *) row)->seals);
}

static char *seals_text(TALLOC_CTX *ctx, json_t const *value)
{
	return ctl_need(talloc_strdup(ctx, json_is_true(value) ? "yes" : "no"));
}

static ctl_column_t const columns[] = {
	{ .name = "id", .heading = "ID", .value = id_value },
	{ .name = "seals", .heading = "SEALS", .value = seals_value, .text = seals_text },
	{ .name = NULL }
};

ctl_exit_t keyring_list(ctl_t *ctl, int argc, char **argv)
{
	keyring_t input = { .ctl = ctl };
	mpsk_keyring_t *keyring;
	ctl_table_t *table;
	ctl_exit_t code;

	if (parse(&input, argc, argv, NULL, list_doc) != CTL_OK) return CTL_USAGE;
	if ((code = load(ctl, &keyring, input.args.v[0])) != CTL_OK) return code;
	table = ctl_table_create(ctl->mem, columns, ctl->format, 0);
	for (size_t i = 0; i < keyring->n; i++) {
		row_t const row = { .id = keyring->keks[i].id, .seals = i + 1 == keyring->n };

		ctl_table_add(table, &row);
	}
	ctl_table_print(table);
	return CTL_OK;
}
