package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Everything that happened in one namespace, in one order: requests of the operator, changes of
 * objects, and what the stand-ins did with data.
 */
final class History {
  /** One thing that happened. */
  sealed interface Event {}

  /** The operator asked the API server. */
  record Asked(ApiRequest request) implements Event {
    @Override
    public String toString() {
      return "operator  " + request;
    }
  }

  /** An object was made, changed or removed. */
  record Seen(Kind kind, HasMetadata object) implements Event {
    enum Kind {
      ADDED,
      MODIFIED,
      DELETED
    }

    @Override
    public String toString() {
      return "object    %s %s %s rv=%s"
          .formatted(
              kind,
              object.getKind(),
              object.getMetadata().getName(),
              object.getMetadata().getResourceVersion());
    }
  }

  /** Somebody else did something: a person, the application, a Job. */
  record Happened(String who, String what) implements Event {
    @Override
    public String toString() {
      return "%-9s %s".formatted(who, what);
    }
  }

  /** An event with its place. */
  record Entry(int number, Instant at, Event event) {
    @Override
    public String toString() {
      return "%4d %s %s".formatted(number, at.toString().substring(11, 23), event);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final List<Consumer<Entry>> readers = new ArrayList<>();

  /** Shows every event to {@code reader} as it comes. */
  synchronized void read(Consumer<Entry> reader) {
    readers.add(reader);
  }

  void asked(ApiRequest request) {
    add(new Asked(request));
  }

  void seen(Seen.Kind kind, HasMetadata object) {
    add(new Seen(kind, object));
  }

  void happened(String who, String what) {
    add(new Happened(who, what));
  }

  private synchronized void add(Event event) {
    Entry entry = new Entry(entries.size(), Instant.now(), event);
    entries.add(entry);
    readers.forEach(reader -> reader.accept(entry));
  }

  synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  synchronized int size() {
    return entries.size();
  }

  /** The time from an entry to the last one. */
  synchronized Duration lasts(int since) {
    return entries.size() <= since
        ? Duration.ZERO
        : Duration.between(entries.get(since).at(), entries.getLast().at());
  }

  /** The operator's requests since an entry. */
  Stream<ApiRequest> requests(int since) {
    return entries().stream()
        .skip(since)
        .map(Entry::event)
        .filter(Asked.class::isInstance)
        .map(e -> ((Asked) e).request());
  }

  /** The writes that were sent since an entry, whatever came of them. */
  Stream<ApiRequest> writes(int since) {
    return requests(since).filter(ApiRequest::counts);
  }

  /** The last entries up to one, as text; without reads, of which there are too many. */
  String prefix(int end, int lines) {
    List<String> text =
        entries().stream()
            .limit(end + 1L)
            .filter(e -> !(e.event() instanceof Asked(ApiRequest request)) || !request.reads())
            .map(Entry::toString)
            .toList();
    return String.join("\n", text.subList(Math.max(0, text.size() - lines), text.size()));
  }
}
