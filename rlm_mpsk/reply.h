/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reply as the server holds it, and what is told to unlang.
 */
#ifndef RLM_MPSK_REPLY_H
#define RLM_MPSK_REPLY_H

#include <stdbool.h>

#include "rlm_mpsk/instance.h"

/* Append to the reply; ERR where memory is out. */
mpsk_status_t rlm_mpsk_reply_octets(REQUEST *request, DICT_ATTR const *da, void const *octets, size_t len);
mpsk_status_t rlm_mpsk_reply_number(REQUEST *request, DICT_ATTR const *da, uint32_t number);

/*
 * Whether this FreeRADIUS puts Message-Authenticator into every reply by
 * itself: from 3.2.5 on. hostapd 2.11 drops a reply, accept or reject, that
 * has none.
 */
bool rlm_mpsk_reply_server_signs(void);

/* Have the server put one in: it computes it where it finds one of zeros (RFC 3579, 3.2). */
mpsk_status_t rlm_mpsk_reply_sign(rlm_mpsk_attributes_t const *attributes, REQUEST *request);

/* Say in control attributes what was decided, for unlang, and let the server accept what the outcome does. */
mpsk_status_t rlm_mpsk_reply_control(rlm_mpsk_attributes_t const *attributes, REQUEST *request, char const *dialect,
				     mpsk_outcome_t const *outcome);

#endif
