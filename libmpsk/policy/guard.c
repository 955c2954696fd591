/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/guard.h"

#include <pthread.h>
#include <string.h>

#include "index/memo.h"
#include "policy/bucket.h"
#include "policy/gate.h"
#include "wpa/prf.h"

#define REPEATS		16384	/* handshakes that are remembered */
#define MACS		16384
#define NASES		4096
#define AKMS		128	/* of which it is learnt what a key costs */
#define FIRST_NS	100	/* of CPU, until a search has told */
#define TELLING_KEYS	256	/* a search of fewer tells nothing about the next: it is mostly preparation */

typedef struct {
	int64_t		until_ms;
	uint64_t	changes;
} repeat_t;

typedef struct {
	int64_t		since_ms;	/* the window's beginning */
	int64_t		until_ms;	/* the pause's end */
	uint64_t	changes;
	uint32_t	failures;
} mac_t;

typedef struct {
	mpsk_bucket_t	bucket;
	uint64_t	limited;	/* since the last report */
	char		nas[MPSK_ID_MAX + 1];
} nas_t;

struct mpsk_guard {
	mpsk_guard_config_t	config;
	mpsk_guard_counters_t	counters;
	mpsk_memo_t		*repeats, *macs, *nases;
	pthread_mutex_t		lock;		/* of the server's bucket, and of reports */
	mpsk_bucket_t		server;
	mpsk_gate_t		gate;
	_Atomic uint64_t	key_ns[AKMS];	/* of CPU that a key costs, learnt; 0: not yet */

	_Atomic int64_t		unreported_ms;	/* when the first refusal was that no report has told of; 0: none */
	int64_t			reported_ms;
	bool			has_reported;
	uint64_t		told[MPSK_GUARD_MAX];
};

static int guard_free(mpsk_guard_t *guard)
{
	mpsk_gate_finish(&guard->gate);
	pthread_mutex_destroy(&guard->lock);
	return 0;
}

mpsk_guard_t *mpsk_guard_create(TALLOC_CTX *ctx, mpsk_guard_config_t const *config)
{
	mpsk_guard_t *guard = talloc_zero(ctx, mpsk_guard_t);

	if (!guard) return NULL;
	guard->config = *config;
	(void) pthread_mutex_init(&guard->lock, NULL);
	mpsk_gate_init(&guard->gate, config->long_scans, config->long_waiting, (int) config->long_wait_ms);
	talloc_set_destructor(guard, guard_free);
	guard->repeats = mpsk_memo_create(guard, REPEATS, sizeof(repeat_t));
	guard->macs = mpsk_memo_create(guard, MACS, sizeof(mac_t));
	guard->nases = mpsk_memo_create(guard, NASES, sizeof(nas_t));
	if (!guard->repeats || !guard->macs || !guard->nases) {
		talloc_free(guard);
		return NULL;
	}
	return guard;
}

static void count(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

/* All that the answer depends on but the keys: with the same MIC over another frame it is another handshake. */
static uint64_t repeat_name(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit)
{
	struct {
		uint64_t	ssid, context, frame;
		uint8_t		mic[WPA_MIC_MAX];
	} name;
	uint8_t context[WPA_CONTEXT_LEN];

	wpa_context_print(context, &visit->hs->context);
	memset(&name, 0, sizeof(name));
	name.ssid = mpsk_memo_name(guard->repeats, visit->ssid, sizeof(*visit->ssid));
	name.context = mpsk_memo_name(guard->repeats, context, sizeof(context));
	name.frame = mpsk_memo_name(guard->repeats, visit->hs->frame, visit->hs->frame_len);
	memcpy(name.mic, visit->hs->mic, sizeof(name.mic));
	return mpsk_memo_name(guard->repeats, &name, sizeof(name));
}

static uint64_t mac_name(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit)
{
	uint8_t octets[MPSK_MAC_LEN + sizeof(*visit->ssid)];

	memcpy(octets, visit->mac->octets, MPSK_MAC_LEN);
	memcpy(octets + MPSK_MAC_LEN, visit->ssid, sizeof(*visit->ssid));
	return mpsk_memo_name(guard->macs, octets, sizeof(octets));
}

static nas_t *nas_get(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit)
{
	nas_t *nas = mpsk_memo_get(guard->nases, visit->nas_name);

	strncpy(nas->nas, visit->nas, sizeof(nas->nas) - 1);
	return nas;
}

static bool is_repeat(mpsk_guard_t *guard, mpsk_guard_visit_t *visit)
{
	repeat_t const *repeat = mpsk_memo_find(guard->repeats, visit->repeat_name);
	bool is;

	if (!repeat) return false;
	is = visit->now_ms < repeat->until_ms && repeat->changes == visit->changes;
	mpsk_memo_release(guard->repeats, visit->repeat_name);
	return is;
}

static bool mac_is_paused(mpsk_guard_t *guard, mpsk_guard_visit_t *visit)
{
	mac_t const *mac = mpsk_memo_find(guard->macs, visit->mac_name);
	bool paused;

	if (!mac) return false;
	paused = visit->now_ms < mac->until_ms && mac->changes == visit->changes;
	if (paused) visit->wait_ms = mac->until_ms - visit->now_ms;
	mpsk_memo_release(guard->macs, visit->mac_name);
	return paused;
}

static mpsk_bucket_size_t nas_size(mpsk_guard_t const *guard)
{
	return (mpsk_bucket_size_t) { .rate = guard->config.nas_rate, .burst = guard->config.nas_burst };
}

static bool nas_is_over(mpsk_guard_t *guard, mpsk_guard_visit_t *visit)
{
	mpsk_bucket_size_t const size = nas_size(guard);
	bool over;

	if (size.rate == 0) return false;
	over = !mpsk_bucket_take(&nas_get(guard, visit)->bucket, &size, visit->now_ms, 1, &visit->wait_ms);
	mpsk_memo_release(guard->nases, visit->nas_name);
	return over;
}

/* What is refused by a limit is told with its NAS. */
static mpsk_guard_verdict_t refuse(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit, mpsk_guard_verdict_t verdict)
{
	int64_t none = 0;

	count(&guard->counters.refused[verdict], 1);
	if (verdict == MPSK_GUARD_REPEAT) return verdict;
	nas_get(guard, visit)->limited++;
	mpsk_memo_release(guard->nases, visit->nas_name);
	(void) atomic_compare_exchange_strong(&guard->unreported_ms, &none, visit->now_ms > 0 ? visit->now_ms : 1);
	return verdict;
}

mpsk_guard_verdict_t mpsk_guard_enter(mpsk_guard_t *guard, mpsk_guard_visit_t *visit)
{
	if (!guard) return MPSK_GUARD_PASS;
	visit->wait_ms = 0;
	visit->repeat_name = repeat_name(guard, visit);
	visit->mac_name = mac_name(guard, visit);
	visit->nas_name = mpsk_memo_name(guard->nases, visit->nas, strlen(visit->nas));
	if (is_repeat(guard, visit)) return refuse(guard, visit, MPSK_GUARD_REPEAT);
	if (mac_is_paused(guard, visit)) return refuse(guard, visit, MPSK_GUARD_MAC);
	if (nas_is_over(guard, visit)) return refuse(guard, visit, MPSK_GUARD_NAS);
	return MPSK_GUARD_PASS;
}

static mpsk_bucket_size_t server_size(mpsk_guard_t const *guard)
{
	return (mpsk_bucket_size_t) {
		.rate = (int64_t) guard->config.server_rate, .burst = (int64_t) guard->config.server_burst
	};
}

static void server_charge(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit, int64_t us)
{
	mpsk_bucket_size_t const size = server_size(guard);

	if (size.rate == 0) return;
	pthread_mutex_lock(&guard->lock);
	mpsk_bucket_charge(&guard->server, &size, visit->now_ms, us);
	pthread_mutex_unlock(&guard->lock);
}

/* Some AKMs cost many times what others do: by the number of the suite and the version, which tells TKIP from CCMP. */
static _Atomic uint64_t *key_ns(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit)
{
	return &guard->key_ns[((visit->hs->suite & 31) << 2 | (visit->hs->version & 3)) % AKMS];
}

static uint64_t key_ns_get(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit)
{
	uint64_t ns = atomic_load_explicit(key_ns(guard, visit), memory_order_relaxed);

	return ns > 0 ? ns : FIRST_NS;
}

/* Taken before it is spent, or all that come at a time would find the bucket full. */
static bool server_reserve(mpsk_guard_t *guard, mpsk_guard_visit_t *visit)
{
	mpsk_bucket_size_t const size = server_size(guard);
	bool taken;

	visit->reserved_us = (int64_t) (visit->keys * key_ns_get(guard, visit) / 1000);
	if (size.rate == 0) return true;
	pthread_mutex_lock(&guard->lock);
	taken = mpsk_bucket_take(&guard->server, &size, visit->now_ms, visit->reserved_us, &visit->wait_ms);
	pthread_mutex_unlock(&guard->lock);
	if (!taken) visit->reserved_us = 0;
	return taken;
}

mpsk_guard_verdict_t mpsk_guard_scan(mpsk_guard_t *guard, mpsk_guard_visit_t *visit, size_t keys)
{
	if (!guard) return MPSK_GUARD_PASS;
	visit->keys = keys;
	if (!server_reserve(guard, visit)) return refuse(guard, visit, MPSK_GUARD_SERVER);
	if (guard->config.long_scans > 0 && visit->reserved_us >= (int64_t) guard->config.long_us) {
		visit->is_long = mpsk_gate_enter(&guard->gate);
		if (!visit->is_long) return refuse(guard, visit, MPSK_GUARD_LONG);
	}
	count(&guard->counters.scans, 1);
	count(&guard->counters.keys, keys);
	return MPSK_GUARD_PASS;
}

static void repeat_remember(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit)
{
	repeat_t *repeat;

	if (guard->config.repeat_memory == 0) return;
	repeat = mpsk_memo_get(guard->repeats, visit->repeat_name);
	repeat->until_ms = visit->now_ms + (int64_t) guard->config.repeat_memory * 1000;
	repeat->changes = visit->changes;
	mpsk_memo_release(guard->repeats, visit->repeat_name);
}

static void mac_fail(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit)
{
	mpsk_guard_config_t const *config = &guard->config;
	mac_t *mac;

	if (config->mac_failures == 0) return;
	mac = mpsk_memo_get(guard->macs, visit->mac_name);
	if (mac->failures == 0 || mac->changes != visit->changes ||
	    visit->now_ms - mac->since_ms >= (int64_t) config->mac_window * 1000) {
		*mac = (mac_t) { .since_ms = visit->now_ms, .changes = visit->changes };
	}
	if (++mac->failures >= config->mac_failures) {
		mac->until_ms = visit->now_ms + (int64_t) config->mac_pause * 1000;
		mac->failures = 0;
	}
	mpsk_memo_release(guard->macs, visit->mac_name);
}

static void mac_forgive(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit)
{
	mac_t *mac = mpsk_memo_find(guard->macs, visit->mac_name);

	if (!mac) return;
	*mac = (mac_t) { .failures = 0 };
	mpsk_memo_release(guard->macs, visit->mac_name);
}

static void nas_refund(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit)
{
	mpsk_bucket_size_t const size = nas_size(guard);

	if (size.rate == 0) return;
	mpsk_bucket_charge(&nas_get(guard, visit)->bucket, &size, visit->now_ms, -1);
	mpsk_memo_release(guard->nases, visit->nas_name);
}

static void cost_learn(mpsk_guard_t *guard, mpsk_guard_visit_t const *visit, int64_t spent_us)
{
	uint64_t now;

	if (visit->keys < TELLING_KEYS || spent_us <= 0) return;
	now = (key_ns_get(guard, visit) * 7 + (uint64_t) spent_us * 1000 / visit->keys) / 8;
	atomic_store_explicit(key_ns(guard, visit), now > 0 ? now : 1, memory_order_relaxed);
}

void mpsk_guard_leave(mpsk_guard_t *guard, mpsk_guard_visit_t *visit, mpsk_guard_result_t result, int64_t spent_us)
{
	if (!guard) return;
	if (visit->is_long) mpsk_gate_leave(&guard->gate);
	server_charge(guard, visit, spent_us - visit->reserved_us);
	count(&guard->counters.spent_us, (uint64_t) spent_us);
	if (result == MPSK_GUARD_WRONG) {
		cost_learn(guard, visit, spent_us);
		repeat_remember(guard, visit);
		mac_fail(guard, visit);
	}
	/* A NAS pays for what is refused too: else those of a flood would take the turns of all others. */
	if (result == MPSK_GUARD_FOUND || result == MPSK_GUARD_OPEN) nas_refund(guard, visit);
	if (result == MPSK_GUARD_FOUND) mac_forgive(guard, visit);
}

static int64_t seconds_up(int64_t ms)
{
	return (ms + 999) / 1000;
}

void mpsk_guard_explain(mpsk_guard_t const *guard, mpsk_guard_visit_t const *visit, mpsk_guard_verdict_t verdict,
			mpsk_error_t *detail)
{
	mpsk_guard_config_t const *config = &guard->config;
	long long wait = (long long) seconds_up(visit->wait_ms);

	switch (verdict) {
	case MPSK_GUARD_MAC:
		(void) mpsk_error_set(detail, MPSK_OK, "mac_failures: %u wrong handshakes of this MAC within %u s; "
				      "its next is looked at in %lld s, or when a key is added", config->mac_failures,
				      config->mac_window, wait);
		break;
	case MPSK_GUARD_NAS:
		(void) mpsk_error_set(detail, MPSK_OK, "nas_rate: more than %u wrong handshakes a second of this NAS; "
				      "its next is looked at in %lld s", config->nas_rate, wait);
		break;
	case MPSK_GUARD_SERVER:
		(void) mpsk_error_set(detail, MPSK_OK, "server_share: searches have used up their share of the CPU; "
				      "the next may begin in %lld s", wait);
		break;
	case MPSK_GUARD_LONG:
		(void) mpsk_error_set(detail, MPSK_OK, "long_scans: %u long searches are under way and others wait; "
				      "it may be tried again at once", config->long_scans);
		break;
	default:
		(void) mpsk_error_set(detail, MPSK_OK, "the same handshake matched no key a moment ago");
		break;
	}
}

mpsk_guard_counters_t const *mpsk_guard_counters(mpsk_guard_t const *guard)
{
	return &guard->counters;
}

/* The NAS with the most refusals; and all of them counted anew. */
static void nas_report(void *uctx, void *value)
{
	mpsk_guard_report_t *report = uctx;
	nas_t *nas = value;

	if (nas->limited > report->nas_limited) {
		report->nas_limited = nas->limited;
		memcpy(report->nas, nas->nas, sizeof(report->nas));
	}
	nas->limited = 0;
}

static void report_make(mpsk_guard_t *guard, int64_t now_ms, mpsk_guard_report_t *report)
{
	*report = (mpsk_guard_report_t) { .nas = "" };
	report->seconds = seconds_up(now_ms - atomic_exchange(&guard->unreported_ms, 0));
	if (report->seconds < 1) report->seconds = 1;
	for (size_t i = 0; i < MPSK_GUARD_MAX; i++) {
		uint64_t all = atomic_load(&guard->counters.refused[i]);

		report->refused[i] = all - guard->told[i];
		if (i != MPSK_GUARD_REPEAT) report->limited += report->refused[i];
		guard->told[i] = all;
	}
	mpsk_memo_each(guard->nases, nas_report, report);
	guard->reported_ms = now_ms;
	guard->has_reported = true;
}

bool mpsk_guard_report(mpsk_guard_t *guard, int64_t now_ms, mpsk_guard_report_t *report)
{
	bool due;

	if (!guard || atomic_load_explicit(&guard->unreported_ms, memory_order_relaxed) == 0) return false;
	pthread_mutex_lock(&guard->lock);
	due = atomic_load(&guard->unreported_ms) != 0 &&
	      (!guard->has_reported || now_ms - guard->reported_ms >= MPSK_GUARD_REPORT_MS);
	if (due) report_make(guard, now_ms, report);
	pthread_mutex_unlock(&guard->lock);
	/* One refusal may be told of before it was noted that there is something to tell. */
	return due && report->limited > 0;
}
