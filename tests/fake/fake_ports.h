/*
 * The ports as values in memory, for flow tests: one person's factors and
 * state, a scripted conversation, a clock that tests turn, and a fault at any
 * call. Begin with {0}, end with fake_free; or let fake_login_new begin, for a
 * login on them.
 */
#ifndef MFA_FAKE_PORTS_H
#define MFA_FAKE_PORTS_H

#include "../../pam_mfa/login.h"
#include "../../pam_mfa/sys/ports.h"

/* What a person types. */
#define ANSWERS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_ANSWERS ((const char *const[]){ NULL })

/* An app; the key is RFC 4226 appendix D's, see tests/unit/test_verify.c. */
#define FAKE_KEY "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define FAKE_TOTP "[factor totp-aaaa]\nkind = totp\nlabel = Phone\n" \
    "created = 1\nsecret = " FAKE_KEY "\nalgorithm = SHA1\ndigits = 6\n" \
    "period = 30\n"
#define FAKE_RECORD "version = 1\n" FAKE_TOTP

struct fake {
	struct buf factors;	/* len 0: there are none (MFA_ENOENT) */
	struct buf state;
	struct buf ledger;
	struct buf hostkey;	/* made by the first use */

	/* What the sender answers; by itself it hands everything over. */
	struct sending_answer answer;
	bool send_fails;	/* answer as it is */
	bool lacks[SENDING_KINDS];	/* the profile has no such section */
	/* Set: called with each message before it goes out. */
	void (*on_send)(struct fake *, const struct sending_request *);
	unsigned sends;
	char to[17], code[9], language[3];	/* of the last message */
	char nonce[33];
	struct buf text;
	struct buf drawn;	/* what the last QR code holds */

	/* What the person types, in order; NULL, and past the end, hangs up. */
	const char *const *answers;
	size_t nanswers, asked;
	/* Set: called at every prompt, before or instead of the script. */
	enum mfa_err (*on_ask)(struct fake *, const char *prompt,
	    struct buf *ret);	/* leaves ret empty: the script answers */
	void *ctx;		/* for on_ask and on_send */

	struct mfa_time now;
	int64_t ms_per_call;	/* each call of any port takes so long */

	/*
	 * Every call that can fail is counted; call number fail_at (from 1)
	 * fails with fail_with, or if that is 0 as its kind does: MFA_ECONV
	 * for a prompt, else MFA_EIO. A failed commit or save writes nothing.
	 */
	unsigned calls, fail_at;
	enum mfa_err fail_with;

	/* What was seen. */
	struct buf transcript;	/* "? prompt", "- told", "! told as error" */
	struct buf log;		/* lines of the log port */
	unsigned begins, ends, commits, saves, removes;
	bool locked, ledger_locked, hostkey_locked;
	/* A lock taken twice or held at a prompt, a write without it. */
	unsigned breaches;
};

struct mfa_ports fake_ports(struct fake *);

/* A run begins: it gets these answers, up to a NULL, and nothing was seen. */
void fake_begin(struct fake *, const char *const *answers);

/* An on_ask: an administrator resets while the person types. */
enum mfa_err fake_reset_now(struct fake *, const char *prompt, struct buf *ret);

/* As store_file_save and store_file_remove, of the fake in ctx. */
enum mfa_err fake_save(void *ctx, const struct buf *factors, struct mfa_why *)
    MFA_MUST_CHECK;
enum mfa_err fake_remove(void *ctx, struct mfa_why *) MFA_MUST_CHECK;

/* The state without the lock, as mfactl shows it. */
enum mfa_err fake_peek(void *ctx, struct buf *ret, struct mfa_why *)
    MFA_MUST_CHECK;
enum mfa_err fake_sent(void *ctx, struct buf *ret, struct mfa_why *)
    MFA_MUST_CHECK;

/* This is all of mfa.conf. */
void fake_conf(struct mfa_conf *, const char *text);

/* Makes a buffer of the fake hold this text; aborts without memory. */
void fake_set(struct buf *, const char *text);

/* Does the buffer's text hold this? */
bool fake_has(const struct buf *, const char *text);

/* The buffer's text holds this, or does not; a failure shows the text. */
void assert_has(const struct buf *, const char *text);
void assert_has_not(const struct buf *, const char *text);

/* Frees the buffers; answers and clock stay as they are. */
void fake_free(struct fake *);

/* A person at a login. What a test has of its own may stand behind it. */
struct fake_login {
	struct fake fake;	/* transcript and log: of the last login */
	struct mfa_conf conf;
	struct mfa_subject who;
	struct login_report rep;
};

/*
 * alice at sshd in second 150, with these factors: size bytes, of a struct that
 * begins with a fake_login, and behind it 0. It is what fake.ctx points to.
 * Made by a setup of cmocka, and freed by this teardown.
 */
void *fake_login_new(size_t size, const char *factors);
int fake_login_teardown(void **state);

/* One login, to its line in the log; every lock is given back. */
enum mfa_verdict fake_login_run(struct fake_login *,
    const char *const *answers);

/* It was logged, or shown to the person. */
void logs(const struct fake_login *, const char *text);
void tells(const struct fake_login *, const char *text);

#endif
