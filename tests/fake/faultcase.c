#include "faultcase.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "enrolcase.h"
#include "logincase.h"
#include "smscase.h"
#include "toolcase.h"

/* In memory that is shared with children. */
struct all {
	enum faultcase now;
	struct logincase login;
	struct smscase sms;
	struct enrolcase enrol;
	struct toolcase tool;
};

static struct all *all;

void
faultcase_main(int argc, char **argv)
{
	smscase_sender(argc, argv);
	all = mmap(NULL, sizeof(*all), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pamhost_must(all != MAP_FAILED, "mmap");
}

long
faultcase_every(void)
{
	const char *every = getenv("FAULT_EVERY");
	long n = every != NULL ? atol(every) : 1;

	return n > 0 ? n : 1;
}

const char *
faultcase_name(enum faultcase which)
{
	static const char *const name[FAULTCASES] = {
		"a login with a right code", "a login with a wrong code",
		"a login with a code that is sent", "an enrolment at a login",
		"mfactl add", "mfactl reset" };

	return name[which];
}

void
faultcase_new(enum faultcase which)
{
	all->now = which;
	switch (which) {
	case FAULTCASE_RIGHT:
	case FAULTCASE_WRONG:
		logincase_new(&all->login);
		break;
	case FAULTCASE_SMS:
		smscase_new(&all->sms);
		pamhost_must(smscase_undisturbed(&all->sms, true), "sms");
		break;
	case FAULTCASE_ENROL:
		enrolcase_new(&all->enrol);
		break;
	default:
		toolcase_new(&all->tool, which == FAULTCASE_ADD ?
		    TOOLCASE_ADD : TOOLCASE_RESET);
		break;
	}
}

void
faultcase_begin(void)
{
	switch (all->now) {
	case FAULTCASE_RIGHT:
	case FAULTCASE_WRONG:
		logincase_begin(&all->login, all->now == FAULTCASE_RIGHT);
		break;
	case FAULTCASE_SMS:
		smscase_begin(&all->sms);
		break;
	case FAULTCASE_ENROL:
		enrolcase_begin(&all->enrol);
		break;
	default:
		toolcase_begin(&all->tool);
		break;
	}
}

void
faultcase_run(void)
{
	switch (all->now) {
	case FAULTCASE_RIGHT:
	case FAULTCASE_WRONG:
		logincase_run(&all->login);
		break;
	case FAULTCASE_SMS:
		smscase_run(&all->sms);
		break;
	case FAULTCASE_ENROL:
		enrolcase_run(&all->enrol);
		break;
	default:
		toolcase_exec(&all->tool);
	}
}

int
faultcase_succeeded(void)
{
	switch (all->now) {
	case FAULTCASE_RIGHT:
	case FAULTCASE_WRONG:
		return all->login.result == PAM_SUCCESS;
	case FAULTCASE_SMS:
		return all->sms.result == PAM_SUCCESS;
	case FAULTCASE_ENROL:
		return all->enrol.result == PAM_SUCCESS;
	default:
		return all->tool.status == 0;
	}
}

const char *
faultcase_judge(int status)
{
	switch (all->now) {
	case FAULTCASE_RIGHT:
	case FAULTCASE_WRONG:
		return logincase_judge(&all->login);
	case FAULTCASE_SMS:
		return smscase_judge(&all->sms);
	case FAULTCASE_ENROL:
		return enrolcase_judge(&all->enrol);
	default:
		if (WIFEXITED(status))
			all->tool.status = WEXITSTATUS(status);
		return toolcase_judge(&all->tool);
	}
}
