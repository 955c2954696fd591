/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of trails as replies of Redis hold them.
 */
#ifndef MPSK_STORE_TRAIL_RECORD_H
#define MPSK_STORE_TRAIL_RECORD_H

#include <hiredis/hiredis.h>

#include "store/trail.h"

/* Read one, all but its org; false where it is none, or where memory is out. Borrows of the reply. */
bool mpsk_trail_record(mpsk_trail_record_t *record, TALLOC_CTX *ctx, redisReply const *entry);

/* Show each of an array of them, and keep the id of the last one that was shown. */
mpsk_status_t mpsk_trail_show(char const *org, redisReply const *entries, mpsk_trail_cb_t cb, void *uctx,
			      char last[static MPSK_TRAIL_ID_MAX], mpsk_error_t *err);

#endif
