/*
 * The world around mfa-send, out of the input: files, what providers answer,
 * and what programs say. By the linker's --wrap (Makefile) the files are
 * memory, a connection is a pair of sockets that holds the answer already, a
 * program is what it says, time passes when the script says so, and rights are
 * not given up. Everything else is mfa-send's own, libcurl with it.
 *
 * The script: parts, with lines "%%" between them. The first line of a part
 * says what it is, the rest is its content:
 *
 *	file /etc/mfa/senders/a.conf	a file of root's
 *	http 192.0.2.7		the next exchange: the address that a name has,
 *				and what comes from there. Before it: "tls" (no
 *				stand-in for that), "down" (no connection),
 *				"late" (3 s pass)
 *	exec 0			the next program: its exit status, and what it
 *				says; "late", "long", "none" behind that
 */
#ifndef MFA_FUZZ_WORLD_H
#define MFA_FUZZ_WORLD_H

#include "fuzz.h"

void world_new(struct fuzz_input *);
void world_end(void);

/* Milliseconds that the clock shows. */
int64_t world_now(void);

/* Another process begins: with root's rights, and nobody asked yet. */
void world_login(void);

/* How often it asked anybody: exchanges, programs. */
unsigned world_asked(void);

/* How often a secret was read; each is this, whatever the file holds. */
#define WORLD_SECRET "zKqQ7secret"
unsigned world_secrets(void);

#endif
