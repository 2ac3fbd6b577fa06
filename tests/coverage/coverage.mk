# The programs again, in $(COVERAGE), such that they note which of their lines have run. A test that fails there is said and no
# matter: the programs are slower and have a mapping more.

COVERAGE = build-coverage
# budget counts instructions; fuzz is built by another compiler; outside and parity add time and few lines.
COVERAGE_GROUPS ?= unit harness cli strace shim full judge hostile
COVERAGE_BYTES = 8M

COVER ?=
COVER_FLAGS = $(if $(COVER),$(unoptimised) -fsanitize-coverage=trace-pc)
# The object that notes, one for each program: each has a file of its own.
cover = $(if $(COVER),$(BUILD)/hits/$(1).o)

$(BUILD)/hits/%.o: tests/coverage/hits.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) -O2 $(SHIM_FLAGS) -DCOVERAGE_FILE='"$(abspath $(BUILD))/hits/$*.hits"' -c -o $@ $<
	@truncate -s 0 $(@:.o=.hits) && truncate -s $(COVERAGE_BYTES) $(@:.o=.hits) && chmod 666 $(@:.o=.hits)

## coverage         which lines of common, shim and analyzer the tests reach; the others are in build-coverage/unreached
coverage:
	rm -rf $(COVERAGE)/hits
	-COVER=1 BUILD='$(abspath $(COVERAGE))' tests/run_tests.sh $(COVERAGE_GROUPS)
	tests/coverage/report.py $(COVERAGE)

.PHONY: coverage
.PRECIOUS: $(BUILD)/hits/%.o
