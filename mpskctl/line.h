/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of a file of keys: what it sets, or what is wrong with it, and
 * what became of it.
 */
#ifndef MPSKCTL_LINE_H
#define MPSKCTL_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "changes.h"
#include "key/device.h"
#include "key/key.h"

typedef enum {
	CTL_LINE_NEW = 0,
	CTL_LINE_ADDED,
	CTL_LINE_CHANGED,
	CTL_LINE_UNCHANGED,	/* the store has all that the line says */
	CTL_LINE_SKIPPED,	/* the store has another key of this id, which is left as it is */
	CTL_LINE_REFUSED,
	CTL_LINE_UNDONE,	/* not come to */
	CTL_LINE_RESULTS
} ctl_line_result_t;

typedef struct {
	size_t			number;		/* in the file, the first is 1 */
	ctl_line_result_t	result;
	char const		*column;	/* refused: as the file spells it, or NULL */
	char			*reason;	/* refused or skipped */
	char			id[MPSK_ID_MAX + 1];	/* "": could not be read */
	mpsk_field_t		*fields;	/* what it sets, and with NULL what it removes; one allocation */
	size_t			n_fields;
	char			fingerprint[MPSK_FINGERPRINT_LEN + 1];	/* of the psk of the key that it makes */
	wpa_psk_t		psk;
	unsigned		made_bits;	/* the entropy of a psk that was made here; 0: it was not */
	bool			any_ssid;
	mpsk_ssid_t		ssid;
	bool			edits;		/* a key that is there, whose psk has the fingerprint below */
	char			expect[MPSK_FINGERPRINT_LEN + 1];
	bool			derive;		/* a PMK is wanted */
	mpsk_device_t		*devices;	/* that the key is to have, besides those it has */
	size_t			n_devices;
} ctl_line_t;

/* Empty. Freed, it wipes what it held. Memory that runs out ends the program, here and below. */
ctl_line_t *ctl_line_create(TALLOC_CTX *ctx, size_t number);

/* Refuse a line. */
void ctl_line_refuse(ctl_line_t *line, char const *column, char const *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Say nothing of a field any more. */
void ctl_line_drop(ctl_line_t *line, char const *name);

/* Set the line's fields to what a list of changes says. */
void ctl_line_pack(ctl_line_t *line, ctl_changes_t const *changes);

/* The changes that the line's fields are, a new list. */
ctl_changes_t *ctl_line_unpack(TALLOC_CTX *ctx, ctl_line_t const *line);

/*
 * The key that it makes, on its own or of what was there before, which may
 * be sealed: then with a keyring. A PSK that stays the same in clear stays as
 * it was stored. Belongs to ctx.
 */
mpsk_status_t ctl_line_key(TALLOC_CTX *ctx, mpsk_key_t **key, ctl_line_t const *line, mpsk_key_t const *old,
			   mpsk_keyring_t const *keyring, mpsk_error_t *err);

#endif
