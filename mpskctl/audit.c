/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "audit.h"

#include <jansson.h>
#include <pthread.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "escape.h"
#include "store/change.h"
#include "store/trail.h"
#include "wiping.h"

#define PENDING_MAX	128
#define KEYS_MAX	100	/* of one entry, which tells the same of all of them */
#define FLUSH_MS	1000
#define VALUE_MAX	256	/* octets of a value that is told */
#define HOST_MAX	64
#define FIELDS_MAX	8

/* An entry in the making. */
typedef struct {
	char const	*org;
	char const	*action;	/* "changed" */
	char		*keys;		/* one or more ids, with spaces between; "" : none */
	size_t		n_keys;
	char const	*mac;		/* or "" */
	char const	*changes;	/* JSON, or "" */
} entry_t;

struct ctl_audit {
	ctl_t		*ctl;
	pthread_mutex_t	lock;		/* of all below; changes are made on many threads */
	TALLOC_CTX	*mem;		/* of the pending entries: a root, for no other thread may use it */
	entry_t		entries[PENDING_MAX];
	size_t		n;
	int64_t		flushed_at;	/* 0: never */
	bool		brief;
	bool		warned;
	char		*who, *user;
	char		host[HOST_MAX];
};

static char const *const actions[MPSK_CHANGE_KINDS] = {
	[MPSK_CHANGE_ADDED] = "added",
	[MPSK_CHANGE_EDITED] = "changed",
	[MPSK_CHANGE_RESEALED] = "resealed",
	[MPSK_CHANGE_DELETED] = "deleted",
	[MPSK_CHANGE_DEVICE_ADDED] = "device added",
	[MPSK_CHANGE_DEVICE_FORGOTTEN] = "device forgotten",
	[MPSK_CHANGE_ACCEPTED] = "accepted",
};

/*
 * --- Writing ---
 */
static size_t put(mpsk_field_t *fields, size_t n, char const *name, char const *value)
{
	if (!value || !*value) return n;
	fields[n] = (mpsk_field_t) {
		.name = name, .name_len = strlen(name), .value = value, .value_len = strlen(value)
	};
	return n + 1;
}

static void fields_make(ctl_audit_t const *audit, entry_t const *entry, mpsk_field_t *fields, size_t *n)
{
	*n = put(fields, 0, "who", audit->who);
	if (strcmp(audit->who, audit->user) != 0) *n = put(fields, *n, "user", audit->user);
	*n = put(fields, *n, "host", audit->host);
	*n = put(fields, *n, "verb", audit->ctl->verb);
	*n = put(fields, *n, "action", entry->action);
	*n = put(fields, *n, "key", entry->keys);
	*n = put(fields, *n, "mac", entry->mac);
	*n = put(fields, *n, "changes", entry->changes);
}

/* Those of one organisation from the i-th on, in their order. */
static mpsk_status_t write_org(ctl_audit_t *audit, size_t i, mpsk_error_t *err)
{
	mpsk_field_t fields[PENDING_MAX][FIELDS_MAX];
	mpsk_trail_entry_t entries[PENDING_MAX];
	char const *org = audit->entries[i].org;
	size_t n = 0;

	for (; i < audit->n; i++) {
		if (strcmp(audit->entries[i].org, org) != 0) continue;
		entries[n].fields = fields[n];
		fields_make(audit, &audit->entries[i], fields[n], &entries[n].n);
		n++;
	}
	return mpsk_trail_add(audit->ctl->store, MPSK_TRAIL_AUDIT, org, entries, n, err);
}

static bool is_first_of_org(ctl_audit_t const *audit, size_t i)
{
	for (size_t j = 0; j < i; j++) if (strcmp(audit->entries[j].org, audit->entries[i].org) == 0) return false;
	return true;
}

static void flush(ctl_audit_t *audit)
{
	mpsk_status_t status = MPSK_OK;
	mpsk_error_t err = { "" };

	for (size_t i = 0; i < audit->n && status == MPSK_OK; i++) {
		if (is_first_of_org(audit, i)) status = write_org(audit, i, &err);
	}
	if (status != MPSK_OK && !audit->warned) {
		ctl_fail(CTL_OK, "warning: what was changed is changed, and could not be noted for `mpskctl log`: %s",
			 err.text);
		audit->warned = true;
	}
	audit->n = 0;
	talloc_free_children(audit->mem);
	audit->flushed_at = mpsk_monotonic_ms();
}

/*
 * --- What a change is called ---
 */

/* A value as a text, cut where it is long. */
static json_t *value_json(char const *value, size_t len)
{
	size_t told = len < VALUE_MAX ? len : VALUE_MAX;

	if (!value) return json_null();
	/* No character in half. */
	while (told < len && told > 0 && (value[told] & 0xc0) == 0x80) told--;
	return ctl_escape_json(value, told);
}

/* When a key was changed is when the entry was written. */
static bool is_told(mpsk_change_field_t const *field)
{
	static char const *const untold[] = { "created", "modified", "rotated" };

	for (size_t i = 0; i < sizeof(untold) / sizeof(untold[0]); i++)
		if (field->name_len == strlen(untold[i]) && memcmp(field->name, untold[i], field->name_len) == 0)
			return false;
	return true;
}

static json_t *field_json(mpsk_change_field_t const *field)
{
	json_t *pair;

	if (field->secret) return ctl_need(json_string(!field->value ? "removed" : field->old ? "changed" : "set"));
	pair = ctl_need(json_array());
	if (json_array_append_new(pair, value_json(field->old, field->old_len)) < 0 ||
	    json_array_append_new(pair, value_json(field->value, field->value_len)) < 0) ctl_need(NULL);
	return pair;
}

/* {"vlan":["20","30"],"psk":"changed"}; "" where nothing is to be told. */
static char const *changes_text(ctl_audit_t *audit, mpsk_change_t const *change)
{
	json_t *object = ctl_need(json_object());
	char const *text = "";
	char *dump;

	for (size_t i = 0; i < change->n_fields; i++) {
		mpsk_change_field_t const *field = &change->fields[i];
		json_t *name;

		if (!is_told(field)) continue;
		name = value_json(field->name, field->name_len);
		if (json_object_set_new(object, json_string_value(name), field_json(field)) < 0) ctl_need(NULL);
		json_decref(name);
	}
	if (json_object_size(object)) {
		dump = ctl_need(json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS));
		text = ctl_need(talloc_strdup(audit->mem, dump));
		ctl_wiping_free(dump);
	}
	json_decref(object);
	return text;
}

/* An entry that tells the same of other keys. */
static entry_t *alike(ctl_audit_t *audit, entry_t const *entry)
{
	for (size_t i = 0; i < audit->n; i++) {
		entry_t *other = &audit->entries[i];

		if (other->n_keys < KEYS_MAX && !*other->mac && strcmp(other->org, entry->org) == 0 &&
		    strcmp(other->action, entry->action) == 0 && strcmp(other->changes, entry->changes) == 0)
			return other;
	}
	return NULL;
}

static void note(ctl_audit_t *audit, mpsk_change_t const *change)
{
	entry_t entry = { .action = actions[change->kind], .changes = "", .mac = "", .n_keys = 1 };
	entry_t *other;

	entry.org = ctl_need(talloc_strdup(audit->mem, change->org));
	entry.keys = ctl_need(talloc_strdup(audit->mem, change->id ? change->id : ""));
	if (change->mac) {
		char text[MPSK_MAC_TEXT_MAX];

		entry.mac = ctl_need(talloc_strdup(audit->mem, mpsk_mac_print(text, change->mac)));
	}
	if (change->kind != MPSK_CHANGE_ADDED || !audit->brief) entry.changes = changes_text(audit, change);
	other = !*entry.mac && *entry.keys ? alike(audit, &entry) : NULL;
	if (other) {
		other->keys = ctl_need(talloc_asprintf_append_buffer(other->keys, " %s", entry.keys));
		other->n_keys++;
	} else {
		audit->entries[audit->n++] = entry;
	}
	if (audit->n == PENDING_MAX || !audit->flushed_at || mpsk_monotonic_ms() - audit->flushed_at >= FLUSH_MS)
		flush(audit);
}

static void changed(void *uctx, mpsk_change_t const *change)
{
	ctl_audit_t *audit = uctx;

	pthread_mutex_lock(&audit->lock);
	note(audit, change);
	pthread_mutex_unlock(&audit->lock);
}

/*
 * --- Who ---
 */

/* The account, and behind sudo the one that called it. */
static char const *account(void)
{
	char const *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;
	struct passwd const *entry;

	if (sudo && *sudo) return sudo;
	entry = getpwuid(getuid());
	return entry ? entry->pw_name : NULL;
}

void ctl_audit_begin(ctl_t *ctl)
{
	ctl_audit_t *audit = ctl_need(talloc_zero(ctl->mem, ctl_audit_t));
	char const *user = account();

	audit->ctl = ctl;
	audit->mem = ctl_need(talloc_new(NULL));
	audit->user = user ? talloc_strdup(audit, user) : talloc_asprintf(audit, "uid %u", (unsigned) getuid());
	audit->who = ctl_need(talloc_strdup(audit, ctl->as ? ctl->as : ctl_need(audit->user)));
	if (gethostname(audit->host, sizeof(audit->host)) != 0) audit->host[0] = '\0';
	audit->host[sizeof(audit->host) - 1] = '\0';
	pthread_mutex_init(&audit->lock, NULL);
	ctl->audit = audit;
	mpsk_store_on_change(ctl->store, changed, audit);
}

void ctl_audit_brief(ctl_t *ctl)
{
	ctl->audit->brief = true;
}

void ctl_audit_flush(ctl_t *ctl)
{
	if (!ctl->audit) return;
	pthread_mutex_lock(&ctl->audit->lock);
	if (ctl->audit->n) flush(ctl->audit);
	pthread_mutex_unlock(&ctl->audit->lock);
}

void ctl_audit_end(ctl_t *ctl)
{
	ctl_audit_t *audit = ctl->audit;

	/* Taken: memory ran out where it is held, and the program ends there. */
	if (!audit || pthread_mutex_trylock(&audit->lock) != 0) return;
	mpsk_store_on_change(ctl->store, NULL, NULL);
	if (audit->n) flush(audit);
	talloc_free(audit->mem);
	ctl->audit = NULL;
}
