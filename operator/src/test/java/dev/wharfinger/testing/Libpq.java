package dev.wharfinger.testing;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;

/**
 * PostgreSQL's own client library, which is installed with the server: what psycopg, diesel and
 * many others hand their URL to.
 */
public final class Libpq {
  private static final AddressLayout POINTER =
      ValueLayout.ADDRESS.withTargetLayout(
          MemoryLayout.sequenceLayout(Long.MAX_VALUE / 8, ValueLayout.JAVA_BYTE));

  /** {@code PQconninfoOption}: six pointers, of which keyword and value count, and a number. */
  private static final long OPTION = 7 * 8;

  private static final long VALUE = 3 * 8;

  private Libpq() {}

  /** What it reads in a URL or in {@code key=value} pairs; what it takes by default is left out. */
  public static Map<String, String> parse(String conninfo) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup library = SymbolLookup.libraryLookup("libpq.so.5", arena);
      MemorySegment error = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment options =
          (MemorySegment)
              Linker.nativeLinker()
                  .downcallHandle(
                      library.findOrThrow("PQconninfoParse"),
                      FunctionDescriptor.of(POINTER, ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                  .invoke(arena.allocateFrom(conninfo), error);
      if (options.address() == 0) {
        throw new IllegalArgumentException(error.get(POINTER, 0).getString(0));
      }
      // Leaves the options to the end of the process: a few hundred bytes.
      Map<String, String> read = new TreeMap<>();
      for (long at = 0; options.get(POINTER, at).address() != 0; at += OPTION) {
        MemorySegment value = options.get(POINTER, at + VALUE);
        if (value.address() != 0) {
          read.put(options.get(POINTER, at).getString(0), value.getString(0));
        }
      }
      return read;
    }
  }
}
