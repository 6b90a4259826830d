import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * CJKAnalyzer for `bench_tokenise --against`, whose protocol ../../README.md has. With TOKENISE=count
 * the clock runs over the analysis alone, and only from WARM_BYTES on, when Java has compiled it: the
 * seconds are then those of as many bytes as there are.
 */
public final class Tokenise {
    private static final long WARM_BYTES = 20_000_000;

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

    private void run(boolean counting) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 20));
        long bytes = 0;
        long measured = 0;
        long nanoseconds = 0;
        for (byte[] filing; (filing = read(in)) != null; bytes += filing.length) {
            if (!counting) {
                print(new String(filing, StandardCharsets.UTF_8));
                continue;
            }
            long begin = System.nanoTime();
            count(new String(filing, StandardCharsets.UTF_8));
            if (bytes >= WARM_BYTES) {
                nanoseconds += System.nanoTime() - begin;
                measured += filing.length;
            }
        }
        if (counting && measured > 0) {
            out.printf("tokens\t%d\t%.6f%n", tokens, 1e-9 * nanoseconds * bytes / measured);
        } else if (counting) {
            out.printf("tokens\t%d%n", tokens);
        }
        out.flush();
    }

    public static void main(String[] args) throws IOException {
        new Tokenise().run("count".equals(System.getenv("TOKENISE")));
    }
}
