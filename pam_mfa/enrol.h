/*
 * The driver of an enrolment at login: it asks what core/enrol wants asked,
 * shows, sends, compares, and saves through sys/edit. What MUST hold: a factor
 * is on the disk, with its first code used up, before anybody is told or let
 * in; if what is on the disk is not what was there at the start, nothing is
 * written.
 */
#ifndef MFA_PAM_ENROL_H
#define MFA_PAM_ENROL_H

#include "login.h"
#include "sys/courier.h"

/* What the login knows already. */
struct enrolment {
	const struct mfa_ports *ports;
	const struct mfa_conf *conf;
	const struct mfa_subject *who;
	const struct policy_decision *policy;	/* enrol is set */
	const struct record *record;	/* as read when the login began */
	const struct reset *reset;	/* the same, of who has no factor */
	const struct courier *courier;	/* but for its deadline */
};

/*
 * The whole dialogue, within enrol_time from now. Fills verdict and reason,
 * and, of the factor that was registered, factor and method; and logs an
 * event=enrol line for each, and for the end of one that came to nothing.
 */
void enrol_run(const struct enrolment *, struct login_report *);

#endif
