/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "edit.h"
#include "key/generate.h"
#include "verb.h"

#define MADE_ID_LEN	10
#define MADE_ID_TRIES	4	/* fifty random bits: more than one is a wonder already */

static struct argp_option const options[] = {
	{ .name = "no-pmk", .key = CTL_EDIT_NO_PMK, .group = 1, .doc = CTL_EDIT_NO_PMK_DOC },
	{ 0 }
};

static error_t parse_opt(int key, char *arg __attribute__((unused)), struct argp_state *state)
{
	return ctl_edit_opt(state->input, key, state, 0);
}

static char const doc[] =
	"Add a key. Without ID, one of 10 random characters is made and printed. Without an option that says "
	"where the passphrase comes from, it is asked for at the terminal."
	"\vExamples:\n"
	"  mpskctl key add bob --ssid Acme --max 3 --vlan 20 --generate\n"
	"  mpskctl key add carol --generate=words --valid-for 30d --hours 'Mo-Fr 08:00-18:00 Europe/Berlin'\n"
	"  mpskctl key add bob --ssid Acme --expires +90d --passphrase-file - <secret\n\n"
	"A passphrase has 8 to 63 printable ASCII characters, or is a PMK of 64 hex digits. It is refused where "
	"another key has it on an SSID and site that the two have in common." CTL_EXIT_DOC;

static ctl_exit_t make_id(char id[static MPSK_ID_MAX + 1])
{
	mpsk_error_t err = { "" };
	wpa_psk_t random;
	unsigned bits;

	if (mpsk_passphrase_generate(&random, mpsk_generate_policies, MADE_ID_LEN, NULL, &bits, &err) != MPSK_OK)
		return ctl_fail(CTL_FAILED, "ID: %s", err.text);
	snprintf(id, MPSK_ID_MAX + 1, "%.*s", random.len, (char const *) random.octets);
	return CTL_OK;
}

/* An id that was made here and is taken is made anew. */
static ctl_exit_t write_new(ctl_t *ctl, ctl_changes_t const *changes, char id[static MPSK_ID_MAX + 1], bool made)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_MISS;

	for (int i = 0; status == MPSK_MISS && i < (made ? MADE_ID_TRIES : 1); i++) {
		if (i > 0 && make_id(id) != CTL_OK) return CTL_FAILED;
		status = mpsk_store_key_write(ctl->store, id, MPSK_WRITE_ADD, changes->fields, changes->n, NULL, &err);
	}
	if (status == MPSK_MISS) return ctl_fail(CTL_INVALID, "there is a key %s already: `mpskctl key edit` "
						 "changes it", id);
	return status == MPSK_OK ? CTL_OK : ctl_fail_status(status, id, &err);
}

static ctl_exit_t add_key(ctl_edit_t *add, char const *given, wpa_psk_t *psk)
{
	ctl_t *ctl = add->ctl;
	ctl_changes_t *changes = add->fields.changes;
	char id[MPSK_ID_MAX + 1];
	mpsk_key_t *key;
	ctl_exit_t code;

	if (given && (code = ctl_check_id(given)) != CTL_OK) return code;
	if (!given && (code = make_id(id)) != CTL_OK) return code;
	if (given) snprintf(id, sizeof(id), "%s", given);

	if (!ctl_changes_find(changes, "enabled")) ctl_changes_set(changes, "enabled", "1");
	ctl_changes_number(changes, "created", ctl->now);
	ctl_changes_number(changes, "modified", ctl->now);
	if ((code = ctl_edit_psk(changes, &add->input, psk)) != CTL_OK) return code;
	if ((code = ctl_edit_parse(ctl, id, NULL, changes, &key)) != CTL_OK) return code;
	if ((code = ctl_edit_pmk(changes, NULL, key, !add->no_pmk)) != CTL_OK) return code;

	/* Once more, with its PMK: that alone tells a passphrase from its equal in 64 hex digits. */
	if ((code = ctl_edit_parse(ctl, id, NULL, changes, &key)) != CTL_OK) return code;
	if ((code = ctl_open(ctl)) != CTL_OK) return code;
	if ((code = ctl_edit_unique(ctl, key)) != CTL_OK) return code;
	if ((code = write_new(ctl, changes, id, !given)) != CTL_OK) return code;
	ctl_edit_print(ctl, id, !given, "added", add->input.source == CTL_INPUT_GENERATE ? psk : NULL,
		       add->input.bits, NULL);
	return CTL_OK;
}

ctl_exit_t key_add(ctl_t *ctl, int argc, char **argv)
{
	static struct argp const parser = {
		.options = options, .parser = parse_opt, .args_doc = "[ID]", .doc = doc
	};

	return ctl_edit_run(ctl, argc, argv, &parser, add_key, false);
}
