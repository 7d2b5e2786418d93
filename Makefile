# make            build/pam_mfa.so, build/mfactl and build/mfa-send
# make demo       a real sshd on loopback with the module; AUTO=1 types by itself
# make check      everything that can be tested here; installs what it lacks
# make lint bench asan cov fuzz install uninstall clean
# make voice, make prism SPECS=folder: checks that need more; tests/README.md
# make torture    what takes an hour: races, soaks, hard callers; ONLY=part
#
# B is the build folder: a variant (asan, cov) is this Makefile with another B
# and other flags.

B	?= build
prefix	?= /usr
mandir	?= $(prefix)/share/man
pamdir	?= /lib/$(shell $(CC) -print-multiarch)/security

CC	?= cc
OPT	?= -O2 -g
# 3 where compiler and C library have it; older ones warn, and take it for 2.
FORTIFY	:= $(shell $(CC) -O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 \
	   -include features.h -c -x c -o /dev/null /dev/null 2>/dev/null && \
	   echo 3 || echo 2)
# What a processor has against jumps that were bent; an error on others.
CET	:= $(shell $(CC) -Werror -fcf-protection -c -x c -o /dev/null /dev/null \
	   2>/dev/null && echo -fcf-protection)
HARDEN	?= -D_FORTIFY_SOURCE=$(FORTIFY) -fstack-protector-strong \
	   -fstack-clash-protection $(CET)
WARN	= -Wall -Wextra -Wshadow -Wconversion -Wcast-qual -Wwrite-strings \
	  -Wformat=2 -Wmissing-prototypes -Wstrict-prototypes -Wundef -Wvla \
	  -Wimplicit-fallthrough -Wframe-larger-than=4095 \
	  -Wno-missing-field-initializers
CFLAGS	?= $(OPT) $(HARDEN)
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -fPIC -ffunction-sections $(WARN) \
	  $(CFLAGS) $(SANITIZE) -MMD -MP
LDFLAGS	?= -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,--gc-sections

core	= $(patsubst %.c,$(B)/%.o,$(wildcard pam_mfa/core/*.c)) \
	  $(patsubst %.po,$(B)/%.o,$(wildcard po/*.po))
sys	= $(patsubst %.c,$(B)/%.o,$(wildcard pam_mfa/sys/*.c))
module	= $(patsubst %.c,$(B)/%.o,$(wildcard pam_mfa/*.c))
send	= $(patsubst %.c,$(B)/%.o,$(wildcard send/*.c))
enroll	= $(patsubst %.c,$(B)/%.o,$(wildcard enroll/*.c))
fake	= $(patsubst %.c,$(B)/%.o,$(wildcard tests/fake/*.c))
ctests	= $(patsubst tests/%.c,$(B)/tests/%,$(wildcard \
	  tests/unit/test_*.c tests/sys/test_*.c tests/flow/test_*.c \
	  tests/pam/test_*.c tests/send/test_*.c))
ltools	= $(patsubst %.c,$(B)/%,$(wildcard tests/tool/*.c \
	  tests/torture/*.c))
fuzzers	= $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))

all: $(B)/pam_mfa.so $(B)/mfactl $(B)/mfa-send

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Where our programs lie is a default of mfa.conf; another prefix is another
# default.
$(B)/prefix: FORCE
	@mkdir -p $(@D)
	@echo "$(prefix)" | cmp -s - $@ || echo "$(prefix)" >$@
$(B)/pam_mfa/core/conf_key.o: $(B)/prefix
$(B)/pam_mfa/core/conf_key.o: ALL_CFLAGS += -DMFA_PREFIX='"$(prefix)"'
FORCE:

# The catalogues of texts, compiled in: see po/README.md.
$(B)/po/%.c: po/%.po po/po2c.awk
	@mkdir -p $(@D)
	@echo "  PO      $@"
	@LC_ALL=C awk -v name=$* -f po/po2c.awk $< >$@.new && mv $@.new $@
$(B)/po/%.o: $(B)/po/%.c
	@echo "  CC      $@"
	@$(CC) $(ALL_CFLAGS) -I. -c -o $@ $<

define archive
	@echo "  AR      $@"
	@rm -f $@
	@$(AR) rcs $@ $^
endef
$(B)/libcore.a: $(core)
	$(archive)
$(B)/libsys.a: $(sys)
	$(archive)
$(B)/libmodule.a: $(module)
	$(archive)
$(B)/libenroll.a: $(filter-out %/mfactl.o,$(enroll))
	$(archive)
$(B)/libsend.a: $(filter-out %/main.o,$(send))
	$(archive)
$(B)/libfake.a: $(fake)
	$(archive)

libs	= $(B)/libsys.a $(B)/libcore.a

$(B)/pam_mfa.so: $(module) $(libs) pam_mfa/pam_mfa.map
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) $(if $(SANITIZE),,-Wl,-z,defs) \
	    -shared -Wl,--version-script=pam_mfa/pam_mfa.map -o $@ \
	    $(module) $(libs) -lpam -lcrypto

$(B)/mfactl: $(enroll) $(libs)
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -pie -o $@ $(enroll) $(libs) \
	    -lqrencode -ljansson -lcrypto

sendlibs = -lcurl -ljansson -lexpat -lseccomp -lssl -lcrypto

$(B)/mfa-send: $(B)/send/main.o $(B)/libsend.a $(libs)
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -pie -o $@ $^ $(sendlibs)

# Tests: a program per file; the wildcard above finds it.
$(B)/tests/send/%: $(B)/tests/send/%.o $(B)/libsend.a $(libs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -pie -o $@ $^ -lcmocka \
	    $(sendlibs)

comma	= ,
# A target of fuzzing: with libFuzzer, or else with what replays its corpus.
FUZZ_MAIN ?= $(B)/tests/fuzz/replay.o
wrap	= $(foreach w,$(1),-Wl$(comma)--wrap=$(w))
# What fuzz_sender puts its own world in place of: tests/fuzz/world.h.
wrap_fuzz_sender = $(call wrap,file_dir file_open file_read file_lock \
	  program_run sandbox_account sandbox_enter geteuid time clock_gettime \
	  socket http_exchange curl_easy_setopt)
$(B)/tests/fuzz/fuzz_sender: $(B)/tests/fuzz/world.o
$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(B)/tests/fuzz/fuzz.o \
    $(B)/tests/fuzz/machine.o $(B)/tests/fuzz/machine_judge.o \
    $(filter %.o,$(FUZZ_MAIN)) $(B)/libfake.a $(B)/libmodule.a \
    $(B)/libenroll.a $(B)/libsend.a $(libs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -pie -o $@ \
	    $(call wrap,$(addprefix crypto_,new free random pbkdf2)) \
	    $(wrap_$*) \
	    $(FUZZ_MAIN) \
	    $(filter-out $(FUZZ_MAIN),$^) -lcmocka -loath -lpam -lqrencode \
	    $(sendlibs)

$(B)/tests/%: $(B)/tests/%.o $(B)/libfake.a $(B)/libmodule.a \
    $(B)/libenroll.a $(libs)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -pie -o $@ $< $(B)/libfake.a \
	    $(B)/libenroll.a $(B)/libmodule.a $(libs) \
	    -lcmocka -loath -lpam -lqrencode -ljansson -lcrypto -lm

# What lies on the disk changes between two looks.
$(B)/tests/sys/test_vault: override LDFLAGS += -Wl,--wrap=file_read
# Verdicts of comparisons are no secret: see there.
$(B)/tests/torture/taint: override LDFLAGS += -Wl,--wrap=crypto_equal

$(B)/tests/preload/%.so: tests/preload/%.c
	@mkdir -p $(@D)
	@echo "  LD      $@"
	@$(CC) $(ALL_CFLAGS) -shared -o $@ $<

preload	= $(patsubst %.c,$(B)/%.so,$(wildcard tests/preload/*.c))

tests: all $(ctests) $(ltools) $(preload)

asan:
	@$(MAKE) --no-print-directory B=build/asan LDFLAGS= HARDEN= \
	    OPT="-O1 -g -fno-omit-frame-pointer -Wno-frame-larger-than \
	    -Wno-format-truncation" \
	    SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all" \
	    tests fuzzers

# A host of many threads, and the module, under ThreadSanitizer.
tsan:
	@$(MAKE) --no-print-directory B=build/tsan LDFLAGS= HARDEN= \
	    OPT="-O1 -g -fno-omit-frame-pointer -Wno-frame-larger-than" \
	    SANITIZE=-fsanitize=thread build/tsan/pam_mfa.so \
	    build/tsan/tests/torture/threads

cov:
	@tests/cov.sh

# Each target for TIME seconds, two at a time; ONLY=NAME: that one. RESUME=1:
# for what is left of them after a run that was broken off.
fuzz: deps-check
	@$(MAKE) --no-print-directory -j2 B=build/fuzz CC=clang LDFLAGS= \
	    HARDEN= WARN=-w OPT="-O1 -g -fno-omit-frame-pointer" \
	    SANITIZE="-fsanitize=fuzzer-no-link,address,undefined \
	    -fno-sanitize-recover=all" FUZZ_MAIN=-fsanitize=fuzzer fuzzers
	@RESUME=$(RESUME) tests/fuzz/run.sh $(or $(TIME),60) $(ONLY)
fuzzers: $(fuzzers)

# What the build and the tests need, from Debian; nothing if all is there.
deps:
	@tests/deps.sh build
deps-check:
	@tests/deps.sh check

check: deps-check
	@$(MAKE) --no-print-directory -j "$$(nproc)" tests asan tsan
	@tests/check.sh

torture: deps-check
	@$(MAKE) --no-print-directory -j "$$(nproc)" tests tsan
	@tests/torture/run.sh $(ONLY)

lint: tests
	@tests/lint/run.sh

bench: deps-check
	@$(MAKE) --no-print-directory tests
	@tests/bench/run.sh

voice: tests
	@NS_TIMEOUT=180 tests/ns.sh tests/optional/voice.sh

prism: tests
	@tests/optional/prism.sh "$(SPECS)"

demo:
	@tests/demo.sh $(if $(AUTO),auto)

# mode, file, folder: by a rename, for a login may be looking at this moment.
define replace
	install -m $(1) "$(2)" "$(3)/.$(notdir $(2)).new"
	mv -f "$(3)/.$(notdir $(2)).new" "$(3)/$(notdir $(2))"
endef

# "$(call place,FILE,DIR)": a text that names our files, with this prefix.
define place
	sed 's!/usr/\(bin/mfactl\|libexec/pam_mfa\|share/doc/pam_mfa\)!$(prefix)/\1!g' \
	    $(1) | install -m 644 /dev/stdin "$(DESTDIR)$(2)/$(notdir $(1))"
endef

# The host's key is made where it is to be used: without DESTDIR by the last
# line, else by a package's postinst.
install: all
	install -d "$(DESTDIR)$(pamdir)" "$(DESTDIR)$(prefix)/bin" \
	    "$(DESTDIR)$(mandir)/man8" "$(DESTDIR)$(mandir)/man5" \
	    "$(DESTDIR)$(mandir)/man1" \
	    "$(DESTDIR)$(prefix)/share/doc/pam_mfa/examples/senders" \
	    "$(DESTDIR)$(prefix)/share/bash-completion/completions" \
	    "$(DESTDIR)$(prefix)/lib/sysusers.d"
	install -d -m 755 "$(DESTDIR)/etc/mfa" "$(DESTDIR)/etc/mfa/senders"
	install -d -m 700 "$(DESTDIR)/etc/mfa/users" \
	    "$(DESTDIR)/etc/mfa/secrets" "$(DESTDIR)/var/lib/mfa"
	install -d -m 755 "$(DESTDIR)$(prefix)/libexec/pam_mfa"
	$(call replace,644,$(B)/pam_mfa.so,$(DESTDIR)$(pamdir))
	$(call replace,755,$(B)/mfactl,$(DESTDIR)$(prefix)/bin)
	$(call replace,755,$(B)/mfa-send,$(DESTDIR)$(prefix)/libexec/pam_mfa)
	test -e "$(DESTDIR)/etc/mfa/mfa.conf" || \
	    $(call place,conf/mfa.conf,/etc/mfa)
	install -m 644 conf/pam.d/* \
	    "$(DESTDIR)$(prefix)/share/doc/pam_mfa/examples"
	install -m 644 $(wildcard conf/senders/*.conf) \
	    "$(DESTDIR)$(prefix)/share/doc/pam_mfa/examples/senders"
	install -m 755 conf/senders/gammu-send \
	    "$(DESTDIR)$(prefix)/share/doc/pam_mfa/examples/senders"
	install -m 644 conf/sysusers.d/pam_mfa.conf \
	    "$(DESTDIR)$(prefix)/lib/sysusers.d/pam_mfa.conf"
	install -m 644 doc/helpdesk.md "$(DESTDIR)$(prefix)/share/doc/pam_mfa"
	$(call place,man/pam_mfa.8,$(mandir)/man8)
	$(call place,man/mfa.conf.5,$(mandir)/man5)
	$(call place,man/mfa-sender.5,$(mandir)/man5)
	$(call place,man/mfactl.1,$(mandir)/man1)
	install -m 644 completion/mfactl \
	    "$(DESTDIR)$(prefix)/share/bash-completion/completions/mfactl"
	-test -n "$(DESTDIR)" || "$(prefix)/bin/mfactl" rekey --first

# People's factors, the host's key, state, mfa.conf, profiles and secrets stay.
uninstall:
	rm -f "$(DESTDIR)$(pamdir)/pam_mfa.so" "$(DESTDIR)$(prefix)/bin/mfactl" \
	    "$(DESTDIR)$(mandir)/man8/pam_mfa.8" \
	    "$(DESTDIR)$(mandir)/man5/mfa.conf.5" \
	    "$(DESTDIR)$(mandir)/man5/mfa-sender.5" \
	    "$(DESTDIR)$(mandir)/man1/mfactl.1" \
	    "$(DESTDIR)$(prefix)/lib/sysusers.d/pam_mfa.conf" \
	    "$(DESTDIR)$(prefix)/share/bash-completion/completions/mfactl"
	rm -rf "$(DESTDIR)$(prefix)/share/doc/pam_mfa" \
	    "$(DESTDIR)$(prefix)/libexec/pam_mfa"

clean:
	rm -rf build

.PHONY: all tests asan cov fuzz fuzzers deps deps-check check lint bench voice \
    prism demo install uninstall clean torture tsan FORCE
.SECONDARY:
-include $(shell find $(B) -name '*.d' -type f 2>/dev/null)
