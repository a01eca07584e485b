# Inglenook. `make run` builds it and opens the window; `make test` runs everything CI runs.
.DEFAULT_GOAL := help
.PHONY: all-tests audit bench bench-embeddings bench-engine check-engine deny e2e eval faults fmt fmt-check format-reader fuzz help lint models program run sanitize system test test-tools unit

BIN := target/release/inglenook
export INGLENOOK_BIN ?= $(CURDIR)/$(BIN)
export INGLENOOK_TEST_DATA ?= $(CURDIR)/../shared/data
export INGLENOOK_MODELS ?= $(CURDIR)/models

help: ## Show this
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: system models program ## Build and open the window; installs what the system lacks when root
	$(BIN)

models: ## Fetch the two default models into models/ (about 180 MB, once)
	@sh scripts/system.sh models
	python3 scripts/models.py $(INGLENOOK_MODELS)

test: test-tools fmt-check lint deny program all-tests format-reader audit ## Everything CI runs

bench: program ## Measure and print the figures of README's table
	python3 scripts/bench.py

# The peers' environment; llama.cpp is built from source for this processor, once, in about 20 minutes.
PEER := python3 -m venv target/peer && CMAKE_ARGS=-DGGML_NATIVE=ON target/peer/bin/pip install --quiet

bench-engine: models ## Measure the engine beside llama.cpp, in turns; BENCH="--files Gemma-3-1B.Q4_0 --settings 2" measures a part
	cargo build --locked --release -p engine --example bench
	$(PEER) llama-cpp-python gguf numpy
	target/peer/bin/python scripts/engine_bench.py $(BENCH)

# Several GB, for PyTorch.
bench-embeddings: models ## Measure vectors of texts beside onnxruntime, PyTorch and llama.cpp, in turns
	cargo build --locked --release -p engine --example embed
	$(PEER) onnx onnxruntime gguf tokenizers safetensors sentence-transformers llama-cpp-python
	target/peer/bin/python scripts/embedding_bench.py $(INGLENOOK_MODELS)/all-MiniLM-L6-v2 $(INGLENOOK_TEST_DATA)/pepys.jsonl

# The diary lies in the folder INGLENOOK_TEST_DATA names; search needs a journal of it that was indexed, which takes minutes.
EVAL := target/release/examples
DIARY := $(INGLENOOK_TEST_DATA)/pepys.jsonl
SMALL_MODEL := $(INGLENOOK_MODELS)/SmolLM2-135M-Instruct.Q4_1.gguf
eval: program ## Answers, search, summaries and questions, judged on a diary and on modern entries
	cargo build --locked --release -p inglenook --example questions --example search_quality --example summaries --example reflect
	for set in time_questions_held_out time_questions_second; do $(EVAL)/questions $(DIARY) tests/data/$$set.jsonl || exit 1; done
	$(EVAL)/questions tests/data/modern.jsonl tests/data/time_questions_modern.jsonl
	for set in search_queries search_queries_held_out; do sh scripts/search_quality.sh $(BIN) $(DIARY) tests/data/$$set.jsonl || exit 1; done
	sh scripts/search_quality.sh $(BIN) tests/data/modern.jsonl tests/data/search_queries_modern.jsonl
	python3 scripts/side_by_side.py $(EVAL) $(SMALL_MODEL) $(DIARY)

check-engine: ## Compare the engine with llama.cpp, family by family, and with Hugging Face's templates in TEMPLATES
	cargo build --locked --release -p engine --example logits --example judge
	$(PEER) llama-cpp-python gguf numpy transformers jinja2
	target/peer/bin/python scripts/engine_families.py
	target/peer/bin/python scripts/engine_templates.py $(TEMPLATES)

fmt: ## Format the code
	cargo fmt

fmt-check:
	cargo fmt --check

lint: ## Clippy, warnings are errors
	cargo clippy --locked --workspace --all-targets -- -D warnings

# Not `advisories`: that needs a database from the network.
deny: ## Licences, banned crates, sources
	@command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
	cargo deny --locked check bans licenses sources

# One run for both, so that the dependencies are compiled once.
all-tests: program
	cargo test --locked --workspace

unit: ## Tests of each package, and the budgets of tests/it/tidy.rs
	cargo test --locked --workspace --exclude tests

e2e: program ## End-to-end tests of the built program
	cargo test --locked -p tests

format-reader: ## Read a vault with a second program that knows only vault/FORMAT.md
	python3 -m pip install --quiet --upgrade --root-user-action ignore --target target/format-reader --only-binary :all: \
	    --require-hashes --requirement scripts/format_reader.txt
	PYTHONPATH=target/format-reader python3 tests/format_reader.py

faults: ## Kill the program, cut the power, fill the disk, flip bytes: a thousand and more of each (hours)
	cargo run --locked --release -p tests --bin faults -- --kills 1000 --cuts 2000 --full 300 --flips 1

# Coverage needs flags that only a nightly compiler takes by itself; the pinned one takes them when told to.
fuzz: ## Fuzz each target for FUZZ_SECONDS (60); what is found comes into fuzz/artifacts
	@command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
	for target in open record derived import query gguf tokenizer template; do \
	    mkdir -p target/fuzz/$$target && RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir fuzz --sanitizer none $$target target/fuzz/$$target fuzz/seeds/$$target \
	        -- -max_total_time=$${FUZZ_SECONDS:-60} -max_len=8192 || exit 1; \
	done

# As `fuzz`; the detector of leaks would take the pool's threads, which wait for ever, for leaks.
sanitize: ## Run the tests of the engine's kernels, where its unsafe code is, under an address sanitizer
	ASAN_OPTIONS=detect_leaks=0 RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=target/sanitize \
	    cargo test --locked -p engine --lib --target $$(rustc -vV | sed -n 's/host: //p') kernel

audit: program ## Show that no network code is in the program
	python3 scripts/network_audit.py $(BIN)

program:
	cargo build --locked --release -p inglenook

system:
	@sh scripts/system.sh build window

test-tools:
	@sh scripts/system.sh build models window
	@sh scripts/system.sh test
