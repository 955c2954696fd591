/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `mpskctl maintain` does each minute: a table of steps, one file each.
 *
 * To add a step, write maintain_NAME.c with the function that does it and,
 * where it has to do with keys, the one that says with which; declare both
 * below, and add a row to steps[] in maintain.c.
 */
#ifndef MPSKCTL_MAINTAIN_H
#define MPSKCTL_MAINTAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "ctl.h"
#include "lease.h"
#include "mail.h"
#include "maintain_alerts.h"

typedef struct ctl_maintain_step ctl_maintain_step_t;

/* One run. */
typedef struct {
	ctl_t				*ctl;
	ctl_mailer_t			mail;
	bool				dry_run;	/* say what would be done, and write nothing */
	int64_t				now;		/* epoch seconds by which all is decided */
	int64_t				session_stale;	/* seconds after which one that is not heard of has ended */
	ctl_alert_limits_t		alert_limits;
	int64_t				rotate_grace;	/* seconds; of a key that is rotated on time */
	int64_t				early_grace;	/* seconds; 0: no grace ends early */
	int64_t				idle_devices;	/* seconds; 0: no device is forgotten */
	int64_t				purge_expired;	/* seconds; 0: no key is deleted */
	ctl_maintain_step_t const	*step;		/* the one that is at work */
	ctl_table_t			*table;		/* of the report; NULL: it is text */
	ctl_exit_t			worst;
	bool				away;		/* Redis is: nothing more need be tried */
	ctl_lease_t			*lease;		/* NULL: a dry run needs none */
} ctl_maintain_t;

/* What a step did to one key, or to one device or session of it. */
typedef struct {
	char const	*step;		/* set by ctl_maintain_done() */
	char const	*id;		/* NULL: it is about no key */
	char const	*what;		/* a device, an address, ...; NULL: the key itself */
	char const	*result;	/* "rotated", "would rotate", "failed" */
	char const	*reason;	/* of a failure; NULL: it succeeded */
	ctl_exit_t	code;
} ctl_maintain_done_t;

struct ctl_maintain_step {
	char const	*name;		/* as --only takes it */
	char const	*help;		/* one line */
	/* Whether it has to do with a key, which it may not change. NULL: with none, or it finds out by itself. */
	bool		(*wants)(ctl_maintain_t const *maintain, mpsk_key_t const *key);
	/*
	 * Do it to the keys that it wanted, in the order of their ids, each once. They are as they were when the run
	 * began: a step before may have changed them, and so may somebody else, so each write says what it goes by.
	 * What becomes of each is told by ctl_maintain_done(), and before each ctl_maintain_ends() is asked.
	 */
	void		(*run)(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n);
	bool		always;		/* also where it wanted no key */
};

/* The table of a report, for other formats than text. */
ctl_table_t *ctl_maintain_table(ctl_t const *ctl);

/* Report. A reason is said at once, and counts for the exit code. */
void ctl_maintain_done(ctl_maintain_t *maintain, ctl_maintain_done_t const *done);

/*
 * Report what a write answered. A key that is gone, or was changed by somebody
 * else since it was read, is passed over: the next run sees it anew.
 */
void ctl_maintain_settle(ctl_maintain_t *maintain, ctl_maintain_done_t *done, mpsk_status_t status,
			 mpsk_error_t const *err);

/* Whether to stop, for Redis failed, or another machine may have the lease by now. */
bool ctl_maintain_ends(ctl_maintain_t const *maintain);

/* What to say of something that is done, or would be in a dry run. */
static inline char const *ctl_maintain_say(ctl_maintain_t const *maintain, char const *done, char const *would)
{
	return maintain->dry_run ? would : done;
}

/*
 * --- The steps ---
 */
bool maintain_grace_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key);
void maintain_grace(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n);
bool maintain_rotate_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key);
void maintain_rotate(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n);
void maintain_sessions(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n);

bool maintain_mail_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key);
void maintain_mail(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n);
bool maintain_remind_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key);
void maintain_remind(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n);

void maintain_alerts(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n);

bool maintain_idle_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key);
void maintain_idle(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n);

bool maintain_purge_wants(ctl_maintain_t const *maintain, mpsk_key_t const *key);
void maintain_purge(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n);

void maintain_disconnect(ctl_maintain_t *maintain, mpsk_key_t **keys, size_t n);

#endif
