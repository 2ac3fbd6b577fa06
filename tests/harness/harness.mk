# The library's core in an ordinary program, for the sanitizers: $(BUILD)/tests/harness. See harness.h.
# libc_min.c stays out: a sanitizer has to see the string functions as libc's. So does all that loads, rewrites or unwinds.

harness_shim = shim/host_libc.c $(filter-out %/libc_min.c,$(wildcard shim/core/*.c)) $(wildcard shim/args/*.c) shim/unwind/call_stack.c \
               $(addprefix shim/session/,counters.c environ.c message.c process.c session_file.c session_options.c slots.c streams_glibc.c variables.c)
harness_obj = $(call obj,harness,$(wildcard tests/harness/*.c) $(harness_shim)) \
              $(filter-out $(BUILD)/analyzer/analyzer/cli/% \
                $(BUILD)/analyzer/analyzer/export/% $(BUILD)/analyzer/analyzer/render/%,$(analyzer_obj))

cc_harness = $(cc_analyzer) -ftls-model=initial-exec -U_FORTIFY_SOURCE -include tests/harness/seam.h

$(BUILD)/harness/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	$(Q)$(cc_harness) -MMD -MP -c -o $@ $<

## harness          build/tests/harness: the library's core in an ordinary program
harness: $(BUILD)/tests/harness
$(BUILD)/tests/harness: $(harness_obj) $(call cover,harness)
	@mkdir -p $(@D)
	@echo 'link  $@'
	$(Q)$(CC) $(CFLAGS) $(SAN_FLAGS) -o $@ $^ $(ANALYZER_LIBS) -lpthread

.PHONY: harness
