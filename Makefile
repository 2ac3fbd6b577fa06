# "make help" lists the targets and what may be given to them.

PREFIX ?= /usr/local
CC ?= cc

# V=1 shows each command; without it one word and the file.
Q = $(if $(filter 1,$(V)),,@)

VERSION := $(shell sed -n 's/^.define SC_VERSION_TEXT "\(.*\)"$$/\1/p' common/version.h)

# SAN=asan, ubsan, tsan, or asan-ubsan: the analyzer, the codec, their tests and the harness of the library's core
# with that sanitizer, in build-asan and so on. The library and the launcher stay as they are: they run inside others.
SAN ?=
# DEBUG=1: not optimised, all that a debugger can use, in build-debug.
DEBUG ?=
BUILD ?= build$(if $(SAN),-$(SAN))$(if $(DEBUG),-debug)
# One name for one folder: the files of dependencies name their targets by it.
# Not patsubst, which would see two words in a folder with a blank in its name; relative names have none.
override BUILD := $(subst $(CURDIR)/,,$(BUILD))
san_asan = -fsanitize=address
san_ubsan = -fsanitize=undefined -fno-sanitize-recover=all
san_tsan = -fsanitize=thread
SAN_FLAGS = $(if $(SAN),-O1 -fno-omit-frame-pointer $(foreach part,$(subst -, ,$(SAN)),$(or $(san_$(part)),$(error SAN=$(part)?))))
# Not optimised, gcc warns of the strncmp without a bound that strcmp in libc_min.c is.
unoptimised = -O0 -Wno-stringop-overread
CFLAGS ?= $(if $(DEBUG),$(unoptimised) -g3,-O2 -g)
WARN = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror
STD = -std=gnu11 -D_GNU_SOURCE= -fvisibility=hidden

common_src = $(wildcard common/*.c)
analyzer_src = $(wildcard analyzer/*/*.c analyzer/*/*/*.c)
# What the two C libraries do differently stands in files that end in the library's name.
shim_all = $(filter-out shim/launcher/% shim/static/%,$(wildcard shim/*.c shim/*/*.c))
shim_src = $(filter-out %_musl.c,$(shim_all))
musl_src = $(filter-out %_glibc.c,$(shim_all))
shim_asm = $(filter-out shim/static/%,$(wildcard shim/*/*.S))
# Without a C library: what needs one is what such programs have no use for (libc's threads, its loader, its environ).
static_src = $(filter-out %_musl.c shim/session/threads.c shim/session/late_modules.c shim/session/environ_swap.c, \
             $(wildcard $(foreach room,core args unwind session rewrite static,shim/$(room)/*.c)))
static_asm = $(wildcard shim/rewrite/*.S shim/static/*.S)
record_src = $(wildcard shim/launcher/*.c)
unit_src = $(wildcard tests/unit/*.c)

# The shim: nothing but libc; no fortified calls, no 64-bit renaming, thread-local storage that is there from the start,
# and general registers only: the program's vector registers are not ours.
SHIM_FLAGS = -fPIC -ftls-model=initial-exec -U_FORTIFY_SOURCE -fno-stack-protector -fcf-protection=none \
             -mgeneral-regs-only -fno-tree-loop-distribute-patterns
# Code and constants in one segment: each costs every start a mapping and the faults of its own.
SHIM_LINK = -shared -Wl,-z,noseparate-code -Wl,-z,initfirst -Wl,-z,nodelete \
            -Wl,-z,now -Wl,-z,relro

# The same for programs with musl, where its compiler is: with the kernel's headers, which that one leaves out.
MUSL_CC ?= musl-gcc
MUSL_LIBC ?= /lib/ld-musl-x86_64.so.1
musl := $(shell command -v $(MUSL_CC) 2>/dev/null)
hash := \#
kernel_headers := $(shell printf '$(hash)include <%s>\n' asm/unistd.h linux/fs.h | $(CC) -M -x c - | \
                 grep -o -E '/[^ ]*/(asm/unistd|linux/fs)\.h' | sed -E 's,/(asm/unistd|linux/fs)\.h,,')
musl_library = $(if $(musl),$(BUILD)/libsyscap-musl.so)

# libiberty, which names C++ and Rust symbols, comes as an archive and without a file for pkg-config.
ANALYZER_LIBS = $(shell pkg-config --libs jansson libdw libarchive sqlite3 2>/dev/null || echo -ljansson -ldw -lelf -larchive -lsqlite3) -liberty

# One definition of each command, for the rules and for compile_commands.json.
cc_shim = $(CC) $(STD) $(WARN) $(CFLAGS) $(COVER_FLAGS) $(SHIM_FLAGS)
cc_musl = $(MUSL_CC) $(STD) $(WARN) $(CFLAGS) $(SHIM_FLAGS) $(addprefix -idirafter ,$(kernel_headers))
cc_static = $(CC) $(STD) $(WARN) $(CFLAGS) $(SHIM_FLAGS) -DSC_CURRENT_IN_GS
cc_analyzer = $(CC) $(STD) $(WARN) $(CFLAGS) $(COVER_FLAGS) $(SAN_FLAGS)
cc_record = $(CC) $(STD) $(WARN) $(CFLAGS) $(COVER_FLAGS)

obj = $(patsubst %.c,$(BUILD)/$(1)/%.o,$(2))
shim_obj = $(call obj,shim,$(shim_src) $(common_src)) $(patsubst %.S,$(BUILD)/shim/%.o,$(shim_asm))
musl_obj = $(call obj,musl,$(musl_src) $(common_src)) $(patsubst %.S,$(BUILD)/musl/%.o,$(shim_asm))
analyzer_obj = $(call obj,analyzer,$(analyzer_src) $(common_src))
static_obj = $(call obj,static,$(static_src) $(common_src)) $(patsubst %.S,$(BUILD)/static/%.o,$(static_asm))
record_obj = $(call obj,record,$(record_src) $(common_src))
unit_obj = $(call obj,analyzer,$(unit_src))

man_pages = $(patsubst docs/%,$(BUILD)/man/%,$(wildcard docs/*.1))

## all              build/libsyscap.so (with musl-gcc libsyscap-musl.so), build/syscap-static, build/syscap-record,
##                  build/syscap-analyze, the man pages
all: $(BUILD)/libsyscap.so $(BUILD)/syscap-static $(or $(musl_library),without_musl) $(BUILD)/syscap-record \
     $(BUILD)/syscap-analyze $(man_pages)

include tests/coverage/coverage.mk

# Programs may be started with the old one while this runs.
$(BUILD)/libsyscap.so: $(shim_obj) $(call cover,libsyscap) $(BUILD)/exports.map
	@echo 'link  $@'
	$(Q)$(CC) $(CFLAGS) $(SHIM_LINK) -Wl,-soname,$(@F) -Wl,--version-script=$(BUILD)/exports.map -o $@.new $(filter %.o,$^) -ldl \
	    && mv $@.new $@

# The same objects a second time, for programs that can load no library; it has none itself and lies anywhere.
STATIC_LINK = -nostdlib -static-pie -Wl,-z,now -Wl,-z,relro -Wl,--eh-frame-hdr

$(BUILD)/syscap-static: $(static_obj)
	@echo 'link  $@'
	$(Q)$(CC) $(CFLAGS) $(STATIC_LINK) -o $@.new $^ && mv $@.new $@

# The version script exports the wrapped symbols and nothing else; they stand in the one table of calls.
$(BUILD)/exports.map: shim/exports.in common/calls.def
	@mkdir -p $(@D)
	$(Q){ echo '{ global:'; $(CC) -E -P -x c -I common $< | sed -n 's/^SYMBOL(\(.*\))$$/\1;/p'; \
	  echo 'local: *; };'; } > $@.tmp && mv $@.tmp $@

# Of those, what musl has: whoever looks a symbol up must not find what is not there. exit is wrapped for its status.
# brk and sbrk fail there without a call; those that later versions have are exported already.
$(BUILD)/exports-musl.map: $(BUILD)/exports.map
	$(Q){ echo '{ global: exit; statx; preadv2; pwritev2;'; \
	  nm -D --defined-only $(MUSL_LIBC) | sed 's/.* //; s/@.*//; /^s\?brk$$/d; s/$$/;/' | sort >$@.have; \
	  sort $< | comm -12 - $@.have; echo 'local: *; };'; } > $@.tmp && mv $@.tmp $@; rm -f $@.have

$(BUILD)/libsyscap-musl.so: $(musl_obj) $(BUILD)/exports-musl.map
	@echo 'link  $@'
	$(Q)$(MUSL_CC) $(CFLAGS) $(SHIM_LINK) -Wl,--eh-frame-hdr -Wl,-soname,$(@F) -Wl,--version-script=$(BUILD)/exports-musl.map -o $@.new \
	    $(filter %.o,$^) && mv $@.new $@

without_musl: FORCE
	@echo 'There is no $(MUSL_CC): programs with musl are not recorded, libsyscap-musl.so is left out.'

# Static, so that within a recorded program the library is not loaded into the launcher, whose exec would then carry on the
# outer session in the place of its own.
RECORD_LINK ?= -static

$(BUILD)/syscap-record: $(record_obj) $(call cover,syscap-record)
	@echo 'link  $@'
	$(Q)$(CC) $(CFLAGS) $(RECORD_LINK) -o $@ $^

$(BUILD)/syscap-analyze: $(analyzer_obj) $(call cover,syscap-analyze)
	@echo 'link  $@'
	$(Q)$(CC) $(CFLAGS) $(SAN_FLAGS) -o $@ $^ $(ANALYZER_LIBS)

# The pages name the version at their foot, where .Os alone would have the system's.
$(BUILD)/man/%.1: docs/%.1 common/version.h
	@mkdir -p $(@D)
	$(Q)sed 's/^\.Os$$/.Os syscap $(VERSION)/' $< >$@

## dump-events      build/tests/dump_events
# Prints a source's events; what tests/strace compares with.
dump-events: $(BUILD)/tests/dump_events
$(BUILD)/tests/dump_events: $(BUILD)/analyzer/tests/strace/dump_events.o $(filter-out %/analyzer/cli/main.o,$(analyzer_obj)) \
                            $(call cover,dump_events)
	@mkdir -p $(@D)
	@echo 'link  $@'
	$(Q)$(CC) $(CFLAGS) $(SAN_FLAGS) -o $@ $^ $(ANALYZER_LIBS)

## unit             build/tests/unit (Criterion)
unit: $(BUILD)/tests/unit
$(BUILD)/tests/unit: $(unit_obj) $(filter-out %/analyzer/cli/main.o,$(analyzer_obj)) $(call cover,unit)
	@mkdir -p $(@D)
	@echo 'link  $@'
	$(Q)$(CC) $(CFLAGS) $(SAN_FLAGS) -o $@ $^ $(ANALYZER_LIBS) -lcriterion -lm

# Plans that are kept (shim/rewrite/site_plan.h) are those of the code that made them, and of no other version.
plan_sources = $(wildcard shim/rewrite/* shim/unwind/*)
plan_objects = $(BUILD)/shim/shim/rewrite/patch.o $(BUILD)/static/shim/rewrite/patch.o $(BUILD)/musl/shim/rewrite/patch.o
$(plan_objects): $(plan_sources)
$(plan_objects): SHIM_FLAGS += -DSC_PLAN_FORM=$(shell cat $(plan_sources) | cksum | cut -d' ' -f1)u

$(BUILD)/shim/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	$(Q)$(cc_shim) -MMD -MP -c -o $@ $<

$(BUILD)/shim/%.o: %.S
	@mkdir -p $(@D)
	@echo 'as    $<'
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/musl/%.o: %.S
	@mkdir -p $(@D)
	@echo 'as    $<'
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/musl/common/%.o: common/%.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	$(Q)$(cc_musl) -MMD -MP -c -o $@ $<

$(BUILD)/musl/shim/%.o: shim/%.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	$(Q)$(cc_musl) -include shim/musl/headers.h -MMD -MP -c -o $@ $<

$(BUILD)/static/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	$(Q)$(cc_static) -MMD -MP -c -o $@ $<

$(BUILD)/static/%.o: %.S
	@mkdir -p $(@D)
	@echo 'as    $<'
	$(Q)$(CC) $(CFLAGS) -DSC_CURRENT_IN_GS -MMD -MP -c -o $@ $<

$(BUILD)/analyzer/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	$(Q)$(cc_analyzer) -MMD -MP -c -o $@ $<

# The assembler takes these in.
$(BUILD)/analyzer/analyzer/export/page_parts.o: $(wildcard analyzer/export/page/*)

$(BUILD)/record/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	$(Q)$(cc_record) -MMD -MP -c -o $@ $<

## docs/CALLS.md    the table of all calls, from common/calls.def
# The table of calls in the docs; committed, so that it can be read without building.
docs/CALLS.md: docs/calls.c common/calls.c common/calls.h common/calls.def common/kinds.def
	@mkdir -p $(BUILD)
	$(Q)$(CC) $(STD) $(WARN) -o $(BUILD)/print_calls docs/calls.c common/calls.c
	$(Q)$(BUILD)/print_calls >$@.tmp && mv $@.tmp $@

BINDIR = $(DESTDIR)$(PREFIX)/bin
LIBDIR = $(DESTDIR)$(PREFIX)/lib
MANDIR = $(DESTDIR)$(PREFIX)/share/man/man1
# Where the shells look for what they complete; the files are called as each of them wants it.
BASHDIR = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISHDIR = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
programs = syscap-record syscap-analyze

## completions      completions/, anew from what --help says; committed, so that building needs no Python
completions: all
	$(Q)for program in $(programs); do \
	    $(BUILD)/$$program --help >$(BUILD)/$$program.help && \
	    for shell in bash zsh fish; do \
	        completions/make.py $$shell $$program $(BUILD)/$$program.help >completions/$$program.$$shell || exit 1; \
	    done; \
	done

# ld.so finds libsyscap.so by its plain name only through its cache. Packagers, who set DESTDIR, renew that themselves, and
# without root it can't be written. ldconfig is not in an ordinary user's PATH.
renew_cache = if [ -z '$(DESTDIR)' ] && [ "$$(id -u)" = 0 ]; then PATH="$$PATH:/sbin:/usr/sbin" ldconfig; fi

## install          below PREFIX (/usr/local), within DESTDIR
install: all
	install -d '$(BINDIR)' '$(LIBDIR)' '$(MANDIR)'
	install -m 755 $(BUILD)/syscap-record $(BUILD)/syscap-analyze '$(BINDIR)'
	install -m 644 $(BUILD)/libsyscap.so $(musl_library) '$(LIBDIR)'
	install -m 755 $(BUILD)/syscap-static '$(LIBDIR)'
	install -m 644 $(man_pages) '$(MANDIR)'
	install -d '$(BASHDIR)' '$(ZSHDIR)' '$(FISHDIR)'
	for program in $(programs); do \
	    install -m 644 completions/$$program.bash '$(BASHDIR)'/$$program && \
	    install -m 644 completions/$$program.zsh '$(ZSHDIR)'/_$$program && \
	    install -m 644 completions/$$program.fish '$(FISHDIR)'/$$program.fish || exit 1; \
	done
	@$(renew_cache)

## uninstall        with the same PREFIX and DESTDIR
uninstall:
	rm -f '$(BINDIR)/syscap-record' '$(BINDIR)/syscap-analyze' '$(LIBDIR)/libsyscap.so' '$(LIBDIR)/libsyscap-musl.so' '$(LIBDIR)/syscap-static'
	rm -f $(foreach page,$(notdir $(man_pages)),'$(MANDIR)/$(page)')
	rm -f $(foreach program,$(programs),'$(BASHDIR)/$(program)' '$(ZSHDIR)/_$(program)' '$(FISHDIR)/$(program).fish')
	@$(renew_cache)

# Of all C there is: the programs, tests, benchmarks, examples.
our_sources = $(shell find common shim analyzer tests bench examples docs -name '*.[ch]')

# SKIP_MISSING=1: where clang-format or clang-tidy is not there, that is said and no failure.
need_tool = command -v $(1) >/dev/null || { echo '$@: $(1) is not installed; nothing was checked' >&2; \
            $(if $(SKIP_MISSING),exit 0,exit 1); }

## check-layers     who may include whom, and that nothing but peek.c looks behind the program's pointers
check-layers:
	$(Q)tests/check_layers.sh

## bench            what recording and reading cost, beside other tools (docs/BENCHMARKS.md)
# Without casacore the examples are left out.
bench: all
	-$(MAKE) -s -k -C examples OUT=$(if $(filter /%,$(BUILD)),,../)$(BUILD)/examples
	bench/run.sh

## format           clang-format over all C sources
format:
	clang-format -i $(our_sources)

## format-check     fails where that would change a file; SKIP_MISSING=1 where there is no clang-format
format-check:
	@$(call need_tool,clang-format); clang-format --dry-run --Werror $(our_sources)

# These need headers that are there for few: Open MPI's, Capstone's.
tidy_src = $(filter %.c,$(filter-out tests/outside/programs/mpi_io.c \
           $(if $(wildcard /usr/include/capstone),,tests/decoder/compare.c),$(our_sources)))
# The last three stand for what the Makefiles of the tests define.
tidy_flags = $(STD) -msse2 $(addprefix -I,$(sort $(dir $(filter shim/%.h,$(our_sources))))) \
             -DCOVERAGE_FILE=__FILE__ -DPLUGIN_NAME=__FILE__ -DPLUGIN_BYTES=1

## tidy             clang-tidy over all C sources (.clang-tidy says what); SKIP_MISSING=1 as above
# A file each time: clang-tidy 14 takes every va_list but the first file's for uninitialized.
tidy:
	@$(call need_tool,clang-tidy); printf '%s\n' $(filter-out shim/static/%,$(tidy_src)) | \
	    xargs -P 2 -I {} clang-tidy --quiet {} -- $(tidy_flags) 2>/dev/null; \
	others=$$?; printf '%s\n' $(filter shim/static/%,$(tidy_src)) | \
	    xargs -P 2 -I {} clang-tidy --quiet {} -- $(tidy_flags) -DSC_CURRENT_IN_GS 2>/dev/null && exit $$others

## screenshots      build/screenshots: the page of the pair that ./run.sh records (npm, Chromium)
# Without casacore the plain pair's.
screenshots: all
	-$(MAKE) -s -k -C examples OUT=$(if $(filter /%,$(BUILD)),,../)$(BUILD)/examples
	$(Q)tests/npm/screenshots.sh '$(BUILD)'

## check            what takes a minute: layers, format, unit tests
check: check-layers format-check unit
	$(BUILD)/tests/unit

## test             all tests (tests/run_tests.sh); ./run.sh test also installs what they need
test:
	tests/run_tests.sh

## compile_commands.json   for editors and language servers: the commands of this Makefile, as BUILD, SAN and DEBUG are
commands = $(foreach file,$(2),'{"directory": "$(CURDIR)", "file": "$(file)", "command": "$(1) -c $(file)"}')
compile_commands.json: FORCE
	@# Several, as the shell takes no command of more than 128 KiB.
	@printf '%s\n' $(call commands,$(cc_shim),$(shim_src) $(common_src)) >$@.new
	@printf '%s\n' $(call commands,$(cc_static),$(filter shim/static/%,$(static_src))) \
	    $(call commands,$(cc_record),$(record_src)) \
	    $(call commands,$(cc_musl) -include shim/musl/headers.h,$(filter %_musl.c,$(musl_src))) >>$@.new
	@printf '%s\n' $(call commands,$(cc_analyzer),$(analyzer_src)) >>$@.new
	@printf '%s\n' $(call commands,$(cc_analyzer),$(unit_src) tests/strace/dump_events.c) \
	    $(call commands,$(cc_harness),$(wildcard tests/harness/*.c)) >>$@.new
	@{ echo '['; sed '$$!s/$$/,/' $@.new; echo ']'; } >$@; rm $@.new

FORCE:

## help             this list
help:
	@echo 'make [TARGET]... [NAME=VALUE]...'; sed -n 's/^## /  /p' $(filter %Makefile %.mk,$(MAKEFILE_LIST))
	@echo '  SAN=asan|ubsan|tsan|asan-ubsan, DEBUG=1, V=1, PREFIX=/usr/local, DESTDIR, BUILD=build, CC, CFLAGS'

include tests/harness/harness.mk tests/bare/bare.mk tests/fuzz/fuzz.mk tests/cost/cost.mk

## clean            removes BUILD
clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: all completions dump-events unit install uninstall check-layers bench screenshots format format-check tidy check test FORCE help clean
