/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which part a server plays.
 */
#ifndef MPSK_STORE_ROLE_H
#define MPSK_STORE_ROLE_H

#include "base/deadline.h"
#include "base/status.h"
#include "store/conn.h"

/* OK where it is a primary now; AGAIN where it is not. */
mpsk_status_t mpsk_role_check(mpsk_conn_t *conn, mpsk_deadline_t deadline, mpsk_error_t *err);

#endif
