# The peers' programs (benchmarks/peers/README.md). Each is made by itself, so that a library that is
# not there takes only its own peer out. Included by the Makefile.

PEERS    := $(B)/peers
PEER_DIR := benchmarks/peers
peer_flags = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(1) 2>/dev/null))
peer_libs  = $(shell pkg-config --libs $(1) 2>/dev/null || echo -l$(1))

## bench-peers: installs other search engines, runs them and Gaosou on the same filings and queries
.PHONY: bench-peers
bench-peers: deps
	$(Q)sh $(PEER_DIR)/install.sh
	$(Q)$(MAKE) --no-print-directory programs $(BENCHES) $(PEERS)/peer_gaosou
	$(Q)python3 $(PEER_DIR)/run.py --build $(B) $(PEER_OPTIONS)

$(PEERS)/peer.o: $(PEER_DIR)/peer.c $(PEER_DIR)/peer.h
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(GS_CFLAGS) $(CFLAGS) -c $< -o $@

$(PEERS)/peer_gaosou: $(PEER_DIR)/peer_gaosou.c $(PEERS)/peer.o $(INTERNAL) $(LIB)
	$(Q)$(CC) $(GS_CFLAGS) $(GS_LDFLAGS) $(CFLAGS) $(LDFLAGS) $^ $(LIB) $(LIB_ZSTD) $(LIB_Z) $(LIB_ICONV) -lm -o $@

$(PEERS)/peer_groonga: $(PEER_DIR)/peer_groonga.c $(PEERS)/peer.o
	$(Q)$(CC) $(GS_CFLAGS) $(call peer_flags,groonga) $(CFLAGS) $^ $(call peer_libs,groonga) -o $@

$(PEERS)/peer_sqlite: $(PEER_DIR)/peer_sqlite.c $(PEERS)/peer.o
	$(Q)$(CC) $(GS_CFLAGS) $(CFLAGS) $^ $(call peer_libs,sqlite3) -o $@

$(PEERS)/peer_xapian: $(PEER_DIR)/peer_xapian.cc $(PEERS)/peer.o
	$(Q)$(CXX) -std=c++17 -O3 -Wall -Wextra -I. $^ $(call peer_libs,xapian-core) -o $@

$(PEERS)/peer_tantivy: $(wildcard $(PEER_DIR)/tantivy/*.toml $(PEER_DIR)/tantivy/src/*.rs)
	$(Q)mkdir -p $(@D)
	$(Q)cargo build --release --quiet --locked --manifest-path $(PEER_DIR)/tantivy/Cargo.toml --target-dir build/peers-tantivy
	$(Q)cp build/peers-tantivy/release/peer_tantivy $@

# A folder: the jars and our class.
$(PEERS)/peer_lucene: $(PEER_DIR)/lucene/pom.xml $(wildcard $(PEER_DIR)/lucene/*.java)
	$(Q)mkdir -p $@
	$(Q)mvn -q -B -f $(PEER_DIR)/lucene/pom.xml dependency:copy-dependencies -DoutputDirectory=$(abspath $@)
	$(Q)javac -nowarn -cp '$@/*' -d $@ $(wildcard $(PEER_DIR)/lucene/*.java)
	$(Q)touch $@
