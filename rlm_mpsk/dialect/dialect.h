/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dialects: how one vendor's access points ask, and want to be answered.
 *
 * One file each; the table in table.c is in the order in which they are
 * asked whether a request is theirs, so the most particular come first.
 */
#ifndef RLM_MPSK_DIALECT_H
#define RLM_MPSK_DIALECT_H

#include <stdbool.h>

#include "rlm_mpsk/instance.h"

typedef struct {
	char const	*name;
	/* Whether the attributes that are present are this vendor's. */
	bool		(*detect)(rlm_mpsk_attributes_t const *attributes, REQUEST *request);
	/*
	 * Fill mac, bssid, ssid and, where one was relayed, the handshake: its octets stay the request's.
	 * BAD, with a text that names the attribute, where one is malformed.
	 */
	mpsk_status_t	(*read)(rlm_mpsk_attributes_t const *attributes, REQUEST *request, mpsk_query_t *query,
				mpsk_error_t *err);
	/* Put the key and what goes with it into the reply of an accepted request. ERR where memory is out. */
	mpsk_status_t	(*write)(rlm_mpsk_attributes_t const *attributes, REQUEST *request,
				 mpsk_outcome_t const *outcome);
} rlm_mpsk_dialect_t;

extern rlm_mpsk_dialect_t const rlm_mpsk_dialect_hostapd;

/* The dialect of a request, or NULL: it is nothing that an AP asks about a PSK. */
rlm_mpsk_dialect_t const *rlm_mpsk_dialect_find(rlm_mpsk_attributes_t const *attributes, REQUEST *request);

#endif
