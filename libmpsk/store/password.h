/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Passwords of servers, in files.
 */
#ifndef MPSK_STORE_PASSWORD_H
#define MPSK_STORE_PASSWORD_H

#include <talloc.h>

#include "base/status.h"

/* The first line of a file; wiped on free. BAD, with a text that names the file, where there is none. */
mpsk_status_t mpsk_password_read(TALLOC_CTX *ctx, char **password, char const *path, mpsk_error_t *err);

#endif
