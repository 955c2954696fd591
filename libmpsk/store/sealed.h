/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields on their way to the store: secrets in clear become sealed ones.
 */
#ifndef MPSK_STORE_SEALED_H
#define MPSK_STORE_SEALED_H

#include <stddef.h>
#include <talloc.h>

#include "base/status.h"
#include "key/key.h"
#include "key/keyring.h"

/*
 * The same fields of a key, with what is in clear of psk, old_psk and pmk:
 * fields sealed; PMKs of a psk among them are tied to its sealed text. The
 * array belongs to ctx, and refers to the texts of the old one. ERR where
 * memory or libcrypto fails.
 */
mpsk_status_t mpsk_sealed_fields(TALLOC_CTX *ctx, mpsk_field_t **sealed, mpsk_keyring_t const *keyring, char const *id,
				 mpsk_field_t const *fields, size_t n, mpsk_error_t *err);

/* Every secret of a record as fields in clear, PMKs tied to the psk in clear. The array belongs to ctx; free it. */
mpsk_status_t mpsk_clear_fields(TALLOC_CTX *ctx, mpsk_field_t **fields, size_t *n, mpsk_key_t const *key,
				mpsk_error_t *err);

#endif
