/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The figures of an instance: what it counted, and how it stands; for the
 * store, and for whoever asks by HTTP.
 */
#ifndef RLM_MPSK_FIGURES_H
#define RLM_MPSK_FIGURES_H

#include "rlm_mpsk/instance.h"

/* Whether the options of metrics are right, and under which name the figures stand; -1, and said, where not. */
int rlm_mpsk_figures_check(CONF_SECTION *conf, rlm_mpsk_t *inst);

/* Whose figures to write, and where they come from. */
mpsk_stat_source_t rlm_mpsk_figures_source(rlm_mpsk_t *inst);

/* All that the figures are taken from is there now; and the HTTP server is started, where one is wanted. */
int rlm_mpsk_figures_start(CONF_SECTION *conf, rlm_mpsk_t *inst);

/* End the HTTP server, before anything of the instance goes. */
void rlm_mpsk_figures_stop(rlm_mpsk_t *inst);

#endif
