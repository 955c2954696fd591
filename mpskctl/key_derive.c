/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "bulk.h"
#include "fields.h"
#include "progress.h"
#include "verb.h"

enum {
	OPT_SSID = 0x300,
	OPT_DRY_RUN
};

/* A key that has no PMK for its SSID, or for the one that was named. */
typedef struct wanting wanting_t;
struct wanting {
	wanting_t	*next;
	char		id[MPSK_ID_MAX + 1];
	char		fingerprint[MPSK_FINGERPRINT_LEN + 1];
	wpa_psk_t	psk;
	mpsk_ssid_t	ssid;
};

typedef struct {
	ctl_t		*ctl;
	ctl_args_t	ids;
	bool		has_ssid;
	mpsk_ssid_t	ssid;
	bool		dry_run;

	wanting_t	*wanting;
	size_t		n_wanting;
	ctl_progress_t	progress;

	/* The result. */
	size_t		stored;		/* keys that have their PMK already, or need none */
	size_t		no_ssid;	/* keys for every SSID, where none was named */
	size_t		malformed;
	_Atomic size_t	derived;
	_Atomic size_t	changed;	/* keys whose passphrase changed meanwhile, or that are gone */
} derive_t;

static struct argp_option const options[] = {
	{ .name = "ssid", .key = OPT_SSID, .arg = "SSID", .group = 1,
	  .doc = "For this SSID alone; keys for every SSID get their PMK for it too" },
	{ .name = "dry-run", .key = OPT_DRY_RUN, .group = 1, .doc = "Only count" },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	derive_t *derive = state->input;
	mpsk_error_t err = { "" };

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = derive->ctl;
		return 0;

	case OPT_SSID:
		derive->has_ssid = true;
		if (ctl_fields_ssid(&derive->ssid, arg, &err) != MPSK_OK)
			ctl_stop(state, CTL_INVALID, "--ssid: %s", err.text);
		return 0;

	case OPT_DRY_RUN:
		derive->dry_run = true;
		return 0;

	default:
		return ctl_args_parse(&derive->ids, key, state, 0, 0);
	}
}

static char const doc[] =
	"Derive the PMKs that keys do not have yet, and store them beside the keys."
	"\vExamples:\n"
	"  mpskctl key derive\n"
	"  mpskctl key derive --ssid 'Acme Guests'\n\n"
	"A passphrase is matched by the PMK that it gives with the SSID, which takes 4096 rounds to derive. `key add` "
	"and `key edit` store it; a key that was written by hand has none, and each server derives it when it reads "
	"the key. After writing many keys by hand, or before a new SSID opens that keys for every SSID are good on, "
	"this does it once for all servers, on every core." CTL_EXIT_DOC;

/* Whether a PMK is to be derived for this key, and for which SSID. */
static bool is_wanting(derive_t *derive, mpsk_key_t const *key, mpsk_ssid_t *ssid)
{
	if (derive->has_ssid && !mpsk_key_has_ssid(key, &derive->ssid)) return false;
	if (key->any_ssid && !derive->has_ssid) {
		derive->no_ssid++;
		return false;
	}
	*ssid = derive->has_ssid ? derive->ssid : key->ssid;
	/* 64 hex digits are the PMK. */
	if (!wpa_psk_is_pmk(&key->psk) && !mpsk_key_pmk(key, ssid)) return true;
	derive->stored++;
	return false;
}

static int wanting_wipe(wanting_t *wanting)
{
	mpsk_secret_wipe(wanting, sizeof(*wanting));
	return 0;
}

static mpsk_status_t look(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	derive_t *derive = uctx;
	wanting_t *wanting;
	mpsk_ssid_t ssid;

	if (!key) {
		ctl_fail(CTL_OK, "warning: key %s is malformed: %s", id, err->text);
		derive->malformed++;
		return MPSK_OK;
	}
	if (!is_wanting(derive, key, &ssid)) return MPSK_OK;
	wanting = ctl_need(talloc_zero(derive->ctl->mem, wanting_t));
	talloc_set_destructor(wanting, wanting_wipe);
	snprintf(wanting->id, sizeof(wanting->id), "%s", key->id);
	memcpy(wanting->fingerprint, key->fingerprint, sizeof(wanting->fingerprint));
	wanting->psk = key->psk;
	wanting->ssid = ssid;
	wanting->next = derive->wanting;
	derive->wanting = wanting;
	derive->n_wanting++;
	return MPSK_OK;
}

/* On threads of the bulk. */
static mpsk_status_t store_pmk(void *uctx, void *what, wpa_pmk_t const *pmk)
{
	derive_t *derive = uctx;
	wanting_t const *wanting = what;
	mpsk_error_t err = { "" };

	switch (mpsk_store_key_pmk(derive->ctl->store, wanting->id, wanting->fingerprint, &wanting->ssid, pmk, &err)) {
	case MPSK_OK:
		derive->derived++;
		break;
	case MPSK_MISS:
	case MPSK_AGAIN:
		derive->changed++;
		break;
	default:
		ctl_fail(CTL_FAILED, "key %s: %s", wanting->id, err.text);
		return MPSK_ERR;
	}
	ctl_progress_step(&derive->progress);
	return MPSK_OK;
}

static ctl_exit_t derive_all(derive_t *derive)
{
	ctl_bulk_t *bulk;
	mpsk_status_t status = MPSK_OK;

	if (derive->n_wanting == 0) return CTL_OK;
	ctl_progress_begin(&derive->progress, derive->ctl, "PMKs", derive->n_wanting);
	bulk = ctl_bulk_begin(store_pmk, derive);
	for (wanting_t *w = derive->wanting; w && status == MPSK_OK; w = w->next) {
		status = ctl_bulk_add(bulk, &(ctl_bulk_want_t) { .psk = &w->psk, .ssid = &w->ssid, .what = w });
	}
	status = ctl_bulk_end(bulk);
	ctl_progress_end(&derive->progress);
	return status == MPSK_OK ? CTL_OK : CTL_FAILED;
}

#define COUNT(_member) \
	static json_t *_member##_value(void const *record) \
	{ \
		return json_integer((json_int_t) ((derive_t const *) record)->_member); \
	}
COUNT(derived)
COUNT(n_wanting)
COUNT(stored)
COUNT(changed)
COUNT(no_ssid)
COUNT(malformed)

static ctl_column_t const columns[] = {
	{ .name = "wanted", .value = n_wanting_value },
	{ .name = "derived", .value = derived_value },
	{ .name = "changed", .value = changed_value },
	{ .name = "stored_before", .value = stored_value },
	{ .name = "for_every_ssid", .value = no_ssid_value },
	{ .name = "malformed", .value = malformed_value },
	{ .name = NULL }
};

static void print(derive_t const *derive)
{
	if (derive->ctl->format != CTL_TEXT) {
		ctl_record_print(columns, derive->ctl->format, 0, derive);
		return;
	}
	if (derive->ctl->quiet) return;
	if (derive->dry_run) {
		printf("%zu PMKs are to be derived", derive->n_wanting);
	} else {
		printf("%zu PMKs derived", (size_t) derive->derived);
	}
	printf("; %zu keys had theirs, or need none\n", derive->stored);
	if (derive->changed) printf("%zu keys changed meanwhile\n", (size_t) derive->changed);
	if (derive->no_ssid) printf("%zu keys are for every SSID: --ssid names one to derive for\n", derive->no_ssid);
}

ctl_exit_t key_derive(ctl_t *ctl, int argc, char **argv)
{
	struct argp_child const children[] = { { &ctl_argp, 0, "Common options:", 3 }, { 0 } };
	struct argp const argp = { .options = options, .parser = parse_opt, .doc = doc, .children = children };
	derive_t derive = { .ctl = ctl };
	mpsk_error_t err = { "" };
	mpsk_status_t status;
	ctl_exit_t code;

	if (ctl_parse(&argp, argc, argv, 0, &derive) != CTL_OK) return CTL_USAGE;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	status = mpsk_store_key_each(ctl->store, look, &derive, &err);
	if (status != MPSK_OK) return ctl_fail(ctl_exit_of(status), "%s", err.text);
	if (!derive.dry_run) code = derive_all(&derive);
	print(&derive);
	return code == CTL_OK && derive.malformed ? CTL_INVALID : code;
}
