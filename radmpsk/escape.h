/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Octets from the network, made fit for a terminal.
 */
#ifndef RADMPSK_ESCAPE_H
#define RADMPSK_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

#define ESCAPE_MAX(_len) (4 * (size_t) (_len) + 1)

/* Write printable ASCII as it is, all else, '"' and '\' as \xNN; out holds ESCAPE_MAX(len). Returns out. */
char *escape_print(char *out, uint8_t const *octets, size_t len);

#endif
