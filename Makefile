# Gaosou. One Makefile, not recursive. `make help` prints the targets.
#
#   MODE=release|debug|asan|tsan|cov|fuzz   flavour of the build (default release)
#   CC=clang                           another compiler
#   WERROR=1                           warnings are errors (set by CI)
#   V=1                                print the commands
#
# Objects live in build/<mode>-<compiler and flags, hashed>/, so two flavours never mix.

MODE   ?= release
PREFIX ?= /usr/local
OBJCOPY ?= objcopy
V      ?= 0
ifeq ($(CI),true)
WERROR ?= 1
endif

# ---- flags -------------------------------------------------------------------------------------

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wvla -Wcast-qual -Wformat=2 -Wundef -Wwrite-strings
ifeq ($(WERROR),1)
WARN += -Werror
endif

OPT_release := -O3 -g -fno-plt
OPT_debug   := -O0 -g3
OPT_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
OPT_tsan    := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
OPT_cov     := -O0 -g --coverage
OPT_fuzz    := -O1 -g -DGS_LIBFUZZER -fsanitize=fuzzer-no-link,address,undefined
OPT         := $(OPT_$(MODE))
ifeq ($(OPT),)
$(error MODE=$(MODE) is none of release debug asan tsan cov fuzz)
endif

GS_CFLAGS  := -std=c17 -D_GNU_SOURCE -I. -pthread $(WARN) $(OPT)
GS_LDFLAGS := -pthread $(filter -fsanitize% --coverage,$(OPT))
# A library's static archive where it is installed: a program that maps no shared objects starts sooner.
static_or  = $(if $(shell $(CC) -print-file-name=lib$(1).a 2>/dev/null | grep /),-l:lib$(1).a,-l$(1))
LIB_ZSTD  := $(call static_or,zstd)
LIB_Z     := $(call static_or,z)
# iconv: libc's own, or GNU libiconv where libc has none.
LIB_ICONV := $(shell printf 'int main(void){return iconv_open("","")==0;}' | \
               $(CC) -include iconv.h -x c - -o /dev/null 2>/dev/null || echo -liconv)
# What only the indexer reads filings with: character sets, HTML and XML, archives.
LIB_EXTRACT := -luchardet -lxml2 -larchive
XML_CFLAGS  := $(shell xml2-config --cflags 2>/dev/null || echo -I/usr/include/libxml2)
# The query program uses nothing that needs a dynamic libc.
QUERY_STATIC := $(if $(filter release,$(MODE)),$(shell printf 'int main(void){return 0;}' | \
               $(CC) -static -x c - -o /dev/null 2>/dev/null && echo -static))

FLAVOUR := $(MODE)-$(shell printf '%s' '$(CC) $(GS_CFLAGS) $(CFLAGS) $(LDFLAGS)' | cksum | cut -d' ' -f1)
B       := build/$(FLAVOUR)

# ---- what is built -----------------------------------------------------------------------------

COMMON_SRC  := $(sort $(wildcard common/*/*.c))
INDEXER_SRC := $(sort $(filter-out indexer/main.c,$(wildcard indexer/*.c)))
QUERY_SRC   := $(sort $(filter-out query/main.c,$(wildcard query/*.c)))
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))
UNIT_SRC    := $(sort $(wildcard tests/unit/test_*.c) $(wildcard tests/fault/test_*.c))
FUZZ_SRC    := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH_SRC   := $(sort $(wildcard benchmarks/bench_*.c) $(wildcard benchmarks/gen_*.c) \
               benchmarks/tokenise_reference.c benchmarks/check_work.c)
BENCH_LIB   := $(sort $(filter-out $(BENCH_SRC),$(wildcard benchmarks/*.c)))

obj = $(patsubst %.c,$(B)/%.o,$(1))

LIB      := $(B)/libcommon.a
INDEXER  := $(if $(wildcard indexer/main.c),$(B)/gaosou-index)
QUERY    := $(if $(wildcard query/main.c),$(B)/gaosou-query)
PROGRAMS := $(INDEXER) $(QUERY)
UNITS    := $(patsubst tests/%.c,$(B)/tests/%,$(UNIT_SRC) $(FUZZ_SRC))
BENCHES  := $(patsubst benchmarks/%.c,$(B)/benchmarks/%,$(BENCH_SRC))
INTERNAL := $(B)/libinternal.a
SUPPORT  := $(B)/libsupport.a

# The library of gaosou.h. Its objects are compiled apart, position-independent, and only those that its functions need go in.
# The indexer's commands and what reads other formats than text stay out.
VERSION    := $(shell sed -n 's/^\#define GAOSOU_VERSION_STRING "\(.*\)"/\1/p' common/gaosou.h)
SO_NAME    := libgaosou.so.0
SHARED     := $(B)/lib/libgaosou.so
STATIC     := $(B)/lib/libgaosou.a
API_SRC    := $(sort $(wildcard common/*/api_*.c indexer/api_*.c query/searcher*.c) common/base/err.c)
NOT_IN_API := $(patsubst %,indexer/%%.c,archive child cmd_ commands console decode detect docx encoding extract html index_help \
              index_options index_run index_summary inflate intake list_label markup meta_csv outcome pdf plausible progress \
              reconcile report resync source stop summary text_cache text_stream where zip_) \
              $(patsubst %,query/%%.c,query_)
API_PARTS  := $(filter-out $(API_SRC) $(NOT_IN_API),$(COMMON_SRC) $(QUERY_SRC) $(INDEXER_SRC))
pic        = $(patsubst %.c,$(B)/pic/%.o,$(1))

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-5s %s\n' '$(1)' '$(2)')

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

## all: the programs; those of MODE=release are linked as build/gaosou-index and build/gaosou-query
.PHONY: all
all: deps-check
	$(Q)$(MAKE) --no-print-directory programs

## library: libgaosou, static and shared, in build/lib
.PHONY: library
library: $(SHARED) $(STATIC)
ifeq ($(MODE),release)
	$(Q)ln -sfn "$(FLAVOUR)/lib" build/lib
endif

.PHONY: programs
programs: $(PROGRAMS)
ifeq ($(MODE),release)
	$(Q)for p in $(PROGRAMS); do ln -sfn "$(FLAVOUR)/$${p##*/}" "build/$${p##*/}"; done
else
	$(Q)printf '  %s programs: %s\n' '$(MODE)' '$(B)'
endif

$(B)/indexer/markup.o: GS_CFLAGS += $(XML_CFLAGS)

$(B)/%.o: %.c
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(GS_CFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(LIB): $(call obj,$(COMMON_SRC))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/pic/%.o: %.c
	$(Q)mkdir -p $(@D)
	$(call say,PIC,$<)
	$(Q)$(CC) $(GS_CFLAGS) -fPIC -fvisibility=hidden $(CFLAGS) -MMD -MP -c $< -o $@

$(B)/pic/libparts.a: $(call pic,$(API_PARTS))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(SHARED).$(VERSION): $(call pic,$(API_SRC)) $(B)/pic/libparts.a common/gaosou.map
	$(Q)mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared -Wl,-soname,$(SO_NAME) -Wl,--version-script,common/gaosou.map -Wl,-z,defs \
	  $(GS_LDFLAGS) $(CFLAGS) $(LDFLAGS) $(filter %.o %.a,$^) -lzstd -lm -o $@

$(SHARED): $(SHARED).$(VERSION)
	$(Q)ln -sfn $(<F) $(@D)/$(SO_NAME)
	$(Q)ln -sfn $(SO_NAME) $@

# One object, in which all names but the public ones are local: a static library, too, exports gaosou_* alone.
$(STATIC): $(call pic,$(API_SRC)) $(B)/pic/libparts.a
	$(Q)mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)$(CC) -nostdlib -r $^ -o $(B)/pic/gaosou.o
	$(Q)$(OBJCOPY) --wildcard --keep-global-symbol='gaosou_*' $(B)/pic/gaosou.o
	$(Q)rm -f $@ && $(AR) rcs $@ $(B)/pic/gaosou.o

# Everything below the two mains, for tests and benchmarks.
$(INTERNAL): $(call obj,$(INDEXER_SRC) $(QUERY_SRC))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(SUPPORT): $(call obj,$(SUPPORT_SRC))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/gaosou-index: $(call obj,indexer/main.c $(INDEXER_SRC)) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(GS_LDFLAGS) $(CFLAGS) $(LDFLAGS) $^ $(LIB_EXTRACT) $(LIB_ZSTD) $(LIB_Z) $(LIB_ICONV) -lm -o $@

$(B)/gaosou-query: $(call obj,query/main.c $(QUERY_SRC)) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(QUERY_STATIC) $(GS_LDFLAGS) $(CFLAGS) $(LDFLAGS) $^ $(LIB_ZSTD) -lm -o $@

$(B)/tests/%: $(B)/tests/%.o $(SUPPORT) $(INTERNAL) $(LIB)
	$(Q)mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(GS_LDFLAGS) $(CFLAGS) $(LDFLAGS) $^ $(LIB) -lcmocka $(LIB_EXTRACT) $(LIB_ZSTD) $(LIB_Z) $(LIB_ICONV) -lm -ldl -o $@

$(B)/benchmarks/%: $(B)/benchmarks/%.o $(call obj,$(BENCH_LIB)) $(SUPPORT) $(INTERNAL) $(LIB)
	$(Q)mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(GS_LDFLAGS) $(CFLAGS) $(LDFLAGS) $^ $(LIB) -lcmocka $(LIB_EXTRACT) $(LIB_ZSTD) $(LIB_Z) $(LIB_ICONV) -lm -ldl -o $@

# Kept, though only the programs need them.
.SECONDARY: $(call obj,$(UNIT_SRC) $(FUZZ_SRC) $(BENCH_SRC) $(BENCH_LIB))

-include $(patsubst %.c,$(B)/%.d,$(COMMON_SRC) $(INDEXER_SRC) $(QUERY_SRC) indexer/main.c query/main.c \
           $(SUPPORT_SRC) $(UNIT_SRC) $(FUZZ_SRC) $(BENCH_SRC) $(BENCH_LIB)) \
         $(patsubst %.c,$(B)/pic/%.d,$(API_SRC) $(API_PARTS))

# ---- the two commands --------------------------------------------------------------------------

## deps: installs what is missing (Debian packages, by apt-get, as root or with sudo)
.PHONY: deps deps-check
deps:
	$(Q)sh .ci/deps install
deps-check:
	$(Q)sh .ci/deps check

## demo: installs what is missing, builds, indexes examples/filings and shows searches
.PHONY: demo
demo: deps
	$(Q)$(MAKE) --no-print-directory programs
	$(Q)sh examples/demo.sh build/gaosou-index build/gaosou-query build/demo-index

## test: installs what is missing, builds and runs every test; MODE=asan for the sanitizers
.PHONY: test
test: deps
	$(Q)$(MAKE) --no-print-directory check-layers
	$(Q)$(MAKE) --no-print-directory test-programs
	$(Q)sh tests/run.sh $(B)

.PHONY: test-programs
# The library is tested as it is installed; a sanitizer's would need its runtime loaded first, and the unit tests have all of it.
test-programs: programs $(UNITS) $(BENCHES) $(if $(filter release debug,$(MODE)),library)

## test-one T=name: builds and runs one unit test (T=test_cutter)
.PHONY: test-one
TEST_ONE = $(filter %/$(T),$(UNITS))
test-one: $(TEST_ONE)
	$(Q)$(or $(TEST_ONE),echo "test-one: no unit test is called '$(T)'; tests/unit/ and tests/fuzz/ have them" >&2; exit 2)

## fuzz: the fuzz targets as libFuzzer programs (clang), in build/fuzz
.PHONY: fuzz fuzz-programs
fuzz:
	$(Q)$(MAKE) --no-print-directory MODE=fuzz CC=clang fuzz-programs

FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/fuzzers/%,$(FUZZ_SRC))
fuzz-programs: $(FUZZERS)
	$(Q)mkdir -p build/fuzz
	$(Q)for p in $^; do ln -sfn "../$(FLAVOUR)/fuzzers/$${p##*/}" "build/fuzz/$${p##*/}"; done

$(B)/fuzzers/%: $(B)/tests/fuzz/%.o $(SUPPORT) $(INTERNAL) $(LIB)
	$(Q)mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(GS_LDFLAGS) -fsanitize=fuzzer $(CFLAGS) $(LDFLAGS) $^ $(LIB) -lcmocka $(LIB_EXTRACT) $(LIB_ZSTD) $(LIB_Z) $(LIB_ICONV) -lm -ldl -o $@

# ---- measuring ---------------------------------------------------------------------------------

## bench: builds and runs the benchmarks (benchmarks/README.md says what they measure)
.PHONY: bench bench-programs
bench: deps
	$(Q)$(MAKE) --no-print-directory bench-programs
	$(Q)$(MAKE) --no-print-directory -f benchmarks/transcode.mk
	$(Q)sh benchmarks/run.sh $(B)
bench-programs: programs $(BENCHES)

## bench-check: index sizes and instruction counts against those checked in (UPDATE=1 writes them anew)
.PHONY: bench-check
bench-check: deps
	$(Q)$(MAKE) --no-print-directory bench-programs
	$(Q)CC='$(CC)' UPDATE='$(UPDATE)' sh benchmarks/check.sh $(B)

## bench-scale: builds, merges and searches 0.1, 1, 4 and 10 GB (25 GB of disk, a quarter of an hour; GB='0.1 1')
.PHONY: bench-scale
bench-scale: deps
	$(Q)$(MAKE) --no-print-directory bench-programs
	$(Q)sh benchmarks/scale.sh $(B) $(GB)

## bench-transcode: simdutf's transcoder, what bench_tokenise --transcode measures against (needs cargo)
.PHONY: bench-transcode
bench-transcode:
	$(Q)$(MAKE) --no-print-directory -f benchmarks/transcode.mk

include benchmarks/peers/peers.mk

# ---- order -------------------------------------------------------------------------------------

## check-layers: includes go down only (tests, benchmarks > indexer | query > segment > text > base)
.PHONY: check-layers
check-layers:
	$(Q)sh tests/check_layers.sh

## check-headers: every header compiles by itself, also as C++ where it is public
.PHONY: check-headers
check-headers:
	$(Q)for h in $$(find common indexer query tests benchmarks -name '*.h'); do \
	  $(CC) $(GS_CFLAGS) -Wno-unused-function -fsyntax-only -include stddef.h -x c $$h || exit 1; done
	$(Q)! command -v $(CXX) >/dev/null || $(CXX) -Wall -Wextra -fsyntax-only -x c++ common/gaosou.h

## format: clang-format over the tree (generated tables left alone)
.PHONY: format
format:
	$(Q)find common indexer query tests benchmarks -name '*.[ch]' ! -name '*_table.c' ! -name 'chartab_*.c' -exec clang-format -i {} +

## install: programs, library, header and man pages under $(DESTDIR)$(PREFIX); uninstall takes them away
INCLUDEDIR ?= $(PREFIX)/include
LIBDIR     ?= $(PREFIX)/lib
MANDIR     ?= $(PREFIX)/share/man
MAN_PAGES  := $(wildcard docs/man/*.[1-8])
# SOURCE:TARGET below $(PREFIX)/share of the files that shells complete the programs' options from.
COMPLETIONS := $(foreach c,gaosou.bash:bash-completion/completions/gaosou-query gaosou.bash:bash-completion/completions/gaosou-index \
               _gaosou:zsh/site-functions/_gaosou gaosou.fish:fish/vendor_completions.d/gaosou-query.fish \
               gaosou.fish:fish/vendor_completions.d/gaosou-index.fish,$(if $(wildcard docs/completions/$(firstword $(subst :, ,$(c)))),$(c)))
.PHONY: install uninstall
install: all library
	$(Q)install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(INCLUDEDIR) $(DESTDIR)$(LIBDIR)/pkgconfig
	$(Q)install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	$(Q)install -m 644 common/gaosou.h $(DESTDIR)$(INCLUDEDIR)
	$(Q)install -m 644 $(STATIC) $(DESTDIR)$(LIBDIR)
	$(Q)install -m 755 $(SHARED).$(VERSION) $(DESTDIR)$(LIBDIR)
	$(Q)ln -sfn $(notdir $(SHARED)).$(VERSION) $(DESTDIR)$(LIBDIR)/$(SO_NAME)
	$(Q)ln -sfn $(SO_NAME) $(DESTDIR)$(LIBDIR)/$(notdir $(SHARED))
	$(Q)sed -e 's|@PREFIX@|$(PREFIX)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|' common/gaosou.pc.in \
	  > $(DESTDIR)$(LIBDIR)/pkgconfig/gaosou.pc
	$(Q)for m in $(MAN_PAGES); do install -d $(DESTDIR)$(MANDIR)/man$${m##*.} && \
	  install -m 644 $$m $(DESTDIR)$(MANDIR)/man$${m##*.} || exit 1; done
	$(Q)for c in $(COMPLETIONS); do t=$(DESTDIR)$(PREFIX)/share/$${c#*:}; install -d $${t%/*} && \
	  install -m 644 docs/completions/$${c%%:*} $$t || exit 1; done

uninstall:
	$(Q)rm -f $(patsubst %,$(DESTDIR)$(PREFIX)/bin/%,$(notdir $(PROGRAMS))) $(DESTDIR)$(INCLUDEDIR)/gaosou.h \
	  $(patsubst %,$(DESTDIR)$(LIBDIR)/%,$(notdir $(STATIC) $(SHARED) $(SHARED).$(VERSION)) $(SO_NAME) pkgconfig/gaosou.pc) \
	  $(foreach m,$(MAN_PAGES),$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(m)))/$(notdir $(m))) \
	  $(foreach c,$(COMPLETIONS),$(DESTDIR)$(PREFIX)/share/$(lastword $(subst :, ,$(c))))

## clean: removes build/
.PHONY: clean
clean:
	rm -rf build

## help: this list
.PHONY: help
help:
	@sed -n 's/^## //p' $(filter-out %.d,$(MAKEFILE_LIST)) | awk -F': ' '{printf "  make %-15s %s\n", $$1, substr($$0, length($$1) + 3)}'
