/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/journal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define NONE	UINT32_MAX

/* A noted claim: in the chain of its key's id, and in the order of age. */
typedef struct {
	uint32_t		next, prev;		/* of the chain; of a free slot, next alone */
	uint32_t		newer, older;
	mpsk_journal_state_t	state;
	bool			was_granted;		/* deferred, for it may be lost: nobody let it in on trust */
	char			id[MPSK_ID_MAX + 1];
	char			fingerprint[MPSK_FINGERPRINT_LEN + 1];
	char			clear[MPSK_FINGERPRINT_LEN + 1];
	mpsk_mac_t		mac;
	int64_t			at;
	int64_t			default_max, default_idle, place_s;
	mpsk_when_full_t	site_when_full, default_when_full;
} note_t;

struct mpsk_journal {
	pthread_mutex_t	lock;
	size_t		max;
	size_t		n_deferred;
	uint32_t	*heads;		/* max of them: chains by the hash of an id */
	note_t		*notes;		/* max of them */
	uint32_t	free;
	uint32_t	oldest, newest;
};

static int journal_finish(mpsk_journal_t *journal)
{
	pthread_mutex_destroy(&journal->lock);
	return 0;
}

mpsk_journal_t *mpsk_journal_create(TALLOC_CTX *ctx, size_t max)
{
	mpsk_journal_t *journal = talloc_zero(ctx, mpsk_journal_t);

	if (!journal) return NULL;
	journal->max = max;
	journal->heads = talloc_array(journal, uint32_t, max);
	journal->notes = talloc_zero_array(journal, note_t, max);
	if (!journal->heads || !journal->notes) {
		talloc_free(journal);
		return NULL;
	}
	for (size_t i = 0; i < max; i++) {
		journal->heads[i] = NONE;
		journal->notes[i].next = i + 1 < max ? (uint32_t) i + 1 : NONE;
	}
	journal->oldest = journal->newest = NONE;
	pthread_mutex_init(&journal->lock, NULL);
	talloc_set_destructor(journal, journal_finish);
	return journal;
}

/* FNV-1a: ids are an administrator's choice, not a station's. */
static uint32_t *head_of(mpsk_journal_t *journal, char const *id)
{
	uint32_t hash = 2166136261u;

	for (; *id; id++) hash = (hash ^ (uint8_t) *id) * 16777619u;
	return &journal->heads[hash % journal->max];
}

static uint32_t note_find(mpsk_journal_t *journal, char const *id, mpsk_mac_t const *mac)
{
	uint32_t at = *head_of(journal, id);

	for (; at != NONE; at = journal->notes[at].next) {
		note_t const *note = &journal->notes[at];

		if (memcmp(&note->mac, mac, sizeof(*mac)) == 0 && strcmp(note->id, id) == 0) break;
	}
	return at;
}

/* How many are deferred; trusted: but for those that were granted before. */
static size_t deferred_of(mpsk_journal_t *journal, char const *id, bool trusted)
{
	size_t n = 0;

	for (uint32_t at = *head_of(journal, id); at != NONE; at = journal->notes[at].next) {
		note_t const *note = &journal->notes[at];

		if (note->state != MPSK_JOURNAL_DEFERRED || (trusted && note->was_granted)) continue;
		n += strcmp(note->id, id) == 0;
	}
	return n;
}

static void age_unlink(mpsk_journal_t *journal, uint32_t at)
{
	note_t *note = &journal->notes[at];

	*(note->older == NONE ? &journal->oldest : &journal->notes[note->older].newer) = note->newer;
	*(note->newer == NONE ? &journal->newest : &journal->notes[note->newer].older) = note->older;
}

static void age_append(mpsk_journal_t *journal, uint32_t at)
{
	note_t *note = &journal->notes[at];

	note->older = journal->newest;
	note->newer = NONE;
	*(note->older == NONE ? &journal->oldest : &journal->notes[note->older].newer) = at;
	journal->newest = at;
}

static void state_set(mpsk_journal_t *journal, uint32_t at, mpsk_journal_state_t state)
{
	journal->n_deferred += state == MPSK_JOURNAL_DEFERRED;
	journal->n_deferred -= journal->notes[at].state == MPSK_JOURNAL_DEFERRED;
	journal->notes[at].state = state;
}

static void note_remove(mpsk_journal_t *journal, uint32_t at)
{
	note_t *note = &journal->notes[at];

	state_set(journal, at, MPSK_JOURNAL_NOTHING);
	age_unlink(journal, at);
	*(note->prev == NONE ? head_of(journal, note->id) : &journal->notes[note->prev].next) = note->next;
	if (note->next != NONE) journal->notes[note->next].prev = note->prev;
	note->next = journal->free;
	journal->free = at;
}

/* A free slot, or that of the oldest granted claim; NONE where all are deferred. */
static uint32_t slot_take(mpsk_journal_t *journal)
{
	uint32_t at = journal->oldest;

	if (journal->free == NONE) {
		while (at != NONE && journal->notes[at].state == MPSK_JOURNAL_DEFERRED) at = journal->notes[at].newer;
		if (at == NONE) return NONE;
		note_remove(journal, at);
	}
	at = journal->free;
	journal->free = journal->notes[at].next;
	return at;
}

static uint32_t note_add(mpsk_journal_t *journal, mpsk_claim_t const *claim, mpsk_journal_state_t state)
{
	uint32_t at = slot_take(journal), *head = head_of(journal, claim->id);
	note_t *note;

	if (at == NONE) return NONE;
	note = &journal->notes[at];
	*note = (note_t) {
		.next = *head, .prev = NONE, .mac = claim->mac, .at = claim->now,
		.default_max = claim->default_max, .default_idle = claim->default_idle, .place_s = claim->place_s,
		.site_when_full = claim->site_when_full, .default_when_full = claim->default_when_full,
	};
	strncpy(note->id, claim->id, MPSK_ID_MAX);
	strncpy(note->fingerprint, claim->fingerprint, MPSK_FINGERPRINT_LEN);
	if (claim->clear) strncpy(note->clear, claim->clear, MPSK_FINGERPRINT_LEN);
	if (*head != NONE) journal->notes[*head].prev = at;
	*head = at;
	age_append(journal, at);
	state_set(journal, at, state);
	return at;
}

void mpsk_journal_granted(mpsk_journal_t *journal, mpsk_claim_t const *claim)
{
	uint32_t at;

	pthread_mutex_lock(&journal->lock);
	at = note_find(journal, claim->id, &claim->mac);
	if (at != NONE) note_remove(journal, at);
	(void) note_add(journal, claim, MPSK_JOURNAL_GRANTED);
	pthread_mutex_unlock(&journal->lock);
}

mpsk_status_t mpsk_journal_defer(mpsk_journal_t *journal, mpsk_claim_t const *claim, size_t limit)
{
	mpsk_status_t status = MPSK_MISS;
	uint32_t at;

	pthread_mutex_lock(&journal->lock);
	at = note_find(journal, claim->id, &claim->mac);
	if (at != NONE && journal->notes[at].state == MPSK_JOURNAL_DEFERRED) {
		status = MPSK_OK;
	} else if (deferred_of(journal, claim->id, true) < limit) {
		if (at != NONE) note_remove(journal, at);
		status = note_add(journal, claim, MPSK_JOURNAL_DEFERRED) == NONE ? MPSK_MISS : MPSK_OK;
	}
	pthread_mutex_unlock(&journal->lock);
	return status;
}

mpsk_journal_state_t mpsk_journal_find(mpsk_journal_t *journal, char const *id, mpsk_mac_t const *mac, int64_t now)
{
	mpsk_journal_state_t state = MPSK_JOURNAL_NOTHING;
	uint32_t at;

	pthread_mutex_lock(&journal->lock);
	at = note_find(journal, id, mac);
	if (at != NONE) state = journal->notes[at].was_granted ? MPSK_JOURNAL_GRANTED : journal->notes[at].state;
	if (state == MPSK_JOURNAL_GRANTED && journal->notes[at].at + MPSK_JOURNAL_KEEP_S < now) {
		state = MPSK_JOURNAL_NOTHING;
	}
	pthread_mutex_unlock(&journal->lock);
	return state;
}

size_t mpsk_journal_deferred(mpsk_journal_t *journal, char const *id)
{
	size_t n;

	pthread_mutex_lock(&journal->lock);
	n = id ? deferred_of(journal, id, false) : journal->n_deferred;
	pthread_mutex_unlock(&journal->lock);
	return n;
}

static bool is_among(mpsk_device_t const *devices, size_t n, mpsk_mac_t const *mac)
{
	for (size_t i = 0; i < n; i++) {
		if (memcmp(&devices[i].mac, mac, sizeof(*mac)) == 0) return true;
	}
	return false;
}

void mpsk_journal_keep(mpsk_journal_t *journal, char const *id, mpsk_device_t const *devices, size_t n,
		       int64_t before)
{
	pthread_mutex_lock(&journal->lock);
	for (uint32_t at = *head_of(journal, id), next; at != NONE; at = next) {
		note_t const *note = &journal->notes[at];

		next = note->next;
		if (note->state == MPSK_JOURNAL_GRANTED && note->at < before && strcmp(note->id, id) == 0 &&
		    !is_among(devices, n, &note->mac)) {
			note_remove(journal, at);
		}
	}
	pthread_mutex_unlock(&journal->lock);
}

/*
 * --- Replay ---
 */

/* With lost: what was granted lately is to be told again, as if it had been deferred; what is older is let go. */
static void granted_defer(mpsk_journal_t *journal, int64_t now)
{
	for (uint32_t at = journal->oldest, newer; at != NONE; at = newer) {
		note_t *note = &journal->notes[at];

		newer = note->newer;
		if (note->state != MPSK_JOURNAL_GRANTED) continue;
		if (note->at + MPSK_JOURNAL_KEEP_S < now) {
			note_remove(journal, at);
		} else {
			state_set(journal, at, MPSK_JOURNAL_DEFERRED);
			note->was_granted = true;
		}
	}
}

/* A copy of the oldest deferred note; false where there is none. */
static bool deferred_peek(mpsk_journal_t *journal, note_t *copy)
{
	uint32_t at;

	pthread_mutex_lock(&journal->lock);
	for (at = journal->n_deferred ? journal->oldest : NONE; at != NONE; at = journal->notes[at].newer) {
		if (journal->notes[at].state != MPSK_JOURNAL_DEFERRED) continue;
		*copy = journal->notes[at];
		break;
	}
	pthread_mutex_unlock(&journal->lock);
	return at != NONE;
}

/* It was told, unless somebody has forgotten or noted it anew meanwhile. */
static void note_settle(mpsk_journal_t *journal, note_t const *told, mpsk_claim_code_t code, int64_t now)
{
	uint32_t at;

	pthread_mutex_lock(&journal->lock);
	at = note_find(journal, told->id, &told->mac);
	if (at != NONE && journal->notes[at].state == MPSK_JOURNAL_DEFERRED) {
		if (code == MPSK_CLAIM_OK) {
			state_set(journal, at, MPSK_JOURNAL_GRANTED);
			journal->notes[at].was_granted = false;
			journal->notes[at].at = now;
			age_unlink(journal, at);
			age_append(journal, at);
		} else {
			note_remove(journal, at);
		}
	}
	pthread_mutex_unlock(&journal->lock);
}

static bool is_print_of(char const *print, wpa_psk_t const *psk)
{
	char of[MPSK_FINGERPRINT_LEN + 1];

	if (psk->len == 0) return false;
	mpsk_key_fingerprint(of, psk->octets, psk->len);
	return strcmp(of, print) == 0;
}

char const *mpsk_journal_fingerprint(mpsk_claim_t const *claim, mpsk_key_t const *key)
{
	if (!claim->clear || !claim->clear[0]) return NULL;
	if (is_print_of(claim->clear, &key->psk)) return key->fingerprint;
	return is_print_of(claim->clear, &key->old_psk) ? key->old_fingerprint : NULL;
}

static bool note_replay(mpsk_journal_t *journal, note_t const *note, int64_t now, mpsk_journal_replay_t const *replay)
{
	mpsk_claim_t const claim = {
		.id = note->id, .mac = note->mac, .op = MPSK_CLAIM_CLAIM, .fingerprint = note->fingerprint, .now = now,
		.default_max = note->default_max, .default_idle = note->default_idle, .clear = note->clear,
		.place_s = note->place_s,
		.site_when_full = note->site_when_full, .default_when_full = note->default_when_full,
	};
	mpsk_claim_result_t result;
	mpsk_error_t ignored;

	if (replay->claim(replay->uctx, &claim, &result, &ignored) != MPSK_OK) return false;
	note_settle(journal, note, result.code, now);
	if (result.code != MPSK_CLAIM_OK) replay->refused(replay->uctx, &claim, result.code);
	return true;
}

size_t mpsk_journal_replay(mpsk_journal_t *journal, int64_t now, bool lost, mpsk_journal_replay_t const *replay)
{
	note_t note;
	size_t told = 0;

	if (lost) {
		pthread_mutex_lock(&journal->lock);
		granted_defer(journal, now);
		pthread_mutex_unlock(&journal->lock);
	}
	while (deferred_peek(journal, &note) && note_replay(journal, &note, now, replay)) told++;
	return told;
}
