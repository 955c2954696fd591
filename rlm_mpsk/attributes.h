/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dictionary attributes that the module reads and writes, looked up
 * once, and those that it adds: its internal ones, and what the server's
 * dictionary lacks of the access points' own.
 */
#ifndef RLM_MPSK_ATTRIBUTES_H
#define RLM_MPSK_ATTRIBUTES_H

#include <freeradius/build.h>
#include <freeradius/libradius.h>

#include "base/status.h"
#include "rlm_mpsk/dialect/attribute.h"

typedef struct {
	DICT_ATTR const	*wire[DIALECT_ATTRIBUTE_MAX];
	/* Internal */
	DICT_ATTR const	*auth_type;
	DICT_ATTR const	*response;
	DICT_ATTR const	*reason;
	DICT_ATTR const	*detail;
	DICT_ATTR const	*key_id;
	DICT_ATTR const	*role;
	DICT_ATTR const	*site;
	DICT_ATTR const	*dialect;
	DICT_ATTR const	*reply;
} rlm_mpsk_attributes_t;

/*
 * Add the module's internal attributes (MPSK-Reason and its like) to the
 * server's dictionary, and those of access points that it has under no name
 * (once, however many instances call), then look all up. To be called in
 * bootstrap, before any unlang that names them is compiled. ERR with a text
 * that names the attribute that cannot be had.
 */
mpsk_status_t rlm_mpsk_attributes_load(rlm_mpsk_attributes_t *attributes, mpsk_error_t *err);

#endif
