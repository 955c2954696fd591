/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/figures.h"

#include <sys/stat.h>
#include <unistd.h>

#include "metrics/text.h"
#include "rlm_mpsk/http.h"
#include "store/journal.h"
#include "store/stat.h"

typedef struct {
	rlm_mpsk_t	*inst;
	mpsk_figures_t	*to;
	int64_t		now;
} take_t;

static void put(take_t *take, mpsk_metric_id_t id, uint64_t value)
{
	mpsk_figures_put(take->to, id, value, NULL, NULL);
}

static void put_labelled(take_t *take, mpsk_metric_id_t id, char const *label, uint64_t value)
{
	mpsk_figures_put(take->to, id, value, label, NULL);
}

static void put_index(take_t *take)
{
	mpsk_index_t *index = take->inst->policy.index;
	mpsk_index_stats_t stats;
	mpsk_index_sizes_t sizes;

	mpsk_index_stats(index, &stats);
	mpsk_index_sizes(index, &sizes);
	mpsk_figures_put(take->to, MPSK_METRIC_BUILD_INFO, 1, MPSK_VERSION, stats.kernel);
	put(take, MPSK_METRIC_INDEX_READY, mpsk_index_ready(index));
	put(take, MPSK_METRIC_INDEX_KEYS, stats.keys);
	put(take, MPSK_METRIC_INDEX_SSIDS, stats.ssids);
	put(take, MPSK_METRIC_INDEX_DEVICES, sizes.devices);
	put(take, MPSK_METRIC_INDEX_BYTES, sizes.octets);
	put(take, MPSK_METRIC_INDEX_UNDERIVED, stats.missing);
	put(take, MPSK_METRIC_INDEX_AGE, (uint64_t) mpsk_sync_age(take->inst->sync));
	put(take, MPSK_METRIC_CLAIMS_DEFERRED, mpsk_journal_deferred(take->inst->policy.journal, NULL));
}

/* Of a Redis that takes no writes, but tells what changes, the outbox knows. */
static void put_store(take_t *take, bool away)
{
	static char const *const states[] = { "healthy", "degraded", "absent" };
	mpsk_sync_t const *sync = take->inst->sync;
	size_t state = !mpsk_sync_live(sync) ? 2 : away || mpsk_sync_held(sync) ? 1 : 0;
	struct stat file;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		put_labelled(take, MPSK_METRIC_STORE_STATE, states[i], i == state);
	}
	if (!take->inst->snapshot || stat(take->inst->snapshot, &file) != 0) return;
	put(take, MPSK_METRIC_SNAPSHOT_AGE, take->now > file.st_mtime ? (uint64_t) (take->now - file.st_mtime) : 0);
}

static void put_guard(take_t *take)
{
	static char const *const limits[MPSK_GUARD_MAX] = {
		[MPSK_GUARD_REPEAT] = "repeat_memory",
		[MPSK_GUARD_MAC] = "mac_failures",
		[MPSK_GUARD_NAS] = "nas_rate",
		[MPSK_GUARD_SERVER] = "server_share",
		[MPSK_GUARD_LONG] = "long_scans",
	};
	mpsk_guard_counters_t const *counters = mpsk_guard_counters(take->inst->policy.guard);

	put(take, MPSK_METRIC_GUARD_SEARCHES, atomic_load(&counters->scans));
	put(take, MPSK_METRIC_GUARD_KEYS, atomic_load(&counters->keys));
	mpsk_figures_put_ns(take->to, MPSK_METRIC_GUARD_CPU, atomic_load(&counters->spent_us) * 1000);
	for (size_t i = 0; i < MPSK_GUARD_MAX; i++) {
		if (!limits[i]) continue;
		put_labelled(take, MPSK_METRIC_GUARD_REFUSED, limits[i], atomic_load(&counters->refused[i]));
	}
}

static void put_outbox(take_t *take, mpsk_outbox_stats_t const *stats)
{
	put_labelled(take, MPSK_METRIC_OUTBOX_SESSIONS, "taken", stats->sessions_taken);
	put_labelled(take, MPSK_METRIC_OUTBOX_SESSIONS, "merged", stats->sessions_merged);
	put_labelled(take, MPSK_METRIC_OUTBOX_SESSIONS, "written", stats->sessions_written);
	put_labelled(take, MPSK_METRIC_OUTBOX_SESSIONS, "again", stats->sessions_again);
	put_labelled(take, MPSK_METRIC_OUTBOX_SESSIONS, "foreign", stats->sessions_foreign);
	put_labelled(take, MPSK_METRIC_OUTBOX_SESSIONS, "refused", stats->sessions_refused);
	put_labelled(take, MPSK_METRIC_OUTBOX_SESSIONS, "failed", stats->sessions_failed);
	put(take, MPSK_METRIC_OUTBOX_SESSIONS_WAITING, stats->sessions_waiting);
	put_labelled(take, MPSK_METRIC_OUTBOX_LINES, "taken", stats->lines_taken);
	put_labelled(take, MPSK_METRIC_OUTBOX_LINES, "written", stats->lines_written);
	put_labelled(take, MPSK_METRIC_OUTBOX_LINES, "dropped", stats->lines_dropped);
	put(take, MPSK_METRIC_OUTBOX_LINES_WAITING, stats->lines_waiting);
	put(take, MPSK_METRIC_OUTBOX_FAILURES, stats->failures);
	put(take, MPSK_METRIC_DECISIONS_UNTOLD, mpsk_repeats_dropped(take->inst->repeats));
}

/* Any thread. False where memory is out, or the instance is not whole yet. */
static bool figures_take(void *uctx, TALLOC_CTX *ctx, mpsk_field_t const **fields, size_t *n)
{
	rlm_mpsk_t *inst = uctx;
	mpsk_outbox_stats_t stats;
	mpsk_figures_t figures;
	take_t take = { .inst = inst, .to = &figures, .now = time(NULL) };

	if (!atomic_load_explicit(&inst->whole, memory_order_acquire)) return false;
	mpsk_figures_init(&figures, ctx);
	mpsk_outbox_stats(inst->outbox, &stats);
	put(&take, MPSK_METRIC_START_TIME, (uint64_t) inst->started_at);
	put(&take, MPSK_METRIC_FIGURES_TIME, (uint64_t) take.now);
	rlm_mpsk_measure_print(inst->measure, &figures, take.now - inst->session_stale);
	put_index(&take);
	put_store(&take, stats.away);
	put_guard(&take);
	put_outbox(&take, &stats);
	*fields = figures.fields;
	*n = figures.n;
	return !figures.failed;
}

static char *figures_text(void *uctx, TALLOC_CTX *ctx)
{
	rlm_mpsk_t *inst = uctx;
	mpsk_samples_t samples = { .ctx = ctx };
	mpsk_field_t const *fields;
	size_t n;

	if (!figures_take(inst, ctx, &fields, &n)) return NULL;
	if (mpsk_samples_add(&samples, inst->metrics_name, fields, n) != MPSK_OK) return NULL;
	mpsk_samples_sort(&samples);
	return mpsk_metrics_text(ctx, &samples);
}

/* host/instance; what a name may not hold is a '-'. */
static char const *name_make(rlm_mpsk_t *inst)
{
	char host[MPSK_STAT_SERVER_MAX / 2] = "", *name;

	(void) gethostname(host, sizeof(host) - 1);
	name = talloc_asprintf(inst, "%s/%s", host[0] ? host : "localhost", inst->name);
	for (char *p = name; p && *p; p++) {
		if (!mpsk_stat_server_valid(p, 1)) *p = '-';
	}
	if (name && strlen(name) > MPSK_STAT_SERVER_MAX) name[MPSK_STAT_SERVER_MAX] = '\0';
	return name;
}

int rlm_mpsk_figures_check(CONF_SECTION *conf, rlm_mpsk_t *inst)
{
	mpsk_error_t err;

	if (inst->metrics_listen && rlm_mpsk_http_check(inst->metrics_listen, &err) != MPSK_OK) {
		cf_log_err_cs(conf, "metrics_listen = \"%s\": %s", inst->metrics_listen, err.text);
		return -1;
	}
	if (!inst->metrics_name) inst->metrics_name = name_make(inst);
	if (inst->metrics_name && mpsk_stat_server_valid(inst->metrics_name, strlen(inst->metrics_name))) return 0;
	cf_log_err_cs(conf, "metrics_name: give 1 to %d of A-Z a-z 0-9 . _ : / -", MPSK_STAT_SERVER_MAX);
	return -1;
}

mpsk_stat_source_t rlm_mpsk_figures_source(rlm_mpsk_t *inst)
{
	return (mpsk_stat_source_t) { .server = inst->metrics_name, .take = figures_take, .uctx = inst };
}

int rlm_mpsk_figures_start(CONF_SECTION *conf, rlm_mpsk_t *inst)
{
	mpsk_error_t err;

	inst->started_at = time(NULL);
	atomic_store_explicit(&inst->whole, true, memory_order_release);
	if (!inst->metrics_listen) return 0;
	if (rlm_mpsk_http_start(&inst->http, inst->metrics_listen, figures_text, inst, &err) == MPSK_OK) return 0;
	cf_log_err_cs(conf, "metrics_listen = \"%s\": %s", inst->metrics_listen, err.text);
	return -1;
}

void rlm_mpsk_figures_stop(rlm_mpsk_t *inst)
{
	rlm_mpsk_http_stop(&inst->http);
}
