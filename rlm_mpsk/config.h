/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of the module, which raddb/mods-available/mpsk describes: the
 * table that FreeRADIUS reads them by, and what the library is told of them.
 */
#ifndef RLM_MPSK_CONFIG_H
#define RLM_MPSK_CONFIG_H

#include "rlm_mpsk/instance.h"

/* module_t's config. */
extern CONF_PARSER const rlm_mpsk_config[];

/*
 * Bring numbers within their bounds, with a warning, and name the instance.
 * -1, and an error in the log that names option and cure, where an option has
 * no meaning or lacks another.
 */
int rlm_mpsk_config_check(CONF_SECTION *conf, rlm_mpsk_t *inst);

/* Both point into the instance. */
mpsk_policy_config_t rlm_mpsk_config_policy(rlm_mpsk_t const *inst);
mpsk_store_config_t rlm_mpsk_config_store(rlm_mpsk_t const *inst);

#endif
