/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a list of changes to a record that may be written: what `key add`,
 * `key edit` and `key rotate` have in common. Each function says what is wrong.
 */
#ifndef MPSKCTL_EDIT_H
#define MPSKCTL_EDIT_H

#include <stdbool.h>

#include "changes.h"
#include "ctl.h"
#include "disconnect.h"
#include "fields.h"
#include "input.h"

/* What both parse their command lines into. */
typedef struct {
	ctl_t		*ctl;
	ctl_args_t	ids;
	ctl_input_t	input;
	ctl_fields_t	fields;
	bool		no_pmk;
	bool		revokes;	/* devices may have to leave the network */
	ctl_disconnect_options_t disconnect;
} ctl_edit_t;

/* The option that both have in their tables besides those of the passphrase and of the key. */
#define CTL_EDIT_NO_PMK		0x300
#define CTL_EDIT_NO_PMK_DOC	"Leave the derivation of the PMK to the servers"

/* The first key for an option that only one of them has. */
#define CTL_EDIT_OWN		0x301

/* To be called last in a parser: takes what both have in common, and at least min ids and at most one. */
error_t ctl_edit_opt(ctl_edit_t *edit, int key, struct argp_state *state, int min);

/* What is done once the command line is parsed: id is NULL where none was given. */
typedef ctl_exit_t (*ctl_edit_act_t)(ctl_edit_t *edit, char const *id, wpa_psk_t *psk);

/*
 * Parse the command line, act, wipe the psk. The parser has a ctl_edit_t for
 * input; its children are set here, with the options about devices that are
 * on where the verb revokes.
 */
ctl_exit_t ctl_edit_run(ctl_t *ctl, int argc, char **argv, struct argp const *parser, ctl_edit_act_t act, bool revokes);

/* Read the passphrase and put it among the changes. The caller wipes psk. */
ctl_exit_t ctl_edit_psk(ctl_changes_t *changes, ctl_input_t *input, wpa_psk_t *psk);

/* The record that old (NULL: a new key) becomes with the changes, parsed as the server parses it. Belongs to mem. */
ctl_exit_t ctl_edit_parse(ctl_t *ctl, char const *id, mpsk_key_t const *old, ctl_changes_t const *changes,
			  mpsk_key_t **key);

/*
 * Put among the changes the PMK of key for its SSID, unless it is for every
 * SSID or wanted is false, and the removal of those of old that key has no
 * use for. To be called where psk or ssid change.
 */
ctl_exit_t ctl_edit_pmk(ctl_changes_t *changes, mpsk_key_t const *old, mpsk_key_t const *key, bool wanted);

/* Put among the changes the PMK of key for its SSID. */
void ctl_edit_pmk_put(ctl_changes_t *changes, mpsk_key_t const *key, wpa_pmk_t const *pmk);

/*
 * Put among the changes that the PSK of old is the one before, and is taken
 * until then; 0: that there is none.
 */
void ctl_edit_grace(ctl_changes_t *changes, mpsk_key_t const *old, int64_t until);

/*
 * CTL_INVALID where a station could not tell key from another one of the
 * store. Between this and the write, another program may add such a key:
 * the store has no lock over all keys.
 */
ctl_exit_t ctl_edit_unique(ctl_t *ctl, mpsk_key_t const *key);

/*
 * Print what became of a key: its id where it was made here, psk and its
 * entropy where it was (else NULL), and, but to a person, whom it
 * disconnected (NULL: nobody is to be).
 */
void ctl_edit_print(ctl_t *ctl, char const *id, bool id_made, char const *result, wpa_psk_t const *psk,
		    unsigned bits, ctl_disconnect_t const *disconnect);

#endif
