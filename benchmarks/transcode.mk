# Builds build/transcode/libtranscode.so: UTF-8 to UTF-16 by simdutf, what bench_tokenise --transcode measures
# against. simdutf's two files come with its crate (MIT or Apache-2.0), through cargo; where cargo, a C++ compiler or
# crates.io is missing, this says so and builds nothing. `make bench` and `make bench-transcode` call it.
SIMDUTF := 0.7.0
O       := build/transcode
CXX     ?= c++

.PHONY: all
all:
	@if [ -e $(O)/libtranscode.so ]; then exit 0; fi; \
	command -v cargo >/dev/null || { echo "transcode: no cargo here: not built, tokenising is not compared with transcoding"; exit 0; }; \
	command -v $(CXX) >/dev/null || { echo "transcode: no $(CXX) here: not built, tokenising is not compared with transcoding"; exit 0; }; \
	mkdir -p $(O)/crate/src && : >$(O)/crate/src/lib.rs && \
	printf '[package]\nname = "transcode"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nsimdutf = "=$(SIMDUTF)"\n[workspace]\n' >$(O)/crate/Cargo.toml && \
	cargo vendor --quiet --manifest-path $(O)/crate/Cargo.toml $(O)/vendor >/dev/null || \
	  { echo "transcode: cargo cannot get simdutf $(SIMDUTF): not built"; exit 0; }; \
	$(CXX) -std=c++17 -O3 -DNDEBUG -shared -fPIC -I$(O)/vendor/simdutf/cpp benchmarks/transcode.cpp $(O)/vendor/simdutf/cpp/simdutf.cpp \
	  -o $(O)/libtranscode.so && echo "transcode: simdutf $(SIMDUTF) as $(O)/libtranscode.so"
