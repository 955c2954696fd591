/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of mpsk:cfg: that a feed has read.
 */
#ifndef MPSK_STORE_FEED_CFG_H
#define MPSK_STORE_FEED_CFG_H

#include "store/feed.h"

/* Tell the sink of a row of mpsk:cfg:nas:<id>, or of mpsk:cfg:site:<site>. */
void mpsk_feed_nas(mpsk_feed_t *feed, mpsk_row_t const *row);
void mpsk_feed_site(mpsk_feed_t *feed, mpsk_row_t const *row);

#endif
