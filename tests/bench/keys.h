/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys in a lab's Redis, written as anybody may. Where that fails, the
 * process ends.
 */
#ifndef TESTS_BENCH_KEYS_H
#define TESTS_BENCH_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "lab.h"

/* n keys of one SSID that nobody holds, their PMKs beside them, so that nothing has to be derived. */
void keys_fill(lab_t const *lab, char const *ssid, size_t n);

/* One key, of a passphrase. */
void keys_add(lab_t const *lab, char const *ssid, char const *id, char const *passphrase);

/* Say in which dialect an access point asks. */
void keys_nas_add(lab_t const *lab, char const *nas, char const *dialect);

/* Let a key in, or refuse it. */
void keys_enable(lab_t const *lab, char const *id, bool enabled);

/* How many commands Redis has been given. */
long long keys_commands(lab_t const *lab);

#endif
