import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** Lucene as a peer; ../peer.h has the commands. Java is warmed up before any clock starts. */
public final class Peer {
    private static final int PASSES = 3;
    private static final int WARM_BUILD_BYTES = 10_000_000;
    private static final double WARM_QUERY_SECONDS = 8;

    record Query(String className, String op, String[] parts) {}

    private record Timed(long ns, int hits) {}

    private static double now() {
        return 1e-9 * System.nanoTime();
    }

    private static double cpu() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return 1e-9 * system.getProcessCpuTime();
    }

    private static void build(String[] args) throws Exception {
        Docs docs = new Docs(Path.of(args[1]));
        boolean stored = args[3].equals("1");
        int threads = Integer.parseInt(args[4]);
        try (Directory memory = new ByteBuffersDirectory()) {
            Engine.build(docs, docs.countOf(WARM_BUILD_BYTES), memory, stored, threads);
        }
        System.gc();
        double start = now();
        double cpu = cpu();
        try (Directory directory = FSDirectory.open(Path.of(args[2]))) {
            Engine.build(docs, docs.count(), directory, stored, threads);
        }
        System.out.printf("{\"seconds\":%.4f,\"cpu_seconds\":%.4f}%n", now() - start, cpu() - cpu);
    }

    private static void tokenise(String[] args) throws IOException {
        Docs docs = new Docs(Path.of(args[1]));
        double best = Double.MAX_VALUE;
        long tokens = 0;
        for (int pass = 0; pass < 1 + PASSES; pass++) { // the first warms up
            double start = now();
            tokens = Engine.tokenise(docs);
            best = Math.min(best, now() - start);
        }
        System.out.printf("{\"seconds\":%.4f,\"tokens\":%d}%n", best, tokens);
    }

    private static List<Query> readQueries(String path) throws IOException {
        List<Query> queries = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(path))) {
            String[] fields = line.split("\t");
            queries.add(new Query(fields[0], fields[1], Arrays.copyOfRange(fields, 2, fields.length)));
        }
        return queries;
    }

    /** As time_class in ../peer.c. */
    private static Timed[] timeClass(Engine engine, List<Query> queries, boolean snippets, double seconds)
            throws IOException {
        Timed[] times = new Timed[queries.size()];
        double start = now();
        int done = 0;
        for (; done < times.length && now() - start < seconds; done++) {
            engine.search(queries.get(done), snippets);
        }
        start = now();
        for (int pass = 0; pass < PASSES && (pass == 0 || now() - start < seconds); pass++) {
            for (int i = 0; i < done; i++) {
                long begin = System.nanoTime();
                int hits = engine.search(queries.get(i), snippets);
                long ns = System.nanoTime() - begin;
                if (times[i] == null || ns < times[i].ns) {
                    times[i] = new Timed(ns, hits);
                }
            }
        }
        return times;
    }

    /** Until the compiler of the virtual machine has seen enough. */
    private static void warmUp(Engine engine, List<Query> queries, boolean snippets) throws IOException {
        double start = now();
        while (now() - start < WARM_QUERY_SECONDS) {
            for (int i = 0; i < queries.size() && now() - start < WARM_QUERY_SECONDS; i++) {
                engine.search(queries.get((int) ((i * 7919L) % queries.size())), snippets);
            }
        }
    }

    private static void query(String[] args) throws IOException {
        List<Query> queries = readQueries(args[2]);
        boolean snippets = args[3].equals("1");
        double seconds = Double.parseDouble(args[4]);
        try (Engine engine = new Engine(Path.of(args[1]))) {
            warmUp(engine, queries, snippets);
            for (int from = 0, to; from < queries.size(); from = to) {
                String name = queries.get(from).className();
                for (to = from; to < queries.size() && queries.get(to).className().equals(name); ) {
                    to++;
                }
                for (Timed t : timeClass(engine, queries.subList(from, to), snippets, seconds)) {
                    System.out.println(t == null ? "-" : t.ns + "\t" + t.hits);
                }
            }
        }
    }

    private static void check(String[] args) throws IOException {
        PrintStream out = new PrintStream(new java.io.BufferedOutputStream(System.out));
        try (Engine engine = new Engine(Path.of(args[1]))) {
            for (Query q : readQueries(args[2])) {
                String separator = "";
                for (int number : engine.matches(q)) {
                    out.print(separator);
                    out.print(number);
                    separator = " ";
                }
                out.println();
            }
        }
        out.flush();
    }

    public static void main(String[] args) throws Exception {
        String command = args.length > 0 ? args[0] : "";
        switch (command + args.length) {
            case "build5" -> build(args);
            case "tokenise2" -> tokenise(args);
            case "query5" -> query(args);
            case "check3" -> check(args);
            default -> throw new IllegalArgumentException(
                "build DOCS INDEX TEXT THREADS | tokenise DOCS | query INDEX QUERIES SNIPPETS SECONDS | check INDEX QUERIES");
        }
    }
}
