/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text of other people's making, for a terminal, for TSV and for JSON. No
 * result leaves a copy of a part of itself elsewhere in memory, so wiping it
 * is enough. Memory that runs out ends the program.
 */
#ifndef MPSKCTL_ESCAPE_H
#define MPSKCTL_ESCAPE_H

#include <jansson.h>
#include <stddef.h>
#include <talloc.h>

/* What a terminal shows and does not obey: all that is not printable in the locale becomes \xNN. */
char *ctl_escape_text(TALLOC_CTX *ctx, char const *text);

/* Tab, newline and backslash as \t, \n and \\; other control characters as \xNN. */
char *ctl_escape_tsv(TALLOC_CTX *ctx, char const *text);

/* Octets that should be UTF-8 as a JSON string; where they are not, those past ASCII become \xNN. */
json_t *ctl_escape_json(char const *text, size_t len);

/* A value without its type, "" for null: elements of an array stand between commas, an object is its first member. */
char *ctl_escape_plain(TALLOC_CTX *ctx, json_t const *value);

/* The cells of a terminal that a text takes. */
int ctl_escape_width(char const *text);

/* Wipe a text and free it. */
void ctl_escape_free(char *text);

#endif
