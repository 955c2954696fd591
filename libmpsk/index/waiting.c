/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "index/internal.h"

void mpsk_waiting_add(mpsk_index_t *index, mpsk_entry_t *entry)
{
	entry->next = NULL;
	entry->prev = index->waiting_last;
	if (entry->prev) {
		entry->prev->next = entry;
	} else {
		index->waiting = entry;
	}
	index->waiting_last = entry;
}

void mpsk_waiting_remove(mpsk_index_t *index, mpsk_entry_t *entry)
{
	if (entry->prev) {
		entry->prev->next = entry->next;
	} else {
		index->waiting = entry->next;
	}
	if (entry->next) {
		entry->next->prev = entry->prev;
	} else {
		index->waiting_last = entry->prev;
	}
	entry->prev = entry->next = NULL;
}
