/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mail.h"
#include "store/password.h"

#define SENDMAIL	"sendmail:"
#define CONNECT_S	15L
#define TRANSFER_S	60L

/*
 * --- A program ---
 */
static bool write_all(int fd, char const *octets, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, octets, len);

		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) return false;
		octets += n;
		len -= (size_t) n;
	}
	return lseek(fd, 0, SEEK_SET) == 0;
}

static mpsk_status_t run(char const *program, char const *from, char const *to, int fd, mpsk_error_t *err)
{
	char *const argv[] = { (char *) program, (char *) "-i", (char *) "-f", (char *) from, (char *) to, NULL };
	posix_spawn_file_actions_t actions;
	int failed, status = 0;
	pid_t pid = 0;

	if (posix_spawn_file_actions_init(&actions) != 0) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	failed = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	if (!failed) failed = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	if (!failed) failed = posix_spawn(&pid, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failed) return mpsk_error_set(err, MPSK_AGAIN, "%s: %s", program, strerror(failed));
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) return mpsk_error_set(err, MPSK_AGAIN, "%s: %s", program, strerror(errno));
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "%s did not take the mail: it ended with %d", program,
			      WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* From memory, not by a pipe: a program that does not read would end this one. */
static mpsk_status_t by_program(ctl_mailer_t const *mailer, char const *to, ctl_mail_text_t const *text,
				mpsk_error_t *err)
{
	int fd = memfd_create("mail", MFD_CLOEXEC);
	mpsk_status_t status;

	if (fd < 0 || !write_all(fd, text->text, text->len)) {
		status = mpsk_error_set(err, MPSK_AGAIN, "no memory for the mail: %s", strerror(errno));
	} else {
		status = run(mailer->via + strlen(SENDMAIL), mailer->from, to, fd, err);
	}
	if (fd >= 0) close(fd);
	return status;
}

/*
 * --- SMTP ---
 */
typedef struct {
	char const	*next;
	size_t		left;
} reading_t;

static size_t read_cb(char *out, size_t size, size_t n, void *uctx)
{
	reading_t *reading = uctx;
	size_t len = size * n < reading->left ? size * n : reading->left;

	memcpy(out, reading->next, len);
	reading->next += len;
	reading->left -= len;
	return len;
}

static bool is_loopback(char const *host)
{
	struct in_addr address;

	if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0) return true;
	return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

/* Whether TLS has to be, from the first octet on or by STARTTLS. BAD where it is no URI of ours. */
static mpsk_status_t wants_tls(bool *tls, ctl_mailer_t const *mailer, mpsk_error_t *err)
{
	CURLU *uri = curl_url();
	char *scheme = NULL, *host = NULL, *user = NULL;
	mpsk_status_t status = MPSK_BAD;

	if (!uri) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	if (curl_url_set(uri, CURLUPART_URL, mailer->via, 0) != CURLUE_OK ||
	    curl_url_get(uri, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    curl_url_get(uri, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
	    (strcmp(scheme, "smtp") != 0 && strcmp(scheme, "smtps") != 0)) {
		(void) mpsk_error_set(err, status, "--mail-via: expected smtp://HOST[:PORT], smtps://HOST[:PORT] or "
				      SENDMAIL "/PATH");
	} else if (curl_url_get(uri, CURLUPART_USER, &user, 0) == CURLUE_OK) {
		(void) mpsk_error_set(err, status, "--mail-via: a user stands in --mail-user, and the password in "
				      "the file of --mail-password-file");
	} else {
		*tls = strcmp(scheme, "smtps") == 0 || mailer->ca_file || (!mailer->plain && !is_loopback(host));
		status = MPSK_OK;
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	curl_url_cleanup(uri);
	return status;
}

static bool options_set(CURL *curl, ctl_mailer_t const *mailer, bool tls, char const *password,
			struct curl_slist *to, reading_t *reading, char *why)
{
	CURLcode code = CURLE_OK;

#define SET(_option, _value) if (code == CURLE_OK) code = curl_easy_setopt(curl, _option, _value)
	SET(CURLOPT_ERRORBUFFER, why);
	SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(CURLOPT_URL, mailer->via);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT, CONNECT_S);
	SET(CURLOPT_TIMEOUT, TRANSFER_S);
	SET(CURLOPT_USE_SSL, (long) (tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	SET(CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	if (mailer->ca_file) SET(CURLOPT_CAINFO, mailer->ca_file);
	if (mailer->user) SET(CURLOPT_USERNAME, mailer->user);
	if (password) SET(CURLOPT_PASSWORD, password);
	SET(CURLOPT_MAIL_FROM, mailer->from);
	SET(CURLOPT_MAIL_RCPT, to);
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_READFUNCTION, read_cb);
	SET(CURLOPT_READDATA, reading);
#undef SET
	return code == CURLE_OK;
}

/* The lines of a mail on its way end with CR and LF. */
static ctl_mail_text_t *with_crlf(ctl_t *ctl, ctl_mail_text_t const *text)
{
	ctl_mail_text_t *crlf = ctl_mail_text_create(ctl->mem);

	for (size_t i = 0, n; i < text->len; i += n + 1) {
		n = strcspn(text->text + i, "\n");
		ctl_mail_text_add(crlf, text->text + i, n);
		ctl_mail_text_add(crlf, "\r\n", 2);
	}
	return crlf;
}

/* What the server says of this one mail is no reason to leave the others. */
static mpsk_status_t result(CURLcode code, char const *why, mpsk_error_t *err)
{
	mpsk_status_t status = MPSK_AGAIN;

	if (code == CURLE_OK) return MPSK_OK;
	if (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY ||
	    code == CURLE_UPLOAD_FAILED) status = MPSK_BAD;
	return mpsk_error_set(err, status, "the mail could not be handed over: %s",
			      *why ? why : curl_easy_strerror(code));
}

static mpsk_status_t by_smtp(ctl_mailer_t const *mailer, char const *to, ctl_mail_text_t const *text,
			     mpsk_error_t *err)
{
	ctl_mail_text_t *crlf = with_crlf(mailer->ctl, text);
	reading_t reading = { crlf->text, crlf->len };
	char why[CURL_ERROR_SIZE] = "", *password = NULL;
	struct curl_slist *list = NULL;
	CURL *curl = NULL;
	bool tls = true;
	mpsk_status_t status = wants_tls(&tls, mailer, err);

	if (status == MPSK_OK && mailer->password_file)
		status = mpsk_password_read(crlf, &password, mailer->password_file, err);
	if (status == MPSK_OK) {
		list = curl_slist_append(NULL, to);
		curl = curl_easy_init();
		if (!list || !curl || !options_set(curl, mailer, tls, password, list, &reading, why)) {
			status = mpsk_error_set(err, MPSK_ERR, "libcurl cannot send mail: %s", why);
		} else {
			status = result(curl_easy_perform(curl), why, err);
		}
	}
	curl_easy_cleanup(curl);
	curl_slist_free_all(list);
	talloc_free(crlf);
	return status;
}

mpsk_status_t ctl_mail_send(ctl_mailer_t const *mailer, char const *to, ctl_mail_text_t const *text,
			    mpsk_error_t *err)
{
	/* What a template or a password file could be at fault for is one mail's; this is that of all. */
	if (!mailer->via) return mpsk_error_set(err, MPSK_AGAIN, "--mail-via does not say how mail is sent");
	if (strncmp(mailer->via, SENDMAIL "/", strlen(SENDMAIL) + 1) == 0) return by_program(mailer, to, text, err);
	return by_smtp(mailer, to, text, err);
}
