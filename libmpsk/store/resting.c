/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/resting.h"

#include "base/deadline.h"

#define SMALL		200	/* elements that cost no more than a round trip */
#define ELEMENTS_PER_MS	20	/* read of one set, in the long run */
#define REST_MAX_MS	1000
#define CHANGED_BIT	1u

/* A name's number is the low half of the time until which it rests, its lowest bit whether it changed meanwhile. */
static int32_t rest_left(mpsk_name_t const *name)
{
	return (int32_t) ((name->number & ~CHANGED_BIT) - (uint32_t) mpsk_monotonic_ms());
}

void mpsk_resting_add(mpsk_names_t *resting, char const *name, size_t len, size_t n)
{
	size_t ms = n / ELEMENTS_PER_MS < REST_MAX_MS ? n / ELEMENTS_PER_MS : REST_MAX_MS;
	mpsk_name_t *entry = n > SMALL ? mpsk_names_add(resting, name, len) : NULL;

	if (entry) entry->number = (uint32_t) (mpsk_monotonic_ms() + (int64_t) ms) & ~CHANGED_BIT;
}

bool mpsk_resting_changed(mpsk_names_t *resting, char const *name, size_t len)
{
	mpsk_name_t *entry = mpsk_names_find(resting, name, len);

	if (entry) entry->number |= CHANGED_BIT;
	return entry != NULL;
}

bool mpsk_resting_wake(mpsk_names_t *resting, mpsk_names_t *dirty)
{
	mpsk_name_t *entry = mpsk_names_first(resting);

	while (entry) {
		mpsk_name_t *next = mpsk_names_next(entry);

		if (rest_left(entry) <= 0) {
			bool changed = entry->number & CHANGED_BIT;

			if (changed && !mpsk_names_add(dirty, entry->text, entry->len)) return false;
			mpsk_names_remove(resting, entry);
		}
		entry = next;
	}
	return true;
}

void mpsk_resting_next(mpsk_names_t const *resting, int64_t *at)
{
	int64_t now = mpsk_monotonic_ms();

	for (mpsk_name_t const *entry = mpsk_names_first(resting); entry; entry = mpsk_names_next(entry)) {
		if (now + rest_left(entry) < *at) *at = now + rest_left(entry);
	}
}
