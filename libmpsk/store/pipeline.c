/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/pipeline.h"

#include <string.h>

#include "store/redirect.h"
#include "store/reply.h"

typedef struct {
	mpsk_piped_t	*commands;
	size_t		n;
	unsigned	node;
} batch_t;

/* What a command is about to become: sent to this node, and not answered yet. */
static bool batch_has(batch_t const *batch, size_t i)
{
	return batch->commands[i].status == MPSK_MISS && batch->commands[i].node == batch->node;
}

static mpsk_status_t piped_append(mpsk_conn_t *conn, mpsk_piped_t *command)
{
	mpsk_command_t const plain = { command->argc, command->argv, command->argvlen };

	if (command->script) {
		command->argv[0] = "EVALSHA";
		command->argvlen[0] = strlen(command->argv[0]);
		command->argv[1] = command->script->sha1;
		command->argvlen[1] = MPSK_FINGERPRINT_LEN;
	}
	return mpsk_conn_append(conn, &plain);
}

/* Keep a reply, or what an error says; MISS where it is to be asked once more, alone. */
static void piped_take(mpsk_piped_t *command, mpsk_conn_t *conn, mpsk_error_t *err)
{
	mpsk_redirect_t redirect;
	mpsk_error_t why;

	mpsk_redirect_read(&redirect, command->reply);
	if (redirect.kind == MPSK_REDIRECT_MOVED || redirect.kind == MPSK_REDIRECT_ASK ||
	    mpsk_reply_is_error(command->reply, "NOSCRIPT")) {
		command->status = MPSK_MISS;
	} else {
		command->status = mpsk_conn_check(conn, command->reply, &why);
		command->moving = redirect.kind == MPSK_REDIRECT_TRYAGAIN;
		if (command->status != MPSK_OK) mpsk_error_set(err, MPSK_OK, "%s", why.text);
	}
	if (command->status != MPSK_OK) mpsk_reply_free(&command->reply);
}

static mpsk_status_t batch_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	batch_t *batch = uctx;
	mpsk_status_t status = MPSK_OK;
	size_t sent = 0;

	for (; sent < batch->n && status == MPSK_OK; sent++) {
		if (batch_has(batch, sent)) status = piped_append(conn, &batch->commands[sent]);
	}
	if (status != MPSK_OK) return mpsk_error_set(err, status, "out of memory");
	for (size_t i = 0; i < sent; i++) {
		mpsk_piped_t *command = &batch->commands[i];

		if (!batch_has(batch, i)) continue;
		/* Whatever ends the pipeline, what was not answered is not known to be done. */
		command->status = MPSK_AGAIN;
		if (status == MPSK_OK) status = mpsk_conn_reply(conn, &command->reply, deadline, err);
		if (status == MPSK_OK) piped_take(command, conn, err);
	}
	return status;
}

static mpsk_status_t alone_exchange(mpsk_conn_t *conn, mpsk_deadline_t deadline, void *uctx, mpsk_error_t *err)
{
	mpsk_piped_t *command = uctx;
	mpsk_command_t const plain = { command->argc, command->argv, command->argvlen };
	mpsk_status_t status = command->script ?
		mpsk_script_run(conn, command->script, &command->reply, deadline, err, command->argc, command->argv,
				command->argvlen) :
		mpsk_conn_call(conn, &command->reply, deadline, err, &plain);

	command->moving = status == MPSK_AGAIN && mpsk_conn_redirect(conn)->kind == MPSK_REDIRECT_TRYAGAIN;
	/* The pool would try until the deadline, and all that comes after it would wait. */
	return command->moving ? MPSK_OK : status;
}

static void pipeline_route(mpsk_pool_t *pool, mpsk_piped_t *command, mpsk_error_t *err)
{
	command->reply = NULL;
	command->moving = false;
	command->status = mpsk_endpoint_route(mpsk_pool_endpoint(pool), &command->node, command->rkey,
					      strlen(command->rkey), -1, err);
	/* MISS stands for one that is to be sent. */
	command->status = command->status == MPSK_OK ? MPSK_MISS : MPSK_AGAIN;
}

/* All that go to the node of one of them. */
static void pipeline_node(mpsk_pool_t *pool, mpsk_piped_t *commands, size_t n, unsigned node, mpsk_error_t *err)
{
	batch_t batch = { .commands = commands, .n = n, .node = node };

	if (mpsk_pool_run_on(pool, node, batch_exchange, &batch, err) == MPSK_OK) return;
	for (size_t i = 0; i < n; i++) {
		if (batch_has(&batch, i)) commands[i].status = MPSK_AGAIN;
	}
}

/* The nodes, each once: those that were asked before hold no command that waits, but for those to be asked alone. */
static void pipeline_nodes(mpsk_pool_t *pool, mpsk_piped_t *commands, size_t n, mpsk_error_t *err)
{
	bool asked[MPSK_NODES_MAX] = { false };

	for (size_t i = 0; i < n; i++) {
		unsigned node = commands[i].node;

		if (commands[i].status != MPSK_MISS || asked[node]) continue;
		asked[node] = true;
		pipeline_node(pool, commands, n, node, err);
	}
}

mpsk_status_t mpsk_pipeline_run(mpsk_pool_t *pool, mpsk_piped_t *commands, size_t n, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < n; i++) pipeline_route(pool, &commands[i], err);
	pipeline_nodes(pool, commands, n, err);
	for (size_t i = 0; i < n; i++) {
		mpsk_piped_t *command = &commands[i];

		if (command->status == MPSK_MISS) {
			command->status = mpsk_pool_run(pool, command->rkey, alone_exchange, command, err);
			if (command->moving) command->status = MPSK_AGAIN;
			if (command->status != MPSK_OK) mpsk_reply_free(&command->reply);
		}
		if (command->status == MPSK_AGAIN && !command->moving) status = MPSK_AGAIN;
	}
	return status;
}

void mpsk_pipeline_free(mpsk_piped_t *commands, size_t n)
{
	for (size_t i = 0; i < n; i++) mpsk_reply_free(&commands[i].reply);
}
