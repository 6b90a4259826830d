/*
 * Xapian with its CJK n-grams: unigrams with positions and bigrams without. A phrase of two
 * characters is a bigram; longer ones are what its query parser makes of a quoted phrase. One flush
 * at the end.
 */
#include "benchmarks/peers/peer.h"

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>
#include <xapian.h>

namespace
{

const unsigned FLAGS = Xapian::QueryParser::FLAG_PHRASE | Xapian::QueryParser::FLAG_CJK_NGRAM;
const size_t SNIPPET_BYTES = 300;

struct Database {
    Xapian::Database db;
    Xapian::QueryParser parser;
};

void index_text(Xapian::TermGenerator &generator, Xapian::Document &doc, const char *text,
                size_t size)
{
    generator.set_document(doc);
    generator.index_text(Xapian::Utf8Iterator(text, size));
}

Xapian::TermGenerator new_generator()
{
    Xapian::TermGenerator generator;
    generator.set_flags(Xapian::TermGenerator::FLAG_CJK_NGRAM);
    generator.set_stemming_strategy(Xapian::TermGenerator::STEM_NONE);
    return generator;
}

void build(peer_docs *docs, const char *index, bool with_text, unsigned)
{
    setenv("XAPIAN_FLUSH_THRESHOLD", "100000000", 1);
    Xapian::WritableDatabase db(index, Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC);
    Xapian::TermGenerator generator = new_generator();
    const char *text;
    size_t size;
    while (peer_docs_next(docs, &text, &size)) {
        Xapian::Document doc;
        index_text(generator, doc, text, size);
        if (with_text)
            doc.set_data(std::string(text, size));
        db.add_document(doc);
    }
    db.commit();
    db.close();
}

/* Its analysis puts terms and positions into a document, which is therefore measured too. */
uint64_t tokenise(peer_docs *docs)
{
    Xapian::TermGenerator generator = new_generator();
    const char *text;
    size_t size;
    uint64_t terms = 0;
    while (peer_docs_next(docs, &text, &size)) {
        Xapian::Document doc;
        index_text(generator, doc, text, size);
        terms += doc.termlist_count();
    }
    return terms;
}

void *open_index(const char *index)
{
    Database *d = new Database{Xapian::Database(index), Xapian::QueryParser()};
    d->parser.set_database(d->db);
    d->parser.set_stemming_strategy(Xapian::QueryParser::STEM_NONE);
    return d;
}

void close_index(void *ctx)
{
    delete static_cast<Database *>(ctx);
}

bool is_han(const char *text)
{
    return static_cast<unsigned char>(*text) >= 0xE3;
}

Xapian::Query phrase(Database *d, const char *part)
{
    if (is_han(part) && peer_characters(part) <= 2)
        return Xapian::Query(part);
    return d->parser.parse_query("\"" + std::string(part) + "\"", FLAGS);
}

Xapian::Query make_query(Database *d, const peer_query *q)
{
    if (q->op == PEER_PREFIX) {
        std::string prefix(q->parts[0]);
        for (char &c : prefix)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        return Xapian::Query(Xapian::Query::OP_WILDCARD, prefix, 0,
                             Xapian::Query::WILDCARD_LIMIT_ERROR, Xapian::Query::OP_OR);
    }
    std::vector<Xapian::Query> parts;
    for (size_t i = 0; i < q->part_count; i++)
        parts.push_back(phrase(d, q->parts[i]));
    return Xapian::Query(q->op == PEER_ALL ? Xapian::Query::OP_AND : Xapian::Query::OP_OR,
                         parts.begin(), parts.end());
}

size_t search(void *ctx, const peer_query *q, bool snippets)
{
    Database *d = static_cast<Database *>(ctx);
    Xapian::Enquire enquire(d->db);
    enquire.set_query(make_query(d, q));
    Xapian::MSet found = enquire.get_mset(0, PEER_LIMIT);
    if (snippets) {
        for (Xapian::MSetIterator hit = found.begin(); hit != found.end(); ++hit)
            found.snippet(hit.get_document().get_data(), SNIPPET_BYTES, Xapian::Stem(),
                          Xapian::MSet::SNIPPET_BACKGROUND_MODEL |
                              Xapian::MSet::SNIPPET_EXHAUSTIVE | Xapian::MSet::SNIPPET_CJK_NGRAM);
    }
    return found.size();
}

void matches(void *ctx, const peer_query *q, peer_matches *out)
{
    Database *d = static_cast<Database *>(ctx);
    Xapian::Enquire enquire(d->db);
    enquire.set_query(make_query(d, q));
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    Xapian::MSet found = enquire.get_mset(0, d->db.get_doccount());
    for (Xapian::MSetIterator hit = found.begin(); hit != found.end(); ++hit)
        peer_matches_add(out, *hit - 1);
}

} // namespace

int main(int argc, char **argv)
{
    const peer_engine engine = {"peer_xapian", build,   tokenise,   open_index,
                                search,        matches, close_index};
    try {
        return peer_main(&engine, argc, argv);
    } catch (const Xapian::Error &e) {
        peer_die("xapian", e.get_description().c_str());
    }
}
