import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** The mapped filings (../peer.h); each is decoded where it is used, and that is measured. */
final class Docs {
    private final MappedByteBuffer bytes;
    private int[] starts = new int[1024];
    private int count;

    Docs(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
        }
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < bytes.limit(); at += 4 + bytes.getInt(at)) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
            }
            starts[count++] = at;
        }
    }

    int count() {
        return count;
    }

    /** The first filings that make up so many bytes. */
    int countOf(int size) {
        int end = 0;
        while (end < count && starts[end] < size) {
            end++;
        }
        return end;
    }

    String get(int number) {
        byte[] text = new byte[bytes.getInt(starts[number])];
        bytes.get(starts[number] + 4, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
