# The library's core in an ordinary program, for the sanitizers: $(BUILD)/tests/harness. See harness.h.
# shim/core/libc_min.c stays out: a sanitizer has to see the string functions as libc's. So does all that loads, rewrites or unwinds.

harness_shim = $(addprefix shim/,lane.c record.c store.c session_file.c options.c environ.c output.c process.c clock.c extras.c stack.c \
                 fd_class.c counters.c helper.c placement.c peek.c written.c own_calls.c)
harness_obj = $(call obj,harness,$(wildcard tests/harness/*.c) $(harness_shim)) \
              $(filter-out %/analyzer/main.o $(BUILD)/analyzer/analyzer/commands/% \
                $(BUILD)/analyzer/analyzer/render/%,$(analyzer_obj))

$(BUILD)/harness/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	@$(CC) $(STD) $(WARN) $(CFLAGS) $(SAN_FLAGS) -ftls-model=initial-exec -U_FORTIFY_SOURCE \
	    -include tests/harness/seam.h -MMD -MP -c -o $@ $<

harness: $(BUILD)/tests/harness
$(BUILD)/tests/harness: $(harness_obj)
	@mkdir -p $(@D)
	@echo 'link  $@'
	@$(CC) $(CFLAGS) $(SAN_FLAGS) -o $@ $^ $(ANALYZER_LIBS) -lpthread

.PHONY: harness
