/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same PSK twice, among the lines of a file and the keys of the store:
 * found by digests of the PSKs, in sorted order, so that a million lines
 * need no million comparisons each.
 */
#ifndef MPSKCTL_TWINS_H
#define MPSKCTL_TWINS_H

#include "lines.h"

typedef struct ctl_twins ctl_twins_t;

/*
 * Take the lines, and refuse each that has the id of one before it, or a PSK
 * that a station could not tell from that of one before it. Belongs to ctx.
 * Memory that runs out ends the program.
 */
ctl_twins_t *ctl_twins_create(TALLOC_CTX *ctx, ctl_lines_t const *lines);

/* The line with an id that is not refused, or NULL. */
ctl_line_t *ctl_twins_line(ctl_twins_t const *twins, char const *id);

/*
 * A key of the store: refuse every line of another id that a station could
 * not tell from it. Stolen where it is wanted later; it is good until then.
 */
void ctl_twins_meet(ctl_twins_t *twins, mpsk_key_t *key);

/* To be called once, after the last key of the store. */
void ctl_twins_seal(ctl_twins_t *twins);

/*
 * Whether the PMK of a line is that of another line, or of a key of the
 * store, which has it as 64 hex digits; the line is then refused. Any thread
 * may ask.
 */
bool ctl_twins_has_pmk(ctl_twins_t const *twins, ctl_line_t *line, wpa_pmk_t const *pmk);

#endif
