/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs: one table in main.c, one file each.
 */
#ifndef MPSKCTL_VERB_H
#define MPSKCTL_VERB_H

#include "ctl.h"

typedef struct {
	char const	*noun;
	char const	*name;		/* NULL: the noun is the whole of it */
	char const	*args;		/* for the table that --help prints */
	char const	*help;
	/* argv[0] is "mpskctl key add", and what follows is the verb's own and the common options. */
	ctl_exit_t	(*run)(ctl_t *ctl, int argc, char **argv);
} ctl_verb_t;

ctl_exit_t key_add(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_list(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_expiring(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_show(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_mail(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_edit(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_qr(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_rotate(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_delete(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_enable(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_disable(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_derive(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_import(ctl_t *ctl, int argc, char **argv);
ctl_exit_t key_export(ctl_t *ctl, int argc, char **argv);
ctl_exit_t device_list(ctl_t *ctl, int argc, char **argv);
ctl_exit_t device_add(ctl_t *ctl, int argc, char **argv);
ctl_exit_t device_forget(ctl_t *ctl, int argc, char **argv);
ctl_exit_t alerts(ctl_t *ctl, int argc, char **argv);
ctl_exit_t clients(ctl_t *ctl, int argc, char **argv);
ctl_exit_t kick(ctl_t *ctl, int argc, char **argv);
ctl_exit_t nas_set(ctl_t *ctl, int argc, char **argv);
ctl_exit_t nas_show(ctl_t *ctl, int argc, char **argv);
ctl_exit_t nas_list(ctl_t *ctl, int argc, char **argv);
ctl_exit_t nas_remove(ctl_t *ctl, int argc, char **argv);
ctl_exit_t keyring_init(ctl_t *ctl, int argc, char **argv);
ctl_exit_t keyring_add(ctl_t *ctl, int argc, char **argv);
ctl_exit_t keyring_list(ctl_t *ctl, int argc, char **argv);
ctl_exit_t rekey(ctl_t *ctl, int argc, char **argv);
ctl_exit_t audit_log(ctl_t *ctl, int argc, char **argv);
ctl_exit_t watch(ctl_t *ctl, int argc, char **argv);
ctl_exit_t why(ctl_t *ctl, int argc, char **argv);
ctl_exit_t top(ctl_t *ctl, int argc, char **argv);
ctl_exit_t metrics(ctl_t *ctl, int argc, char **argv);
ctl_exit_t maintain(ctl_t *ctl, int argc, char **argv);
ctl_exit_t doctor(ctl_t *ctl, int argc, char **argv);
ctl_exit_t ping(ctl_t *ctl, int argc, char **argv);
ctl_exit_t resync(ctl_t *ctl, int argc, char **argv);

#endif
