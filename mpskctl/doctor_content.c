/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doctor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "digest.h"

#define NAMED_MAX	10	/* keys that a finding about many of them names */

/* A key, or one that is malformed, which has no more than its id. */
typedef struct {
	char const	*id;
	int64_t		max;		/* devices; 0: unlimited, or as the module's default says */
	bool		suspect;	/* another key has one of its digests */
	bool		told;
	bool		expired;
	bool		underived;	/* of one SSID, without its PMK */
	mpsk_key_t	*key;		/* of a suspect, once it was read again */
} entry_t;

/* A PSK or a PMK of a key. */
typedef struct {
	uint64_t	digest;
	char const	*id;
} print_t;

typedef struct {
	doctor_t	*doctor;
	TALLOC_CTX	*mem;
	entry_t		*entries;	/* in the order of their ids once all were read */
	size_t		n_entries, entries_room;
	print_t		*prints;
	size_t		n_prints, prints_room;
	size_t		n_found;	/* by the check that runs */
} content_t;

enum {
	CHECK_READ = 0,
	CHECK_MALFORMED,
	CHECK_DUPLICATE,
	CHECK_CAP,
	CHECK_DEVICES,
	CHECK_PMK,
	CHECK_EXPIRED,
	CHECK_META
};

doctor_check_t const doctor_content_checks[] = {
	[CHECK_READ] = { .name = "read", .about = "whether keys and devices can be read" },
	[CHECK_MALFORMED] = { .name = "malformed", .about = "keys with a field that breaks its rule" },
	[CHECK_DUPLICATE] = { .name = "duplicate", .about = "keys that a station could not tell apart" },
	[CHECK_CAP] = { .name = "cap", .about = "keys with more devices than their max" },
	[CHECK_DEVICES] = { .name = "devices", .about = "devices of no key, and device sets that are none" },
	[CHECK_PMK] = { .name = "pmk", .about = "keys whose PMK is not stored" },
	[CHECK_EXPIRED] = { .name = "expired", .about = "keys that have expired" },
	[CHECK_META] = { .name = "meta", .about = "mpsk:meta, where it is there" },
	{ .name = NULL }
};

static void begin(content_t *content, size_t check)
{
	content->doctor->check = doctor_content_checks[check].name;
	content->n_found = 0;
}

/*
 * --- Reading the keys ---
 */
static void add_print(content_t *content, uint64_t digest, char const *id)
{
	if (content->n_prints == content->prints_room) {
		content->prints_room = content->prints_room ? 2 * content->prints_room : 1024;
		content->prints = ctl_need(talloc_realloc(content->mem, content->prints, print_t,
							  content->prints_room));
	}
	content->prints[content->n_prints++] = (print_t) { .digest = digest, .id = id };
}

static void add_prints(content_t *content, mpsk_key_t const *key, char const *id)
{
	add_print(content, ctl_digest_psk(&key->psk), id);
	if (key->old_psk.len) add_print(content, ctl_digest_psk(&key->old_psk), id);
	/* Another key may have one as its 64 hex digits. */
	for (size_t i = 0; i < key->n_pmks; i++) add_print(content, ctl_digest_pmk(&key->pmks[i].pmk), id);
}

static entry_t *add_entry(content_t *content, char const *id)
{
	if (content->n_entries == content->entries_room) {
		content->entries_room = content->entries_room ? 2 * content->entries_room : 1024;
		content->entries = ctl_need(talloc_realloc(content->mem, content->entries, entry_t,
							   content->entries_room));
	}
	content->entries[content->n_entries] = (entry_t) { .id = ctl_need(talloc_strdup(content->mem, id)) };
	return &content->entries[content->n_entries++];
}

static int64_t cap_of(mpsk_key_t const *key)
{
	if (key->usage == MPSK_USAGE_SINGLE) return 1;
	return key->max > 0 ? key->max : 0;
}

static mpsk_status_t take(void *uctx, char const *id, mpsk_key_t *key, mpsk_error_t const *err)
{
	content_t *content = uctx;
	entry_t *entry = add_entry(content, id);

	if (!key) {
		content->n_found++;
		doctor_find(content->doctor, DOCTOR_ERROR, "set the field right with `mpskctl key edit` or HSET, or "
			    "delete the key; docs/reference/store.md has the rules",
			    "key %s is malformed, and lets nobody in: %s", id, err->text);
		return MPSK_OK;
	}
	entry->max = cap_of(key);
	add_prints(content, key, entry->id);
	entry->expired = key->exp && key->exp <= content->doctor->ctl->now;
	entry->underived = !key->any_ssid && !wpa_psk_is_pmk(&key->psk) && !mpsk_key_pmk(key, &key->ssid);
	return MPSK_OK;
}

static int entry_cmp(void const *a, void const *b)
{
	return strcmp(((entry_t const *) a)->id, ((entry_t const *) b)->id);
}

/* In order, and of those that the walk gave twice only one. */
static void sort_entries(content_t *content)
{
	size_t n = 0;

	if (content->n_entries == 0) return;
	qsort(content->entries, content->n_entries, sizeof(*content->entries), entry_cmp);
	for (size_t i = 0; i < content->n_entries; i++) {
		if (n == 0 || entry_cmp(&content->entries[n - 1], &content->entries[i]) != 0) {
			content->entries[n++] = content->entries[i];
		}
	}
	content->n_entries = n;
}

static entry_t *find_entry(content_t const *content, char const *id)
{
	entry_t const wanted = { .id = id };

	if (content->n_entries == 0) return NULL;
	return bsearch(&wanted, content->entries, content->n_entries, sizeof(wanted), entry_cmp);
}

/* Whether a walk came to its end; what kept it from that is a finding. */
static bool is_read(content_t *content, mpsk_status_t status, mpsk_error_t const *err)
{
	if (status == MPSK_OK) return true;
	content->doctor->check = doctor_content_checks[CHECK_READ].name;
	doctor_find(content->doctor, DOCTOR_ERROR, "see what is said of the servers, and of `access` above all",
		    "not all keys and devices could be read: %s", err->text);
	return false;
}

static bool look_keys(content_t *content)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status;

	begin(content, CHECK_MALFORMED);
	status = mpsk_store_key_each(content->doctor->ctl->store, take, content, &err);
	sort_entries(content);
	if (!is_read(content, status, &err)) return false;
	if (content->n_found == 0) {
		doctor_find(content->doctor, DOCTOR_OK, NULL, "%zu keys, none malformed", content->n_entries);
	}
	return true;
}

/*
 * --- Keys that are alike ---
 */
static int print_cmp(void const *a, void const *b)
{
	print_t const *x = a, *y = b;

	if (x->digest != y->digest) return x->digest < y->digest ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* Where the prints of one digest end that begin at first. */
static size_t run_end(content_t const *content, size_t first)
{
	size_t end = first + 1;

	while (end < content->n_prints && content->prints[end].digest == content->prints[first].digest) end++;
	return end;
}

static size_t suspect_all(content_t *content)
{
	size_t n = 0;

	if (content->n_prints > 0) qsort(content->prints, content->n_prints, sizeof(*content->prints), print_cmp);
	for (size_t i = 0, end; i < content->n_prints; i = end) {
		end = run_end(content, i);
		/* Of one key alone, one that the walk gave twice. */
		if (strcmp(content->prints[i].id, content->prints[end - 1].id) == 0) continue;
		for (size_t j = i; j < end; j++) find_entry(content, content->prints[j].id)->suspect = true;
		n += end - i;
	}
	return n;
}

/* Only suspects are kept: the keys of a campus with their secrets need not all be in memory. */
static mpsk_status_t take_suspect(void *uctx, char const *id, mpsk_key_t *key,
				  mpsk_error_t const *err __attribute__((unused)))
{
	content_t *content = uctx;
	entry_t *entry = find_entry(content, id);

	if (entry && entry->suspect && key && !entry->key) entry->key = talloc_steal(content->mem, key);
	return MPSK_OK;
}

static void compare(content_t *content, entry_t *entry, entry_t const *before)
{
	if (entry->told || !entry->key || !before->key || !mpsk_key_collides(entry->key, before->key)) return;
	entry->told = true;
	content->n_found++;
	doctor_find(content->doctor, DOCTOR_ERROR, "give one of the two another passphrase, SSID or site",
		    "key %s has the passphrase of key %s, where both are good: a device cannot be told which of the "
		    "two it holds", entry->id, before->id);
}

static void compare_run(content_t *content, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		entry_t *entry = find_entry(content, content->prints[i].id);

		/* One is enough, so that equal keys cost no more than so many comparisons. */
		for (size_t j = first; j < i && !entry->told; j++) {
			compare(content, entry, find_entry(content, content->prints[j].id));
		}
	}
}

static void look_duplicates(content_t *content)
{
	mpsk_error_t err = { "" };
	mpsk_status_t status = MPSK_OK;

	begin(content, CHECK_DUPLICATE);
	if (suspect_all(content) > 0) {
		status = mpsk_store_key_each(content->doctor->ctl->store, take_suspect, content, &err);
	}
	if (!is_read(content, status, &err)) return;
	for (size_t i = 0, end; i < content->n_prints; i = end) {
		end = run_end(content, i);
		compare_run(content, i, end);
	}
	if (content->n_found == 0) {
		doctor_find(content->doctor, DOCTOR_OK, NULL, "every key can be told from the others");
	}
}

/*
 * --- Devices ---
 */
typedef struct {
	content_t	*content;
	size_t		n_devices;
	size_t		over;
	size_t		wrong;
} devices_t;

static void find_orphans(devices_t *devices, char const *id, size_t n)
{
	doctor_t *doctor = devices->content->doctor;
	TALLOC_CTX *ctx = ctl_need(talloc_new(NULL));
	mpsk_error_t err = { "" };
	mpsk_key_t *key;

	/* It may have been added since the keys were read. */
	if (mpsk_store_key_read(doctor->ctl->store, ctx, id, &key, &err) == MPSK_MISS) {
		devices->wrong++;
		doctor->check = doctor_content_checks[CHECK_DEVICES].name;
		doctor_find(doctor, DOCTOR_WARNING, "add the key again, or delete its devices: "
			    "redis-cli UNLINK 'mpsk:dev:{ID}'", "mpsk:dev:{%s} has %zu devices, and there is no key %s",
			    id, n, id);
	}
	talloc_free(ctx);
}

static mpsk_status_t take_devices(void *uctx, char const *id, mpsk_device_t const *list, size_t n,
				  mpsk_error_t const *err)
{
	devices_t *devices = uctx;
	doctor_t *doctor = devices->content->doctor;
	entry_t *entry = find_entry(devices->content, id);

	devices->n_devices += n;
	if (!list) {
		devices->wrong++;
		doctor->check = doctor_content_checks[CHECK_DEVICES].name;
		doctor_find(doctor, DOCTOR_ERROR, "delete it: redis-cli UNLINK 'mpsk:dev:{ID}'",
			    "key %s can have no device: %s", id, err->text);
		return MPSK_OK;
	}
	if (!entry) {
		find_orphans(devices, id, n);
		return MPSK_OK;
	}
	/* A walk may come by one set twice. */
	if (entry->max == 0 || n <= (size_t) entry->max) return MPSK_OK;
	devices->over++;
	doctor->check = doctor_content_checks[CHECK_CAP].name;
	doctor_find(doctor, DOCTOR_WARNING, "forget devices with `mpskctl device forget`, or raise --max",
		    "key %s has %zu devices, and its cap is %" PRId64, id, n, entry->max);
	entry->max = 0;
	return MPSK_OK;
}

static void look_devices(content_t *content)
{
	devices_t devices = { .content = content };
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_store_devices_each(content->doctor->ctl->store, take_devices, &devices, &err);

	if (!is_read(content, status, &err)) return;
	if (devices.over == 0) {
		begin(content, CHECK_CAP);
		doctor_find(content->doctor, DOCTOR_OK, NULL, "no key has more devices than its cap");
	}
	if (devices.wrong == 0) {
		begin(content, CHECK_DEVICES);
		doctor_find(content->doctor, DOCTOR_OK, NULL, "%zu devices, each of a key", devices.n_devices);
	}
}

/*
 * --- Good to know ---
 */
/* A finding about many keys: how many, and the first of them. */
typedef struct {
	size_t		check;
	bool		(*is)(entry_t const *entry);
	char const	*what, *none, *cure;
} crowd_t;

static bool is_underived(entry_t const *entry)
{
	return entry->underived;
}

static bool is_expired(entry_t const *entry)
{
	return entry->expired;
}

static crowd_t const crowds[] = {
	{ CHECK_PMK, is_underived, "keys have no PMK for their SSID yet", "every key of one SSID has its PMK",
	  "mpskctl key derive" },
	{ CHECK_EXPIRED, is_expired, "keys have expired", "no key has expired",
	  "mpskctl key delete, or key edit --expires" },
};

static void look_crowd(content_t *content, crowd_t const *crowd)
{
	char *names = ctl_need(talloc_strdup(content->mem, ""));
	size_t n = 0;

	begin(content, crowd->check);
	for (size_t i = 0; i < content->n_entries; i++) {
		entry_t const *entry = &content->entries[i];

		if (!crowd->is(entry) || n++ >= NAMED_MAX) continue;
		names = ctl_need(talloc_asprintf_append(names, "%s%s", n > 1 ? ", " : "", entry->id));
	}
	if (n == 0) {
		doctor_find(content->doctor, DOCTOR_OK, NULL, "%s", crowd->none);
	} else {
		doctor_find(content->doctor, DOCTOR_INFO, crowd->cure, "%zu %s: %s%s", n, crowd->what, names,
			    n > NAMED_MAX ? ", ..." : "");
	}
}

static void look_meta(content_t *content)
{
	char *schema;
	int64_t number;
	mpsk_error_t err = { "" };
	mpsk_status_t status = mpsk_store_meta(content->doctor->ctl->store, content->mem, "schema", &schema, &err);

	begin(content, CHECK_META);
	if (status == MPSK_MISS) return;
	if (status != MPSK_OK) {
		doctor_find(content->doctor, DOCTOR_WARNING, "see what it is: redis-cli TYPE mpsk:meta",
			    "mpsk:meta cannot be read: %s", err.text);
	} else if (!mpsk_number_parse(&number, schema, strlen(schema))) {
		doctor_find(content->doctor, DOCTOR_WARNING, "see who wrote it: redis-cli HGETALL mpsk:meta",
			    "the schema in mpsk:meta is no number");
	} else if (mpsk_store_readable(content->doctor->ctl->store, &err) != MPSK_OK) {
		doctor_find(content->doctor, DOCTOR_ERROR, "install that version of mpsk here", "%s", err.text);
	} else {
		doctor_find(content->doctor, DOCTOR_OK, NULL, "schema %" PRId64, number);
	}
}

/* In the order of the checks and of the keys, which the walks did not keep; one that a walk found twice, once. */
static size_t check_order(doctor_finding_t const *finding)
{
	size_t order = 0;

	while (doctor_content_checks[order].name && doctor_content_checks[order].name != finding->check) order++;
	return order;
}

static int finding_cmp(void const *a, void const *b)
{
	doctor_finding_t const *x = a, *y = b;
	size_t x_order = check_order(x), y_order = check_order(y);

	if (x_order != y_order) return x_order < y_order ? -1 : 1;
	if (x->level != y->level) return x->level > y->level ? -1 : 1;
	return strcmp(x->finding, y->finding);
}

static void sort_findings(doctor_t *doctor, size_t first)
{
	size_t n = first;

	qsort(doctor->findings + first, doctor->n - first, sizeof(*doctor->findings), finding_cmp);
	for (size_t i = first; i < doctor->n; i++) {
		if (n > first && finding_cmp(&doctor->findings[n - 1], &doctor->findings[i]) == 0) continue;
		doctor->findings[n++] = doctor->findings[i];
	}
	doctor->n = n;
}

void doctor_content(doctor_t *doctor)
{
	size_t first = doctor->n;
	content_t content = { .doctor = doctor, .mem = ctl_need(talloc_new(doctor->ctl->mem)) };

	if (look_keys(&content)) {
		look_duplicates(&content);
		look_devices(&content);
		for (size_t i = 0; i < sizeof(crowds) / sizeof(crowds[0]); i++) look_crowd(&content, &crowds[i]);
		look_meta(&content);
	}
	sort_findings(doctor, first);
	talloc_free(content.mem);
}
