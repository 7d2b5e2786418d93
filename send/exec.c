/* A sender that is a program. */
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "../pam_mfa/sys/file.h"
#include "clock.h"
#include "exec.h"
#include "program.h"

static const struct file_dir root = { AT_FDCWD, "" };

enum mfa_err
exec_check(const char *path, struct mfa_why *why)
{
	static const struct file_rule file = { .owner = 0, .mode = 0755 };
	enum mfa_err r;
	int fd;

	if (*path != '/')
		return mfa_fail(why, MFA_EPERM, "%.200s: a program needs an "
		    "absolute path", path);
	if ((r = file_above(path, why)) ||
	    (r = file_open(&root, path, &file, &fd, why)))
		return r;
	close(fd);
	return MFA_OK;
}

enum mfa_err
exec_json(const struct sending_request *q, struct buf *ret)
{
	json_t *j = json_pack("{s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,"
	    "s:s,s:s,s:I}", "v", 1, "op", "send", "kind",
	    sending_kind_name(q->kind), "to", q->to, "extension", q->extension,
	    "text", q->text, "code", q->code, "lang", q->language, "user",
	    q->user, "service", q->service, "rhost", q->rhost, "host", q->host,
	    "nonce", q->nonce, "ttl", (json_int_t)q->ttl);
	char *text = j != NULL ? json_dumps(j, JSON_COMPACT) : NULL;
	enum mfa_err r = MFA_ERANGE;

	if (text != NULL) {
		r = buf_puts(ret, text);
		mfa_wipe(text, strlen(text));
		free(text);
	}
	json_decref(j);
	return r;
}

static enum sending_class
class_of(const char *word)
{
	int c = SENDING_TRANSIENT;

	while (c < SENDING_UNKNOWN && (word == NULL ||
	    strcmp(word, sending_class_name((enum sending_class)c))))
		c++;
	return (enum sending_class)c;
}

static void
judge(const struct profile *p, const struct sending_request *req,
    const struct buf *out, struct sending_answer *ret)
{
	char said[sizeof(ret->reason)];
	const char *status = "", *id = "", *class = NULL, *detail = "";
	json_t *j = json_loadb(buf_str(out), out->len, JSON_REJECT_DUPLICATES,
	    NULL);

	if (json_unpack(j, "{s:s,s?s,s?s,s?s}", "status", &status, "id", &id,
	    "class", &class, "detail", &detail))
		sending_refuse(ret, SENDING_UNKNOWN, "the program's answer is "
		    "not the JSON object that is asked for");
	else if (!strcmp(status, "sent"))
		ret->handed_over = true;
	else if (!strcmp(status, "failed")) {
		profile_hide(p, req, detail, said, sizeof(said));
		sending_refuse(ret, class_of(class), said);
	} else
		sending_refuse(ret, SENDING_UNKNOWN, "the program's \"status\" "
		    "is neither \"sent\" nor \"failed\"");
	profile_hide(p, req, id, ret->id, sizeof(ret->id));
	json_decref(j);
}

static void
conclude(const struct profile *p, const struct sending_request *req,
    enum mfa_err r, const struct program_end *end, struct sending_answer *ret)
{
	int status = end->status;

	if (r == MFA_ETIME)
		sending_refuse(ret, SENDING_UNKNOWN, "the program did not end "
		    "in time");
	else if (r)
		sending_refuse(ret, SENDING_UNKNOWN, "the program says too "
		    "much");
	else if (WIFEXITED(status) && WEXITSTATUS(status) == EX_TEMPFAIL)
		sending_refuse(ret, SENDING_TRANSIENT, "the program asks to "
		    "try later");
	else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		sending_refuse(ret, SENDING_UNKNOWN, "the program failed");
	else
		judge(p, req, &end->out, ret);
}

void
exec_send(const struct profile *p, const struct sending_request *req,
    unsigned limit_ms, struct sending_answer *ret)
{
	struct buf in = { 0 };
	const struct program_call call = { .path = profile_exec(p), .in = &in,
	    .until = clock_ms() + limit_ms };
	struct program_end end = { .status = -1 };
	struct mfa_why why = { "" };
	enum mfa_err r;

	if (exec_json(req, &in))
		sending_refuse(ret, SENDING_PERMANENT, "a value is no UTF-8");
	else if ((r = program_run(&call, &end, &why)) == MFA_ENOENT)
		sending_refuse(ret, SENDING_CONFIG, why.text);
	else
		conclude(p, req, r, &end, ret);
	buf_wipe(&in);
	buf_wipe(&end.out);
}
