/* One of the senders that a request names. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../pam_mfa/core/text.h"
#include "../pam_mfa/sys/file.h"
#include "clock.h"
#include "exec.h"
#include "sender.h"

#define PROFILE_MAX (64 * 1024)
#define SECRET_MAX (16 * 1024)
#define HTTP_UNAUTHORIZED 401

static enum mfa_err
read_secret(void *ctx, const char *path, struct buf *ret, struct mfa_why *why)
{
	static const struct file_dir root = { AT_FDCWD, "" };
	static const struct file_rule rule = { .owner = 0, .mode = 0600,
	    .max = SECRET_MAX };
	enum mfa_err r;

	(void)ctx;
	if (*path != '/')
		return mfa_fail(why, MFA_EPERM, "%s: a secret needs an "
		    "absolute path", path);
	if ((r = file_read(&root, path, &rule, ret, why)))
		return r;
	while (ret->len > 0 && text_is_space(ret->data[ret->len - 1]))
		ret->data[--ret->len] = '\0';
	return MFA_OK;
}

static enum mfa_err
read_profile(const char *dir, const char *file, struct buf *ret,
    struct mfa_why *why)
{
	static const struct file_rule in_dir = { .owner = 0, .mode = 0755 };
	static const struct file_rule rule = { .owner = 0, .mode = 0644,
	    .max = PROFILE_MAX };
	struct file_dir d;
	enum mfa_err r;

	if ((r = file_dir(dir, &in_dir, &d, why)))
		return r;
	r = file_read(&d, file, &rule, ret, why);
	close(d.fd);
	return r;
}

static enum mfa_err
load_profile(struct sender *s, const struct sending_request *req)
{
	char file[SENDING_NAME_MAX + 5], path[256];
	struct profile_source src = { .file = path,
	    .read_secret = read_secret };
	struct buf text = { 0 };
	enum mfa_err r;

	snprintf(file, sizeof(file), "%s.conf", s->name);
	snprintf(path, sizeof(path), "%s/%s", req->dir, file);
	if ((r = read_profile(req->dir, file, &text, &s->why)))
		goto out;
	src.text = buf_str(&text);
	src.len = text.len;
	r = profile_load(&src, req->kind, &s->profile, &s->why);
out:
	buf_wipe(&text);
	return r;
}

/* A name becomes part of a path. */
static bool
is_name(const char *s)
{
	size_t i = 0;

	while (text_is_alnum(s[i]) || s[i] == '_' ||
	    (i > 0 && (s[i] == '-' || s[i] == '.')))
		i++;
	return i > 0 && i < SENDING_NAME_MAX && s[i] == '\0';
}

static enum mfa_err
load_rest(struct sender *s, const struct sending_request *req)
{
	const char *program = profile_exec(s->profile);
	enum mfa_err r;

	if (program != NULL) {
		if (!(r = exec_check(program, &s->why)))
			s->program = program;
		return r;
	}
	r = profile_token_request(s->profile, &s->token.request, &s->why);
	if (r == MFA_ENOENT)
		return MFA_OK;
	if (r)
		return r;
	s->has_token = true;
	if (req->op == SENDING_SEND || req->op == SENDING_TEST)
		token_open(&s->token, req->state, s->name,
		    (int)req->limit_ms / 10);
	return MFA_OK;
}

void
sender_load(struct sender *s, const struct sending_request *req)
{
	enum mfa_err r;

	s->token.fd = -1;
	if (!is_name(s->name))
		r = mfa_fail(&s->why, MFA_ERANGE, "\"%s\" is no name of a "
		    "sender", s->name);
	else if (!(r = load_profile(s, req)))
		r = load_rest(s, req);
	if (r && *s->why.text == '\0')
		mfa_fail(&s->why, r, "%s", mfa_strerror(r));
	if (r) {
		profile_free(s->profile);
		s->profile = NULL;
	}
}

void
sender_free(struct sender *s)
{
	token_close(&s->token);
	profile_free(s->profile);
	*s = (struct sender){ .token.fd = -1 };
}

/* What cannot travel to this provider may travel to another. */
static enum mfa_err
request(const struct sender *s, const struct sending_request *req,
    struct http_request *ret, struct sending_answer *ans)
{
	const char *token = s->has_token ? buf_str(&s->token.value) : NULL;
	struct mfa_why why = { "" };
	enum mfa_err r = profile_request(s->profile, req, token, ret, &why);

	if (r)
		sending_refuse(ans, SENDING_PERMANENT, why.text);
	return r;
}

static int64_t
clamp(unsigned wanted, int64_t left)
{
	return wanted > 0 && wanted < left ? wanted : left > 0 ? left : 1;
}

/* *ret_stale: the provider did not take a token that came from the file. */
static void
ask_once(struct sender *s, const struct sending_request *req, int64_t until,
    bool *ret_stale, struct sending_answer *ret)
{
	struct http_request q = { 0 };
	struct http_response res;

	*ret_stale = false;
	if (s->has_token && token_get(&s->token,
	    (unsigned)clamp(0, until - clock_ms()), ret)) {
		profile_hide(s->profile, req, ret->reason, ret->reason,
		    sizeof(ret->reason));
		return;
	}
	if (request(s, req, &q, ret))
		return;
	q.total_ms = (unsigned)clamp(q.total_ms, until - clock_ms());
	http_exchange(&q, &res);
	*ret_stale = s->token.kept && res.outcome == HTTP_ANSWERED &&
	    res.status == HTTP_UNAUTHORIZED;
	profile_judge(s->profile, req, &res, ret);
	http_response_wipe(&res);
	http_request_wipe(&q);
}

static void
run(const struct sender *s, const struct sending_request *req,
    unsigned limit_ms, struct sending_answer *ret)
{
	struct mfa_why why = { "" };

	if (req->op == SENDING_TEST)
		sending_refuse(ret, SENDING_CONFIG, "a program has no "
		    "self-test: it can only be tried by sending");
	else if (profile_fits(s->profile, req, &why))
		sending_refuse(ret, SENDING_PERMANENT, why.text);
	else
		exec_send(s->profile, req, limit_ms, ret);
}

void
sender_ask(struct sender *s, const struct sending_request *req,
    unsigned limit_ms, struct sending_answer *ret)
{
	int64_t until = clock_ms() + limit_ms;
	bool stale;

	if (s->profile == NULL) {
		sending_refuse(ret, SENDING_CONFIG, s->why.text);
	} else if (s->program != NULL) {
		run(s, req, limit_ms, ret);
	} else {
		ask_once(s, req, until, &stale, ret);
		if (!stale)
			return;
		token_forget(&s->token);
		*ret = (struct sending_answer){ 0 };
		ask_once(s, req, until, &stale, ret);
	}
}

static enum mfa_err
show(const struct sender *s, const struct sending_request *req,
    struct buf *ret, struct mfa_why *why)
{
	enum mfa_err r;

	if (s->program == NULL)
		return profile_show(s->profile, req, ret, why);
	if ((r = buf_printf(ret, "%s v1\n", s->program)) ||
	    (r = exec_json(req, ret)))
		return r;
	return buf_puts(ret, "\n");
}

void
sender_inspect(const struct sender *s, const struct sending_request *req,
    struct sending_answer *ret)
{
	struct mfa_why why = { "" };

	if (s->profile == NULL)
		sending_refuse(ret, SENDING_CONFIG, s->why.text);
	else if (req->op == SENDING_SHOW && show(s, req, &ret->show, &why))
		sending_refuse(ret, SENDING_PERMANENT, why.text);
	else
		ret->handed_over = true;
}
