import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * CJKAnalyzer for `bench_tokenise --against`, whose protocol ../../README.md has. With TOKENISE=count
 * filings are read into memory first; the clock runs over one analysis of all of them, behind warming up: the
 * first filings (WARM_SET_BYTES of them, or all) round and round until Java has seen WARM_BYTES, so each at least twice.
 */
public final class Tokenise {
    private static final long WARM_SET_BYTES = 20_000_000;
    private static final long WARM_BYTES = 2 * WARM_SET_BYTES;

    private final Analyzer analyzer = Engine.newAnalyzer();
    private final PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 1 << 20), false, StandardCharsets.UTF_8);
    private long tokens;

    /** The next filing, or null at the end: its size on a line, its bytes, a line feed. */
    private static byte[] read(DataInputStream in) throws IOException {
        int size = 0;
        int c = in.read();
        if (c < 0) {
            return null;
        }
        for (; c != '\n'; c = in.readUnsignedByte()) {
            size = 10 * size + Character.digit(c, 10);
        }
        byte[] filing = new byte[size];
        in.readFully(filing);
        in.readUnsignedByte();
        return filing;
    }

    /** The byte at which each UTF-16 unit's character starts. */
    private static int[] byteOffsets(String text) {
        int[] offsets = new int[text.length() + 1];
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            offsets[i] = at;
            at += c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isHighSurrogate(c) ? 4 : Character.isLowSurrogate(c) ? 0 : 3;
        }
        offsets[text.length()] = at;
        return offsets;
    }

    private void count(String text) throws IOException {
        try (TokenStream stream = analyzer.tokenStream("text", text)) {
            stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                tokens++;
            }
            stream.end();
        }
    }

    private void print(String text) throws IOException {
        int[] offsets = byteOffsets(text);
        try (TokenStream stream = analyzer.tokenStream("text", text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            OffsetAttribute place = stream.addAttribute(OffsetAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                out.printf("%d\t%d\t%s%n", offsets[place.startOffset()], offsets[place.endOffset()], term);
            }
            stream.end();
        }
        out.println();
    }

    private static DataInputStream input() {
        return new DataInputStream(new BufferedInputStream(System.in, 1 << 20));
    }

    private void printAll() throws IOException {
        DataInputStream in = input();
        for (byte[] filing; (filing = read(in)) != null; ) {
            print(new String(filing, StandardCharsets.UTF_8));
        }
    }

    /** So that Java's compiler has seen the analysis. */
    private void warmUp(List<byte[]> filings) throws IOException {
        long seen = 0;
        while (seen < WARM_BYTES) {
            long round = 0;
            for (int i = 0; i < filings.size() && round < WARM_SET_BYTES; i++) {
                count(new String(filings.get(i), StandardCharsets.UTF_8));
                round += filings.get(i).length + 1; // empty ones end, too
            }
            seen += round;
        }
    }

    private void countAll() throws IOException {
        List<byte[]> filings = new ArrayList<>();
        DataInputStream in = input();
        for (byte[] filing; (filing = read(in)) != null; ) {
            filings.add(filing);
        }
        if (!filings.isEmpty()) {
            warmUp(filings);
        }
        tokens = 0;
        long begin = System.nanoTime();
        for (byte[] filing : filings) {
            count(new String(filing, StandardCharsets.UTF_8));
        }
        out.printf("tokens\t%d\t%.9f%n", tokens, 1e-9 * Math.max(1, System.nanoTime() - begin));
    }

    public static void main(String[] args) throws IOException {
        Tokenise program = new Tokenise();
        if ("count".equals(System.getenv("TOKENISE"))) {
            program.countAll();
        } else {
            program.printAll();
        }
        program.out.flush();
    }
}
