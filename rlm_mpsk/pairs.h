/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the server's pairs and the octets that dialects see.
 */
#ifndef RLM_MPSK_PAIRS_H
#define RLM_MPSK_PAIRS_H

#include "rlm_mpsk/dialect/reply.h"
#include "rlm_mpsk/dialect/request.h"
#include "rlm_mpsk/instance.h"

/* Sort a request's pairs, each looked at once. What is read stays the request's. */
void rlm_mpsk_pairs_read(dialect_request_t *out, REQUEST *request);

/* A reply as dialects write it; uctx is what *context is made to. */
typedef struct {
	REQUEST				*request;
	rlm_mpsk_attributes_t const	*attributes;
} rlm_mpsk_pairs_t;

dialect_reply_t rlm_mpsk_pairs_reply(rlm_mpsk_pairs_t *context, rlm_mpsk_attributes_t const *attributes,
				     REQUEST *request);

#endif
