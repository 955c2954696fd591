/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling AddressSanitizer of memory that is taken and given without
 * malloc(), so that it finds whoever looks at what was given back.
 */
#ifndef MPSK_INDEX_POISON_H
#define MPSK_INDEX_POISON_H

#ifdef __has_feature
#define MPSK_HAS_FEATURE(_feature) __has_feature(_feature)
#else
#define MPSK_HAS_FEATURE(_feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || MPSK_HAS_FEATURE(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define mpsk_poison(_p, _len)	ASAN_POISON_MEMORY_REGION(_p, _len)
#define mpsk_unpoison(_p, _len)	ASAN_UNPOISON_MEMORY_REGION(_p, _len)
#else
#define mpsk_poison(_p, _len)	((void) (_p), (void) (_len))
#define mpsk_unpoison(_p, _len)	((void) (_p), (void) (_len))
#endif

#endif
