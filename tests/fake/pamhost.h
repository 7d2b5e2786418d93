/*
 * A PAM host that vanishes: logins through the real libpam and the pam_mfa.so
 * beside the running test, against files of its own in a private mount
 * namespace. The codes are liboath's, so that the verifier is not tested
 * against itself. What cannot be set up ends the program, status 99.
 */
#ifndef MFA_PAMHOST_H
#define MFA_PAMHOST_H

#include <stddef.h>
#include <stdint.h>
#include <security/pam_appl.h>
#include <sys/types.h>

/* Ends the program unless ok, with errno's words. */
void pamhost_must(int ok, const char *what);

/*
 * The host's directory becomes the current one, with users/ state/ pam.d/ in
 * it: /srv, on which is a tmpfs, or, if disk, BUILD/host, emptied first.
 * /etc/passwd has, for this process and its children alone, root and u0 ...
 * u<people - 1>, and no other database of accounts is asked.
 */
void pamhost_enter(unsigned people, int disk);

/* Where things are: BUILD/name, of the build the running program is part of. */
char *pamhost_build(const char *name, char *ret, size_t cap);

/* "BUILD/pam_mfa.so conf=HOST/mfa.conf", for a line of a service file. */
const char *pamhost_mfa(void);

/* A file of these words and this mode, in place of what was there. */
void pamhost_write(const char *path, mode_t mode, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* mfa.conf: users=, state= and host_key= of this host, then these lines. */
void pamhost_conf(const char *lines);

/*
 * A person with one TOTP (totp-test) and one HOTP (hotp-test), and no state.
 * As PAMHOST_RECOVERY, a set of recovery codes besides, of which
 * PAMHOST_RECOVERY_CODE is the first.
 */
enum { PAMHOST_OTP, PAMHOST_RECOVERY };
void pamhost_enrol(const char *user, int what);
#define PAMHOST_RECOVERY_CODE "0123-4567-89AB-CDEF"
#define PAMHOST_TOTP_KEY "12345678901234567890"
#define PAMHOST_TOTP_SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"	/* base32 */
#define PAMHOST_HOTP_KEY "abcdefghijklmnopqrst"
#define PAMHOST_HOTP_SECRET "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U"

/* mfactl rekey: everybody's secrets are sealed, with a new key in host.key. */
void pamhost_rekey(void);

/* Codes of six digits: of any key, of now + steps, of the counter. */
#define PAMHOST_CODE 7
void pamhost_code(const char *key, uint64_t counter,
    char ret[static PAMHOST_CODE]);
void pamhost_totp(int steps, char ret[static PAMHOST_CODE]);
void pamhost_hotp(uint64_t counter, char ret[static PAMHOST_CODE]);

/* failures = in the state of user; 0: there is no state; -1: not readable. */
long pamhost_failures(const char *user);

/* One conversation: the answers to the prompts in turn, and what was shown. */
struct talk {
	const char *answer[4];	/* NULL: PAM_CONV_ERR */
	unsigned asked;
	char shown[2048];	/* prompts and messages, a line each */
};

/* pam_start_confdir, pam_authenticate, pam_end; in pieces, and as one. */
pam_handle_t *pamhost_start(const char *service, const char *user,
    struct talk *);
int pamhost_login(const char *service, const char *user, struct talk *);

/* The same with one answer, in a child; a PAM code, or -1: it crashed. */
int pamhost_login_apart(const char *service, const char *user,
    const char *answer);

#endif
