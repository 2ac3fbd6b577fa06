# The library's core linked without any C library; see bare.c.
bare_obj = $(call obj,bare,tests/bare/bare.c $(wildcard shim/core/*.c) common/calls.c common/codec.c common/count_records.c common/numbers.c)

$(BUILD)/bare/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cc    $<'
	$(Q)$(CC) $(STD) $(WARN) $(CFLAGS) $(SHIM_FLAGS) -DSC_CURRENT_IN_GS -MMD -MP -c -o $@ $<

## bare             build/tests/bare: the core linked without any C library
bare: $(BUILD)/tests/bare
$(BUILD)/tests/bare: $(bare_obj)
	@mkdir -p $(@D)
	@echo 'link  $@'
	$(Q)$(CC) $(CFLAGS) -nostdlib -static -o $@ $(bare_obj)

.PHONY: bare
