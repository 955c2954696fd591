/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guard of the search as FreeRADIUS sees it: its options, and its line
 * in the log.
 */
#ifndef RLM_MPSK_GUARD_H
#define RLM_MPSK_GUARD_H

#include "rlm_mpsk/instance.h"

/* The subsection `guard` of the module's own. */
extern CONF_PARSER const rlm_mpsk_guard_config[];

/* -1, and an error in the log that names option and cure, where one of these or match_threads is out of bounds. */
int rlm_mpsk_guard_check(CONF_SECTION *conf, rlm_mpsk_t const *inst);

mpsk_guard_t *rlm_mpsk_guard_create(rlm_mpsk_t const *inst);

/* Once a minute at most, and only where limits refused something: how much, and through which NAS. */
void rlm_mpsk_guard_log(rlm_mpsk_t const *inst, int64_t now_ms);

#endif
