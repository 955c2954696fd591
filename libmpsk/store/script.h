/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lua scripts: by their digest, in full where the server does not know them.
 */
#ifndef MPSK_STORE_SCRIPT_H
#define MPSK_STORE_SCRIPT_H

#include <stddef.h>

#include "base/status.h"
#include "key/key.h"
#include "store/conn.h"

typedef struct {
	char const	*text;
	size_t		len;
	char		sha1[MPSK_FINGERPRINT_LEN + 1];
} mpsk_script_t;

/* The text is not copied. */
void mpsk_script_init(mpsk_script_t *script, char const *text);

#define MPSK_SCRIPT_HEAD 2	/* leading arguments that mpsk_script_run() fills in: the command, the script */

/*
 * Run it as mpsk_conn_call() would. The command is what follows EVALSHA's
 * digest (the number of keys, keys, arguments), with room for
 * MPSK_SCRIPT_HEAD arguments before it, which are counted in argc.
 */
mpsk_status_t mpsk_script_run(mpsk_conn_t *conn, mpsk_script_t const *script, redisReply **reply,
			      mpsk_deadline_t deadline, mpsk_error_t *err, size_t argc, char const **argv,
			      size_t *argvlen);

#endif
