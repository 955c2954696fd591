/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What fuzz targets share. A target is one function over octets of any
 * value: libFuzzer feeds it, and in `make check` replay.c does.
 */
#ifndef MPSK_TESTS_FUZZ_H
#define MPSK_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

/* Returns 0. Breaks an invariant by abort(), which is what both callers take for a finding. */
int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

#define FUZZ_CHECK(_what) \
	do { \
		if (!(_what)) { \
			fprintf(stderr, "%s:%d: this does not hold: %s\n", __FILE__, __LINE__, #_what); \
			abort(); \
		} \
	} while (0)

/* What is still to be read of an input. */
typedef struct {
	uint8_t const	*p;
	size_t		left;
} fuzz_input_t;

/* The next octet, or 0. */
static inline uint8_t fuzz_octet(fuzz_input_t *in)
{
	if (!in->left) return 0;
	in->left--;
	return *in->p++;
}

/* The next n octets, or what is left of them; *len says how many. A block of its own, so that ASan sees its end. */
static inline uint8_t *fuzz_take(fuzz_input_t *in, size_t n, size_t *len)
{
	uint8_t *block;

	*len = n < in->left ? n : in->left;
	block = calloc(1, *len);
	FUZZ_CHECK(block || !*len);
	if (*len) memcpy(block, in->p, *len);
	in->p += *len;
	in->left -= *len;
	return block;
}

/* A C string of the input, up to its first NUL. */
static inline char *fuzz_text(uint8_t const *data, size_t size)
{
	char *text = malloc(size + 1);

	FUZZ_CHECK(text);
	if (size) memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

static inline int fuzz_is_printable(char const *text)
{
	for (; *text; text++) if (*text < ' ' || *text > '~') return 0;
	return 1;
}

/* Whoever fails says why, in one line that may go into a log. */
static inline void fuzz_check_error(mpsk_error_t const *err)
{
	FUZZ_CHECK(memchr(err->text, '\0', sizeof(err->text)));
	FUZZ_CHECK(err->text[0] && fuzz_is_printable(err->text));
}

#endif
