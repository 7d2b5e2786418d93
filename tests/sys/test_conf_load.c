/* mfa.conf from the disk: the order of the files, and what is none of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../pam_mfa/sys/conf_load.h"
#include "../fake/badfile.h"
#include "../fake/filetest.h"
#include "../fake/pamhost.h"

static struct mfa_conf conf;

/* "HERE/dir/NAME", in what the next call does not write over. */
static const char *
path(const char *name)
{
	static char p[1024];
	char here[512];

	pamhost_must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	snprintf(p, sizeof(p), "%s/dir/%s", here, name);
	return p;
}

static enum mfa_err
load(struct filetest *f)
{
	f->why.text[0] = '\0';
	return conf_load(path("mfa.conf"), &conf, &f->why);
}

static void
refuses(struct filetest *f, enum mfa_err err, const char *has)
{
	if (load(f) != err || strstr(f->why.text, has) == NULL)
		fail_msg("%s", f->why.text);
}

static void
file_alone(void **state)
{
	struct filetest *f = *state;

	refuses(f, MFA_ENOENT, path("mfa.conf"));
	pamhost_write("dir/mfa.conf", 0644, "tries = 7\n");
	assert_int_equal(load(f), MFA_OK);
	assert_int_equal(conf.login.tries, 7);
	assert_int_equal(conf.login.window_back, 1);
	/* Nothing stays of the last time. */
	pamhost_write("dir/mfa.conf", 0600, "window_back = 0\n");
	assert_int_equal(load(f), MFA_OK);
	assert_int_equal(conf.login.tries, 3);
	pamhost_write("dir/mfa.conf", 0600, "%s", "");
	assert_int_equal(load(f), MFA_OK);
}

/* In byte order, the later wins; other names are not read. */
static void
ordered(void **state)
{
	struct filetest *f = *state;

	pamhost_write("dir/mfa.conf", 0644, "tries = 1\nlook_ahead = 1\n"
	    "window_back = 1\nwindow_ahead = 1\n");
	pamhost_must(mkdir("dir/mfa.conf.d", 0755) == 0, "mkdir");
	pamhost_write("dir/mfa.conf.d/a.conf", 0644, "tries = 5\n");
	pamhost_write("dir/mfa.conf.d/10.conf", 0644,
	    "tries = 2\nlook_ahead = 2\nwindow_back = 2\n");
	pamhost_write("dir/mfa.conf.d/9.conf", 0644,
	    "tries = 3\nlook_ahead = 3\n");
	pamhost_write("dir/mfa.conf.d/Z.conf", 0644, "tries = 4\n");
	pamhost_write("dir/mfa.conf.d/z.conf~", 0644, "no = conf\n");
	pamhost_write("dir/mfa.conf.d/README", 0666, "no = conf\n");
	pamhost_write("dir/mfa.conf.d/.x.conf", 0644, "no = conf\n");
	pamhost_write("dir/mfa.conf.d/xconf", 0644, "no = conf\n");
	assert_int_equal(load(f), MFA_OK);
	assert_int_equal(conf.login.window_ahead, 1);
	assert_int_equal(conf.login.window_back, 2);
	assert_int_equal(conf.login.look_ahead, 3);
	assert_int_equal(conf.login.tries, 5);
}

static void
mistakes(void **state)
{
	struct filetest *f = *state;
	char here[1100];

	snprintf(here, sizeof(here), "%s:2: unknown key", path("mfa.conf"));
	pamhost_write("dir/mfa.conf", 0644, "tries = 1\ntires = 1\n");
	refuses(f, MFA_ESYNTAX, here);
	pamhost_write("dir/mfa.conf", 0644, "tries = 99\n");
	refuses(f, MFA_ERANGE, "mfa.conf:1: tries = 99");
	/* Between files: told after the last, and not before it. */
	pamhost_write("dir/mfa.conf", 0644, "lock_after = 3\n");
	refuses(f, MFA_ERANGE, "free_failures (5)");
	pamhost_must(mkdir("dir/mfa.conf.d", 0755) == 0, "mkdir");
	pamhost_write("dir/mfa.conf.d/1.conf", 0644, "free_failures = 2\n");
	assert_int_equal(load(f), MFA_OK);
	snprintf(here, sizeof(here), "%s:3: ", path("mfa.conf.d/2.conf"));
	pamhost_write("dir/mfa.conf.d/2.conf", 0644, "\n\nnonsense\n");
	refuses(f, MFA_ESYNTAX, "mfa.conf.d/2.conf: line 3: expected");
	pamhost_write("dir/mfa.conf.d/2.conf", 0644, "\n\ntries = 0\n");
	refuses(f, MFA_ERANGE, here);
}

/* Every kind of bad file in the place of each of ours. */
static void
bad_files(void **state)
{
	static const char *const places[] = { "dir/mfa.conf",
	    "dir/mfa.conf.d/1.conf" };
	struct filetest *f = *state;

	pamhost_must(mkdir("dir/mfa.conf.d", 0755) == 0, "mkdir");
	for (size_t at = 0; at < 2; at++) {
		badfile_good("dir/mfa.conf", "tries = 1\n", 0);
		for (size_t i = 0; badfile_name(i) != NULL; i++) {
			badfile_make(i, places[at], "tries = 1\n", 0);
			if (load(f) != MFA_EPERM ||
			    strstr(f->why.text, places[at]) == NULL)
				fail_msg("%s at %s: %s", badfile_name(i),
				    places[at], f->why.text);
		}
		badfile_clear(places[at]);
	}
}

static void
bad_directories(void **state)
{
	static const char *const table[] = { "mkdir -m 775 $d",
	    "mkdir $d && chown 4711 $d", "mkdir dir/x && ln -s x $d",
	    "echo >$d", "mkfifo $d" };
	struct filetest *f = *state;
	char cmd[128];

	pamhost_write("dir/mfa.conf", 0644, "tries = 1\n");
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		snprintf(cmd, sizeof(cmd), "d=dir/mfa.conf.d; rm -rf $d; %s",
		    table[i]);
		pamhost_must(system(cmd) == 0, cmd);
		refuses(f, MFA_EPERM, "dir/mfa.conf.d");
	}
}

static void
long_paths(void **state)
{
	struct filetest *f = *state;
	char p[CONF_PATH_MAX + 1];

	memset(p, '/', sizeof(p));
	p[CONF_PATH_MAX] = '\0';
	assert_int_equal(conf_load(p, &conf, &f->why), MFA_ERANGE);
	/* A directory of that long a name: not a regular file. */
	p[CONF_PATH_MAX - 1] = '\0';
	assert_int_equal(conf_load(p, &conf, &f->why), MFA_EPERM);
}

#define T(f) cmocka_unit_test_setup_teardown(f, \
	filetest_setup, filetest_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { T(file_alone), T(ordered),
	    T(mistakes), T(bad_files), T(bad_directories), T(long_paths) };

	return cmocka_run_group_tests(tests, filetest_enter, NULL);
}
