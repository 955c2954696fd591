/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ctl.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "base/text.h"

enum {
	OPT_REDIS = 0x100,
	OPT_PASSWORD_FILE,
	OPT_SENTINEL_USER,
	OPT_SENTINEL_PASSWORD_FILE,
	OPT_KEYRING,
	OPT_NAS_FILE,
	OPT_TLS_CA_FILE,
	OPT_TLS_CA_PATH,
	OPT_TLS_CERTIFICATE_FILE,
	OPT_TLS_PRIVATE_KEY_FILE,
	OPT_TLS_SERVER_NAME,
	OPT_JSON,
	OPT_TSV,
	OPT_TIMEOUT,
	OPT_AS
};

#define TIMEOUT_MAX 3600

static struct argp_option const options[] = {
	{ .name = "redis", .key = OPT_REDIS, .arg = "URI",
	  .doc = "redis://[user[:password]@]host[:port][,host...][/db], unix://[user[:password]@]/path[?db=N], "
		 "redis+sentinel://[user[:password]@]host[:port][,host...]/master[/db] or "
		 "redis+cluster://[user[:password]@]host[:port][,host...]; with TLS rediss in place of redis "
		 "[$MPSK_REDIS, else redis://127.0.0.1:6379]. Other users see a password that stands here: "
		 "prefer --password-file" },
	{ .name = "password-file", .key = OPT_PASSWORD_FILE, .arg = "FILE",
	  .doc = "The first line is the password of Redis [$MPSK_PASSWORD_FILE]" },
	{ .name = "sentinel-user", .key = OPT_SENTINEL_USER, .arg = "NAME",
	  .doc = "The user of Sentinels, with a password [$MPSK_SENTINEL_USER]" },
	{ .name = "sentinel-password-file", .key = OPT_SENTINEL_PASSWORD_FILE, .arg = "FILE",
	  .doc = "The first line is the password of Sentinels [$MPSK_SENTINEL_PASSWORD_FILE]" },
	{ .name = "keyring", .key = OPT_KEYRING, .arg = "FILE",
	  .doc = "Passphrases and PMKs are sealed in Redis, and opened, with the keys of FILE [$MPSK_KEYRING]" },
	{ .name = "nas-file", .key = OPT_NAS_FILE, .arg = "FILE",
	  .doc = "The secrets shared with access points, by which devices are disconnected, stand in FILE "
		 "[$MPSK_NAS_FILE, else in Redis: see `nas set`]" },
	{ .name = "tls-ca-file", .key = OPT_TLS_CA_FILE, .arg = "FILE",
	  .doc = "CAs to trust, PEM [$MPSK_TLS_CA_FILE, else those of the system]" },
	{ .name = "tls-ca-path", .key = OPT_TLS_CA_PATH, .arg = "DIR",
	  .doc = "The same as a folder, as c_rehash(1) makes it [$MPSK_TLS_CA_PATH]" },
	{ .name = "tls-certificate-file", .key = OPT_TLS_CERTIFICATE_FILE, .arg = "FILE",
	  .doc = "Our certificate, PEM [$MPSK_TLS_CERTIFICATE_FILE]" },
	{ .name = "tls-private-key-file", .key = OPT_TLS_PRIVATE_KEY_FILE, .arg = "FILE",
	  .doc = "Its key, PEM, under no passphrase [$MPSK_TLS_PRIVATE_KEY_FILE]" },
	{ .name = "tls-server-name", .key = OPT_TLS_SERVER_NAME, .arg = "NAME",
	  .doc = "What the servers' certificates are for, where not the host connected to [$MPSK_TLS_SERVER_NAME]" },
	{ .name = "timeout", .key = OPT_TIMEOUT, .arg = "SECONDS",
	  .doc = "How long Redis may take to connect, and for each command [5]" },
	{ .name = "as", .key = OPT_AS, .arg = "NAME",
	  .doc = "Who changes something, for `mpskctl log` [$MPSK_AS, else the account, behind sudo too]" },
	{ .name = "json", .key = OPT_JSON, .doc = "The result as JSON" },
	{ .name = "tsv", .key = OPT_TSV,
	  .doc = "The result as tab-separated values under a line of names; \\t, \\n, \\\\ and \\xNN are escapes" },
	{ .name = "quiet", .key = 'q', .doc = "Say nothing about success" },
	{ .name = "help", .key = 'h', .doc = "Print this and end" },
	{ .name = "version", .key = 'V', .doc = "Print the version and end" },
	{ 0 }
};

/* Where each text goes, and the variable of the environment that stands for the option. */
typedef struct {
	int		key;
	char const	*variable;
	size_t		offset;		/* in ctl_t */
} text_option_t;

static text_option_t const text_options[] = {
	{ OPT_REDIS, "MPSK_REDIS", offsetof(ctl_t, config.uri) },
	{ OPT_PASSWORD_FILE, "MPSK_PASSWORD_FILE", offsetof(ctl_t, config.password_file) },
	{ OPT_SENTINEL_USER, "MPSK_SENTINEL_USER", offsetof(ctl_t, config.sentinel_user) },
	{ OPT_SENTINEL_PASSWORD_FILE, "MPSK_SENTINEL_PASSWORD_FILE",
	  offsetof(ctl_t, config.sentinel_password_file) },
	{ OPT_KEYRING, "MPSK_KEYRING", offsetof(ctl_t, config.keyring) },
	{ OPT_NAS_FILE, "MPSK_NAS_FILE", offsetof(ctl_t, nas_file) },
	{ OPT_TLS_CA_FILE, "MPSK_TLS_CA_FILE", offsetof(ctl_t, config.tls.ca_file) },
	{ OPT_TLS_CA_PATH, "MPSK_TLS_CA_PATH", offsetof(ctl_t, config.tls.ca_path) },
	{ OPT_TLS_CERTIFICATE_FILE, "MPSK_TLS_CERTIFICATE_FILE", offsetof(ctl_t, config.tls.certificate_file) },
	{ OPT_TLS_PRIVATE_KEY_FILE, "MPSK_TLS_PRIVATE_KEY_FILE", offsetof(ctl_t, config.tls.private_key_file) },
	{ OPT_TLS_SERVER_NAME, "MPSK_TLS_SERVER_NAME", offsetof(ctl_t, config.tls.server_name) },
};
#define N_TEXT_OPTIONS (sizeof(text_options) / sizeof(*text_options))

static void text_set(ctl_t *ctl, text_option_t const *option, char const *value)
{
	char const **to = (char const **) (void *) ((char *) ctl + option->offset);

	*to = value;
}

void ctl_environment(ctl_t *ctl)
{
	for (size_t i = 0; i < N_TEXT_OPTIONS; i++) {
		char const *value = getenv(text_options[i].variable);

		if (value && *value) text_set(ctl, &text_options[i], value);
	}
	if (getenv("MPSK_AS") && *getenv("MPSK_AS")) ctl->as = getenv("MPSK_AS");
}

static error_t text_parse(ctl_t *ctl, int key, char const *arg)
{
	for (size_t i = 0; i < N_TEXT_OPTIONS; i++) {
		if (text_options[i].key != key) continue;
		text_set(ctl, &text_options[i], arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static error_t timeout_parse(ctl_t *ctl, char const *arg, struct argp_state *state)
{
	char *end;
	double seconds = strtod(arg, &end);

	if (end == arg || *end || !isfinite(seconds) || seconds < 0.001 || seconds > TIMEOUT_MAX)
		ctl_stop(state, CTL_INVALID, "--timeout: expected seconds, 0.001 to %d", TIMEOUT_MAX);
	ctl->config.connect_ms = (int) (seconds * 1000);
	ctl->config.command_ms = ctl->config.connect_ms;
	return 0;
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	ctl_t *ctl = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		/* What argp itself would say points to its --usage, and here that is a field of a key. */
		state->err_stream = NULL;
		return 0;

	case OPT_JSON:
		ctl->format = CTL_JSON;
		return 0;

	case OPT_TSV:
		ctl->format = CTL_TSV;
		return 0;

	case OPT_TIMEOUT:
		return timeout_parse(ctl, arg, state);

	case OPT_AS:
		ctl->as = arg;
		return 0;

	case 'q':
		ctl->quiet = true;
		return 0;

	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;

	case 'V':
		puts("mpskctl " MPSK_VERSION);
		exit(CTL_OK);

	default:
		return text_parse(ctl, key, arg);
	}
}

struct argp const ctl_argp = { .options = options, .parser = parse_opt };

static void see_help(char const *name)
{
	fprintf(stderr, "See `%s --help`.\n", name);
}

ctl_exit_t ctl_parse(struct argp const *argp, int argc, char **argv, unsigned flags, void *input)
{
	/* What getopt has to say, it has said by then. */
	if (argp_parse(argp, argc, argv, flags | ARGP_NO_HELP, NULL, input) == 0) return CTL_OK;
	see_help(argv[0]);
	return CTL_USAGE;
}

void ctl_stop(struct argp_state const *state, ctl_exit_t code, char const *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", state->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	if (code == CTL_USAGE) see_help(state->name);
	exit(code);
}

error_t ctl_args_parse(ctl_args_t *args, int key, struct argp_state *state, int min, int max)
{
	switch (key) {
	case ARGP_KEY_ARGS:
		args->v = state->argv + state->next;
		args->n = state->argc - state->next;
		return 0;

	case ARGP_KEY_END:
		if (args->n < min) ctl_stop(state, CTL_USAGE, "an operand is missing");
		if (args->n > max) ctl_stop(state, CTL_USAGE, "too many operands: '%s'", args->v[max]);
		return 0;

	default:
		return ARGP_ERR_UNKNOWN;
	}
}

ctl_exit_t ctl_store(ctl_t *ctl)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_store_create(ctl->mem, &ctl->store, &ctl->config, &err);

	return status == MPSK_OK ? CTL_OK : ctl_fail(ctl_exit_of(status), "%s", err.text);
}

ctl_exit_t ctl_open(ctl_t *ctl)
{
	mpsk_error_t err = { "" };
	mpsk_store_info_t info;
	ctl_exit_t code = ctl_store(ctl);

	if (code != CTL_OK) return code;
	/* Asked here, so that later a BAD can only mean the key at hand, and not a refused password. */
	if (mpsk_store_ping(ctl->store, &info, &err) != MPSK_OK) return ctl_fail(CTL_FAILED, "%s", err.text);
	if (mpsk_store_readable(ctl->store, &err) != MPSK_OK) return ctl_fail(CTL_FAILED, "%s", err.text);
	ctl_audit_begin(ctl);
	return CTL_OK;
}

mpsk_keyring_t const *ctl_keyring(ctl_t const *ctl)
{
	return ctl->store ? mpsk_store_keyring(ctl->store) : NULL;
}

ctl_exit_t ctl_fail(ctl_exit_t code, char const *fmt, ...)
{
	va_list ap;

	/* What was printed so far comes first, wherever the two streams go. */
	fflush(stdout);
	fputs("mpskctl: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return code;
}

ctl_exit_t ctl_exit_of(mpsk_status_t status)
{
	static ctl_exit_t const codes[] = {
		[MPSK_OK] = CTL_OK,
		[MPSK_MISS] = CTL_NOTHING,
		[MPSK_AGAIN] = CTL_FAILED,
		[MPSK_BAD] = CTL_INVALID,
		[MPSK_ERR] = CTL_FAILED,
	};

	return codes[status];
}

ctl_exit_t ctl_fail_status(mpsk_status_t status, char const *id, mpsk_error_t const *err)
{
	if (status == MPSK_MISS) return ctl_fail(CTL_NOTHING, "there is no key %s", id);
	return ctl_fail(ctl_exit_of(status), "key %s: %s", id, err->text);
}

ctl_exit_t ctl_check_id(char const *id)
{
	if (mpsk_id_valid(id, strlen(id))) return CTL_OK;
	return ctl_fail(CTL_INVALID, "ID: 1 to %d of the characters A-Z a-z 0-9 . _ - are allowed", MPSK_ID_MAX);
}

void *ctl_need(void *p)
{
	if (!p) exit(ctl_fail(CTL_FAILED, "out of memory"));
	return p;
}
