# Needs clang with its runtime (libclang-rt-14-dev). Everything is compiled a second time for it, into $(FUZZ).

FUZZ ?= build-fuzz
FUZZ_CC ?= clang
FUZZ_SECONDS ?= 60
# As many as take some seconds each.
runs_capture = 2500
runs_strace = 2500
runs_strace_summary = 10000
runs_codec = 100000
FUZZ_SEED ?= 1
FUZZ_CFLAGS = -O2 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
              -fsanitize-coverage=inline-8bit-counters,trace-pc
# The steps of an input are counted, see cost.c; libFuzzer has an empty function of that name.
FUZZ_LINK = -Wl,--wrap=__sanitizer_cov_trace_pc
# Beside what cost.c counts: an input must neither take long nor make the reader take one large block.
FUZZ_LIMITS = -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=256 -max_len=8192 -print_final_stats=1

fuzz_targets = capture strace strace_summary codec
fuzz_programs = $(fuzz_targets:%=$(FUZZ)/fuzz_%)
fuzz_obj = $(patsubst %.c,$(FUZZ)/%.o,tests/fuzz/fuzz.c tests/fuzz/cost.c $(common_src) \
           $(filter-out analyzer/cli/%,$(analyzer_src)))

$(FUZZ)/%.o: %.c
	@mkdir -p $(@D)
	@echo 'fuzz  $<'
	@$(FUZZ_CC) $(STD) $(WARN) $(FUZZ_CFLAGS) -MMD -MP -c -o $@ $<

$(FUZZ)/fuzz_%: $(FUZZ)/tests/fuzz/fuzz_%.o $(fuzz_obj)
	@echo 'link  $@'
	@$(FUZZ_CC) $(FUZZ_CFLAGS) $(FUZZ_LINK) -fsanitize=fuzzer -o $@ $^ $(ANALYZER_LIBS)

## fuzz-build       the fuzzers in build-fuzz
fuzz-build: $(fuzz_programs)

## fuzz-million     FUZZ_RUNS (1000000) inputs for each; takes hours
fuzz-million:
	@nice $(MAKE) -s fuzz-check FUZZ_RUNS=$(or $(FUZZ_RUNS),1000000)

## fuzz             FUZZ_SECONDS (60) for each reader; a new input that widens the coverage is kept in build-fuzz/found
# New inputs go into the first folder. -artifact_prefix: an input that fails is left there, to be given to the program as its only argument.
fuzz: $(fuzz_programs)
	@set -e; for target in $(fuzz_targets); do \
	    echo "== fuzz_$$target for $(FUZZ_SECONDS) s"; mkdir -p $(FUZZ)/found/$$target; \
	    nice $(FUZZ)/fuzz_$$target $(FUZZ_LIMITS) -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=$(FUZZ)/ \
	        $(FUZZ)/found/$$target tests/fuzz/corpus/$$target 2>$(FUZZ)/$$target.log || \
	        { tail -n 60 $(FUZZ)/$$target.log; exit 1; }; \
	    grep -E 'number_of_executed_units|average_exec|peak_rss' $(FUZZ)/$$target.log; done

## fuzz-check       a fixed number of inputs for each reader, the same every time (FUZZ_SEED)
fuzz-check: $(fuzz_programs)
	@set -e; for pair in $(foreach t,$(fuzz_targets),$(t):$(or $(FUZZ_RUNS),$(runs_$(t)))); do \
	    target=$${pair%:*} runs=$${pair#*:}; \
	    rm -rf $(FUZZ)/tried/$$target; mkdir -p $(FUZZ)/tried/$$target; \
	    $(FUZZ)/fuzz_$$target $(FUZZ_LIMITS) -runs=$$runs -seed=$(FUZZ_SEED) -artifact_prefix=$(FUZZ)/ \
	        $(FUZZ)/tried/$$target tests/fuzz/corpus/$$target 2>$(FUZZ)/$$target.log || \
	        { tail -n 60 $(FUZZ)/$$target.log; echo "not ok - fuzz_$$target"; exit 1; }; \
	    echo "ok - fuzz_$$target: $$(sed -n 's/.*number_of_executed_units: *//p' $(FUZZ)/$$target.log) inputs"; done

.PRECIOUS: $(FUZZ)/%.o
.PHONY: fuzz fuzz-build fuzz-check fuzz-million
-include $(shell find $(FUZZ) -name '*.d' 2>/dev/null)
