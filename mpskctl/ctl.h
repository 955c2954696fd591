/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of mpskctl: its common options, its store, its way to fail.
 */
#ifndef MPSKCTL_CTL_H
#define MPSKCTL_CTL_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "output.h"
#include "store/store.h"

typedef enum {
	CTL_OK = 0,
	CTL_NOTHING = 1,	/* no such key or device: nothing was done */
	CTL_INVALID = 2,	/* a value is wrong, or the store's content forbids it */
	CTL_FAILED = 3,		/* Redis cannot be reached or used; the result cannot be written; memory is out */
	CTL_REMAINS = 4,	/* done in the store, and some device may still be on the network */
	CTL_USAGE = 64		/* options or operands, as EX_USAGE of sysexits.h */
} ctl_exit_t;

/* The same codes for people: the last paragraph of each verb's --help. */
#define CTL_EXIT_DOC \
	"\n\nExit codes: 0 done; 1 no such key or device; 2 a value is wrong or the change is refused; " \
	"3 Redis cannot be reached or used, or the result cannot be written; 4 done, but a device may still be on " \
	"the network, for its access point did not disconnect it; 64 wrong options. " \
	"Errors are text on the standard error, with --json too. Of several keys or devices, those that an error " \
	"names were not changed, and the others were."

typedef struct ctl_audit ctl_audit_t;

typedef struct {
	TALLOC_CTX		*mem;		/* of all that the run allocates */
	char const		*verb;		/* "key add" */
	mpsk_store_config_t	config;
	char const		*nas_file;	/* NULL: none; see nas_file.h */
	mpsk_store_t		*store;		/* after ctl_open() */
	char const		*as;		/* whom the trail of edits names, or NULL: the account */
	ctl_audit_t		*audit;		/* after ctl_open(), which begins it */
	ctl_format_t		format;
	bool			quiet;
	int64_t			now;		/* epoch seconds, taken once */
} ctl_t;

/* Take from the environment what it says in place of common options. */
void ctl_environment(ctl_t *ctl);

/* The common options, --help among them. A parser that has them for a child sets the child's input to the ctl_t. */
extern struct argp const ctl_argp;

/* Operands: the words of the command line that are no options. */
typedef struct {
	char	**v;
	int	n;
} ctl_args_t;

/*
 * argp_parse() with the exit codes of this program: CTL_OK or CTL_USAGE,
 * said. The parser has ctl_argp among its children, which brings --help.
 */
ctl_exit_t ctl_parse(struct argp const *argp, int argc, char **argv, unsigned flags, void *input);

/* Within a parser: say what is wrong, and end the program. */
void ctl_stop(struct argp_state const *state, ctl_exit_t code, char const *fmt, ...)
	__attribute__((noreturn, format(printf, 3, 4)));

/* To be called last in a parser: takes the operands, and stops where there are fewer than min or more than max. */
error_t ctl_args_parse(ctl_args_t *args, int key, struct argp_state *state, int min, int max);

/* Make ctl->store, which connects to nobody yet. CTL_INVALID, said, for a wrong URI or password file. */
ctl_exit_t ctl_store(ctl_t *ctl);

/*
 * Connect, and note in the trail of edits what is changed from then on. A
 * server that does not answer or does not let us in, and data that a later
 * version laid out, are CTL_FAILED, a wrong URI or password file CTL_INVALID;
 * all were said.
 */
ctl_exit_t ctl_open(ctl_t *ctl);

/* The keyring that was given, or NULL; only after ctl_open(), which reads it. */
mpsk_keyring_t const *ctl_keyring(ctl_t const *ctl);

/* Say on the standard error what went wrong; returns code, so that a failure is one statement. */
ctl_exit_t ctl_fail(ctl_exit_t code, char const *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The exit code of what a library call answered. */
ctl_exit_t ctl_exit_of(mpsk_status_t status);

/* Say the error of a library call, after what was being done to which key; returns ctl_exit_of(status). */
ctl_exit_t ctl_fail_status(mpsk_status_t status, char const *id, mpsk_error_t const *err);

/* CTL_INVALID, said, where id is outside the grammar of ids. */
ctl_exit_t ctl_check_id(char const *id);

/* p, or the end of the program where it is NULL: memory is out. */
void *ctl_need(void *p);

#endif
