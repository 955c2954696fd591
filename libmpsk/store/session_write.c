/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/session_write.h"

#include <stdio.h>
#include <string.h>

#include "store/pipeline.h"
#include "store/pool.h"
#include "store/reply.h"
#include "store/rkey.h"
#include "store/session_call.h"

#define ARGS_MAX 5

/* One event on its way. */
typedef struct {
	mpsk_session_event_t	*event;
	mpsk_status_t		*result;	/* MISS: it is still on its way */
	char			id[MPSK_ID_MAX + 1];	/* the key; "": not known yet */
	char			pointer[MPSK_ID_MAX + 1];	/* the key that mpsk:nas:<nas> names; or "" */
	int64_t			restarted;	/* when the NAS or the radio was last started; 0: not known */
	mpsk_rkey_t		nas, asked;	/* what the present pipeline asks beside mpsk:nas:<nas> */
	char			mark[MPSK_SESSION_MARK_MAX];
	size_t			piped;		/* which command of the present pipeline is its */
	mpsk_session_call_t	call;
} work_t;

struct mpsk_session_writer {
	mpsk_store_t	*store;
	mpsk_session_terms_t terms;
	void		(*facts)(void *uctx, mpsk_session_t *session);
	void		*uctx;
	bool		away;		/* something was not answered */
	size_t		n;
	work_t		works[MPSK_SESSION_BATCH];
	/* The present pipeline: two commands for each event at most. */
	size_t		n_commands;
	mpsk_piped_t	commands[2 * MPSK_SESSION_BATCH];
	char const	*argv[2 * MPSK_SESSION_BATCH][ARGS_MAX];
	size_t		argvlen[2 * MPSK_SESSION_BATCH][ARGS_MAX];
};

mpsk_session_writer_t *mpsk_session_writer_create(TALLOC_CTX *ctx, mpsk_store_t *store,
						  mpsk_session_terms_t const *terms,
						  void (*facts)(void *uctx, mpsk_session_t *session), void *uctx)
{
	mpsk_session_writer_t *writer = talloc_zero(ctx, mpsk_session_writer_t);

	if (!writer) return NULL;
	writer->store = store;
	writer->terms = *terms;
	writer->facts = facts;
	writer->uctx = uctx;
	return writer;
}

/*
 * --- Pipelines ---
 */
static void pipe_begin(mpsk_session_writer_t *writer)
{
	writer->n_commands = 0;
}

/* One more command about a Redis key: words to NULL. */
static mpsk_piped_t *pipe_add(mpsk_session_writer_t *writer, char const *rkey, char const *const words[static ARGS_MAX])
{
	size_t at = writer->n_commands++, argc = 0;
	mpsk_piped_t *command = &writer->commands[at];

	for (; argc < ARGS_MAX && words[argc]; argc++) {
		writer->argv[at][argc] = words[argc];
		writer->argvlen[at][argc] = strlen(words[argc]);
	}
	*command = (mpsk_piped_t) {
		.rkey = rkey, .argc = argc, .argv = writer->argv[at], .argvlen = writer->argvlen[at],
	};
	return command;
}

static bool on_its_way(work_t const *work)
{
	return *work->result == MPSK_MISS;
}

static void pipe_add_for(mpsk_session_writer_t *writer, work_t *work, char const *rkey,
			 char const *const words[static ARGS_MAX])
{
	work->piped = writer->n_commands;
	(void) pipe_add(writer, rkey, words);
}

#define NOT_PIPED SIZE_MAX

/* Run it, and hold back those events whose command was not answered. */
static void pipe_run(mpsk_session_writer_t *writer, mpsk_error_t *err)
{
	if (mpsk_pipeline_run(writer->store->pool, writer->commands, writer->n_commands, err) != MPSK_OK) {
		writer->away = true;
	}
	for (size_t i = 0; i < writer->n; i++) {
		work_t *work = &writer->works[i];

		if (!on_its_way(work) || work->piped == NOT_PIPED) continue;
		if (writer->commands[work->piped].status == MPSK_AGAIN) *work->result = MPSK_AGAIN;
	}
}

/* The reply to an event's command, or NULL. */
static redisReply const *reply_of(mpsk_session_writer_t const *writer, work_t const *work)
{
	if (!on_its_way(work) || work->piped == NOT_PIPED) return NULL;
	return writer->commands[work->piped].reply;
}

/*
 * --- Which key ---
 */
static void id_take(char id[static MPSK_ID_MAX + 1], redisReply const *reply)
{
	if (reply->type != REDIS_REPLY_STRING || !mpsk_id_valid(reply->str, reply->len)) return;
	memcpy(id, reply->str, reply->len + 1);
}

static char const *sid_of(work_t const *work)
{
	return strchr(work->call.field, '/') + 1;
}

/* The pointer to the key, and when the NAS was last started. */
static void read_pointers(mpsk_session_writer_t *writer, mpsk_error_t *err)
{
	pipe_begin(writer);
	for (size_t i = 0; i < writer->n; i++) {
		work_t *work = &writer->works[i];
		char const *words[ARGS_MAX] = { "HMGET", work->nas.text, sid_of(work), MPSK_SESSION_MARK, NULL };

		if (work->event->session.has_bssid) {
			mpsk_session_mark(work->mark, &work->event->session.bssid);
			words[4] = work->mark;
		}
		pipe_add_for(writer, work, work->nas.text, words);
	}
	pipe_run(writer, err);
	for (size_t i = 0; i < writer->n; i++) {
		work_t *work = &writer->works[i];
		redisReply const *reply = reply_of(writer, work);

		if (!reply || !mpsk_reply_is_array(reply, 2)) continue;
		id_take(work->pointer, reply->element[0]);
		for (size_t j = 1; j < reply->elements; j++) {
			int64_t at;

			if (!mpsk_reply_number(&at, reply->element[j])) continue;
			if (at > work->restarted) work->restarted = at;
		}
	}
	mpsk_pipeline_free(writer->commands, writer->n_commands);
}

/* Whether what this server saw of the device speaks against the pointer. */
static bool is_doubtful(work_t const *work)
{
	mpsk_session_event_t const *event = work->event;

	return work->pointer[0] && event->session.id[0] && !event->by_name &&
	       strcmp(work->pointer, event->session.id) != 0;
}

/* The key that an event names is its session's, unless the session of another device has its Acct-Session-Id. */
static void check_pointers(mpsk_session_writer_t *writer, mpsk_error_t *err)
{
	pipe_begin(writer);
	for (size_t i = 0; i < writer->n; i++) {
		work_t *work = &writer->works[i];

		work->piped = NOT_PIPED;
		if (!on_its_way(work) || !is_doubtful(work)) continue;
		work->asked = mpsk_rkey_sess(work->pointer);
		pipe_add_for(writer, work, work->asked.text,
			     (char const *const [ARGS_MAX]) { "HGET", work->asked.text, work->call.field });
	}
	pipe_run(writer, err);
	for (size_t i = 0; i < writer->n; i++) {
		work_t *work = &writer->works[i];
		mpsk_session_t const *session = &work->event->session;
		redisReply const *reply = reply_of(writer, work);
		mpsk_session_t known;

		if (!reply || reply->type != REDIS_REPLY_STRING) continue;
		if (mpsk_session_parse(&known, work->pointer, work->call.field, strlen(work->call.field), reply->str,
				       reply->len, NULL) != MPSK_OK) continue;
		if (memcmp(&known.mac, &session->mac, sizeof(known.mac)) != 0 && session->seen > known.seen) {
			work->pointer[0] = '\0';
		}
	}
	mpsk_pipeline_free(writer->commands, writer->n_commands);
}

static bool wants_hint(work_t const *work)
{
	mpsk_session_event_t const *event = work->event;

	return !work->pointer[0] && event->session.ssid.len && (event->by_name || !event->session.id[0]);
}

static void read_hints(mpsk_session_writer_t *writer, mpsk_error_t *err)
{
	pipe_begin(writer);
	for (size_t i = 0; i < writer->n; i++) {
		work_t *work = &writer->works[i];
		mpsk_ssid_t const *ssid = &work->event->session.ssid;

		work->piped = NOT_PIPED;
		if (!on_its_way(work) || !wants_hint(work)) continue;
		work->asked = mpsk_rkey_mac(&work->event->session.mac);
		pipe_add_for(writer, work, work->asked.text,
			     (char const *const [ARGS_MAX]) { "HGET", work->asked.text, "" });
		/* An SSID may hold NULs, and has none behind it. */
		writer->argv[work->piped][2] = (char const *) ssid->octets;
		writer->argvlen[work->piped][2] = ssid->len;
	}
	pipe_run(writer, err);
	for (size_t i = 0; i < writer->n; i++) {
		redisReply const *reply = reply_of(writer, &writer->works[i]);

		if (reply) id_take(writer->works[i].id, reply);
	}
	mpsk_pipeline_free(writer->commands, writer->n_commands);
}

/* Of what was found out. What came with the event is of the key that it came with. */
static void choose_keys(mpsk_session_writer_t *writer)
{
	for (size_t i = 0; i < writer->n; i++) {
		work_t *work = &writer->works[i];
		mpsk_session_t *session = &work->event->session;
		char const *id = work->pointer[0] ? work->pointer : work->id;

		if (!on_its_way(work) || !id[0] || strcmp(id, session->id) == 0) continue;
		memcpy(session->id, id, strlen(id) + 1);
		work->event->by_name = false;
		session->vlan = 0;
		session->role[0] = session->print[0] = '\0';
		if (writer->facts) writer->facts(writer->uctx, session);
	}
}

/*
 * --- Writing ---
 */

/* First the pointer: one without a session does no harm, a session without it would be missed when its NAS starts. */
static void write_pointers(mpsk_session_writer_t *writer, mpsk_error_t *err)
{
	work_t const *before = NULL;

	pipe_begin(writer);
	for (size_t i = 0; i < writer->n; i++) {
		work_t *work = &writer->works[i];
		char const *id = work->event->session.id;

		work->piped = NOT_PIPED;
		if (!on_its_way(work) || !id[0]) continue;
		if (strcmp(work->pointer, id) != 0) {
			pipe_add_for(writer, work, work->nas.text,
				     (char const *const [ARGS_MAX]) { "HSET", work->nas.text, sid_of(work), id });
		}
		if (before && strcmp(before->nas.text, work->nas.text) == 0) continue;
		before = work;
		(void) pipe_add(writer, work->nas.text,
				(char const *const [ARGS_MAX]) { "EXPIRE", work->nas.text, MPSK_SESSION_LIFE });
	}
	pipe_run(writer, err);
	mpsk_pipeline_free(writer->commands, writer->n_commands);
}

static void write_sessions(mpsk_session_writer_t *writer, int64_t now, mpsk_error_t *err)
{
	pipe_begin(writer);
	for (size_t i = 0; i < writer->n; i++) {
		work_t *work = &writer->works[i];
		mpsk_session_event_t const *event = work->event;

		work->piped = NOT_PIPED;
		if (!on_its_way(work) || !event->session.id[0]) continue;
		mpsk_session_call_begin(&work->call, "event", event->session.id, work->call.field, now,
					&writer->terms);
		mpsk_session_call_event(&work->call, event, work->restarted);
		work->piped = writer->n_commands;
		writer->commands[writer->n_commands++] = mpsk_session_call_piped(&work->call,
										 &writer->store->session);
	}
	pipe_run(writer, err);
	for (size_t i = 0; i < writer->n; i++) {
		work_t *work = &writer->works[i];

		if (on_its_way(work) && work->piped != NOT_PIPED) *work->result = writer->commands[work->piped].status;
	}
	mpsk_pipeline_free(writer->commands, writer->n_commands);
}

mpsk_status_t mpsk_session_write(mpsk_session_writer_t *writer, mpsk_session_event_t **events, mpsk_status_t *results,
				 size_t n, int64_t now, mpsk_error_t *err)
{
	writer->n = n;
	writer->away = false;
	for (size_t i = 0; i < n; i++) {
		work_t *work = &writer->works[i];

		work->event = events[i];
		work->result = &results[i];
		work->id[0] = work->pointer[0] = '\0';
		work->restarted = 0;
		work->nas = mpsk_rkey_nas(events[i]->session.nas);
		(void) mpsk_session_field(work->call.field, events[i]->session.nas, &events[i]->session.sid);
		results[i] = MPSK_MISS;
	}
	read_pointers(writer, err);
	check_pointers(writer, err);
	read_hints(writer, err);
	choose_keys(writer);
	write_pointers(writer, err);
	write_sessions(writer, now, err);
	return writer->away ? MPSK_AGAIN : MPSK_OK;
}
