/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the holder of a key was told by mail: mpsk:mail:{id}, a hash apart
 * from the key's, so that no server is told of it.
 */
#ifndef MPSK_STORE_MAIL_H
#define MPSK_STORE_MAIL_H

#include <stdint.h>

#include "store/store.h"

typedef struct {
	int64_t	change;	/* the `modified` of the last change that was told; 0: none */
	int64_t	expiry;	/* the `exp` whose reminder was sent; 0: none */
	int64_t	tried;	/* when a mail was last begun that is not known to have been sent; 0: none is */
	int64_t	tries;	/* how often since the last one that was sent */
} mpsk_mail_t;

/* All 0 where nothing is known, or what is there is no number. BAD where it is no hash. */
mpsk_status_t mpsk_store_mail_read(mpsk_store_t *store, char const *id, mpsk_mail_t *mail, mpsk_error_t *err);

/* Replace it; it is forgotten 400 days later. */
mpsk_status_t mpsk_store_mail_write(mpsk_store_t *store, char const *id, mpsk_mail_t const *mail, mpsk_error_t *err);

#endif
