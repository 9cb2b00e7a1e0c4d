package dev.wharfinger.runner.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What became of migrations, as it is told to whoever made the Job.
 *
 * @param code {@code migrated}, or a word for what went wrong
 * @param message for people; no secrets and no rows
 * @param tool who keeps the revision
 * @param revision what the tool's table names as the last one, where it names one
 * @param applied how many migrations were run
 * @param copy file name of the copy of before, where one was made
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SchemaResult(
    String code,
    String message,
    String tool,
    @Nullable String revision,
    int applied,
    @Nullable String copy) {}
