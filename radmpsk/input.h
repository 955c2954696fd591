/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets from a file, standard input or the terminal; never from argv.
 */
#ifndef RADMPSK_INPUT_H
#define RADMPSK_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define INPUT_MAX 512	/* octets of a first line */

/*
 * Read the first line of a file without its \n or \r\n; path "-" is standard
 * input, NULL the terminal, asked with prompt and without echo. size is at
 * most INPUT_MAX. BAD, with a text, where it is empty, longer than size or
 * not to be had; out is then wiped.
 */
mpsk_status_t input_secret_read(uint8_t *out, size_t size, size_t *len, char const *path, char const *prompt,
				mpsk_error_t *err);

#endif
