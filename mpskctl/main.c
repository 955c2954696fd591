/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpskctl: manages the keys in Redis and shows who uses them.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "audit.h"
#include "verb.h"

#define TIMEOUT_DEFAULT_MS	5000

static ctl_t ctl;	/* of the run, for finish() to end it */

static ctl_verb_t const verbs[] = {
	{ "key", "add", "[ID]", "Add a key", key_add },
	{ "key", "list", "", "List keys", key_list },
	{ "key", "expiring", "", "List keys that expire soon", key_expiring },
	{ "key", "show", "ID", "Show a key and its devices", key_show },
	{ "key", "qr", "ID", "Show a key as a QR code", key_qr },
	{ "key", "mail", "ID...", "Mail keys to those who hold them", key_mail },
	{ "key", "edit", "ID", "Change fields of a key", key_edit },
	{ "key", "rotate", "[ID...]", "Give keys a new passphrase, with a grace for the old", key_rotate },
	{ "key", "delete", "[ID...]", "Delete keys", key_delete },
	{ "key", "enable", "[ID...]", "Let keys in again", key_enable },
	{ "key", "disable", "[ID...]", "Refuse keys, and keep them", key_disable },
	{ "key", "derive", "", "Derive and store the PMKs that keys lack", key_derive },
	{ "key", "import", "FILE", "Add the keys of a CSV or JSON file", key_import },
	{ "key", "export", "[FILE]", "Write keys to a CSV or JSON file", key_export },
	{ "device", "list", "ID", "List the devices of a key", device_list },
	{ "device", "add", "ID MAC...", "Make devices a key's before they were seen", device_add },
	{ "device", "forget", "ID MAC...", "Forget devices of a key, or --all", device_forget },
	{ "clients", NULL, "", "Show who is on the network", clients },
	{ "alerts", NULL, "", "Show signs that a passphrase has leaked", alerts },
	{ "kick", NULL, "[MAC...]", "Disconnect devices, which may come back", kick },
	{ "nas", "set", "NAS", "Say what is known of an access point", nas_set },
	{ "nas", "show", "NAS", "Show what is known of an access point", nas_show },
	{ "nas", "list", "", "List access points and what is known of them", nas_list },
	{ "nas", "remove", "NAS", "Remove what is known of an access point", nas_remove },
	{ "keyring", "init", "FILE", "Make a keyring, to seal passphrases with", keyring_init },
	{ "keyring", "add", "FILE", "Add a new key to a keyring", keyring_add },
	{ "keyring", "list", "FILE", "List the keys of a keyring", keyring_list },
	{ "rekey", NULL, "", "Seal all passphrases with the newest key of the keyring", rekey },
	{ "log", NULL, "", "Show who changed what", audit_log },
	{ "watch", NULL, "", "Show decisions of the servers as they are made", watch },
	{ "why", NULL, "MAC", "Explain what was decided of a device", why },
	{ "top", NULL, "", "Show what the servers are busy with", top },
	{ "metrics", NULL, "", "Show what the servers count and measure", metrics },
	{ "maintain", NULL, "", "Do what is due: ends of grace, rotations, reminders, ...", maintain },
	{ "doctor", NULL, "", "Check servers, keys and devices", doctor },
	{ "ping", NULL, "", "Ask whether Redis answers", ping },
	{ "resync", NULL, "--accept", "Have servers take over what Redis holds", resync },
};
#define N_VERBS (sizeof(verbs) / sizeof(*verbs))

typedef struct {
	ctl_t			*ctl;
	char const		*noun;
	ctl_verb_t const	*verb;
	int			next;	/* the first word after the verb */
} dispatch_t;

static ctl_verb_t const *verb_find(char const *noun, char const *name)
{
	for (size_t i = 0; i < N_VERBS; i++) {
		if (strcmp(verbs[i].noun, noun) != 0) continue;
		if (name ? verbs[i].name && strcmp(verbs[i].name, name) == 0 : !verbs[i].name) return &verbs[i];
	}
	return NULL;
}

/* "add, list, show": what may follow a noun; NULL where it is none. Belongs to mem. */
static char *verb_names(TALLOC_CTX *mem, char const *noun)
{
	char *names = NULL;

	for (size_t i = 0; i < N_VERBS; i++) {
		if (strcmp(verbs[i].noun, noun) != 0 || !verbs[i].name) continue;
		names = names ? talloc_asprintf_append(names, ", %s", verbs[i].name) :
				talloc_strdup(mem, verbs[i].name);
		ctl_need(names);
	}
	return names;
}

static error_t parse_word(dispatch_t *dispatch, char *word, struct argp_state *state)
{
	char const *names;

	if (!dispatch->noun) {
		dispatch->noun = word;
		dispatch->verb = verb_find(word, NULL);
		if (!dispatch->verb && !verb_names(dispatch->ctl->mem, word))
			ctl_stop(state, CTL_USAGE, "unknown verb '%s'", word);
	} else {
		dispatch->verb = verb_find(dispatch->noun, word);
		names = verb_names(dispatch->ctl->mem, dispatch->noun);
		if (!dispatch->verb)
			ctl_stop(state, CTL_USAGE, "unknown verb '%s %s'; there are: %s", dispatch->noun, word, names);
	}
	if (dispatch->verb) {
		/* The rest is the verb's own to parse. */
		dispatch->next = state->next;
		state->next = state->argc;
	}
	return 0;
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	dispatch_t *dispatch = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = dispatch->ctl;
		return 0;

	case ARGP_KEY_ARG:
		return parse_word(dispatch, arg, state);

	case ARGP_KEY_NO_ARGS:
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;

	case ARGP_KEY_SUCCESS:
		if (dispatch->noun && !dispatch->verb)
			ctl_stop(state, CTL_USAGE, "'%s' wants one of: %s", dispatch->noun,
				   verb_names(dispatch->ctl->mem, dispatch->noun));
		return 0;

	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static char const doc[] = "Manage the keys in Redis, and see who uses them.";

static char const doc_after[] =
	"Examples:\n"
	"  mpskctl key add bob --ssid Acme --max 3 --vlan 20 --generate\n"
	"  mpskctl device list bob\n\n"
	"`mpskctl key add --help` and the like tell more. The options above may stand before or after the verb.";

/* The table of verbs comes before the options. argp frees what is not the text that it gave. */
static char *help_filter(int key, char const *text, void *input __attribute__((unused)))
{
	char *table = NULL;
	size_t len = 0;
	FILE *out;

	if (key != ARGP_KEY_HELP_PRE_DOC && key != ARGP_KEY_HELP_POST_DOC) return (char *) text;
	out = ctl_need(open_memstream(&table, &len));
	if (key == ARGP_KEY_HELP_POST_DOC) {
		fprintf(out, "%s%s", doc_after, "" CTL_EXIT_DOC);
	} else {
		fprintf(out, "%s\n\nVerbs:\n", doc);
		for (size_t i = 0; i < N_VERBS; i++) {
			char words[32];

			snprintf(words, sizeof(words), "%s%s%s %s", verbs[i].noun, verbs[i].name ? " " : "",
				 verbs[i].name ? verbs[i].name : "", verbs[i].args);
			fprintf(out, "  %-28s%s\n", words, verbs[i].help);
		}
	}
	if (fclose(out) != 0) ctl_need(NULL);
	return table;
}

static ctl_exit_t dispatch_run(int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, NULL, 0 }, { 0 } };
	struct argp const argp = {
		.parser = parse_opt, .args_doc = "VERB", .doc = "\v", .children = children, .help_filter = help_filter
	};
	dispatch_t dispatch = { .ctl = &ctl };
	char *name;

	if (ctl_parse(&argp, argc, argv, ARGP_IN_ORDER, &dispatch) != CTL_OK) return CTL_USAGE;
	name = ctl_need(talloc_asprintf(ctl.mem, "mpskctl %s%s%s", dispatch.verb->noun,
					dispatch.verb->name ? " " : "",
					dispatch.verb->name ? dispatch.verb->name : ""));
	argv[dispatch.next - 1] = name;
	ctl.verb = name + strlen("mpskctl ");
	return dispatch.verb->run(&ctl, argc - dispatch.next + 1, argv + dispatch.next - 1);
}

/* At every way out, --help's among them. Whoever closed a pipe has read enough, and is told nothing. */
static void finish(void)
{
	ctl_audit_end(&ctl);
	TALLOC_FREE(ctl.mem);
	errno = 0;
	if (ctl_output_end()) return;
	if (errno != EPIPE) ctl_fail(CTL_FAILED, "cannot write the result%s%s", errno ? ": " : "",
				     errno ? strerror(errno) : "");
	_exit(CTL_FAILED);
}

/* Without them the connection to Redis could become the standard output. Reading and writing still fail. */
static void keep_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0) continue;
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) _exit(CTL_FAILED);
	}
}

int main(int argc, char **argv)
{
	static char program[] = "mpskctl";

	keep_streams();
	/* No core file, and no debugger of another process of the same user: passphrases are in memory. */
	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGPIPE, SIG_IGN);
	setlocale(LC_CTYPE, "");
	ctl_output_begin();
	if (atexit(finish) != 0) return ctl_fail(CTL_FAILED, "out of memory");

	ctl.config = mpsk_store_defaults;
	ctl.now = (int64_t) time(NULL);
	ctl.mem = ctl_need(talloc_new(NULL));
	ctl_environment(&ctl);
	ctl.config.connect_ms = ctl.config.command_ms = TIMEOUT_DEFAULT_MS;
	ctl.config.retry_ms = 0;
	if (argc > 0) argv[0] = program;
	return dispatch_run(argc, argv);
}
