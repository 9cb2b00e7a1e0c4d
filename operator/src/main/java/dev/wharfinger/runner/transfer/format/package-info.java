/** The ways in which applications write one and the same value into SQLite. */
@NullMarked
package dev.wharfinger.runner.transfer.format;

import org.jspecify.annotations.NullMarked;
