import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.NGramPhraseQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.Weight;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

/** What is measured of Lucene: one field, CJKAnalyzer without stop words, BM25, no query cache. */
final class Engine implements AutoCloseable {
    static final int LIMIT = 10;
    private static final double RAM_BUFFER_MB = 512; // one flush a thread at the default size

    private final Analyzer analyzer = newAnalyzer();
    private final QueryBuilder builder = new QueryBuilder(analyzer);
    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private final UnifiedHighlighter highlighter;

    static Analyzer newAnalyzer() {
        return new CJKAnalyzer(CharArraySet.EMPTY_SET);
    }

    // ---- building ----

    private static FieldType fieldType(boolean stored) {
        FieldType type = new FieldType();
        // With texts, offsets too: the highlighter is faster with them than with a second analysis.
        type.setIndexOptions(stored ? IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS
                                    : IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
        type.setStored(stored);
        type.freeze();
        return type;
    }

    private static void addAll(IndexWriter writer, Docs docs, AtomicInteger next, int end, FieldType type) {
        try {
            for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
                Document doc = new Document();
                doc.add(new Field("text", docs.get(i), type));
                doc.add(new NumericDocValuesField("number", i));
                writer.addDocument(doc);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static void build(Docs docs, int end, Directory directory, boolean stored, int threads) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(newAnalyzer());
        config.setRAMBufferSizeMB(RAM_BUFFER_MB);
        FieldType type = fieldType(stored);
        AtomicInteger next = new AtomicInteger();
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            Thread[] others = new Thread[threads - 1];
            for (int i = 0; i < others.length; i++) {
                others[i] = new Thread(() -> addAll(writer, docs, next, end, type));
                others[i].start();
            }
            addAll(writer, docs, next, end, type);
            for (Thread other : others) {
                other.join();
            }
            writer.commit();
        }
    }

    static long tokenise(Docs docs) throws IOException {
        long tokens = 0;
        try (Analyzer analyzer = newAnalyzer()) {
            for (int i = 0; i < docs.count(); i++) {
                try (TokenStream stream = analyzer.tokenStream("text", docs.get(i))) {
                    stream.addAttribute(CharTermAttribute.class);
                    stream.reset();
                    while (stream.incrementToken()) {
                        tokens++;
                    }
                    stream.end();
                }
            }
        }
        return tokens;
    }

    // ---- searching ----

    Engine(Path index) throws IOException {
        reader = DirectoryReader.open(FSDirectory.open(index));
        searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        highlighter = UnifiedHighlighter.builder(searcher, analyzer).build();
    }

    /** A phrase as a query parser makes it, its redundant bigrams left out as Lucene can. */
    private Query phrase(String part) {
        Query query = builder.createPhraseQuery("text", part);
        if (query instanceof PhraseQuery && part.codePoints().allMatch(Character::isIdeographic)) {
            return new NGramPhraseQuery(2, (PhraseQuery) query);
        }
        return query == null ? new MatchNoDocsQuery() : query;
    }

    private Query query(Peer.Query q) {
        String first = q.parts()[0];
        boolean oneHan = first.codePointCount(0, first.length()) == 1 && Character.isIdeographic(first.codePointAt(0));
        if (q.op().equals("prefix") || oneHan) {
            // The index has no unigrams within runs: a character is what begins a term.
            return new PrefixQuery(new Term("text", first.toLowerCase(java.util.Locale.ROOT)));
        }
        if (q.op().equals("phrase")) {
            return phrase(first);
        }
        BooleanClause.Occur occur = q.op().equals("all") ? BooleanClause.Occur.MUST : BooleanClause.Occur.SHOULD;
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        for (String part : q.parts()) {
            all.add(phrase(part), occur);
        }
        return all.build();
    }

    int search(Peer.Query q, boolean snippets) throws IOException {
        Query query = query(q);
        TopDocs top = searcher.search(query, LIMIT);
        if (snippets && top.scoreDocs.length > 0) {
            String[] texts = highlighter.highlight("text", query, top, 1);
            if (texts.length != top.scoreDocs.length) {
                throw new IllegalStateException("highlights are missing");
            }
        }
        return top.scoreDocs.length;
    }

    int[] matches(Peer.Query q) throws IOException {
        Weight weight = searcher.createWeight(searcher.rewrite(query(q)), ScoreMode.COMPLETE_NO_SCORES, 1);
        int[] found = new int[reader.maxDoc()];
        int count = 0;
        for (LeafReaderContext leaf : reader.leaves()) {
            NumericDocValues numbers = leaf.reader().getNumericDocValues("number");
            Scorer scorer = weight.scorer(leaf);
            if (scorer == null) {
                continue;
            }
            var docs = scorer.iterator();
            while (docs.nextDoc() != org.apache.lucene.search.DocIdSetIterator.NO_MORE_DOCS) {
                numbers.advanceExact(docs.docID());
                found[count++] = (int) numbers.longValue();
            }
        }
        found = Arrays.copyOf(found, count);
        Arrays.sort(found);
        return found;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
