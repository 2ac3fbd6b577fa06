# make            build/libsyscap.so, build/syscap-record, build/syscap-analyze
# make unit       build/tests/unit (Criterion)
# make SAN=asan ...  with a sanitizer, in build-asan
# make install    PREFIX (/usr/local), DESTDIR
# make uninstall  with the same PREFIX and DESTDIR
# make fuzz, make fuzz-check   tests/fuzz/fuzz.mk (clang)
# make bench      bench/run.sh: what recording and reading cost, beside other tools (docs/BENCHMARKS.md)
# make check-layers, make format-check, make tidy, make format

PREFIX ?= /usr/local
CC ?= cc

# SAN=asan, ubsan, tsan, or asan-ubsan: the analyzer, the codec, their tests and the harness of the library's core
# with that sanitizer, in build-asan and so on. The library and the launcher stay as they are: they run inside others.
SAN ?=
BUILD ?= build$(if $(SAN),-$(SAN))
# One name for one folder: the files of dependencies name their targets by it.
# Not patsubst, which would see two words in a folder with a blank in its name; relative names have none.
override BUILD := $(subst $(CURDIR)/,,$(BUILD))
san_asan = -fsanitize=address
san_ubsan = -fsanitize=undefined -fno-sanitize-recover=all
san_tsan = -fsanitize=thread
SAN_FLAGS = $(if $(SAN),-O1 -fno-omit-frame-pointer $(foreach part,$(subst -, ,$(SAN)),$(or $(san_$(part)),$(error SAN=$(part)?))))
CFLAGS ?= -O2 -g
WARN = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror
STD = -std=gnu11 -D_GNU_SOURCE= -fvisibility=hidden

common_src = $(wildcard common/*.c)
analyzer_src = $(wildcard analyzer/*/*.c analyzer/*/*/*.c)
shim_src = $(filter-out shim/launcher/%,$(wildcard shim/*.c shim/*/*.c))
shim_asm = $(wildcard shim/*/*.S)
record_src = $(wildcard shim/launcher/*.c)
unit_src = $(wildcard tests/unit/*.c)

# The shim: nothing but libc; no fortified calls, no 64-bit renaming, thread-local storage that is there from the start,
# and general registers only: the program's vector registers are not ours.
SHIM_FLAGS = -fPIC -ftls-model=initial-exec -U_FORTIFY_SOURCE -fno-stack-protector -fcf-protection=none \
             -mgeneral-regs-only -fno-tree-loop-distribute-patterns
SHIM_LINK = -shared -Wl,-z,initfirst -Wl,-z,nodelete -Wl,-z,now -Wl,-z,relro -Wl,--version-script=$(BUILD)/exports.map \
            -Wl,-soname,libsyscap.so

# libiberty, which names C++ and Rust symbols, comes as an archive and without a file for pkg-config.
ANALYZER_LIBS = $(shell pkg-config --libs jansson libdw 2>/dev/null || echo -ljansson -ldw -lelf) -liberty

obj = $(patsubst %.c,$(BUILD)/$(1)/%.o,$(2))
shim_obj = $(call obj,shim,$(shim_src) $(common_src)) $(patsubst %.S,$(BUILD)/shim/%.o,$(shim_asm))
analyzer_obj = $(call obj,analyzer,$(analyzer_src) $(common_src))
record_obj = $(call obj,record,$(record_src) $(common_src))
unit_obj = $(call obj,analyzer,$(unit_src))

all: $(BUILD)/libsyscap.so $(BUILD)/syscap-record $(BUILD)/syscap-analyze

$(BUILD)/libsyscap.so: $(shim_obj) $(BUILD)/exports.map
	@echo 'link  $@'
	@# programs may be started with the old one while this runs
	@$(CC) $(CFLAGS) $(SHIM_LINK) -o $@.new $(shim_obj) -ldl && mv $@.new $@

# The version script exports the wrapped symbols and nothing else; they stand in the one table of calls.
$(BUILD)/exports.map: shim/exports.in common/calls.def
	@mkdir -p $(@D)
	{ echo '{ global:'; $(CC) -E -P -x c -I common $< | sed -n 's/^SYMBOL(\(.*\))$$/\1;/p'; \
	  echo 'local: *; };'; } > $@.tmp && mv $@.tmp $@

# Static, so that within a recorded program the library is not loaded into the launcher, whose exec would then carry on the
# outer session in the place of its own.
RECORD_LINK ?= -static

$(BUILD)/syscap-record: $(record_obj)
	@echo 'link  $@'
	@$(CC) $(CFLAGS) $(RECORD_LINK) -o $@ $^

$(BUILD)/syscap-analyze: $(analyzer_obj)
	@echo 'link  $@'
	@$(CC) $(CFLAGS) $(SAN_FLAGS) -o $@ $^ $(ANALYZER_LIBS)

# Prints a source's events; what tests/strace compares with.
dump-events: $(BUILD)/tests/dump_events
$(BUILD)/tests/dump_events: $(BUILD)/analyzer/tests/strace/dump_events.o $(filter-out %/analyzer/cli/main.o,$(analyzer_obj))
	@mkdir -p $(@D)
	@echo 'link  $@'
	@$(CC) $(CFLAGS) $(SAN_FLAGS) -o $@ $^ $(ANALYZER_LIBS)

unit: $(BUILD)/tests/unit
$(BUILD)/tests/unit: $(unit_obj) $(filter-out %/analyzer/cli/main.o,$(analyzer_obj))
	@mkdir -p $(@D)
	@echo 'link  $@'
	@$(CC) $(CFLAGS) $(SAN_FLAGS) -o $@ $^ $(ANALYZER_LIBS) -lcriterion -lm

$(BUILD)/shim/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	@$(CC) $(STD) $(WARN) $(CFLAGS) $(SHIM_FLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/shim/%.o: %.S
	@mkdir -p $(@D)
	@echo 'link  $@'
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/analyzer/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	@$(CC) $(STD) $(WARN) $(CFLAGS) $(SAN_FLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/record/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	@$(CC) $(STD) $(WARN) $(CFLAGS) -MMD -MP -c -o $@ $<

# The table of calls in the docs; committed, so that it can be read without building.
docs/CALLS.md: docs/calls.c common/calls.c common/calls.h common/calls.def common/kinds.def
	@mkdir -p $(BUILD)
	@$(CC) $(STD) $(WARN) -o $(BUILD)/print_calls docs/calls.c common/calls.c
	$(BUILD)/print_calls >$@.tmp && mv $@.tmp $@

BINDIR = $(DESTDIR)$(PREFIX)/bin
LIBDIR = $(DESTDIR)$(PREFIX)/lib
MANDIR = $(DESTDIR)$(PREFIX)/share/man/man1
man_pages = $(wildcard docs/*.1)

# ld.so finds libsyscap.so by its plain name only through its cache. Packagers, who set DESTDIR, renew that themselves, and
# without root it can't be written. ldconfig is not in an ordinary user's PATH.
renew_cache = if [ -z '$(DESTDIR)' ] && [ "$$(id -u)" = 0 ]; then PATH="$$PATH:/sbin:/usr/sbin" ldconfig; fi

install: all
	install -d '$(BINDIR)' '$(LIBDIR)' '$(MANDIR)'
	install -m 755 $(BUILD)/syscap-record $(BUILD)/syscap-analyze '$(BINDIR)'
	install -m 644 $(BUILD)/libsyscap.so '$(LIBDIR)'
	$(if $(man_pages),install -m 644 $(man_pages) '$(MANDIR)')
	@$(renew_cache)

uninstall:
	rm -f '$(BINDIR)/syscap-record' '$(BINDIR)/syscap-analyze' '$(LIBDIR)/libsyscap.so'
	rm -f $(foreach page,$(notdir $(man_pages)),'$(MANDIR)/$(page)')
	@$(renew_cache)

our_sources = $(shell find common shim analyzer tests -name '*.[ch]')

check-layers:
	tests/check_layers.sh

# Without casacore the examples are left out.
bench: all
	-$(MAKE) -s -k -C examples OUT=$(if $(filter /%,$(BUILD)),,../)$(BUILD)/examples
	bench/run.sh

format-check:
	@if command -v clang-format >/dev/null; then clang-format --dry-run --Werror $(our_sources); \
	else echo 'format-check: clang-format is not installed; nothing was checked'; fi

format:
	clang-format -i $(our_sources)

tidy_src = $(common_src) $(shim_src) $(record_src) $(analyzer_src) $(wildcard tests/fuzz/*.c)

# A file each time: clang-tidy 14 takes every va_list but the first file's for uninitialized.
tidy:
	@if command -v clang-tidy >/dev/null; then printf '%s\n' $(tidy_src) | \
	    xargs -P 2 -n 1 clang-tidy --quiet --extra-arg-before=-Qunused-arguments $(foreach f,$(STD) -msse2,--extra-arg=$(f)) 2>/dev/null; \
	else echo 'tidy: clang-tidy is not installed; nothing was checked'; fi

include tests/harness/harness.mk tests/bare/bare.mk tests/fuzz/fuzz.mk

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: dump-events all bench unit install uninstall check-layers format-check format tidy clean
