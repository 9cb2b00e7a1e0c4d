/**
 * What runs in Jobs: the desired Job, and reading its outcome. Jobs are create-only with
 * deterministic names.
 */
@NullMarked
package dev.wharfinger.operator.job;

import org.jspecify.annotations.NullMarked;
