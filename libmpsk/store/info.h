/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text that INFO answers: lines of name:value. It comes from outside, so
 * nothing is read past its length, and a NUL in it is an octet as any other.
 */
#ifndef MPSK_STORE_INFO_H
#define MPSK_STORE_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of the first line of this name, in the text itself; NULL where there is none. */
char const *mpsk_info_value(size_t *value_len, char const *info, size_t len, char const *name);

/* Copy it, cut to what fits, with a NUL; false, and "", where there is none. What does not print becomes '?'. */
bool mpsk_info_text(char *out, size_t size, char const *info, size_t len, char const *name);

/* A value that is a number as large as an int64_t holds; false where there is none. */
bool mpsk_info_number(int64_t *number, char const *info, size_t len, char const *name);

#define MPSK_INFO_NAME_MAX	12
#define MPSK_INFO_VERSION_MAX	16

/* Whose server it is, and in which version: "redis", "7.0.15"; "valkey", "8.1.1". "" where that is not told. */
void mpsk_info_server(char name[static MPSK_INFO_NAME_MAX], char version[static MPSK_INFO_VERSION_MAX],
		      char const *info, size_t len);

#endif
