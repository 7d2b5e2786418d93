#include "storetest.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "filetest.h"
#include "pamhost.h"

/* In a place whose directories are root's, wherever the build may be. */
#define HOME_PROGRAM "/opt/mfactl"

void
storetest_run(const char *cmd)
{
	pamhost_must(system(cmd) == 0, cmd);
}

struct one *
one_open(const char *user, enum conf_store store)
{
	struct one *o = calloc(1, sizeof(*o));

	pamhost_must(o != NULL, "calloc");
	o->conf.store = store;
	strcpy(o->conf.home_program, HOME_PROGRAM);
	strcpy(o->conf.users, "dir/users");
	strcpy(o->conf.state, "dir/state");
	snprintf(o->who.user, sizeof(o->who.user), "%s", user);
	strcpy(o->who.home, ONE_HOME);
	o->who.uid = o->who.gid = ONE_UID;
	o->who.known = true;
	assert_int_equal(store_file_open(&o->conf, &o->who, &o->store,
	    &o->why), MFA_OK);
	o->port = store_file_port(o->store);
	return o;
}

void
one_close(struct one *o)
{
	store_file_close(o->store);
	buf_wipe(&o->text);
	free(o);
}

enum mfa_err
one_factors(struct one *o)
{
	buf_wipe(&o->text);
	return o->port.factors(o->port.ctx, &o->text, &o->why);
}

enum mfa_err
one_begin(struct one *o)
{
	buf_wipe(&o->text);
	return o->port.begin(o->port.ctx, 10, &o->text, &o->why);
}

void
one_end(struct one *o)
{
	o->port.end(o->port.ctx);
}

enum mfa_err
one_commit(struct one *o, const char *text)
{
	buf_wipe(&o->text);
	assert_int_equal(buf_puts(&o->text, text), MFA_OK);
	return o->port.commit(o->port.ctx, &o->text, &o->why);
}

enum mfa_err
one_save(struct one *o, const char *text)
{
	buf_wipe(&o->text);
	assert_int_equal(buf_puts(&o->text, text), MFA_OK);
	return store_file_save(o->store, &o->text, &o->why);
}

enum mfa_err
one_remove(struct one *o)
{
	return store_file_remove(o->store, &o->why);
}

void
one_factors_are(const char *user, enum conf_store store, enum mfa_err want,
    const char *text)
{
	struct one *o = one_open(user, store);
	enum mfa_err r = one_factors(o);

	if (r != want || strcmp(buf_str(&o->text), text) != 0)
		fail_msg("%d, not %d: %s; %s", r, want, buf_str(&o->text),
		    o->why.text);
	one_close(o);
}

int
storetest_enter(void **state)
{
	char tool[900], cmd[1024];

	filetest_enter(state);
	pamhost_must(mount("home", "/mnt", "tmpfs", 0, "mode=755") == 0,
	    "/mnt");
	pamhost_must(mount("program", "/opt", "tmpfs", 0, "mode=755") == 0,
	    "/opt");
	snprintf(cmd, sizeof(cmd), "cp '%s' " HOME_PROGRAM,
	    pamhost_build("mfactl", tool, sizeof(tool)));
	storetest_run(cmd);
	return 0;
}

int
storetest_setup(void **state)
{
	if (filetest_setup(state))
		return -1;
	storetest_run("mkdir -m 700 dir/users dir/state && rm -rf /mnt/* && "
	    "mkdir " ONE_HOME " && chown 23456:23456 " ONE_HOME);
	return 0;
}
