/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The formats that an import reads: one table, one file each.
 */
#ifndef MPSKCTL_FROM_H
#define MPSKCTL_FROM_H

#include <stddef.h>

#include "columns.h"
#include "reader.h"

typedef struct ctl_from {
	char const	*name;		/* of --from */
	ctl_columns_t	kind;		/* what the names of its columns mean */
	/* What is wrong with a line is kept with it; what is wrong with the file was said, and is reader->code. */
	void		(*read)(ctl_reader_t *reader, char const *text, size_t len);
} ctl_from_t;

/* Ends with a NULL name. */
extern ctl_from_t const ctl_froms[];

/* The row of a name, or NULL. */
ctl_from_t const *ctl_from_find(char const *name);

/* The format that a text has by its looks: JSON or CSV. */
ctl_from_t const *ctl_from_guess(char const *text, size_t len);

/* CSV whose first line names the columns: those of Mist's where one is `passphrase`, unless --from says whose. */
void ctl_from_csv(ctl_reader_t *reader, char const *text, size_t len);

/* An array of objects, or objects one after the other. */
void ctl_from_json(ctl_reader_t *reader, char const *text, size_t len);

/* The file of FreeRADIUS's rlm_dpsk: identity,psk and, where a MAC goes with them, mac. */
void ctl_from_dpsk(ctl_reader_t *reader, char const *text, size_t len);

/* The wpa_psk_file of hostapd: name=value ..., a MAC, a PSK. */
void ctl_from_hostapd(ctl_reader_t *reader, char const *text, size_t len);

#endif
