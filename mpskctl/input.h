/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a passphrase comes from: a file, the standard input, the terminal
 * or a generator. Never the command line, which every user of the machine
 * can read.
 */
#ifndef MPSKCTL_INPUT_H
#define MPSKCTL_INPUT_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "ctl.h"
#include "key/generate.h"
#include "wpa/pmk.h"

typedef enum {
	CTL_INPUT_NONE = 0,
	CTL_INPUT_FILE,
	CTL_INPUT_ASK,
	CTL_INPUT_GENERATE
} ctl_input_source_t;

/* The input of the parser below; all zero to begin with. */
typedef struct {
	ctl_input_source_t	source;
	char const		*file;		/* "-": standard input */
	mpsk_generate_t const	*policy;	/* to generate by */
	size_t			length;		/* 0: the policy's */
	char const		*alphabet;	/* NULL: the policy's */
	unsigned		bits;		/* the entropy of what was generated */
} ctl_input_t;

extern struct argp const ctl_input_argp;

/* Its options that make passphrases, for verbs that take none from elsewhere. */
extern struct argp const ctl_generate_argp;

/*
 * Get the passphrase: the first line of the file without its end (\n or
 * \r\n), or what was typed twice, or a new one. CTL_INVALID, said, where it
 * is not 8 to 63 printable ASCII characters or 64 hex digits; CTL_USAGE,
 * said, where there is no terminal to ask at. The caller wipes psk.
 */
ctl_exit_t ctl_input_read(ctl_input_t *input, wpa_psk_t *psk);

/*
 * Read a secret of another kind: the first line of a file, of size octets at
 * most. CTL_INVALID, said with the name of the option, where it is empty, too
 * long or not to be had. The caller wipes out.
 */
ctl_exit_t ctl_input_secret(uint8_t *out, size_t size, size_t *len, char const *option, char const *file);

#endif
