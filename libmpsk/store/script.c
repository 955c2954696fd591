/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/script.h"

#include <string.h>

#include "store/reply.h"

void mpsk_script_init(mpsk_script_t *script, char const *text)
{
	script->text = text;
	script->len = strlen(text);
	mpsk_key_fingerprint(script->sha1, text, script->len);	/* SHA-1 in hex, as EVALSHA wants it */
}

mpsk_status_t mpsk_script_run(mpsk_conn_t *conn, mpsk_script_t const *script, redisReply **reply,
			      mpsk_deadline_t deadline, mpsk_error_t *err, size_t argc, char const **argv,
			      size_t *argvlen)
{
	mpsk_command_t const command = { .argc = argc, .argv = argv, .argvlen = argvlen };
	mpsk_status_t status;

	*reply = NULL;
	argv[0] = "EVALSHA";
	argvlen[0] = strlen(argv[0]);
	argv[1] = script->sha1;
	argvlen[1] = MPSK_FINGERPRINT_LEN;
	if (mpsk_conn_append(conn, &command) != MPSK_OK) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	status = mpsk_conn_reply(conn, reply, deadline, err);
	if (status != MPSK_OK) return status;
	if (mpsk_reply_is_error(*reply, "NOSCRIPT")) {
		mpsk_reply_free(reply);
		argv[0] = "EVAL";
		argvlen[0] = strlen(argv[0]);
		argv[1] = script->text;
		argvlen[1] = script->len;
		return mpsk_conn_call(conn, reply, deadline, err, &command);
	}
	status = mpsk_conn_check(conn, *reply, err);
	if (status != MPSK_OK) mpsk_reply_free(reply);
	return status;
}
