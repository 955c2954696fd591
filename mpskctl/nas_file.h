/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file of what mpsk:cfg:nas:<id> would tell: for those who keep the secrets
 * of their NASes out of Redis. A line for each: the NAS's id, or the address
 * that it sends from, or '*' for all; coa_port=, coa_address=, coa_cache= and
 * coa_dialect=, each or none; and secret=, whose value is the rest of the
 * line. The first line that fits counts. Empty lines and those that begin
 * with '#' are passed over.
 */
#ifndef MPSKCTL_NAS_FILE_H
#define MPSKCTL_NAS_FILE_H

#include <talloc.h>

#include "base/status.h"
#include "key/nas.h"

typedef struct ctl_nas_file ctl_nas_file_t;

/*
 * Read it; it belongs to ctx, and freeing it wipes it. BAD, with a text that
 * names the line, where it cannot be read or is malformed, or where others
 * than its owner and group may read it, or others than its owner write it.
 */
mpsk_status_t ctl_nas_file_load(TALLOC_CTX *ctx, ctl_nas_file_t **file, char const *path, mpsk_error_t *err);

/* The line for a NAS, or NULL; address may be "". */
mpsk_nas_coa_t const *ctl_nas_file_find(ctl_nas_file_t const *file, char const *id, char const *address);

#endif
