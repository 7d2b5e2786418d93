/*
 * The ports: everything a driver needs of the outside world. Each is a struct
 * of at most four functions and a ctx; real ones are in sys/ (files, clock),
 * pam_mfa/ (conversation and log over PAM) and enroll/ (terminal); fakes are
 * ordinary values in tests/fake/.
 */
#ifndef MFA_PORTS_H
#define MFA_PORTS_H

#include <stdbool.h>

#include "../core/buf.h"
#include "../core/err.h"
#include "../core/sending.h"
#include "../core/state.h"

/* One person's factors and state. */
struct mfa_store {
	void *ctx;
	/*
	 * The text of the factors (core/record.h) into ret, which is empty
	 * before. MFA_ENOENT, and nothing else, means that there are none.
	 */
	enum mfa_err (*factors)(void *ctx, struct buf *ret, struct mfa_why *);
	/*
	 * Locks this person against every other process, waiting at most
	 * wait_ms, and reads the state (core/state.h; empty if there is none).
	 * MFA_EBUSY if the lock was not had. Only after MFA_OK is it locked.
	 */
	enum mfa_err (*begin)(void *ctx, int wait_ms, struct buf *ret,
	    struct mfa_why *);
	/*
	 * Replaces the state, under the lock: MFA_OK = it is on the disk. An
	 * empty one is none, as begin has it.
	 */
	enum mfa_err (*commit)(void *ctx, const struct buf *state,
	    struct mfa_why *);
	/* Unlocks. */
	void (*end)(void *ctx);
};

/* The person. Text is UTF-8 without control bytes but '\n'. */
struct mfa_conv {
	void *ctx;
	/*
	 * Asks for one line; ret gets it without its line end and is empty
	 * before. MFA_ECONV: no answer (hung up, cancelled, no such ability).
	 */
	enum mfa_err (*ask)(void *ctx, const char *prompt, bool echo,
	    struct buf *ret);
	/* Tells, expecting nothing; a failure to do so changes nothing. */
	void (*say)(void *ctx, const char *text, bool is_error);
};

enum mfa_level { MFA_LOG_INFO, MFA_LOG_NOTICE, MFA_LOG_ERROR };

struct mfa_log {
	void *ctx;
	/* One line, already printable (text_clean). */
	void (*write)(void *ctx, enum mfa_level, const char *line);
};

struct mfa_clock {
	void *ctx;
	/* real and boot_ms; boot_id is "". MFA_EIO: refuse. */
	enum mfa_err (*now)(void *ctx, struct mfa_time *ret);
	/* boot_id too: costs a file, and only an evaluated answer needs it. */
	enum mfa_err (*now_and_boot)(void *ctx, struct mfa_time *ret);
};

/* The way to a provider of messages. */
struct mfa_sender {
	void *ctx;
	/*
	 * Hands one message over. ret is filled whatever happens, at the latest
	 * limit_ms of the request after the call; wipe ret->show.
	 */
	void (*send)(void *ctx, const struct sending_request *,
	    struct sending_answer *ret);
};

/* What replaces a person's factors, under the lock of their store. */
struct mfa_writer {
	void *ctx;
	/* MFA_OK = it is on the disk. MFA_EPERM: not from here. */
	enum mfa_err (*save)(void *ctx, const struct buf *factors,
	    struct mfa_why *);
	/* No factors any more. MFA_ENOENT if there were none. */
	enum mfa_err (*remove)(void *ctx, struct mfa_why *);
};

/* What draws QR codes. */
struct mfa_drawer {
	void *ctx;
	/*
	 * Lines of text (no control bytes but '\n'), half blocks or '#',
	 * appended to ret, which the caller wipes. An error: show text instead.
	 */
	enum mfa_err (*draw)(void *ctx, const char *text, bool utf8,
	    struct buf *ret, struct mfa_why *);
};

struct mfa_ports {
	struct mfa_store store;
	struct mfa_store ledger;	/* without factors */
	struct mfa_store hostkey;	/* the same; sys/remember.h */
	struct mfa_conv conv;
	struct mfa_log log;
	struct mfa_clock clock;
	struct mfa_sender sender;
	struct mfa_writer writer;
	struct mfa_drawer drawer;
};

#endif
