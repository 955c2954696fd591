/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wiping.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

typedef struct {
	alignas(max_align_t) size_t size;
} block_t;

void *ctl_wiping_malloc(size_t size)
{
	block_t *block;

	if (size > SIZE_MAX - sizeof(*block)) return NULL;
	block = malloc(sizeof(*block) + size);
	if (!block) return NULL;
	block->size = size;
	return block + 1;
}

/* Always elsewhere, for what realloc() leaves behind on its way could not be wiped. */
void *ctl_wiping_realloc(void *old, size_t size)
{
	void *new = ctl_wiping_malloc(size);
	size_t before;

	if (!new || !old) return new;
	before = ((block_t *) old - 1)->size;
	memcpy(new, old, before < size ? before : size);
	ctl_wiping_free(old);
	return new;
}

void ctl_wiping_free(void *p)
{
	block_t *block = p;

	if (!block) return;
	block--;
	mpsk_secret_wipe(p, block->size);
	free(block);
}
