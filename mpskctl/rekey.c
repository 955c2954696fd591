/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "bulk.h"
#include "key/seal.h"
#include "progress.h"
#include "store/nas.h"
#include "verb.h"

#define TRIES	5	/* of a key that is edited meanwhile */

enum {
	OPT_DRY_RUN = 0x300,
	OPT_CLEAR
};

/* A key to be sealed. */
typedef struct wanting wanting_t;
struct wanting {
	wanting_t	*next;
	char		id[MPSK_ID_MAX + 1];
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	args;
	bool		dry_run;
	bool		clear;
	unsigned	unwanted;	/* forms that are to be gone */

	wanting_t	*wanting;
	size_t		n_wanting;
	ctl_progress_t	progress;

	/* The result. */
	size_t		current;
	size_t		malformed;
	_Atomic size_t	rewritten;
	_Atomic size_t	gone;		/* or there was nothing left to do */
	_Atomic size_t	failed;
	size_t		nases;		/* whose secrets were rewritten, or are to be */
} rekey_t;

static struct argp_option const options[] = {
	{ .name = "dry-run", .key = OPT_DRY_RUN, .group = 1, .doc = "Only count" },
	{ .name = "clear", .key = OPT_CLEAR, .group = 1, .doc = "Put everything back in clear" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	rekey_t *rekey = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = rekey->ctl;
		return 0;

	case OPT_DRY_RUN:
		rekey->dry_run = true;
		return 0;

	case OPT_CLEAR:
		rekey->clear = true;
		return 0;

	default:
		return ctl_args_parse(&rekey->args, key, state, 0, 0);
	}
}

static char const doc[] =
	"Seal the passphrases and PMKs of all keys, and the secrets shared with access points, with the newest key of "
	"the keyring: those in clear, and those that an older one sealed."
	"\vExamples:\n"
	"  mpskctl rekey --keyring /etc/freeradius/3.0/certs/mpsk.keyring\n"
	"  mpskctl rekey --clear --keyring /etc/freeradius/3.0/certs/mpsk.keyring\n\n"
	"Every server has to have the keyring by then. Devices go on undisturbed: each key changes in one step, unless "
	"somebody changes its passphrase meanwhile, and is then read anew. It may be broken off, and run again."
	CTL_EXIT_DOC;

static mpsk_status_t look(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	rekey_t *rekey = uctx;
	wanting_t *wanting;

	if (!key) {
		ctl_fail(CTL_OK, "key %s is malformed, and left as it is: %s", id, err->text);
		rekey->malformed++;
		return MPSK_OK;
	}
	if (!(key->forms & rekey->unwanted)) {
		rekey->current++;
		return MPSK_OK;
	}
	wanting = ctl_need(talloc_zero(rekey->ctl->mem, wanting_t));
	snprintf(wanting->id, sizeof(wanting->id), "%s", key->id);
	wanting->next = rekey->wanting;
	rekey->wanting = wanting;
	rekey->n_wanting++;
	return MPSK_OK;
}

/* One attempt. AGAIN: somebody was faster, or Redis is away. */
static mpsk_status_t rewrite(rekey_t *rekey, char const *id, bool *done, mpsk_error_t *err)
{
	mpsk_key_t *key = NULL;
	mpsk_status_t status = mpsk_store_key_read(rekey->ctl->store, NULL, id, &key, err);

	*done = false;
	if (status == MPSK_OK && (key->forms & rekey->unwanted)) {
		status = mpsk_store_key_reseal(rekey->ctl->store, key, rekey->clear, err);
		*done = status == MPSK_OK;
	}
	talloc_free(key);
	return status;
}

/* On threads of the bulk. */
static mpsk_status_t rewrite_key(void *uctx, void *what, wpa_pmk_t const *pmk __attribute__((unused)))
{
	rekey_t *rekey = uctx;
	wanting_t const *wanting = what;
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_AGAIN;
	bool done = false;

	for (int i = 0; i < TRIES && status == MPSK_AGAIN; i++) status = rewrite(rekey, wanting->id, &done, &err);
	ctl_progress_step(&rekey->progress);
	if (done) {
		rekey->rewritten++;
	} else if (status == MPSK_OK || status == MPSK_MISS) {
		rekey->gone++;
	} else {
		ctl_fail(CTL_OK, "key %s: %s", wanting->id, err.text);
		rekey->failed++;
		if (status != MPSK_BAD) return MPSK_ERR;
	}
	return MPSK_OK;
}

static ctl_exit_t rewrite_all(rekey_t *rekey)
{
	mpsk_status_t status = MPSK_OK;
	ctl_bulk_t *bulk;

	if (rekey->n_wanting == 0) return CTL_OK;
	ctl_progress_begin(&rekey->progress, rekey->ctl, "keys", rekey->n_wanting);
	bulk = ctl_bulk_begin(rewrite_key, rekey);
	for (wanting_t *w = rekey->wanting; w && status == MPSK_OK; w = w->next) {
		status = ctl_bulk_add(bulk, &(ctl_bulk_want_t) { .what = w });
	}
	status = ctl_bulk_end(bulk);
	ctl_progress_end(&rekey->progress);
	return status == MPSK_OK ? CTL_OK : CTL_FAILED;
}

/*
 * --- Secrets of NASes ---
 */
static bool nas_wants(rekey_t const *rekey, mpsk_nas_row_t const *nas)
{
	mpsk_field_t const *secret = mpsk_nas_row_field(nas, "secret");
	mpsk_kek_t const *newest = mpsk_keyring_newest(ctl_keyring(rekey->ctl));

	if (!secret) return false;
	if (rekey->clear) return mpsk_seal_is(secret->value, secret->value_len);
	return !mpsk_seal_is_by(newest, secret->value, secret->value_len);
}

static mpsk_status_t nas_rewrite(rekey_t *rekey, char const *id, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_AGAIN;

	for (int i = 0; i < TRIES && status == MPSK_AGAIN; i++) {
		mpsk_nas_row_t *nas = NULL;

		status = mpsk_store_nas_read(rekey->ctl->store, NULL, id, &nas, err);
		if (status == MPSK_OK) status = mpsk_store_nas_reseal(rekey->ctl->store, nas, rekey->clear, err);
		talloc_free(nas);
	}
	return status;
}

static mpsk_status_t nas_look(void *uctx, char const *id, mpsk_nas_row_t const *nas,
			      mpsk_error_t const *why __attribute__((unused)))
{
	rekey_t *rekey = uctx;
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	if (!nas || !nas_wants(rekey, nas)) return MPSK_OK;
	status = rekey->dry_run ? MPSK_OK : nas_rewrite(rekey, id, &err);
	if (status == MPSK_OK) {
		rekey->nases++;
	} else if (status != MPSK_MISS) {
		ctl_fail(CTL_OK, "%s", err.text);
		rekey->failed++;
		if (status != MPSK_BAD) return status;
	}
	return MPSK_OK;
}

static ctl_exit_t nases_rewrite(rekey_t *rekey)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_store_nas_each(rekey->ctl->store, nas_look, rekey, &err);

	return status == MPSK_OK ? CTL_OK : ctl_fail(CTL_FAILED, "NASes: %s", err.text);
}

#define COUNT(_member) \
	static json_t *_member##_value(void const *record) \
	{ \
		return json_integer((json_int_t) ((rekey_t const *) record)->_member); \
	}
COUNT(n_wanting)
COUNT(rewritten)
COUNT(current)
COUNT(gone)
COUNT(failed)
COUNT(malformed)
COUNT(nases)

static ctl_column_t const columns[] = {
	{ .name = "wanted", .value = n_wanting_value },
	{ .name = "rewritten", .value = rewritten_value },
	{ .name = "current", .value = current_value },
	{ .name = "gone", .value = gone_value },
	{ .name = "failed", .value = failed_value },
	{ .name = "malformed", .value = malformed_value },
	{ .name = "nases", .value = nases_value },
	{ .name = NULL }
};

static void print(rekey_t const *rekey)
{
	char const *what = rekey->clear ? "put in clear" : "sealed";

	if (rekey->ctl->format != CTL_TEXT) {
		ctl_record_print(columns, rekey->ctl->format, 0, rekey);
		return;
	}
	if (rekey->ctl->quiet) return;
	if (rekey->dry_run) {
		printf("%zu keys are to be %s; %zu are\n", rekey->n_wanting, what, rekey->current);
	} else {
		printf("%zu keys %s; %zu were\n", (size_t) rekey->rewritten, what, rekey->current);
	}
	if (rekey->nases) printf("%zu secrets of NASes %s%s\n", rekey->nases, rekey->dry_run ? "are to be " : "", what);
}

ctl_exit_t rekey(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	rekey_t input = { .ctl = ctl };
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &input) != CTL_OK) return CTL_USAGE;
	if (!ctl->config.keyring) return ctl_fail(CTL_USAGE, "give --keyring FILE, which `mpskctl keyring init` makes");
	input.unwanted = input.clear ? MPSK_KEY_SEALED_BEFORE | MPSK_KEY_SEALED_NEWEST :
				       MPSK_KEY_SEALED_BEFORE | MPSK_KEY_IN_CLEAR;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	status = mpsk_store_key_each(ctl->store, look, &input, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	if (!input.dry_run) code = rewrite_all(&input);
	if (code == CTL_OK) code = nases_rewrite(&input);
	print(&input);
	return code == CTL_OK && (input.malformed || input.failed) ? CTL_INVALID : code;
}
