/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/accounting.h"

#include <arpa/inet.h>

#include "policy/accounting.h"
#include "rlm_mpsk/dialect/accounting.h"
#include "rlm_mpsk/figures.h"
#include "rlm_mpsk/pairs.h"
#include "rlm_mpsk/request.h"
#include "store/outbox.h"

static void outbox_log(void *uctx, char const *text)
{
	rlm_mpsk_t const *inst = uctx;

	WARN("rlm_mpsk (%s): %s", inst->name, text);
}

static void outbox_facts(void *uctx, mpsk_session_t *session)
{
	rlm_mpsk_t const *inst = uctx;

	mpsk_accounting_facts(&inst->policy, session);
}

static void outbox_learned(void *uctx, mpsk_session_t const *session)
{
	rlm_mpsk_t const *inst = uctx;

	mpsk_accounting_learn(&inst->policy, session);
}

mpsk_status_t rlm_mpsk_outbox_start(rlm_mpsk_t *inst, mpsk_store_config_t const *config, mpsk_error_t *err)
{
	mpsk_outbox_config_t outbox = mpsk_outbox_defaults;

	outbox.sessions = inst->accounting_spool;
	outbox.terms.session_stale = inst->session_stale;
	outbox.terms.concurrent_grace = inst->concurrent_grace;
	outbox.uctx = inst;
	outbox.facts = outbox_facts;
	outbox.learned = outbox_learned;
	outbox.figures = rlm_mpsk_figures_source(inst);
	outbox.log = outbox_log;
	/* A root of its own: threads must not share one. */
	return mpsk_outbox_start(NULL, &inst->outbox, config, &outbox, err);
}

/* Who sends it, from where, and at which site. */
static void origin_read(rlm_mpsk_t const *inst, dialect_request_t const *pairs, REQUEST *request,
			mpsk_session_t *session)
{
	fr_ipaddr_t const *from = &request->packet->src_ipaddr;
	VALUE_PAIR const *site = fr_pair_find_by_da(request->config, inst->attributes.site, TAG_ANY);

	rlm_mpsk_request_nas(pairs, request, session->nas);
	if (!inet_ntop(from->af, &from->ipaddr, session->address, sizeof(session->address))) session->address[0] = '\0';
	if (site) snprintf(session->site, sizeof(session->site), "%s", site->vp_strvalue);
}

static mpsk_status_t restart_put(rlm_mpsk_t *inst, mpsk_session_t const *session)
{
	mpsk_session_restart_t restart = {
		.bssid = session->bssid, .has_bssid = session->has_bssid, .at = session->seen,
	};

	memcpy(restart.nas, session->nas, sizeof(restart.nas));
	return mpsk_outbox_restart(inst->outbox, &restart);
}

rlm_rcode_t rlm_mpsk_accounting(rlm_mpsk_t *inst, REQUEST *request)
{
	mpsk_accounting_t accounting;
	dialect_request_t pairs;
	mpsk_error_t err;
	mpsk_status_t status;
	bool known = true;

	rlm_mpsk_pairs_read(&pairs, request);
	status = dialect_accounting_read(&pairs, time(NULL), &accounting, &err);
	if (status != MPSK_OK) {
		rlm_mpsk_measure_accounting(inst->measure, &accounting);
		RDEBUG2("%s", err.text);
		return RLM_MODULE_NOOP;
	}
	origin_read(inst, &pairs, request, &accounting.event.session);
	rlm_mpsk_measure_accounting(inst->measure, &accounting);
	if (accounting.kind == MPSK_ACCOUNTING_RESTART) {
		status = restart_put(inst, &accounting.event.session);
	} else {
		known = mpsk_accounting_key(&inst->policy, &accounting);
		status = mpsk_outbox_session(inst->outbox, &accounting.event);
	}
	/* Of a device that only Redis may know, nobody waits for the answer. */
	if (!known) return RLM_MODULE_NOOP;
	if (status == MPSK_OK) return RLM_MODULE_OK;
	REDEBUG("Redis is away, and %u sessions wait for it already: accounting_spool", inst->accounting_spool);
	return RLM_MODULE_FAIL;
}
