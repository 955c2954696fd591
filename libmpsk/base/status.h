/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every fallible function answers, and the text that goes with it.
 *
 * Library code never logs: it returns a status and, where the caller gave
 * an error object, says in one line what is wrong, which field or attribute
 * it was, and what cures it. The text never holds a secret.
 */
#ifndef MPSK_BASE_STATUS_H
#define MPSK_BASE_STATUS_H

typedef enum {
	MPSK_OK = 0,	/* done */
	MPSK_MISS,	/* not there; not an error */
	MPSK_AGAIN,	/* not now: a deadline passed or a peer is away; trying later may work */
	MPSK_BAD,	/* the input is malformed or not allowed; trying again is of no use */
	MPSK_ERR	/* something of ours failed: memory, a library, an unexpected reply */
} mpsk_status_t;

#define MPSK_ERROR_MAX 256

typedef struct {
	char text[MPSK_ERROR_MAX];	/* NUL-terminated, one line, no newline */
} mpsk_error_t;

/*
 * Write a formatted text into err (which may be NULL) and return status, so
 * that a failure is one statement. Bytes of the result that are not
 * printable ASCII become '?': it is made for a log. Text past the end is cut.
 */
mpsk_status_t mpsk_error_set(mpsk_error_t *err, mpsk_status_t status, char const *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
