/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks of `mpskctl doctor`, and what they find.
 */
#ifndef MPSKCTL_DOCTOR_H
#define MPSKCTL_DOCTOR_H

#include <stddef.h>

#include "ctl.h"
#include "store/checkup.h"

typedef enum {
	DOCTOR_OK = 0,
	DOCTOR_INFO,		/* good to know; or not allowed to look */
	DOCTOR_WARNING,
	DOCTOR_ERROR
} doctor_level_t;

typedef struct {
	char const	*check;
	doctor_level_t	level;
	char const	*node;		/* NULL: what all of them hold */
	char const	*finding;	/* one sentence */
	char const	*cure;		/* NULL: there is nothing to do */
} doctor_finding_t;

typedef struct {
	ctl_t			*ctl;
	char const		*check;	/* that is running */
	char const		*node;	/* that it looks at, or NULL */
	doctor_finding_t	*findings;
	size_t			n, room;
} doctor_t;

/* Note what the running check found. The cure may be NULL; both are copied. */
void doctor_find(doctor_t *doctor, doctor_level_t level, char const *cure, char const *fmt, ...)
	__attribute__((format(printf, 4, 5)));

typedef struct {
	char const	*name;
	char const	*about;		/* what it looks at, for --help */
	void		(*look)(doctor_t *doctor, mpsk_checkup_t const *server);
} doctor_check_t;

/* Those of one server; ends with a NULL name. */
extern doctor_check_t const doctor_server_checks[];

/* Those of what the servers hold; they have no look, for doctor_content() runs them all. */
extern doctor_check_t const doctor_content_checks[];
void doctor_content(doctor_t *doctor);

#endif
