/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doctor.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/info.h"

#define HOW_TO		"docs/how-to/redis-standalone.md"
#define NO_INFO		"not allowed to look: INFO is refused"
#define CLOCK_WARNING	2	/* seconds */
#define CLOCK_ERROR	30
#define RTT_WARNING	5	/* milliseconds */
#define MEMORY_WARNING	90	/* per cent */
#define VALUE_MAX	64

/* A line of INFO; "" where there is none. */
typedef struct {
	char text[VALUE_MAX];
} value_t;

static value_t info_text(mpsk_checkup_t const *server, char const *name)
{
	value_t value;

	(void) mpsk_info_text(value.text, sizeof(value.text), server->info, server->info_len, name);
	return value;
}

static int64_t info_number(mpsk_checkup_t const *server, char const *name)
{
	int64_t number;

	return mpsk_info_number(&number, server->info, server->info_len, name) ? number : 0;
}

static bool info_is(mpsk_checkup_t const *server, char const *name, char const *text)
{
	return strcmp(info_text(server, name).text, text) == 0;
}

/* Whether a check can do nothing, and has said so. */
static bool is_blind(doctor_t *doctor, mpsk_checkup_t const *server)
{
	if (!server->info) doctor_find(doctor, DOCTOR_INFO, NULL, NO_INFO);
	return !server->info;
}

/*
 * --- Who it is ---
 */
typedef struct {
	char const	*name;
	unsigned long	major, minor;
} oldest_t;

static oldest_t const oldest[] = {
	{ "redis", 7, 0 },
	{ "valkey", 7, 2 },
};

static bool is_old(oldest_t const *row, char const *version)
{
	char *end;
	unsigned long major = strtoul(version, &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;

	return major < row->major || (major == row->major && minor < row->minor);
}

static void look_version(doctor_t *doctor, mpsk_checkup_t const *server)
{
	char name[MPSK_INFO_NAME_MAX], version[MPSK_INFO_VERSION_MAX];

	if (is_blind(doctor, server)) return;
	mpsk_info_server(name, version, server->info, server->info_len);
	for (size_t i = 0; i < sizeof(oldest) / sizeof(oldest[0]); i++) {
		if (strcmp(oldest[i].name, name) != 0) continue;
		if (is_old(&oldest[i], version)) {
			doctor_find(doctor, DOCTOR_ERROR, "upgrade it to Redis 7 or later, or to Valkey 7.2 or later",
				    "%s %s is too old", name, version);
		} else {
			doctor_find(doctor, DOCTOR_OK, NULL, "%s %s", name, version);
		}
		return;
	}
	doctor_find(doctor, DOCTOR_INFO, NULL, "%s %s is neither Redis nor Valkey: nobody has tried it", name, version);
}

static void look_role(doctor_t *doctor, mpsk_checkup_t const *server)
{
	if (!server->has_role) {
		doctor_find(doctor, DOCTOR_INFO, NULL, "not allowed to look: ROLE is refused");
	} else if (!server->is_primary) {
		doctor_find(doctor, DOCTOR_ERROR, "name its primary in the URI, or all servers, or the Sentinels",
			    "it is a replica, and takes no claim");
	} else {
		doctor_find(doctor, DOCTOR_OK, NULL, "it is a primary");
	}
}

/*
 * --- What we may do there ---
 */

/* "+hset +zadd": what an ACL needs more, each word once. Belongs to ctx; NULL where that is nothing. */
static char *missing(TALLOC_CTX *ctx, mpsk_checkup_t const *server, bool ctl_only)
{
	char *words = NULL;
	bool keys = false;

	for (size_t i = 0; i < server->n_denied; i++) {
		mpsk_denied_t const *denied = &server->denied[i];

		if ((denied->need == MPSK_NEED_CTL) != ctl_only) continue;
		if (denied->key) {
			keys = true;
			continue;
		}
		words = ctl_need(words ? talloc_asprintf_append(words, " +%s", denied->name) :
				 talloc_asprintf(ctx, "+%s", denied->name));
	}
	if (keys) words = ctl_need(words ? talloc_strdup_append(words, " ~mpsk:*") : talloc_strdup(ctx, "~mpsk:*"));
	return words;
}

static void access_find(doctor_t *doctor, mpsk_checkup_t const *server, bool ctl_only)
{
	char *words = missing(doctor->ctl->mem, server, ctl_only), *cure;
	char const *user = server->user ? server->user : "USER";

	if (!words) return;
	cure = ctl_need(talloc_asprintf(words, "ACL SETUSER %s %s; " HOW_TO " has the whole line", user, words));
	if (ctl_only) {
		doctor_find(doctor, DOCTOR_WARNING, cure, "mpskctl may not delete keys: its user's ACL lacks %s",
			    words);
	} else {
		doctor_find(doctor, DOCTOR_ERROR, cure, "the user may not do what mpsk does: its ACL lacks %s", words);
	}
	talloc_free(words);
}

static void look_access(doctor_t *doctor, mpsk_checkup_t const *server)
{
	access_find(doctor, server, false);
	access_find(doctor, server, true);
	if (server->n_denied > 0) return;
	if (server->user) {
		doctor_find(doctor, DOCTOR_OK, NULL, "user %s may do what mpsk does", server->user);
	} else {
		doctor_find(doctor, DOCTOR_OK, NULL, "the user may do what mpsk does");
	}
}

/*
 * --- Memory and disk ---
 */
static void look_memory(doctor_t *doctor, mpsk_checkup_t const *server)
{
	int64_t used, max;
	value_t policy;

	if (is_blind(doctor, server)) return;
	used = info_number(server, "used_memory");
	max = info_number(server, "maxmemory");
	policy = info_text(server, "maxmemory_policy");
	if (strcmp(policy.text, "noeviction") != 0) {
		doctor_find(doctor, DOCTOR_ERROR, "CONFIG SET maxmemory-policy noeviction, and in redis.conf",
			    "maxmemory-policy is %s: short of memory, it throws keys and devices away",
			    *policy.text ? policy.text : "unknown");
	} else if (max > 0 && (double) used / (double) max * 100 > MEMORY_WARNING) {
		doctor_find(doctor, DOCTOR_WARNING, "raise maxmemory: once it is full, new devices are refused",
			    "%.0f%% of maxmemory are used", (double) used / (double) max * 100);
	} else {
		doctor_find(doctor, DOCTOR_OK, NULL, "noeviction, %.1f MB used%s", (double) used / 1e6,
			    max > 0 ? "" : ", no maxmemory");
	}
}

/* What the server last managed to write. */
typedef struct {
	char const	*field;
	char const	*what;
} write_t;

static write_t const writes[] = {
	{ "aof_last_write_status", "writing the AOF" },
	{ "aof_last_bgrewrite_status", "rewriting the AOF" },
	{ "rdb_last_bgsave_status", "saving the RDB" },
};

/* Whether all is written; else that was said. */
static bool writes_fine(doctor_t *doctor, mpsk_checkup_t const *server)
{
	bool fine = true;

	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
		value_t status = info_text(server, writes[i].field);

		if (!*status.text || strcmp(status.text, "ok") == 0) continue;
		fine = false;
		doctor_find(doctor, DOCTOR_ERROR, "see the server's log, and whether its disk is full",
			    "%s failed (%s is %s)", writes[i].what, writes[i].field, status.text);
	}
	return fine;
}

static void no_aof(doctor_t *doctor, mpsk_checkup_t const *server)
{
	static char const cure[] = "CONFIG SET appendonly yes, and in redis.conf with appendfsync everysec";

	if (server->save && !*server->save) {
		doctor_find(doctor, DOCTOR_ERROR, cure, "neither AOF nor RDB: a restart loses every key and device");
	} else {
		doctor_find(doctor, DOCTOR_WARNING, cure,
			    "appendonly is off: a restart loses the claims since the last snapshot");
	}
}

static void look_persistence(doctor_t *doctor, mpsk_checkup_t const *server)
{
	if (is_blind(doctor, server)) return;
	if (!writes_fine(doctor, server)) return;
	if (!info_is(server, "aof_enabled", "1")) {
		no_aof(doctor, server);
	} else if (!server->appendfsync) {
		doctor_find(doctor, DOCTOR_INFO, NULL,
			    "appendonly is on; not allowed to look at appendfsync: CONFIG GET is refused");
	} else if (strcmp(server->appendfsync, "no") == 0) {
		doctor_find(doctor, DOCTOR_WARNING, "CONFIG SET appendfsync everysec, and in redis.conf",
			    "appendfsync is no: a crash of the machine loses what the kernel had not written");
	} else {
		doctor_find(doctor, DOCTOR_OK, NULL, "appendonly is on, appendfsync is %s", server->appendfsync);
	}
}

/*
 * --- Replicas ---
 */

/* How many of them do not follow. */
static int64_t replicas_lost(mpsk_checkup_t const *server, int64_t n)
{
	int64_t lost = 0;

	for (int64_t i = 0; i < n; i++) {
		char name[32];
		value_t line;

		snprintf(name, sizeof(name), "slave%" PRId64, i);
		line = info_text(server, name);
		if (!strstr(line.text, "state=online")) lost++;
	}
	return lost;
}

static void look_replicas(doctor_t *doctor, mpsk_checkup_t const *server)
{
	int64_t n, lost;
	value_t guard;

	if (is_blind(doctor, server)) return;
	n = info_number(server, "connected_slaves");
	if (n <= 0) {
		doctor_find(doctor, DOCTOR_INFO, NULL, "it has no replica: while it is away, so are the keys");
		return;
	}
	if (n > 64) n = 64;
	lost = replicas_lost(server, n);
	guard = info_text(server, "min_slaves_good_slaves");
	if (lost > 0) {
		doctor_find(doctor, DOCTOR_WARNING, "see the log of the replica, and its masteruser and masterauth",
			    "%" PRId64 " of %" PRId64 " replicas do not follow", lost, n);
	}
	/* The line is there only where min-replicas-to-write is set. */
	if (n > 1 && !*guard.text) {
		doctor_find(doctor, DOCTOR_WARNING, "CONFIG SET min-replicas-to-write 1, and in redis.conf",
			    "min-replicas-to-write is 0 with %" PRId64 " replicas: cut off from them, it goes on to "
			    "take claims that are lost", n);
	} else if (lost == 0) {
		doctor_find(doctor, DOCTOR_OK, NULL, "%" PRId64 " replica%s follow%s", n, n == 1 ? "" : "s",
			    n == 1 ? "s" : "");
	}
}

/*
 * --- What claims and sync need ---
 */
static void look_clock(doctor_t *doctor, mpsk_checkup_t const *server)
{
	static char const cure[] = "let NTP set the clocks of both machines: claims and expiry go by them";
	double apart = fabs(server->ahead);

	if (!server->has_clock) {
		doctor_find(doctor, DOCTOR_INFO, NULL, "not allowed to look: TIME is refused");
	} else if (apart > CLOCK_WARNING) {
		doctor_find(doctor, apart > CLOCK_ERROR ? DOCTOR_ERROR : DOCTOR_WARNING, cure,
			    "its clock is %.1f s %s this machine's", apart, server->ahead > 0 ? "ahead of" : "behind");
	} else {
		doctor_find(doctor, DOCTOR_OK, NULL, "its clock is within %.3f s of this machine's", apart);
	}
}

static void look_tracking(doctor_t *doctor, mpsk_checkup_t const *server)
{
	if (server->tracking.status == MPSK_OK) {
		doctor_find(doctor, DOCTOR_OK, NULL, "client-side caching works: edits are seen at once");
		return;
	}
	doctor_find(doctor, DOCTOR_WARNING,
		    "a server and an ACL with CLIENT TRACKING BCAST REDIRECT: &__redis__:invalidate +subscribe "
		    "+client|id +client|tracking, as " HOW_TO " has them",
		    "no client-side caching, so that edits are seen only by reading all keys again: %s",
		    server->tracking.why.text);
}

static void look_script(doctor_t *doctor, mpsk_checkup_t const *server)
{
	if (server->script.status == MPSK_OK) {
		doctor_find(doctor, DOCTOR_OK, NULL, "claim.lua runs, from the script cache");
		return;
	}
	doctor_find(doctor, DOCTOR_ERROR, "an ACL with +eval +evalsha and what " HOW_TO " has besides; no proxy that "
		    "keeps scripts away", "claim.lua does not run, so that no device can be claimed: %s",
		    server->script.why.text);
}

static void look_latency(doctor_t *doctor, mpsk_checkup_t const *server)
{
	if (server->rtt_ms > RTT_WARNING) {
		doctor_find(doctor, DOCTOR_WARNING, "a Redis that is nearer: every new device waits for it",
			    "it answers in %.1f ms", server->rtt_ms);
	} else {
		doctor_find(doctor, DOCTOR_OK, NULL, "it answers in %.3f ms", server->rtt_ms);
	}
}

doctor_check_t const doctor_server_checks[] = {
	{ "version", "Redis 7 or later, Valkey 7.2 or later", look_version },
	{ "role", "a primary, not a replica", look_role },
	{ "access", "what the ACL lets this user do", look_access },
	{ "memory", "maxmemory-policy noeviction, and room below maxmemory", look_memory },
	{ "persistence", "AOF and RDB, and whether they could be written", look_persistence },
	{ "replicas", "that they follow; min-replicas-to-write where there are two", look_replicas },
	{ "clock", "the server's clock against this machine's", look_clock },
	{ "tracking", "client-side caching, by which edits are seen", look_tracking },
	{ "script", "claim.lua, by which devices are claimed", look_script },
	{ "latency", "the time of a round trip", look_latency },
	{ .name = NULL }
};
