/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of NASes as rows of output, and what was done to one.
 */
#ifndef MPSKCTL_NAS_RECORD_H
#define MPSKCTL_NAS_RECORD_H

#include "ctl.h"
#include "output.h"
#include "store/nas.h"

/* A row of ctl_nas_columns. */
typedef struct {
	char const		*id;
	mpsk_nas_row_t const	*nas;		/* NULL: it cannot be read */
	char const		*malformed;	/* why a server, or a Disconnect-Request, cannot go by it; or NULL */
} ctl_nas_record_t;

extern ctl_column_t const ctl_nas_columns[];

/* Print what was done to a NAS: "set". */
void ctl_nas_print(ctl_t *ctl, char const *id, char const *result);

#endif
