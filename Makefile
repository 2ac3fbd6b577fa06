# make            build/libsyscap.so, build/syscap-record, build/syscap-analyze
# make unit       build/tests/unit (Criterion)
# make install    PREFIX (/usr/local), DESTDIR
# make check-layers, make tidy, make format

PREFIX ?= /usr/local
BUILD ?= build
CC ?= cc
CFLAGS ?= -O2 -g
WARN = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror
STD = -std=gnu11 -D_GNU_SOURCE= -fvisibility=hidden

common_src = $(wildcard common/*.c)
analyzer_src = $(wildcard analyzer/*.c analyzer/*/*.c)
shim_src = $(wildcard shim/*.c)
shim_asm = $(wildcard shim/*.S)
record_src = $(wildcard shim/launcher/*.c)
unit_src = $(wildcard tests/unit/*.c)

# The shim: nothing but libc; no fortified calls, no 64-bit renaming, thread-local storage that is there from the start,
# and general registers only: the program's vector registers are not ours.
SHIM_FLAGS = -fPIC -ftls-model=initial-exec -U_FORTIFY_SOURCE -fno-stack-protector -fcf-protection=none \
             -mgeneral-regs-only -fno-tree-loop-distribute-patterns
SHIM_LINK = -shared -Wl,-z,initfirst -Wl,-z,nodelete -Wl,-z,now -Wl,-z,relro -Wl,--version-script=$(BUILD)/exports.map \
            -Wl,-soname,libsyscap.so

ANALYZER_LIBS = $(shell pkg-config --libs jansson libdw 2>/dev/null || echo -ljansson -ldw -lelf)

obj = $(patsubst %.c,$(BUILD)/$(1)/%.o,$(2))
shim_obj = $(call obj,shim,$(shim_src) $(common_src)) $(patsubst %.S,$(BUILD)/shim/%.o,$(shim_asm))
analyzer_obj = $(call obj,analyzer,$(analyzer_src) $(common_src))
record_obj = $(call obj,record,$(record_src) $(common_src))
unit_obj = $(call obj,analyzer,$(unit_src))

all: $(BUILD)/libsyscap.so $(BUILD)/syscap-record $(BUILD)/syscap-analyze

$(BUILD)/libsyscap.so: $(shim_obj) $(BUILD)/exports.map
	@echo 'link  $@'
	@$(CC) $(CFLAGS) $(SHIM_LINK) -o $@ $(shim_obj) -ldl

# The version script exports the wrapped symbols and nothing else; they stand in the one table of calls.
$(BUILD)/exports.map: shim/exports.in common/calls.def
	@mkdir -p $(@D)
	{ echo '{ global:'; $(CC) -E -P -x c -I common $< | sed -n 's/^SYMBOL(\(.*\))$$/\1;/p'; \
	  echo 'local: *; };'; } > $@.tmp && mv $@.tmp $@

$(BUILD)/syscap-record: $(record_obj)
	@echo 'link  $@'
	@$(CC) $(CFLAGS) -o $@ $^

$(BUILD)/syscap-analyze: $(analyzer_obj)
	@echo 'link  $@'
	@$(CC) $(CFLAGS) -o $@ $^ $(ANALYZER_LIBS)

unit: $(BUILD)/tests/unit
$(BUILD)/tests/unit: $(unit_obj) $(filter-out %/analyzer/main.o,$(analyzer_obj))
	@mkdir -p $(@D)
	@echo 'link  $@'
	@$(CC) $(CFLAGS) -o $@ $^ $(ANALYZER_LIBS) -lcriterion -lm

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
	@$(CC) $(STD) $(WARN) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/record/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	@$(CC) $(STD) $(WARN) $(CFLAGS) -MMD -MP -c -o $@ $<

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: all unit clean
