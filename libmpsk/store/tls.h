/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TLS to Redis with OpenSSL: who we are and whom we trust, the same for
 * every connection of an endpoint. TLS 1.2 at least.
 */
#ifndef MPSK_STORE_TLS_H
#define MPSK_STORE_TLS_H

#include <talloc.h>
#include <openssl/ssl.h>

#include "base/status.h"
#include "store/store.h"

typedef struct mpsk_tls mpsk_tls_t;

/* BAD where a file cannot be used; the text names it. Without CA file and path the system's CAs are trusted. */
mpsk_status_t mpsk_tls_create(TALLOC_CTX *ctx, mpsk_tls_t **tls, mpsk_store_tls_t const *config, mpsk_error_t *err);

/*
 * A client's end on a connected socket; no octet is sent yet. The handshake
 * fails where the certificate is not for host, a name or an address, or for
 * the name that the configuration gives instead. NULL where memory is out.
 * The caller frees it with SSL_free(), and keeps the socket.
 */
SSL *mpsk_tls_attach(mpsk_tls_t const *tls, int fd, char const *host);

/*
 * Why the last call on ssl failed; takes what OpenSSL has to say from this
 * thread's queue. The text is for a person and names the cure where there
 * is one.
 */
void mpsk_tls_why(SSL *ssl, mpsk_error_t *why);

#endif
