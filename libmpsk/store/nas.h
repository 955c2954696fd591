/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the store says of NASes, for the command line: `mpsk:cfg:nas:<id>`.
 * Servers are told by sync.
 */
#ifndef MPSK_STORE_NAS_H
#define MPSK_STORE_NAS_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/status.h"
#include "key/nas.h"
#include "store/store.h"

/* One row, as it stands there, a sealed secret as it is. Freed, it is wiped. */
typedef struct {
	char		id[MPSK_NAS_ID_MAX + 1];
	mpsk_field_t	*fields;	/* names and values each with a NUL behind them, for convenience */
	size_t		n;
} mpsk_nas_row_t;

/* The field of a name, or NULL where it is absent or empty. */
mpsk_field_t const *mpsk_nas_row_field(mpsk_nas_row_t const *nas, char const *name);

/* MISS where nothing is known of it, BAD where its row is no hash, or it is no id. The row belongs to ctx. */
mpsk_status_t mpsk_store_nas_read(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id, mpsk_nas_row_t **nas,
				  mpsk_error_t *err);

/*
 * Set fields, and remove those whose value is NULL, in one atomic step; a row
 * without any is gone. A secret in clear is sealed where the store has a
 * keyring. BAD where a value breaks its rule (the text names the field).
 */
mpsk_status_t mpsk_store_nas_write(mpsk_store_t *store, char const *id, mpsk_field_t const *fields, size_t n_fields,
				   mpsk_error_t *err);

/*
 * Write the secret of a row that was read anew: sealed with the newest KEK,
 * or in clear. MISS where it has none, or is that already; AGAIN where it was
 * changed meanwhile; BAD where it cannot be opened.
 */
mpsk_status_t mpsk_store_nas_reseal(mpsk_store_t *store, mpsk_nas_row_t const *nas, bool clear, mpsk_error_t *err);

/* MISS where there was nothing. */
mpsk_status_t mpsk_store_nas_delete(mpsk_store_t *store, char const *id, mpsk_error_t *err);

/*
 * Every row, in no order, as mpsk_store_key_each(); of one that is no hash, or
 * whose name is no id, nas is NULL, and err says why.
 */
typedef mpsk_status_t (*mpsk_store_nas_cb_t)(void *uctx, char const *id, mpsk_nas_row_t const *nas,
					     mpsk_error_t const *err);
mpsk_status_t mpsk_store_nas_each(mpsk_store_t *store, mpsk_store_nas_cb_t cb, void *uctx, mpsk_error_t *err);

/* What a site calls its VLANs, as mpsk:cfg:site:<site> has it: key/vlans.h. Belongs to ctx; MISS where it has none. */
mpsk_status_t mpsk_store_site_vlans(mpsk_store_t *store, TALLOC_CTX *ctx, char const *site, char **vlans,
				    mpsk_error_t *err);

#endif
