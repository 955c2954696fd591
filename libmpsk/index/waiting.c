/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "index/internal.h"

#define FIRST_WAITERS 64

void mpsk_waiting_init(mpsk_waiting_t *waiting)
{
	*waiting = (mpsk_waiting_t) { .first = MPSK_LANE_NONE, .last = MPSK_LANE_NONE, .free = MPSK_LANE_NONE };
}

void mpsk_waiting_finish(mpsk_waiting_t *waiting)
{
	free(waiting->waiters);
	mpsk_waiting_init(waiting);
}

mpsk_status_t mpsk_waiting_reserve(mpsk_waiting_t *waiting, size_t n)
{
	size_t wanted = waiting->n + (n > waiting->n_free ? n - waiting->n_free : 0);
	size_t room = waiting->room ? waiting->room : FIRST_WAITERS;
	mpsk_waiter_t *waiters;

	if (wanted <= waiting->room) return MPSK_OK;
	while (room < wanted) room += room / 2;
	if (room >= MPSK_LANE_NONE - MPSK_LANE_WAITING) return MPSK_ERR;
	waiters = realloc(waiting->waiters, room * sizeof(*waiters));
	if (!waiters) return MPSK_ERR;
	waiting->waiters = waiters;
	waiting->room = room;
	return MPSK_OK;
}

static uint32_t *next_of(mpsk_waiting_t *waiting, uint32_t number)
{
	return number == MPSK_LANE_NONE ? &waiting->first : &waiting->waiters[number].next;
}

static uint32_t *prev_of(mpsk_waiting_t *waiting, uint32_t number)
{
	return number == MPSK_LANE_NONE ? &waiting->last : &waiting->waiters[number].prev;
}

static void link_last(mpsk_waiting_t *waiting, uint32_t number)
{
	mpsk_waiter_t *waiter = &waiting->waiters[number];

	waiter->next = MPSK_LANE_NONE;
	waiter->prev = waiting->last;
	*next_of(waiting, waiting->last) = number;
	waiting->last = number;
}

static void unlink_one(mpsk_waiting_t *waiting, uint32_t number)
{
	mpsk_waiter_t const *waiter = &waiting->waiters[number];

	*next_of(waiting, waiter->prev) = waiter->next;
	*prev_of(waiting, waiter->next) = waiter->prev;
}

static uint32_t number_of(mpsk_place_t const *place)
{
	return mpsk_place_lane(place) - MPSK_LANE_WAITING;
}

void mpsk_waiting_add(mpsk_waiting_t *waiting, mpsk_ref_t entry, mpsk_place_t *place)
{
	uint32_t number = waiting->free;

	if (number != MPSK_LANE_NONE) {
		waiting->free = waiting->waiters[number].next;
		waiting->n_free--;
	} else {
		number = (uint32_t) waiting->n++;
	}
	waiting->waiters[number] = (mpsk_waiter_t) { .place = place, .entry = entry };
	link_last(waiting, number);
	atomic_store_explicit(&place->lane, MPSK_LANE_WAITING + number, memory_order_release);
}

void mpsk_waiting_remove(mpsk_waiting_t *waiting, mpsk_place_t const *place)
{
	uint32_t number = number_of(place);

	unlink_one(waiting, number);
	waiting->waiters[number] = (mpsk_waiter_t) { .next = waiting->free };
	waiting->free = number;
	waiting->n_free++;
}

void mpsk_waiting_defer(mpsk_waiting_t *waiting, mpsk_place_t const *place)
{
	unlink_one(waiting, number_of(place));
	link_last(waiting, number_of(place));
}

mpsk_waiter_t *mpsk_waiting_next(mpsk_waiting_t *waiting, mpsk_waiter_t const *waiter)
{
	uint32_t number = waiter ? waiter->next : waiting->first;

	return number == MPSK_LANE_NONE ? NULL : &waiting->waiters[number];
}
