/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the measurement. Each prints its rows, and ends the process
 * where a result is wrong: a wrong answer has no speed.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>

/* All sizes are tiny: to see that the measurement runs, not to measure. */
extern bool bench_quick;

/* Candidates per second of each kernel and AKM. */
void bench_match(void);

/* PMKs per second of each kernel. */
void bench_pbkdf2(void);

/* Requests to the index; large: with 1,000,000 keys too. */
void bench_index(bool large);

/* Known devices through radiusd, beside a server without the module. */
void bench_server(void);

/* Known devices of every dialect through radiusd, beside those of hostapd alone. */
void bench_dialects(void);

/* Known devices through radiusd while many wrong handshakes come. */
void bench_flood(void);

/* Refused devices through radiusd, with and without log_decisions. */
void bench_refused(void);

/* How soon an edit of a key is in force, with 100,000 keys. */
void bench_effect(void);

/* The start of a server that has 1,000,000 keys, and its memory. */
void bench_ready(void);

/* Say what is wrong and end the process, unless so. */
void bench_assert(bool so, char const *what);

#endif
