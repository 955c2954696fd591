/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mpsk:meta: which set of data this Redis holds (epoch), when that was first
 * said (made), how they are laid out (schema), when a server saw them last
 * (seen), and when a person last said that they are the right ones (accepted).
 * docs/reference/store.md has its fields.
 */
#ifndef MPSK_STORE_META_H
#define MPSK_STORE_META_H

#include <stdbool.h>
#include <stdint.h>

#include "base/deadline.h"
#include "base/status.h"
#include "store/conn.h"
#include "store/script.h"

#define MPSK_EPOCH_MAX	64
#define MPSK_SCHEMA	1	/* what this version reads and writes; whoever changes the layout counts on */

typedef struct {
	char	epoch[MPSK_EPOCH_MAX + 1];	/* "": there is none */
	int64_t	seen;				/* epoch seconds; 0: never */
	int64_t	accepted;
	int64_t	schema;				/* 0: none that can be read */
	int64_t	made;				/* when the epoch was; 0: nobody said, so it is old */
} mpsk_meta_t;

/* Whether data of this schema are ours to read: BAD, with the cure, where a later version laid them out. */
mpsk_status_t mpsk_meta_readable(int64_t schema, mpsk_error_t *err);

/*
 * What stands there; an epoch of "" where nothing does, or what is no meta.
 * Where that node has it no longer, MISS.
 */
mpsk_status_t mpsk_meta_read(mpsk_meta_t *meta, mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_error_t *err);

/*
 * Say in Redis that its data were seen now (accept: were accepted), if its
 * epoch is this one ("": any); an epoch is made where there is none. *meta is
 * what stands there then, also where it is another one.
 */
mpsk_status_t mpsk_meta_write(mpsk_meta_t *meta, mpsk_conn_t *conn, mpsk_script_t const *script, bool accept,
			      char const *epoch, mpsk_deadline_t deadline, mpsk_error_t *err);

#endif
