/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/written.h"

typedef struct {
	mpsk_spooled_t	*item;
	int64_t		at_ms;
} note_t;

struct mpsk_written {
	size_t	max, first, n;
	note_t	*notes;		/* a ring */
};

static int written_free(mpsk_written_t *written)
{
	for (size_t i = 0; i < written->n; i++) talloc_free(written->notes[(written->first + i) % written->max].item);
	return 0;
}

mpsk_written_t *mpsk_written_create(TALLOC_CTX *ctx, size_t max)
{
	mpsk_written_t *written = talloc_zero(ctx, mpsk_written_t);

	if (!written) return NULL;
	written->max = max;
	written->notes = talloc_array(written, note_t, max);
	if (!written->notes) {
		talloc_free(written);
		return NULL;
	}
	talloc_set_destructor(written, written_free);
	return written;
}

static note_t written_pop(mpsk_written_t *written)
{
	note_t note = written->notes[written->first];

	written->first = (written->first + 1) % written->max;
	written->n--;
	return note;
}

void mpsk_written_add(mpsk_written_t *written, mpsk_spooled_t *item, int64_t now_ms)
{
	while (written->n == written->max ||
	       (written->n && written->notes[written->first].at_ms < now_ms - MPSK_WRITTEN_KEEP_MS)) {
		talloc_free(written_pop(written).item);
	}
	written->notes[(written->first + written->n++) % written->max] = (note_t) { item, now_ms };
}

mpsk_spooled_t *mpsk_written_take(mpsk_written_t *written, int64_t since_ms)
{
	while (written->n) {
		note_t note = written_pop(written);

		if (note.at_ms >= since_ms - MPSK_WRITTEN_KEEP_MS) return note.item;
		talloc_free(note.item);
	}
	return NULL;
}
