/*
 * The entry points. What MUST hold: a refusal is where everything starts, and
 * PAM_SUCCESS is returned in one place, for one verdict.
 */
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "conv_pam.h"
#include "core/arguments.h"
#include "log_pam.h"
#include "login.h"
#include "subject.h"
#include "sys/conf_load.h"
#include "sys/draw_proc.h"
#include "sys/os.h"
#include "sys/send_proc.h"
#include "sys/store_file.h"

/* PAM_IGNORE is only ever an exemption that an administrator wrote down. */
static int
pam_code(enum mfa_verdict verdict)
{
	switch (verdict) {
	case MFA_GRANTED:
		return PAM_SUCCESS;
	case MFA_EXEMPT:
		return PAM_IGNORE;
	case MFA_DENY_WRONG:
		return PAM_AUTH_ERR;
	case MFA_DENY_LIMIT:
		return PAM_MAXTRIES;
	case MFA_DENY_STORE:
		return PAM_AUTHINFO_UNAVAIL;
	case MFA_DENY_MEMORY:
		return PAM_BUF_ERR;
	case MFA_DENY_CONV:
		return PAM_CONV_ERR;
	case MFA_DENY_CONF:
		return PAM_SERVICE_ERR;
	}
	return PAM_SERVICE_ERR;
}

/* The part before the code, for the module after us: see mfa.conf(5). */
static void
pass_on(pam_handle_t *pamh, struct login_report *rep)
{
	if (rep->password.data != NULL && pam_set_item(pamh, PAM_AUTHTOK,
	    buf_str(&rep->password)) != PAM_SUCCESS) {
		rep->verdict = MFA_DENY_MEMORY;
		rep->reason = "memory";
	}
	buf_wipe(&rep->password);
}

/* Who it is was not found out. */
static void
refuse(struct login_report *rep, enum mfa_err r)
{
	rep->verdict = r == MFA_ECONV ? MFA_DENY_CONV : r == MFA_ENOMEM ?
	    MFA_DENY_MEMORY : MFA_DENY_STORE;
	rep->reason = r == MFA_ECONV ? "no_user" : r == MFA_ENOMEM ?
	    "memory" : "account";
}

static void
authenticate(pam_handle_t *pamh, const struct mfa_conf *conf,
    struct mfa_subject *who, struct login_report *rep)
{
	struct store_file *store = NULL, *ledger = NULL, *hostkey = NULL;
	struct conv_pam conv = { .pamh = pamh };
	struct mfa_ports ports = { .conv = conv_pam(&conv),
	    .log = log_pam(pamh), .clock = os_clock(),
	    .sender = send_proc(conf->send.program),
	    .drawer = draw_proc(conf->qr_program) };
	enum mfa_err r;

	if ((r = subject_get(pamh, conf, who, &rep->why))) {
		refuse(rep, r);
		return;
	}
	rep->verdict = MFA_DENY_STORE;
	rep->reason = "store";
	if (!store_file_open(conf, who, &store, &rep->why) &&
	    !store_file_ledger(conf, &ledger) &&
	    !store_file_hostkey(conf, &hostkey)) {
		store_file_even(store);
		ports.store = store_file_port(store);
		ports.ledger = store_file_port(ledger);
		ports.hostkey = store_file_port(hostkey);
		ports.writer = store_file_writer(store);
		login_run(&ports, conf, who, rep);
	}
	store_file_close(store);
	store_file_close(ledger);
	store_file_close(hostkey);
	conv_pam_end(&conv);
	pass_on(pamh, rep);
}

int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct login_report rep = { .verdict = MFA_DENY_CONF,
	    .reason = "configuration", .method = "-" };
	struct mfa_subject who;
	struct mfa_log log = log_pam(pamh);
	struct mfa_conf *conf = malloc(sizeof(*conf));
	const char *path;

	(void)flags;
	subject_items(pamh, &who);
	if (conf == NULL) {
		rep.verdict = MFA_DENY_MEMORY;
		rep.reason = "memory";
	} else if (!arguments_read(argc, argv, CONF_FILE, &path, &rep.why) &&
	    !conf_load(path, conf, &rep.why))
		authenticate(pamh, conf, &who, &rep);
	login_audit(&log, &who, &rep);
	free(conf);
	return pam_code(rep.verdict);
}

/* Lockers and login(1) call it; there is nothing to set. */
int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}
