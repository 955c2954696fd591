/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who asks, and what the server's configuration says of that.
 */
#ifndef RLM_MPSK_REQUEST_H
#define RLM_MPSK_REQUEST_H

#include <stdbool.h>

#include "rlm_mpsk/dialect/dialect.h"
#include "rlm_mpsk/instance.h"

/* How a request is to be read and answered, as far as anybody said so. */
typedef struct {
	dialect_t const		*dialect;		/* NULL: as its attributes show */
	dialect_style_t const	*style;			/* NULL: as its dialect is answered */
	bool			no_session_timeout;
	bool			has_interim_interval;	/* the store says one */
	uint32_t		interim_interval;	/* seconds; 0: it takes none */
} rlm_mpsk_manner_t;

/*
 * The id that mpsk:cfg:nas:<id> goes by: NAS-Identifier where it is an id,
 * else NAS-IP-Address, else the address that the request came from.
 */
void rlm_mpsk_request_nas(dialect_request_t const *pairs, REQUEST *request, char nas[static MPSK_ID_MAX + 1]);

/*
 * What control:MPSK-Dialect and control:MPSK-Reply-Style say, and where they
 * are not set, mpsk:cfg:nas:<id>. BAD, with a text, where one of the control
 * attributes is no name that there is.
 */
mpsk_status_t rlm_mpsk_request_manner(rlm_mpsk_manner_t *manner, rlm_mpsk_t *inst, REQUEST *request, char const *nas,
				      mpsk_error_t *err);

#endif
