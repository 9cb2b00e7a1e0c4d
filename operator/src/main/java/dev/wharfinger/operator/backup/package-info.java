/**
 * When backups are due, what keeps one from beginning, how one has ended, and which of them may go:
 * arithmetic over what is seen, no cluster in it.
 */
@NullMarked
package dev.wharfinger.operator.backup;

import org.jspecify.annotations.NullMarked;
