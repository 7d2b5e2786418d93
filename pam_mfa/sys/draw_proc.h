/* The drawer port over "mfactl draw-qr" (sys/child.h). */
#ifndef MFA_DRAW_PROC_H
#define MFA_DRAW_PROC_H

#include "ports.h"

/* program: absolute path of mfactl, "" for none; must outlive the port. */
struct mfa_drawer draw_proc(const char *program);

#endif
