# Everything of the analyzer is compiled a second time, with each edge of its control flow counted.

COST = $(BUILD)/cost
COST_CFLAGS = -O1 -g -fsanitize-coverage=trace-pc

$(COST)/counted/%.o: %.c
	@mkdir -p $(@D)
	@echo 'cost  $<'
	@$(CC) $(STD) $(WARN) $(COST_CFLAGS) -MMD -MP -c -o $@ $<

# It must not count itself.
$(COST)/counted/tests/cost/steps.o: COST_CFLAGS = -O2 -g

$(COST)/syscap-analyze: $(patsubst %.c,$(COST)/counted/%.o,$(analyzer_src) $(common_src) tests/cost/steps.c)
	@echo 'link  $@'
	@$(CC) $(COST_CFLAGS) -o $@ $^ $(ANALYZER_LIBS)

$(COST)/shapes: $(call obj,analyzer,tests/cost/shapes.c tests/cost/shapes_captures.c tests/unit/build_capture.c) \
                $(filter-out %/analyzer/cli/main.o,$(analyzer_obj))
	@mkdir -p $(@D)
	@echo 'link  $@'
	@$(CC) $(CFLAGS) $(SAN_FLAGS) -o $@ $^ $(ANALYZER_LIBS) -lcriterion

## cost             syscap-analyze with its steps counted, and what writes inputs for it (tests/cost)
cost: $(COST)/syscap-analyze $(COST)/shapes
.PHONY: cost
