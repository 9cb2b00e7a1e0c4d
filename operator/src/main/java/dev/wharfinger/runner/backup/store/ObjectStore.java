package dev.wharfinger.runner.backup.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;

/**
 * A place for objects. A key is words of letters, digits, dots, hyphens and underscores, joined by
 * {@code /}. An object is complete or not there, and is never replaced.
 *
 * <p>An {@link IOException} other than {@link MissingObjectException} and {@link
 * ObjectExistsException} says nothing about an object: the place cannot be reached, or does not do
 * what it is asked for. Where it is known why, it is a {@link TargetException}.
 */
public interface ObjectStore extends AutoCloseable {

  /** An object and its size in bytes. */
  record StoredObject(String key, long bytes) {}

  /**
   * Begins an object. Nothing appears under the key before {@link ObjectWriter#commit}.
   *
   * @throws ObjectExistsException here or at the commit, where there is one already
   */
  ObjectWriter create(String key) throws IOException;

  /**
   * Reads an object.
   *
   * @throws MissingObjectException where the store answers that there is none
   */
  InputStream read(String key) throws IOException;

  /** The objects whose key begins with {@code prefix}, which ends with a slash, by key. */
  List<StoredObject> list(String prefix) throws IOException;

  /**
   * Deletes an object of our own.
   *
   * @throws MissingObjectException where there is none
   */
  void delete(String key) throws IOException;

  /**
   * Whether the place itself refuses a second object of one key, whoever writes it. Known once
   * objects were written.
   */
  default boolean exclusive() {
    return true;
  }

  /**
   * From now on looks for an object before each commit, for a place that does not refuse a second
   * one. Two writers at the same instant may then both succeed.
   *
   * @return whether it can do that
   */
  default boolean lookFirst() {
    return false;
  }

  /**
   * Ends what killed writers have begun and never made an object of.
   *
   * @param prefix of the keys, as for {@link #list}
   * @param before only what was begun before that
   * @return keys
   */
  default List<String> endUnfinished(String prefix, Instant before) throws IOException {
    return List.of();
  }

  /** For people: where it is. */
  String describe();

  @Override
  void close() throws IOException;
}
