/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a store handle wrote, told to whoever keeps a trail of it: every
 * change of a key or its devices goes by here, whoever asked for it.
 */
#ifndef MPSK_STORE_CHANGE_H
#define MPSK_STORE_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mac.h"
#include "store/store.h"

typedef enum {
	MPSK_CHANGE_NONE = 0,		/* nothing of a key: nobody is told */
	MPSK_CHANGE_ADDED,		/* a key, with these fields */
	MPSK_CHANGE_EDITED,		/* a key, in these fields */
	MPSK_CHANGE_RESEALED,		/* a key's secrets, which stay the same */
	MPSK_CHANGE_DELETED,		/* a key, and its devices */
	MPSK_CHANGE_DEVICE_ADDED,
	MPSK_CHANGE_DEVICE_FORGOTTEN,
	MPSK_CHANGE_ACCEPTED,		/* all that Redis holds */
	MPSK_CHANGE_KINDS
} mpsk_change_kind_t;

typedef struct {
	char const	*name;
	size_t		name_len;
	bool		secret;		/* its values are not told, and are "" where there are some */
	char const	*old;		/* NULL: it was absent */
	size_t		old_len;
	char const	*value;		/* NULL: it is absent now */
	size_t		value_len;
} mpsk_change_field_t;

typedef struct {
	mpsk_change_kind_t		kind;
	char const			*id;	/* of the key; NULL where it is about no key */
	char const			*org;	/* the key's; "" : none */
	mpsk_mac_t const		*mac;	/* of the device, or NULL */
	mpsk_change_field_t const	*fields;
	size_t				n_fields;
} mpsk_change_t;

/*
 * Called after each change that Redis has carried out, on the thread that
 * asked for it, several at the same time where several ask. What it is given
 * is borrowed for the call. It may use the store, but write no key.
 */
typedef void (*mpsk_change_cb_t)(void *uctx, mpsk_change_t const *change);

/* To be called before the handle is used; NULL, as it is at first: nobody is told. */
void mpsk_store_on_change(mpsk_store_t *store, mpsk_change_cb_t cb, void *uctx);

/* Whether a field's values are never told: the PSKs and PMKs of a key. */
bool mpsk_change_is_secret(char const *name, size_t len);

/* Within the store: tell of a change, where somebody is to be told. */
void mpsk_change_tell(mpsk_store_t *store, mpsk_change_t const *change);

/*
 * Within the store: the organisation of a key, "" where nobody is to be told
 * of changes, or where it cannot be had. Belongs to ctx, or is constant.
 */
char const *mpsk_change_org(mpsk_store_t *store, TALLOC_CTX *ctx, char const *id);

#endif
