/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of Redis keys. The braces are a cluster's hash tag: what belongs
 * to one key id lies in one slot, so that one script may touch all of it.
 */
#ifndef MPSK_STORE_RKEY_H
#define MPSK_STORE_RKEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mac.h"
#include "base/text.h"
#include "key/nas.h"

#define MPSK_RKEY_KEY_PREFIX	"mpsk:key:"
#define MPSK_RKEY_DEV_PREFIX	"mpsk:dev:"
#define MPSK_RKEY_NAS_PREFIX	"mpsk:cfg:nas:"
#define MPSK_RKEY_SITE_PREFIX	"mpsk:cfg:site:"
#define MPSK_RKEY_SESS_PREFIX	"mpsk:sess:"
#define MPSK_RKEY_LEASE_PREFIX	"mpsk:lease:"
#define MPSK_RKEY_ALERT_PREFIX	"mpsk:alert:"
#define MPSK_RKEY_AGAIN		"mpsk:again"
#define MPSK_RKEY_TRIES		"mpsk:tries"
#define MPSK_RKEY_STAT_PREFIX	"mpsk:stat:"
#define MPSK_RKEY_STATS		"mpsk:stats"
#define MPSK_RKEY_META		"mpsk:meta"
#define MPSK_RKEY_MAX		(sizeof("mpsk:sess:{}") + MPSK_ID_MAX)

typedef struct {
	char text[MPSK_RKEY_MAX];	/* NUL-terminated */
} mpsk_rkey_t;

/* mpsk:key:{id}, mpsk:dev:{id}, mpsk:sess:{id}, mpsk:live:{id}, mpsk:mail:{id}, mpsk:mac:{mac}. The id is valid. */
mpsk_rkey_t mpsk_rkey_key(char const *id);
mpsk_rkey_t mpsk_rkey_dev(char const *id);
mpsk_rkey_t mpsk_rkey_sess(char const *id);
mpsk_rkey_t mpsk_rkey_live(char const *id);
mpsk_rkey_t mpsk_rkey_mail(char const *id);
mpsk_rkey_t mpsk_rkey_mac(mpsk_mac_t const *mac);

/* mpsk:nas:<nas>, of an id or an address of 64 octets at most. */
mpsk_rkey_t mpsk_rkey_nas(char const *nas);

/* mpsk:cfg:nas:<id>, whose id may be longer. */
#define MPSK_RKEY_NAS_MAX	(sizeof(MPSK_RKEY_NAS_PREFIX) + MPSK_NAS_ID_MAX)
void mpsk_rkey_cfg_nas(char out[static MPSK_RKEY_NAS_MAX], char const *id);

/* Whether a name begins with a prefix. */
bool mpsk_rkey_has_prefix(char const *name, size_t len, char const *prefix);

/* Read the id out of a name that is a prefix and {id}; false where it is none. */
bool mpsk_rkey_id(char id[static MPSK_ID_MAX + 1], char const *name, size_t len, char const *prefix);

#endif
