/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mirror.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS	4096
#define LOG_MAX	65536

typedef enum {
	KEY,
	DEVICES,
	NAS,
	SITE
} kind_t;

typedef struct entry entry_t;
struct entry {
	entry_t		*next;
	int		generation;
	kind_t		kind;
	char		name[300];
	long long	max;
	char		place[300];
};

struct mirror {
	pthread_mutex_t	lock;
	entry_t		*buckets[BUCKETS];
	int		count;		/* keys */
	int		generation;
	int		loads;
	int		idled;
	int		devices_puts;
	int		restored, replaced;
	int		work;
	size_t		log_len;
	char		log[LOG_MAX];
};

mirror_t *mirror_create(void)
{
	mirror_t *mirror = calloc(1, sizeof(*mirror));

	if (!mirror) abort();
	pthread_mutex_init(&mirror->lock, NULL);
	return mirror;
}

/* With the lock held: where an entry is or would be. */
static entry_t **find(mirror_t *mirror, char const *name, kind_t kind)
{
	unsigned hash = 5381;
	entry_t **at;

	for (char const *c = name; *c; c++) hash = hash * 33 + (unsigned char) *c;
	at = &mirror->buckets[hash % BUCKETS];
	while (*at && ((*at)->kind != kind || strcmp((*at)->name, name) != 0)) at = &(*at)->next;
	return at;
}

static entry_t *put(mirror_t *mirror, char const *name, kind_t kind)
{
	entry_t **at = find(mirror, name, kind);

	if (!*at) {
		*at = calloc(1, sizeof(**at));
		if (!*at) abort();
		snprintf((*at)->name, sizeof((*at)->name), "%s", name);
		(*at)->kind = kind;
		if (kind == KEY) mirror->count++;
	}
	(*at)->generation = mirror->generation;
	return *at;
}

static void drop(mirror_t *mirror, entry_t **at)
{
	entry_t *entry = *at;

	if (!entry) return;
	*at = entry->next;
	if (entry->kind == KEY) mirror->count--;
	free(entry);
}

static void sweep(mirror_t *mirror, bool all)
{
	for (int i = 0; i < BUCKETS; i++) {
		entry_t **at = &mirror->buckets[i];

		while (*at) {
			if (all || (*at)->generation != mirror->generation) {
				drop(mirror, at);
			} else {
				at = &(*at)->next;
			}
		}
	}
}

void mirror_free(mirror_t *mirror)
{
	sweep(mirror, true);
	pthread_mutex_destroy(&mirror->lock);
	free(mirror);
}

/*
 * --- The sink ---
 */
static void on_begin(void *uctx)
{
	mirror_t *mirror = uctx;

	pthread_mutex_lock(&mirror->lock);
	mirror->generation++;
	pthread_mutex_unlock(&mirror->lock);
}

static void on_commit(void *uctx)
{
	mirror_t *mirror = uctx;

	pthread_mutex_lock(&mirror->lock);
	sweep(mirror, false);
	mirror->loads++;
	pthread_mutex_unlock(&mirror->lock);
}

static size_t on_count(void *uctx, size_t *lost)
{
	mirror_t *mirror = uctx;
	size_t all;

	*lost = 0;
	pthread_mutex_lock(&mirror->lock);
	all = (size_t) mirror->count;
	for (int i = 0; i < BUCKETS; i++) {
		for (entry_t *entry = mirror->buckets[i]; entry; entry = entry->next) {
			*lost += entry->kind == KEY && entry->generation != mirror->generation;
		}
	}
	pthread_mutex_unlock(&mirror->lock);
	return all;
}

static void on_key_put(void *uctx, mpsk_key_t *key)
{
	mirror_t *mirror = uctx;

	pthread_mutex_lock(&mirror->lock);
	put(mirror, key->id, KEY)->max = key->max;
	pthread_mutex_unlock(&mirror->lock);
	talloc_free(key);
}

static void on_key_drop(void *uctx, char const *id)
{
	mirror_t *mirror = uctx;

	pthread_mutex_lock(&mirror->lock);
	drop(mirror, find(mirror, id, KEY));
	pthread_mutex_unlock(&mirror->lock);
}

/* "MAC seen " for each. */
static void on_devices_put(void *uctx, char const *id, mpsk_device_t const *devices, size_t n)
{
	mirror_t *mirror = uctx;
	char mac[MPSK_MAC_TEXT_MAX];
	entry_t *entry;

	pthread_mutex_lock(&mirror->lock);
	entry = put(mirror, id, DEVICES);
	mirror->devices_puts++;
	entry->place[0] = '\0';
	for (size_t i = 0, len = 0; i < n && len < sizeof(entry->place) - 40; i++) {
		len += (size_t) snprintf(entry->place + len, 40, "%s %lld ", mpsk_mac_print(mac, &devices[i].mac),
					 (long long) devices[i].last_seen);
	}
	pthread_mutex_unlock(&mirror->lock);
}

static void on_nas_put(void *uctx, char const *nas, mpsk_nas_t const *at)
{
	mirror_t *mirror = uctx;
	entry_t *entry;

	pthread_mutex_lock(&mirror->lock);
	entry = put(mirror, nas, NAS);
	snprintf(entry->place, sizeof(entry->place), "%s/%s", at->org, at->site);
	if (at->dialect[0] || at->reply[0] || at->no_session_timeout) {
		size_t len = strlen(entry->place);

		snprintf(entry->place + len, sizeof(entry->place) - len, " %s/%s%s", at->dialect, at->reply,
			 at->no_session_timeout ? " no-timeout" : "");
	}
	pthread_mutex_unlock(&mirror->lock);
}

static void on_nas_drop(void *uctx, char const *nas)
{
	mirror_t *mirror = uctx;

	pthread_mutex_lock(&mirror->lock);
	drop(mirror, find(mirror, nas, NAS));
	pthread_mutex_unlock(&mirror->lock);
}

static bool on_idle(void *uctx)
{
	mirror_t *mirror = uctx;
	bool more;

	pthread_mutex_lock(&mirror->lock);
	mirror->idled++;
	more = mirror->work > 0;
	if (more) mirror->work--;
	pthread_mutex_unlock(&mirror->lock);
	return more;
}

static void on_log(void *uctx, mpsk_sync_level_t level, char const *text)
{
	mirror_t *mirror = uctx;
	size_t room;

	pthread_mutex_lock(&mirror->lock);
	room = sizeof(mirror->log) - mirror->log_len;
	if (strlen(text) + 8 < room) {
		mirror->log_len += (size_t) snprintf(mirror->log + mirror->log_len, room, "%d %s\n", level, text);
	}
	pthread_mutex_unlock(&mirror->lock);
}

static void on_site_put(void *uctx, char const *site, mpsk_site_t const *at)
{
	mirror_t *mirror = uctx;
	entry_t *entry;

	pthread_mutex_lock(&mirror->lock);
	entry = put(mirror, site, SITE);
	snprintf(entry->place, sizeof(entry->place), "%s%s%s", at->vlans, at->when_full ? " " : "",
		 mpsk_when_full_name(at->when_full));
	pthread_mutex_unlock(&mirror->lock);
}

static void on_site_drop(void *uctx, char const *site)
{
	mirror_t *mirror = uctx;

	pthread_mutex_lock(&mirror->lock);
	drop(mirror, find(mirror, site, SITE));
	pthread_mutex_unlock(&mirror->lock);
}

static void on_restored(void *uctx, bool replaced)
{
	mirror_t *mirror = uctx;

	pthread_mutex_lock(&mirror->lock);
	mirror->restored++;
	mirror->replaced += replaced;
	pthread_mutex_unlock(&mirror->lock);
}

mpsk_sync_sink_t const mirror_sink = {
	.begin = on_begin,
	.commit = on_commit,
	.count = on_count,
	.key_put = on_key_put,
	.key_drop = on_key_drop,
	.devices_put = on_devices_put,
	.nas_put = on_nas_put,
	.nas_drop = on_nas_drop,
	.site_put = on_site_put,
	.site_drop = on_site_drop,
	.restored = on_restored,
	.idle = on_idle,
	.log = on_log,
};

/*
 * --- The test's view ---
 */
static int read_int(mirror_t *mirror, int const *what)
{
	int n;

	pthread_mutex_lock(&mirror->lock);
	n = *what;
	pthread_mutex_unlock(&mirror->lock);
	return n;
}

long long mirror_max(mirror_t *mirror, char const *id)
{
	long long max = -2;
	entry_t *entry;

	pthread_mutex_lock(&mirror->lock);
	entry = *find(mirror, id, KEY);
	if (entry) max = entry->max;
	pthread_mutex_unlock(&mirror->lock);
	return max;
}

static char const *place_of(mirror_t *mirror, char const *name, kind_t kind)
{
	static char place[300];
	entry_t *entry;

	pthread_mutex_lock(&mirror->lock);
	entry = *find(mirror, name, kind);
	snprintf(place, sizeof(place), "%s", entry ? entry->place : "");
	pthread_mutex_unlock(&mirror->lock);
	return place;
}

char const *mirror_site(mirror_t *mirror, char const *site)
{
	return place_of(mirror, site, SITE);
}

char const *mirror_nas(mirror_t *mirror, char const *nas)
{
	return place_of(mirror, nas, NAS);
}

char const *mirror_devices(mirror_t *mirror, char const *id)
{
	return place_of(mirror, id, DEVICES);
}

int mirror_logged(mirror_t *mirror, char const *text)
{
	int n = 0;

	pthread_mutex_lock(&mirror->lock);
	for (char const *at = mirror->log; (at = strstr(at, text)) != NULL; at++) n++;
	pthread_mutex_unlock(&mirror->lock);
	return n;
}

void mirror_dump(mirror_t *mirror)
{
	pthread_mutex_lock(&mirror->lock);
	fprintf(stderr, "%s", mirror->log);
	pthread_mutex_unlock(&mirror->lock);
}

int mirror_count(mirror_t *mirror)
{
	return read_int(mirror, &mirror->count);
}

int mirror_devices_puts(mirror_t *mirror)
{
	return read_int(mirror, &mirror->devices_puts);
}

int mirror_restored(mirror_t *mirror)
{
	return read_int(mirror, &mirror->restored);
}

int mirror_replaced(mirror_t *mirror)
{
	return read_int(mirror, &mirror->replaced);
}

int mirror_idled(mirror_t *mirror)
{
	return read_int(mirror, &mirror->idled);
}

int mirror_loads(mirror_t *mirror)
{
	return read_int(mirror, &mirror->loads);
}

void mirror_set_work(mirror_t *mirror, int times)
{
	pthread_mutex_lock(&mirror->lock);
	mirror->work = times;
	pthread_mutex_unlock(&mirror->lock);
}
