/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Redis's replies mean: error replies as statuses, by one table, and
 * the checks that stand before any field of a reply is read.
 */
#ifndef MPSK_STORE_REPLY_H
#define MPSK_STORE_REPLY_H

#include <stdbool.h>
#include <stdint.h>
#include <hiredis/hiredis.h>

#include "base/status.h"

/*
 * OK for any reply but an error. NOAUTH, WRONGPASS, NOPERM, WRONGTYPE: BAD;
 * LOADING, READONLY, MASTERDOWN, CLUSTERDOWN, BUSY, MOVED, ASK, TRYAGAIN,
 * OOM, MISCONF, NOREPLICAS: AGAIN; all others: ERR. *drop (may be NULL) is set where the
 * server itself, not this one command, is of no use now.
 */
mpsk_status_t mpsk_reply_error(redisReply const *reply, bool *drop, mpsk_error_t *err);

/* Whether it is the error with this code, its first word. */
bool mpsk_reply_is_error(redisReply const *reply, char const *code);

/* Whether it is a string or a status of just this text. */
bool mpsk_reply_is_text(redisReply const *reply, char const *text);

/* Whether it is an array of at least n elements. */
bool mpsk_reply_is_array(redisReply const *reply, size_t n);

/* An integer, or a string that is a number of the store's grammar. */
bool mpsk_reply_number(int64_t *number, redisReply const *reply);

/* ERR, with a text: the reply to a command is not of the shape that it should be. */
mpsk_status_t mpsk_reply_unexpected(char const *command, mpsk_error_t *err);

/* Free a reply, having wiped its strings, for they may be PSKs; *reply may be NULL and will be. */
void mpsk_reply_free(redisReply **reply);

#endif
