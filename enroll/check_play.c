/* PAM stacks, played through. */
#include "check_stack.h"

enum impression { UNDECIDED, POSITIVE, NEGATIVE };

struct play {
	const struct pam_stack *stack;
	enum impression impression;
	bool success;		/* the status that goes with POSITIVE */
	enum impression entry[STACK_MAX];	/* at each substack's start */
	size_t at;
};

/* Past everything deeper than the rule at i. */
static size_t
skip_one(const struct pam_stack *s, size_t i)
{
	unsigned depth = s->rule[i].depth;

	for (i++; i < s->n && s->rule[i].depth > depth; i++)
		;
	return i;
}

/* done and die end the substack they stand in, not what is around it. */
static size_t
leave(const struct pam_stack *s, size_t i)
{
	unsigned depth = s->rule[i].depth;

	for (i++; i < s->n && s->rule[i].depth >= depth; i++)
		;
	return depth > 0 ? i : s->n;
}

/* A jump too far is a failure. */
static void
jump(struct play *p, int over)
{
	const struct pam_stack *s = p->stack;
	unsigned depth = s->rule[p->at].depth;
	size_t next = p->at + 1;

	for (; over > 0; over--) {
		if (next >= s->n || s->rule[next].depth < depth) {
			p->impression = NEGATIVE;
			break;
		}
		next = skip_one(s, next);
	}
	p->at = next;
}

static void
good(struct play *p, enum pam_result result)
{
	if (p->impression == NEGATIVE)
		return;
	if (p->impression == UNDECIDED || p->success)
		p->success = result == RESULT_SUCCESS;
	p->impression = POSITIVE;
}

static void
act(struct play *p, int action, enum pam_result result)
{
	const struct pam_stack *s = p->stack;

	if (action == ACTION_OK || action == ACTION_DONE)
		good(p, result);
	if (action == ACTION_BAD || action == ACTION_DIE)
		p->impression = NEGATIVE;
	if (action == ACTION_RESET)
		p->impression = p->entry[s->rule[p->at].depth];
	if (action > 0)
		jump(p, action);
	else if (action == ACTION_DIE ||
	    (action == ACTION_DONE && p->impression == POSITIVE))
		p->at = leave(s, p->at);
	else
		p->at++;
}

void
stack_run(const struct pam_stack *s, stack_answer *answer, const void *ctx,
    struct stack_end *ret)
{
	struct play p = { .stack = s };

	*ret = (struct stack_end){ .last = s->n };
	while (p.at < s->n) {
		const struct pam_rule *rule = &s->rule[p.at];
		enum pam_result result;

		ret->last = p.at;
		ret->ran[p.at] = true;
		if (rule->kind == RULE_SUBSTACK) {
			p.entry[rule->depth + 1] = p.impression;
			p.at++;
			continue;
		}
		result = rule->kind == RULE_MODULE ? answer(ctx, s, p.at) :
		    RESULT_SERVICE_ERR;
		act(&p, rule->on[result], result);
	}
	ret->success = p.impression == POSITIVE && p.success;
}
